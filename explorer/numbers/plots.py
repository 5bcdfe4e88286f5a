"""Plotly charts built in Python from cards and models; the browser requests them when they become visible.

plotly.js comes from the installed package. Its address names its version and its file is compressed once. So a browser
loads it once and needs no other server. The browser sets colours and fonts: a figure contains only the data and the
layout, and `stages/kit/chart/plot.js` adds the theme.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import plotly
import plotly.graph_objects as go

from explorer.fields import Field, OneOf, given
from explorer.networks.card import Card
from explorer.numbers.answer import Answer
from explorer.numbers.rows import join_words
from explorer.numbers.trained import NATS
from explorer.running.pauses import pausing
from explorer.serving.files import Folder
from explorer.tabs.kit.ask.answers import Served, heavy
from explorer.tabs.kit.layout.parts import number

LIBRARY = f"plotly-{plotly.__version__}/"
SCRIPT = f"{LIBRARY}plotly.min.js"
TALL = 520  # pixels; height of a full-width chart with many named lines
COUNTS = {"epoch", "step", "images"}  # counters in a training log, which are no figures


@dataclass(frozen=True)
class Plot:
    """Plotly chart with a text alternative.

    Arguments:
        figure: Figure without colours; its title is the chart's title.
        words: Text alternative in one or two sentences.
    """

    figure: go.Figure
    words: str

    def to_props(self) -> dict[str, Any]:
        """Return the data for the browser."""
        figure = json.loads(cast(str, self.figure.to_json()))
        figure["layout"].pop("template", None)
        return {"figure": figure, "words": self.words, "script": SCRIPT}


Charts = Callable[[Card], Iterable[Plot]]


def lines(
    title: str, x: Sequence[float], series: Mapping[str, Sequence[float]], across: str, up: str, log: bool = False
) -> Plot:
    """Return a chart of named lines over shared x values.

    Arguments:
        title: Title of the chart.
        x: Values on the horizontal axis.
        series: Values on the vertical axis, by the name of the line.
        across: Title of the horizontal axis.
        up: Title of the vertical axis, with its unit.
        log: Whether the vertical axis is logarithmic.
    """
    figure = go.Figure(
        [go.Scatter(x=list(x), y=list(y), name=name, mode="lines+markers") for name, y in series.items()]
    )
    figure.update_layout(title=title, xaxis_title=across, yaxis_title=up, showlegend=len(series) > 1)
    if log:
        figure.update_yaxes(type="log", dtick=1)
    phrases = [
        f"{name} from {number(y[0])} at {across} {x[0]:g} to {number(y[-1])} at {x[-1]:g}" for name, y in series.items()
    ]
    return Plot(figure, f"{', '.join(filter(None, [title, up]))}: {'; '.join(phrases)}.")


def training(card: Card) -> Iterable[Plot]:
    """Yield the training charts of a card: the loss by epoch, and the figures measured at its snapshots."""
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
        yield lines(f"{join_words([*plain])} on the way".capitalize(), at, plain, "epoch", NATS if unit == NATS else "")


def is_number(value: Any) -> bool:
    """Return whether a value of a card is a plain number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def charts_function(cards: Mapping[str, Callable[[], Card]], charts: Sequence[Charts]) -> Served:
    """Return the server function that returns the charts of a network, or of anything else with a card.

    Arguments:
        cards: Functions that read the cards, by the names of the networks.
        charts: Functions that return the charts of a card.
    """

    @given(net=Field("net", OneOf(tuple(cards)), title="the network"))
    def evidence_charts(net: str) -> Answer:
        """Return every chart of a network."""
        card = cards[net]()
        return Answer(view={"charts": [plot for each in charts for plot in pausing(each(card))]})

    return heavy(evidence_charts)


def library() -> Folder:
    """Return the folder of plotly.js."""
    folder = Path(plotly.__file__).with_name("package_data")
    return Folder(re.escape(f"/gradio_api/file={LIBRARY}"), folder, for_ever=True)
