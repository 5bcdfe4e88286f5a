"""The Energy tab: networks that give an unnormalised density."""

from pathlib import Path

from explorer.models import plane_energy
from explorer.stages.energy import EnergyStage
from explorer.tabs.energy import boltzmann, evidence, landscape, langevin, live, maths, ways
from explorer.tabs.energy.exercises import EXERCISES
from explorer.tabs.energy.image import BEGIN, IMAGE_NETS
from explorer.tabs.energy.shared import MOMENT, OBJECTIVE, PLANE_NETS, SHADED, SPEED
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.fields import SET
from explorer.tabs.kit.layout.mechanism import Mechanism, Part

FOLDER = Path(__file__).parent
MODES = [landscape.MODE, ways.MODE, live.MODE, boltzmann.MODE, langevin.MODE]
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
    folder=FOLDER,
    nets=[*PLANE_NETS, *IMAGE_NETS],
    asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
    modes=MODES,
    fields=[OBJECTIVE, SHADED, SPEED, MOMENT, BEGIN, SET],
    stage=EnergyStage,
    formulas=[maths.show_blind, maths.show_step],
    code={
        "Four objectives, as they were trained": [
            plane_energy.PlaneEnergy.training_loss,
            plane_energy.score_matching,
            plane_energy.denoising,
        ],
        "This page": [maths.blind],
    },
    charts=[evidence.by_way],
    short=SHORT,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
