"""Screens of other shapes than a phone held upright: a tablet, a phone on its side, and the narrowest."""

import pytest
from playwright.sync_api import Page

from tests import raster, stage

INSET = """x.map.overlay.getContext('2d').getImageData(40 * devicePixelRatio, 40 * devicePixelRatio, 1, 1).data[3]"""
CUT = """() => [...document.querySelectorAll('.stage.autoregressive .segment')].filter((item) => {
  const [own, frame] = [item, item.parentElement].map((element) => element.getBoundingClientRect());
  return own.width > 0 && (own.left < 0 || own.right > innerWidth || own.right > frame.right + 1);
}).map((item) => item.textContent)"""


def test_the_decoded_image_is_in_sight_on_a_tablet_and_on_a_phone_on_its_side(phone: Page, app_url: str):
    phone.set_viewport_size({"width": 820, "height": 1180})
    stage.open_stage(phone, app_url, "z=1,0.5")
    assert stage.explorer(phone, INSET) == 255, "the panel lies below the map: the image is on it too"

    phone.set_viewport_size({"width": 844, "height": 390})
    phone.wait_for_function(f"document.querySelector('{stage.STAGE}').explorer.map.isAlone === false")
    stage.settle(phone)
    assert stage.explorer(phone, INSET) == 0
    plane, decoded = phone.locator(stage.MAP).bounding_box(), stage.panel(phone).locator("canvas").first.bounding_box()
    assert plane["x"] + plane["width"] <= decoded["x"], "the panel is beside the map"
    assert plane["y"] <= 130 and decoded["y"] + decoded["height"] <= 390


@pytest.mark.core
def test_no_switch_is_cut_on_the_narrowest_screen(phone: Page, app_url: str):
    phone.set_viewport_size({"width": 320, "height": 640})
    raster.open_raster(phone, app_url, "mode=score")
    for title, mode in (("How likely?", "score"), ("Masks", "masks")):
        raster.TAB.tap_to(phone, title, mode)
        assert phone.evaluate("document.scrollingElement.scrollWidth") <= 320
        assert phone.evaluate(CUT) == []
