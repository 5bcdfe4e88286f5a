"""Measures of an autoregressive model: exact likelihoods, anomalies, the Bayes classifier, its samples."""

import math
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.coded import image_files
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import Draw, in_parts
from explorer.models.made import MADE
from explorer.models.raster import PIXELS, RasterModel
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces import LEVELS

CHUNK = 50  # fits the cache of a processor: chunks of 250 take three times as long
ROUNDING_IMAGES = 1_000
NOISE_IMAGES = 1_000
RASTER_SAMPLES, RASTER_AT_ONCE = 1_000, 250
RASTER_BINS = 80
TENTHS = 10  # bins of the probability of the Bayes classifier's answers
FLAGGED = 0.01  # the share of own test images below the threshold on log p


def images_of(split: data.Split, model: RasterModel, seed: int) -> Tensor:
    """Return a split as the model expects it: binarised with the seed, or grey: (N, 1, 28, 28)."""
    x = split.pixels() if model.space == LEVELS else data.binarise(split.pixels(), seed=seed)
    return x.to(device_of(model))


def noise(n: int, model: RasterModel, seed: int) -> Tensor:
    """Draw images of independent uniform pixels: (n, 1, 28, 28)."""
    return model.space.noise(n, torch.Generator().manual_seed(seed)).to(device_of(model))


@torch.no_grad()
def log_probs(model: RasterModel, x: Tensor, label: int | None = None) -> Tensor:
    """Return the exact log p(x), or log p(x | label), in nats: (N, 1, 28, 28) to (N,)."""

    def score(part: Tensor) -> Tensor:
        labels = None if label is None else torch.full((len(part),), label, device=part.device)
        return model.log_prob(part, labels)

    return in_chunks(x, score, CHUNK)[0]


def objectives(model: RasterModel, held_out: data.Split, training: dict) -> list[float]:
    """Return −log p(x) on the first held-out images, in nats, without a label."""
    x = images_of(held_out[:ROUNDING_IMAGES], model, seed=0)
    return [float(-log_probs(model, x).double().mean())]


