"""The Energy tab: networks that say how good an x is, and leave open what all of that adds up to."""

from pathlib import Path

from explorer.models.ebm import EBM
from explorer.models.rbm import RBM, ais, log_ratio
from explorer.stages.energy import EnergyStage
from explorer.tabs.energy import image
from explorer.tabs.energy.fields import IMAGE_FIELDS, IMAGE_NETS
from explorer.tabs.kit.family import family_tab

IMAGE_MODES = {"boltzmann": "A Boltzmann machine", "langevin": "An energy of images"}
IMAGE_CODE = {
    "A Boltzmann machine": [image.look.plain, RBM.free_energy, RBM.gibbs_steps, ais, log_ratio],
    "An energy of images": [image.langevin.plain, EBM.langevin_steps, EBM.moved, image.weigh.plain],
}
PICTURE = {"img": 8, "draw": None, "source": None, "set": None}
IMAGE_TRIES = {
    "boltzmann": [
        ("Four fantasies, from noise", PICTURE | {"begin": "noise", "clamp": "none", "seed": 7}),
        ("Hold the upper half", PICTURE | {"begin": "noise", "clamp": "top", "seed": 7}),
        ("Begin with a shoe", PICTURE | {"img": 4, "set": "fashion-mnist", "begin": "picture", "clamp": "none"}),
    ],
    "langevin": [
        ("Out of noise", PICTURE | {"begin": "noise", "longer": 1, "stride": 1, "seed": 7}),
        ("Ten times as long", PICTURE | {"begin": "noise", "longer": 10, "stride": 1, "seed": 7}),
        ("Steps that are too large", PICTURE | {"begin": "picture", "longer": 1, "stride": 16}),
    ],
}

TAB = family_tab(
    "ebm",
    title="Energy",
    name="energy",
    question="If a network says only which x are better than others, how does anybody draw from it, and what did it "
    "learn?",
    folder=Path(__file__).parent,
    nets=IMAGE_NETS,
    asks=["make", "complete", "likelihood", "anomaly"],
    modes=IMAGE_MODES,
    fields=IMAGE_FIELDS,
    stage=EnergyStage,
    functions=image.IMAGE_FUNCTIONS,
    code=IMAGE_CODE,
    tries=IMAGE_TRIES,
)
