"""The presets and the tour of the flow do what they say."""

import math
from collections.abc import Callable

from playwright.sync_api import Page

from explorer.networks.card import find
from explorer.numbers.trained import read_card
from explorer.tabs.flow import tab as flow
from tests.promises import Came, Promise, Stage, check_presets, check_tour

WARPED = "m.warped && m.film.steps.length"
FILM = "m.part?.drawn?.done && m.part.film.index === "
LAST = "[...m.part.drawn.frames.at(-1).x].map((level) => level / 255)"
SHOWN = "m.part?.answer?.isCurrent"
MIXTURE = "[...m.part.strips[0].strip.bytes].map((level) => level / 255)"
DENSE = "m.isCurrent"


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words."""
    there = f"{arrived} && m.seen.element.innerText.includes({words!r})"
    kept = keeps(**state).holds
    return Promise(lambda came: words in came.words and kept(came), there)


def thread(of: str) -> str:
    """Sentence on the thread between the moons."""
    bridge = find(read_card("flow-moons"), "bridge", of=of)["value"]
    return f"through a density of {math.exp(bridge):.2g}, in the data"


def warps(words: str, **state) -> Promise:
    return says(words, WARPED, **state)


def tells(words: str, arrived: str, holds: Callable[[Came], bool] = lambda came: True, images: str = "[]") -> Promise:
    """The same of a mode of images, which must hold besides for what came; `images` are judged by the classifier."""
    spoken = f"({arrived}) && document.querySelector('.stage.flow .seen').innerText.includes('{words}')"
    return Promise(lambda came: words in came.words and holds(came), spoken, images)


FLOW = Stage(
    ".stage.flow",
    "tab=flow&mode=make",
    lambda state: state["net"].removeprefix("flow-"),
    {"net": "flow-mnist", "curve": "spline", "depth": 1, "place": 0.5, "way": "forward", "heat": "none", "seed": 5}
    | {"s": [1] * 7, "t": [-1] * 7, "mask": "turns", "nice": True, "undone": True, "x": [1, 1]}
    | {"base": "uniform", "bend": [-3, -2, -1, 0, 1, 2, 3], "mark": -2}
    | {
        "label": 2,
        "part": "typical",
        "temperature": 0.5,
        "tap": 3,
        "cut": 1,
        "unit": 2,
        "img": 77,
        "img2": 3,
        "kind": "noise",
        "causal": "race",
        "patch": 9,
        "by": -1,
    },
    {
        ("warp", "Eight spline layers"): warps(thread("spline-8"), net="flow-moons"),
        ("warp", "Only shifting: NICE"): warps("every area stays as large as it is", net="flow-moons"),
        ("warp", "Where layers stretch"): warps("Spline couplings scale", heat="volume", place=1),
        ("coupling", "NICE: every area stays"): says("in its middle det J is 1.00", nice=True),
        ("coupling", "The same mask twice"): says("x₁ of no point has moved", mask="same"),
        ("coupling", "In turns, and undone"): says("The largest error of all 400 points is", undone=True),
        ("variables", "One bump becomes two"): says("a factor of 1 ÷ 1.5", base="gaussian"),
        ("variables", "Flat in the middle"): says("so the same mass is packed closer", base="gaussian"),
        ("variables", "A box, bent"): says("summed over y, is 1.000", base="uniform"),
        ("layers", "3s requested, a quarter done"): tells(
            "196 of 784 pixels", f"{FILM} 15", lambda came: came.seen(3) >= 8 and came.state["label"] == 3, LAST
        ),
        ("layers", "A 3's coarse z, a 9's fine z"): tells(
            "A, a 3, gives 196 numbers of z; B, a 9, the other 588",
            SHOWN,
            lambda came: came.seen(3) == 1,
            MIXTURE,
        ),
        ("layers", "The mode of the noise, z = 0"): tells("this z has ‖z‖² = 0", SHOWN),
        ("causal", "Sixteen passes of 64"): tells("TarFlow has undone 1 of 4 blocks", f"{FILM} 16"),
        ("causal", "The first patch of z"): tells("Patch 1 of z is changed by 2.0", SHOWN),
        ("causal", "The last patch of z"): tells("Patch 16 of z is changed by 2.0", SHOWN),
        ("fifth", "A plain 1"): tells(", a 1, is", DENSE, lambda came: came.shows("img", 1)),
        ("fifth", "A strange 2"): tells(", a 2, is", DENSE, lambda came: came.shows("img", 2)),
        ("fifth", "Pixels in 0 … 255"): tells("In 0 … 255", DENSE),
    },
    {
        "Between the moons": (keeps(WARPED, place=4), warps(thread("affine-4"), place=0)),
        "What limits a flow?": (keeps(nice=False, mask="one"), says("x₂ is only shifted", nice=True)),
        "Flat and steep": (says("a factor of 1 ÷ 1.00"), says("a factor of 1 ÷ 0.30")),
        "Coarse before fine": (
            tells("begins as 784 Gaussian numbers", f"{FILM} 0"),
            tells("log p(x) = +", f"{FILM} 20", lambda came: came.seen(3) >= 8, LAST),
        ),
        "Whose image is it?": (
            tells("this is B, a 9", SHOWN, lambda came: came.seen(9) == 1, MIXTURE),
            tells("A, a 3, gives 196 numbers of z", SHOWN, lambda came: came.seen(3) == 1, MIXTURE),
        ),
        "The density of z": (
            tells("which is typical of Gaussian noise", SHOWN),
            tells("19.8 standard deviations short", SHOWN),
        ),
        "Back from z": (
            tells("On its way back, TarFlow needs 64 passes", f"{FILM} 0"),
            tells("TarFlow is back at x after 64 passes", f"{FILM} 64"),
        ),
        "+3,400 nats against −62": (
            tells("In 0 … 1, the log-density", DENSE),
            tells("In 0 … 255", DENSE),
        ),
        "A blank page": (keeps(net="flow-mnist", img=8), keeps(kind="blank")),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in FLOW.presets):
        check_presets(FLOW, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(FLOW, page, app_url, flow.TAB.tour(flow.TAB.quotes({})))
