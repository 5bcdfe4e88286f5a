"""The Discrete diffusion tab: an absorbing diffusion of binary pixels, and a uniform one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.models.d3pm import D3PM
from explorer.models.transitions import Chain
from explorer.models.uniform_d3pm import UniformD3PM
from explorer.numbers.trained import Found
from explorer.stages.discrete_diffusion import DiscreteDiffusionStage
from explorer.tabs.discrete_diffusion import bound, chain, chains, evidence, maths, orders, unmask
from explorer.tabs.discrete_diffusion.chains import NETS
from explorer.tabs.discrete_diffusion.exercises import EXERCISES
from explorer.tabs.discrete_diffusion.shared import ORDER, PER
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening

FOLDER = Path(__file__).parent
MODES = [unmask.MODE, chain.MODE, orders.MODE, bound.MODE, chains.MODE]
SHORT = {
    "D3PM": "discrete denoising diffusion probabilistic model",
    "AUROC": "area under the receiver operating characteristic",
}
MECHANISM = Mechanism(
    [
        Part("x₀, an image", "x₀", "likelihood", shows="x", lights=["complete", "anomaly", "bound"]),
        Part("Noise", "q(xₜ | x₀)", "chain", "step", tells=True),
        Part(
            "xₜ, some pixels masked",
            "xₜ",
            "bound",
            shows="out",
            lights=["chain", "chains", "unmask", "complete", "make"],
        ),
        Part("Order", "which pixels next", "orders", "step", arrow="←"),
        Part(
            "Network",
            "p(x₀ | xₜ)",
            "unmask",
            "network",
            "guess",
            ["bound", "likelihood"],
            "←",
            tells=True,
            source="out",
        ),
        Part("x_T, every pixel masked", "x_T", "make", arrow="←"),
    ]
)

MADE = family_tab(
    "d3pm",
    name="discrete-diffusion",
    question="What is noise for black and white pixels, and in which order is it removed?",
    folder=FOLDER,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly"],
    stage=DiscreteDiffusionStage,
    formulas=[maths.show_before],
    readings=evidence.READINGS,
    charts=[evidence.by_masked, evidence.by_steps],
    short=SHORT,
    mechanism=MECHANISM,
    modes=MODES,
    fields=[ORDER, PER],
    exercises=EXERCISES,
    opening=Opening({"at": 0.5}, "at", (0.5, 0, 1, 0.5), seconds=8),
    code={
        "The bound, as it was measured": [D3PM.elbo],
        "As they were trained": [D3PM.training_loss, UniformD3PM.training_loss, UniformD3PM.term],
        "This page": [maths.before, Chain.posterior],
    },
)


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data, with what is said of modes that draw so many pixels a step."""
    shown = [(found.value, found.card.get("recipe", {}).get("epochs")) for found in nets.values()]
    cards = [(each["column"]["title"], epochs, each["rows"]) for each, epochs in shown]
    rows = nets[NETS[0]].value["rows"]
    steps = {orders.MODE.name: orders.by_steps(rows), chains.MODE.name: chains.by_steps(cards)}
    return MADE.value(nets) | {"steps": steps}


TAB = replace(MADE, value=value)
