"""Measures of a discrete diffusion: its bound, and the cost of each pixel order and of each number of steps."""

from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import Draw, drawing
from explorer.models.d3pm import D3PM, STEPS, random_mask
from explorer.networks.card import Card, find
from explorer.running.device import device_of
from explorer.spaces.images import PIXELS

CHUNK = 50  # fits the cache of a processor
D3PM_ROUNDING_IMAGES = 200
D3PM_DRAWS = 4  # masks per image
ORDERED_IMAGES = 20
CURVE_IMAGES, STRIDE = 100, 4
D3PM_PER_STEP = (4, 8, 16, 28, 56, 112, 196, 392, 784)  # pixels; each divides 784, and is a multiple of the stride
FEWER = 49  # steps, of sixteen pixels each
PRECISION = "bfloat16"  # of samples: two million passes per seed, twice as fast on a CPU


def binary(split: data.Split, model: nn.Module, seed: int) -> Tensor:
    """Return a split binarised with the seed, on the model's device: (N, 1, 28, 28)."""
    return data.binarise(split.pixels(), seed=seed).to(device_of(model))


@torch.no_grad()
def bounds(model: nn.Module, x: Tensor, seed: int, label: Tensor | None = None, draws: int = D3PM_DRAWS) -> Tensor:
    """Draw an unbiased estimate of the bound on log p(x), or log p(x | y), of each x, in nats: (N,).

    Shapes: `x` (N, 1, 28, 28), zeros and ones; `label` (N,) or None for any.
    """
    generator = torch.Generator().manual_seed(seed)
    parts = range(0, len(x), CHUNK)
    found = [
        model.elbo(
            x[start : start + CHUNK],
            generator=generator,
            draws=draws,
            label=None if label is None else label[start : start + CHUNK],
        )
        for start in track(parts, "the bound")
    ]
    return torch.cat(found)


def objectives(model: nn.Module, held_out: data.Split, training: dict) -> list[float]:
    """Return minus the bound on the first held-out images, in nats, without and with labels; the masks are fixed."""
    first = held_out[:D3PM_ROUNDING_IMAGES]
    x = binary(first, model, seed=0)
    labels = (None, first.labels.to(x.device))
    return [float(-bounds(model, x, 0, label).double().mean()) for label in labels]


def figures(model: D3PM, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of a discrete diffusion."""
    test = load(dataset, "test")
    x, labels = binary(test, model, seed), test.labels.to(device_of(model))
    of = {"kind": "bound", "unit": "nats", "seed": seed}
    rows = [
        mean_row("nll", -bounds(model, x, seed), **of),
        mean_row("nll_label", -bounds(model, x, seed, labels), **of),
        *by_order(model, x, seed),
    ]
    some = x[:CURVE_IMAGES]
    cost = terms(model, some, seed)
    return {"rows": rows + by_steps(model, some, cost, seed), "curve": curve(cost) | {"seed": seed}}


def samplers(model: D3PM) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    return {f"{steps} steps": drawing(model, f"{steps} steps", PRECISION, steps=steps) for steps in (STEPS, FEWER)}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll = find(card, "nll")
    return f"−log p(x) at most {nll['value']:.2f} ± {nll['se']:.2f} nats"


def by_order(model: D3PM, x: Tensor, seed: int) -> list[dict]:
    """Measure the exact −log p of the first images, in raster order and in a random order for each image.

    Shapes: `x` (N, 1, 28, 28), zeros and ones. The result is in nats.
    """
    generator = torch.Generator().manual_seed(seed)
    found: dict[str, list[Tensor]] = {}
    for each in track(x[:ORDERED_IMAGES].split(1), "orders"):
        orders = {"raster": torch.arange(PIXELS), "random": torch.randperm(PIXELS, generator=generator)}
        for name, order in orders.items():
            found.setdefault(name, []).append(-model.order_log_prob(each, order))
    of = {"kind": "exact", "unit": "nats", "seed": seed}
    return [mean_row("nll", torch.stack(nats), order=name, **of) for name, nats in found.items()]


@torch.no_grad()
def terms(model: D3PM, x: Tensor, seed: int) -> Tensor:
    """Estimate the cost of the next pixel for m masked pixels, m every `STRIDE`, in nats: (784 / STRIDE, N).

    Shapes: `x` (N, 1, 28, 28), zeros and ones.
    """
    generator = torch.Generator().manual_seed(seed)
    found = []
    for size in track(range(STRIDE, PIXELS + 1, STRIDE), "terms"):

        def term(part: Tensor, size: int = size) -> Tensor:
            masked = random_mask(torch.full((len(part),), size, device=part.device), generator)
            return -model.log_probs(part, masked).sum(-1) / size

        found.append(in_chunks(x, term, CHUNK)[0].double())
    return torch.stack(found)


def by_steps(model: D3PM, x: Tensor, cost: Tensor, seed: int) -> list[dict]:
    """Measure minus the bound of the same images if several pixels are drawn at each step, independently.

    With k pixels per step there are 784 / k masks; at each the cost per pixel counts k times.

    Shapes: `x` (N, 1, 28, 28), zeros and ones; `cost` (784 / STRIDE, N) in nats, the output of `terms`.
    """
    of = {"kind": "bound", "unit": "nats", "seed": seed}
    rows = [mean_row("nll_steps", -bounds(model, x, seed, draws=PIXELS // STRIDE), per_step=1, **of)]
    for count in D3PM_PER_STEP:
        seen = cost[count // STRIDE - 1 :: count // STRIDE]
        rows.append(mean_row("nll_steps", count * seen.sum(0), per_step=count, **of))
    return rows


def curve(cost: Tensor) -> dict:
    """Return the means of the output of `terms`, (784 / STRIDE, N), with their standard errors, in nats."""
    means, errors = cost.mean(-1), cost.std(-1) / cost.shape[-1] ** 0.5
    return {
        "masked": list(range(STRIDE, PIXELS + 1, STRIDE)),
        "nats": [float(f"{each:.4g}") for each in means],
        "se": [float(f"{each:.2g}") for each in errors],
        "n": cost.shape[-1],
    }
