"""No dead ends: each entry of a tab's navigation, entered by hand after each other one, shows an answer."""

import json
from contextlib import suppress
from itertools import pairwise, permutations

import pytest
from playwright.sync_api import Page, Request, TimeoutError

from explorer.tabs.interface import TABS
from explorer.tabs.kit.layout.groups import CARDS

OPENED = """(id) => {
  const stage = document.querySelector(`#${id}-stage .stage`);
  return Boolean(stage?.explorer?.mode()?.update);
}"""
ENDS = """(id) => {
  const stage = document.querySelector(`#${id}-stage .stage`);
  const shown = (element) => element.checkVisibility();
  const refused = [...stage.querySelectorAll(".refusal, .race .reason, .exhibit .reason")].filter(shown);
  const failed = stage.querySelector('.status[data-kind="error"]');
  const cannot = [...stage.querySelectorAll(".main p, .panel p")].filter(shown)
    .map(({textContent}) => textContent).filter((text) => text.startsWith("Cannot, because"));
  return [...refused.map(({textContent}) => textContent), ...(failed ? [failed.textContent] : []), ...cannot];
}"""
EMPTY = """(id) => {
  const stage = document.querySelector(`#${id}-stage .stage`);
  const main = stage.querySelector(".main");
  if (!stage.querySelector(`.panel > .mode-${stage.explorer.store.get().mode}`)) return true;
  const isPainted = (canvas) => {
    const { width, height } = canvas;
    if (!width || !height) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    return new Uint32Array(data.buffer).some((each, _, all) => each !== all[0]);
  };
  const drawn = [...main.querySelectorAll("canvas")].some((each) => each.checkVisibility() && isPainted(each));
  return !drawn && !main.querySelector("svg, img, table") && main.innerText.length < 150;
}"""
"""True where a stage shows nothing of its mode: no picture, no table, and hardly a sentence."""
SHOWS_OR_ENDS = f"(id) => !({EMPTY})(id) || ({ENDS})(id).length > 0"
WAIT_MS, ANSWER_MS = 500, 120_000


def entries(tab) -> list[str]:
    """Return the first mode of each entry of a tab's navigation."""
    of_entry: dict[str, str] = {}
    for mode in tab.modes:
        if mode not in CARDS:
            of_entry.setdefault(tab.entry_of.get(mode, mode), mode)
    return [*of_entry.values()]


def enter(page: Page, tab: str, mode: str) -> None:
    """Press the entry of a mode, as a visitor does."""
    page.evaluate(
        """([tab, mode]) => {
          const own = document.getElementById(`${tab}-tab-${mode}`);
          const entry = document.getElementById(`${tab}-entry-${mode}`);
          (entry ?? own).click();
        }""",
        [tab, mode],
    )
    page.wait_for_timeout(WAIT_MS)


def walk(of: list[str]) -> list[str]:
    """Return a walk that goes from each entry to each other one; a start again, and the steps between, come twice."""
    walked = of[:1]
    for number, entry in enumerate(of):
        walked += [] if walked[-1] == entry else [entry]
        for other in of[number + 1 :]:
            walked += [other, entry]
    return walked


def dead_ends(page: Page, tab: str, walked: list[str]) -> dict[tuple[str, str], list[str]]:
    """Return where a walk through a tab ends: at a refusal, at an error, or before an empty stage."""
    dead = {}
    for before, after in pairwise(walked):
        enter(page, tab, after)
        with suppress(TimeoutError):  # an answer may be on its way
            page.wait_for_function(SHOWS_OR_ENDS, arg=tab, timeout=ANSWER_MS)
        if ends := page.evaluate(ENDS, tab):
            dead[before, after] = ends
        elif page.evaluate(EMPTY, tab):
            dead[before, after] = ["an empty stage"]
    return dead


def test_the_walk_goes_from_each_entry_to_each_other_one():
    assert {*permutations("abcd", 2)} == {*pairwise(walk([*"abcd"]))}


@pytest.mark.deep
@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_no_entry_is_a_dead_end_after_any_other(page: Page, app_url: str, tab):
    page.goto(f"{app_url}/?tab={tab.name}")
    page.wait_for_function(OPENED, arg=tab.name)
    of = entries(tab)
    enter(page, tab.name, of[0])
    assert not dead_ends(page, tab.name, walk(of))


@pytest.mark.core
@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_the_last_entry_is_no_dead_end_and_leads_back(page: Page, app_url: str, tab):
    """Of all tabs: the first entry and the last one differ most, and often have networks of other data."""
    page.goto(f"{app_url}/?tab={tab.name}")
    page.wait_for_function(OPENED, arg=tab.name)
    of = entries(tab)
    assert not dead_ends(page, tab.name, ["the opening", of[-1], of[0]])


AGAIN = [
    ("autoencoders", "contractive", "pull", "residual_field", "denoising-autoencoder-moons"),
    ("flow-matching", "make", "paths", "paths", "flow-matching-moons"),
]
"""A tab, a mode about images and one about points, its server function, and its network."""


@pytest.mark.core
@pytest.mark.parametrize(("tab", "images", "points", "asks", "net"), AGAIN, ids=[each[0] for each in AGAIN])
def test_a_mode_that_is_entered_again_asks_nothing_of_another_network(
    page: Page, app_url: str, tab: str, images: str, points: str, asks: str, net: str
):
    """An error about that network would stay: the answer about the right one is remembered, and not asked again."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "component_server" in request.url and (body := json.loads(request.post_data))["fn_name"] == asks:
            asked.append(body["data"]["net"])

    page.on("request", note)
    page.goto(f"{app_url}/?tab={tab}&mode={images}")
    page.wait_for_function(OPENED, arg=tab)
    for mode in (points, images, points):
        enter(page, tab, mode)
        page.locator(f"#{tab}-stage .stage:not(.waiting)").wait_for()
        page.wait_for_timeout(WAIT_MS)
    for _ in range(ANSWER_MS // WAIT_MS):  # a busy machine asks late
        if asked:
            break
        page.wait_for_timeout(WAIT_MS)
    assert {*asked} == {net}
    assert page.evaluate(ENDS, tab) == []


@pytest.mark.parametrize("tab", ["energy", "flow"])
def test_a_mode_takes_the_nearest_network_that_answers_and_says_so(page: Page, app_url: str, tab: str):
    net = {"energy": "ebm-mnist", "flow": "flow-two-moons"}[tab]
    page.goto(f"{app_url}/?tab={tab}&net={net}&mode=make")
    page.wait_for_function(OPENED, arg=tab)
    before = page.evaluate("(id) => document.querySelector(`#${id}-stage .stage`).explorer.store.get().net", tab)
    enter(page, tab, "learn")
    after = page.evaluate("(id) => document.querySelector(`#${id}-stage .stage`).explorer.store.get().net", tab)
    assert page.evaluate(ENDS, tab) == []
    if before != after:
        assert "So " in page.locator(f"#{tab}-stage .status").inner_text()
