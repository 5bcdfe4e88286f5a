"""Gaussian noise of a seed as an image, and how much of it the image of a family begins with."""

import torch
from torch import Tensor

from explorer.networks import checkpoints
from explorer.spaces import BINARY, PLANE
from explorer.spaces.images import PIXELS
from explorer.steps import Step
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import family_of

ONE_NOISE = ("flow", "diffusion", "consistency", "flow-matching", "gan", "vae")
"""Families whose samplers begin with the Gaussian numbers of a seed, all or the first of them."""


def map_image(step: Step) -> Tensor:
    """Return what the map shows of a step: x, or the mean that its pixels are drawn from; both (n, *shape)."""
    return step.pictures.get("mean", step.x)


def gaussian(seed: int) -> Tensor:
    """Return the Gaussian noise of a seed that is as large as an image: (1, 1, 28, 28)."""
    return torch.randn(1, *BINARY.shape, generator=rng(seed))


def begins(net: str) -> int:
    """Count the Gaussian numbers of a seed that an image of a network of `ONE_NOISE` begins with; 0 for others."""
    if family_of(net) not in ONE_NOISE or (model := checkpoints.load(net)).space == PLANE:
        return 0
    draw = model.noise if hasattr(model, "noise") else model.codes
    return draw(1, torch.Generator()).numel()


def noise_image(seed: int, first: int = PIXELS) -> Tensor:
    """Show the first Gaussian numbers of a seed, black at −1 to white at 1, the rest black: (1, 28, 28) in [0, 1]."""
    shown = ((gaussian(seed)[0] + 1) / 2).clamp(0, 1)
    shown.view(-1)[first:] = 0
    return shown
