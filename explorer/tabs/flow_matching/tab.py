"""The Flow matching tab: a network learns a velocity from straight lines, and an ODE solver integrates it."""

from pathlib import Path

from explorer.models.divergence import exact_divergence, hutchinson
from explorer.models.flow_matching import FlowMatching, renoise
from explorer.models.ode import adaptive, euler, heun, heun_to_data, logarithmic
from explorer.models.plane_flow_matching import PlaneFlowMatching, PlaneVelocity, known_velocity
from explorer.models.transport import assignment, optimal_pairs
from explorer.models.velocity_field import VelocityField
from explorer.stages.flow_matching import FlowMatchingStage
from explorer.tabs.flow_matching import evidence, maths, plane, server
from explorer.tabs.flow_matching.exercises import EXERCISES
from explorer.tabs.flow_matching.fields import FIELDS
from explorer.tabs.flow_matching.panels import PANELS
from explorer.tabs.kit.ask.nets import with_further
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part

NETS = [
    *with_further("flow-matching-moons", "flow-matching-rings", "flow-matching-eight-gaussians"),
    *with_further("flow-matching-mnist", "flow-matching-fashion-mnist"),
]
MODES = {"paths": "Paths", "reflow": "Reflow", "fields": "Four fields", "solvers": "Solvers"}
CODE = {
    "Paths, as trained": [PlaneFlowMatching.training_loss, PlaneFlowMatching.training_pairs, PlaneVelocity.velocity],
    "Pairs": [optimal_pairs, assignment],
    "Known velocity": [known_velocity],
    "Solvers": [
        server.solve.plain,
        VelocityField.sample_steps,
        VelocityField.guided_field,
        euler,
        heun,
        heun_to_data,
        adaptive,
    ],
    "Images": [FlowMatching.training_loss, FlowMatching.complete_steps, renoise],
    "Likelihood": [VelocityField.log_density, exact_divergence, hutchinson, logarithmic, FlowMatching.log_prob_by_ode],
    "This page": [maths.words_for],
}
MOONS = {"net": "flow-matching-moons"}
CHANCE = MOONS | {"coupling": "independent"}
TRIES = {
    "paths": [
        ("Between the moons", MOONS | {"coupling": "independent", "x": [0.5, 0.3], "time": 0.5}),
        ("Pairs of least distance", MOONS | {"coupling": "ot", "x": [0.5, 0.3], "time": 0.5}),
        ("Where lines begin: t = 0", {"coupling": "independent", "x": [0.5, -0.5], "time": 0}),
    ],
    "reflow": [
        ("Fifty steps", MOONS | {"few": 50}),
        ("Two steps, eight Gaussians", {"net": "flow-matching-eight-gaussians", "few": 2}),
    ],
    "fields": [
        ("Hardly any noise: the score is long", CHANCE | {"view": "score", "time": 0.9, "x": [1.2, 0.5]}),
        ("Nothing but noise", CHANCE | {"view": "noise", "time": 0, "x": [1.2, 0.5]}),
        ("Where it would end", CHANCE | {"view": "data", "time": 0.6, "x": [0, 0]}),
        ("No score: minibatch OT", MOONS | {"coupling": "ot", "view": "score", "time": 0.5, "x": [1.2, 0.5]}),
    ],
    "solvers": [
        ("Eight Gaussians, few steps", {"net": "flow-matching-eight-gaussians"}),
        ("Four guided 3s", {"net": "flow-matching-mnist", "seed": 7, "label": 3, "w": 2}),
    ],
}

SHORT = {
    "ODE": "ordinary differential equation",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {"look": ["paths"], "test": ["solvers"], "understand": ["fields", "reflow"]}
MECHANISM = Mechanism(
    [
        Part("x₀, noise", "x₀", "interpolate", shows="noise"),
        Part("Straight path", "(1−t)x₀ + t·x₁", "paths", "step", lights=["reflow"]),
        Part("Velocity", "v(xₜ, t)", "fields", "network", lights=["paths", "likelihood"]),
        Part("Solver", "xₜ + v·dt", "solvers", "step", lights=["reflow"]),
        Part("x₁, data", "x₁", "make", shows="out", lights=["solvers", "interpolate"]),
        Part("x, your own", "x", "likelihood", shows="x", lights=["complete", "anomaly"], arrow="∼"),
    ]
)

TAB = family_tab(
    "flow-matching",
    name="flow-matching",
    question="Can a network learn to move noise to data along nearly straight lines, so that few steps suffice?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes=MODES,
    fields=FIELDS,
    stage=FlowMatchingStage,
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_words,),
    code=CODE,
    readings=evidence.READINGS,
    tries=TRIES,
    to_props=plane.to_props,
    short=SHORT,
    groups=GROUPS,
    mechanism=MECHANISM,
    exercises=EXERCISES,
    panels=PANELS,
)
