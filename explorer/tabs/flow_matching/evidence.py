"""Sentences about the figures of flow matching, quoted by the texts."""

from collections.abc import Mapping
from statistics import fmean

from explorer.measures.quality import FLOOR
from explorer.models import FAMILIES
from explorer.networks.card import Card, Row, find, rows
from explorer.numbers.rows import format_value, join_words, small
from explorer.tabs.kit.layout.parts import number
from explorer.verdicts import Estimate, compare, of_figure, sized

Cards = Mapping[str, Card]
FM_MOONS, FM_IMAGES = "flow-matching-moons", "flow-matching-mnist"


def one_step(cards: Cards) -> str:
    """Describe D² of one Euler step's ends from fresh moons by round of reflow, and if they differ from fresh data."""
    rounds = {"before": "independent", "after one round": "reflow-1", "after two": "reflow-2"}
    found = {when: find(cards[FM_MOONS], "squared_energy_distance", of=of, steps=1) for when, of in rounds.items()}
    data = find(cards[FM_MOONS], "squared_energy_distance", of="data")
    each = [f"{format_value(row, '±')} {when}" for when, row in found.items()]
    alike = [when for when, row in found.items() if not compare(estimate(row), estimate(data), 3).is_different]
    drawn = f"{found['before']['n']} draws of {cards[FM_MOONS]['distances']['points']:,} points"
    told = f" By {drawn}, one step {join_words(alike)} cannot be told from fresh data." if alike else ""
    return f"{', '.join(each)}; for fresh data it is {format_value(data, '±')}.{told}"


def estimate(row: Row) -> Estimate:
    """Return the mean of several draws as the rule of comparison reads it."""
    return Estimate(row["value"], row["se"], row["n"])


def bits(cards: Cards) -> str:
    """Describe bits/dim by the ODE, with errors of solver and probes, and other families on the same images."""
    card = cards.get(FM_IMAGES, {})
    if not rows(card, "solver_error"):
        return "It has not been measured yet."
    found, solver, probes = (find(card, name) for name in ("bits_per_dim", "solver_error", "probe_error"))
    beside = [paired_difference(card, row["of"]) for row in rows(card, "paired")]
    return (
        f"For {found['n']} images from all over MNIST's test split it is about {format_value(found, '±')} bits/dim. "
        f"The solver's error is about {small(solver['value'])}, the probes' standard error {small(probes['value'])}. "
        f"{' '.join(beside)}".rstrip()
    )


def paired_difference(card: Card, family: str) -> str:
    """Describe the mean difference of another family's figure on the same images."""
    other, difference = find(card, "bits_per_dim", of=family), find(card, "paired", of=family)
    apart = {**difference, "value": abs(difference["value"])}
    title = FAMILIES[family].title
    asked = len(rows(card, "paired"))
    side = sized(
        compare(Estimate(0), of_figure(difference), asked).sign,
        larger="more, image by image",
        smaller="less, image by image",
        tie="apart, image by image, which chance may explain",
    )
    most = "at most " if other["kind"] == "bound" else ""
    return f"{title} says {most}{format_value(other, '±')} of the same images: {format_value(apart, '±')} {side}."


def samples(cards: Cards) -> str:
    """Describe the Fréchet distance over its floor of each measured sampler."""
    quality = cards.get(FM_IMAGES, {}).get("quality", {})
    found = list(rows(quality, "frechet", pixels="grey")) if quality else []
    if not found:
        return "How good its images are has not been measured yet."
    floor = next(row["value"] for row in found if row["way"] == FLOOR)
    ways = dict.fromkeys(row["way"] for row in found if row["way"] != FLOOR)
    each = [f"{number(fmean(row['value'] for row in found if row['way'] == way) / floor)} × ({way})" for way in ways]
    return f"Of images of MNIST the Fréchet distance of 10,000 samples is {join_words(each)} that of training images."


READINGS = {"one_step": one_step, "bits": bits, "samples": samples}
