"""Parts shared by the browser tests of the GAN: its tiny networks, how to open the stage, its words."""

import numpy as np
import torch
from playwright.sync_api import Page
from torch import Tensor

from explorer.models.gan import GAN
from explorer.steps import last
from tests.raster import asked, click_pixel, place, refuse, saved, wait_for_address
from tests.tab import Tab

__all__ = ["asked", "click_pixel", "place", "refuse", "saved", "wait_for_address"]

PIXELS, GRID = 784, 16
SLOW_MS = 240_000
"""Time that a film, or the page itself, may take on a busy machine."""
SNAPSHOTS = ("gan-mnist/snapshots/00.safetensors", "gan-mnist/model.safetensors")
"""Snapshots of the training of MNIST's tiny network; Fashion-MNIST's has none."""
TAB = Tab("gan", "gan", "generate")
gan, wait_until, state = TAB.value, TAB.wait_until, TAB.state
panel, main, turn_to = TAB.panel, TAB.main, TAB.turn_to
STAGE = TAB.selector


def open_gan(page: Page, url: str, query: str = "") -> None:
    """Open the page at the GAN; from then on whatever is waited for may take long."""
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, url, query)


def drawn(model: GAN, seed: int, label: int | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """The codes (16, latent), labels (16,) and images (16, 1, 28, 28) of a seed, by the model alone."""
    labels = None if label is None else torch.full((GRID,), label)
    step = last(model.sample_steps(GRID, generator=torch.Generator().manual_seed(seed), label=labels))
    return step.numbers["z"], step.numbers["label"], step.x


def levels(images: Tensor) -> np.ndarray:
    """Images in [0, 1] as the browser has them: (n, 784) bytes."""
    return np.rint(255 * images.detach().reshape(-1, PIXELS).double().numpy())


def images(page: Page, expression: str) -> np.ndarray:
    """The images of an array of bytes: (n, 784)."""
    return np.array(gan(page, f"[...{expression}]"), dtype=np.float64).reshape(-1, PIXELS)
