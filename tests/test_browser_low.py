"""In a low window, as of a phone on its side, a film's picture is whole above a player of one row."""

import pytest
from playwright.sync_api import Page

from explorer.tabs import interface
from tests.rest import counts_questions, keeps_its_places, leads_to
from tests.stage import STAGES

LOW = ((844, 390), (640, 360), (320, 180))
"""A phone on its side, and a window of 1280 × 720 at 200 % and at 400 %."""
CUT = """() => {
  const stage = [...document.querySelectorAll(".stage")].find((each) => each.checkVisibility());
  const player = [...stage.querySelectorAll(".main .film-controls")].find((each) => each.checkVisibility());
  if (!player) return [];
  const [tall, row] = [player.getBoundingClientRect().height, 60];
  const square = ({ width, height }) => height > 60 && width < 1.4 * height && height < 1.4 * width;
  const pictures = [...stage.querySelectorAll(".main :is(canvas, img)")].filter((each) => each.checkVisibility());
  const boxes = pictures.map((each) => [each, each.getBoundingClientRect()]).filter(([, box]) => square(box));
  const wide = document.documentElement.scrollWidth - innerWidth;
  return [
    ...(tall > row ? [`the player is ${tall} px tall`] : []),
    ...(wide > 0 ? [`the page is ${wide} px too wide`] : []),
    ...boxes.filter(([, box]) => box.height > innerHeight - tall)
      .map(([each, box]) => `.${each.className} is ${box.height} px tall above a player of ${tall}`),
  ];
}"""
TABS = [pytest.param(tab.name, marks=[pytest.mark.core] if tab.name == "gan" else []) for tab in interface.TABS]


@pytest.mark.parametrize("name", TABS)
def test_the_picture_of_every_film_is_whole_above_a_player_of_one_row(phone: Page, app_url: str, name: str):
    phone.set_viewport_size({"width": LOW[0][0], "height": LOW[0][1]})
    phone.emulate_media(reduced_motion="reduce")
    counts_questions(phone)
    phone.goto(f"{app_url}/?tab={name}")
    phone.wait_for_function(f"document.querySelector('.stage.{STAGES[name]}')?.explorer")
    found = {}
    for mode in next(tab for tab in interface.TABS if tab.name == name).modes:
        leads_to(phone, name, mode)
        for width, height in LOW:
            phone.set_viewport_size({"width": width, "height": height})
            keeps_its_places(phone)
            if cut := phone.evaluate(CUT):
                found[f"{mode} at {width} × {height}"] = cut
    assert not found
