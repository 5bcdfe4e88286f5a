"""What the browser tests of the autoregressive tab share: how to open its stage, and what it says of itself."""

from playwright.sync_api import Locator, Page

RASTER = ".stage.raster"


def open_raster(page: Page, url: str, query: str = "") -> None:
    """Open the page on the autoregressive tab and wait until a mode is on screen."""
    page.goto(f"{url}/?tab=ar&{query}")
    page.wait_for_function(f"document.querySelector('{RASTER} .panel')?.firstElementChild?.firstElementChild")


def state(page: Page) -> dict:
    return page.evaluate(f"document.querySelector('{RASTER}').explorer.store.get()")


def panel(page: Page) -> Locator:
    return page.locator(f"{RASTER} .panel")


def picture(page: Page) -> Locator:
    """What the mode on screen draws beside its panel."""
    return page.locator(f"{RASTER} .main")


def seen(page: Page) -> Locator:
    return panel(page).locator(".seen")


def is_narrow(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
