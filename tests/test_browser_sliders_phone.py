"""A finger that scrolls the page past a slider, a player or a chart changes nothing; one that moves along it does."""

import pytest
from playwright.sync_api import Locator, Page

from tests import diffusion, raster, stage
from tests.finger import drag
from tests.stage import url_in

SCROLL, ALONG = 150, 60


@pytest.mark.core
def test_only_a_finger_that_moves_along_a_control_changes_it(phone: Page, app_url: str):
    diffusion.open_diffusion(phone, app_url, "img=108&t=300")
    diffusion.wait_until(phone, "x.mode().x0")
    main = diffusion.main(phone)
    check(phone, main.locator(".film-scrubber"), "t=")
    check(phone, main.locator("canvas.movable"), "t=")
    raster.open_raster(phone, app_url, "mode=masks&part=blind&kernel=3&layer=4")
    raster.wait_until(phone, "x.mode().answer?.isCurrent")
    check(phone, raster.panel(phone).get_by_role("slider", name="Layers"), "layer=")

    stage.open_stage(phone, app_url)
    check(phone, phone.locator(".beta-track input"), "beta=")


def test_a_finger_that_scrolls_past_the_time_of_a_field_does_not_change_it(phone: Page, app_url: str):
    diffusion.open_diffusion(phone, app_url, "mode=field")
    diffusion.wait_until(phone, "x.mode().field && x.mode().plane.scene?.level")
    check(phone, diffusion.panel(phone).get_by_role("slider", name="Time t of the field"), "level=")


def check(phone: Page, control: Locator, key: str) -> None:
    """The page scrolls under the finger and nothing else happens; then the control works, and so does a tap."""
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    before = shown(control)
    address, place = url_in(phone), phone.evaluate("scrollY")
    assert "pointercancel" in drag(phone, control, up=SCROLL), "the browser took the finger for a scroll"
    phone.wait_for_function("place => scrollY > place + 50", arg=place)
    assert shown(control) == before
    assert url_in(phone) == address
    assert not [url for url in asked if "component_server" in url]

    assert "pointerup" in drag(phone, control, along=ALONG)
    phone.wait_for_function("before => location.href !== before", arg=address)
    assert key in url_in(phone)
    dragged = url_in(phone)
    drag(phone, control)
    phone.wait_for_function("before => location.href !== before", arg=dragged)


def shown(control: Locator) -> list[str | None]:
    """Value of the control, and the words for it."""
    names = ["aria-valuetext", "aria-label"]
    return control.evaluate("(it, names) => [it.value ?? null, ...names.map((name) => it.getAttribute(name))]", names)
