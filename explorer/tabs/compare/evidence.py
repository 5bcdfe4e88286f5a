"""Evidence measured alike for all families: anomaly scores of other images, and the cost of sampling."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer import data
from explorer.networks.card import Card
from explorer.numbers import rows
from explorer.numbers.rows import Quotes, join_words, share, value_with_unit
from explorer.tabs.kit.layout import parts

Cards = Mapping[str, Card]
KINDS = {
    **{name: each.title for name, each in data.DATASETS.items()},
    data.SCENES.name: "Scenes",
    "noise": "noise",
    "blank": "a blank page",
    "rotated": "its own, turned by 90°",
    "inverted": "its own, inverted",
}

PIXEL_WORDS = {"binary": "black and white pixels", "levels": "256 grey levels"}

READINGS: dict[str, Callable[[Cards], str]] = {
    "likelihood_reading": lambda cards: likelihood_reading(cards),
    "blank_reading": lambda cards: kind_reading(cards, "blank", "A blank page against test digits has an AUROC of"),
    "blank_pixelcnn": lambda cards: f"{cards['PixelCNN']['compare']['odd']['kinds']['blank']['auroc']:.2f}",
    "page_reading": lambda cards: page_reading(cards),
    "fashion_reading": lambda cards: kind_reading(cards, "fashion-mnist", "Clothes against digits have"),
    "rotated_reading": lambda cards: kind_reading(cards, "rotated", "Turned digits against upright ones have"),
    "cost_reading": lambda cards: cost_reading(cards),
    "example": lambda cards: example(cards),
}
"""Readings by their name in the texts; the cards of the networks of digits are keyed by the family's title."""


def quotes(cards: Cards) -> Quotes:
    """Return the quotes of the texts."""
    return Quotes(cards, "", READINGS)


def likelihood_reading(cards: Cards) -> str:
    """Describe the mean of −log p(x), or of its bound, of every family, grouped by pixels and number of images.

    Only comparable figures are in one group.
    """
    groups: dict[tuple[str, int], list[str]] = {}
    for title, card in cards.items():
        if found := card.get("nll"):
            groups.setdefault((card["space"], found["n"]), []).append(f"{title} {_costs(found)}")
    if not groups:
        raise KeyError("nll")
    most = max(n for _, n in groups)
    return "; ".join(
        f"of {PIXEL_WORDS[space]}{'' if n == most else f' and only {n:,} test images'}, {join_words(result)}"
        for (space, n), result in groups.items()
    )


def _costs(found: Card) -> str:
    """Describe a mean of −log p(x), with other families' figures on the same images if there are few images."""
    words = f"about {value_with_unit(found)}" if found["kind"] == "estimate" else value_with_unit(found)
    there = [f"{each['title']} {_costs(each | {'unit': 'nats'})}" for each in found.get("beside", [])]
    return f"{words} ({join_words(there)} of the same images)" if there else words


def example(cards: Cards) -> str:
    """Quote the bound of a family of binary pixels as an example."""
    found = {
        title: card for title, card in cards.items() if (card.get("kind"), card.get("space")) == ("bound", "binary")
    }
    title, card = next(iter(found.items()), (None, {}))
    return f"the {title}'s ELBO is {parts.number(-card['nll']['value'])} nats"


def kind_reading(cards: Cards, kind: str, start: str) -> str:
    """Describe the AUROC of one kind of images by family, highest first; families with equal AUROC share an entry."""
    found = _aurocs(cards, kind)
    named: dict[str, list[str]] = {}
    for title, auroc in sorted(found.items(), key=lambda item: -item[1]):
        named.setdefault(f"{auroc:.2f}", []).append(title)
    return f"{start} {join_words([f'{auroc} for ' + ', '.join(titles) for auroc, titles in named.items()])}"


def page_reading(cards: Cards) -> str:
    """Describe a blank page's rank by exact likelihood, for a family whose AUROC is of a bound."""
    found = {title: card["nll"]["gap"]["likelier"] for title, card in cards.items() if "likelier" in _gap(card)}
    title, likelier = next(iter(found.items()))
    return (
        f"The {title}'s figure is of its bound, of one draw an image: exactly, the page is likelier than "
        f"{share(likelier['value'], likelier['se'])} of {likelier['n']} test digits"
    )


def _gap(card: Card) -> Mapping[str, Any]:
    return (card.get("nll") or {}).get("gap", {})


def cost_reading(cards: Cards) -> str:
    """Describe the time per image by family, cheapest first."""
    costs = {title: card["compare"]["sampling"] for title, card in _with(cards, "sampling").items()}
    ranked = sorted(costs.items(), key=lambda item: item[1]["milliseconds"])
    return join_words([f"{parts.number(cost['milliseconds'])} ms by {title}" for title, cost in ranked])


def _aurocs(cards: Cards, kind: str) -> dict[str, float]:
    return {title: card["compare"]["odd"]["kinds"][kind]["auroc"] for title, card in _with(cards, "odd").items()}


def _with(cards: Cards, what: str) -> Cards:
    return {title: card for title, card in cards.items() if what in card.get("compare", {})}


def table(net: str, card: Card) -> str:
    """Return a network's figures in the comparison, or the command that measures them."""
    found = card.get("compare")
    if not found:
        return f"Not measured yet: `python -m explorer.evaluate {net} --compare` measures it."
    shown = [odd_table(found["odd"])] if "odd" in found else []
    return "\n\n".join([cost_words(found), *shown, rows.circumstances(found)])


def cost_words(found: Card) -> str:
    """Describe the cost of sampling in words."""
    cost = found["sampling"]
    times = "once" if cost["evaluations"] == 1 else f"{cost['evaluations']:,} times"
    return (
        f"To draw {cost['n']} images at once the network is evaluated {times}. That takes "
        f"{parts.number(cost['milliseconds'])} ms of one thread an image, the median of {cost['runs']} runs."
    )


def odd_table(odd: Card) -> str:
    """Return a table of the anomaly scores of each kind of images beside the network's own test images."""
    own = ("its own test images", "", parts.number(odd["own"]["mean"]), "1 % by definition", f"{odd['own']['n']:,}")
    lines = [
        (KINDS[kind], parts.number(found["auroc"], max(found["se"], 0.001)), parts.number(found["mean"]))
        + (f"{100 * found['flagged']:.1f} %", f"{found['n']:,}")
        for kind, found in odd["kinds"].items()
    ]
    head = ("kind", "AUROC ± standard error", "mean score", "beyond the 99 % threshold", "N")
    return rows.table(head, [own, *lines], left=1)
