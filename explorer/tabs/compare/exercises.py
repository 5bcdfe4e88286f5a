"""Exercises on comparing: densities and levels, exact values and bounds, Fréchet distances, AUROC, and one clock."""

import functools
import itertools
import math
from collections.abc import Sequence
from contextlib import suppress

from explorer import data
from explorer.models import MODELS
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.tabs.compare import maths
from explorer.tabs.compare.evidence import KINDS
from explorer.tabs.kit.ask.nets import family_of, nets_of
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting

DATASET = "mnist"  # the default
TICKS = 100  # of the clock


@number("levels", "A density of levels", state="mode=likely")
def levels(draw: Draw) -> Number:
    """Ask for bits per dimension of 256 levels, from a log-density of pixels in a range."""
    span, wanted = draw.one_of((1, 2)), draw.real(1, 4, 2)
    nats = round(maths.PIXELS * (math.log(maths.LEVELS / span) - wanted * math.log(2)), -1)
    probability = maths.as_probability(nats, span)
    answer = maths.bits_per_dim(probability)
    return Number(
        f"A flow of 28×28 pixels of 256 levels is fed {'[0, 1]' if span == 1 else '[−1, 1]'}, dequantised. On test "
        f"images its log-density is {brief(nats)} nats on average. How many bits per dimension, of levels, is "
        "that at most?",
        answer,
        0.01,
        [
            f"A level is {span} ÷ 256 wide, and an image has 784 pixels.",
            "log P(x) ≥ log p(x) + 784 · log (width); then divide by −784 · log 2.",
        ],
        [
            f"{brief(nats)} + 784 · log ({span} ÷ 256) = {say(probability, 1)} nats.",
            f"−({say(probability, 1)}) ÷ (784 · log 2) = {say(answer)} bits per dimension.",
        ],
        {"nats": nats, "span": span},
        unit="bits/dim",
        slips=[
            (maths.bits_per_dim(nats), "That is of the density: its unit is the range of the pixels, not a level."),
            (-probability / maths.PIXELS, "That is in nats per dimension: divide by log 2."),
            (
                maths.bits_per_dim(maths.as_probability(nats, 3 - span)),
                "The width of a level is the pixels' range over 256: mind how long that range is.",
            ),
        ],
    )


@number("frechet", "A Fréchet distance by hand", state="mode=table")
def frechet(draw: Draw) -> Number:
    """Ask for the Fréchet distance of two Gaussians of two independent features."""
    one, other = ([draw.real(-2, 2) for _ in range(2)] for _ in range(2))
    s, t = [draw.real(0.5, 1.2) for _ in range(2)], [draw.real(1.4, 2.5) for _ in range(2)]
    apart = sum((a - b) ** 2 for a, b in zip(one, other))
    wide = sum((a - b) ** 2 for a, b in zip(s, t))
    answer = apart + wide

    def feature_words(means: list[float], sds: list[float]) -> str:
        return f"means {', '.join(map(brief, means))} and standard deviations {', '.join(map(brief, sds))}"

    return Number(
        f"Two features are independent Gaussians. Of real images they have {feature_words(one, s)}; "
        f"of samples {feature_words(other, t)}. What is their Fréchet distance d², as it is usually quoted?",
        answer,
        0.02,
        ["‖μ − μ′‖² + tr (Σ + Σ′ − 2 (ΣΣ′)^½).", "With diagonal Σ the trace is Σ (σ − σ′)² over the features."],
        [
            f"‖μ − μ′‖² = {say(apart)}, and Σ (σ − σ′)² = {say(wide)}.",
            f"{say(apart)} + {say(wide)} = {say(answer)}.",
        ],
        {"means": [one, other], "sds": [s, t]},
        slips=[
            (apart, "That compares the means; the spreads differ, too."),
            (math.sqrt(answer), "That is its root; what is quoted as FID is d²."),
            (
                apart + sum((a**2 - b**2) ** 2 for a, b in zip(s, t)),
                "The trace leads to standard deviations, not to variances.",
            ),
        ],
    )


