"""Parts shared by the browser tests: how to open the stage, its words, and where things are on it."""

import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page

from explorer.tabs import interface

STAGES = {tab.name: tab.stage.__module__.rsplit(".", 1)[-1] for tab in interface.TABS}
"""The class of each tab's stage, by the name of the tab."""
STAGE = ".stage.vae"
MAP = f"{STAGE} .overlay"
SHARED = {"PNG", "CSV", "GIF"}
"""Buttons in the menu *Share* that download something."""
KEPT_BOXES = """() => {
  const main = [...document.querySelectorAll(".stage .main")].find((each) => each.clientWidth);
  return [main.getBoundingClientRect().x, main.getBoundingClientRect().y];
}"""
"""Where what is kept begins on the page."""
KEPT_WIDTH, KEPT_LEFT, KEPT_TOP = 896, 32, 80  # of a saved picture, in pixels: at least so wide, and where it begins


def open_stage(page: Page, url: str, query: str = "") -> None:
    """Open the page at the VAE's tab and wait until the model is read and two display frames have passed.

    Without a query the mode is named, so that the tab does not open in its movement.
    """
    page.goto(f"{url}/?{query}" if "tab=" in query else f"{url}/?tab=vae&{query or 'mode=explore'}")
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
    page.evaluate(f"document.querySelector('{STAGE}').explorer.ready")
    settle(page)


def turn_to_text(page: Page) -> None:
    """Scroll to the text below the stage on screen, which is loaded then, unless it came by itself."""
    page.locator(".room:visible:not(:has(.room)) > .block, .row.below:visible").first.scroll_into_view_if_needed()
    page.locator(".row.below:visible").wait_for()


def load_text(page: Page) -> None:
    """Load the text below the stage, which would come by itself while others are asked, and go back to the top."""
    turn_to_text(page)
    page.evaluate("scrollTo(0, 0)")


def settle(page: Page) -> None:
    """Let two display frames pass: the first draws what changed, the second shows it."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def explorer(page: Page, expression: str):
    """The value of an expression of the stage's own `explorer`, called x."""
    return page.evaluate(f"() => {{ const x = document.querySelector('{STAGE}').explorer; return {expression}; }}")


def url_in(page: Page) -> str:
    """The address that the browser shows, once the page has written its own: at most two are written a second."""
    page.wait_for_function("() => !globalThis.explorerAddress || explorerAddress.href === location.href")
    return page.url


def state(page: Page) -> dict:
    return explorer(page, "x.store.get()")


def points(page: Page, what: str = "mu") -> np.ndarray:
    """The means or widths that the map shows, (2000, 2)."""
    return np.array(explorer(page, f"[...x.map.points().{what}]")).reshape(-1, 2)


def open_share(page: Page) -> None:
    """Open the menu of what a visitor may keep, unless it is open."""
    share = page.locator(".menus:visible").get_by_role("button", name="Share", exact=True)
    if share.get_attribute("aria-expanded") == "false":
        share.click()


def mode_lists(page: Page) -> Locator:
    """The lists of modes of the open tab: its lessons, and the others."""
    return page.get_by_role("tablist", name=re.compile("^(Mode|Lessons)$"))


def mode_tab(page: Page, title: str) -> Locator:
    """The control that chooses a mode of the open tab, in the navigation or above the stage.

    A mode that shares an entry of the navigation is chosen beside the entry's name; the entry is opened first.
    """
    tab = page.get_by_role("tab", name=title, exact=True, include_hidden=True)
    here = page.locator(".stage:visible .within").filter(has=tab)
    if not here.count():
        return mode_lists(page).get_by_role("tab", name=title, exact=True)
    if not here.is_visible():
        mode_lists(page).get_by_role("tab", name=here.get_attribute("aria-label"), exact=True).click()
    return here.get_by_role("tab", name=title, exact=True)


def mode_panel(page: Page) -> Locator:
    """The panel of the open tab, which is named after the mode on screen."""
    return page.locator(".stage:visible .panel[aria-labelledby]")


def requests_of(page: Page) -> list[str]:
    """The addresses that the page asks for, from now on; the list grows."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    return requests


def panel(page: Page) -> Locator:
    return page.locator(f"{STAGE} .panel")


def wait_for_address(page: Page, part: str, *, there: bool = True) -> None:
    """Wait until the address says so, or no longer, and the stage, which draws a display frame later, shows it."""
    page.wait_for_function("([part, there]) => location.search.includes(part) === there", arg=[part, there])
    settle(page)


def click_point(page: Page, index: int) -> None:
    """Click where the map shows a bundled image's code; another code on top of it may be the one that is hit."""
    x, y = explorer(page, f"x.map.view.toScreen([...x.map.points().mu.slice(2 * {index}, 2 * {index} + 2)])")
    page.locator(MAP).click(position={"x": x, "y": y})


def numbers(text: str) -> list[float]:
    """The decimal numbers in a text, a true minus sign among them."""
    return [float(found) for found in re.findall(r"-?\d+\.\d+", text.replace("\u2212", "-"))]


def row(page: Page, name: str) -> list[float]:
    """The numbers in the row of a table."""
    return numbers(page.locator("table.numbers tr", has_text=name).first.inner_text())


def saved(page: Page, button: str, folder: Path) -> Path:
    """File that a button downloads."""
    if button in SHARED:
        open_share(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def kept_picture(page: Page, folder: Path, shown: Locator, around: int = 0) -> Image.Image:
    """Part of a saved PNG that shows a canvas and what is `around` it, at the size that it has on the page."""
    (left, top), (x, y, width, height) = page.evaluate(KEPT_BOXES), shown.bounding_box().values()
    with Image.open(saved(page, "PNG", folder)) as image:
        assert image.width >= KEPT_WIDTH + 2 * KEPT_LEFT
        x, y = KEPT_LEFT + 2 * (x - left - around), KEPT_TOP + 2 * (y - top - around)
        width, height = width + 2 * around, height + 2 * around
        return image.crop((x, y, x + 2 * width, y + 2 * height)).resize((round(width), round(height)))


def kept_pixels(page: Page, folder: Path, shown: Locator) -> np.ndarray:
    """Levels of the 784 pixels of a canvas's image in a saved PNG, each in its middle."""
    kept = np.asarray(kept_picture(page, folder, shown).convert("L"))
    rows, columns = ((np.arange(28) + 0.5) / 28 * side for side in kept.shape)
    return kept[np.ix_(rows.astype(int), columns.astype(int))].ravel()
