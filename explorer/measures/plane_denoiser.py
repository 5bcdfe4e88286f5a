r"""What is measured of denoising autoencoders in the plane: how far the pull $(r(x) - x) / \sigma^2$ is from a score.

Every figure is a share: the mean squared difference over the mean square of the exact score, at the same points. A pull
that is 0 everywhere, as of a network that returns what it sees, has 1.
"""

import math
from pathlib import Path

import torch
from torch import Tensor

from explorer.card import Card, row, rows
from explorer.data import toys
from explorer.device import device_of
from explorer.measures.common import Load
from explorer.models.plane_denoiser import PlaneDenoiser


def known(dataset: str, sigma: float = 0.0) -> toys.Mixture:
    r"""The density $p_\sigma$ of points to which noise of width σ was added."""
    clean = toys.TOYS[dataset]
    return toys.Mixture(clean.means, math.hypot(clean.sigma, sigma))


@torch.no_grad()
def objectives(model: PlaneDenoiser, held_out: toys.Points, training: dict) -> list[float]:
    """The loss of the held-out points, in nats of the noise."""
    generator, points = torch.Generator().manual_seed(0), held_out.points.to(device_of(model))
    return [float(model.training_loss(points, training, generator=generator, label=held_out.labels))]


@torch.no_grad()
def figures(model: PlaneDenoiser, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Of each width: the pull against the noised and the clean score, and what the noise alone changes of the score.

    Against the score of the noised density at noised test points; against that of p at test points, beside the share
    that a perfect network has there. An untrained network stands beside them.
    """
    points, generator = load(dataset, "test").points.to(device_of(model)), torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    untrained = PlaneDenoiser(model.sigmas).to(points)
    clean, measured = known(dataset).score(points), []
    for sigma in model.sigmas:
        noised = points + sigma * torch.randn(points.shape, generator=generator).to(points)
        exact = known(dataset, sigma).score(noised)
        pairs = {
            "noised": (model.pull(noised, sigma), exact),
            "clean": (model.pull(points, sigma), clean),
            "perfect": (known(dataset, sigma).score(points), clean),
            "untrained": (untrained.pull(noised, sigma), exact),
        }
        for against, (found, wanted) in pairs.items():
            value, se = share_of_square(found, wanted)
            how = {"se": se, "n": len(points), "seed": seed, "sigma": sigma, "against": against}
            measured.append(row("score_error", value, **how))
    return {"rows": measured}


def share_of_square(found: Tensor, exact: Tensor) -> tuple[float, float]:
    """Mean ‖found − exact‖² over mean ‖exact‖² of vectors (N, 2), and its standard error by the delta method."""
    off, size = ((each.double()).square().sum(-1) for each in (found - exact, exact))
    ratio = off.mean() / size.mean()
    return float(ratio), float((off - ratio * size).std() / size.mean() / math.sqrt(len(off)))


def headline(card: Card) -> str:
    """What the command line says when the measuring is done."""
    found = rows(card, "score_error", against="noised")
    return "of the exact score's square: " + ", ".join(f"σ {each['sigma']:g} {each['value']:.3f}" for each in found)
