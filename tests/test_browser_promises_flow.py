"""The presets and the tour of the flow do what they say."""

import math

from playwright.sync_api import Page

from explorer.card import find
from explorer.tabs.flow import tab as flow
from explorer.tabs.kit.trained import read_card
from tests.promises import Promise, Stage, check_presets, check_tour

WARPED = "m.warped?.ready && m.film.steps.length"


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words."""
    there = f"{arrived} && m.seen.element.innerText.includes({words!r})"
    kept = keeps(**state).holds
    return Promise(lambda came: words in came.words and kept(came), there)


def thread(of: str) -> str:
    """What is said of the thread between the moons."""
    bridge = find(read_card("flow-moons"), "bridge", of=of)["value"]
    return f"through a density of {math.exp(bridge):.2g}, in the data"


def warps(words: str, **state) -> Promise:
    return says(words, WARPED, **state)


FLOW = Stage(
    ".stage.flow",
    "tab=flow&mode=make",
    lambda state: state["net"],
    {"net": "flow-mnist", "curve": "spline", "depth": 1, "place": 0.5, "way": "forward", "heat": "none", "seed": 5}
    | {"s": [1] * 7, "t": [-1] * 7, "mask": "turns", "nice": True, "undone": True, "x": [1, 1]}
    | {"base": "uniform", "bend": [-3, -2, -1, 0, 1, 2, 3], "mark": -2},
    {
        ("warp", "The thread between the moons"): warps(thread("affine-4"), net="flow-moons", place=0),
        ("warp", "Splines, eight layers: thinner"): warps(thread("spline-8"), net="flow-moons"),
        ("warp", "Only pushing: NICE"): warps("every area stays as large as it is", net="flow-moons"),
        ("warp", "Where layers stretch"): warps("Spline couplings stretch", heat="volume", place=1),
        ("coupling", "NICE: every area stays"): says("in its middle det J is 1.00", nice=True),
        ("coupling", "The same mask twice"): says("x₁ of no point has moved", mask="same"),
        ("coupling", "In turns, and undone"): says("The largest error of all 400 points is", undone=True),
        ("variables", "One bump becomes two"): says("a factor of 1 ÷ 1.5", base="gaussian"),
        ("variables", "Flat in the middle"): says("so the same mass is packed closer", base="gaussian"),
        ("variables", "A box, bent"): says("summed over y, is 1.000", base="uniform"),
    },
    {
        "A thread that stays": (keeps(WARPED, place=4), warps(thread("affine-4"), place=0)),
        "What limits a flow?": (keeps(nice=False, mask="one"), says("x₂ is only pushed", nice=True)),
        "Flat and steep": (says("a factor of 1 ÷ 1.00"), says("a factor of 1 ÷ 0.30")),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in FLOW.presets):
        check_presets(FLOW, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(FLOW, page, app_url, flow.TAB.tour(flow.TAB.quotes({})))
