"""The Discrete diffusion tab: an absorbing diffusion of binary pixels, and a uniform one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.models.d3pm import D3PM, next_masked
from explorer.models.transitions import Chain
from explorer.models.uniform_d3pm import UniformD3PM
from explorer.stages.discrete_diffusion import DiscreteDiffusionStage
from explorer.tabs.discrete_diffusion import answers, evidence, maths, server
from explorer.tabs.discrete_diffusion.exercises import EXERCISES
from explorer.tabs.discrete_diffusion.fields import FIELDS, NETS, PER_STEP
from explorer.tabs.discrete_diffusion.panels import ORDERS, PANELS
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.numbers.trained import Found

MODES = {
    "unmask": "One image",
    "chain": "Chain by hand",
    "orders": "Three orders",
    "bound": "Bound",
    "chains": "Two chains",
}
CODE = {
    "Unmask": [server.unmask.plain, D3PM.unmask_steps, D3PM.logits],
    "Order": [server.unmask_many.plain, next_masked],
    "Two chains": [server.draw_chain.plain, UniformD3PM.way, UniformD3PM.towards, UniformD3PM.reverse],
    "Bound": [server.bound.plain, server.terms, D3PM.terms, D3PM.order_log_prob],
    "The bound, as it was measured": [D3PM.elbo],
    "As they were trained": [D3PM.training_loss, UniformD3PM.training_loss, UniformD3PM.term],
    "This page": [maths.before, Chain.posterior],
}
TRIES = {
    "orders": [
        ("Eights, sixteen pixels at a time", {"label": 8, "per": 16, "seed": 7, "at": 1}),
        ("All pixels at once", {"label": 8, "per": 784, "seed": 7, "at": 1}),
    ],
    "chains": [
        ("Eights, in 49 steps", {"label": 8, "per": 16, "seed": 7, "at": 1}),
        ("In four steps", {"label": 8, "per": 196, "seed": 7, "at": 1}),
    ],
}

SHORT = {
    "D3PM": "discrete denoising diffusion probabilistic model",
    "AUROC": "area under the receiver operating characteristic",
}
GROUPS = {"look": ["unmask", "orders"], "test": ["bound"], "understand": ["chain", "chains"]}
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
        Part("Network", "p(x₀ | xₜ)", "unmask", "network", "guess", ["bound", "likelihood"], "←", tells=True),
        Part("x_T, every pixel masked", "x_T", "make", arrow="←"),
    ]
)

MADE = family_tab(
    "d3pm",
    name="discrete-diffusion",
    question="What is noise for black and white pixels, and in which order is it removed?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly"],
    modes=MODES,
    fields=FIELDS,
    stage=DiscreteDiffusionStage,
    functions=server.SERVER_FUNCTIONS,
    formulas=[maths.show_before],
    code=CODE,
    readings=evidence.READINGS,
    tries=TRIES,
    charts=[evidence.by_masked, evidence.by_steps],
    short=SHORT,
    groups=GROUPS,
    entries={"Unmask": ["unmask", "orders"]},
    mechanism=MECHANISM,
    exercises=EXERCISES,
)


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data, with what is said of modes that draw so many pixels a step."""
    shown = [(found.value, found.card.get("recipe", {}).get("epochs")) for found in nets.values()]
    cards = [(each["column"]["title"], epochs, each["rows"]) for each, epochs in shown]
    rows = nets[NETS[0]].value["rows"]
    orders = {str(per): answers.in_orders(rows, per).to_props() for per in PER_STEP}
    settings = [{"title": title, "order": order} for order, title in ORDERS.items()]
    chains = {str(per): answers.in_chains(cards, per).to_props() for per in PER_STEP}
    steps = {"orders": {"said": orders, "settings": settings}, "chains": {"said": chains}}
    return MADE.value(nets) | {"steps": steps}


TAB = replace(MADE, panels={**MADE.panels, **PANELS}, value=value)
