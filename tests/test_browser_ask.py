"""Ask: the shared questions of a family as one entry of the navigation, by pointer, keys and links."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import mode_lists, mode_panel, wait_for_address
from tests.tab import Tab

TAB, COMPARE = Tab("flow", "flow", "warp"), Tab("compare", "compare", "make")
IMAGE = "net=flow-mnist&img=8"


@pytest.mark.core
def test_it_opens_the_first_question_and_then_the_last_one(page: Page, app_url: str):
    TAB.open(page, app_url)
    choice = page.get_by_role("tablist", name="Ask", exact=True)
    ask, warp = (mode_lists(page).get_by_role("tab", name=name, exact=True) for name in ("Ask", "Warp"))
    expect(choice).to_be_hidden()
    ask.click()
    wait_for_address(page, "mode=make")
    expect(choice.get_by_role("tab", selected=True)).to_have_text("Make")
    choice.get_by_role("tab", selected=True).press("End")
    wait_for_address(page, "mode=interpolate")
    expect(mode_panel(page)).to_have_accessible_name("Between two")
    warp.click()
    expect(choice).to_be_hidden()
    ask.click()
    wait_for_address(page, "mode=interpolate")


def test_a_link_to_a_question_is_a_link_into_it(page: Page, app_url: str):
    TAB.open(page, app_url, f"mode=likelihood&{IMAGE}")
    expect(mode_lists(page).get_by_role("tab", selected=True)).to_have_text("Ask")
    expect(page.get_by_role("tablist", name="Ask").get_by_role("tab", selected=True)).to_have_text("How likely?")


def test_compare_is_one_click_away_and_the_family_comes_first_and_marked(page: Page, app_url: str):
    TAB.open(page, app_url, f"mode=make&{IMAGE}&seed=9")
    page.locator(".stage.flow").get_by_role("link", name="Compare", exact=True).click()
    COMPARE.wait_until(page, "x.mode().race?.columns.length > 5")
    assert {key: COMPARE.state(page)[key] for key in ("mode", "seed", "img", "lit", "data")} == {
        "mode": "make",
        "seed": 9,
        "img": 8,
        "lit": "flow",
        "data": "mnist",
    }
    families = COMPARE.main(page).locator(".family")
    expect(families.first.get_by_role("heading")).to_have_text("Flow")
    expect(COMPARE.main(page).locator(".family.lit")).to_have_count(1)
    expect(families.first).to_contain_class("lit")


def test_who_takes_no_part_in_compare_has_no_way_there(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=autoencoders&mode=anomaly&net=autoencoder-mnist")
    expect(page.get_by_role("tablist", name="Ask")).to_be_visible()
    expect(page.locator(".stage.autoencoders").get_by_role("link", name="Compare", exact=True)).to_be_hidden()
