"""The Energy tab: networks that say how good an x is, and leave open what all of that adds up to."""

from pathlib import Path

from explorer.measures import plane_energy as measured
from explorer.models import chains, plane_energy
from explorer.stages.energy import EnergyStage
from explorer.tabs.energy import maths, plane
from explorer.tabs.energy.fields import PLANE_FIELDS, PLANE_NETS
from explorer.tabs.kit.family import family_tab

MODES = {"landscape": "Landscape", "ways": "Four ways"}
CODE = {
    "Landscape": [plane.plane_facts.plain, plane_energy.PlaneEnergy.log_normaliser],
    "Chains, as they were measured": [chains.mala, chains.hmc, chains.random_walk, chains.swap, measured.crossings],
    "Four ways, as they were trained": [
        plane_energy.PlaneEnergy.training_loss,
        plane_energy.score_matching,
        plane_energy.denoising,
    ],
    "This page": [maths.blind],
}
MODE = [1.29, 0.54]  # the middle of one of the eight Gaussians
TRIES = {
    "landscape": [
        (
            "Stuck: one mode of eight",
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
    "ways": [
        ("What a score cannot see", {"net": "energy-eight-gaussians", "shows": "density", "moment": None}),
        ("Where no data are", {"net": "energy-moons", "shows": "energy", "moment": 8}),
        ("Two rings", {"net": "energy-rings", "shows": "density", "moment": None}),
    ],
}

TAB = family_tab(
    "energy",
    name="energy",
    question="If a network says only which x are better than others, how does anybody draw from it, and what did it "
    "learn?",
    folder=Path(__file__).parent,
    nets=PLANE_NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
    modes=MODES,
    fields=PLANE_FIELDS,
    stage=EnergyStage,
    functions=[plane.plane_facts],
    formulas=[maths.show_blind, maths.show_step],
    code=CODE,
    tries=TRIES,
)
