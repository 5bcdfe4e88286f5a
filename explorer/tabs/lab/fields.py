"""Fields of the lab's tab: those of its address, and the parameters of its server functions."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Reals, Whole
from explorer.measures.damages import DAMAGES
from explorer.measures.lab import METRICS
from explorer.tabs.kit.layout.fields import AT_STEP, DATA, SEED, TESTS
from explorer.tabs.kit.lessons.exercises import TITLE
from explorer.tabs.kit.lessons.exercises import fields as at_exercise
from explorer.tabs.lab.exercises import EXERCISES

RECORD = "lab"
"""Checkpoint without weights that holds the recorded figures."""
IMAGES = 500
"""Images of a set that is judged while the visitor waits."""
STEP = 0.1
"""Step of the strength; the browser is given the images of each."""
DAMAGED = "damaged"
GENERATORS = {
    "gan": "GAN",
    "stylegan": "StyleGAN",
    "vae": "VAE",
    "vqvae": "VQ-VAE",
    "beta-vae": "β-VAE",
    "latent-diffusion": "latent diffusion",
}
"""Families that draw a set in a few seconds."""
MODES = {
    "damage": "Damage",
    "matrix": "Which notices?",
    "sizes": "How many images?",
    "features": "Which features?",
    "gaussians": "Fréchet by hand",
    "marks": "Bound or estimate?",
    "tour": "Tour",
    "exercises": TITLE,
}

DAMAGE = Field("damage", OneOf(tuple(DAMAGES)), "blur", "the damage")
STRENGTH = Field("strength", Real(0, 1), 0.3, "the strength of the damage")
OF = Field("of", OneOf((DAMAGED, *GENERATORS)), DAMAGED, "the set that is judged")
METRIC = Field("metric", OneOf(tuple(METRICS)), "frechet", "the metric")
LEVEL = Field("level", OneOf((25, 50, 100)), 50, "the strength of all damages, in per cent")
COUNT = Field("count", OneOf((100, 200, 500, 1000, 2000, 5000, 10000)), 100, "the number of images")
MEAN = Field("mean", Reals((("x₁", -4, 4), ("x₂", -4, 4))), (1.5, 1), "the mean of the orange set")
WIDE = Field("wide", Real(0.2, 2.5), 0.9, "the width of the orange set")
NARROW = Field("narrow", Real(0.2, 2.5), 0.9, "the height of the orange set")
TURN = Field("turn", Whole(0, 180), 0, "the turn of the orange set, in degrees")
SHAPE = Field("shape", OneOf(("gaussian", "ring", "two", "uneven")), "gaussian", "the shape of the orange set")

KNOB = Field("knob", OneOf(("steps", "probes", "draws", "importance", "width")), "steps", "the kind of work")
NUMBER = Field("no", TESTS, 12, "the test image")
WORK = Field("work", Whole(0, 6), 2, "the amount of work, from the least")

FIELDS = (
    DATA,
    Field("mode", OneOf(tuple(MODES)), "damage", "the mode"),
    SEED,
    DAMAGE,
    STRENGTH,
    OF,
    METRIC,
    LEVEL,
    COUNT,
    MEAN,
    WIDE,
    NARROW,
    TURN,
    SHAPE,
    KNOB,
    NUMBER,
    WORK,
    AT_STEP,
    *at_exercise(EXERCISES),
)
"""Fields of the address, in this order."""

Dataset = Annotated[str, DATA]
DamageOf = Annotated[str, DAMAGE]
Strength = Annotated[float, STRENGTH]
Of = Annotated[str, OF]
MetricOf = Annotated[str, METRIC]
Level = Annotated[int, LEVEL]
Count = Annotated[int, COUNT]
KnobOf = Annotated[str, KNOB]
Number = Annotated[int, NUMBER]
