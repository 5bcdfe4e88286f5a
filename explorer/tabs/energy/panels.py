"""Panels of the modes of energies in the plane."""

from explorer.tabs.energy import image, live, objective_answers, walk, walk_answers
from explorer.tabs.energy.fields import (
    BEGIN,
    CHAINS,
    CLAMP,
    CURE,
    EPS,
    FORM,
    JUMPS,
    KERNEL,
    LENGTH,
    LONGER,
    OBJECTIVE,
    SHOWS,
    STEPS,
    STRIDE,
    TEMP,
    VIEW,
    K,
)
from explorer.tabs.kit.layout.fields import POINTS, SEED, SET
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

STEP_SIZES = (0.02, 0.05, 0.1, 0.2, 0.4, 1, 2.5)
HEATS = (0.5, 1, 2, 5, 10)
SHADE = Control(SHOWS, "segments", "Shade", options={"energy": "energy E", "density": "density"})


NO_PLANE = "An energy of images has no plane to look at, so the two moons are shown."
CHOICE = [Control(POINTS, "points", NO_PLANE)]
BEGINS = [Control(BEGIN, "segments", "Begin with", options={"noise": "noise", "picture": "the picture"})]
SETS = [Control(SET, "segments", "Test images of", options={None: "MNIST", "fashion-mnist": "Fashion-MNIST"})]


def numbers(values: tuple[float, ...]) -> dict[float, str]:
    """Return titles of numbers."""
    return {each: f"{each:,}" for each in values}


OBJECTIVE_TITLES = {
    "cd": "contrastive divergence (CD)",
    "pcd": "persistent CD (PCD)",
    "sm": "score matching (SM)",
    "dsm": "denoising score matching (DSM)",
}
MODE = [1.29, 0.54]  # centre of one of the eight Gaussians
LESSON = {"steps": 300, "seed": 7, "shows": "energy", "at": 1}


PANELS = {
    "landscape": Panel(
        walk.walk,
        controls=[
            CHOICE,
            [Control(OBJECTIVE, "list", "Learned by", options=OBJECTIVE_TITLES), SHADE],
            [
                Control(
                    KERNEL,
                    "segments",
                    "Sampler",
                    options={"langevin": "Langevin", "mala": "MALA", "hmc": "HMC", "walk": "random walk"},
                )
            ],
        ],
        more=[
            [
                Control(EPS, "list", "Step ε", options=numbers(STEP_SIZES)),
                Control(TEMP, "list", "T", options=numbers(HEATS)),
                Control(CHAINS, "list", "Chains", options=numbers(CHAINS.kind.choices)),
                Control(LENGTH, "list", "Moves", options=numbers(LENGTH.kind.choices)),
            ],
            [
                Control(
                    CURE,
                    "segments",
                    "Cure",
                    options={"none": "none", "annealing": "annealing", "tempering": "parallel tempering"},
                )
            ],
            [Control(FORM, "segments", "Draw as", options={"heat": "heat", "surface": "3-D surface"})],
            [Control(SEED, "seed")],
        ],
        tries=[
            (
                "Stuck in one mode of eight",
                {"net": "energy-eight-gaussians", "way": "pcd", "kernel": "mala", "eps": 0.1, "temp": 1}
                | {"chains": 50, "cure": "none", "length": 1_000, "drops": MODE, "at": 1},
            ),
            (
                "The cure: parallel tempering",
                {"net": "energy-eight-gaussians", "way": "pcd", "kernel": "mala", "eps": 0.1, "temp": 1}
                | {"chains": 50, "cure": "tempering", "length": 1_000, "drops": MODE, "at": 1},
            ),
            (
                "A step too far",
                {"kernel": "langevin", "eps": 2.5, "cure": "none", "temp": 1, "drops": MODE, "at": 1},
            ),
        ],
        shows=Shows(
            "Click or tap the energy to drop chains",
            walk_answers.HEADS,
            curves=[
                Curves(
                    "x₁ of the first chain, move by move",
                    "x₁ of the first chain",
                    110,
                    [{"colour": "you", "width": 1.2}],
                    (-VIEW, VIEW),
                    (-2, 0, 2),
                    along="moves",
                )
            ],
        ),
    ),
    "ways": Panel(
        live.objective_snapshots,
        controls=[CHOICE, [SHADE]],
        tries=[
            ("What a score cannot see", {"net": "energy-eight-gaussians", "shows": "density", "moment": None}),
            ("Where no data are", {"net": "energy-moons", "shows": "energy", "moment": 8}),
            ("Two rings", {"net": "energy-rings", "shows": "density", "moment": None}),
        ],
        shows=Shows(
            "Which objective learns best?",
            objective_answers.HEADS,
            curves=[objective_answers.divergence_chart("epochs", -3, 212), objective_answers.wrong_mode_chart(212)],
        ),
    ),
    "live": Panel(
        live.learn_objectives,
        controls=[
            CHOICE,
            [
                Control(K, "list", "Chain steps k", options=numbers(K.kind.choices)),
                Control(STEPS, "list", "Training steps", options=numbers(STEPS.kind.choices)),
            ],
        ],
        more=[
            [Control(JUMPS, "segments", "Persistent chains", options={True: "also jump", False: "only walk"})],
            [SHADE],
        ],
        renews={"at": 1},
        tries=[
            ("Chains of one step", LESSON | {"net": "energy-moons", "k": 1, "jumps": True}),
            ("Chains of twenty", LESSON | {"net": "energy-moons", "k": 20, "jumps": True}),
            ("Chains that cannot jump", LESSON | {"net": "energy-eight-gaussians", "k": 5, "jumps": False}),
        ],
        shows=Shows(
            "Choose k, and train all four",
            objective_answers.HEADS,
            curves=[objective_answers.divergence_chart("steps", -2, 200)],
            module="energy/ways",
        ),
    ),
    "boltzmann": Panel(
        image.gibbs,
        controls=[
            BEGINS,
            [Control(CLAMP, "segments", "Hold", options={"none": "nothing", "top": "upper half", "left": "left half"})],
        ],
        more=[SETS, [Control(SEED, "seed")]],
    ),
    "langevin": Panel(
        image.langevin,
        controls=[BEGINS],
        more=[
            SETS,
            [Control(LONGER, "segments", "How long", options={1: "as usual", 10: "10 × as long"})],
            [Control(SEED, "seed"), Control(STRIDE, "slider", "Step, × that of the training", step=0.5, digits=1)],
        ],
    ),
}
