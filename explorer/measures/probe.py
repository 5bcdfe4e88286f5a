"""Quality of a representation: accuracy of a linear classifier on it, by the number of labels.

A model that represents images has `features`, (B, 1, 28, 28) to (B, F), and describes them in words, `represents`. The
same is measured on the pixels themselves. A conditional model is also measured by its samples: a small classifier is
trained on few labelled images, with and without them.
"""

import math
from datetime import date

import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.measures.common import Load, in_chunks
from explorer.measures.use import accuracy_beside
from explorer.networks.card import Card, row
from explorer.running.device import device_of
from explorer.spaces import BINARY

LABELS = (10, 100, 1_000)  # and all
SEEDS = 5
PROBE_ROUNDS = 60  # most iterations of the optimiser, which stops earlier if it has converged
PROBE_CHUNK = 500
PROBE_SAMPLES, PROBE_AT_ONCE = 2_000, 50
AUGMENTED, AUGMENTED_SEEDS = (100, 1_000), 3


def probe(model: nn.Module, dataset: str, load: Load) -> dict:
    """Measure the test accuracy of a linear classifier on codes and on pixels, for each number of labels.

    There are `SEEDS` draws of labelled images, equally many per class; a single one if all images have labels.
    """
    train, test = load(dataset, "train"), load(dataset, "test")
    found = []
    for of, read in {"codes": model, "pixels": None}.items():
        x, y = (features(read, each) for each in (train, test))
        middle, spread = x.mean(0), x.std(0).clamp(min=1e-6)
        x, y = (x - middle) / spread, (y - middle) / spread
        for labels in track([*LABELS, len(train)], of):
            right = [
                accuracy(x[chosen], train.labels[chosen], y, test.labels) for chosen in draws(train.labels, labels)
            ]
            found.append(accuracy_row(right, labels, len(test), of=of, size=x.shape[-1]))
    if getattr(model, "classes", 0) and hasattr(model, "sample"):
        found += measure_augmentation(model, train, test)
    return {"rows": found, "represents": model.represents, "date": date.today().isoformat(), "torch": torch.__version__}


def measure_augmentation(model: nn.Module, train: data.Split, test: data.Split) -> list[dict]:
    """Measure the accuracy of a classifier trained on few images, with and without `PROBE_SAMPLES` of the model."""
    label = torch.arange(PROBE_SAMPLES) % model.classes
    generator, device = torch.Generator().manual_seed(0), device_of(model)
    parts = track(label.split(PROBE_AT_ONCE), "samples")
    samples = torch.cat([model.sample(len(y), generator=generator, label=y.to(device)).cpu() for y in parts])
    binary = model.space == BINARY
    real, seen = (data.binarise(each.pixels(), data.APART) if binary else each.pixels() for each in (train, test))
    found = []
    for labels in AUGMENTED:
        for of, beside in {"images": None, "images and samples": samples}.items():
            right = [
                accuracy_beside(real[few], train.labels[few], beside, label, seen, test.labels)
                for few in draws(train.labels, labels)[:AUGMENTED_SEEDS]
            ]
            found.append(accuracy_row(right, labels, len(test), of=of))
    return found


def features(model: nn.Module | None, split: data.Split) -> Tensor:
    """Return the model's features of images, or their pixels if there is no model: (N, F)."""
    if model is None:
        return split.pixels().flatten(1)
    x = data.binarise(split.pixels(), seed=data.APART) if model.space == BINARY else split.pixels()
    read = torch.no_grad()(lambda part: model.features(part.to(device_of(model))).flatten(1).float())
    return in_chunks(x, read, PROBE_CHUNK)[0]


def draws(labels: Tensor, n: int) -> list[Tensor]:
    """Return the indices of labelled images: `SEEDS` draws of n, equally many per class; all once if n is all.

    Shapes: `labels` (N,); each draw (n,), if n is a multiple of the number of classes.
    """
    if n == len(labels):
        return [torch.arange(n)]
    classes = int(labels.max()) + 1
    found = []
    for seed in range(SEEDS):
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
        found.append(torch.cat([order[labels[order] == each][: n // classes] for each in range(classes)]))
    return found


def accuracy(x: Tensor, label: Tensor, test: Tensor, test_label: Tensor) -> float:
    r"""Fit a linear layer to x (n, F) of classes (n,), and return its accuracy on test x (m, F).

    $$ \min_{W, b} \sum_i -\log \mathrm{softmax}(W x_i + b)_{y_i} + \tfrac{1}{2} \|W\|^2 $$
    """
    classes = int(test_label.max()) + 1
    weight = torch.zeros(classes, x.shape[-1], requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weight, bias], max_iter=PROBE_ROUNDS, line_search_fn="strong_wolfe", tolerance_change=1e-7
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        found = F.cross_entropy(F.linear(x, weight, bias), label) + weight.square().sum() / (2 * len(x))
        found.backward()
        return found

    optimiser.step(loss)
    with torch.no_grad():
        return float((F.linear(test, weight, bias).argmax(-1) == test_label).double().mean())


def accuracy_row(right: list[float], labels: int, n: int, **setting: float | str) -> dict:
    """Return a row with the mean accuracy of all draws; the error of a single draw is that of a share of n images."""
    values = torch.tensor(right, dtype=torch.float64)
    mean = float(values.mean())
    error = float(values.std()) / math.sqrt(len(right)) if len(right) > 1 else math.sqrt(mean * (1 - mean) / n)
    return row("accuracy", mean, se=error, n=n, labels=labels, draws=len(right), **setting)


def probe_headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    rows = [each for each in card["probe"]["rows"] if each["labels"] == 100]
    return "Read off by a linear layer from 100 labels: " + ", ".join(f"{r['of']} {r['value']:.1%}" for r in rows)
