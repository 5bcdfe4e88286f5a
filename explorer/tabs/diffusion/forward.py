"""*Forward*: a picture loses itself in noise, step by step, which the browser computes."""

from explorer.fields import Field, OneOf
from explorer.models.schedule import BETAS
from explorer.numbers.answer import FINDING
from explorer.tabs.diffusion.shared import CLOTHES, TEST
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

SCHEDULE = Field("schedule", OneOf(tuple(BETAS)), "linear", "the schedule")
FORWARD = {
    "caption": "xₜ = {signal:3} x₀ + {noise:3} ε",
    "clean": "At t = 0 there is no noise: x₀ is {name} itself, black at −1 and white at 1. Drag the slider, or press "
    "▶.",
    "at": "At t = {t:0} of 1,000 ᾱₜ is {alpha:4}: {balance} (signal-to-noise ratio {ratio}).",
    "image": "the image outweighs the noise",
    "noisy": "the noise outweighs the image",
    "even": "image and noise weigh the same",
    "pixels": "The 784 pixels have mean {mean} and standard deviation {deviation}; those of noise have 0 and "
    "1{hardly}.",
    "hardly": ": hardly any difference is left",
    "other": "The {other} schedule would have left {less} of it: ᾱₜ = {there:4}.",
    "trained": "The networks of this tab were trained with the linear one.",
}
FORWARD_ROWS = [
    FINDING.of("{finding}"),
    ("signal-to-noise ratio", "{ratio}", ""),
    ("ᾱₜ", "{alpha:5}", ""),
    ("mean of the pixels", "{mean:3}", ""),
    ("their standard deviation", "{deviation:3}", ""),
]
SCHEDULES = {"linear": "Linear", "cosine": "Cosine"}


MODE = Mode(
    "forward",
    "Forward",
    "look",
    fields=[SCHEDULE],
    panel=Panel(
        None,
        [[Control(SEED, "seed")], [Control(SCHEDULE, "segments", "Schedule", options=SCHEDULES)]],
        says=FORWARD,
        rows=FORWARD_ROWS,
    ),
    tries=[
        ("As much noise as image", {"schedule": "linear", "t": 259}),
        ("Already only noise?", {"schedule": "linear", "t": 800}),
        ("A shirt, cosine", TEST | {"net": CLOTHES, "img": 6, "schedule": "cosine", "t": 400}),
    ],
)
