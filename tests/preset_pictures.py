"""Record the pictures on the buttons of presets, from the running app: `python -m tests.preset_pictures [TAB]…`.

Every preset is pressed, with films at their end. Of the pictures that no longer change, the one that tells the presets
of a mode apart best is kept.
"""

import io
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter
from playwright.sync_api import Page, sync_playwright

from explorer.lessons import presets
from explorer.tabs import interface
from explorer.tabs.kit.layout.tab import Tab
from tests import chromium
from tests.server import serve

WINDOW = {"width": 1280, "height": 800}
STEP_MS, PATIENCE_SECONDS = 700, 90
LIGHT = 160  # middle level of the edges above which a picture's ground is light
PICTURES = """() => {
  const main = document.querySelector(".stage:has(> .body) [data-picture]");
  const isShown = (each) => each.checkVisibility() && !each.matches(".difference");
  return [...main.querySelectorAll("canvas, img, svg")].filter(isShown).flatMap((each) => {
    const { x, y, width, height, right, bottom } = each.getBoundingClientRect();
    if (Math.min(width, height) < 60 || bottom > innerHeight) return [];
    const area = width * height;
    if (each.matches(".chart")) return [{ box: [x + 40, y + 24, right - 8, bottom - 22], area }];
    const isPlot = each.matches("svg");
    const tall = Math.min(width, height);
    const wide = Math.min(width, (isPlot ? 1.5 : 1) * tall);
    const left = !isPlot && width > 1.5 * height ? x : x + (width - wide) / 2;
    const top = y + (height - tall) / 2;
    return [{ box: [left, top, left + wide, top + tall], area }];
  });
}"""
"""A square of each picture on screen, from its middle; of images in a row the first, of a chart all but the words."""
INK = 5  # pixels of the filter that thickens lines before a picture is made much smaller
PLAIN = 1.0  # mean deviation in levels under which a picture shows nothing
LEAST = 0.08  # of the largest picture's area, that a card may show
WAITS = "() => Boolean(document.querySelector('.stage.waiting:has(> .body)'))"
ALL_CONTROLS = "localStorage['explorer-more'] = JSON.stringify(['controls'])"
BUTTONS = ".stage:has(> .body) .tries .row > button:not(.more)"

Shown = list[tuple[float, Image.Image]]
"""The pictures on screen, each after its area."""


def pressed(page: Page, place: int) -> Shown:
    """Press a preset of the mode on screen; return the pictures once they no longer change."""
    page.locator(BUTTONS).nth(place).evaluate("(button) => button.click()")
    last, until = None, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page.wait_for_timeout(STEP_MS)
        now = None if page.evaluate(WAITS) else page.screenshot()
        if now and now == last:
            screen = Image.open(io.BytesIO(now)).convert("RGB")
            return [(each["area"], small(screen.crop(each["box"]))) for each in page.evaluate(PICTURES)]
        last = now
    return []


def small(image: Image.Image) -> Image.Image:
    """Return a picture as small as a card shows it, square; on a light ground its lines can still be seen."""
    size = presets.PRESETS_SIDE, presets.PRESETS_SIDE
    if is_light(image):
        image = image.resize((4 * presets.PRESETS_SIDE, 4 * presets.PRESETS_SIDE), Image.LANCZOS).filter(
            ImageFilter.MinFilter(INK)
        )
    return image.resize(size, Image.LANCZOS)


def is_plain(image: Image.Image) -> bool:
    """Return whether a picture shows nothing: one level almost everywhere."""
    levels = np.asarray(image.convert("L"), dtype=float)
    return bool(np.abs(levels - np.median(levels)).mean() < PLAIN)


def edges(image: np.ndarray) -> float:
    """Return the mean difference of neighbouring pixels of a picture (side, side, 3): of a blank one it is 0."""
    return float(np.abs(np.diff(image, axis=0)).mean() + np.abs(np.diff(image, axis=1)).mean())


def telling(screens: list[Shown]) -> int:
    """Return the place of the picture that differs most between the presets of a mode, or of the largest of one."""

    def score(k: int) -> float:
        area = screens[0][k][0] / max(area for area, _ in screens[0])
        if area < LEAST or 2 * sum(is_plain(screen[k][1]) for screen in screens) > len(screens):
            return -1
        images = np.stack([np.asarray(screen[k][1], dtype=float) for screen in screens])
        return (1 + np.abs(images - images.mean(0)).mean()) * area**0.25 * min(map(edges, images))

    return max(range(min(map(len, screens))), key=score)


def pictures(page: Page, url: str, tab: Tab) -> Iterator[tuple[dict, Image.Image]]:
    """Yield the picture of every preset that has one, after what it is of."""
    for mode, declared in itertools.groupby(tab.presets(), key=lambda preset: preset[0]):
        page.goto(f"{url}/?tab={tab.name}&mode={mode}")
        page.locator(BUTTONS).first.wait_for(state="attached", timeout=PATIENCE_SECONDS * 1000)
        found = [(preset, pressed(page, place)) for place, preset in enumerate(declared)]
        found = [(preset, screen) for preset, screen in found if screen]
        sys.stdout.write(f"{tab.name} {mode}: {len(found)}\n")
        if not found:
            continue
        k = telling([screen for _, screen in found])
        for (_, label, state), screen in found:
            image = screen[k][1]
            yield {"mode": mode, "label": label, "state": state, "light": is_light(image)}, image


def is_light(image: Image.Image) -> bool:
    """Return whether the edges of a picture are light: a chart, not an image."""
    levels = np.asarray(image.convert("L"))
    return bool(np.median(np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])) > LIGHT)


def record(page: Page, url: str, tab: Tab) -> None:
    """Write the sheet of a tab and its list; nothing if no preset has a picture."""
    found = list(pictures(page, url, tab))
    if not found:
        return
    sheet = Image.new("RGB", (presets.PRESETS_SIDE, presets.PRESETS_SIDE * len(found)))
    for place, (_, image) in enumerate(found):
        sheet.paste(image, (0, presets.PRESETS_SIDE * place))
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
                page.add_init_script(ALL_CONTROLS)
                record(page, server.url, tab)
                page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
