"""Evidence of the autoregressive networks: each card as tables, and figures for the text to quote."""

import math
from collections.abc import Callable, Mapping

from explorer.models.raster import PIXELS
from explorer.networks.card import Card, find, rows
from explorer.numbers.rows import Quotes, circumstances, evidence, format_value, join_words, listed, share, table
from explorer.numbers.trained import training
from explorer.tabs.autoregressive.verdict import side_of
from explorer.tabs.kit.layout.parts import number
from explorer.verdicts import sized

RASTER_DIGITS, RASTER_CLOTHES, MADE = "pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"
SETS = {"mnist": "digits", "fashion-mnist": "clothes", "noise": "noise", "blank": "a blank page"}
SPELT_ORDERS = ("by rows", "by columns", "by rows, backwards", "by columns, backwards")
BLURRED = 0.9  # below this AUROC, a network hardly separates the other set from its own
GENERATIVE = "[pytorch-generative](https://github.com/EugenHotaj/pytorch-generative)"
PIXELCNN_PAPER = "[van den Oord et al. 2016](https://arxiv.org/abs/1601.06759)"
MADE_PAPER = "[Germain et al. 2015](https://arxiv.org/abs/1502.03509)"
STATIC, ANEW = "fixed", "drawn anew each epoch, for training and test"
PUBLISHED = {
    RASTER_DIGITS: (
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


TITLES = {
    "nll": "−log p(x), no label given",
    "bits_per_dim": "the same",
    "nll_label": "−log p(x), its own label given",
    "nll_mixture": "−log of the mean likelihood over all labels",
    "mixture": "−log of the mean likelihood of all orders",
    "accuracy": "test images that Bayes' rule puts in their class",
    "calibration_error": "expected calibration error of that class's probability",
    "agreement": "Σ (−log pᵢ − Hᵢ) of its own samples; 0 is expected",
}
TITLES |= {"code": "code of a file, without its header", '"code above −log₂ p(x)"': "the code, above −log₂ p(x)"}
TITLES |= {f"code by={by}": f"the same images by {by}" for by in ("zlib", "xz", "PNG", "WebP")}
TITLES |= {f"nll order={which}": f"−log p(x), pixels {title}" for which, title in enumerate(SPELT_ORDERS)}

READINGS: dict[str, Callable[[Mapping[str, Card]], str]] = {
    "made_beside": lambda cards: _beside_published(cards[MADE]),
    "made_orders": lambda cards: join_words([format_value(row) for row in rows(cards[MADE], "nll") if "order" in row]),
    "blank_reading": lambda cards: _blank_reading(cards[RASTER_DIGITS]),
    "blank_short": lambda cards: _blank_reading(cards[RASTER_DIGITS], short=True),
    "fashion_on_mnist_reading": lambda cards: _other_reading(cards[RASTER_CLOTHES], "mnist", "fashion-mnist"),
    "fashion_on_mnist_short": lambda cards: _other_reading(cards[RASTER_CLOTHES], "mnist", "fashion-mnist", short=True),
    "mnist_on_fashion_reading": lambda cards: _other_reading(cards[RASTER_DIGITS], "fashion-mnist", "mnist"),
}


def quotes(cards: Mapping[str, Card]) -> Quotes:
    """Return the quotes of tour and maths; by default they refer to the digits' PixelCNN."""
    return Quotes(cards, RASTER_DIGITS, READINGS)


def _beside_published(card: Card) -> str:
    """Describe the gap of the network's first order, and of the mixture of orders, from the best published number."""
    name, best, _ = min(PUBLISHED[MADE], key=lambda row: row[1])
    apart = [find(card, figure)["value"] - best for figure in ("nll", "mixture")]
    phrases = [f"{number(abs(each))} nats {sized(each, larger='more', smaller='less')}" for each in apart]
    return f"{phrases[0]} than the {best:.2f} of a {name}, and {phrases[1]} where its orders are averaged"


def _blank_reading(card: Card, short: bool = False) -> str:
    blank, own = (card["histograms"]["sets"][name] for name in ("blank", "mnist"))
    below = 1 - blank["auroc"]
    than = {0: "less likely than every one", 1: "likelier than every one"}.get(below, f"likelier than {share(below)}")
    costs = f"A blank page has −log p = {number(-blank['value'])} nats"
    if short:
        return f"{costs}. It is {than} of the test images."
    flagged = "is flagged" if blank["flagged"] else "is not flagged"
    return (
        f"{costs} under the MNIST network, whose test images "
        f"have {number(-own['value'])} on average. It is {than} of them, and {flagged} "
        "by a threshold that flags the least likely 1 % of them."
    )


def _other_reading(card: Card, other: str, own: str, short: bool = False) -> str:
    theirs, ours = (card["histograms"]["sets"][name] for name in (other, own))
    title = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}[own]
    bits = [_bits(-row["value"]) for row in (theirs, ours)]
    verdict = _verdict(theirs, ours, SETS[own], SETS[other])
    if short:
        return f"The network gives {SETS[other]} {bits[0]} bits per pixel on average. {verdict}."
    return (
        f"The {title} network gives {SETS[other]} {bits[0]} bits/dim on average, and its own test images {bits[1]}. "
        f"{verdict}; a threshold that flags 1 % of the {SETS[own]} "
        f"flags {share(theirs['flagged'])} of the {SETS[other]}."
    )


def _verdict(theirs: Card, ours: Card, own: str, other: str) -> str:
    auroc, sign = theirs["auroc"], side_of(theirs["auroc"], theirs["n"], ours["n"])
    often = share(max(auroc, 1 - auroc))
    if sign == 0:
        return f"Neither is shown to be the likelier of a pair ({often})"
    if sign < 0:
        return f"The {other} are the likelier of a pair {often} of the time, so low likelihood is no sign of an outlier"
    result = "separates them poorly" if auroc < BLURRED else "separates them here"
    return f"The {own} are the likelier of a pair {often} of the time, so likelihood {result}"


def _bits(nats: float) -> str:
    return f"{nats / (PIXELS * math.log(2)):.3f}"


def comparison(net: str, card: Card) -> str:
    """Return published numbers and ours, with notes for the comparison; empty without published numbers."""
    if net not in PUBLISHED:
        return ""
    ours = ("**this network**", f"**{format_value(find(card, 'nll'), '±')}**", "drawn once for the test images")
    theirs = [(name, f"{value:.2f}", binarised) for name, value, binarised in PUBLISHED[net]]
    shown = table(("MNIST test, −log p(x) in nats", "value", "binarisation"), [ours, *theirs], left=1)
    said = "Ours trains on pixels binarised anew every time; numbers on another binarisation are near, not the same."
    if net == MADE:
        said += f" It needs {_beside_published(card)}."
    return f"{shown}\n\n{said}"


def anomalies(card: Card) -> str:
    """Return a table of −log p of other images, and of the share flagged by a threshold."""
    lines = [
        {
            "what it is shown": SETS.get(name, name),
            "−log p (nats)": number(-row["value"]),
            "bits/dim": _bits(-row["value"]),
            "N": f"{row['n']:,}",
            "AUROC": f"{row['auroc']:.3f}",
            "flagged": share(row["flagged"]),
        }
        for name, row in card["histograms"]["sets"].items()
    ]
    shown = listed(lines, left=1)
    said = (
        "AUROC: how often one of its own test images is the likelier of a pair. Flagged: −log p above "
        f"{number(-card['histograms']['threshold'])} nats, as 1 % of its own test images have."
    )
    return f"{shown}\n\n{said}"


def tables(net: str, title: str, card: Card) -> str:
    """Return a card's evidence as Markdown, or the command that measures missing rows."""
    try:
        said = [evidence(card, TITLES), f"{circumstances(card)}{_fed(card)}", comparison(net, card), anomalies(card)]
    except KeyError as missing:
        said = [f"Not measured yet: the card lacks {missing}. `python -m explorer.evaluate {net}` measures it."]
    return "\n\n".join(filter(None, [f"### {title}", *said, training(card)]))


def _fed(card: Card) -> str:
    return f" Test images are fed after `{card['binarisation']}`." if card["binarisation"].startswith("data") else ""
