"""Charts and quotes from the discrete diffusion's card: its bound by term and by step, and other networks."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from statistics import fmean

from explorer.measures.quality import over_floor
from explorer.models import FAMILIES, d3pm
from explorer.models.uniform_d3pm import UNIFORM_STEPS
from explorer.networks.card import Card, find, rows
from explorer.numbers.plots import Plot, lines
from explorer.numbers.rows import format_value, join_words
from explorer.numbers.trained import read_card
from explorer.tabs.kit.ask.nets import family_of
from explorer.tabs.kit.layout.parts import number

OTHERS = ("pixelcnn-mnist", "made-mnist", "vqvae-mnist")
KINDS = {"exact": "exactly", "bound": "at most", "estimate": "about"}
ABSORBING, UNIFORM = "d3pm-mnist", "uniform-d3pm-mnist"
READINGS: dict[str, Callable[[Mapping[str, Card]], str]] = {
    "beside": lambda cards: beside(),
    "uniform": lambda cards: uniform(cards),
}


def beside() -> str:
    """Return the −log p(x) of other networks on the same binary test digits, as a clause.

    Raises:
        KeyError: if none was measured.
    """
    items = []
    for net in OTHERS:
        with suppress(KeyError):
            row = find(read_card(net), "nll")
            items.append(f"{FAMILIES[family_of(net)].title} {KINDS[row['kind']]} {format_value(row, '±')}")
    if not items:
        raise KeyError("nll")
    return join_words(items)


def uniform(cards: Mapping[str, Card]) -> str:
    """Describe both chains: the bound, and the quality of images with all steps of the chain."""
    both = [cards[ABSORBING], cards[UNIFORM]]
    masked, thrown = (format_value(find(card, "nll"), "±") for card in both)
    few, many = (card["recipe"]["epochs"] for card in both)
    phrase = (
        f"On the same test images it is {thrown} nats after {many} epochs of training, and the absorbing chain's "
        f"{masked} after {few}: one run of each does not show which chain is better."
    )
    floors = [over_floor(card, "binarised") for card in both]
    if not all(floors):
        return phrase
    masked, thrown = (number(fmean(each)) for each in floors)
    return (
        f"{phrase} The Fréchet distance of 10,000 images drawn in {UNIFORM_STEPS} steps is {thrown} times the floor; "
        "the "
        f"absorbing chain's, in {d3pm.STEPS} steps, {masked} times; both are means of seeds."
    )


def by_masked(card: Card) -> Iterable[Plot]:
    """Yield a chart of the cost of the next pixel, by the number of masked pixels."""
    if curve := card.get("curve"):
        series = {"the next pixel": curve["nats"]}
        yield lines("What the next pixel costs", curve["masked"], series, "masked pixels", "nats")


def by_steps(card: Card) -> Iterable[Plot]:
    """Yield a chart of the bound by the number of pixels drawn per step."""
    if found := rows(card, "nll_steps"):
        at, values = ([row[key] for row in found] for key in ("per_step", "value"))
        yield lines("What pixels of one step cost", at, {"the bound on −log p(x)": values}, "pixels a step", "nats")
