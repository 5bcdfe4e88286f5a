"""The autoregressive tab: connects the stage to its networks."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.fields import Field, Whole
from explorer.models import levels
from explorer.models.made import MADE
from explorer.models.made import masks as made_masks
from explorer.models.pixelcnn import Cache, GatedBlock, PixelCNN
from explorer.networks import checkpoints
from explorer.numbers import plots
from explorer.numbers.trained import Card, Found, cards_of
from explorer.questions import codefile
from explorer.stages.autoregressive import AutoregressiveStage
from explorer.tabs.autoregressive import (
    ask,
    chain,
    charts,
    complete,
    compress,
    evidence,
    generate,
    masks,
    maths,
    override,
    reward,
    score,
    slow,
)
from explorer.tabs.autoregressive.exercises import EXERCISES
from explorer.tabs.autoregressive.shared import LABEL, NET, NETS, ORDER, PART, PIXEL, RASTER_GRID, TEMPERATURE
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import dataset_of, family_of
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.fields import DRAW, IMG, SEED, SET, SOURCE
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

FOLDER = Path(__file__).parent
MODES = [
    generate.MODE,
    ask.MODE,
    override.MODE,
    complete.MODE,
    score.MODE,
    compress.MODE,
    masks.MODE,
    chain.MODE,
    reward.MODE,
    slow.MODE,
]


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
    return {
        "nets": {net: each.value for net, each in nets.items()},
        "bundled": SHEETS,
        "largest": codefile.LARGEST_FILE,
    }


ADDRESS = {"net": "{net}", "mode": "generate", "grid": "16", "at": "784", "seed": "{seed}", "tap": "{image}"}
SHOWS = {"pixelcnn": parts.Shown(ADDRESS | {"label": "{label}"}), "made": parts.Shown(ADDRESS)}
SHORT = {
    "CNN": "convolutional network",
    "MADE": "masked autoencoder for distribution estimation",
    "AUROC": "area under the receiver operating characteristic",
}
ASKS = ["make", "complete", "likelihood", "anomaly"]
OWN = {"make": "generate", "complete": "complete", "likelihood": "score", "anomaly": "score"}
MECHANISM = Mechanism(
    [
        Part(
            "x before i, the pixels so far",
            "x_<i",
            "complete",
            shows="out",
            lights=["override", "score"],
            source="out",
            through="Draw",
        ),
        Part("Masked network", "sees x<ᵢ only", "masks", "network", tells=True),
        Part(
            "What it expects of the next pixel", "p(xᵢ | x<ᵢ)", "ask", lights=["chain", "score", "compress"], tells=True
        ),
        Part("Draw", "xᵢ ∼ p", "generate", "step", lights=["override", "slow"]),
        Part(
            "In a chain, pixel after pixel",
            "p(x) = ∏ᵢ p(xᵢ | x<ᵢ)",
            "chain",
            lights=["slow", "score", "reward"],
            arrow="↻",
            tells=True,
        ),
    ]
)
TAB = with_asks(
    Tab(
        name="ar",
        title="Autoregressive",
        group="exact",
        question="What does the network expect of the next pixel, before it sees it?",
        folder=FOLDER,
        stage=AutoregressiveStage,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets)),
        whose="What is quoted here and in the tour names its network; *The evidence* below has all of them.",
        formulas=(maths.show_gaussian, maths.show_two_bits),
        nets=NETS,
        shows=SHOWS,
        short=SHORT,
        mechanism=MECHANISM,
        charts=(plots.training, charts.surprise, charts.reliability),
        **of_modes(
            MODES,
            [
                NET,
                SEED,
                LABEL,
                TEMPERATURE,
                Field("tap", Whole(0, RASTER_GRID - 1), 0, "the image that is watched"),
                PIXEL,
                SET,
                IMG,
                DRAW,
                SOURCE,
                PART,
                ORDER,
            ],
            FOLDER,
            exercises=EXERCISES,
            functions=[nearest, frames, stop],
            code={
                "PixelCNN": [PixelCNN.forward, PixelCNN.parameters_of, GatedBlock.forward],
                "Cache": [Cache.start_row, Cache.features],
                "MADE": [MADE.parameters_of, made_masks],
                "Levels": [levels.LogisticMixture.log_prob, levels.entropy],
                "This page": [maths.tempered_conditionals, maths.gaussian_nll],
            },
        ),
    ),
    ASKS,
    OWN,
)
