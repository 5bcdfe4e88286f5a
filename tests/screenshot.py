"""Take the README's pictures from the running app: `make screenshot`.

Small ones are of every tab; two films show a stranger's way from the map over a family and a question to a link, with a
pointer on a wide screen and with a finger on a phone.
"""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests import chromium, tab_pictures
from tests.server import ROOT, serve
from tests.stage import mode_tab

DOCS = ROOT / "docs"
FIRST_MS, FRAME_MS, STEP_MS, COLOURS = 2_500, 120, 1_800, 48
PATIENCE_MS = 240_000
DRAWN = "[...document.querySelectorAll('.start .leaf')].length > 5 && !document.querySelector('.start .leaf.waits')"


class Film:
    """Film of a page, as a GIF."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[tuple[Image.Image, int]] = []

    def keep(self, lasts: int = STEP_MS) -> None:
        """Take what is on screen, to be shown for so many milliseconds."""
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.frames.append((image.quantize(COLOURS, dither=Image.Dither.NONE), lasts))

    def run(self, frames: int) -> None:
        """Take so many frames of what moves."""
        for _ in range(frames):
            self.page.wait_for_timeout(FRAME_MS)
            self.keep(FRAME_MS)
        self.keep()

    def save(self, path: Path) -> None:
        """Write the GIF, which begins again at its end."""
        (first, _), *others = self.frames
        rest = [image for image, _ in others]
        lasts = [milliseconds for _, milliseconds in self.frames]
        first.save(path, save_all=True, append_images=rest, duration=lasts, loop=0, optimize=True)


def way(page: Page, url: str, path: Path, press: Callable[[Locator], None]) -> None:
    """Film the way from the root over the map, a family and a question to a link; `press` chooses something."""
    page.set_default_timeout(PATIENCE_MS)
    film = Film(page)
    page.goto(url)
    page.wait_for_function(DRAWN)
    film.keep()
    family = page.locator(".start .leaf").filter(has_text="PixelCNN")
    family.focus()
    film.run(8)
    press(family)
    stage = page.locator(".stage.autoregressive")
    stage.get_by_role("tab", name="Complete", exact=True).wait_for()
    page.wait_for_timeout(FIRST_MS)
    film.keep()
    press(mode_tab(page, "Complete"))
    film.run(12)
    page.wait_for_timeout(FIRST_MS)
    film.keep()
    press(page.locator(".menus:visible").get_by_role("button", name="Share"))
    link = page.get_by_role("button", name="Copy link")
    press(link)
    film.keep()
    film.save(path)
    page.close()


def main() -> None:
    """Take all of them."""
    flags, path = list(chromium.FLAGS), chromium.find()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=flags)
        tab_pictures.take_all(browser, server.url)
        wide = browser.new_page(viewport={"width": 1280, "height": 720})
        way(wide, server.url, DOCS / "way.gif", lambda place: place.click())
        phone = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        way(phone, server.url, DOCS / "way-on-a-phone.gif", lambda place: place.tap())
        browser.close()


if __name__ == "__main__":
    main()
