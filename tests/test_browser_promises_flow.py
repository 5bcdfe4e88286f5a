"""The presets and the tour of the flow do what they say."""

from collections.abc import Callable

from playwright.sync_api import Page

from explorer.tabs.flow import tab as flow
from tests.promises import Came, Promise, Stage, check_presets, check_tour

FILM = "m.part?.drawn?.done && m.part.film.index === "
LAST = "[...m.part.drawn.frames.at(-1).x].map((level) => level / 255)"
MIXED = "m.part?.answer && m.part.shown === m.part.answer && m.part.sides[0].board.what"
MIXTURE = "[...m.part.sides[0].board.what.values]"
TYPICAL = "m.part?.latest && m.part.tests"


def says(words: str, arrived: str, holds: Callable[[Came], bool] = lambda came: True, images: str = "[]") -> Promise:
    """The mode's sentences hold these words."""
    spoken = f"({arrived}) && document.querySelector('.stage.flow .seen').innerText.includes('{words}')"
    return Promise(lambda came: words in came.words and holds(came), spoken, images)


def keeps(**state) -> Promise:
    """About the state alone."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()))


FLOW = Stage(
    ".stage.flow",
    "tab=flow&net=flow-mnist&mode=layers",
    lambda state: state["net"].partition("-")[2],
    {"net": "flow-rings", "seed": 5, "label": 2, "part": "typical", "temperature": 0.5, "tap": 3, "cut": 1, "unit": 2}
    | {"img": 77, "img2": 3, "kind": "noise"},
    {
        ("layers", "Sixteen 3s, a quarter drawn"): says(
            "196 of 784 pixels", f"{FILM} 15", lambda came: came.seen(3) >= 8 and came.state["label"] == 3, LAST
        ),
        ("layers", "A 3's coarse z, a 9's fine z"): says(
            "196 numbers of z are those of A, a 3, the other 588 those of B, a 9",
            MIXED,
            lambda came: came.seen(3) == 1,
            MIXTURE,
        ),
        ("layers", "The mode, z = 0"): says("this z has ‖z‖² = 0", TYPICAL),
        ("fifth", "A plain 1"): says("a 1, with pixels", "m.found", lambda came: came.shows("img", 1)),
        ("fifth", "A strange 2"): says("a 2, with pixels", "m.found", lambda came: came.shows("img", 2)),
        ("fifth", "Pixels in 0 … 255"): says("with pixels in 0 … 255", "m.found"),
    },
    {
        "Coarse before fine": (
            says("begins as 784 Gaussian numbers", f"{FILM} 0"),
            says("is done: log p(x) is +", f"{FILM} 20", lambda came: came.seen(3) >= 8, LAST),
        ),
        "Whose image is it?": (
            says("this is B, a 9", MIXED, lambda came: came.seen(9) == 1, MIXTURE),
            says("196 numbers of z are those of A, a 3", MIXED, lambda came: came.seen(3) == 1, MIXTURE),
        ),
        "Most likely, least typical": (
            says("which is typical of Gaussian noise", TYPICAL),
            says("19.8 standard deviations short", TYPICAL),
        ),
        "+3,400 nats against −62": (
            says("with pixels in 0 … 1, the flow", "m.found"),
            says("with pixels in 0 … 255", "m.found"),
        ),
        "Nothing is likelier": (keeps(net="flow-mnist", img=8), keeps(kind="blank")),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in FLOW.presets):
        check_presets(FLOW, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(FLOW, page, app_url, flow.TAB.tour(flow.TAB.quotes({})))
