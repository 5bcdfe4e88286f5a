"""The Flow tab: invertible networks, whose density is exact."""

from pathlib import Path

from explorer.models.bijections import Affine, Shift, Spline
from explorer.models.flow import Coupling, Flow
from explorer.models.plane_flow import PlaneCoupling
from explorer.stages.flow import FlowStage
from explorer.tabs.flow import maths, plane
from explorer.tabs.flow.fields import FIELDS
from explorer.tabs.kit.family import family_tab

NETS = ["flow-moons", "flow-rings", "flow-eight-gaussians", "flow-mnist"]
MODES = {
    "warp": "Warp",
    "coupling": "One coupling",
    "variables": "Change of variables",
}
CODE = {
    "Layers, as trained": [PlaneCoupling.curve, Coupling.forward_and_log_det, Coupling.inverse],
    "Curves, as trained": [Shift.forward_and_log_det, Affine.forward_and_log_det, Spline.forward_and_log_det],
    "The sum, as trained": [Flow.log_prob, Flow.forward_and_log_det],
    "This page": [maths.coupled],
}
MOONS = {"net": "flow-moons", "way": "back", "place": 0, "heat": "density"}
TRIES = {
    "warp": [
        ("The thread between the moons", MOONS | {"curve": "affine", "depth": 4}),
        ("Splines, eight layers: thinner", MOONS | {"curve": "spline", "depth": 8}),
        ("Only pushing: NICE", MOONS | {"curve": "additive", "depth": 8}),
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
}

TAB = family_tab(
    "flow",
    name="flow",
    question="Can a network bend noise into data so that nothing is lost, and every density is known exactly?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
    modes=MODES,
    fields=FIELDS,
    stage=FlowStage,
    formulas=(maths.show_coupling,),
    code=CODE,
    readings=plane.READINGS,
    tries=TRIES,
    told=plane.told,
)
