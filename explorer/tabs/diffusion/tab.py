"""The diffusion tab: joins the stage to the networks behind it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import checkpoints, data
from explorer.data.toys import TOYS
from explorer.models.diffusion import Diffusion
from explorer.models.samplers import Denoiser
from explorer.models.schedule import Schedule
from explorer.models.spherical import spherical_path
from explorer.neighbours import TrainingIndex
from explorer.stages.diffusion import DiffusionStage
from explorer.tabs.diffusion import evidence, maths, server
from explorer.tabs.diffusion.fields import FIELDS, MODES, NET, TIMES
from explorer.tabs.kit import parts
from explorer.tabs.kit.common import SHEETS
from explorer.tabs.kit.tab import Net, Tab
from explorer.tabs.kit.trained import Card, Found, cards_of, read_card

TITLES = dict(zip(NET.kind.choices, data.TITLES.values()))
TOY_TITLES = {toy: data.DATASETS[toy].title for toy in TOYS}
CODE = {
    "Reverse": [server.reverse.plain, Denoiser.denoise_steps, Denoiser.guided_noise, TrainingIndex.nearest],
    "DDPM and DDIM": [Schedule.predict_x0, Schedule.posterior, Schedule.ddpm_step, Schedule.ddim_step],
    "SDEdit": [server.middle.plain, Schedule.add_noise],
    "Guidance": [Denoiser.guided_noise, server.seen],
    "Inversion": [server.travel.plain, Denoiser.invert_steps, spherical_path],
    "Inpainting": [server.complete.plain, Diffusion.inpaint_steps],
    "This page": [maths.closed_form, maths.posterior],
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
        "rows": parts.brief(card.get("rows", [])),
        "bound": parts.brief(card.get("bound")),
    }


def toy_value(toy: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one set of points: its density, and where its network lies."""
    return {
        "title": TOY_TITLES[toy],
        "weights": f"pretrained/score-{toy}/model.safetensors?v={card.get('sha256', '')[:12]}",
        "means": parts.brief(TOYS[toy].means.tolist()),
        "sigma": TOYS[toy].sigma,
        "error": error,
        "errors": parts.brief(card.get("errors")),
    }


def shown() -> list[Net]:
    """Return what is shown of the networks, and of those in the plane."""
    nets = [
        Net(net, title, partial(net_value, net), partial(evidence.tables, net, title)) for net, title in TITLES.items()
    ]
    toys = [
        Net(f"score-{toy}", title, partial(toy_value, toy), partial(evidence.toy_tables, f"score-{toy}", title))
        for toy, title in TOY_TITLES.items()
    ]
    return nets + toys


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return what the stage is told beside its fields and the tour."""
    return {
        "nets": {net: nets[net].value for net in TITLES},
        "toys": {toy: nets[f"score-{toy}"].value for toy in TOY_TITLES},
        "bundled": SHEETS,
    }


def beside() -> dict[str, Card]:
    """Return the card of the network that another tab shows and this one's text quotes; nothing if it is broken."""
    try:
        return {evidence.BESIDE: read_card(evidence.BESIDE)}
    except checkpoints.CheckpointError:
        return {}


SHOWS = {
    "diffusion": parts.Shown(
        {"net": "{net}", "mode": "reverse", "grid": "16", "seed": "{seed}", "label": "{label}", "tap": "{image}"},
    )
}
NETS = [*TITLES, *(f"score-{toy}" for toy in TOY_TITLES), *(f"classifier-{dataset}" for dataset in data.CLASSES)]
TAB = Tab(
    name="diffusion",
    title="Diffusion",
    question="How can a network that only removes a little noise draw a picture?",
    folder=Path(__file__).parent,
    stage=DiffusionStage,
    fields=FIELDS,
    modes=MODES,
    shown=shown,
    value=value,
    quotes=lambda nets: evidence.quotes(cards_of(nets) | beside()),
    whose="What is quoted here and in the tour names its network; *The evidence* below has all of them.",
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_closed_form, maths.show_posterior, maths.show_score),
    code=CODE,
    nets=NETS,
    shows=SHOWS,
)
