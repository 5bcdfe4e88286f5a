"""The Flow tab: invertible networks, whose density is exact."""

from pathlib import Path

from explorer.models.flow import Flow
from explorer.models.image_flow import ImageFlow, LatticeCoupling, on_lattice
from explorer.stages.flow import FlowStage
from explorer.tabs.flow import evidence, image, maths
from explorer.tabs.flow.fields import IMAGE_FIELDS
from explorer.tabs.kit.family import family_tab

NETS = ["flow-moons", "flow-rings", "flow-eight-gaussians", "flow-mnist"]
DIGIT = {"net": "flow-mnist", "draw": None, "source": None}
MODES = {
    "layers": "Layers",
    "fifth": "Density",
}
CODE = {
    "Layers": [image.layers.plain, Flow.decode_steps, LatticeCoupling.curve],
    "Mixed z": [image.mix.plain, on_lattice],
    "The typical set": [image.lengths.plain, image.temperatures.plain],
    "Density": [image.density.plain, Flow.log_prob, ImageFlow.dequantise, image.stands],
    "This page": [maths.length],
}
TRIES = {
    "layers": [
        ("Sixteen 3s, a quarter drawn", DIGIT | {"part": "film", "seed": 7, "label": 3, "temperature": 1, "at": 0.75}),
        ("A 3's coarse z, a 9's fine z", DIGIT | {"part": "mix", "img": 108, "img2": 0, "cut": 4}),
        ("The mode, z = 0", DIGIT | {"part": "typical", "temperature": 0}),
    ],
    "fifth": [
        ("A plain 1", DIGIT | {"img": 330}),
        ("A strange 2", DIGIT | {"img": 29}),
        ("Pixels in 0 … 255", {"unit": 255}),
    ],
}

TAB = family_tab(
    "flow",
    name="flow",
    question="Can a network bend noise into data so that nothing is lost, and every density is known exactly?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes=MODES,
    fields=IMAGE_FIELDS,
    stage=FlowStage,
    functions=image.SERVER_FUNCTIONS,
    formulas=(maths.show_length,),
    code=CODE,
    readings=evidence.READINGS,
    tries=TRIES,
)
