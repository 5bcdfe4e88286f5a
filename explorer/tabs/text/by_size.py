"""Numbers, sentences and power law of networks of several widths that are trained on several amounts of text."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer.card import Row, find, rows
from explorer.tabs.kit.exercises import say
from explorer.tabs.kit.words import headed

HEADS = (
    "test loss of this network",
    "its parameters",
    "characters that it was trained on",
    "lowest held-out loss at step",
    "rise of the held-out loss since then",
    "exponent α of the parameters",
    "exponent β of the characters",
    "typical deviation from the power law",
)
OVER = 0.005  # nats a character: a smaller rise of the held-out loss is none
FIGURES = ("parameters", "characters", "nll", "best_step", "overfitting")
Run = Mapping[str, float]


def runs_of(found: Iterable[Row]) -> dict[tuple[int, int], dict[str, float]]:
    """Return the figures of every network by name, by its width and the part of the text that it was trained on."""
    runs: dict[tuple[int, int], dict[str, float]] = {}
    for row in found:
        if "width" in row:
            runs.setdefault((row["width"], row["part"]), {})[row["name"]] = row["value"]
    return runs


def fitted(card: Mapping[str, Any], runs: Iterable[Run]) -> Callable[[Run], float]:
    """Return the loss of a run by the power law N^−α D^−β, whose line goes through the means of the logarithms."""
    alpha, beta = (find(card, "exponent", of=of)["value"] for of in ("parameters", "characters"))

    def power(run: Run) -> float:
        return -alpha * math.log(run["parameters"]) - beta * math.log(run["characters"])

    constant = fmean(math.log(run["nll"]) - power(run) for run in runs)
    return lambda run: math.exp(constant + power(run))


def interval(card: Mapping[str, Any], of: str) -> str:
    """Return an exponent with its 95 % interval."""
    value, low, high = (say(find(card, name, of=of)["value"]) for name in ("exponent", "exponent_low", "exponent_high"))
    return f"{value} [{low}, {high}]"


def words(card: Mapping[str, Any], run: Run, count: int) -> str:
    """Return the sentences of one of `count` networks."""
    learning = (
        f"The held-out loss rises after step {run['best_step']:.0f}, while the training loss still falls: this network "
        "over-fits."
        if run["overfitting"] > OVER
        else "The held-out loss falls or stays to the end of the training: there is no over-fitting yet."
    )
    alpha, beta = (interval(card, of) for of in ("parameters", "characters"))
    hardly = (
        "The interval of α holds 0: with little text, a larger network is hardly better. "
        if find(card, "exponent_low", of="parameters")["value"] < 0
        else ""
    )
    return (
        f"{learning} The test loss of the {count} networks falls as N^−α D^−β: α = {alpha} for N parameters, "
        f"β = {beta} for D characters (95 % intervals). {hardly}Each is the best network on its way, one seed each, "
        "trained for equally many steps."
    )


def told(card: Mapping[str, Any], width: int, part: int) -> dict[str, Any]:
    """Return the curves of all networks, the power law, and the numbers and sentences of the chosen one.

    `law` has for each width a list of part, characters, test loss and loss by the power law; the least text comes
    first.
    """
    runs = runs_of(rows(card))
    run, law = runs[width, part], fitted(card, runs.values())
    figures = (
        (say(run["nll"], 2), "nats/character"),
        (f"{run['parameters']:,.0f}", ""),
        (f"{run['characters']:,.0f}", ""),
        (f"{run['best_step']:,.0f}", ""),
        (say(run["overfitting"]), "nats/character"),
        (interval(card, "parameters"), ""),
        (interval(card, "characters"), ""),
        (say(100 * find(card, "spread")["value"], 1), "%"),
    )
    points: dict[str, list[Sequence[float]]] = {}
    for (each, share), one in sorted(runs.items(), key=lambda item: item[1]["characters"]):
        points.setdefault(str(each), []).append((share, one["characters"], round(one["nll"], 4), round(law(one), 4)))
    return {
        "run": f"{width}-{part}",
        "width": width,
        "curves": card["curves"],
        "law": points,
        "numbers": headed(HEADS, figures),
        "words": words(card, run, len(runs)),
        "table": [
            ("width", "parameters", "characters", "test_loss", "best_step", "overfitting"),
            *((each, *(one[name] for name in FIGURES)) for (each, _), one in runs.items()),
            ("run", "step", "training_loss", "held_out_loss"),
            *(
                (name, point["step"], point["train"], point["held_out"])
                for name, curve in card["curves"].items()
                for point in curve
            ),
        ],
    }
