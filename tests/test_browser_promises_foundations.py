"""The presets and the tour of the Foundations do what they say."""

from typing import Any

import pytest
from playwright.sync_api import Page

from explorer.tabs.foundations.tab import TAB
from tests.promises import Promise, Stage, check_presets, check_tour


def says(words: str, **state: Any) -> Promise:
    """The mode's sentences hold these words, and the state is as is said."""
    arrived = f"m.seen?.element.innerText.includes({words!r})"
    return Promise(
        lambda came: words in came.words and all(came.state[key] == value for key, value in state.items()), arrived
    )


NEAR = "The descent ended at step 5, at m = 2.50, s = 0.70 with 0.92 nats. Other starts end at m = −2.50, s = 0.70"
COVERED = "That is the mean and the width of p, from any start."
START = "Play the descent to see where it ends."
MEDIUM = "p(cat | medium) = p(medium | cat) p(cat) ÷ p(medium)"

FOUNDATIONS = Stage(
    ".stage.foundations",
    "tab=foundations&mode=likelihood",
    lambda state: "mnist",
    {"part": "table", "mu": 5, "sigma": 2, "prior": True, "tau": 3, "q": [0.1, 0.2, 0.3, 0.4]}
    | {"gap": 2, "m": -3, "s": 4, "goal": "js", "step": 3, "a": 1, "b": 2, "w": 0.2}
    | {"obs": -2, "noise": 1, "pm": 1, "ps": 2, "draws": 3, "seed": 5, "known": "large"}
    | {"joint": [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]}
    | {"share": 0.3, "theirs": 0.7, "far": 4, "blur": 1, "bend": [1, 0, 0, 0, 0, 0, 0, 0, 0]},
    {
        ("likelihood", "The best Gaussian"): says("No μ does better at this σ", prior=False, part="points"),
        ("likelihood", "Too narrow"): says("The point 5 is the least likely", sigma=0.4, prior=False),
        ("likelihood", "A strong prior"): says("moves the best μ from 3.33 to 1.43", tau=0.5),
        ("likelihood", "Snow ruled out"): says("Snow costs most of it", part="table"),
        ("divergences", "Forward covers both"): says(COVERED, goal="forward"),
        ("divergences", "Reverse ends at the near mode"): says(NEAR, goal="reverse"),
        ("divergences", "A third minimum"): says("s = 2.18 with 1.38 nats", goal="reverse"),
        ("divergences", "JS far away: almost no slope"): says("never above log 2", goal="js", step=0),
        ("jensen", "Far apart"): says("x is 0.10 with weight", a=0.1),
        ("jensen", "Close together"): says("is close to that", a=2.7),
        ("jensen", "All weight on one"): says("x does not vary, so there is no gap", w=0),
        ("importance", "A good proposal"): says("on average exact within its error", draws=30, ps=0.4),
        ("importance", "One draw of the posterior"): says("One draw of the proposal is taken at a time", draws=1),
        ("importance", "Too narrow"): says("its weights have no finite variance", ps=0.1),
        ("bayes", "Other x, the same p(y | x)"): says("÷ 0.15 = 0.40", known="medium"),
        ("bayes", "x is missing"): says("The table sums over it: p(cat) = 0.44", known="nothing"),
        ("bayes", "x and y independent"): says("= 0.50. A discriminative model", known="large"),
        ("score", "Far modes, wrong weights"): says("80 % of the data and 20 % of the model", far=8),
        ("score", "Near modes, wrong weights"): says("The scores differ where data are", far=2),
        ("score", "A bend on a mode"): says("50 % of the data and 88 % of the model", far=8),
        ("score", "A bend between the modes"): says("The losses hardly depend", far=8),
    },
    {
        "The best μ": (says("log-likelihood of −13.26", mu=1), says("No μ does better", mu=3.3333)),
        "What a prior does": (says("No μ does better", prior=False), says("from 3.33 to 2.50", prior=True)),
        "How low a loss can get": (says("1.213 + 0.173 = 1.386", part="table"), says("q is p: 1.213 + 0.000")),
        "Which mode?": (says(START, goal="reverse", step=0), says(NEAR, step=120)),
        "Which width?": (says(START, goal="forward", step=0), says(COVERED, step=120)),
        "Mean and logarithm": (says("is close to that", a=2.7), says("x is 0.10 with weight", b=6)),
        "Thirty draws of the prior": (says("count as 1.0 draws of the posterior"), says("count as 27.7 draws", pm=2.3)),
        "Two modes and score matching": (says("(s − ∇ log p)² is 0.203", far=2), says("is 0.003", far=8)),
        "Another zoo": (says(f"{MEDIUM} = 0.27"), says("÷ 0.15 = 0.40")),
    },
)


@pytest.mark.parametrize("mode", dict.fromkeys(mode for mode, _ in FOUNDATIONS.presets))
def test_every_preset_does_what_its_label_says(page: Page, app_url: str, mode: str):
    check_presets(FOUNDATIONS, page, app_url, mode)


def test_every_step_of_the_tour_does_what_it_says(page: Page, app_url: str):
    check_tour(FOUNDATIONS, page, app_url, TAB.tour({}))
