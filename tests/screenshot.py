"""Take the README's picture from the running app: `make screenshot`."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.server import ROOT, serve

STAGE = ".stage.vae"
PICTURE = ROOT / "docs" / "screenshot.png"


def main() -> None:
    """Open the first view, put the pointer on the map, and write the picture."""
    flags, path = list(chromium.FLAGS), chromium.find()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.url}/?tab=vae")
        page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
        page.evaluate(f"document.querySelector('{STAGE}').explorer.ready")
        box = page.locator(f"{STAGE} canvas.overlay").bounding_box()
        page.mouse.move(box["x"] + 0.62 * box["width"], box["y"] + 0.36 * box["height"])
        page.wait_for_timeout(2_000)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
