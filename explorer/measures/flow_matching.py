"""What is measured of flow matching on images: its likelihood by the ODE, and its samples in few steps and in many."""

import math
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.card import Card, find
from explorer.device import device_of
from explorer.measures.common import Load, mean_row
from explorer.measures.frontier import EVALUATIONS, Way
from explorer.measures.quality import CHUNK, Draw, drawing
from explorer.models.flow_matching import SOLVED, FlowMatching
from explorer.spaces import LEVELS

ROUNDING_IMAGES = 500
LIKELIHOODS, FINER = 500, 50  # test images whose bound is measured, and that of how many by twice as many steps
PRECISION = "bfloat16"  # of samples: over a million passes, twice as fast on a CPU
TITLES = {"euler": "Euler", "heun": "Heun"}  # of solvers
WAYS = {
    "Euler 50": {"solver": "euler", "steps": 50},
    "Euler 10": {"solver": "euler", "steps": 10},
    "Heun 5": {"solver": "heun", "steps": 5},
}
BITS = LEVELS.dim * math.log(2)  # nats of one bit/dim


@torch.no_grad()
def objectives(model: FlowMatching, held_out: data.Split, training: dict) -> list[float]:
    """Half the squared error of the predicted velocity, in nats, at random times of the first held-out images."""
    generator = torch.Generator().manual_seed(0)
    split = held_out[:ROUNDING_IMAGES]
    parts = zip(split.pixels().to(device_of(model)).split(CHUNK), split.labels.split(CHUNK))
    losses = [model.training_loss(x, training, generator=generator, label=y) for x, y in parts]
    return [LEVELS.dim / 2 * float(torch.stack(losses).double().mean())]


def figures(model: FlowMatching, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """The bound on −log₂ P of levels by pixel, and by how much twice as many steps of the solver change it."""
    test = load(dataset, "test")[:LIKELIHOODS].pixels()
    found, finer = bounds(model, test, seed, SOLVED), bounds(model, test[:FINER], seed, 2 * SOLVED)
    of = {"unit": "bits/dim", "seed": seed}
    return {
        "rows": [
            mean_row("bits_per_dim", found, "bound", **of),
            mean_row("finer_steps", finer - found[:FINER], **of),
        ]
    }


def bounds(model: FlowMatching, x: Tensor, seed: int, steps: int) -> Tensor:
    """One draw of the bound on −log₂ P of each image (N, 1, 28, 28), in bits/dim: (N,) in float64."""
    found = []
    for index, part in enumerate(track(x.split(CHUNK), f"bound, {steps} steps")):
        generator = torch.Generator().manual_seed(seed + index)  # the same noise and signs for any number of steps
        found.append(-model.elbo(part.to(device_of(model)), generator=generator, steps=steps))
    return torch.cat(found).double().cpu() / BITS


def headline(card: Card) -> str:
    """What the command line says when the measuring is done."""
    found = find(card, "bits_per_dim")
    return f"bound {found['value']:.3f} ± {found['se']:.3f} bits/dim"


def ways(model: FlowMatching) -> dict[str, Draw]:
    """The ways whose samples are judged."""
    return {name: drawing(model, name, PRECISION, **way) for name, way in WAYS.items()}


def frontier_ways(model: FlowMatching) -> list[Way]:
    """Each solver by how many evaluations it is given; Heun's takes two a step and one in the last."""

    def way(solver: str, steps: int, evaluations: int) -> Way:
        title = TITLES[solver]
        draw = drawing(model, f"{title}, evaluations: {evaluations}", PRECISION, solver=solver, steps=steps)
        return Way(f"{model.title}, {title}", steps, evaluations, draw, solver)

    heun = [(each + 1) // 2 for each in EVALUATIONS if each > 2]
    return [way("euler", each, each) for each in EVALUATIONS] + [way("heun", each, 2 * each - 1) for each in heun]
