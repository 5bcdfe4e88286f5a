"""Charts over all families of a data set: quality of representations, and sample quality by cost."""

import math
from collections.abc import Iterable, Mapping
from statistics import fmean
from textwrap import wrap

import plotly.graph_objects as go

from explorer.measures.quality import over_floor
from explorer.models import ENCODERS, FAMILIES, MODELS
from explorer.networks import checkpoints
from explorer.networks.card import NORMAL, Card, rows
from explorer.numbers.beside import beside
from explorer.numbers.plots import TALL, Plot
from explorer.numbers.rows import join_words
from explorer.numbers.trained import read_card
from explorer.questions import likelihood
from explorer.tabs.compare.columns import MANY
from explorer.tabs.compare.evidence import Cards
from explorer.tabs.kit.ask.nets import family_of
from explorer.tabs.kit.layout.parts import number

COMPARE_ROOM = 0.12  # share of an axis left free on either side of its points, for their names
COMPARE_LINE = 46  # letters per line of a subtitle, on a phone
COMPARE_FEW = 100  # labels in the description
SYMBOLS = {"exact": "circle", "bound": "diamond", "estimate": "square", None: "x"}
KIND_MARKS = {"exact": "= exact", "bound": "≤ bound", "estimate": "≈ estimate", None: "∅ no likelihood"}


def cards_of(dataset: str) -> Cards:
    """Return the cards of the families of a data set by their titles, if they can be read.

    Encoders that generate nothing come last; they have figures of their codes only.
    """
    found = {}
    for net in (f"{family}-{dataset}" for family in [*MODELS, *ENCODERS]):
        if not checkpoints.exists(net):
            continue
        try:
            card = read_card(net) | {"kind": kind_of(net), "draws": family_of(net) in MODELS}
        except checkpoints.CheckpointError:
            continue
        found[FAMILIES[family_of(net)].title] = card
    return found


def kind_of(net: str) -> str | None:
    """Return the kind of a network's log p(x): exact, bound, estimate, or None."""
    return likelihood.kind(checkpoints.load(net))


def probes(cards: Cards) -> Iterable[Plot]:
    """Yield the accuracy of a linear layer on the codes of each family by number of labels, and on raw pixels."""
    probed = {title: card["probe"] for title, card in cards.items() if "probe" in card}
    if not probed:
        return
    codes = {title: rows(part, "accuracy", of="codes") for title, part in probed.items()}
    pixels = rows(next(iter(probed.values())), "accuracy", of="pixels")
    figure = go.Figure([_labelled(title, found) for title, found in codes.items()])
    figure.add_trace(_labelled("raw pixels", pixels, dash="dot"))
    figure.update_layout(
        title="What a linear layer reads from a code",
        xaxis_title="labels",
        yaxis_title="share of test images classified correctly",
        height=TALL,
    )
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(tickformat=".0%")
    few = {
        title: row["value"]
        for title, found in [*codes.items(), ("raw pixels", pixels)]
        for row in found
        if row["labels"] == COMPARE_FEW
    }
    ordered = sorted(few.items(), key=lambda item: -item[1])
    phrase = ", ".join(f"{title} {value:.1%}" for title, value in ordered)
    read = "; ".join(f"of {title}: {part['represents']}" for title, part in probed.items())
    yield Plot(figure, f"With {COMPARE_FEW} labels a linear layer sees right: {phrase}. What is read, {read}.")


def _labelled(title: str, found: list[Card], dash: str | None = None) -> go.Scatter:
    errors = {"array": [NORMAL * row["se"] for row in found], "thickness": 1, "width": 2}
    return go.Scatter(
        x=[row["labels"] for row in found],
        y=[row["value"] for row in found],
        error_y=errors,
        name=title,
        mode="lines+markers",
        line={"dash": dash},
    )


def augmentation(cards: Cards) -> Iterable[Plot]:
    """Yield the accuracy of a small classifier trained on few images, with and without a family's samples.

    The families were trained with all labels, so their samples add information beyond the few images. The chart says
    so.
    """
    found = {
        title: {of: rows(card["probe"], "accuracy", of=of) for of in ("images", "images and samples")}
        for title, card in cards.items()
        if "probe" in card and rows(card["probe"], "accuracy", of="images and samples")
    }
    if not found:
        return
    traces = []
    for index, row in enumerate(next(iter(found.values()))["images"]):
        beside = {title: ways["images and samples"][index] for title, ways in found.items()}
        alone = fmean(ways["images"][index]["value"] for ways in found.values())
        gains = {title: each["value"] - found[title]["images"][index]["value"] for title, each in beside.items()}
        errors = [
            NORMAL * math.hypot(each["se"], found[title]["images"][index]["se"]) for title, each in beside.items()
        ]
        name = f"{row['labels']:,} labelled images ({alone:.0%} alone)"
        traces.append(go.Bar(x=[*gains], y=[*gains.values()], error_y={"array": errors}, name=name))
    figure = go.Figure(traces)
    figure.update_layout(
        title="Samples beside few labelled images,<br>by models that saw all labels",
        yaxis_title="gain in the share classified correctly",
        barmode="group",
    )
    figure.update_yaxes(tickformat="+.0%")
    phrase = "; ".join(
        f"{trace.name}: " + ", ".join(f"{title} {100 * gain:+.1f} points" for title, gain in zip(trace.x, trace.y))
        for trace in traces
    )
    yield Plot(
        figure,
        f"What a small classifier gains on test images from samples beside {phrase}. Each model that drew them had "
        "seen all labels: its samples contain information from these labels, so they do not replace labels.",
    )


