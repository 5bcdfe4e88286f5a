"""What is drawn and quoted of the discrete diffusion's card: its bound, term by term and step by step, and others'."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from explorer.card import Card, find, rows
from explorer.models import FAMILIES
from explorer.tabs.kit.nets import family_of
from explorer.tabs.kit.plots import Plot, lines
from explorer.tabs.kit.rows import listed, worded
from explorer.tabs.kit.trained import read_card

OTHERS = ("pixelcnn-mnist", "made-mnist", "vqvae-mnist")
KINDS = {"exact": "exactly", "bound": "at most", "estimate": "about"}
READINGS: dict[str, Callable[[Mapping[str, Card]], str]] = {"beside": lambda cards: beside()}


def beside() -> str:
    """Return what other networks of the same binary digits say of the same test images, as a clause.

    Raises:
        KeyError: if none was measured.
    """
    told = []
    for net in OTHERS:
        with suppress(KeyError):
            row = find(read_card(net), "nll")
            told.append(f"{FAMILIES[family_of(net)].title} {KINDS[row['kind']]} {worded(row, '±')}")
    if not told:
        raise KeyError("nll")
    return listed(told)


def by_masked(card: Card) -> Iterable[Plot]:
    """Return what the next pixel costs, by how many are masked."""
    if curve := card.get("curve"):
        series = {"the next pixel": curve["nats"]}
        yield lines("What the next pixel costs", curve["masked"], series, "masked pixels", "nats")


def by_steps(card: Card) -> Iterable[Plot]:
    """Return the bound by how many pixels are drawn at a step."""
    if found := rows(card, "nll_steps"):
        at, values = ([row[key] for row in found] for key in ("per_step", "value"))
        yield lines("What pixels of one step cost", at, {"the bound on −log p(x)": values}, "pixels a step", "nats")
