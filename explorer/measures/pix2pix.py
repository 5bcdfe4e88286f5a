"""Measures of a paired translation: class kept, error, Fréchet distance, and spread of several answers."""

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.metrics import frechet
from explorer.measures.quality import CHUNK, Judge, in_parts
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.pix2pix import Pix2Pix
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

PIX2PIX_ROUNDING_IMAGES = 500
SPREAD, ANSWERS = 500, 4  # test images whose answers are compared, and answers for each
Translate = Callable[[Tensor, torch.Generator], Tensor]  # sources and noise to images


@torch.no_grad()
def objectives(model: Pix2Pix, held_out: data.Split, training: dict) -> list[float]:
    """Return the error and both adversarial losses on held-out images."""
    generator, x = torch.Generator().manual_seed(0), held_out[:PIX2PIX_ROUNDING_IMAGES].pixels().to(device_of(model))
    source = model.source(x)
    made = model.translate(source, model.noise(len(x), generator))
    real, false = model.score(source, x), model.score(source, made)
    return [float(each.mean()) for each in ((made - x).abs(), F.softplus(-real), F.softplus(-false), F.softplus(false))]


def figures(model: Pix2Pix, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card, on the whole test split."""
    return {"rows": measure_translations(translating(model), model.source, Judge(dataset, load, binary=False), seed)}


def translating(model: Pix2Pix | OutlineDiffusion, precision: torch.dtype | None = None) -> Translate:
    """Return a model's translation in chunks, in `precision` if one is given."""

    def translate(source: Tensor, generator: torch.Generator) -> Tensor:
        def part(n: int, generator: torch.Generator, which: Tensor) -> Tensor:
            return model.sample(n, generator=generator, source=source[which].to(device_of(model)))

        draw = in_parts(part, CHUNK, "translate", precision, device_of(model).type)
        return draw(len(source), generator, torch.arange(len(source)))

    return translate


def measure_translations(
    translate: Translate, to_source: Callable[[Tensor], Tensor], judge: Judge, seed: int, count: int | None = None
) -> list[dict]:
    """Measure the translations of the test images' sources; of the first `count` only, if one is given.

    `kept` is the share whose answer is classified as the label; `of` "real" is the share for the real images.

    Shapes: `to_source` and `translate` map (N, 1, 28, 28) to that shape.
    """
    test, generator = judge.test[:count], torch.Generator().manual_seed(seed)
    x, label = test.pixels(), test.labels
    (source,) = in_chunks(x, to_source)
    made = translate(source, generator)
    features, classes = judge.features_and_classes(made)
    real = judge.real[:count]
    real_classes = judge.classifier.head(real.to(device_of(judge.classifier))).argmax(-1).cpu()
    kept = classes == label
    by_class = [mean_row("kept", kept[label == each], seed=seed, label=int(each)) for each in label.unique()]
    return [
        mean_row("kept", kept, seed=seed),
        *by_class,
        mean_row("kept", real_classes == label, of="real"),
        mean_row("error", (made - x).abs().flatten(1).mean(-1), seed=seed),
        row("frechet", frechet(real, features), n=len(x), seed=seed),
        *apart(translate, source[:SPREAD], label[:SPREAD], judge, seed),
    ]


def apart(translate: Translate, source: Tensor, label: Tensor, judge: Judge, seed: int) -> list[dict]:
    """Measure how `ANSWERS` for the same source differ: mean absolute difference of two, and number of classes.

    Shapes: `source` (N, 1, 28, 28), `label` (N,).
    """
    generator = torch.Generator().manual_seed(seed + 1)
    made = torch.stack([translate(source, generator) for _ in range(ANSWERS)])
    gaps = torch.stack([(made[i] - made[j]).abs().flatten(1).mean(-1) for i in range(ANSWERS) for j in range(i)])
    classes = torch.stack([judge.features_and_classes(each)[1] for each in made])
    distinct = torch.tensor([len(each.unique()) for each in classes.T])
    return [
        mean_row("spread", gaps.mean(0), seed=seed, answers=ANSWERS),
        mean_row("classes", distinct, seed=seed, answers=ANSWERS),
    ]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    kept, error, varied = find(card, "kept"), find(card, "error"), find(card, "spread", answers=ANSWERS)
    return f"class kept: {kept['value']:.1%}, error {error['value']:.3f}, spread {varied['value']:.3f}"
