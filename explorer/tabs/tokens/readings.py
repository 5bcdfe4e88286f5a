"""Sentences that the texts of the tab compute from cards."""

from statistics import fmean

from explorer.networks.card import Card, Row, rows
from explorer.numbers.rows import format_value
from explorer.verdicts import Estimate, compare, of_share, of_values, sized

READINGS_FEW, READINGS_MANY = "DDIM 10", "DDIM 50"
FIGURES = {"recall": "recall", "accuracy": "the accuracy of the requested class", "frechet": "the Fréchet distance"}


def more_steps(card: Card) -> str:
    """Return what fifty DDIM steps change against ten; the three figures are compared at 5 % together."""
    found = {
        name: [rows(card["quality"], name, pixels="grey", way=way) for way in (READINGS_FEW, READINGS_MANY)]
        for name in FIGURES
    }
    said = [changed(name, few, many) for name, (few, many) in found.items()]
    return "; ".join(said)


READINGS = {
    "steps_digits": lambda cards: more_steps(cards["latent-diffusion-mnist"]),
    "steps_clothes": lambda cards: more_steps(cards["latent-diffusion-fashion-mnist"]),
}


def changed(name: str, few: list[Row], many: list[Row]) -> str:
    """Return a figure after few and after many steps, and whether chance explains the difference."""
    before, after = (estimate(name, found) for found in (few, many))
    sign = compare(after, before, comparisons=len(FIGURES)).sign
    form = ".2f" if name == "frechet" else ".1%"
    one, other = (format_value({"value": fmean(row["value"] for row in found)}, form) for found in (few, many))
    said = sized(sign, larger="rises", smaller="falls", tie="does not change measurably,")
    return f"{FIGURES[name]} {said} from {one} to {other}"


def estimate(name: str, found: list[Row]) -> Estimate:
    """Return a figure with its error: a share of images, or the mean of several seeds."""
    values = [row["value"] for row in found]
    if name == "frechet":
        return of_values(values)
    n = found[0]["n"] * (len(values) if name == "accuracy" else 1)  # recall is over the same test images each time
    return of_share(fmean(values) * n, n)
