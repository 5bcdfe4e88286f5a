"""What is drawn and quoted of the discrete diffusion's card: its bound, term by term and step by step, and others'."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from statistics import fmean

from explorer.card import Card, find, rows
from explorer.measures.quality import over_floor
from explorer.models import FAMILIES, d3pm
from explorer.models.uniform_d3pm import STEPS
from explorer.tabs.kit.nets import family_of
from explorer.tabs.kit.parts import number
from explorer.tabs.kit.plots import Plot, lines
from explorer.tabs.kit.rows import listed, worded
from explorer.tabs.kit.trained import read_card

OTHERS = ("pixelcnn-mnist", "made-mnist", "vqvae-mnist")
KINDS = {"exact": "exactly", "bound": "at most", "estimate": "about"}
MASKING, UNIFORM = "d3pm-mnist", "uniform-d3pm-mnist"
READINGS: dict[str, Callable[[Mapping[str, Card]], str]] = {
    "beside": lambda cards: beside(),
    "uniform": lambda cards: uniform(cards),
}


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


def uniform(cards: Mapping[str, Card]) -> str:
    """Return what either chain reaches: its bound, and how good its images are in as many steps as it takes."""
    both = [cards[MASKING], cards[UNIFORM]]
    masked, thrown = (worded(find(card, "nll"), "±") for card in both)
    few, many = (card["recipe"]["epochs"] for card in both)
    told = (
        f"On the same test images it is {thrown} nats after {many} epochs of training, and the absorbing chain's "
        f"{masked} after {few}: one run of either says little of which chain is better."
    )
    floors = [over_floor(card, "binarised") for card in both]
    if not all(floors):
        return told
    masked, thrown = (number(fmean(each)) for each in floors)
    return (
        f"{told} The Fréchet distance of 10,000 images drawn in {STEPS} steps is {thrown} times the floor; the "
        f"absorbing chain's, in {d3pm.STEPS} steps, {masked} times; both are means of seeds."
    )


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
