"""The presets and the tour of the discrete diffusion do what they say."""

from playwright.sync_api import Page

from explorer.tabs.discrete_diffusion.tab import TAB
from tests.promises import Came, Promise, Stage, check_presets, check_tour

FILM = "m.current?.done && m.drawn === m.current && m.film.index === m.film.steps.length - 1"
LAST = "[...m.drawn.frames.at(-1).x].map((level) => level / 255)"
RACE = "m.race?.finished.length === 3"
CHAINS = "m.race?.finished.length === 2"
TERMS = "m.answer?.isCurrent"


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words."""
    there = f"{arrived} && m.seen.element.innerText.includes({words!r})"
    kept = keeps(**state).holds
    return Promise(lambda came: words in came.words and kept(came), there)


def image(words: str, digit: int | None = None, **state) -> Promise:
    """A film has come to its end, and its image is of a class, or of no class that was asked for."""
    result = says(words, FILM, **state)

    def holds(came: Came) -> bool:
        return result.holds(came) and (digit is None or came.seen(digit) == 1)

    return Promise(holds, result.arrived, LAST)


def differs(came: Came) -> bool:
    return came.state["over"] and came.images[0, 0] == 1 and "came out differently" in came.words


DISCRETE = Stage(
    ".stage.discrete_diffusion",
    "tab=discrete-diffusion&mode=unmask",
    lambda state: "mnist",
    {"seed": 5, "label": 8, "order": "raster", "per": 56, "pixel": 300, "chain": "uniform", "way": "back", "times": 4}
    | {"t": 2, "pattern": 9, "cell": 3, "m": 100, "img": 3},
    {
        ("unmask", "The most confident first"): image("the most confident first", 3, order="certain", per=4),
        ("unmask", "All pixels at once"): image("all at once", per=784),
        ("unmask", "White in the corner"): Promise(differs, FILM + " && m.differ !== null", LAST),
        ("chain", "Masks keep visible pixels correct"): says(
            "visible pixel is masked", chain="absorbing", t=4, way="forward"
        ),
        ("chain", "Uniform noise: visible may be wrong"): says("drawn anew", chain="uniform", t=4, way="forward"),
        ("chain", "Back in two steps"): says("of 100 reverse processes of 2 steps", way="back", times=2, t=0),
        ("orders", "Eights, sixteen pixels at a time"): says("16 pixels at a time", RACE, label=8, per=16),
        ("orders", "All pixels at once"): says("The pixels are independent of each other", RACE, per=784),
        ("chains", "Eights, in 49 steps"): says("took 49 evaluations", CHAINS, label=8, per=16),
        ("chains", "In four steps"): says("took 4 evaluations", CHAINS, label=8, per=196),
        ("bound", "A plain 1"): says("With 392 of 784 pixels masked", TERMS, m=392),
        ("bound", "A strange 2"): says("With 392 of 784 pixels masked", TERMS, m=392),
        ("bound", "The last pixel of all"): says("With 1 of 784 pixels", TERMS, m=1),
    },
    {
        "Masked pixels": (says("visible pixel is masked", chain="absorbing", t=4), keeps(chain="absorbing", t=5)),
        "Uniform noise": (says("drawn anew", chain="uniform", t=4), keeps(chain="uniform", t=6)),
        "All at once": (image("all at once", per=784), image("4 at a time", 3, per=4)),
        "One network, three orders": (keeps(RACE, per=16), says("Another order is another model", RACE)),
        "The cost of each pixel": (says("With 392 of", TERMS), says("With 60 of", TERMS)),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    for mode in dict.fromkeys(mode for mode, _ in DISCRETE.presets):
        check_presets(DISCRETE, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    figures = TAB.quotes({net.name: net.content() for net in TAB.shown()})
    check_tour(DISCRETE, page, app_url, TAB.tour(figures))
