"""What was measured: the card of each autoregressive network as tables, and as figures for the text to quote."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from explorer.models.raster import PIXELS
from explorer.tabs.kit import parts, trained

Card = Mapping[str, Any]
Measured = Mapping[str, float]
UNKNOWN = "(not measured)"
DIGITS, CLOTHES, MADE = "pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"
SETS = {"mnist": "digits", "fashion-mnist": "clothes", "noise": "noise", "blank": "a blank page"}
ORDERS = ("by rows", "by columns", "by rows, backwards", "by columns, backwards")
BLURRED = 0.9  # below this, a network tells another set from its own too rarely to call it apart
GENERATIVE = "[pytorch-generative](https://github.com/EugenHotaj/pytorch-generative)"
PIXELCNN_PAPER = "[van den Oord et al. 2016](https://arxiv.org/abs/1601.06759)"
MADE_PAPER = "[Germain et al. 2015](https://arxiv.org/abs/1502.03509)"
STATIC, ANEW = "fixed", "drawn anew each epoch, for training and test"
PUBLISHED = {
    DIGITS: (
        (f"PixelCNN, {PIXELCNN_PAPER}", 81.30, STATIC),
        (f"PixelCNN, {GENERATIVE}", 81.45, ANEW),
        (f"Gated PixelCNN, {GENERATIVE}", 81.50, ANEW),
        (f"PixelSNAIL, {GENERATIVE}", 78.61, ANEW),
    ),
    MADE: (
        (f"MADE, one layer of 8,000 units, one order, {MADE_PAPER}", 88.40, STATIC),
        (f"MADE, two layers, 32 masks averaged, {MADE_PAPER}", 86.64, STATIC),
        (f"MADE, one layer of 8,000 units, one random order, 85 epochs, {GENERATIVE}", 84.87, ANEW),
    ),
}


def _measured(net: str, name: str, digits: int | None = None) -> Callable[[Mapping[str, Card]], str]:
    def read(cards: Mapping[str, Card]) -> str:
        value = cards[net]["figures"][name]["value"]
        return parts.number(value) if digits is None else f"{value:.{digits}f}"

    return read


QUOTES: dict[str, Callable[[Mapping[str, Card]], str]] = {
    "nll": _measured(DIGITS, "nll"),
    "nll_label": _measured(DIGITS, "nll_label"),
    "nll_mixture": _measured(DIGITS, "nll_mixture"),
    "accuracy": lambda cards: f"{cards[DIGITS]['figures']['accuracy']['value']:.1%}".replace("%", " %"),
    "made_nll": _measured(MADE, "nll"),
    "made_mixture_nll": _measured(MADE, "mixture"),
    "made_beside": lambda cards: _beside_published(cards[MADE]["figures"]),
    "made_orders": lambda cards: _listed([parts.number(each["value"]) for each in cards[MADE]["figures"]["orders"]]),
    "fashion_bits": _measured(CLOTHES, "bits_per_dim", 3),
    "blank_reading": lambda cards: _blank_reading(cards[DIGITS]),
    "fashion_on_mnist_reading": lambda cards: _other_reading(cards[CLOTHES], "mnist", "fashion-mnist"),
    "mnist_on_fashion_reading": lambda cards: _other_reading(cards[DIGITS], "fashion-mnist", "mnist"),
    "agreement": lambda cards: _with_error(cards[DIGITS]["figures"]["agreement"]),
}


def figures(cards: Mapping[str, Card]) -> dict[str, str]:
    """Return the figures that lesson and maths quote; what a card does not hold is said to be unmeasured."""
    return parts.quoted(QUOTES, cards, UNKNOWN)


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _with_error(row: Measured) -> str:
    return parts.number(row["value"], row["se"])


def _beside_published(found: Mapping[str, Any]) -> str:
    """How far the network's first order and the mean of its orders lie from the lowest published number."""
    name, best, _ = min(PUBLISHED[MADE], key=lambda row: row[1])
    apart = [found[key]["value"] - best for key in ("nll", "mixture")]
    told = [f"{parts.number(abs(each))} nats {'more' if each > 0 else 'less'}" for each in apart]
    return f"{told[0]} than the {best:.2f} of a {name}, and {told[1]} where its orders are averaged"


def _blank_reading(card: Card) -> str:
    blank, own = (card["histograms"]["sets"][name] for name in ("blank", "mnist"))
    share = 1 - blank["auroc"]
    than = {0: "less likely than every one", 1: "likelier than every one"}.get(
        share, f"likelier than {trained.share(share)}"
    )
    flagged = "is flagged" if blank["flagged"] else "is not flagged"
    return (
        f"A blank page has log p = {parts.number(blank['value'])} nats under the MNIST network, whose test images "
        f"have {parts.number(own['value'])} on average: it is {than} of them, and {flagged} "
        "by a threshold that gives up the least likely 1 %."
    )


