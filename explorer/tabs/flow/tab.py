"""The Flow tab: invertible networks, whose density is exact."""

from pathlib import Path

from explorer.models.bijections import Affine, Raised, Shift, Spline
from explorer.models.flow import Coupling, Flow
from explorer.models.image_flow import ImageFlow, LatticeCoupling, on_lattice
from explorer.models.plane_flow import PlaneCoupling
from explorer.stages.flow import FlowStage
from explorer.tabs.flow import evidence, image, maths, plane
from explorer.tabs.flow.exercises import EXERCISES
from explorer.tabs.flow.fields import FIELDS, IMAGE_NETS
from explorer.tabs.flow.panels import DIGIT, PANELS
from explorer.tabs.kit.ask.nets import with_further
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part

NETS = [*with_further("flow-moons", "flow-rings", "flow-eight-gaussians"), *IMAGE_NETS]
MODES = {
    "warp": "Warp",
    "coupling": "One coupling",
    "variables": "Change of variables",
    "layers": "Layers of an image",
    "fifth": "Density",
}
CODE = {
    "Layers, as trained": [PlaneCoupling.curve, Coupling.forward_and_log_det, Coupling.inverse],
    "Curves, as trained": [Shift.forward_and_log_det, Affine.forward_and_log_det, Spline.forward_and_log_det],
    "The sum, as trained": [Flow.log_prob, Flow.forward_and_log_det],
    "Layers of an image": [image.layers.plain, Flow.decode_steps, LatticeCoupling.curve, Raised.inverse],
    "Mixed z": [image.mix.plain, on_lattice],
    "The typical set": [image.lengths, image.typical.plain],
    "Density": [image.density.plain, ImageFlow.dequantise, image.stands],
    "This page": [maths.couple, maths.length],
}
MOONS = {"net": "flow-moons", "way": "back", "place": 0, "heat": "density"}
TRIES = {
    "warp": [
        ("Eight spline layers", MOONS | {"curve": "spline", "depth": 8}),
        ("Only shifting: NICE", MOONS | {"curve": "additive", "depth": 8}),
        ("Where layers stretch", {"curve": "spline", "depth": 2, "way": "forward", "place": 1, "heat": "volume"}),
    ],
    "coupling": [
        ("NICE: every area stays", {"nice": True, "mask": "one", "undone": False}),
        ("The same mask twice", {"nice": False, "mask": "same", "undone": False}),
        ("In turns, and undone", {"nice": False, "mask": "turns", "undone": True}),
    ],
    "variables": [
        ("One bump becomes two", {"base": "gaussian", "bend": [-2.2, -1.9, -1.5, 0, 1.5, 1.9, 2.2], "mark": 0}),
        ("Flat in the middle", {"base": "gaussian", "bend": [-3, -1.6, -0.2, 0, 0.2, 1.6, 3], "mark": 0}),
        ("A box, bent", {"base": "uniform", "bend": [-2.6, -2.4, -1.8, 0.4, 1.0, 1.2, 2.6], "mark": -0.5}),
    ],
    "layers": [
        ("3s requested, a quarter done", DIGIT | {"part": "film", "seed": 7, "label": 3, "temperature": 1, "at": 0.75}),
        ("A 3's coarse z, a 9's fine z", DIGIT | {"part": "mix", "img": 108, "img2": 0, "cut": 4}),
        ("The mode of the noise, z = 0", DIGIT | {"part": "typical", "temperature": 0}),
    ],
}

SHORT = {
    "NICE": "non-linear independent components estimation",
    "VAE": "variational autoencoder",
    "ELBO": "evidence lower bound",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {"look": ["warp", "layers"], "test": ["fifth"], "understand": ["coupling", "variables"]}
MECHANISM = Mechanism(
    [
        Part("x, the data", "x", "likelihood", shows="x", lights=["complete", "anomaly", "fifth"]),
        Part("Coupling", "half by half", "coupling", "network", arrow="↔"),
        Part("Layers", "z = f(x)", "layers", "network", lights=["warp", "learn"], arrow="↔"),
        Part("Volume", "log |det ∂f/∂x|", "variables", "step", "volume", ["fifth", "likelihood"], "↔", tells=True),
        Part("z, noise of as many numbers", "z", "warp", "value", "z", ["layers", "interpolate"], "↔"),
        Part("x̂, decoded from z", "x̂", "make", shows="out", lights=["interpolate", "learn"]),
    ]
)

TAB = family_tab(
    "flow",
    name="flow",
    group="exact",
    question="Can an invertible network turn noise into data, with an exact density for every point?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
    modes=MODES,
    fields=FIELDS,
    stage=FlowStage,
    functions=image.SERVER_FUNCTIONS,
    formulas=(maths.show_coupling, maths.show_length),
    code=CODE,
    readings=plane.READINGS | evidence.READINGS,
    tries=TRIES,
    to_props=plane.to_props,
    panels=PANELS,
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