@number("bias", "Too few samples", state="mode=table")
def bias(draw: Draw) -> Number:
    """Ask for the limit of a Fréchet distance, from two values at different numbers of samples."""
    few, many = draw.one_of(((1_000, 5_000), (2_000, 10_000), (5_000, 20_000)))
    limit, b = draw.real(2, 12), draw.whole(4, 20) * 1_000
    found = [round(limit + b / n, 2) for n in (few, many)]
    slope = (found[0] - found[1]) / (1 / few - 1 / many)
    answer = found[1] - slope / many
    return Number(
        f"A network's Fréchet distance is {found[0]:g} with {few:,} samples and {found[1]:g} with {many:,}. If its "
        "mean is d² + b ÷ N of N samples, and chance is left aside, what is d²?",
        answer,
        0.05,
        ["Two equations, two unknowns.", "Their difference is b (1 ÷ N₁ − 1 ÷ N₂)."],
        [
            f"b = ({found[0]:g} − {found[1]:g}) ÷ (1 ÷ {few:,} − 1 ÷ {many:,}) = {slope:,.0f}.",
            f"d² = {found[1]:g} − {slope:,.0f} ÷ {many:,} = {say(answer, 2)}. So only distances of as many samples may "
            "be compared.",
        ],
        {"counts": [few, many], "found": found},
        slips=[
            (found[1], f"That is still too large by b ÷ {many:,}."),
            (sum(found) / 2, "More samples have less bias: the mean of both lies above either's limit."),
            (
                found[1] - (found[0] - found[1]) / (many - few) * many,
                "That is a line in N; the bias is one in 1 ÷ N.",
            ),
        ],
    )


@number("coverage", "Precision and recall", state="mode=table")
def coverage(draw: Draw) -> Number:
    """Ask for precision or recall of points on a line; each point reaches to its nearest neighbour."""
    first = draw.whole(12, 24)
    real = sorted(first + each for each in draw.some_of(range(0, 24), draw.whole(5, 8)))
    made = sorted(draw.some_of(range(0, 36), draw.whole(6, 10)))
    asked = draw.one_of(("precision", "recall"))
    found = {"precision": share_within(made, real), "recall": share_within(real, made)}
    points, others = (made, real) if asked == "precision" else (real, made)
    inside = [each for each in points if share_within([each], others)]
    return Number(
        f"Features are one number. Real images have {', '.join(map(str, real))}, samples {', '.join(map(str, made))}. "
        f"A point reaches as far as to the nearest other one of its own kind. What is the samples' {asked}?",
        found[asked],
        0.005,
        [
            "Precision: the share of the samples that some real image reaches. Recall: the other way round.",
            "How far do the isolated points reach?",
        ],
        [
            f"The {'real images' if asked == 'precision' else 'samples'} reach "
            f"{', '.join(f'{each} ± {reach_of(each, others)}' for each in others)}.",
            f"In reach {'is' if len(inside) == 1 else 'are'} {', '.join(map(str, inside)) or 'none'}: {len(inside)} ÷ "
            f"{len(points)} = {say(found[asked])}. The table reaches to the third nearest, in features of a network.",
        ],
        {"real": real, "samples": made, "asked": asked},
        slips=[
            (found["recall" if asked == "precision" else "precision"], "That is the other of the two."),
            (1 - found[asked], "That is the share out of reach."),
            (len(set(real) & set(made)) / len(points), "A point need not be the same, only within reach."),
        ],
    )


def reach_of(point: int, own: Sequence[int]) -> int:
    """Return the distance of a point to the nearest other one of its own kind."""
    return min(abs(point - each) for each in own if each != point)


def share_within(points: Sequence[int], others: Sequence[int]) -> float:
    """Return the share of points within reach of any of the others."""
    return sum(any(abs(each - other) <= reach_of(other, others) for other in others) for each in points) / len(points)


