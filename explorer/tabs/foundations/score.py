"""*Score matching*: three losses of score matching, for scores that differ from the data's."""

from explorer.fields import Field, Reals
from explorer.tabs.foundations.shared import dragged
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

KNOTS = 9  # places at which a score is bent
SHARE = dragged("share", 0.05, 0.95, 0.8, "the share of the data's right mode")
THEIRS = dragged("theirs", 0.05, 0.95, 0.5, "the share of the model's right mode")
FAR = dragged("far", 0, 8, 3, "the distance between both modes")
BLUR = dragged("blur", 0.1, 1.5, 0.5, "the width of the noise, σ")
STRAIGHT = [0] * KNOTS
SAYS = {
    "unseen": "The losses hardly depend on the error: the explicit one is {explicit:3}. But {right.data:%} of "
    "the data and "
    "{right.model:%} of the model lie right of 0, a KL of {kl} nats. Hardly any data lie where the scores differ.",
    "agree": "Both scores nearly agree, and {right.data:%} of the data and {right.model:%} of the model lie right "
    "of 0: all three losses are near their minimum.",
    "differ": "The scores differ where data are: ½ E (s − ∇ log p)² is {explicit:3}. The other two losses have "
    "moved by the same amount. {right.data:%} of the data and {right.model:%} of the model lie right of 0.",
}
"""Sentences in which the browser fills in the numbers (`stages/kit/panel/says.js`)."""
ROWS = [
    ("KL(p ‖ model)", "{kl:3}", "nats"),
    ("implicit less explicit", "{over.implicit:3}", ""),
    ("denoising less explicit", "{over.denoising:3}", ""),
    ("right of 0: data | model", "{right.data:%} | {right.model:%}", ""),
    ("explicit: ½ E (s − ∇ log p)²", "{explicit:3}", ""),
    ("implicit: E (s′ + ½ s²)", "{implicit:3}", ""),
    ("denoising: ½ E (s + ε ÷ σ)²", "{denoising:3}", ""),
]

MODE = Mode(
    "score",
    "Score matching",
    "understand",
    fields=[
        SHARE,
        THEIRS,
        FAR,
        BLUR,
        Field(
            "bend",
            Reals(((("what is added to the score"), -4, 4),) * KNOTS),
            (0,) * KNOTS,
            "what is added to the score",
        ),
    ],
    panel=Panel(
        None,
        [
            [Control(THEIRS, "slider", "Model's right mode", step=0.05, digits=2, live=True)],
            [Control(SHARE, "slider", "Data's right mode", step=0.05, digits=2, live=True)],
            [Control(FAR, "slider", "Distance", step=0.1, digits=1, live=True)],
        ],
        more=[[Control(BLUR, "slider", "Noise σ", step=0.05, digits=2, live=True)]],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Far modes, wrong weights", {"far": 8, "share": 0.8, "theirs": 0.2, "bend": STRAIGHT}),
        ("Near modes, wrong weights", {"far": 2, "share": 0.8, "theirs": 0.2, "bend": STRAIGHT}),
        ("A bend on a mode", {"far": 8, "share": 0.5, "theirs": 0.5, "bend": [0, 0, 0, 0, 0, 0, 1.5, 0, 0]}),
        (
            "A bend between the modes",
            {"far": 8, "share": 0.5, "theirs": 0.5, "bend": [0, 0, 0, 0, 1.5, 0, 0, 0, 0]},
        ),
    ],
)
