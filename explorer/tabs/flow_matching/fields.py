"""*Four fields*: one network as velocity, data, noise and score."""

from explorer.fields import Field, OneOf
from explorer.tabs.flow_matching.shared import CHOICE, COUPLED, MOONS, TIME
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

VIEWS = ("velocity", "data", "noise", "score")
VIEW = Field("view", OneOf(VIEWS), "velocity", "the arrows")
SAYS = {
    "velocity": "velocity",
    "data": "path to the predicted data",
    "noise": "path from the noise",
    "score": "score",
    "both": "{title}: arrows of the {view} at t = {t}, the network's over the exact ones.",
    "learned": "{title}: arrows of the {view} at t = {t}, the network's alone.",
    "none": "{title}: no arrows, as this coupling has no score.",
    "scoreless": "The network predicts v = {learned.velocity:p} at x = {point:p}, t = {t}. Noise {learned.noise:p} and "
    "data {learned.data:p} follow for any pairs. {why}",
    "words": "The network predicts v = {learned.velocity:p}; the exact value is {exact.velocity:p}. The rest follows "
    "at x = {point:p}, t = {t}: noise {learned.noise:p}, data {learned.data:p}, score {learned.score:p}. What a "
    "network is trained to predict determines how errors count: one of 0.1 in v is {errors.data:3} in x̂₁, "
    "{errors.noise:3} in ε̂ and {errors.score:3} in the score. For a diffusion this x, divided by √(t² + (1 − t)²), "
    "is an x with ᾱ = {alpha:3}.",
}
ROWS = [
    ("velocity v", "{learned.velocity:p}", ""),
    ("exactly", "{exact.velocity:p}", ""),
    ("data x̂₁", "{learned.data:p}", ""),
    ("exactly", "{exact.data:p}", ""),
    ("noise ε̂", "{learned.noise:p}", ""),
    ("exactly", "{exact.noise:p}", ""),
    ("score ∇log p", "{score}", ""),
    ("exactly", "{exact.score:p}", ""),
]
FM_LAST = 0.98  # latest time of the fields: at 1 there is no noise to speak of
VIEW_TITLES = {"velocity": "velocity v", "data": "data x̂₁ − x", "noise": "noise −ε̂", "score": "score"}
CHANCE = MOONS | {"coupling": "independent"}


MODE = Mode(
    "fields",
    "Four fields",
    "understand",
    entry="Parameterisations",
    fields=[VIEW],
    panel=Panel(
        None,
        [
            CHOICE,
            COUPLED,
            [Control(VIEW, "segments", "Arrows", options=VIEW_TITLES)],
            [Control(TIME, "slider", "Time t", step=0.02, digits=2, initial=0.5, most=FM_LAST, live=True)],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        ("Hardly any noise: the score is long", CHANCE | {"view": "score", "time": 0.9, "x": [1.2, 0.5]}),
        ("Nothing but noise", CHANCE | {"view": "noise", "time": 0, "x": [1.2, 0.5]}),
        ("Where it would end", CHANCE | {"view": "data", "time": 0.6, "x": [0, 0]}),
        ("No score: minibatch OT", MOONS | {"coupling": "ot", "view": "score", "time": 0.5, "x": [1.2, 0.5]}),
    ],
)
