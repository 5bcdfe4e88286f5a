"""Shared by the parts of *Causal flow*: its two networks, coarse digits, and pictures of what is no image yet."""

import math
import statistics
from typing import cast

import torch
from torch import Tensor

from explorer import data
from explorer.data.coarse import enlarged, to_coarse
from explorer.models.tarflow import PatchFlow
from explorer.networks import checkpoints
from explorer.spaces import COARSE, LEVELS
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Image

CAUSAL, COUPLED = "tarflow-digits", "coupling-digits"
FLOWS = {CAUSAL: "TarFlow", COUPLED: "Coupling flow"}
"""Titles of the two flows by their networks."""
IN_SENTENCES = {CAUSAL: "TarFlow", COUPLED: "coupling flow"}
COARSE_DRAWS = 16  # draws of the dequantisation noise for a bound
Z_REACH = 3.0  # |z| that is drawn black or white


def flow_of(net: str) -> PatchFlow:
    """Return one of the two flows."""
    return cast(PatchFlow, checkpoints.load(net))


def levels_of(picture: Image) -> Tensor:
    """Return a visitor's picture as a coarse image, multiples of 1/15: (1, 1, 8, 8)."""
    return to_coarse(data.read(picture, LEVELS))


def bound_of(flow: PatchFlow, levels: Tensor, seed: int) -> float:
    """Return the bound on bits/dim of a coarse image (1, 1, 8, 8), the mean over draws of the dequantisation noise."""
    with torch.no_grad():
        nats = flow.elbo(levels.expand(COARSE_DRAWS, -1, -1, -1), generator=rng(seed))
    return -statistics.fmean(nats.tolist()) / (COARSE.dim * math.log(2))


def drawn(x: Tensor) -> Tensor:
    """Return continuous x (B, 1, 8, 8) as pictures in [0, 1]: (B, 1, 28, 28)."""
    return enlarged(x.clamp(0, 1))


def drawn_code(z: Tensor) -> Tensor:
    """Return z (B, 1, 8, 8) as pictures in which 0 is grey, 3 white and −3 black: (B, 1, 28, 28)."""
    return drawn(0.5 + z / (2 * Z_REACH))
