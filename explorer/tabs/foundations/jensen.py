"""*Jensen*: the gap between the logarithm of a mean and the mean of the logarithms."""

from explorer.tabs.foundations import maths
from explorer.tabs.foundations.shared import dragged
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel

SAYS = {
    "none": "log E[x] and E[log x] are both {above:3}: x does not vary, so there is no gap. As weights of draws "
    "from q: q is the posterior, and the ELBO is log p(x).",
    "gap": "The mean of the logarithms, on the chord, is {below:3}: {gap:3} below the logarithm of the mean, "
    "{above:3}. x is {a} with weight {w} and {b} with {rest}. The approximation by the spread, {guess:3}, "
    "{close}. If both "
    "x were weights p(x, z) ÷ q(z) of two draws, log p(x) would be {above:3} and the ELBO {below:3}: it can only "
    "be below.",
    "close": "is close to that",
    "far": "is off, as x varies too much for it",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = [
    ("gap: log E[x] − E[log x]", "{gap:3}", "nats"),
    ("E[x]", "{mean:3}", ""),
    ("log E[x]", "{above:3}", ""),
    ("E[log x]", "{below:3}", ""),
    ("Var[x] ÷ 2E[x]², its approximation", "{guess:3}", ""),
]

MODE = Mode(
    "jensen",
    "Jensen",
    "understand",
    fields=[
        dragged("a", 0.1, 6, 0.4, "the one value"),
        dragged("b", 0.1, 6, 5, "the other value"),
        dragged("w", 0, 1, 0.5, "the weight of the one value"),
    ],
    panel=Panel(
        None,
        [],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Far apart", {"a": 0.1, "b": 6, "w": 0.5}),
        ("Close together", {"a": 2.7, "b": 3.3, "w": 0.5}),
        ("All weight on one", {"a": 0.4, "b": 5, "w": 0}),
    ],
    code={"Jensen": [maths.show_gap, maths.gap]},
)
