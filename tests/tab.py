"""A tab in a real browser: what every stage answers alike, to the mouse and, on a phone, to touch."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page

from tests.stage import STAGES, mode_tab, settle

PHONE_WIDTH = 390
PATIENCE_MS = 240_000


@dataclass(frozen=True)
class Tab:
    """The stage of a tab: its class in the page, its name and its first mode, and how long it may take to open.

    The address names the tab and the mode, but for the first one.
    """

    stage: str
    name: str
    first: str
    patience_ms: float | None = None

    @property
    def selector(self) -> str:
        return f".stage.{self.stage}"

    def open(self, page: Page, url: str, query: str = "") -> None:
        """Open the page at this tab and wait until the stage is mounted and its mode is on screen."""
        page.goto(f"{url}/?tab={self.name}&{query}")
        self.wait_until(page, "x.mode().update", timeout=self.patience_ms)

    def value(self, page: Page, expression: str):
        """The value of an expression of the stage's own `explorer`, called x."""
        found = f"const x = document.querySelector('{self.selector}').explorer"
        return page.evaluate(f"async () => {{ {found}; return {expression}; }}")

    def wait_until(self, page: Page, condition: str, timeout: float | None = None) -> None:
        """Wait for a condition on the stage's own `explorer`, called x; what was just done is on screen by then.

        So is what is waited for, which may be so a display frame before it is drawn.
        """
        settle(page)
        found = f"const x = document.querySelector('{self.selector}')?.explorer"
        page.wait_for_function(f"() => {{ {found}; return x && Boolean({condition}); }}", timeout=timeout)
        settle(page)

    def state(self, page: Page) -> dict:
        return self.value(page, "x.store.get()")

    def panel(self, page: Page) -> Locator:
        return page.locator(f"{self.selector} .panel")

    def main(self, page: Page) -> Locator:
        return page.locator(f"{self.selector} .main")

    def turn_to(self, page: Page, title: str, name: str) -> None:
        """Choose a mode by its tab, and wait until it is on screen."""
        mode_tab(page, title).click()
        self._wait_for_mode(page, name)

    def tap_to(self, phone: Page, title: str, name: str) -> None:
        """The same by touch; the mode fits the screen."""
        mode_tab(phone, title).tap()
        self._wait_for_mode(phone, name)
        self.fits(phone)

    def _wait_for_mode(self, page: Page, name: str) -> None:
        self.wait_until(page, f"x.store.get().mode === '{name}'")
        if name != self.first:
            page.wait_for_function("part => location.search.includes(part)", arg=f"mode={name}")
        self.panel(page).locator(f".mode-{name}").wait_for()

    def fits(self, phone: Page) -> None:
        """Nothing is wider than a phone, and the picture comes before what is said of it."""
        assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE_WIDTH
        picture, side = (phone.locator(f"{self.selector} {part}").bounding_box() for part in (".main", ".side"))
        assert side is None or picture["height"] == 0 or picture["y"] < side["y"]


def stage_of(name: str) -> Tab:
    """The tab of that name, whatever its first mode."""
    return Tab(STAGES[name], name, "", patience_ms=PATIENCE_MS)


def url_of(request: pytest.FixtureRequest, app: str) -> str:
    """The address of an app that the test's own name names, so that it runs where that app is: see `workers`."""
    found = request.getfixturevalue(app)
    return getattr(found, "url", found)
