"""What leaves the page, in every mode: a picture shows what the screen shows, and a program reads a table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from explorer.tabs import interface
from tests.exports import QUIET, Table, blocks_apart, can_save, fine_pages, kept, shown
from tests.raster import saved

MODES = [(tab.name, mode) for tab in interface.TABS for mode in tab.modes]
STRAY = 3
"""Squares that may differ: a letter that stands half a pixel elsewhere."""
CORE = [
    ("text&mode=generate&seed=9", "light"),
    ("ar&mode=chain&step=2", "dark"),
    ("diffusion&mode=reverse&steps=8", "dark"),
    ("foundations&mode=bayes", "light"),
    ("style&mode=mix", "light"),
]
"""Bars of text, a split of a colour, a film, a drawn chart, and figures with their errors."""
REST_MS = 700
TRIES = 4
STAGE = "[...document.querySelectorAll('.stage')].find((each) => each.clientWidth)"
THEME = "(theme) => document.body.classList.toggle('dark', theme === 'dark')"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose screen is as fine as a saved picture, on which nothing moves by itself."""
    yield from fine_pages(browser)


def opened(page: Page, url: str, place: str) -> None:
    """Open a mode and wait until nothing changes."""
    page.goto(f"{url}/?tab={place}")
    page.wait_for_function(
        "[...document.querySelectorAll('.stage')].find((each) => each.clientWidth)?.explorer?.mode?.()"
    )
    page.evaluate(QUIET, REST_MS)


def picture_faults(page: Page, folder: Path, theme: str) -> list[str]:
    """Sentences about a saved picture that is not what is on screen, where that stands still meanwhile."""
    page.evaluate(THEME, theme)
    for _ in range(TRIES):
        page.evaluate(QUIET, REST_MS)
        before = shown(page, folder / "before.png")
        if not can_save(page, "PNG"):
            return []
        path = saved(page, "PNG", folder)
        page.keyboard.press("Escape")
        after = shown(page, folder / "after.png")
        if before.size == after.size and blocks_apart(before, after) == 0:
            apart = blocks_apart(kept(path, after.size), after)
            return [f"{apart} squares of the {theme} picture are not as on screen"] if apart > STRAY else []
    return ["the screen never stood still"]


def table_faults(page: Page, folder: Path) -> list[str]:
    """Sentences about a saved table that a program cannot read."""
    return Table.read(saved(page, "CSV", folder)).faults() if can_save(page, "CSV") else []


@pytest.mark.core
@pytest.mark.parametrize(("place", "theme"), CORE)
def test_a_saved_picture_is_what_is_on_screen_and_a_program_reads_the_table(
    page: Page, app_url: str, tmp_path: Path, place: str, theme: str
):
    opened(page, app_url, place)
    assert can_save(page, "PNG")
    assert not [*picture_faults(page, tmp_path, theme), *table_faults(page, tmp_path)]


@pytest.mark.parametrize(("tab", "mode"), MODES, ids=lambda each: str(each))
def test_what_every_mode_saves_is_what_it_shows(page: Page, app_url: str, tmp_path: Path, tab: str, mode: str):
    opened(page, app_url, f"{tab}&mode={mode}")
    faults = [fault for theme in ("light", "dark") for fault in picture_faults(page, tmp_path, theme)]
    assert not [*faults, *table_faults(page, tmp_path)]
