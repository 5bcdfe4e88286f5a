r"""Measures of denoising autoencoders in the plane: error of the denoising residual $(r(x) - x) / \sigma^2$ as a score.

Every figure is a ratio: the mean squared error over the mean square of the exact score, at the same points. A residual
of 0 everywhere, as of the identity network, has the ratio 1.
"""

import math
from pathlib import Path

import torch
from torch import Tensor

from explorer.data import toys
from explorer.measures.common import Load
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.networks.card import Card, row, rows
from explorer.running.device import device_of


def known_density(dataset: str, sigma: float = 0.0) -> toys.Mixture:
    r"""Return the density $p_\sigma$ of points with added noise of width σ."""
    clean = toys.TOYS[dataset]
    return toys.Mixture(clean.means, math.hypot(clean.sigma, sigma))


@torch.no_grad()
def objectives(model: PlaneDenoiser, held_out: toys.Points, training: dict) -> list[float]:
    """Return the loss of the held-out points, in nats of the noise."""
    generator, points = torch.Generator().manual_seed(0), held_out.points.to(device_of(model))
    return [float(model.training_loss(points, training, generator=generator, label=held_out.labels))]


@torch.no_grad()
def figures(model: PlaneDenoiser, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure, per width σ, the error of the denoising residual against the noised and the clean score.

    The noised score is that of the noised density, at noised test points. The clean score is that of p, at test points.
    As references, the rows hold the clean error of a perfect network and the noised error of an untrained one.
    """
    points, generator = load(dataset, "test").points.to(device_of(model)), torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    untrained = PlaneDenoiser(model.sigmas).to(points)
    clean, measured = known_density(dataset).score(points), []
    for sigma in model.sigmas:
        noised = points + sigma * torch.randn(points.shape, generator=generator).to(points)
        exact = known_density(dataset, sigma).score(noised)
        pairs = {
            "noised": (model.residual(noised, sigma), exact),
            "clean": (model.residual(points, sigma), clean),
            "perfect": (known_density(dataset, sigma).score(points), clean),
            "untrained": (untrained.residual(noised, sigma), exact),
        }
        for against, (found, wanted) in pairs.items():
            value, se = share_of_square(found, wanted)
            how = {"se": se, "n": len(points), "seed": seed, "sigma": sigma, "against": against}
            measured.append(row("score_error", value, **how))
    return {"rows": measured}


def share_of_square(found: Tensor, exact: Tensor) -> tuple[float, float]:
    """Return mean ‖found − exact‖² / mean ‖exact‖² of vectors (N, 2), with its standard error (delta method)."""
    off, size = ((each.double()).square().sum(-1) for each in (found - exact, exact))
    ratio = off.mean() / size.mean()
    return float(ratio), float((off - ratio * size).std() / size.mean() / math.sqrt(len(off)))


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    found = rows(card, "score_error", against="noised")
    return "of the exact score's square: " + ", ".join(f"σ {each['sigma']:g} {each['value']:.3f}" for each in found)
