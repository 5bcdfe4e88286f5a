"""*Divergences*: three divergences between a mixture and a Gaussian, and where a descent of each ends."""

from explorer.fields import Field, OneOf, Whole
from explorer.tabs.foundations import maths
from explorer.tabs.foundations.shared import dragged
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel

DIVERGENCES_STEPS = 120  # largest number of steps of a descent
SAYS = {
    "forward": "KL(p ‖ q) averages over p, so q must cover every mode of p.",
    "reverse": "KL(q ‖ p) averages over q, so a mode that q leaves out costs little.",
    "js": "The Jensen–Shannon divergence averages over both, and is never above log 2 = 0.693.",
    "between": "Between the modes q has {between.q:%} of its mass, where p has {between.p:%}.",
    "still": "No step from here lowers it.",
    "start": "Play the descent to see where it ends.",
    "underway": "At step {at:0} the descent is at {place}.",
    "ended": "The descent ended at step {at:0}, at {place}.",
    "others": "Other starts end at {others}.",
    "moments": "That is the mean and the width of p, from any start.",
    "place": "m = {m}, s = {s} with {value} nats",
    "caption": "Step {at:0}: m = {m}, s = {s}, {goal} = {value:3} nats",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = [
    ("KL(p ‖ q), forward", "{all.forward:3}", "nats"),
    ("KL(q ‖ p), reverse", "{all.reverse:3}", "nats"),
    ("Jensen–Shannon", "{all.js:3}", "nats"),
    ("between the modes: p | q", "{between.p:%} | {between.q:%}", ""),
    ("right of 0: p | q", "{right.p:%} | {right.q:%}", ""),
]

MODE = Mode(
    "divergences",
    "Divergences",
    "play",
    fields=[
        dragged("gap", 0, 8, 5, "the distance between the modes"),
        dragged("m", -6, 6, 0.5, "the mean of q"),
        dragged("s", 0.3, 6, 1, "the width of q"),
        Field("goal", OneOf(("forward", "reverse", "js")), "forward", "the divergence"),
        Field("step", Whole(0, DIVERGENCES_STEPS), 0, "the step of the descent"),
    ],
    panel=Panel(
        None,
        [],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Forward covers both", {"gap": 5, "goal": "forward", "m": 2, "s": 0.8, "step": 120}),
        ("Reverse ends at the near mode", {"gap": 5, "goal": "reverse", "m": 2, "s": 0.8, "step": 120}),
        ("A third minimum", {"gap": 5, "goal": "reverse", "m": 0, "s": 3, "step": 120}),
        ("JS far away: almost no slope", {"gap": 0, "goal": "js", "m": 6, "s": 0.5, "step": 0}),
    ],
    code={"Divergences": [maths.show_divergence, maths.kl]},
)