@number("auroc", "Which is more unusual?", state="mode=odd")
def auroc(draw: Draw) -> Number:
    """Ask for the AUROC of two small sets of scores."""
    shift = draw.whole(-4, 8)
    own = [draw.whole(10, 30) for _ in range(5)]
    others = [own[0], *(draw.whole(10, 30) + shift for _ in range(4))]
    pairs = [(other > mine) + (other == mine) / 2 for mine in own for other in others]
    answer = sum(pairs) / len(pairs)
    ties = sum(mine == other for mine in own for other in others)
    return Number(
        f"An anomaly score is {', '.join(map(str, own))} for five own test images and {', '.join(map(str, others))} "
        "for five others. What is the AUROC?",
        answer,
        0.005,
        [
            "The share of pairs of an own and another image in which the other has the higher score.",
            "A tie counts half.",
        ],
        [
            f"Of 25 pairs the other has the higher score in {sum(each == 1 for each in pairs)}, and {ties} "
            f"{'is a tie' if ties == 1 else 'are ties'}.",
            f"{brief(sum(pairs))} ÷ 25 = {say(answer, 2)}. Below ½ the others score as less unusual than the own ones.",
        ],
        {"own": own, "others": others},
        slips=[
            (1 - answer, "The other way round: the other image should have the higher score."),
            (sum(each == 1 for each in pairs) / 25, "A tie counts half."),
        ],
    )


@choice("bounds", "May these stand side by side?", state="mode=likely")
def bounds(draw: Draw) -> Choice:
    """Ask for a valid comparison between an exact value, a bound and a density."""
    exact = draw.whole(84, 95)
    bound, density = exact - draw.whole(2, 5), draw.whole(100, 900)
    return Choice(
        f"On binary test images, A's −log p(x) is exactly {exact} nats, and B's −ELBO {bound} nats. On grey ones, the "
        f"log-density of C is {density} nats. What follows?",
        "B assigns these images a higher probability than A.",
        {
            "A assigns these images a higher probability than B.": "B's −log p(x) is at most its −ELBO, which is "
            "below A's.",
            "A and B cannot be compared.": "B's −log p(x) is even lower than its bound. Only a bound that loses "
            "decides nothing.",
            "C is the best: its log p(x) is the largest.": "C's value is a density of other pixels. It depends on "
            "their unit.",
        },
        ["log p(x) ≥ ELBO, so −log p(x) ≤ −ELBO.", "Is it the same x?"],
        [
            f"B's −log p(x) is at most {bound} nats, and {bound} < {exact}.",
            "C is about other pixels, and its value is a density, not a probability.",
        ],
        draw.order(4),
    )


@functools.lru_cache(maxsize=64)
def _compared(net: str) -> Card:
    """Return the comparison part of a network's card; empty if it cannot be read."""
    with suppress(checkpoints.CheckpointError):
        return cards.of(net).get("compare", {})
    return {}


def _title(net: str) -> str:
    return MODELS[family_of(net)].title


def auroc_of(title: str, dataset: str, kind: str | None) -> float | None:
    """Return the AUROC of a family by the card of its network for a data set; None if there is none."""
    for net in nets_of(dataset):
        kinds = _compared(net).get("odd", {}).get("kinds", {})
        if _title(net) == title and kinds:
            return kinds[next(iter(kinds)) if kind is None else kind]["auroc"] if kind in (None, *kinds) else None
    return None


BELOW = 0.4