def frontier(cards: Cards) -> Iterable[Plot]:
    """Yield sample quality by cost: the Fréchet distance over its floor, by milliseconds per image.

    The images are binarised or grey, whichever was measured for more families.
    """
    each = {
        pixels: {title: place for title, card in cards.items() if (place := _place(card, pixels))}
        for pixels in ("binarised", "grey")
    }
    pixels, places = max(each.items(), key=lambda item: len(item[1]))
    if len(places) < 2:
        return
    middles = {title: (cost, fmean(ratios)) for title, (cost, ratios) in places.items()}
    (across, up), shares = _ranges(middles.values())
    where = dict(zip(middles, beside(shares, [*middles])))
    by_kind = {
        kind: {title: place for title, place in places.items() if cards[title]["kind"] == kind} for kind in SYMBOLS
    }
    figure = go.Figure([_marks(kind, here, where) for kind, here in by_kind.items() if here])
    without = [title for title, card in cards.items() if card.get("draws") and title not in places]
    few = [f"{title} ({cards[title]['quality']['n']:,})" for title in places if cards[title]["quality"]["n"] < MANY]
    why = f"Without {join_words(without)}: no {pixels} samples of theirs were judged." if without else ""
    why += f" Judged by fewer samples, which flatters: {join_words(few)}." if few else ""
    figure.update_layout(
        title={"text": "What quality costs", "subtitle": {"text": "<br>".join(wrap(why, COMPARE_LINE))}},
        xaxis_title="milliseconds of one thread an image",
        yaxis_title=f"Fréchet ÷ floor, {pixels}",
        height=TALL,
        margin={"t": 84},
    )
    figure.update_xaxes(type="log", dtick=1, range=across)
    figure.update_yaxes(type="log", dtick=1, range=up)
    phrase = "; ".join(
        f"{title} {number(ratio)} times the floor at {number(cost)} ms" for title, (cost, ratio) in middles.items()
    )
    of = f"Fréchet distance over its floor, a mean of seeds, of {pixels} samples, by the time an image takes"
    yield Plot(figure, f"{of}: {phrase}. {why}".strip())


def _ranges(points: Iterable[tuple[float, float]]) -> tuple[list[list[float]], list[tuple[float, float]]]:
    """Return the ranges of both logarithmic axes, with room for names, and the points' relative positions in them."""
    logs = [[math.log10(value) for value in axis] for axis in zip(*points)]
    ranges = [
        [min(axis) - COMPARE_ROOM * (max(axis) - min(axis)), max(axis) + COMPARE_ROOM * (max(axis) - min(axis))]
        for axis in logs
    ]
    shares = [[(each - low) / (high - low) for each in axis] for axis, (low, high) in zip(logs, ranges)]
    return ranges, [*zip(*shares)]


def _marks(kind: str | None, places: Mapping[str, tuple[float, list[float]]], where: Mapping[str, str]) -> go.Scatter:
    """Return a trace of the families with one kind of likelihood, each at its cost and its mean over seeds."""
    middles = [fmean(ratios) for _, ratios in places.values()]
    spread = [max(ratios) - middle for (_, ratios), middle in zip(places.values(), middles)]
    return go.Scatter(
        x=[cost for cost, _ in places.values()],
        y=middles,
        error_y={"array": spread, "thickness": 1, "width": 2},
        text=[*places],
        textposition=[where[title] for title in places],
        cliponaxis=False,
        mode="markers+text",
        marker={"symbol": SYMBOLS[kind], "size": 11},
        name=KIND_MARKS[kind],
    )


def _place(card: Card, pixels: str) -> tuple[float, list[float]] | None:
    """Return milliseconds per image, and the first sampler's Fréchet distance over its floor for each seed."""
    ratios, cost = over_floor(card, pixels), card.get("compare", {}).get("sampling")
    return (cost["milliseconds"], ratios) if ratios and cost else None
