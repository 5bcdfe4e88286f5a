"""The presets and the tour of flow matching do what they say."""

from playwright.sync_api import Page

from explorer.tabs.flow_matching import tab as flow_matching
from tests.promises import Promise, Stage, check_presets, check_tour

ENDS = "[...m.found({ solver: 'euler', steps: 50 }).x].map((level) => level / 255)"
SOLVED = "m.race?.rests && m.found({ solver: 'euler', steps: 50 }) && m.found({ solver: 'adaptive', steps: 10 })"
MOONS = "flow-matching-moons"


def says(words: str, arrived: str = "true", **state) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    there = f"({arrived}) && m.seen?.element.innerText.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), there
    )


def keeps(**state) -> Promise:
    return Promise(lambda came: all(came.state[key] == value for key, value in state.items()))


FLOW_MATCHING = Stage(
    ".stage.flow_matching",
    "tab=flow-matching&mode=make",
    lambda state: state["net"].removeprefix("flow-matching-"),
    {"net": "flow-matching-mnist", "coupling": "reflow-2", "time": 0.3, "along": 0.2, "view": "data", "few": 5}
    | {"seed": 5, "x": [-1, 1], "label": 2, "w": 3, "at": 0.4},
    {
        ("paths", "Between the moons"): says("Lines through (0.50, 0.30) at t = 0.50 go", coupling="independent"),
        ("paths", "Pairs of least distance"): says("squared distances have the least sum", coupling="ot", net=MOONS),
        ("paths", "Where lines begin: t = 0"): says("Lines through (0.50, −0.50) at t = 0.00 go", time=0),
        ("reflow", "Fifty steps"): says("In 50 steps a bent path", few=50, net=MOONS),
        ("reflow", "Two steps, eight Gaussians"): says("After 2 Euler steps", net="flow-matching-eight-gaussians"),
        ("family", "Much noise, same marginal"): says("at t = 0.60", epsilon=[2, 2, 2], euler=50),
        ("family", "Much noise, few steps"): says("at t = 1.00", epsilon=[2, 2, 2], euler=5),
        ("family", "Noise that explodes: VE"): says("at t = 1.00", path="ve"),
        ("family", "A bent path"): says("bending α or σ changes them", bent=[0.5, 0.4, 0, 0.4, 0.5]),
        ("bridges", "Nearly optimal transport"): says("ε = 0.032", logeps=-1.5),
        ("bridges", "Nearly independent"): says("ε = 10.000", logeps=1),
        ("bridges", "Minibatches of four"): says("Minibatches of 4 have", plan="minibatch", group=4),
        ("one_step", "Four evaluations"): says("network passes", "m.done.value", taken=4),
        ("one_step", "Eight Gaussians"): says("network passes", "m.done.value", net="flow-matching-eight-gaussians"),
        ("one_step", "Twice as long"): says("network passes", "m.done.value", passes=3_000),
        ("targets", "Two rings"): says("hardly any noise", "m.done.value", net="flow-matching-rings"),
        ("targets", "Digits at three resolutions"): says("hardly any noise", "m.report.value?.sides", taught="digits"),
        ("fields", "Hardly any noise: the score is long"): says("t = 0.90: noise", coupling="independent"),
        ("fields", "Nothing but noise"): says("t = 0.00: noise", view="noise"),
        ("fields", "Where it would end"): says("at x = (0.00, 0.00), t = 0.60", view="data"),
        ("fields", "No score: minibatch OT"): says("The score does not, because", coupling="ot", view="score"),
        ("solvers", "Eight Gaussians, few steps"): says(
            "Ten Euler steps, 10 evaluations", SOLVED, net="flow-matching-eight-gaussians"
        ),
        ("solvers", "Four guided 3s"): Promise(
            lambda came: came.seen(3) >= 3 and came.state["w"] == 2 and "of white away" in came.words, SOLVED, ENDS
        ),
    },
    {
        "Where lines meet": (says("at t = 0.00 go", time=0), says("at t = 0.50 go", coupling="independent")),
        "Minibatch coupling": (says("by chance", coupling="independent"), says("the least sum", coupling="ot")),
        "A single step": (says("In 50 steps", few=50), says("leads near the middle of the data", few=1)),
        "Velocity, noise and score": (says("t = 0.50", view="velocity"), says("0.900 in the score", view="score")),
        "The noise of the SDE": (says("at t = 0.60", epsilon=[0, 0, 0]), says("at t = 0.60", epsilon=[2, 2, 2])),
        "Data in one evaluation": (keeps(net=MOONS, at=0), says("network passes", "m.done.value", at=1)),
        "Entropic couplings": (says("ε = 10.000", logeps=1), says("ε = 0.032", logeps=-1.5)),
        "Two evaluations a step": (keeps(net=MOONS, at=0), says("Ten Euler steps, 10 evaluations", SOLVED, at=1)),
    },
    {"x": None},
)


def test_every_preset_does_what_its_label_says(page: Page, app_url: str):
    for mode in dict.fromkeys(mode for mode, _ in FLOW_MATCHING.presets):
        check_presets(FLOW_MATCHING, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(FLOW_MATCHING, page, app_url, flow_matching.TAB.tour(flow_matching.TAB.quotes({})))
