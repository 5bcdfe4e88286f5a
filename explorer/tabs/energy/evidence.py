"""Charts in the evidence of the energies: the figures of each objective during training."""

from collections.abc import Iterable

from explorer.models.plane_energy import OBJECTIVES
from explorer.networks.card import Card
from explorer.numbers.plots import Plot, lines

TITLES = {
    "kl": ("How far each way is from the truth", "KL(p ‖ exp(−E)/Z), nats"),
    "outside": ("Where no data are", "share of the mass"),
}


def by_way(card: Card) -> Iterable[Plot]:
    """Yield charts by epoch: the KL divergence of each objective, and its mass in regions without data."""
    history = [each for each in card.get("history", []) if "kl" in each]
    for key, (title, unit) in TITLES.items() if history else ():
        series = {name: [each[key][way] for each in history] for way, name in OBJECTIVES.items()}
        yield lines(title, [each["epoch"] for each in history], series, "epoch", unit, log=True)
