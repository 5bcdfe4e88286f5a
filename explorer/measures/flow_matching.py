"""Measures of flow matching on images: likelihood by the ODE, and samples in few and in many steps."""

import math
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer.measures.common import Load, mean_row
from explorer.measures.diffusion import objectives
from explorer.measures.frontier import EVALUATIONS, SamplerSteps
from explorer.measures.quality import CHUNK, Draw, drawing
from explorer.models import MODELS
from explorer.models.divergence import hutchinson, signs
from explorer.models.flow_matching import FlowMatching
from explorer.models.ode import logarithmic, logarithmic_times
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.questions import likelihood
from explorer.running.device import device_of
from explorer.spaces import LEVELS

__all__ = ["figures", "frontier_samplers", "headline", "objectives", "samplers"]

LIKELIHOODS, PROBED = 128, 25  # test images whose likelihood is measured, and those measured by two draws of probes
PRECISION = "bfloat16"  # of samples: over a million passes, twice as fast on a CPU
TITLES = {"euler": "Euler", "heun": "Heun"}  # of solvers
WAYS = {
    "Euler 50": {"solver": "euler", "steps": 50},
    "Euler 10": {"solver": "euler", "steps": 10},
    "Heun 5": {"solver": "heun", "steps": 5},
}
BITS = LEVELS.dim * math.log(2)  # nats of one bit/dim


def figures(model: FlowMatching, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure −log₂ P of levels per pixel, with errors of solver and probes, and other families on the same images.

    The images are spread evenly over the test split, whose halves are by different writers. `tolerance` is the largest
    error of the solver on any image. `paired` is this family's figure minus that of another family.
    """
    test = load(dataset, "test")
    x = test[:: len(test) // LIKELIHOODS][:LIKELIHOODS].pixels()
    found, error = bits_per_dim(model, x, seed)
    of = {"unit": "bits/dim", "seed": seed}
    rows = [
        mean_row("bits_per_dim", found, **of),
        mean_row("solver_error", error, **of),
        row("tolerance", float(error.max()), n=len(x), **of),
        row("probe_error", probe_error(model, x[:PROBED], seed) / math.sqrt(len(x)), n=PROBED, **of),
    ]
    for family, other in others(model, dataset).items():
        beside = -surprising(other, x, seed)
        rows.append(mean_row("bits_per_dim", beside, likelihood.kind(other), **of, of=family))
        rows.append(mean_row("paired", found - beside, **of, of=family))
    return {"rows": rows}


def bits_per_dim(model: FlowMatching, x: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Return −log₂ P of each image (N, 1, 28, 28) and the solver's error, both in bits/dim: (N,) in float64."""
    parts = enumerate(track(x.split(CHUNK), "likelihood by the ODE"))
    found = [likelihood.by_ode(model, part.to(device_of(model)), seed + index) for index, part in parts]
    nats, error = (torch.cat(each).cpu() for each in zip(*found))
    return -nats / BITS, error / BITS


def probe_error(model: FlowMatching, x: Tensor, seed: int) -> float:
    """Return the standard deviation of one draw of probes, in bits/dim, from two draws for each x (N, 1, 28, 28)."""
    generator = torch.Generator().manual_seed(seed)
    at = model.dequantise(x, generator).to(device_of(model))
    how = {"steps": logarithmic_times(model.solved), "solver": logarithmic}
    drawn = [model.log_density(at, hutchinson(signs(at, generator)), **how) for _ in range(2)]
    return float((drawn[0] - drawn[1]).double().square().mean().div(2).sqrt()) / BITS


def others(model: FlowMatching, dataset: str) -> dict[str, nn.Module]:
    """Return trained networks of other families with a likelihood of the same pixels, by the family's name."""
    nets = {family: f"{family}-{dataset}" for family in MODELS}
    found = {family: checkpoints.load(net) for family, net in nets.items() if checkpoints.exists(net)}
    return {
        family: other.to(device_of(model))
        for family, other in found.items()
        if other.space == model.space and likelihood.kind(other) and not isinstance(other, FlowMatching)
    }


def surprising(model: nn.Module, x: Tensor, seed: int) -> Tensor:
    """Return log₂ P of each image by another family, in bits/dim: (N,) in float64; a bound is drawn once.

    Shapes: `x` (N, 1, 28, 28).
    """
    generator = torch.Generator().manual_seed(seed)
    parts = [likelihood.log_prob(model, part.to(device_of(model)), generator=generator) for part in x.split(CHUNK)]
    return torch.cat(parts).double().cpu() / BITS


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    found = find(card, "bits_per_dim")
    error = find(card, "solver_error")["value"]
    return f"about {found['value']:.3f} ± {found['se']:.3f} bits/dim, error of the solver {error:.4f}"


def samplers(model: FlowMatching) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    return {name: drawing(model, name, PRECISION, **way) for name, way in WAYS.items()}


def frontier_samplers(model: FlowMatching) -> list[SamplerSteps]:
    """Return each solver at each number of evaluations; Heun's method takes two per step and one in the last."""

    def way(solver: str, steps: int, evaluations: int) -> SamplerSteps:
        title = TITLES[solver]
        draw = drawing(model, f"{title}, evaluations: {evaluations}", PRECISION, solver=solver, steps=steps)
        return SamplerSteps(f"{model.title}, {title}", steps, evaluations, draw, solver)

    heun = [(each + 1) // 2 for each in EVALUATIONS if each > 2]
    return [way("euler", each, each) for each in EVALUATIONS] + [way("heun", each, 2 * each - 1) for each in heun]
