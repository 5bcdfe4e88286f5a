"""Readings of the style tab's cards."""

from collections.abc import Callable, Mapping
from statistics import fmean

from explorer.measures.quality import over_floor
from explorer.networks.card import Card
from explorer.tabs.style.shared import NETS

Cards = Mapping[str, Card]
READINGS: dict[str, Callable[[Cards], str]] = {
    "digits_over_floor": lambda cards: worse_than_real(cards[NETS[0]]),
    "clothes_over_floor": lambda cards: worse_than_real(cards[NETS[1]]),
}


def worse_than_real(card: Card) -> str:
    """Return the mean Fréchet distance of the seeds over its floor."""
    return f"{fmean(over_floor(card, 'grey')):.0f}"