def figures(model: RasterModel, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of an autoregressive model."""
    test = load(dataset, "test")
    x = images_of(test, model, seed)
    found = log_probs(model, x)
    of = {"kind": "exact", "seed": seed}
    measured = [
        mean_row("nll", -found, unit="nats", **of),
        mean_row("bits_per_dim", -found / (PIXELS * math.log(2)), unit="bits/dim", **of),
    ]
    more = {"histograms": histograms(model, dataset, found, load, seed)}
    if model.classes:
        each = log_probs_by_label(model, x)
        measured += by_label(each, test.labels, seed)
        more["reliability"] = reliability(each, test.labels)
        measured.append(calibration(more["reliability"]["tenths"]))
    if isinstance(model, MADE):
        measured += by_order(model, x, seed)
    measured.append(agreement(model, seed))
    return {"rows": measured} | more


def samplers(model: RasterModel) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label)

    return {"pixel by pixel": in_parts(draw, RASTER_AT_ONCE, "pixel by pixel")}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll, bits = find(card, "nll"), find(card, "bits_per_dim")
    return f"−log p(x): {nll['value']:.2f} ± {nll['se']:.2f} nats, {bits['value']:.4f} bits/dim"


def log_probs_by_label(model: RasterModel, x: Tensor) -> Tensor:
    """Return the exact log p(x | y) of every label y, in nats: (N, 1, 28, 28) to (N, classes)."""
    return torch.stack([log_probs(model, x, label) for label in track(range(model.classes), "p(x | y)")], dim=-1)


def by_label(each: Tensor, labels: Tensor, seed: int) -> list[dict]:
    r"""Measure −log p given the label, −log p of the mixture, and the accuracy of $p(y \mid x) \propto p(x \mid y)$.

    Shapes: `each` (N, classes), log p(x | y) in nats; `labels` (N,).
    """
    of = {"kind": "exact", "unit": "nats", "seed": seed}
    return [
        mean_row("nll_label", -each.gather(-1, labels.unsqueeze(-1)).squeeze(-1), **of),
        mean_row("nll_mixture", math.log(each.shape[-1]) - each.logsumexp(-1), **of),
        mean_row("accuracy", each.argmax(-1) == labels, seed=seed),
    ]


def reliability(each: Tensor, labels: Tensor) -> dict:
    """Measure the calibration of the Bayes classifier, in tenths of the probability of its answer.

    Each tenth with answers holds their number, their mean probability, and the number of correct ones.

    Shapes: `each` (N, classes), log p(x | y) in nats; `labels` (N,).

    Reference: Guo et al., On Calibration of Modern Neural Networks, 2017, https://arxiv.org/abs/1706.04599
    """
    sure, answer = each.double().softmax(-1).max(-1)
    tenth = (TENTHS * sure).long().clamp(max=TENTHS - 1)
    inside = [tenth == which for which in tenth.unique()]
    return {
        "tenths": [
            {"n": int(one.sum()), "sure": float(sure[one].mean()), "right": int((answer == labels)[one].sum())}
            for one in inside
        ]
    }


def calibration(tenths: list[dict]) -> dict:
    """Return the calibration error: the mean over answers of the gap between probability and accuracy per tenth."""
    n = sum(tenth["n"] for tenth in tenths)
    return row("calibration_error", sum(abs(tenth["n"] * tenth["sure"] - tenth["right"]) for tenth in tenths) / n, n=n)


def by_order(model: MADE, x: Tensor, seed: int) -> list[dict]:
    """Measure −log p of images (N, 1, 28, 28) in nats, for every pixel order, and for the mixture of all orders."""
    of = {"kind": "exact", "unit": "nats", "seed": seed}
    each = [
        mean_row("nll", -log_probs(model.in_order(which), x), order=which, **of) for which in range(len(model.orders))
    ]
    with torch.no_grad():
        (mixture,) = in_chunks(x, model.mixture_log_prob, CHUNK)
    return [*each, mean_row("mixture", -mixture, **of)]


def agreement(model: RasterModel, seed: int) -> dict:
    r"""Measure the mean of $\sum_i (-\log p_i - H_i)$ over samples; it is 0 if the sampler matches the density."""
    generator = torch.Generator().manual_seed(seed)
    totals = []
    for _ in track(range(RASTER_SAMPLES // RASTER_AT_ONCE), "samples"):
        steps = model.sample_steps(RASTER_AT_ONCE, generator=generator)
        totals.append(sum((-step.numbers["log_prob"] - step.numbers["entropy"]).double().cpu() for step in steps))
    return mean_row("agreement", torch.cat(totals), unit="nats", seed=seed)


def histograms(model: RasterModel, dataset: str, own: Tensor, load: Load, seed: int) -> dict:
    """Measure −log p in nats of own images, another data set's, noise and a blank page, in geometric bins.

    `auroc` is the probability that an own test image is more likely than one of the other set. `flagged` is the share
    with log p below the threshold that 1 % of own images are below.

    Shapes: `own` (N,), log p in nats.
    """
    other = data.DATASETS[dataset].others
    sets = {
        dataset: own,
        other: log_probs(model, images_of(load(other, "test"), model, seed)),
        "noise": log_probs(model, noise(NOISE_IMAGES, model, seed)),
        "blank": log_probs(model, torch.zeros_like(noise(1, model, seed))),
    }
    surprises = -torch.cat(list(sets.values())).double()
    low, high = math.log10(0.99 * float(surprises.min())), math.log10(1.01 * float(surprises.max()))
    edges = torch.logspace(low, high, RASTER_BINS + 1, dtype=torch.float64)
    threshold = float(own.quantile(FLAGGED))
    return {
        "edges": [round(float(edge), 3) for edge in edges],
        "threshold": threshold,
        "sets": {name: _histogram(each, own, threshold, edges) for name, each in sets.items()},
    }


def _histogram(each: Tensor, own: Tensor, threshold: float, edges: Tensor) -> dict:
    counts = torch.histogram(-each.double(), edges).hist
    ordered = own.sort().values
    below = (torch.searchsorted(ordered, each) + torch.searchsorted(ordered, each, right=True)) / 2
    return {
        "counts": [int(count) for count in counts],
        "value": float(each.double().mean()),
        "n": len(each),
        "auroc": float(1 - below.double().mean() / len(own)),
        "flagged": float((each < threshold).double().mean()),
    }


PARTS = {"files": image_files}
