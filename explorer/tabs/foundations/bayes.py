"""*Bayes*: p(y | x) from a table of p(x, y), with x known or missing."""

from explorer.fields import Field, OneOf
from explorer.tabs.foundations.shared import shares
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

BAYES_SIZES = ("small", "medium", "large")
CHOICES = (*BAYES_SIZES, "nothing")
KNOWN = Field("known", OneOf(CHOICES), "medium", "what is known of x")
SAYS = {
    "missing": "x is not observed. The table sums over it: p(cat) = {cat}. p(y | x) alone cannot, since it "
    "does not contain how frequent each x is.",
    "known": "By Bayes' rule p(cat | {known}) = p({known} | cat) p(cat) ÷ p({known}) = {given} · {cat} ÷ {size} "
    "= {found}. A discriminative model computes that number too, and nothing else: neither p({known}) = "
    "{size}, nor a draw of x.",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = [("{asked}", "{answer}", "")]

MODE = Mode(
    "bayes",
    "Bayes",
    "understand",
    fields=[
        Field(
            "joint",
            shares(tuple(f"a {size} {who}" for size in BAYES_SIZES for who in ("cat", "dog"))),
            (0.3, 0.06, 0.12, 0.18, 0.02, 0.32),
            "the table p(x, y)",
        ),
        KNOWN,
    ],
    panel=Panel(
        None,
        [
            [Control(KNOWN, "segments", "x is", options={each: each for each in CHOICES})],
            [Control(SEED, "seed")],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Other x, the same p(y | x)", {"joint": [0.6, 0.12, 0.06, 0.09, 0.0075, 0.12], "known": "medium"}),
        ("x is missing", {"joint": [0.3, 0.06, 0.12, 0.18, 0.02, 0.32], "known": "nothing"}),
        ("x and y independent", {"joint": [0.1, 0.1, 0.2, 0.2, 0.2, 0.2], "known": "large"}),
    ],
)
