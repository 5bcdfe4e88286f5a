"""The Foundations tab: the maths shared by all families, by hand and without a network."""

from pathlib import Path

from explorer.stages.foundations import FoundationsStage
from explorer.tabs.foundations import maths
from explorer.tabs.foundations.evidence import SHOWN
from explorer.tabs.foundations.exercises import EXERCISES
from explorer.tabs.foundations.fields import FIELDS, KNOTS, MODES, ONLY
from explorer.tabs.foundations.panels import PANELS
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Tab

CODE = {
    "Likelihood": [maths.show_likelihood, maths.log_normal, maths.map_mean],
    "Divergences": [maths.show_divergence, maths.kl],
    "Jensen": [maths.show_gap, maths.gap],
}
STRAIGHT = [0] * KNOTS
SEEN = {"obs": 2.5, "noise": 0.3, "seed": 7}
TRIES = {
    "likelihood": [
        ("The best Gaussian", {"part": "points", "prior": False, "mu": 3.3333, "sigma": 1.2472}),
        ("Too narrow", {"part": "points", "prior": False, "mu": 3, "sigma": 0.4}),
        ("A strong prior", {"part": "points", "prior": True, "mu": 1, "sigma": 1, "tau": 0.5}),
        ("Snow ruled out", {"part": "table", "q": [0.5, 0.25, 0.24, 0.01]}),
    ],
    "divergences": [
        ("Forward covers both", {"gap": 5, "goal": "forward", "m": 2, "s": 0.8, "step": 120}),
        ("Reverse ends at the near mode", {"gap": 5, "goal": "reverse", "m": 2, "s": 0.8, "step": 120}),
        ("A third minimum", {"gap": 5, "goal": "reverse", "m": 0, "s": 3, "step": 120}),
        ("JS far away: almost no slope", {"gap": 0, "goal": "js", "m": 6, "s": 0.5, "step": 0}),
    ],
    "jensen": [
        ("Far apart", {"a": 0.1, "b": 6, "w": 0.5}),
        ("Close together", {"a": 2.7, "b": 3.3, "w": 0.5}),
        ("All weight on one", {"a": 0.4, "b": 5, "w": 0}),
    ],
    "importance": [
        ("A good proposal", SEEN | {"pm": 2.3, "ps": 0.4, "draws": 30}),
        ("One draw of the posterior", SEEN | {"pm": 2.2936, "ps": 0.2873, "draws": 1}),
        ("Too narrow", SEEN | {"pm": 2.3, "ps": 0.1, "draws": 1000}),
    ],
    "bayes": [
        ("Other x, the same p(y | x)", {"joint": [0.6, 0.12, 0.06, 0.09, 0.0075, 0.12], "known": "medium"}),
        ("x is missing", {"joint": [0.3, 0.06, 0.12, 0.18, 0.02, 0.32], "known": "nothing"}),
        ("x and y independent", {"joint": [0.1, 0.1, 0.2, 0.2, 0.2, 0.2], "known": "large"}),
    ],
    "score": [
        ("Far modes, wrong weights", {"far": 8, "share": 0.8, "theirs": 0.2, "bend": STRAIGHT}),
        ("Near modes, wrong weights", {"far": 2, "share": 0.8, "theirs": 0.2, "bend": STRAIGHT}),
        ("A bend on a mode", {"far": 8, "share": 0.5, "theirs": 0.5, "bend": [0, 0, 0, 0, 0, 0, 1.5, 0, 0]}),
        ("A bend between the modes", {"far": 8, "share": 0.5, "theirs": 0.5, "bend": [0, 0, 0, 0, 1.5, 0, 0, 0, 0]}),
    ],
}
GROUPS = {"look": ["likelihood"], "play": ["divergences", "importance"], "understand": ["jensen", "bayes", "score"]}
MECHANISM = Mechanism(
    [
        Part("x, observed", "x", "likelihood"),
        Part("Model", "p(x | θ)", "divergences", "network", lights=["likelihood"], arrow="·", tells=True),
        Part("A bound", "E log w ≤ log E w", "jensen", "step", arrow="·"),
        Part("Latent", "p(x) = E p(x | z)", "importance", "step", arrow="·", tells=True),
        Part("Class", "p(y | x)", "bayes", "step", arrow="·", tells=True),
        Part("Score", "∇ log p(x)", "score", "step", arrow="·"),
    ]
)

TAB = Tab(
    name="foundations",
    title="Foundations",
    group="first",
    question="What do all these models share: what is fitted, measured and estimated?",
    folder=Path(__file__).parent,
    stage=FoundationsStage,
    fields=FIELDS,
    modes=MODES,
    shown=lambda: [SHOWN],
    value=lambda found: {"nets": {ONLY.default: {"title": "", "error": None}}, "bundled": {}},
    quotes=lambda found: {},
    whose="",
    functions=(),
    formulas=(maths.show_likelihood, maths.show_divergence, maths.show_gap),
    code=CODE,
    tries=TRIES,
    panels=PANELS,
    charts=(),
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
