"""Charts to read: figures of plotly, made in Python of cards and models; a browser asks for them when in sight.

plotly.js is the one that the package brings. It is served by an address that names its version, compressed once, so
that a browser reads it once and nothing comes from another machine. Colours and fonts are the browser's: a figure
says what is drawn, and `stages/kit/chart/plot.js` in which theme.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import plotly
import plotly.graph_objects as go

from explorer.card import Card
from explorer.fields import Field, OneOf
from explorer.pauses import pausing
from explorer.serving.files import Folder
from explorer.tabs.kit.answers import Served, heavy
from explorer.tabs.kit.parts import number
from explorer.tabs.kit.rows import listed
from explorer.tabs.kit.trained import NATS

LIBRARY = f"plotly-{plotly.__version__}/"
SCRIPT = f"{LIBRARY}plotly.min.js"
TALL = 520  # pixels, of a chart with many lines and their names, which takes the whole width
COUNTS = {"epoch", "step", "images"}  # of a log of the training, what is no figure


@dataclass(frozen=True)
class Plot:
    """A chart.

    Arguments:
        figure: What is drawn, without colours; its title is the chart's.
        words: The same in a sentence or two, for who cannot see it.
    """

    figure: go.Figure
    words: str

    def told(self) -> dict[str, Any]:
        """Return what the browser is told."""
        figure = json.loads(self.figure.to_json())
        figure["layout"].pop("template", None)
        return {"figure": figure, "words": self.words, "script": SCRIPT}


Charts = Callable[[Card], Iterable[Plot]]


def lines(
    title: str, x: Sequence[float], series: Mapping[str, Sequence[float]], across: str, up: str, log: bool = False
) -> Plot:
    """Return a chart of lines over the same places, by their names.

    Arguments:
        across: What the places are.
        up: What the values are, with their unit.
        log: Whether the values are set by their logarithms.
    """
    figure = go.Figure(
        [go.Scatter(x=list(x), y=list(y), name=name, mode="lines+markers") for name, y in series.items()]
    )
    figure.update_layout(title=title, xaxis_title=across, yaxis_title=up, showlegend=len(series) > 1)
    if log:
        figure.update_yaxes(type="log", dtick=1)
    told = [
        f"{name} from {number(y[0])} at {across} {x[0]:g} to {number(y[-1])} at {x[-1]:g}" for name, y in series.items()
    ]
    return Plot(figure, f"{', '.join(filter(None, [title, up]))}: {'; '.join(told)}.")


def training(card: Card) -> Iterable[Plot]:
    """Return how the training went, as far as the card tells: its loss by epoch, and what its snapshots had come to."""
    unit = card.get("loss_unit", NATS)
    found = card.get("training", {}).get("losses", [])
    if len(found) > 1:
        yield lines("Training loss", range(1, len(found) + 1), {"training loss": found}, "epoch", unit)
    history = card.get("history", [])
    if len(history) < 2:
        return
    at = [each["epoch"] for each in history]
    plain = {
        key: [each[key] for each in history] for key in history[0] if is_number(history[0][key]) and key not in COUNTS
    }
    if plain:
        yield lines(f"{listed([*plain])} on the way".capitalize(), at, plain, "epoch", NATS if unit == NATS else "")


def is_number(value: Any) -> bool:
    """Whether a value of a card is a plain number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def served(cards: Mapping[str, Callable[[], Card]], charts: Sequence[Charts]) -> Served:
    """Return the server function that answers with the charts of a network, or of whatever else has a card.

    Arguments:
        cards: How the card of each network is read, by its name.
        charts: What is drawn of a card.
    """
    net = Annotated[str, Field("net", OneOf(tuple(cards)), title="the network")]

    def evidence_charts(net: net) -> dict:
        """Every chart of a network."""
        card = cards[net]()
        return {"charts": [plot.told() for each in charts for plot in pausing(each(card))]}

    return heavy(evidence_charts)


def library() -> Folder:
    """Return where plotly.js lies."""
    folder = Path(plotly.__file__).with_name("package_data")
    return Folder(re.escape(f"/gradio_api/file={LIBRARY}"), folder, for_ever=True)
