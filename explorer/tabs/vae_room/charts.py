"""Charts in the evidence of the small runs: their figures during training."""

from collections.abc import Iterable

from explorer.networks.card import Card
from explorer.numbers.plots import Plot, lines
from explorer.tabs.vae_room.collapse import COLLAPSE
from explorer.tabs.vae_room.runs import OBJECTIVE_CHOICES

TITLES = {"bound": "−ELBO on the way", "rate": "KL on the way"}
RUNS = {"by objective": OBJECTIVE_CHOICES, "by what the decoder sees": COLLAPSE}


def by_run(card: Card) -> Iterable[Plot]:
    """Yield charts of the bound and the KL of each run by epoch, from the first; the initial bound is off the scale."""
    histories = card.get("histories", {})
    for of, runs in RUNS.items() if histories else ():
        for key, title in TITLES.items():
            series = {run: [each[key] for each in histories[run][1:]] for run in runs}
            epochs = [each["epoch"] for each in histories[runs[0]][1:]]
            yield lines(f"{title}, {of}", epochs, series, "epoch", "nats")
