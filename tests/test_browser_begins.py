"""In a real browser a film plays once when it opens, unless its address says a place or motion is unwanted."""

import pytest
from playwright.sync_api import Page

from tests.stage import wait_for_address

OPENED = """() => {
  const film = [...document.querySelectorAll(".stage")].find((each) => each.clientWidth)?.explorer?.mode()?.film;
  return film?.steps.length > 1 && film;
}"""
MOVING = f"(last) => {{ const film = ({OPENED})(); return film && film.timer && film.index < last / 2; }}"
STANDS = f"(at) => {{ const film = ({OPENED})(); return film && !film.timer && film.index === at; }}"
FILMS = [
    ("diffusion&mode=forward", 1000, "t=259", 259),
    ("flow-matching&mode=paths", 40, "time=0.5", 20),
    ("flow-matching&mode=reflow", 40, "along=0.25", 10),
    ("discrete-diffusion&mode=chain", 8, "t=3", 3),
    ("discrete-diffusion&mode=chain&way=back", 8, "t=3", 5),
]
NAMES = ["forward", "paths", "reflow", "chain", "back"]
PLAYS_MS = 60_000


@pytest.mark.core
@pytest.mark.parametrize(("query", "last", "place", "at"), FILMS, ids=NAMES)
def test_a_film_opens_in_motion_and_rests_at_its_end(
    page: Page, app_url: str, query: str, last: int, place: str, at: int
):
    page.goto(f"{app_url}/?tab={query}")
    page.wait_for_function(MOVING, arg=last, polling=20)
    page.wait_for_function(STANDS, arg=last, timeout=PLAYS_MS)
    page.wait_for_timeout(1_000)
    assert page.evaluate(STANDS, last), "it plays once"
    key = place.partition("=")[0]
    wait_for_address(page, f"&{key}=", there=False)


@pytest.mark.parametrize(("query", "last", "place", "at"), FILMS, ids=NAMES)
def test_a_film_stands_at_the_place_of_its_address(
    page: Page, app_url: str, query: str, last: int, place: str, at: int
):
    page.goto(f"{app_url}/?tab={query}&{place}")
    page.wait_for_function(STANDS, arg=at)
    page.wait_for_timeout(1_000)
    assert page.evaluate(STANDS, at)


@pytest.mark.parametrize(("query", "last", "place", "at"), FILMS, ids=NAMES)
def test_without_motion_a_film_is_complete_and_still(
    page: Page, app_url: str, query: str, last: int, place: str, at: int
):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/?tab={query}")
    page.wait_for_function(STANDS, arg=last)
    page.wait_for_timeout(1_000)
    assert page.evaluate(STANDS, last)