@setting("less-odd", "Less odd than its own", reads="data kind", state=f"mode=odd&data={DATASET}&kind=noise")
def less_odd(draw: Draw) -> Setting:
    """Ask for images with lower anomaly scores than the family's own test images, by the cards."""
    every = {
        (_title(net), dataset, kind): found["auroc"]
        for dataset in data.CLASSES
        for net in nets_of(dataset)
        for kind, found in _compared(net).get("odd", {}).get("kinds", {}).items()
    }
    solves = {
        title: {"data": dataset, "kind": kind}
        for (title, dataset, kind), found in every.items()
        if found < BELOW and (every.get((title, DATASET, "noise")) or 0) >= BELOW
    }
    if not solves:
        raise ValueError("nothing was measured of how odd other images are to the families")
    title = draw.one_of([*solves])

    def holds(data: str, kind: str | None) -> tuple[bool, str]:
        found = auroc_of(title, data, kind)
        if found is None:
            return False, f"nothing was measured of {title} with these images"
        return found < BELOW, f"these images against its own test images have an AUROC of {say(found, 2)}"

    return Setting(
        f"Choose a data set and other images which {title} takes for less odd than its own test images: with an AUROC "
        f"below {BELOW:g}.",
        holds,
        solves[title],
        ["The score of many families is −log p(x), or a bound on it. Which images are easy to predict?"],
        [
            "AUROC, where it is lowest: "
            + "; ".join(f"{say(found, 2)} ({result})" for found, result in _lowest(every, title))
            + ".",
            "An image can be likely without being similar: a product over pixels is large where each pixel is easy "
            "to predict.",
        ],
    )


def _lowest(every: dict[tuple[str, str, str], float], title: str) -> list[tuple[float, str]]:
    """Return the two lowest AUROCs of a family, each with its kind of images."""
    found = [
        (auroc, f"{KINDS[kind]}, to the network of {_of(dataset)}")
        for (of, dataset, kind), auroc in every.items()
        if of == title
    ]
    return sorted(found)[:2]


def evaluations(dataset: str) -> dict[str, int]:
    """Return the number of network evaluations per draw of each family, by the cards."""
    found = {_title(net): _compared(net).get("sampling", {}).get("evaluations") for net in nets_of(dataset)}
    return {title: each for title, each in found.items() if each}


@setting("one-clock", "Which family finishes first?", reads="data clock at", state=f"mode=make&data={DATASET}&at=1")
def one_clock(draw: Draw) -> Setting:
    """Ask for a time on the clock of evaluations at which one family has finished and another has not."""
    known = evaluations(DATASET)
    longest = max(known.values(), default=0)
    pairs = {
        (done, late): ticks
        for done, late in itertools.permutations(known, 2)
        if (ticks := [tick for tick in range(1, TICKS) if known[done] <= tick / TICKS * longest < known[late]])
    }
    if not pairs:
        raise ValueError("nothing was measured of what the families evaluate to draw")
    done, late = draw.one_of([*pairs])
    ticks = pairs[done, late]

    def holds(data: str, clock: str, at: float) -> tuple[bool, str]:
        if data != DATASET or clock != "evaluations":
            return False, f"choose {_of(DATASET)}, and the clock of evaluations"
        spent = at * longest + 1e-9
        said = f"after {math.floor(spent)} evaluations {done} is {'done' if spent >= known[done] else 'drawing'}"
        return known[done] <= spent < known[late], f"{said}, and {late} {'done' if spent >= known[late] else 'drawing'}"

    return Setting(
        f"Choose the clock of evaluations and stop it where, of {_of(DATASET)}, {done} has drawn its images and {late} "
        "is not done yet.",
        holds,
        {"data": DATASET, "clock": "evaluations", "at": ticks[len(ticks) // 2] / TICKS},
        ["How many evaluations does each family need? Its column tells, and the table, too."],
        [
            f"{done} needs {known[done]:,} evaluations, {late} {known[late]:,}; the clock ends at {longest:,}.",
            "So an evaluation is a unit of cost; how long one takes differs between families. The clock of seconds "
            "measures that.",
        ],
    )


def _of(dataset: str) -> str:
    return data.TITLES[dataset]


EXERCISES = (levels, frechet, bias, coverage, auroc, bounds, one_clock, less_odd)
