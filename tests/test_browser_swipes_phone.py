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
