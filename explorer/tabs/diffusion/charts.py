"""Charts of sample quality by network evaluations, over all measured networks of a data set."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import plotly.graph_objects as go

from explorer.measures.frontier import EVALUATIONS
from explorer.measures.quality import FLOOR
from explorer.models.solvers import SAMPLERS
from explorer.networks import checkpoints
from explorer.networks.card import NORMAL, Card, Row, rows
from explorer.numbers.plots import TALL, Plot
from explorer.numbers.trained import read_card
from explorer.tabs.kit.ask.nets import nets_of
from explorer.tabs.kit.layout.parts import number

Parts = Mapping[str, Card]
NEARLY = 0.8  # smallest share of the requested evaluations, as several per step may not add up exactly
LINKED = 7  # of the images that a point links to


def charts(card: Card) -> Iterable[Plot]:
    """Yield the charts of a card's data set; none without frontier measurements."""
    if "frontier" in card:
        dataset = card["frontier"]["classifier"].removeprefix("classifier-")
        yield from quality_plots(parts_of(dataset, card["frontier"]["n"]))


def parts_of(dataset: str, n: int) -> Parts:
    """Return the frontier part of each network's card, by name, if it was measured with n images."""
    found = {}
    for net in nets_of(dataset):
        try:
            found[net] = read_card(net).get("frontier")
        except checkpoints.CheckpointError:
            continue
    return {net: part for net, part in found.items() if part and part["n"] == n}


def quality_plots(parts: Parts) -> Iterable[Plot]:
    """Yield charts of Fréchet distance over its floor, precision and recall, by evaluations per image."""
    first = next(iter(parts.values()))
    floor, precision, recall = (
        rows(first, name, sampler=FLOOR)[0]["value"] for name in ("frechet", "precision", "recall")
    )
    n = f"N = {first['n']:,}"
    yield chart(parts, "frechet", f"Fréchet ÷ floor by evaluations,<br>{n}, as of {first['alike']:,}", 1.0, floor)
    yield chart(parts, "precision", f"Precision by evaluations, {n}", precision)
    yield chart(parts, "recall", f"Recall by evaluations, {n}", recall)


def chart(parts: Parts, name: str, title: str, real: float, floor: float = 1.0) -> Plot:
    """Return a chart of a figure by sampler, over the evaluations of the network, with intervals of 95 %.

    Arguments:
        parts: Frontier parts of the cards, by network.
        name: Name of the figure.
        title: Title of the chart.
        real: Value for training images, drawn as a reference.
        floor: Divisor of the figure on a logarithmic axis; a share is drawn without one.
    """
    curves = [
        (net, found)
        for net, part in parts.items()
        for sampler in dict.fromkeys(row["sampler"] for row in rows(part, name) if row["sampler"] != FLOOR)
        if (found := sorted(rows(part, name, sampler=sampler), key=lambda row: row["evaluations"]))
    ]
    figure = go.Figure([curve(net, found, floor) for net, found in curves])
    ends = [EVALUATIONS[0], EVALUATIONS[-1]]
    figure.add_scatter(x=ends, y=[real, real], name="training images", mode="lines", line={"dash": "solid", "width": 1})
    up = "Fréchet ÷ floor" if name == "frechet" else name
    figure.update_layout(title=title, xaxis_title="evaluations an image", yaxis_title=up, height=TALL)
    figure.update_xaxes(type="log", tickvals=list(EVALUATIONS))
    if name == "frechet":
        figure.update_yaxes(type="log", dtick=1)
    phrase = "; ".join(
        f"{found[0]['title']} " + ", ".join(f"{number(row['value'] / floor)} in {row['evaluations']}" for row in found)
        for _, found in curves
    )
    return Plot(figure, f"{title.replace('<br>', ' ')}, by sampler: {phrase}; training images {number(real)}.")


def curve(net: str, found: list[Row], floor: float) -> go.Scatter:
    """Return a trace of one sampler; each of its points links to images drawn with its setting."""
    return go.Scatter(
        x=[row["evaluations"] for row in found],
        y=[row["value"] / floor for row in found],
        error_y={"array": [NORMAL * row["se"] / floor for row in found], "thickness": 1, "width": 2},
        customdata=[address(net, row) for row in found],
        name=found[0]["title"],
        mode="lines+markers",
    )


def address(net: str, row: Row) -> str | None:
    """Return the address of images drawn by this sampler or network with this setting; None without such a mode."""
    if net.startswith("latent-diffusion-"):
        return f"?{urlencode({'tab': 'tokens', 'net': net, 'mode': 'latent', 'seed': LINKED, 'walk': row['steps']})}"
    if net.startswith("flow-matching-"):
        at = {"tab": "flow-matching", "net": net, "mode": "solvers", "seed": LINKED}
        return f"?{urlencode(at | {'solver': row['sampler'], 'steps': row['steps']})}"
    at = {"tab": "diffusion", "net": f"diffusion-{net.partition('-')[2]}", "seed": LINKED}
    if net.startswith("consistency-"):
        return f"?{urlencode(at | {'mode': 'few'})}"
    if row["sampler"] not in SAMPLERS or not net.startswith("diffusion-"):
        return None
    return f"?{urlencode(at | {'mode': 'reverse', 'grid': 16, 'sampler': row['sampler'], 'steps': row['steps']})}"
