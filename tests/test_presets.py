"""Pictures of the presets: each is of a preset as it is declared now, and lies where the page looks for it."""

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.lessons import presets
from explorer.tabs import interface
from explorer.tabs.kit.layout.tab import Tab

WITHOUT = {
    *(("compare", "texts"), ("compare", "compress"), ("lab", "matrix"), ("translate", "permutes"), ("ar", "score")),
    ("ar", "reward"),
    ("lab", "power"),
    ("flow-matching", "targets"),
}
"""Modes whose pictures may be a text, a table or charts, as all of `TEXT` are."""
TEXT = "text"
TABS = [tab for tab in interface.TABS if [*tab.presets()]]
FOUNDATIONS = next(tab for tab in TABS if tab.name == "foundations")
MOST_BYTES = 80_000
IMAGES = {"img"}
"""A preset that chooses a test image has that one on its card."""


def named(tab: Tab) -> str:
    return tab.name


@pytest.mark.parametrize("tab", TABS, ids=named)
def test_every_preset_has_the_picture_that_was_recorded_of_it_and_no_other_is_kept(tab: Tab):
    declared = {presets.key(*preset): preset for preset in tab.presets()}
    recorded = [presets.key_of(each) for each in presets.recorded_pictures(tab.name)]
    assert len(recorded) == len({*recorded})
    assert {*recorded} <= declared.keys(), "record them anew: python -m tests.preset_pictures"
    lacking = [declared[key] for key in declared.keys() - {*recorded} if not IMAGES & declared[key][2].keys()]
    assert tab.name == TEXT or not [label for mode, label, _ in lacking if (tab.name, mode) not in WITHOUT]


@pytest.mark.parametrize("tab", [tab for tab in TABS if presets.sheet(tab.name).exists()], ids=named)
def test_a_sheet_has_as_many_pictures_as_its_list(tab: Tab):
    path = presets.sheet(tab.name)
    with Image.open(path) as sheet:
        assert sheet.size == (presets.PRESETS_SIDE, presets.PRESETS_SIDE * len(presets.recorded_pictures(tab.name)))
    assert path.stat().st_size <= MOST_BYTES


def test_a_preset_that_has_changed_has_no_picture():
    (mode, label, state), *others = FOUNDATIONS.presets()
    pictures = presets.to_props(FOUNDATIONS.name, [(mode, label, state | {"mu": 0}), *others])["pictures"]
    assert label not in pictures[mode]
    assert presets.to_props(FOUNDATIONS.name, FOUNDATIONS.presets())["pictures"][mode][label][0] == 0


@pytest.mark.core
def test_a_card_shows_its_own_part_of_the_sheet(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=foundations&mode=likelihood")
    cards = page.locator(".stage.foundations .tries .pictured")
    expect(cards.first).to_be_visible()
    place = presets.to_props("foundations", FOUNDATIONS.presets())["pictures"]["likelihood"]["Too narrow"][0]
    picture = cards.filter(has_text="Too narrow").locator(".try-picture")
    style = picture.evaluate(
        "(each) => { const { backgroundImage, backgroundPositionY } = getComputedStyle(each);"
        " return [backgroundImage, parseFloat(backgroundPositionY), each.clientHeight]; }"
    )
    assert presets.sheet("foundations").name in style[0]
    assert style[1] == pytest.approx(-place * style[2], abs=0.5)
