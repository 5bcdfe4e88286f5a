"""The presets and the tour of the Energy tab do what they say, in the plane."""

from playwright.sync_api import Page

from explorer.tabs.energy.tab import TAB
from tests.promises import Promise, Stage, check_presets, check_tour

CROSSINGS = "m.current?.done && Number(m.current.frames.at(-1).report.numbers[4][1].replace(',', ''))"
STEP = "m.drawn?.frames[m.film.index].step"
TRAINED = f"m.current?.done && {STEP} === 300"
READ = "m.current?.done && m.film.index === Math.min(x.store.get().moment ?? Infinity, m.film.steps.length - 1)"


def keeps(arrived: str = "true", **state) -> Promise:
    """About the state alone, once it is on screen."""
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()), arrived)


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words."""
    here = f"{arrived} && m.seen.element.innerText.includes('{words}')"
    return Promise(lambda came: words in came.words and keeps(**state).holds(came), here)


STUCK = keeps(f"{CROSSINGS} < 50", net="energy-eight-gaussians", cure="none")
CURED = keeps(f"{CROSSINGS} > 1000", net="energy-eight-gaussians", cure="tempering")

ENERGY = Stage(
    ".stage.energy",
    "tab=energy&mode=ways",
    lambda state: state["net"].partition("-")[2],
    {"net": "energy-rings", "way": "sm", "kernel": "walk", "eps": 0.4, "temp": 2, "chains": 10, "cure": "annealing"}
    | {"drops": [0.5, 0.5], "length": 300, "seed": 5, "shows": "density", "moment": 3},
    {
        ("landscape", "Stuck in one mode of eight"): STUCK,
        ("landscape", "The cure: parallel tempering"): CURED,
        ("landscape", "A step too far"): says("Stopped: chain", "m.current?.done"),
        ("ways", "What a score cannot see"): says("By its own measure", READ, net="energy-eight-gaussians"),
        ("ways", "Where no data are"): keeps(READ, net="energy-moons", shows="energy"),
        ("ways", "Two rings"): keeps(READ, net="energy-rings", shows="density"),
        ("live", "Chains of one step"): says("With chains of 1 step,", TRAINED, net="energy-moons", k=1),
        ("live", "Chains of twenty"): says("With chains of 20 steps", TRAINED, net="energy-moons", k=20),
        ("live", "Chains that cannot jump"): keeps(TRAINED, net="energy-eight-gaussians", jumps=False),
        ("boltzmann", "Hold the upper half"): keeps(net="rbm-mnist", clamp="top"),
        ("boltzmann", "Begin with a shoe"): keeps(net="rbm-mnist", begin="picture", set="fashion-mnist"),
        ("langevin", "Ten times as long"): keeps(net="ebm-mnist", longer=10),
        ("langevin", "Steps that are too large"): keeps(net="ebm-mnist", begin="picture", stride=16),
    },
    {
        "Fifty chains": (keeps("m.drawn && m.film.index === 0", cure="none"), CURED),
        "Four objectives": (keeps(READ, moment=9), says("By its own measure", READ)),
        "Two phases": (keeps(f"{STEP} === 0", k=5), says("after 300 steps", TRAINED)),
        "Free energy and log p": (keeps(net="rbm-mnist", clamp="none"), keeps(clamp="top")),
        "Down to the digits?": (keeps(net="ebm-mnist", longer=1), keeps(longer=10)),
    },
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    for mode in dict.fromkeys(mode for mode, _ in ENERGY.presets):
        check_presets(ENERGY, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    figures = TAB.quotes({net.name: net.content() for net in TAB.shown()})
    check_tour(ENERGY, page, app_url, TAB.tour(figures))