def _other_reading(card: Card, other: str, own: str) -> str:
    theirs, ours = (card["histograms"]["sets"][name] for name in (other, own))
    title = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}[own]
    bits = [_bits(-row["value"]) for row in (theirs, ours)]
    return (
        f"The {title} network gives {SETS[other]} {bits[0]} bits/dim on average, and its own test images {bits[1]}. "
        f"{_verdict(theirs['auroc'], SETS[own], SETS[other])}; a threshold that gives up 1 % of the {SETS[own]} "
        f"flags {trained.share(theirs['flagged'])} of the {SETS[other]}."
    )


def _verdict(auroc: float, own: str, other: str) -> str:
    share = trained.share(max(auroc, 1 - auroc))
    if auroc < 0.5:
        return f"The {other} are the likelier of a pair {share} of the time, so low likelihood is no sign of an outlier"
    told = "tells them apart badly" if auroc < BLURRED else "tells them apart here"
    return f"The {own} are the likelier of a pair {share} of the time, so likelihood {told}"


def _bits(nats: float) -> str:
    return f"{nats / (PIXELS * math.log(2)):.3f}"


def headline(card: Card) -> list[parts.Figure]:
    """Return the figures of one network that are single numbers, as far as its card holds them."""
    found = card["figures"]
    rows = [
        ("−log p(x), no label given", "nll", "exact", "nats"),
        ("the same", "bits_per_dim", "exact", "bits/dim"),
        ("−log p(x), its own label given", "nll_label", "exact", "nats"),
        ("−log of the mean likelihood over all labels", "nll_mixture", "exact", "nats"),
        ("−log of the mean likelihood of all orders", "mixture", "exact", "nats"),
        ("test images that Bayes' rule puts in their class", "accuracy", "estimate", ""),
        ("Σ (−log pᵢ − Hᵢ) of its own samples; 0 is expected", "agreement", "estimate", "nats"),
    ]
    measured = [_figure(name, found[key], kind, unit, card) for name, key, kind, unit in rows if key in found]
    for which, row in enumerate(found.get("orders", [])):
        measured.append(_figure(f"−log p(x), pixels {ORDERS[which]}", row, "exact", "nats", card))
    return measured


def _figure(name: str, row: Measured, kind: str, unit: str, card: Card) -> parts.Figure:
    return parts.Figure(name, row["value"], kind, unit, row["se"], row["n"], card["seed"])


def comparison(net: str, card: Card) -> str:
    """Return published numbers beside ours, and what to know before comparing them; empty where there are none."""
    if net not in PUBLISHED:
        return ""
    ours = f"| **this network** | **{_with_error(card['figures']['nll'])}** | drawn once for the test images |"
    theirs = [f"| {name} | {value:.2f} | {binarised} |" for name, value, binarised in PUBLISHED[net]]
    head = "| MNIST test, −log p(x) in nats | value | binarisation |\n| :-- | --: | :-- |"
    said = "Ours trains on pixels binarised anew every time; numbers on another binarisation are near, not the same."
    if net == MADE:
        said += f" It needs {_beside_published(card['figures'])}."
    return "\n".join([head, ours, *theirs]) + f"\n\n{said}"


def anomalies(card: Card) -> str:
    """Return how likely other images are under the network, and how many of them a threshold would flag."""
    head = "| what it is shown | log p (nats) | bits/dim | N | AUROC | flagged |\n| :-- | --: | --: | --: | --: | --: |"
    rows = [
        f"| {SETS[name]} | {parts.number(row['value'])} | {_bits(-row['value'])} | {row['n']:,} "
        f"| {row['auroc']:.3f} | {trained.share(row['flagged'])} |"
        for name, row in card["histograms"]["sets"].items()
    ]
    said = (
        "AUROC: how often one of its own test images is the likelier of a pair. Flagged: less likely than "
        f"{parts.number(card['histograms']['threshold'])} nats, which 1 % of its own test images are."
    )
    return "\n".join([head, *rows]) + f"\n\n{said}"


def tables(net: str, title: str, card: Card) -> str:
    """Return a card's evidence as Markdown, or how to measure what it lacks."""
    try:
        said = [parts.evidence_table(headline(card)), _measuring(card), comparison(net, card), anomalies(card)]
    except KeyError as missing:
        said = [f"Not measured yet: the card lacks {missing}. `python -m explorer.evaluate {net}` measures it."]
    return "\n\n".join(filter(None, [f"### {title}", *said, trained.training(card)]))


def _measuring(card: Card) -> str:
    fed = f"Test images are fed after `{card['binarisation']}`." if card["binarisation"].startswith("data") else ""
    return f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}. {fed}".strip()
