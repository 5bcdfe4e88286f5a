"""What is measured alike for every family that makes images, through nothing but what its model says it can do.

How odd an image is to a model is −log p(x) where the model has `log_prob`, else minus the bound where it has `elbo`,
else its `anomaly_score`, as where log p(x) takes an ODE; a model that has none of them cannot say. What it costs to
draw images is measured on the machine that measures.
"""

import math
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.device import device_of
from explorer.measures.common import Load
from explorer.measures.quality import CHUNK
from explorer.questions import anomaly, likelihood, make
from explorer.spaces import BINARY, PLANE

IMAGES = 500
BINS = 60
DRAWN, RUNS = 4, 3  # images drawn at once, and how often that is timed
PAGE_DRAWS = 100  # of a bound on the one blank page: a single draw decides its AUROC by chance
Measured = dict[str, float]


def measured(model: nn.Module, dataset: str, load: Load, seed: int) -> dict:
    """Everything that is compared: how odd other images are to the model, and what drawing costs."""
    found = {"odd": odd(model, dataset, load, seed)} if anomaly.can_score(model) else {}
    cost = {"sampling": sampling(model)} if hasattr(model, "sample_steps") else {}
    return (
        found
        | cost
        | {
            "date": date.today().isoformat(),
            "torch": torch.__version__,
            "device": str(device_of(model)),
            "threads": 1,
        }
    )


def compare_headline(card: dict) -> str:
    """What the command line says when the measuring is done."""
    found, cost = card["compare"], card["compare"].get("sampling")
    kinds = found.get("odd", {}).get("kinds", {})
    told = [f"AUROC {name} {kind['auroc']:.3f}" for name, kind in kinds.items()]
    drawing = [f"{cost['evaluations']} evaluations, {cost['milliseconds']:.1f} ms an image"] if cost else []
    return ", ".join(told + drawing)


def kinds_of(dataset: str, load: Load, seed: int) -> dict[str, Tensor]:
    """x that are none of the data set's, by kind.

    In the plane (N, 2) the test points of the other data sets, and points spread evenly. Of images, in grey levels
    (N, 1, 28, 28) in [0, 1], those of the other data set, noise whose every pixel is drawn from all levels alike, one
    blank page, and the data set's own test images turned by a quarter to the left, and inverted.
    """
    own = load(dataset, "test")[:IMAGES].pixels()
    generator = torch.Generator().manual_seed(seed)
    if data.DATASETS[dataset].space == PLANE:
        others = (name for name, each in data.DATASETS.items() if each.space == PLANE and name != dataset)
        found = {name: load(name, "test")[:IMAGES].points for name in others}
        return found | {"noise": PLANE.noise(IMAGES, generator)}
    other = data.DATASETS[dataset].others
    return {
        other: load(other, "test")[:IMAGES].pixels(),
        "noise": torch.randint(256, own.shape, generator=generator) / 255,
        "blank": torch.zeros_like(own[:1]),
        "rotated": own.rot90(1, (-2, -1)),
        "inverted": 1 - own,
    }


def odd(model: nn.Module, dataset: str, load: Load, seed: int) -> dict:
    """How odd the data set's own test images are, and each kind of others, as histograms with the AUROC of each kind.

    The bins are of equal ratio where all scores are above 0, else of equal width. `flagged` is the share beyond
    `threshold`, the score that one in a hundred of the own images exceeds. A bound is drawn once for each image, and
    many times for the blank page, which is only one.
    """
    sets = {"own": load(dataset, "test")[:IMAGES].pixels()} | kinds_of(dataset, load, seed)
    if (likelihood.kind(model) == "bound" or hasattr(model, "log_prob_by_ode")) and "blank" in sets:
        sets["blank"] = sets["blank"].expand(PAGE_DRAWS, -1, -1, -1)
    scores = {name: scored(model, x, name, seed) for name, x in sets.items()}
    everything = torch.cat(list(scores.values()))
    edges, scale = bins(float(everything.min()), float(everything.max()))
    own = scores.pop("own")
    threshold = float(own.quantile(0.99))
    return {
        "scale": scale,
        "edges": [float(f"{edge:.5g}") for edge in edges],
        "threshold": threshold,
        "own": {"counts": counts(own, edges), "mean": float(own.mean()), "n": len(own)},
        "kinds": {
            name: {
                "counts": counts(each, edges),
                "mean": float(each.mean()),
                "n": len(each),
                "flagged": float((each > threshold).double().mean()),
            }
            | auroc(own, each)
            for name, each in scores.items()
        },
        "seed": seed,
    }


def scored(model: nn.Module, x: Tensor, name: str, seed: int) -> Tensor:
    """How odd grey images (N, 1, 28, 28) are to the model, which is fed them as it was trained: (N,) in float64."""
    x = data.binarise(x, seed) if model.space == BINARY else x
    generator = torch.Generator().manual_seed(seed)
    parts = track(x.split(CHUNK), name)
    found = [anomaly.score(model, part.to(device_of(model)), generator=generator) for part in parts]
    return torch.cat(found).double().cpu()


def bins(low: float, high: float) -> tuple[Tensor, str]:
    """The edges of the histogram's bins, (`BINS` + 1,), and whether they are of equal ratio, "log", or "linear"."""
    if low > 0:
        logs = torch.linspace(math.log(0.99 * low), math.log(1.01 * high), BINS + 1, dtype=torch.float64)
        return logs.exp(), "log"
    margin = 0.01 * (high - low) or 1.0
    return torch.linspace(low - margin, high + margin, BINS + 1, dtype=torch.float64), "linear"


def counts(scores: Tensor, edges: Tensor) -> list[int]:
    return [int(count) for count in torch.histogram(scores, edges).hist]


def auroc(own: Tensor, other: Tensor) -> Measured:
    """The probability that one of the others is odder than one of the own, ties counted half, with standard error.

    Shapes: `own` (N,), `other` (M,).

    Reference: DeLong et al., Comparing the Areas under Two or More Correlated ROC Curves, 1988.
    """
    odder = _share_below(own, other)
    usual = 1 - _share_below(other, own)
    variance = sum(float(each.var(correction=0)) / len(each) for each in (odder, usual))
    return {"auroc": float(odder.mean()), "se": math.sqrt(variance)}


def _share_below(of: Tensor, values: Tensor) -> Tensor:
    """For each value, the share of `of` that lies below it, ties counted half."""
    ordered = of.sort().values
    below = sum(torch.searchsorted(ordered, values, right=right) for right in (False, True))
    return below.double() / (2 * len(of))


def sampling(model: nn.Module) -> dict:
    """What it costs to draw `DRAWN` images at once: steps, evaluations of the network, and the median of the times.

    Nobody watches: what a family would do only to show a step, such as to decode it, is left out. On a processor that
    is the time of one thread alone, which other work on the machine does not lengthen.
    """
    clock = time.thread_time if device_of(model).type == "cpu" else time.perf_counter
    steps, seconds = next(make.steps(model, 1, 0)).total, []
    with one_thread():
        for seed in range(RUNS + 1):
            start = clock()
            model.sample(DRAWN, generator=torch.Generator().manual_seed(seed)).sum().item()
            seconds.append(clock() - start)
    return {
        "n": DRAWN,
        "steps": steps,
        "evaluations": steps * make.evaluations(model),
        "milliseconds": 1000 * statistics.median(seconds[1:]) / DRAWN,  # the first run warms up
        "runs": RUNS,
    }


@contextmanager
def one_thread() -> Iterator[None]:
    """What is computed inside is not shared between threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
