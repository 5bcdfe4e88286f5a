"""Record the pictures on the buttons of presets, from the running app: `python -m tests.preset_pictures [TAB]…`.

Every preset is pressed, films at their end, and the middle of the largest picture is kept once it no longer changes.
"""

import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from explorer.tabs import interface
from explorer.tabs.kit import presets
from explorer.tabs.kit.tab import Tab
from tests import chromium
from tests.server import serve

WINDOW = {"width": 1280, "height": 800}
STEP_MS, PATIENCE_SECONDS = 700, 90
LIGHT = 160  # level of a picture's middle level above which its ground is light
LARGEST = """() => {
  const main = document.querySelector(".stage:has(> .body) [data-picture]");
  const area = (each) => each.getBoundingClientRect().width * each.getBoundingClientRect().height;
  const found = [...main.querySelectorAll("canvas, img, svg")].filter((each) => each.checkVisibility());
  const [largest] = found.sort((a, b) => area(b) - area(a));
  const box = largest?.getBoundingClientRect();
  if (!box || Math.min(box.width, box.height) < 40) return null;
  const height = Math.min(box.width, box.height);
  const width = largest.matches("svg") ? Math.min(box.width, 1.5 * height) : height;
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}"""
"""Where the middle of the largest picture is: a square, of a chart a little more."""
WAITS = "() => Boolean(document.querySelector('.stage.waiting:has(> .body)'))"
BUTTONS = ".stage:has(> .body) .tries .row > button:not(.more)"


def pressed(page: Page, place: int) -> Image.Image | None:
    """Press a preset of the mode on screen; return a square of its picture, or None if it has none."""
    page.locator(BUTTONS).nth(place).evaluate("(button) => button.click()")
    last, until = None, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page.wait_for_timeout(STEP_MS)
        box = page.evaluate(LARGEST)
        now = page.screenshot(clip=box) if box and not page.evaluate(WAITS) else None
        if now and now == last:
            return Image.open(io.BytesIO(now)).convert("RGB").resize((presets.SIDE, presets.SIDE), Image.LANCZOS)
        last = now
    return None


def pictures(page: Page, url: str, tab: Tab) -> Iterator[tuple[dict, Image.Image]]:
    """Yield the picture of every preset that has one, after what it is of."""
    mode_on_screen, place = None, 0
    for mode, label, state in tab.presets():
        place = place + 1 if mode == mode_on_screen else 0
        if mode != mode_on_screen:
            page.goto(f"{url}/?tab={tab.name}&mode={mode}")
            mode_on_screen = mode
        page.locator(BUTTONS).nth(place).wait_for(state="attached", timeout=PATIENCE_SECONDS * 1000)
        image = pressed(page, place)
        sys.stdout.write(f"{tab.name} {mode}: {label}{'' if image else ' has no picture'}\n")
        if image:
            light = bool(np.median(np.asarray(image)) > LIGHT)
            yield {"mode": mode, "label": label, "state": state, "light": light}, image


def record(page: Page, url: str, tab: Tab) -> None:
    """Write the sheet of a tab and its index; nothing if no preset has a picture."""
    found = list(pictures(page, url, tab))
    if not found:
        return
    sheet = Image.new("RGB", (presets.SIDE, presets.SIDE * len(found)))
    for place, (_, image) in enumerate(found):
        sheet.paste(image, (0, presets.SIDE * place))
    presets.FOLDER.mkdir(exist_ok=True)
    sheet.save(presets.sheet(tab.name), quality=75, method=6)
    lines = ",\n".join(json.dumps(of, ensure_ascii=False) for of, _ in found)
    presets.index(tab.name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main(names: list[str]) -> None:
    """Record the presets of some tabs, or of all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "app.log") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS])
        for tab in interface.TABS:
            if not names or tab.name in names:
                page = browser.new_page(viewport=WINDOW, reduced_motion="reduce", color_scheme="light")
                record(page, server.url, tab)
                page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
