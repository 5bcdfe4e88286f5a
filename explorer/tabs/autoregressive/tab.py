"""The autoregressive tab: joins the raster to the networks behind it."""

from functools import partial
from pathlib import Path
from typing import Any

from explorer import checkpoints, data, fields
from explorer.models import levels, masks
from explorer.models.made import MADE
from explorer.models.made import masks as made_masks
from explorer.models.pixelcnn import Cache, GatedBlock, PixelCNN
from explorer.models.raster import RasterModel
from explorer.neighbours import TrainingIndex
from explorer.spaces.images import Images
from explorer.stages.raster import Raster
from explorer.tabs.autoregressive import evidence as raster_evidence
from explorer.tabs.autoregressive import maths as raster_maths
from explorer.tabs.autoregressive import server as raster_server
from explorer.tabs.autoregressive.fields import FIELDS, MODES, NET
from explorer.tabs.kit import lesson, parts
from explorer.tabs.kit.trained import Card, cards_of, found, show_evidence

NAME = "ar"
TITLES = dict(zip(NET.kind.choices, ("MNIST", "Fashion-MNIST", "MADE · MNIST")))
LESSON = Path(__file__).with_name("tour.md")
WHOSE = "What is quoted here and in the tour names its network; *The evidence* below has all of them."
QUESTION = "What does the network expect of the next pixel, before it sees it?"
CODE = {
    "Generate": [
        raster_server.draw_together,
        RasterModel.draw_steps,
        levels.temper,
        levels.draw_level,
        TrainingIndex.nearest,
    ],
    "PixelCNN": [PixelCNN.forward, PixelCNN.parameters_of, GatedBlock.forward],
    "Cache": [Cache.start_row, Cache.features],
    "MADE": [MADE.parameters_of, made_masks],
    "Levels": [levels.LogisticMixture.log_prob, levels.entropy],
    "Score": [RasterModel.log_prob, raster_server.score.plain, Images.noise],
    "Override": [raster_server.resume.plain, raster_server.complete.plain],
    "Masks": [
        raster_server.gradient,
        masks.receptive_field,
        masks.naive_field,
        masks.two_stack_field,
        masks.kernel_mask,
    ],
    "This page": [raster_maths.tempered_conditionals, raster_maths.gaussian_nll],
}


def stage_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one network; an empty card goes with an error."""
    family, _, dataset = net.partition("-")
    model = None if error else checkpoints.load(net)
    return {
        "title": TITLES[net],
        "dataset": dataset,
        "family": family,
        "levels": model.levels if model else 2,
        "classes": data.CLASSES[dataset] if model and model.classes else [],
        "orders": len(model.orders) if isinstance(model, MADE) else 1,
        "dilations": list(getattr(model, "dilations", ())),
        "error": error,
        "card": {key: parts.brief(card[key]) for key in ("figures", "histograms") if key in card},
    }


def build() -> None:
    """Lay out the tab; a broken checkpoint becomes a notice, and the rest still works."""
    parts.question(QUESTION)
    nets = {
        net: found(
            net, f"{title} cannot be shown", partial(stage_value, net), partial(raster_evidence.tables, net, title)
        )
        for net, title in TITLES.items()
    }
    figures = raster_evidence.figures(cards_of(nets))
    values = {net: each.value for net, each in nets.items()}
    bundled = {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES}
    value = {"tab": NAME, "nets": values, "bundled": bundled, "tour": lesson.read(LESSON, figures, FIELDS)}
    value |= fields.told(FIELDS, MODES)
    Raster(value, server_functions=raster_server.SERVER_FUNCTIONS, elem_id="ar-stage", elem_classes="stage-block")
    parts.heading("The maths")
    parts.prose(WHOSE)
    raster_maths.build(figures)
    parts.heading("The code that ran")
    parts.code(CODE)
    parts.heading("The evidence")
    show_evidence(nets)


ADDRESS = {"net": "{net}", "mode": "generate", "grid": "16", "at": "784", "seed": "{seed}", "tap": "{image}"}
RASTER = {"completes": "drawn pixel by pixel, given the rows above", "nll": lambda card: card["figures"]["nll"]}
SHOWS = {
    "pixelcnn": parts.Shown("PixelCNN", ADDRESS | {"label": "{label}"}, **RASTER),
    "made": parts.Shown("MADE", ADDRESS, **RASTER),
}
TAB = parts.Tab(NAME, "Autoregressive", build, [*TITLES], SHOWS)
