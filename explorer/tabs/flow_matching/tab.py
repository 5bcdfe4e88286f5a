"""The Flow matching tab: a network learns a velocity from straight lines, and an ODE solver integrates it."""

from pathlib import Path

from explorer.fields import Field, Real
from explorer.models.divergence import exact_divergence, hutchinson
from explorer.models.flow_matching import FlowMatching, renoise
from explorer.models.ode import logarithmic
from explorer.models.plane_flow_matching import PlaneFlowMatching, PlaneVelocity, known_velocity
from explorer.models.transport import assignment, optimal_pairs
from explorer.models.velocity_field import VelocityField
from explorer.stages.flow_matching import FlowMatchingStage
from explorer.tabs.flow_matching import (
    bridges,
    evidence,
    family,
    fields,
    maths,
    one_step,
    paths,
    reflow,
    solvers,
    targets,
)
from explorer.tabs.flow_matching.exercises import EXERCISES
from explorer.tabs.flow_matching.plane import to_props
from explorer.tabs.flow_matching.shared import COUPLING, TIME
from explorer.tabs.kit.ask.nets import with_further
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part

FOLDER = Path(__file__).parent
MODES = [paths.MODE, family.MODE, fields.MODE, targets.MODE, reflow.MODE, bridges.MODE, one_step.MODE, solvers.MODE]
NETS = [
    *with_further("flow-matching-moons", "flow-matching-rings", "flow-matching-eight-gaussians"),
    *with_further("flow-matching-mnist", "flow-matching-fashion-mnist"),
]

SHORT = {
    "ODE": "ordinary differential equation",
    "SDE": "stochastic differential equation",
    "SNR": "signal-to-noise ratio, α² ÷ σ²",
    "VP": "variance preserving",
    "VE": "variance exploding",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
MECHANISM = Mechanism(
    [
        Part("x₀, noise", "x₀", "interpolate", shows="noise"),
        Part("Straight path", "(1−t)x₀ + t·x₁", "paths", "step", lights=["reflow", "family", "bridges"]),
        Part("Velocity", "v(xₜ, t)", "fields", "network", lights=["paths", "likelihood", "targets"]),
        Part("Solver", "xₜ + v·dt", "solvers", "step", lights=["reflow", "one_step"]),
        Part("x₁, data", "x₁", "make", shows="out", lights=["solvers", "interpolate"]),
        Part("x, your own", "x", "likelihood", shows="x", lights=["complete", "anomaly"], arrow="∼"),
    ]
)

TAB = family_tab(
    "flow-matching",
    name="flow-matching",
    question="Can a network move noise to data along nearly straight lines, in few steps?",
    folder=FOLDER,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    stage=FlowMatchingStage,
    formulas=(maths.show_words,),
    readings=evidence.READINGS,
    to_props=to_props,
    short=SHORT,
    mechanism=MECHANISM,
    modes=MODES,
    fields=[COUPLING, TIME, Field("along", Real(0, 1), None, "the place on the path", "0 is noise, 1 is the end")],
    exercises=EXERCISES,
    code={
        "Paths, as trained": [
            PlaneFlowMatching.training_loss,
            PlaneFlowMatching.training_pairs,
            PlaneVelocity.velocity,
        ],
        "Pairs": [optimal_pairs, assignment],
        "Known velocity": [known_velocity],
        "Images": [FlowMatching.training_loss, FlowMatching.complete_steps, renoise],
        "Likelihood": [
            VelocityField.log_density,
            exact_divergence,
            hutchinson,
            logarithmic,
            FlowMatching.log_prob_by_ode,
        ],
        "This page": [maths.words_for],
    },
)
