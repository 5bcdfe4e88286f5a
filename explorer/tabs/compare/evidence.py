"""What was measured of all families alike: how odd other images are to them, and what drawing costs."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer import data
from explorer.card import Card
from explorer.tabs.kit import parts, rows
from explorer.tabs.kit.rows import Quotes, listed, said, share

Cards = Mapping[str, Card]
KINDS = {
    **{name: each.title for name, each in data.DATASETS.items()},
    "noise": "noise",
    "blank": "a blank page",
    "rotated": "its own, turned by 90°",
    "inverted": "its own, inverted",
}

PIXELS = {"binary": "black and white pixels", "levels": "256 grey levels"}

READINGS: dict[str, Callable[[Cards], str]] = {
    "likelihood_reading": lambda cards: likelihood_reading(cards),
    "blank_reading": lambda cards: kind_reading(cards, "blank", "A blank page against test digits has an AUROC of"),
    "blank_range": lambda cards: kind_range(cards, "blank"),
    "page_reading": lambda cards: page_reading(cards),
    "fashion_reading": lambda cards: kind_reading(cards, "fashion-mnist", "Clothes against digits have"),
    "rotated_reading": lambda cards: kind_reading(cards, "rotated", "Turned digits against upright ones have"),
    "cost_reading": lambda cards: cost_reading(cards),
    "example": lambda cards: example(cards),
}
"""By what the text calls it; the cards of the digits' networks come by the family's title."""


def quotes(cards: Cards) -> Quotes:
    """Return what the texts quote."""
    return Quotes(cards, "", READINGS)


def likelihood_reading(cards: Cards) -> str:
    """Return the mean of −log p(x), or of its bound, of every family that has one, about which pixels and images it is.

    Families are grouped by these: nothing is told in one row that may not be compared.
    """
    groups: dict[tuple[str, int], list[str]] = {}
    for title, card in cards.items():
        if found := card.get("nll"):
            groups.setdefault((card["space"], found["n"]), []).append(f"{title} {_costs(found)}")
    if not groups:
        raise KeyError("nll")
    most = max(n for _, n in groups)
    return "; ".join(
        f"of {PIXELS[space]}{'' if n == most else f' and only {n:,} test images'}, {listed(told)}"
        for (space, n), told in groups.items()
    )


def _costs(found: Card) -> str:
    """A mean of −log p(x) in words, with what other families say of the same images where they are few."""
    words = f"about {said(found)}" if found["kind"] == "estimate" else said(found)
    there = [f"{each['title']} {_costs(each | {'unit': 'nats'})}" for each in found.get("beside", [])]
    return f"{words} ({listed(there)} of the same images)" if there else words


def example(cards: Cards) -> str:
    """Return the bound of a family of black and white pixels, as one would quote it."""
    found = {
        title: card for title, card in cards.items() if (card.get("kind"), card.get("space")) == ("bound", "binary")
    }
    title, card = next(iter(found.items()), (None, {}))
    return f"the {title}'s ELBO is {parts.number(-card['nll']['value'])} nats"


def kind_reading(cards: Cards, kind: str, start: str) -> str:
    """Return the AUROC of one kind of images by family, the highest first; those that share one are named together."""
    found = _aurocs(cards, kind)
    named: dict[str, list[str]] = {}
    for title, auroc in sorted(found.items(), key=lambda item: -item[1]):
        named.setdefault(f"{auroc:.2f}", []).append(title)
    return f"{start} {listed([f'{auroc} for ' + ', '.join(titles) for auroc, titles in named.items()])}"


def kind_range(cards: Cards, kind: str) -> str:
    """Return the highest AUROC of one kind of images, whose it is, and how many families are below chance."""
    found = _aurocs(cards, kind)
    best = max(found, key=found.get)
    low = sum(auroc < 0.5 for auroc in found.values())
    return f"The highest is the {best}'s, {found[best]:.2f}; {low} of {len(found)} families are below ½"


def page_reading(cards: Cards) -> str:
    """Return how a blank page stands by the exact likelihood of a family whose AUROC is of a bound."""
    found = {title: card["nll"]["gap"]["likelier"] for title, card in cards.items() if "likelier" in _gap(card)}
    title, likelier = next(iter(found.items()))
    return (
        f"The {title}'s figure is of its bound, of one draw an image: exactly, the page is likelier than "
        f"{share(likelier['value'], likelier['se'])} of {likelier['n']} test digits"
    )


def _gap(card: Card) -> Mapping[str, Any]:
    return (card.get("nll") or {}).get("gap", {})


def cost_reading(cards: Cards) -> str:
    """Return what an image costs by family, the cheapest first."""
    costs = {title: card["compare"]["sampling"] for title, card in _with(cards, "sampling").items()}
    ranked = sorted(costs.items(), key=lambda item: item[1]["milliseconds"])
    return listed([f"{parts.number(cost['milliseconds'])} ms by {title}" for title, cost in ranked])


def _aurocs(cards: Cards, kind: str) -> dict[str, float]:
    return {title: card["compare"]["odd"]["kinds"][kind]["auroc"] for title, card in _with(cards, "odd").items()}


def _with(cards: Cards, what: str) -> Cards:
    return {title: card for title, card in cards.items() if what in card.get("compare", {})}


def table(net: str, card: Card) -> str:
    """Return what the card of a network says of the comparison, or how to measure it."""
    found = card.get("compare")
    if not found:
        return f"Not measured yet: `python -m explorer.evaluate {net} --compare` measures it."
    shown = [odd_table(found["odd"])] if "odd" in found else []
    return "\n\n".join([cost_words(found), *shown, rows.circumstances(found)])


def cost_words(found: Card) -> str:
    """Return what it takes to draw, in words."""
    cost = found["sampling"]
    times = "once" if cost["evaluations"] == 1 else f"{cost['evaluations']:,} times"
    return (
        f"To draw {cost['n']} images at once the network is evaluated {times}. That takes "
        f"{parts.number(cost['milliseconds'])} ms of one thread an image, the median of {cost['runs']} runs."
    )


def odd_table(odd: Card) -> str:
    """Return how odd each kind of images is next to the network's own test images."""
    own = ("its own test images", "", parts.number(odd["own"]["mean"]), "1 % by definition", f"{odd['own']['n']:,}")
    lines = [
        (KINDS[kind], parts.number(found["auroc"], max(found["se"], 0.001)), parts.number(found["mean"]))
        + (f"{100 * found['flagged']:.1f} %", f"{found['n']:,}")
        for kind, found in odd["kinds"].items()
    ]
    head = ("kind", "AUROC ± standard error", "mean score", "beyond the 99 % threshold", "N")
    return rows.table(head, [own, *lines], left=1)
