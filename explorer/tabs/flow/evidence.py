"""Sentences about the flows' figures, quoted by the texts."""

from collections.abc import Callable, Mapping

from explorer import data
from explorer.networks.card import Card, find
from explorer.numbers.rows import format_value, join_words
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.verdicts import Estimate, compare, of_figure, ranked

Cards = Mapping[str, Card]
SCORES = {
    "raw": "−log P itself",
    "typicality": "its distance from what is usual",
    "length": "the distance of ‖z‖² from 784",
    "complexity": "−log P minus the size as a PNG",
}
READINGS: dict[str, Callable[[Cards], str]] = {
    "odd_reading": lambda cards: odd_reading(cards),
    "blank_reading": lambda cards: blank_reading(cards),
}


def odd_reading(cards: Cards) -> str:
    """Describe the AUROC of four scores against the other data set, for every measured flow of images.

    Raises:
        KeyError: if no flow was measured.
    """
    items = [_by_score(net, card) for net, card in cards.items() if "anomaly" in card]
    if not items:
        raise KeyError("anomaly")
    return " ".join(items)


def _by_score(net: str, card: Card) -> str:
    own = data.DATASETS[dataset_of(net)]
    phrases = [f"{format_value(find(card, 'auroc', by=by), '±')} by {words}" for by, words in SCORES.items()]
    what = ranked(
        compare(of_figure(find(card, "auroc", by="raw")), Estimate(0.5)).sign,
        least=False,
        better="is not fooled by them",
        worse="finds them likelier than its own",
        tie="does not tell them apart",
    )
    other = data.DATASETS[own.others].title
    auroc = join_words(phrases)
    return f"To the flow of {own.title} the images of {other} have an AUROC of {auroc}: the likelihood {what}."


def blank_reading(cards: Cards) -> str:
    """Describe the scores of a blank page by the first measured flow."""
    net, card = next((net, card) for net, card in cards.items() if "anomaly" in card)
    phrases = [
        f"{format_value(find(card, 'auroc', by=by, of='blank'), '.3f')} by {words}" for by, words in SCORES.items()
    ]
    page = format_value(find(card, "bits_per_dim", of="blank"), ".3f")
    return (
        f"A blank page costs the flow of {data.DATASETS[dataset_of(net)].title} at most {page} bits/dim. Its AUROC "
        f"against the test images is {join_words(phrases)}."
    )
