"""Measures of a Boltzmann machine: log Z from both sides, and with it the likelihood of test images."""

import math
from pathlib import Path

import torch
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import Draw, in_parts
from explorer.models.rbm import RBM, LogZ, ais, base_rates
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

ROUNDING_IMAGES = 1_000
BASE_IMAGES = 10_000
CHAINS, BETWEEN = 100, 10_000
BURN_IN = 1_000  # Gibbs steps of chains from training images before they are annealed in reverse
AT_ONCE = 100


@torch.no_grad()
def objectives(model: RBM, held_out: data.Split, training: dict) -> list[float]:
    """Return the mean free energy of held-out images minus that of noise; log Z cancels."""
    x = data.binarise(held_out[:ROUNDING_IMAGES].pixels(), seed=0)
    noise = model.space.noise(ROUNDING_IMAGES, torch.Generator().manual_seed(0))
    real, other = (in_chunks(each, model.free_energy)[0].double().mean() for each in (x, noise))
    return [float(real - other)]


def both_ways(model: RBM, train: data.Split, seed: int) -> tuple[LogZ, LogZ]:
    """Estimate log Z by annealing from a machine without weights to this one, and in reverse.

    The reverse chains start at training images and then take many Gibbs steps. It is unknown if these suffice to forget
    the start, so the reverse estimate is only as good as the chains are mixed.
    """
    generator = torch.Generator().manual_seed(seed)
    x = data.binarise(train[:BASE_IMAGES].pixels(), seed=seed).to(device_of(model))
    how = {"base": base_rates(x), "between": BETWEEN, "chains": CHAINS, "generator": generator}
    start = model.gibbs(x[:CHAINS].flatten(1), generator, BURN_IN)
    return ais(model, **how), ais(model, **how, start=start)


def between(forward: LogZ, reverse: LogZ) -> tuple[float, float]:
    """Return the mean of two estimates, and its error: half their difference, or the standard error if larger."""
    chance = math.hypot(forward.se, reverse.se) / 2
    return (forward.value + reverse.value) / 2, max(abs(forward.value - reverse.value) / 2, chance)


@torch.no_grad()
def figures(model: RBM, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card of a Boltzmann machine."""
    ways = dict(zip(("forward", "reverse"), both_ways(model, load(dataset, "train"), seed)))
    log_z, se = between(*ways.values())
    of = {"unit": "nats", "seed": seed}
    energies = free_energies(model, load(dataset, "test"), seed)
    nll = mean_row("nll", energies + log_z, **of)
    held_out = mean_row("nll", free_energies(model, load(dataset, "held-out"), seed) + log_z, **of, split="held-out")
    return {
        "rows": [
            *(each | {"se": math.hypot(each["se"], se)} for each in (nll, held_out)),
            row("log_z", log_z, se=se, n=CHAINS, **of),
            *(row("log_z", each.value, se=each.se, n=CHAINS, **of, way=way) for way, each in ways.items()),
        ]
    }


def free_energies(model: RBM, split: data.Split, seed: int) -> Tensor:
    """Return F of every image of a split, binarised with the seed, in nats: (N,)."""
    x = data.binarise(split.pixels(), seed=seed).to(device_of(model))
    return in_chunks(x, model.free_energy)[0].double()


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll, low, high = find(card, "nll"), *(find(card, "log_z", way=way) for way in ("forward", "reverse"))
    ends = f"log Z {low['value']:.2f} ± {low['se']:.2f} forward, {high['value']:.2f} ± {high['se']:.2f} in reverse"
    return f"−log p(x) ≈ {nll['value']:.2f} ± {nll['se']:.2f} nats, {ends}"


def samplers(model: RBM) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"Gibbs": in_parts(draw, AT_ONCE, "Gibbs")}
