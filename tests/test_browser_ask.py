"""Ask: the shared questions of a family as one entry of the navigation, by pointer, keys and links."""

import re

import pytest
from playwright.sync_api import Page, expect

from explorer.tabs.kit.layout.groups import TITLES
from tests.stage import STAGE, STAGES, mode_lists, mode_panel, mode_tab, state, wait_for_address
from tests.tab import Tab
from tests.test_ask import ASKING, compared

TAB, COMPARE = Tab("flow", "flow", "warp"), Tab("compare", "compare", "make")
IMAGE = "net=flow-mnist&img=8"
COUNTING = {"gan": ("gan-mnist", "complete"), "diffusion": ("diffusion-mnist", "make")}
"""Tabs whose films count frames: a network of each, and a shared question with a film."""


@pytest.mark.core
def test_it_opens_the_first_question_and_then_the_last_one(page: Page, app_url: str):
    TAB.open(page, app_url)
    choice = page.get_by_role("tablist", name="What it can do", exact=True)
    ask, warp = (mode_lists(page).get_by_role("tab", name=name, exact=True) for name in ("What it can do", "Warp"))
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


@pytest.mark.core
@pytest.mark.parametrize(
    ("place", "opened"),
    [("autoencoders&mode=map", "anomaly"), ("style&mode=mix", "make"), ("energy&mode=langevin", "make")],
)
def test_it_opens_the_first_question_that_the_network_answers(page: Page, app_url: str, place: str, opened: str):
    page.goto(f"{app_url}/?tab={place}")
    mode_lists(page).get_by_role("tab", name="What it can do", exact=True).click()
    wait_for_address(page, f"mode={opened}")
    expect(page.locator(".stage:visible .mode-title")).to_have_text(TITLES[opened])
    expect(page.locator(".stage:visible .refusal")).to_have_count(0)


def test_a_link_to_a_question_that_is_not_answered_gives_the_reason_and_the_entry_opens_another(
    page: Page, app_url: str
):
    page.goto(f"{app_url}/?tab=autoencoders&mode=make")
    refusal = page.locator(".stage.autoencoders .refusal")
    expect(refusal).to_contain_text("Cannot, because")
    mode_lists(page).get_by_role("tab", name="What it can do", exact=True).click()
    wait_for_address(page, "mode=anomaly")
    expect(refusal).to_be_hidden()


def test_a_link_to_a_question_is_a_link_into_it(page: Page, app_url: str):
    TAB.open(page, app_url, f"mode=likelihood&{IMAGE}")
    expect(mode_lists(page).get_by_role("tab", selected=True)).to_have_text("What it can do")
    expect(page.get_by_role("tablist", name="What it can do").get_by_role("tab", selected=True)).to_have_text(
        "How likely?"
    )


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
    expect(page.get_by_role("tablist", name="What it can do")).to_be_visible()
    expect(page.locator(".stage.autoencoders").get_by_role("link", name="Compare", exact=True)).to_be_hidden()


@pytest.mark.parametrize("tab", ASKING, ids=[tab.name for tab in ASKING])
def test_each_of_its_modes_leads_to_the_same_question_in_compare(page: Page, app_url: str, tab):
    nets = [net.name for net in tab.shown() if net.content().value.get("compared")]
    stage = page.locator(f".stage.{STAGES[tab.name]}")
    asked = compared(tab)["modes"]
    page.goto(f"{app_url}/?tab={tab.name}&mode={next(iter(asked))}" + (f"&net={nets[-1]}" if nets else ""))
    for mode, there in asked.items():
        page.get_by_role("tablist", name="What it can do", exact=True).get_by_role(
            "tab", name=tab.modes[mode], exact=True
        ).click()
        expect(mode_panel(page)).to_have_accessible_name(tab.modes[mode])
        expect(stage.locator(f".mode-{mode}").first).to_be_visible()
        link = stage.locator(".to-compare")
        if nets:
            expect(link).to_have_attribute("href", re.compile(f"mode={there}&lit=({'|'.join(tab.shows)})(&|$)"))
        else:
            expect(link).to_be_hidden()
        expect(stage.locator(".status")).to_have_text(re.compile("^(?!.*cannot be)"))


@pytest.mark.parametrize("name", COUNTING)
def test_where_films_count_frames_so_does_the_clock_of_the_questions(page: Page, app_url: str, name: str):
    net, mode = COUNTING[name]
    tab = Tab(STAGES[name], name, mode)
    tab.open(page, app_url, f"mode={mode}&net={net}&img=8")
    tab.wait_until(page, "x.mode().race?.finished.length")
    assert tab.value(page, "[x.mode().race.shown, x.store.get().at]") == [100, None]
    tab.main(page).get_by_role("slider").last.press("Home")
    wait_for_address(page, "at=0")
    tab.main(page).get_by_role("slider").last.press("ArrowRight")
    wait_for_address(page, "at=1")
    page.reload()
    tab.wait_until(page, "x.mode().race?.finished.length")
    assert tab.value(page, "[x.mode().race.shown, x.mode().race.position(1).place]") == [1, 0.01]
    href = page.locator(f".stage.{STAGES[name]} .to-compare").get_attribute("href")
    assert "at=" not in href, "there, the place is a share"


def test_the_map_gives_way_to_a_question_about_beta_1_and_comes_back(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&mode=likelihood&img=8&beta=4&z=0.5,0.5")
    stage = page.locator(STAGE)
    expect(stage).to_contain_text("to the model at β = 1?")
    expect(stage.locator(".size-row")).to_contain_text(["this picture", "test-set mean"])
    expect(stage.locator(".size-row .number").first).to_contain_text("≤")
    expect(stage.locator(".map")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert state(page)["z"] == [0.5, 0.5]
    mode_tab(page, "Between two").click()
    expect(stage.locator(".map")).to_be_visible()
    expect(stage.locator(".main .size-row")).to_be_hidden()
    assert state(page)["beta"] == 4
    mode_tab(page, "Complete").click()
    expect(stage.locator(".main .family")).to_contain_text("error, L2")
    assert "networks" in stage.get_attribute("class")
