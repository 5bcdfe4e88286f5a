"""Fields of the Foundations tab's address."""

from explorer.fields import Field, Flag, OneOf, Real, Reals, Whole
from explorer.tabs.foundations.exercises import EXERCISES
from explorer.tabs.kit.layout.fields import AT_STEP, SEED
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise

MODES = {
    "likelihood": "Likelihood",
    "divergences": "Divergences",
    "jensen": "Jensen",
    "importance": "Importance",
    "bayes": "Bayes",
    "score": "Score matching",
    "tour": "Tour",
    "exercises": TITLE,
}
STEPS = 120  # largest number of steps of a descent
DRAWS = (1, 3, 10, 30, 100, 300, 1000)


def _dragged(key: str, low: float, high: float, default: float, title: str) -> Field:
    """Return a field for a grip, which has its name."""
    return Field(key, Real(low, high), default, title, help=title)


def _shares(names: tuple[str, ...]) -> Reals:
    """Return a field type for positive weights; the stage divides them by their sum."""
    return Reals(tuple((f"the probability of {name}", 0.005, 1) for name in names))


PART = Field("part", OneOf(("points", "table")), "points", "what is fitted")
PRIOR = Field("prior", Flag(), False, "whether μ has a prior")
LIKELIHOOD = (
    PART,
    _dragged("mu", -2, 8, 1, "the mean μ"),
    _dragged("sigma", 0.3, 4, 1, "the width σ"),
    PRIOR,
    _dragged("tau", 0.2, 5, 1, "the width of the prior, τ"),
    Field("q", _shares(("sun", "cloud", "rain", "snow")), (0.25, 0.25, 0.25, 0.25), "the model's probabilities"),
)
DIVERGENCES = (
    _dragged("gap", 0, 8, 5, "the distance between the modes"),
    _dragged("m", -6, 6, 0.5, "the mean of q"),
    _dragged("s", 0.3, 6, 1, "the width of q"),
    Field("goal", OneOf(("forward", "reverse", "js")), "forward", "the divergence"),
    Field("step", Whole(0, STEPS), 0, "the step of the descent"),
)
JENSEN = (
    _dragged("a", 0.1, 6, 0.4, "the one value"),
    _dragged("b", 0.1, 6, 5, "the other value"),
    _dragged("w", 0, 1, 0.5, "the weight of the one value"),
)
DRAWN = Field("draws", OneOf(DRAWS), 30, "the number of draws")
IMPORTANCE = (
    _dragged("obs", -4, 4, 2.5, "the observed x"),
    _dragged("noise", 0.05, 2, 0.3, "the width of p(x | z)"),
    _dragged("pm", -4, 4, 1.6, "the mean of the proposal"),
    _dragged("ps", 0.05, 3, 0.6, "the width of the proposal"),
    DRAWN,
    SEED,
)
SIZES = ("small", "medium", "large")
KNOWN = Field("known", OneOf((*SIZES, "nothing")), "medium", "what is known of x")
BAYES = (
    Field(
        "joint",
        _shares(tuple(f"a {size} {who}" for size in SIZES for who in ("cat", "dog"))),
        (0.3, 0.06, 0.12, 0.18, 0.02, 0.32),
        "the table p(x, y)",
    ),
    KNOWN,
)
KNOTS = 9  # places at which a score is bent
SHARE = _dragged("share", 0.05, 0.95, 0.8, "the share of the data's right mode")
THEIRS = _dragged("theirs", 0.05, 0.95, 0.5, "the share of the model's right mode")
FAR = _dragged("far", 0, 8, 3, "the distance between both modes")
BLUR = _dragged("blur", 0.1, 1.5, 0.5, "the width of the noise, σ")
SCORE = (
    SHARE,
    THEIRS,
    FAR,
    BLUR,
    Field(
        "bend", Reals(((("what is added to the score"), -4, 4),) * KNOTS), (0,) * KNOTS, "what is added to the score"
    ),
)
# The stage's frame expects a menu of networks; with a single entry it shows none.
ONLY = Field("net", OneOf(("foundations",)), "foundations", "the network")

FIELDS = (
    ONLY,
    Field("mode", OneOf(tuple(MODES)), "likelihood", "the mode"),
    *LIKELIHOOD,
    *DIVERGENCES,
    *JENSEN,
    *IMPORTANCE,
    *BAYES,
    *SCORE,
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""
