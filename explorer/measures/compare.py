"""Measures that are the same for every family of images; they use only the model's public methods.

The anomaly score of an image is minus the bound if the model has `elbo`, else −log p(x) if it has `log_prob`. If log
p(x) needs an ODE or is unknown, the score is the model's `anomaly_score`. A model with none of them has no score. The
sampling time is measured on the machine that runs the evaluation.
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
from explorer.measures.common import Load
from explorer.measures.quality import CHUNK
from explorer.questions import anomaly, likelihood, make
from explorer.running.device import device_of
from explorer.spaces import BINARY, PLANE

IMAGES = 500
COMPARE_BINS = 60
COMPARE_FAR = 1_000  # times the median of the own scores: beyond it, the bins would be too wide for the own ones
DRAWN, COMPARE_RUNS = 4, 3  # images per batch, and number of timed batches
PAGE_DRAWS = 100  # draws of the bound of the blank page; with a single draw its AUROC would be chance
Measured = dict[str, float]


def comparison(model: nn.Module, dataset: str, load: Load, seed: int) -> dict:
    """Measure the anomaly scores of other images, and the cost of sampling."""
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
    """Return the summary that the command line prints after measuring."""
    found, cost = card["compare"], card["compare"].get("sampling")
    kinds = found.get("odd", {}).get("kinds", {})
    phrases = [f"AUROC {name} {kind['auroc']:.3f}" for name, kind in kinds.items()]
    drawing = [f"{cost['evaluations']} evaluations, {cost['milliseconds']:.1f} ms per image"] if cost else []
    return ", ".join(phrases + drawing)


def kinds_of(dataset: str, load: Load, seed: int) -> dict[str, Tensor]:
    """Return x from outside the data set, by kind.

    In the plane these are the test points (N, 2) of the other data sets, and uniform points. For images they are grey
    levels (N, 1, 28, 28) in [0, 1]: test images of the other data set, uniform noise and one blank page. The data
    set's own test images also count, rotated by 90° to the left, and inverted.
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
    """Measure the anomaly scores of own test images and of each other kind: histograms, and an AUROC per kind.

    The bins have equal ratios if all scores are positive, else equal widths; the last bin has all scores that are more
    than `COMPARE_FAR` times the typical one. `threshold` is the 99th percentile of the
    own scores; `flagged` is the share beyond it. A bound is drawn once per image; the one blank page, many times.
    """
    sets = {"own": load(dataset, "test")[:IMAGES].pixels()} | kinds_of(dataset, load, seed)
    if (likelihood.kind(model) == "bound" or hasattr(model, "log_prob_by_ode")) and "blank" in sets:
        sets["blank"] = sets["blank"].expand(PAGE_DRAWS, -1, -1, -1)
    scores = {name: anomaly_scores(model, x, name, seed) for name, x in sets.items()}
    everything = torch.cat(list(scores.values()))
    own = scores.pop("own")
    low, high = float(everything.min()), float(everything.max())
    edges, scale = bins(low, min(high, COMPARE_FAR * float(own.median())) if low > 0 else high)
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


def anomaly_scores(model: nn.Module, x: Tensor, name: str, seed: int) -> Tensor:
    """Return the anomaly scores of x (N, *shape), grey images being binarised for a binary model: (N,) in float64."""
    x = data.binarise(x, seed) if model.space == BINARY else x
    generator = torch.Generator().manual_seed(seed)
    parts = track(x.split(CHUNK), name)
    found = [anomaly.score(model, part.to(device_of(model)), generator=generator) for part in parts]
    return torch.cat(found).double().cpu()


def bins(low: float, high: float) -> tuple[Tensor, str]:
    """Return the edges of the histogram's bins, (`COMPARE_BINS` + 1,), and their scale: "log" or "linear"."""
    if low > 0:
        logs = torch.linspace(math.log(0.99 * low), math.log(1.01 * high), COMPARE_BINS + 1, dtype=torch.float64)
        return logs.exp(), "log"
    margin = 0.01 * (high - low) or 1.0
    return torch.linspace(low - margin, high + margin, COMPARE_BINS + 1, dtype=torch.float64), "linear"


def counts(scores: Tensor, edges: Tensor) -> list[int]:
    """Count the scores (N,) between neighbouring `edges` (`COMPARE_BINS` + 1,); the last bin has all larger ones."""
    return [int(count) for count in torch.histogram(scores.clamp(max=edges[-1]), edges).hist]


def auroc(own: Tensor, other: Tensor) -> Measured:
    """Return the AUROC, with its standard error.

    It is the probability that one of `other` has a higher score than one of `own`; ties count half.
    Shapes: `own` (N,), `other` (M,).

    Reference: DeLong et al., Comparing the Areas under Two or More Correlated ROC Curves, 1988.
    """
    odder = _share_below(own, other)
    usual = 1 - _share_below(other, own)
    variance = sum(float(each.var(correction=0)) / len(each) for each in (odder, usual))
    return {"auroc": float(odder.mean()), "se": math.sqrt(variance)}


def _share_below(of: Tensor, values: Tensor) -> Tensor:
    """Return, for each value, the share of `of` that lies below it; ties count half."""
    ordered = of.sort().values
    below = sum(torch.searchsorted(ordered, values, right=right) for right in (False, True))
    return below.double() / (2 * len(of))


def sampling(model: nn.Module) -> dict:
    """Measure the cost of drawing `DRAWN` images at once: steps, evaluations of the network, and the median time.

    Work that only serves the display of a step, such as decoding it, is left out. On a CPU the time is that of one
    thread, so other work on the machine does not lengthen it.
    """
    clock = time.thread_time if device_of(model).type == "cpu" else time.perf_counter
    steps, seconds = next(make.steps(model, 1, 0)).total, []
    with one_thread():
        for seed in range(COMPARE_RUNS + 1):
            start = clock()
            model.sample(DRAWN, generator=torch.Generator().manual_seed(seed)).sum().item()
            seconds.append(clock() - start)
    return {
        "n": DRAWN,
        "steps": steps,
        "evaluations": steps * make.evaluations(model),
        "milliseconds": 1000 * statistics.median(seconds[1:]) / DRAWN,  # the first run warms up
        "runs": COMPARE_RUNS,
    }


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the body on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
