"""*Reverse*: from noise to an image, one step of the sampler after another."""

from torch import Tensor

from explorer.data.neighbours import TrainingIndex
from explorer.fields import Field, OneOf, Whole
from explorer.models.samplers import Denoiser
from explorer.models.solvers import sample_steps
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING
from explorer.steps import last
from explorer.tabs.diffusion.shared import (
    CHANGE,
    ETA,
    EVALUATIONS,
    GUIDED,
    NOISE_SIZE,
    SAMPLER,
    SAMPLER_TITLES,
    STEP,
    STEPS,
    W,
    reverse,
)
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

GRID = Field("grid", OneOf((1, 16)), 1, "how many images are drawn")
REVERSE_HEADS = (FINDING, CHANGE, STEP, NOISE_SIZE, EVALUATIONS)
REVERSE = Panel(
    reverse,
    named={"count": GRID},
    controls=[
        [Control(SEED, "seed")],
        [
            Control(LABEL, "class"),
            Control(GRID, "segments", "How many", options={1: "1", 16: "16"}),
        ],
        GUIDED,
    ],
    more=[
        [Control(SAMPLER, "segments", "Sampler", options=SAMPLER_TITLES, first=2), Control(STEPS, "number", "Steps")],
        [Control(ETA, "slider", "η of DDIM", step=0.05, digits=2, when={"sampler": ["ddim"]})],
    ],
    tries=[
        (
            "A 3 in ten steps",
            {
                "net": "diffusion-mnist",
                "seed": 7,
                "label": 3,
                "w": 2,
                "sampler": "ddim",
                "steps": 10,
                "eta": 0,
                "grid": 1,
                "at": None,
            },
        ),
        ("Sixteen at once", {"label": None, "grid": 16, "sampler": "ddim", "steps": 50, "at": None}),
        ("DDPM, 250 steps", {"sampler": "ddpm", "steps": 250, "grid": 1, "at": None}),
    ],
    shows=Shows("Each step removes a little of the noise that the network predicts", REVERSE_HEADS),
)


def first_image(net: str, seed: int) -> Tensor:
    """Return the image of a seed in the usual setting: (1, 1, 28, 28)."""
    model, generator = checkpoints.load(net), rng(seed)
    how = {"x_t": model.noise(1, generator), "label": None, "guidance_scale": W.default, "generator": generator}
    return last(sample_steps(model, SAMPLER.default, 1, eta=ETA.default, steps=STEPS.default, **how)).x


MODE = Mode(
    "reverse",
    "Reverse",
    "look",
    draws=first_image,
    fields=[GRID, Field("tap", Whole(0, 15), 0, "the image that is watched")],
    panel=REVERSE,
    code={
        "Reverse": [
            reverse.plain,
            Denoiser.denoise_steps,
            Denoiser.walk,
            Denoiser.guided_noise,
            TrainingIndex.nearest,
        ],
    },
)
