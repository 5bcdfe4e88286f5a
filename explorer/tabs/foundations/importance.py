"""*Importance*: an estimate of p(x) from weighted draws of a proposal."""

from explorer.fields import Field, OneOf
from explorer.tabs.foundations.shared import dragged
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

IMPORTANCE_DRAWS = (1, 3, 10, 30, 100, 300, 1000)
DRAWN = Field("draws", OneOf(IMPORTANCE_DRAWS), 30, "the number of draws")
SEEN = {"obs": 2.5, "noise": 0.3, "seed": 7}
SAYS = {
    "one": "One draw of the proposal is taken at a time.",
    "several": "With weights, {draws:0} draws of the proposal count as {first.ess:1} draws of the posterior.",
    "means": "Over {times:0} repetitions log p̂ is on average {byProposal}, by draws of the prior {byPrior}. p̂ "
    "itself is right on average; its logarithm is too low by Jensen's inequality, and less so with more draws.",
    "narrow": "The proposal is too narrow: its weights have no finite variance, so ± and the effective sample "
    "size are meaningless.",
    "exact": "exact within its error",
    "low": "{off} nats too low",
    "high": "{off} nats too high",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = [
    ("effective sample size", "{first.ess:1} of {draws:0}", ""),
    ("exact p(x)", "{p:b}", ""),
    ("p̂(x), first repetition", "{first.p:b} ± {first.se:b}", ""),
    ("exact log p(x)", "{exact}", ""),
    ("mean of log p̂, proposal", "{means.proposal.mean} ± {means.proposal.se}", ""),
    ("mean of log p̂, prior", "{means.prior.mean} ± {means.prior.se}", ""),
]

MODE = Mode(
    "importance",
    "Importance",
    "play",
    fields=[
        dragged("obs", -4, 4, 2.5, "the observed x"),
        dragged("noise", 0.05, 2, 0.3, "the width of p(x | z)"),
        dragged("pm", -4, 4, 1.6, "the mean of the proposal"),
        dragged("ps", 0.05, 3, 0.6, "the width of the proposal"),
        DRAWN,
    ],
    panel=Panel(
        None,
        [
            [Control(DRAWN, "segments", "Draws", options={count: str(count) for count in IMPORTANCE_DRAWS})],
            [Control(SEED, "seed")],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("A good proposal", SEEN | {"pm": 2.3, "ps": 0.4, "draws": 30}),
        ("One draw of the posterior", SEEN | {"pm": 2.2936, "ps": 0.2873, "draws": 1}),
        ("Too narrow", SEEN | {"pm": 2.3, "ps": 0.1, "draws": 1000}),
    ],
)
