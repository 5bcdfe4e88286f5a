"""The diffusion tab: joins the stage to the networks behind it."""

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import checkpoints, data, fields
from explorer.data.toys import TOYS
from explorer.models.diffusion import Diffusion
from explorer.models.samplers import Denoiser
from explorer.models.schedule import Schedule
from explorer.neighbours import TrainingIndex
from explorer.spaces import LEVELS
from explorer.stages.diffusion import DiffusionStage
from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import maths as diffusion_maths
from explorer.tabs.diffusion import server as diffusion_server
from explorer.tabs.diffusion.fields import FIELDS, MODES, NET, TIMES
from explorer.tabs.kit import lesson, parts
from explorer.tabs.kit.trained import Card, cards_of, found, read_card, show_evidence

NAME = "diffusion"
TITLES = dict(zip(NET.kind.choices, ("MNIST", "Fashion-MNIST")))
TOY_TITLES = {"moons": "Two moons", "rings": "Two rings", "eight-gaussians": "Eight Gaussians"}
LESSON = Path(__file__).with_name("tour.md")
WHOSE = "What is quoted here and in the tour names its network; *The evidence* below has all of them."
QUESTION = "How can a network that only removes a little noise draw a picture?"
CODE = {
    "Reverse": [diffusion_server.reverse.plain, Denoiser.denoise_steps, Denoiser.guided_noise, TrainingIndex.nearest],
    "DDPM and DDIM": [Schedule.predict_x0, Schedule.posterior, Schedule.ddpm_step, Schedule.ddim_step],
    "Start in the middle": [diffusion_server.middle.plain, Schedule.add_noise],
    "Guidance": [Denoiser.guided_noise, diffusion_server.seen],
    "Travel": [diffusion_server.travel.plain, Denoiser.invert_steps, diffusion_server.spherical_path],
    "Complete": [diffusion_server.complete.plain, Diffusion.inpaint_steps],
    "This page": [diffusion_maths.closed_form, diffusion_maths.posterior],
}


def net_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one network; an empty card goes with an error."""
    dataset = net.removeprefix("diffusion-")
    schedule = checkpoints.load(net).schedule if error is None else Schedule("linear", TIMES)
    return {
        "title": TITLES[net],
        "dataset": dataset,
        "classes": data.CLASSES[dataset],
        "schedule": schedule.kind,
        "times": schedule.total,
        "error": error,
        "card": {"figures": parts.brief(card["figures"])} if "figures" in card else {},
    }


def toy_value(toy: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one set of points: its density, and where its network lies."""
    return {
        "title": TOY_TITLES[toy],
        "weights": f"pretrained/score-{toy}/model.safetensors?v={card.get('sha256', '')[:12]}",
        "means": parts.brief(TOYS[toy].means.tolist()),
        "sigma": TOYS[toy].sigma,
        "error": error,
        "card": {"figures": parts.brief(card["figures"])} if "figures" in card else {},
    }


def build() -> None:
    """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
    parts.question(QUESTION)
    nets = {
        net: found(
            net, f"{title} cannot be shown", partial(net_value, net), partial(diffusion_evidence.tables, net, title)
        )
        for net, title in TITLES.items()
    }
    toys = {
        f"score-{toy}": found(
            f"score-{toy}",
            f"{title} cannot be shown",
            partial(toy_value, toy),
            partial(diffusion_evidence.toy_tables, f"score-{toy}", title),
        )
        for toy, title in TOY_TITLES.items()
    }
    figures = diffusion_evidence.figures(cards_of(nets | toys) | beside())
    value = {
        "tab": NAME,
        "nets": {net: each.value for net, each in nets.items()},
        "toys": dict(zip(TOY_TITLES, (each.value for each in toys.values()))),
        "bundled": {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES},
        "tour": lesson.read(LESSON, figures, FIELDS),
        **fields.told(FIELDS, MODES),
    }
    functions = diffusion_server.SERVER_FUNCTIONS
    DiffusionStage(value, server_functions=functions, elem_id="diffusion-stage", elem_classes="stage-block")
    parts.heading("The maths")
    parts.prose(WHOSE)
    diffusion_maths.build(figures)
    parts.heading("The code that ran")
    parts.code(CODE)
    parts.heading("The evidence")
    show_evidence(nets | toys)


def beside() -> dict[str, Card]:
    """Return the card of the network that another tab shows and this one's text quotes; nothing if it is broken."""
    try:
        return {diffusion_evidence.PIXELCNN: read_card(diffusion_evidence.PIXELCNN)}
    except checkpoints.CheckpointError:
        return {}


def nll(card: Mapping[str, Any]) -> dict[str, float]:
    """The bound on −log p(x), in nats."""
    bits, nats = card["figures"]["bits_per_dim"], LEVELS.dim * math.log(2)
    return {"value": nats * bits["value"], "se": nats * bits["se"], "n": bits["n"]}


def settings(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How often the class asked for is seen at each guidance scale above 1; no fewer than one image is the error."""
    return [
        {"setting": f"w = {w}", "pixels": "grey", "diversity": row["diversity"]}
        | row["accuracy"]
        | {"se": max(row["accuracy"]["se"], 1 / row["accuracy"]["n"])}
        for w, row in card["figures"].get("guidance", {}).items()
        if int(w) > 1
    ]


SHOWS = {
    "diffusion": parts.Shown(
        "Diffusion",
        {"net": "{net}", "mode": "reverse", "grid": "16", "seed": "{seed}", "label": "{label}", "tap": "{image}"},
        completes="denoised from noise, with what is known put back at every step (RePaint)",
        evaluations=5,
        nll=nll,
        settings=settings,
    )
}
NETS = [*TITLES, *(f"score-{toy}" for toy in TOY_TITLES), *(f"classifier-{dataset}" for dataset in data.CLASSES)]
TAB = parts.Tab(NAME, "Diffusion", build, NETS, SHOWS)
