"""The autoregressive tab: connects the stage to its networks."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.data.neighbours import TrainingIndex
from explorer.models import levels, masks
from explorer.models.made import MADE
from explorer.models.made import masks as made_masks
from explorer.models.pixelcnn import Cache, GatedBlock, PixelCNN
from explorer.models.raster import RasterModel
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.spaces.images import Images
from explorer.stages.autoregressive import AutoregressiveStage
from explorer.tabs.autoregressive import charts, clock, evidence, maths, server
from explorer.tabs.autoregressive.exercises import EXERCISES
from explorer.tabs.autoregressive.fields import FIELDS, MODES, NETS
from explorer.tabs.autoregressive.panels import PANELS
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.compressing import CODER
from explorer.tabs.kit.ask.nets import dataset_of, family_of
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers import plots
from explorer.tabs.kit.numbers.trained import Card, Found, cards_of

CODE = {
    "Make": [
        server.draw_together,
        RasterModel.draw_steps,
        levels.temper,
        levels.draw_level,
        TrainingIndex.nearest,
    ],
    "PixelCNN": [PixelCNN.forward, PixelCNN.parameters_of, GatedBlock.forward],
    "Cache": [Cache.start_row, Cache.features],
    "MADE": [MADE.parameters_of, made_masks],
    "Levels": [levels.LogisticMixture.log_prob, levels.entropy],
    "How likely?": [RasterModel.log_prob, server.score.plain, Images.noise],
    "Compress": [RasterModel.predictions, *CODER],
    "Override": [server.resume.plain, server.complete.plain],
    "Masks": [
        server.gradient,
        masks.receptive_field,
        masks.naive_field,
        masks.two_stack_field,
        masks.kernel_mask,
    ],
    "Why slow": [clock.time_cache.plain],
    "This page": [maths.tempered_conditionals, maths.gaussian_nll],
}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the stage's data about one network besides that of every family; with an error the card is empty."""
    model = checkpoints.load(net) if card else None
    return {
        "family": family_of(net),
        "levels": model.levels if model else 2,
        "classes": data.classes_of(dataset_of(net)) if model and model.classes else [],
        "dilations": list(getattr(model, "dilations", ())),
    }


def make_net(net: str) -> Checkpoint:
    """Return one of the displayed networks."""
    title = title_in_tab(net, several=family_of(net) != "pixelcnn")
    return family_net(net, title, "ar", SHOWS, to_props, partial(evidence.tables, net, title))


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks."""
    return [*map(make_net, NETS)]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields and the tour."""
    return {"nets": {net: each.value for net, each in nets.items()}, "bundled": SHEETS, "largest": codefile.MOST}


ADDRESS = {"net": "{net}", "mode": "generate", "grid": "16", "at": "784", "seed": "{seed}", "tap": "{image}"}
SHOWS = {"pixelcnn": parts.Shown(ADDRESS | {"label": "{label}"}), "made": parts.Shown(ADDRESS)}
SHORT = {
    "CNN": "convolutional network",
    "MADE": "masked autoencoder for distribution estimation",
    "AUROC": "area under the receiver operating characteristic",
}
ASKS = ["make", "complete", "likelihood", "anomaly"]
OWN = {"make": "generate", "complete": "complete", "likelihood": "score", "anomaly": "score"}
GROUPS = {
    "look": ["generate"],
    "play": ["override"],
    "test": ["ask", "compress"],
    "understand": ["masks", "chain", "slow"],
}
MECHANISM = Mechanism(
    [
        Part("x before i, the pixels so far", "x_<i", "complete", shows="out", lights=["override", "score"]),
        Part("Masked network", "sees x<ᵢ only", "masks", "network", tells=True),
        Part(
            "What it expects of the next pixel", "p(xᵢ | x<ᵢ)", "ask", lights=["chain", "score", "compress"], tells=True
        ),
        Part("Draw", "xᵢ ∼ p", "generate", "step", lights=["override", "slow"]),
        Part(
            "In a chain, pixel after pixel",
            "p(x) = ∏ᵢ p(xᵢ | x<ᵢ)",
            "chain",
            lights=["slow", "score"],
            arrow="↻",
            tells=True,
        ),
    ]
)
TRIES = {
    "generate": [
        (
            "An 8, three times colder",
            {"net": "pixelcnn-mnist", "seed": 3, "label": 8, "T": 0.33, "grid": 1, "at": None},
        ),
        ("Sixteen at T = 1", {"label": None, "T": 1, "grid": 16, "at": None}),
        ("Too hot: T = 2", {"label": None, "T": 2, "grid": 1, "at": None}),
    ],
}
TAB = with_asks(
    Tab(
        name="ar",
        title="Autoregressive",
        group="exact",
        question="What does the network expect of the next pixel, before it sees it?",
        folder=Path(__file__).parent,
        stage=AutoregressiveStage,
        fields=FIELDS,
        modes=MODES,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets)),
        whose="What is quoted here and in the tour names its network; *The evidence* below has all of them.",
        functions=[*server.SERVER_FUNCTIONS, clock.time_cache, frames, stop],
        formulas=(maths.show_gaussian, maths.show_two_bits),
        code=CODE,
        nets=NETS,
        shows=SHOWS,
        short=SHORT,
        panels=PANELS,
        tries=TRIES,
        groups=GROUPS,
        entries={"Chain rule": ["chain", "slow"]},
        mechanism=MECHANISM,
        charts=(plots.training, charts.surprise, charts.reliability),
        exercises=EXERCISES,
    ),
    ASKS,
    OWN,
)
