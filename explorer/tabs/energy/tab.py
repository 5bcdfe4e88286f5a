"""The Energy tab: networks that give an unnormalised density."""

from pathlib import Path

from explorer.measures import plane_energy as measured
from explorer.models import chains, plane_energy
from explorer.models.ebm import EBM
from explorer.models.learning import PARTS, Learning
from explorer.models.rbm import RBM, ais, log_ratio
from explorer.stages.energy import EnergyStage
from explorer.tabs.energy import answers, evidence, image, live, maths, surface, walk
from explorer.tabs.energy.exercises import EXERCISES
from explorer.tabs.energy.fields import IMAGE_FIELDS, IMAGE_NETS, PLANE_FIELDS, PLANE_NETS
from explorer.tabs.energy.panels import PANELS
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part

MODES = {
    "landscape": "Landscape",
    "ways": "Four objectives",
    "live": "Learn it live",
    "boltzmann": "A Boltzmann machine",
    "langevin": "An energy of images",
}
CODE = {
    "Landscape": [walk.landscape.plain, measured.of_way, surface.landscape_surface.plain],
    "Chains": [walk.trajectory, chains.langevin, chains.mala, chains.hmc, chains.random_walk, chains.swap],
    "Four objectives, as they were trained": [
        plane_energy.PlaneEnergy.training_loss,
        plane_energy.score_matching,
        plane_energy.denoising,
    ],
    "Learn it live": [live.learn_objectives.plain, Learning.step, *PARTS.values(), live.evaluate],
    "A Boltzmann machine": [image.look.plain, RBM.free_energy, RBM.gibbs_steps, ais, log_ratio],
    "An energy of images": [image.langevin.plain, EBM.langevin_steps, EBM.langevin_step, image.weigh.plain],
    "This page": [maths.blind],
}
PICTURE = {"img": 8, "draw": None, "source": None, "set": None}
TRIES = {
    "boltzmann": [
        ("Hold the upper half", PICTURE | {"net": "rbm-mnist", "begin": "noise", "clamp": "top", "seed": 7}),
        (
            "Begin with a shoe",
            PICTURE | {"net": "rbm-mnist", "img": 4, "set": "fashion-mnist", "begin": "picture", "clamp": "none"},
        ),
    ],
    "langevin": [
        ("Ten times as long", PICTURE | {"net": "ebm-mnist", "begin": "noise", "longer": 10, "stride": 1, "seed": 7}),
        ("Steps that are too large", PICTURE | {"net": "ebm-mnist", "begin": "picture", "longer": 1, "stride": 16}),
    ],
}

SHORT = {
    "CD": "contrastive divergence",
    "PCD": "persistent contrastive divergence",
    "MALA": "Metropolis-adjusted Langevin algorithm",
    "HMC": "Hamiltonian Monte Carlo",
    "AIS": "annealed importance sampling",
    "RBM": "restricted Boltzmann machine",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {"look": ["landscape", "langevin"], "play": ["live", "boltzmann"], "understand": ["ways"]}
MECHANISM = Mechanism(
    [
        Part("x, the data", "x", "likelihood", shows="x", lights=["complete", "anomaly"]),
        Part("Network", "E(x)", "ways", "network", lights=["live", "learn", "anomaly", "likelihood"]),
        Part("Its landscape", "−E(x)", "landscape", shows="land", lights=["ways", "live"]),
        Part("Chain", "xₖ → xₖ₊₁", "langevin", "step", lights=["landscape", "boltzmann", "complete", "live"]),
        Part("Hidden units", "h", "boltzmann", arrow="↔"),
        Part(
            "x̂, where a chain ends", "x̂", "make", shows="out", lights=["langevin", "boltzmann", "interpolate", "learn"]
        ),
    ]
)

TAB = family_tab(
    "energy",
    title="Energy",
    name="energy",
    group="ratio",
    question="How do you sample from a network that only ranks images, and what did it learn?",
    folder=Path(__file__).parent,
    nets=[*PLANE_NETS, *IMAGE_NETS],
    asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
    modes=MODES,
    fields=[*PLANE_FIELDS, *IMAGE_FIELDS],
    stage=EnergyStage,
    functions=[
        walk.landscape,
        walk.walk,
        surface.landscape_surface,
        live.objective_snapshots,
        live.learn_objectives,
        *image.IMAGE_FUNCTIONS,
    ],
    formulas=[maths.show_blind, maths.show_step],
    code=CODE,
    tries=TRIES,
    heads=answers.HEADS,
    panels=PANELS,
    charts=[evidence.by_way],
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
