"""Charts in the evidence of the autoregressive networks: −log p(x) of several sets, and calibration of Bayes."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from explorer.measures.intervals import wilson
from explorer.networks.card import Card
from explorer.numbers.plots import Plot
from explorer.tabs.autoregressive.evidence import SETS
from explorer.tabs.kit.layout.parts import number

TICKS = [first * 10**power for power in range(5) for first in (1, 2, 5)]
RASTER_ACROSS = "the probability of its answer"


def surprise(card: Card) -> Iterable[Plot]:
    """Yield histograms of −log p(x) for own test images and for other images; a single image is a mark."""
    if not (found := card.get("histograms")):
        return
    edges, sets = found["edges"], found["sets"]
    figure = go.Figure()
    for name, each in sets.items():
        share = [count / each["n"] for count in each["counts"]]
        drawn = (
            {"x": [-each["value"]], "y": [0], "mode": "markers", "marker": {"size": 12}}
            if each["n"] == 1
            else {"x": edges, "y": [*share, 0], "mode": "lines", "line": {"shape": "hv"}, "fill": "tozeroy"}
        )
        figure.add_trace(go.Scatter(name=SETS.get(name, name), **drawn))
    title = "How surprising images are to it"
    figure.update_layout(title=title, xaxis_title="−log p(x), nats", yaxis_title="share of the set")
    figure.update_xaxes(type="log", tickvals=[tick for tick in TICKS if edges[0] < tick < edges[-1]], tickformat=",d")
    phrase = ", ".join(f"{number(-each['value'])} for {SETS.get(name, name)}" for name, each in sets.items())
    yield Plot(figure, f"{title}. −log p(x) in nats, on average: {phrase}.")


def reliability(card: Card) -> Iterable[Plot]:
    """Yield the accuracy of the Bayes classifier by the probability of its answer, with intervals of 95 %."""
    if not (tenths := card.get("reliability", {}).get("tenths")):
        return
    sure, right = ([tenth["sure"] for tenth in tenths], [tenth["right"] / tenth["n"] for tenth in tenths])
    lows, highs = zip(*(wilson(tenth["right"], tenth["n"]) for tenth in tenths))
    above, below = (np.abs(np.subtract(ends, right)).tolist() for ends in (highs, lows))
    wide = {"type": "data", "symmetric": False, "array": above, "arrayminus": below}
    counts = [f"{tenth['n']:,} images" for tenth in tenths]
    figure = go.Figure(
        [
            go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="calibrated"),
            go.Scatter(x=sure, y=right, error_y=wide, text=counts, mode="markers", name="by Bayes' rule"),
        ]
    )
    title = "Calibration of Bayes' classifier"
    figure.update_layout(title=title, xaxis_title=RASTER_ACROSS, yaxis_title="how often it is right")
    phrase = "; ".join(f"{p:.2f}: {share:.2f} of {of}" for p, share, of in zip(sure, right, counts))
    yield Plot(figure, f"{title}. By {RASTER_ACROSS}, the share that is right: {phrase}.")
