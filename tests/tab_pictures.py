"""Small pictures of every tab for the README, which `make screenshot` takes.

Each is the picture of the stage without the panel, once its film has ended.
"""

import io

from PIL import Image
from playwright.sync_api import Browser, Page

from explorer.tabs.interface import TABS
from tests.readme import SIZE, picture

QUALITY, FIRST_MS, LAST_MS, PATIENCE_MS = 72, 4_000, 600, 150_000
SHOWN = "[...document.querySelectorAll('.stage')].find((each) => each.clientWidth)"
RESTS = f"""() => {{
  const stage = {SHOWN};
  const ended = (slider) => !slider || slider.value === slider.max;
  const plays = (each) => each.clientWidth && /^(Pause|Stop)\\b/.test(each.ariaLabel ?? each.title) &&
    !ended(each.parentElement.querySelector("input[type=range]"));
  return !stage.matches(".waiting") && !/Training:|\\bmeasuring\\b/.test(stage.innerText) &&
    ![...stage.querySelectorAll("button")].some(plays);
}}"""
BOX = f"""() => {{
  const box = {SHOWN}.querySelector(".main").getBoundingClientRect();
  return [box.x, box.y, box.width];
}}"""


def take(page: Page, address: str) -> Image.Image:
    """Return the picture of the stage at an address."""
    page.goto(address)
    page.wait_for_function(f"{SHOWN}?.explorer")
    page.evaluate(f"{SHOWN}.explorer.ready")
    page.wait_for_timeout(FIRST_MS)
    page.wait_for_function(RESTS)
    page.wait_for_timeout(LAST_MS)
    x, y, width = page.evaluate(BOX)
    clip = {"x": x, "y": y, "width": width, "height": width * SIZE[1] / SIZE[0]}
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip))).convert("RGB")
    return shot.resize(SIZE, Image.Resampling.LANCZOS)


def take_all(browser: Browser, url: str, names: list[str] | None = None) -> None:
    """Write the picture of every tab, or of those with these names."""
    for tab in TABS:
        if names and tab.name not in names:
            continue
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE_MS)
        picture(tab).parent.mkdir(exist_ok=True)
        take(page, f"{url}/?tab={tab.name}").save(picture(tab), quality=QUALITY, method=6)
        page.close()
