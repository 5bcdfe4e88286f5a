"""A finger that starts away from a handle scrolls past a picture; a tap, and a drag of the handle, still work."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page

from tests.finger import drag
from tests.stage import url_in

AWAY = 200
PICTURES = {
    "vae map": ("tab=vae&mode=explore&z=2.5,2.5", ".vae .overlay", "z"),
    "flow warp": ("tab=flow&mode=warp&net=flow-moons&x=2,2", ".flow .landscape", "x"),
    "change of variables": ("tab=flow&mode=variables&bend=2.3,2.4,2.5,2.6,2.7,2.8,2.9", ".flow .curve-pad", "bend"),
    "codes of the GAN": ("tab=gan&mode=generate&part=plane&u=0.9&v=0.9", ".gan .plane", "v"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_finger_away_from_the_handle_scrolls_and_a_tap_sets_the_point(phone: Page, app_url: str, name: str):
    query, selector, key = PICTURES[name]
    phone.goto(f"{app_url}/?{query}")
    canvas = phone.locator(selector).first
    canvas.wait_for()
    phone.wait_for_timeout(3_000)
    before = value(phone, key)
    place = phone.evaluate("scrollY")
    assert "pointercancel" in drag(phone, canvas, up=AWAY)
    phone.wait_for_function("place => scrollY > place + 100", arg=place)
    assert value(phone, key) == before
    drag(phone, canvas)
    phone.wait_for_function("([key, old]) => new URLSearchParams(location.search).get(key) !== old", arg=[key, before])
    set_by_tap = value(phone, key)
    assert "pointercancel" not in drag(phone, canvas, up=-60), "the finger starts at the point, which was tapped there"
    assert value(phone, key) != set_by_tap


def value(phone: Page, key: str) -> str | None:
    return parse_qs(urlparse(url_in(phone)).query).get(key, [None])[0]


SWIPES = 5


@pytest.mark.core
def test_a_swipe_over_the_board_of_complete_scrolls_and_a_finger_that_goes_sideways_or_rests_paints(
    phone: Page, app_url: str
):
    phone.goto(f"{app_url}/?tab=diffusion&mode=complete")
    board = phone.locator(".diffusion .mask .board")
    board.wait_for()
    phone.wait_for_timeout(3_000)
    for _ in range(SWIPES):
        assert "pointercancel" in drag(phone, board, up=AWAY)
        assert value(phone, "mask") is None, "a swipe paints nothing"
    assert "pointercancel" not in drag(phone, board, along=90)
    phone.wait_for_function("new URLSearchParams(location.search).get('mask')")
    painted = value(phone, "mask")
    assert "pointercancel" not in drag(phone, board, up=60, rest_ms=300)
    phone.wait_for_function("old => new URLSearchParams(location.search).get('mask') !== old", arg=painted)


def test_a_finger_that_moves_over_the_map_of_codes_leaves_its_place_there(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=autoencoders&mode=map")
    plane = phone.locator(".autoencoders .landscape").first
    plane.wait_for()
    phone.wait_for_timeout(3_000)
    caption = phone.locator(".autoencoders .result figcaption, .autoencoders .captioned.result").first
    assert "pointercancel" not in drag(phone, plane, along=90)
    phone.wait_for_function("new URLSearchParams(location.search).get('z')")
    shown = caption.inner_text()
    phone.wait_for_timeout(600)
    assert caption.inner_text() == shown
