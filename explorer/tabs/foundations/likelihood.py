"""*Likelihood*: the log-likelihood of three points, or of a table, while its parameters are dragged."""

from explorer.fields import Field, Flag, OneOf
from explorer.tabs.foundations import maths
from explorer.tabs.foundations.shared import dragged, shares
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

PART = Field("part", OneOf(("points", "table")), "points", "what is fitted")
PRIOR = Field("prior", Flag(), False, "whether μ has a prior")
LIKELIHOOD_POINTS = (2, 3, 5)
OUTCOMES = ("sun", "cloud", "rain", "snow")
SAYS = {
    "given": "μ = {mu} and σ = {sigma} give a log-likelihood of {sum} nats.",
    "best": "No μ does better at this σ: it is the mean of the points, 10/3. Over both, σ = {bestSigma} is best.",
    "worse": "The point {least} is the least likely: it adds {worst} of {sum} nats. At μ = 10/3 the sum would be "
    "{lost} higher.",
    "dense": "At its top the density is {peak}: a density may exceed 1.",
    "prior": "The prior of width τ = {tau} subtracts {penalty} and moves the best μ from {mean} to {map}.",
    "equal": "q is p: {entropy:3} + {kl:3} = {cross:3} nats. Only the entropy of p is left, and no model can "
    "get below it.",
    "apart": "An outcome costs {entropy:3} + {kl:3} = {cross:3} nats on average: the entropy of p, which no q can "
    "change, and the KL divergence, which q can bring to zero. {most} costs most of it: its true probability "
    "is {often}, and q assigns {said}.",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = {
    "points": [
        ("log-likelihood", "{sum}", "nats"),
        *((f"log N({x}; μ, σ²)", f"{{terms.{i}}}", "") for i, x in enumerate(LIKELIHOOD_POINTS)),
        ("penalty μ² ÷ 2τ²", "{penalty}", ""),
        ("sum less penalty", "{rest}", ""),
        ("NLL a point: cross-entropy", "{nll}", ""),
        ("MAP: Σx ÷ (3 + σ² ÷ τ²)", "{map}", ""),
    ],
    "table": [
        ("cross-entropy H(p, q)", "{cross:3}", "nats"),
        *((f"−p log q, {name}", f"{{terms.{i}:3}}", "") for i, name in enumerate(OUTCOMES)),
        ("H(p)", "{entropy:3}", ""),
        ("KL(p ‖ q)", "{kl:3}", ""),
        ("H(p) + KL(p ‖ q)", "{cross:3}", ""),
    ],
}

MODE = Mode(
    "likelihood",
    "Likelihood",
    "look",
    fields=[
        PART,
        dragged("mu", -2, 8, 1, "the mean μ"),
        dragged("sigma", 0.3, 4, 1, "the width σ"),
        PRIOR,
        dragged("tau", 0.2, 5, 1, "the width of the prior, τ"),
        Field("q", shares(OUTCOMES), (0.25, 0.25, 0.25, 0.25), "the model's probabilities"),
    ],
    panel=Panel(
        None,
        [
            [Control(PART, "segments", "What is fitted", options={"points": "three points", "table": "a table"})],
            [
                Control(
                    PRIOR,
                    "segments",
                    "Prior of μ",
                    options={False: "none", True: "N(0, τ²)"},
                    when={"part": ["points"]},
                )
            ],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("The best Gaussian", {"part": "points", "prior": False, "mu": 3.3333, "sigma": 1.2472}),
        ("Too narrow", {"part": "points", "prior": False, "mu": 3, "sigma": 0.4}),
        ("A strong prior", {"part": "points", "prior": True, "mu": 1, "sigma": 1, "tau": 0.5}),
        ("Snow ruled out", {"part": "table", "q": [0.5, 0.25, 0.24, 0.01]}),
    ],
    code={"Likelihood": [maths.show_likelihood, maths.log_normal, maths.map_mean]},
)
