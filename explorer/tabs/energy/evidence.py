"""What is drawn in the evidence of the energies: what each way of learning had come to on the way."""

from collections.abc import Iterable

from explorer.card import Card
from explorer.models.plane_energy import WAYS
from explorer.tabs.kit.plots import Plot, lines

TITLES = {
    "kl": ("How far each way is from the truth", "KL(p ‖ exp(−E)/Z), nats"),
    "outside": ("Where no data are", "share of the mass"),
}


def by_way(card: Card) -> Iterable[Plot]:
    """Return the KL divergence of each way by epoch, and its mass where there are no data."""
    history = [each for each in card.get("history", []) if "kl" in each]
    for key, (title, unit) in TITLES.items() if history else ():
        series = {name: [each[key][way] for each in history] for way, name in WAYS.items()}
        yield lines(title, [each["epoch"] for each in history], series, "epoch", unit, log=True)
