"""Parts shared by the browser tests of the comparison: how to open it, its words, and its tiny networks."""

import shutil
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page

from explorer.networks import checkpoints
from tests import tiny_nets
from tests.raster import asked, refuse, saved, wait_for_address
from tests.tab import Tab

__all__ = ["asked", "refuse", "saved", "wait_for_address"]

COUNT, SIDE, PIXELS = 4, 28, 784
MODULES = "/gradio_api/file=explorer/stages/compare"
FILM_MS = 240_000
"""Time that films, or the page itself, may take on a busy machine."""
SMALL_GAN = "gan", {"latent": 8, "generator": [8, 8, 8], "discriminator": [8, 8, 8]}
SMALL_FLOW = "flow", {"channels": [4, 4, 4, 4, 4], "blocks": [1, 1, 1, 1, 1]}
SMALL_DIFFUSION = "diffusion", {"channels": [8, 8, 8], "classes": 10, "embedding": 8}
DATASETS = ("mnist", "fashion-mnist")
TAB = Tab("compare", "compare", "make", patience_ms=FILM_MS)
open_compare, compare, wait_until, state = TAB.open, TAB.value, TAB.wait_until, TAB.state
panel, main, turn_to = TAB.panel, TAB.main, TAB.turn_to
STAGE = TAB.selector


def write_nets(folder: Path) -> Path:
    """Write a tiny network of every family but the VAE: its own tab, which opens first, needs the real one's atlas."""
    tiny_nets.write(folder)
    for family, arguments in (SMALL_GAN, SMALL_FLOW, SMALL_DIFFUSION):
        tiny_nets.write(folder, {f"{family}-{dataset}": arguments for dataset in DATASETS}, jitter=0.1)
    for dataset in DATASETS:
        real = checkpoints.ROOT / "pretrained" / f"beta-vae-{dataset}"
        shutil.copytree(real, folder / real.name, ignore=shutil.ignore_patterns("snapshots"))
    return folder


def family(page: Page, title: str) -> Locator:
    """The column of a family."""
    return main(page).get_by_role("region", name=title, exact=True)


def figure(page: Page, title: str, name: str) -> str:
    """The figure of that name in the column of a family, as it stands there."""
    return family(page, title).locator(".figures > div", has_text=name).locator("dd").text_content().strip()


def finished(page: Page) -> None:
    """Wait until every film of what is chosen now is here, to its end."""
    as_wanted = "request === null || JSON.stringify(request) === JSON.stringify(race.requestOf(family))"
    is_cast = "race?.columns.every(({ family }) => x.families().some(({ net }) => net === family.net))"
    is_now = f"{is_cast} && race.columns.every(({{ family, request }}) => {as_wanted})"
    over = f"(({{ race }}) => {is_now} && race.queue.isComplete && race.rests)(x.mode())"
    wait_until(page, over, timeout=FILM_MS)


def images(page: Page, net: str, frame: int = -1) -> np.ndarray:
    """The images of a frame of a family's film, (4, 784) bytes."""
    column = f"x.mode().race.columns.find(({{ family }}) => family.net === '{net}')"
    return np.array(compare(page, f"[...{column}.film.frames.at({frame}).x]")).reshape(-1, PIXELS)


def shown(page: Page, title: str, image: int = 0) -> np.ndarray:
    """An image on screen, (784, 4) in red, green, blue and alpha: what is not there yet has no alpha."""
    canvas = family(page, title).locator(".tile-link canvas").nth(image)
    return np.array(canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")).reshape(-1, 4)
