"""The Flow tab: invertible networks, whose density is exact."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explorer.models.bijections import Affine, Shift, Spline
from explorer.models.flow import Coupling, Flow
from explorer.models.image_flow import on_lattice
from explorer.models.plane_flow import PlaneCoupling
from explorer.numbers.rows import Quotes
from explorer.numbers.trained import Card, Found, cards_of
from explorer.stages.flow import FlowStage
from explorer.tabs.flow import causal, coupling, evidence, fifth, layers, maths, variables, warp
from explorer.tabs.flow.coarse import FLOWS
from explorer.tabs.flow.exercises import EXERCISES
from explorer.tabs.flow.mixed import mix
from explorer.tabs.flow.plane import READINGS, to_props
from explorer.tabs.flow.shared import IMAGE_NETS
from explorer.tabs.flow.typical import lengths, typical
from explorer.tabs.kit.ask.nets import with_further
from explorer.tabs.kit.layout.family import evidence as network_tables
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

FOLDER = Path(__file__).parent
MODES = [warp.MODE, coupling.MODE, variables.MODE, layers.MODE, causal.MODE, fifth.MODE]
NETS = [*with_further("flow-moons", "flow-rings", "flow-eight-gaussians"), *IMAGE_NETS]

SHORT = {
    "NICE": "non-linear independent components estimation",
    "VAE": "variational autoencoder",
    "ELBO": "evidence lower bound",
    "KL": "Kullback–Leibler divergence",
    "AUROC": "area under the receiver operating characteristic",
}
MECHANISM = Mechanism(
    [
        Part("x, the data", "x", "likelihood", shows="x", lights=["complete", "anomaly", "fifth"]),
        Part("Coupling", "half by half", "coupling", "network", arrow="↔"),
        Part("Layers", "z = f(x)", "layers", "network", lights=["warp", "learn", "causal"], arrow="↔"),
        Part("Volume", "log |det ∂f/∂x|", "variables", "step", "volume", ["fifth", "likelihood"], "↔", tells=True),
        Part("z, noise of as many numbers", "z", "warp", "value", "z", ["layers", "interpolate"], "↔"),
        Part("x̂, decoded from z", "x̂", "make", shows="out", lights=["interpolate", "learn"]),
    ]
)


def only_error(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about the flows of coarse digits: the answers of their mode bring everything else."""
    return {"error": error}


def tab() -> Tab:
    """Return the tab of the family, with the two flows of coarse digits beside its networks."""
    made = family_tab(
        "flow",
        name="flow",
        group="exact",
        question="Can an invertible network turn noise into data, with an exact density?",
        opening=Opening(moves="place", through=(0, 4, 0), seconds=8),
        folder=FOLDER,
        nets=NETS,
        asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
        stage=FlowStage,
        formulas=(maths.show_coupling, maths.show_length),
        readings=READINGS | evidence.READINGS,
        to_props=to_props,
        short=SHORT,
        mechanism=MECHANISM,
        modes=MODES,
        exercises=EXERCISES,
        code={
            "Layers, as trained": [PlaneCoupling.curve, Coupling.forward_and_log_det, Coupling.inverse],
            "Curves, as trained": [Shift.forward_and_log_det, Affine.forward_and_log_det, Spline.forward_and_log_det],
            "The sum, as trained": [Flow.log_prob, Flow.forward_and_log_det],
            "Mixed z": [mix.plain, on_lattice],
            "The typical set": [lengths, typical.plain],
            "This page": [maths.couple, maths.length],
        },
    )

    def list_nets() -> list[Checkpoint]:
        titles = {net: f"{title} of 8×8 digits" for net, title in FLOWS.items()}
        small = [
            Checkpoint(net, title, only_error, partial(network_tables, net, title)) for net, title in titles.items()
        ]
        return [*made.shown(), *small]

    def quotes(found: Mapping[str, Found]) -> Quotes:
        return Quotes(cards_of(found), NETS[0], READINGS | evidence.READINGS)

    return replace(made, shown=list_nets, quotes=quotes, nets=[*NETS, *FLOWS])


TAB = tab()
