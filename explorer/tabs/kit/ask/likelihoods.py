"""Likelihoods of one x by several networks: their rows, and the sentences that compare them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from explorer.models.raster import PIXELS
from explorer.networks import checkpoints
from explorer.numbers.figures import nll
from explorer.numbers.ranking import is_better, is_bounded
from explorer.numbers.trained import read_card
from explorer.numbers.words import RAISED, num, with_sign

SPACES = {
    "binary": ("Black and white pixels", "Each is the probability of one of 2⁷⁸⁴ pictures."),
    "levels": ("256 grey levels", "Each is the probability of one of 256⁷⁸⁴ pictures."),
    "codes": (
        "Tokens of a scene",
        "Each is the probability of one of 512¹⁴⁴ grids of tokens given words, not of pixels: a decoder without a "
        "likelihood makes these.",
    ),
    "plane": ("Points of the plane", "A density, not a probability: it changes with the unit of a coordinate."),
}
"""Name of what a likelihood is about, with a sentence: only figures of the same space may be compared."""
LEVELS = 256
UNITS = ((LEVELS, "pixels in 0 … 256"), (1, "pixels in 0 … 1"), (2, "pixels in −1 … 1"))
"""Numbers of units between black and white, and the name of the pixels in them."""
FAIR = (
    "What would make it fair: the same pixels. Add noise u, uniform over the width of a level, to the 256 levels, and "
    "train the flow on x + u (dequantisation). Take the mean of log p(x + u) over u, for pixels in 0 … 1, and subtract "
    "784 · ln 256. The result is a lower bound on log P(x) of the 256 levels. In bits per dimension, it may stand "
    "beside an autoregressive network or a diffusion of grey levels."
)


class Waiting(TypedDict):
    """A network whose answer is not there yet, with the name of its space."""

    net: str
    title: str
    space: str


class Row(TypedDict):
    """log p(x) of one x by a network, in nats.

    `known` is the log-density of the true data distribution. `text` stands beside its bar, and `says` is its full text.
    """

    net: str
    title: str
    space: str
    kind: str
    nats: float
    se: float | None
    bits_per_dim: float
    solver: NotRequired[float | None]
    known: NotRequired[float | None]
    text: str
    says: str


def cost(row: Mapping[str, Any]) -> str:
    """Return −log p(x) with its standard error, if it is estimated."""
    return num(-row["nats"], 1) + (f" ± {num(row['se'], 1)}" if row["se"] else "")


def words_of(rows: Sequence[Row], name: str) -> str:
    """Return the sentence about a picture of that name: for each space, the two networks of highest likelihood."""
    spaces = [space for space in SPACES if any(row["space"] == space for row in rows)]
    within = [[row for row in rows if row["space"] == space] for space in spaces]
    items = [of_space(each, name, has_pixels=k > 0 or len(spaces) == 1) for k, each in enumerate(within)]
    true = rows[0].get("known") if rows else None
    if true is not None:
        items.append(f"By the density that the data were drawn from it costs {num(-true, 1)} nats.")
    if len(spaces) > 1:
        items.append(
            "Values for black and white and for grey pixels cannot be compared: they are probabilities of different "
            "pictures."
        )
    return " ".join(items)


def of_space(rows: Sequence[Row], name: str, has_pixels: bool) -> str:
    """Return the sentence about one space, which may say the pixels: the two likeliest networks, or the only one."""
    first, *others = sorted(rows, key=lambda row: -row["nats"])
    bound = {"bound": "at most ", "estimate": "about "}.get(first["kind"], "")
    space = first["space"]
    where = "In the plane, " if space == "plane" else f"As {SPACES[space][0].lower()}, "
    said = f"{where if has_pixels else ''}{name} costs {first['title']} {bound}{cost(first)} nats."
    alone = said[0].upper() + said[1:]
    return f"{alone} {of_pair(first, others[0])}" if others else alone


def figure(row: Row) -> dict[str, Any]:
    """Return an answer as the comparison of figures takes it.

    An ODE whose trace is exact estimates the density itself, not a bound: its error counts like a standard error.
    """
    of = {"value": -row["nats"], "kind": row["kind"]}
    solver = row.get("solver")
    return of | ({"se": solver} if row["se"] is None and solver is not None else {"se": row["se"], "solver": solver})


def of_pair(first: Row, second: Row) -> str:
    """Return the sentence about the difference of two figures of the same pixels."""
    more = f"{first['title']} gives it {num(first['nats'] - second['nats'], 1)} nats more than"
    said = f"{more} {second['title']}"
    one, other = figure(first), figure(second)
    if other["kind"] == "bound":
        return f"{more} the bound of {second['title']}, which may give it more."
    if is_bounded(other):
        return f"{said}, which may give it more: its figure is an estimate of a bound."
    if not is_better(one, other, "least"):
        return f"{first['title']} and {second['title']} lie too close together to tell."
    if is_bounded(one) and one["kind"] == "estimate":
        return f"{said}, by an estimate: its ODE is solved, and not exactly."
    if "estimate" in (one["kind"], other["kind"]):
        return f"{said}, by an estimate: its error is that of the estimated log Z, which all pictures share."
    if one["kind"] == "exact":
        return f"{said}: {times(first['nats'] - second['nats'])} times the probability."
    return f"{said}, at least: its figure is a bound, the other exact."


def times(nats: float) -> str:
    """Return e to the power of some nats, as people count."""
    return f"{math.exp(nats):,.0f}" if nats < 14 else f"10{str(round(nats / math.log(10))).translate(RAISED)}"


def as_density(nats: float, units: float) -> float:
    """Return the log-density in nats of a probability of 256 levels, spread evenly over the bin of each level.

    There are so many units between black and white: p(x) = P(x) · (256 / units)^784.

    Reference: Theis et al., A note on the evaluation of generative models, 2016, section 3.1.
    """
    return nats + PIXELS * math.log(LEVELS / units)


def fairness(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Return a question with this picture's numbers, and what else must be known; None without both kinds of pixels."""
    by = {space: [row for row in rows if row["space"] == space] for space in ("levels", "binary")}
    if not all(by.values()):
        return None
    bounds = [row for row in by["binary"] if row["kind"] == "bound"]
    grey, binary = (max(each, key=lambda row: row["nats"]) for each in (by["levels"], bounds or by["binary"]))
    second = f"{'a bound' if binary['kind'] == 'bound' else 'another'} says {with_sign(binary['nats'])}"
    return {
        "title": "Is larger better?",
        "text": f"A network of continuous pixels says log p(x) = {with_sign(as_density(grey['nats'], 1))} nats of this "
        f"picture; {second} nats. Is the first network better, and what else must you know?",
        "more": "Think first, then see what else must be known",
        "list": [*reasons(grey, binary), FAIR],
    }


