"""Panel of the playground: the settings that all families share, and the presets that break something."""

from explorer.data.playground import PRESETS
from explorer.models.learners import LEARNERS
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel
from explorer.tabs.playground import server
from explorer.tabs.playground.fields import BATCH, CLOCK, DEEPER, KNOBS, NOISE, RATE, SHADE, STEPS, WIDTH, N

RATES = {rate: f"{rate:g} ×" for rate in (0.1, 0.3, 1, 3, 10, 30)}
LAYERS = {-1: "one less", 0: "as usual", 1: "one more", 2: "two more"}
PRESET = {"data": tuple(PRESETS)}
START = {"data": "moons", "noise": 0.1, "n": 1_000}


def knobs(**places: int) -> list[int]:
    """Return the families' own settings: the usual ones but for these."""
    return [places.get(name, usual) for name, usual in zip(LEARNERS, KNOBS.default)]


def number_titles(choices: tuple[int, ...]) -> dict[int, str]:
    """Return titles of numbers."""
    return {each: f"{each:,}" for each in choices}


BREAKS = [
    (
        "Rate × 30",
        START | {"rate": 30, "steps": 500, "learn": [1, 2, 4, 5, 7]},
        "Steps that are too long jump over every minimum. Flow, VAE and diffusion break, or end farther away.",
    ),
    (
        "One latent",
        {"data": "eight", "noise": 0.12, "learn": [2, 7], "knobs": knobs(vae=0)},
        "One latent is one curve. The VAE ends farther from eight islands than with two latents.",
    ),
    (
        "Fast D",
        {"data": "eight", "noise": 0.12, "learn": [6, 7], "steps": 500, "knobs": knobs(gan=1)},
        "D learns ten times as fast as G. The GAN ends farther from the points.",
    ),
    (
        "Short chains",
        {"data": "eight", "noise": 0.12, "learn": [6], "steps": 500, "knobs": knobs(energy=1)},
        "Chains of one step stay near the data. The energy of the empty rest of the plane is never raised.",
    ),
    (
        "Two noise levels",
        START | {"learn": [4, 5], "steps": 500, "knobs": knobs(diffusion=0)},
        "Two steps are too few to draw samples. The density of the diffusion does not change.",
    ),
    (
        "Two affine layers",
        {"data": "rings", "learn": [1], "steps": 500, "knobs": knobs(flow=3)},
        "Two affine couplings cannot bend a Gaussian into two rings. KL is more than twice that of splines.",
    ),
    (
        "Kernels of width 0",
        START | {"n": 50, "learn": [8, 9], "figure": "memorised", "knobs": knobs(kernels=1)},
        "Narrow kernels copy the training points. They give held-out points almost no probability.",
    ),
    (
        "20 points, 10,000 steps",
        START | {"n": 20, "steps": 10_000, "figure": "memorised", "learn": [9, 1, 2, 4, 5, 7]},
        "The flow memorises the 18 training points. Its −log p(x) of the held-out points is very large.",
    ),
]

SIDE = Panel(
    server.learn_live,
    controls=[],
    more=[
        [Control(NOISE, "slider", "Noise", step=0.01, digits=2, when=PRESET)],
        [Control(N, "list", "Points", options=number_titles(N.kind.choices), when=PRESET)],
        [
            Control(STEPS, "list", "Steps", options=number_titles(STEPS.kind.choices)),
            Control(BATCH, "list", "Batch", options=number_titles(BATCH.kind.choices)),
        ],
        [
            Control(WIDTH, "list", "Units a layer", options=number_titles(WIDTH.kind.choices)),
            Control(DEEPER, "list", "Layers", options=LAYERS),
        ],
        [Control(RATE, "list", "Learning rate", options=RATES)],
        [
            Control(CLOCK, "segments", "Clock", options={"steps": "equal steps", "seconds": "equal time"}),
            Control(SHADE, "segments", "Density", options={True: "shaded", False: "hidden"}),
        ],
        [Control(SEED, "seed")],
    ],
    tries=BREAKS,
)
PANELS = {"side": SIDE}