def reasons(grey: Row, binary: Row) -> list[str]:
    """Return what else must be known about two figures, in the order in which to ask."""
    units = ", ".join(f"{with_sign(as_density(grey['nats'], many))} for {name}" for many, name in UNITS)
    whose = "bound on the " if grey["kind"] == "bound" else ""
    exact = {"estimate": "It is an estimate, as its log Z is one.", "exact": "It is exact."}.get(binary["kind"])
    return [
        f"In which unit? The first number is a density: it is {grey['title']}'s {whose}probability of 256 levels, "
        f"{with_sign(grey['nats'])} nats, spread evenly over the bins. That is {units}. A density may exceed 1, so its "
        "log may be positive: the sign means nothing.",
        f"Of which pixels? The second is {binary['title']}'s probability of one of 2⁷⁸⁴ black and white pictures, the "
        "first is about grey ones. These are different pictures.",
        f"Exact or a bound? {exact or of_gap(binary)}",
        "On which images? One is an anecdote: a card averages over all 10,000 test images, prepared alike.",
    ]


def of_gap(row: Row) -> str:
    """Return what a bound leaves open, and how much that is where it was measured."""
    said = "It is a bound: the true log p(x) is higher"
    gap = (nll(read_card(row["net"]), checkpoints.load(row["net"]).space) or {}).get("gap")
    if not gap:
        return f"{said}, and the bound alone does not say by how much."
    page = f", and {num(gap['blank'], 0)} nats on a blank page" if "blank" in gap else ""
    return (
        f"{said}. With two latent dimensions the gap can be computed: {num(gap['value'], 1)} ± {num(gap['se'], 1)} "
        f"nats on average over {gap['n']} test images{page}. Encode, in the {row['title']}'s tab, computes it for any "
        "image."
    )
