"""Numbers, sentences and power law of networks of several widths that are trained on several amounts of text."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from explorer.lessons.exercises import say
from explorer.networks.card import Row, find, rows
from explorer.numbers.answer import Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num
from explorer.tabs.text.shared import BITS

LOSS = Figure("test loss of this network", unit="bits/character")
PARAMETERS = Figure("its parameters", digits=0)
CHARACTERS = Figure("characters that it was trained on", digits=0)
STEPS = Figure("steps of its best training", digits=0)
BEST_STEP = Figure("lowest held-out loss of its longest training, at step", digits=0)
RISE = Figure("rise of the held-out loss since then", unit="bits/character")
GAIN = Figure("gain of the last doubling of the steps", unit="bits/character")
ALPHA, BETA = Figure("exponent α of the parameters"), Figure("exponent β of the characters")
DEVIATION = Figure("typical deviation from the power law", unit="%")
HEADS = (LOSS, PARAMETERS, CHARACTERS, STEPS, BEST_STEP, RISE, GAIN, ALPHA, BETA, DEVIATION)
OVER = 0.007  # bits a character: a smaller rise of the held-out loss is none
POINT = {"step": "step", "train": "training_loss", "held_out": "held_out_loss"}
"""Columns of a learning curve."""
FIGURES = {
    "parameters": "parameters",
    "characters": "characters",
    "nll": "test_loss",
    "steps": "steps",
    "best_step": "best_step",
    "overfitting": "overfitting",
    "gain": "gain",
}
"""Columns of the figures of a run."""
Run = Mapping[str, float]
Law = dict[str, list[Sequence[float]]]
"""Of each width a list of part, characters, test loss and loss by the power law; the least text comes first."""


def runs_of(found: Iterable[Row]) -> dict[tuple[int, int], dict[str, float]]:
    """Return the figures of every network by name, by its width and the part of the text that it was trained on."""
    runs: dict[tuple[int, int], dict[str, float]] = {}
    for row in found:
        if "width" in row:
            runs.setdefault((row["width"], row["part"]), {})[row["name"]] = row["value"]
    return runs


def in_bits(figures: Run, *names: str) -> dict[str, float]:
    """Return figures of which these are given in nats, in bits."""
    return {**figures} | {name: figures[name] / BITS for name in names if name in figures}


def fit_power_law(card: Mapping[str, Any], runs: Iterable[Run]) -> Callable[[Run], float]:
    """Return the loss of a run by the power law N^−α D^−β, whose line goes through the means of the logarithms."""
    alpha, beta = (find(card, "exponent", of=of)["value"] for of in ("parameters", "characters"))

    def power(run: Run) -> float:
        return -alpha * math.log(run["parameters"]) - beta * math.log(run["characters"])

    constant = fmean(math.log(run["nll"]) - power(run) for run in runs)
    return lambda run: math.exp(constant + power(run))


def exponent_words(card: Mapping[str, Any], of: str) -> str:
    """Return an exponent with its 95 % interval."""
    value, low, high = (say(find(card, name, of=of)["value"]) for name in ("exponent", "exponent_low", "exponent_high"))
    return f"{value} [{low}, {high}]"


def trained_out(card: Mapping[str, Any], runs: Collection[Run]) -> str:
    """Return how long the networks were trained, and how many of them twice the steps still improved."""
    least = find(card, "least_gain")["value"] / BITS
    gains = [run["gain"] for run in runs if run["gain"] >= least]
    most = max(curve[-1]["step"] for curve in card["curves"].values())
    until = (
        f"Each was trained again with twice the steps until that gained less than {say(least)} bits, with at most "
        f"{most:,} steps."
    )
    if not gains:
        return until
    return (
        f"{until} {len(gains)} of {len(runs)} are not trained out: their last doubling gained up to {say(max(gains))} "
        "bits. So longer trainings would change the exponents."
    )


def words(card: Mapping[str, Any], run: Run, runs: Collection[Run]) -> str:
    """Return the sentences of one of several networks."""
    learning = (
        f"The held-out loss rises after step {run['best_step']:.0f}, while the training loss still falls: this network "
        "over-fits."
        if run["overfitting"] > OVER
        else "The held-out loss falls or stays to the end of the longest training: there is no over-fitting yet."
    )
    alpha, beta = (exponent_words(card, of) for of in ("parameters", "characters"))
    hardly = (
        "The interval of α holds 0: with little text, a larger network is hardly better. "
        if find(card, "exponent_low", of="parameters")["value"] < 0
        else ""
    )
    return (
        f"{learning} The test loss of the {len(runs)} networks falls as N^−α D^−β: α = {alpha} for N parameters, "
        f"β = {beta} for D characters (95 % intervals). {hardly}Each loss is of one seed, and of the best "
        f"checkpoint of all its trainings. {trained_out(card, runs)} The small texts are blocks from all plays."
    )


def size_answer(card: Mapping[str, Any], width: int, part: int) -> Answer:
    """Return the curves of all networks, the power law, and the numbers and sentences of the chosen one."""
    runs = {each: in_bits(run, "nll", "overfitting", "gain") for each, run in runs_of(rows(card)).items()}
    curves = {name: [in_bits(point, "held_out", "train") for point in curve] for name, curve in card["curves"].items()}
    run, law = runs[width, part], fit_power_law(card, runs.values())
    numbers = [
        LOSS.of(say(run["nll"], 2)),
        PARAMETERS.of(run["parameters"]),
        CHARACTERS.of(run["characters"]),
        STEPS.of(run["steps"]),
        BEST_STEP.of(run["best_step"]),
        RISE.of(say(run["overfitting"])),
        GAIN.of(say(run["gain"])),
        ALPHA.of(exponent_words(card, "parameters")),
        BETA.of(exponent_words(card, "characters")),
        DEVIATION.of(say(100 * find(card, "spread")["value"], 1)),
    ]
    points: Law = {}
    for (each, share), one in sorted(runs.items(), key=lambda item: item[1]["characters"]):
        points.setdefault(str(each), []).append((share, one["characters"], round(one["nll"], 4), round(law(one), 4)))
    name = f"{width}-{part}"
    table = [
        {"run": f"{each}-{share}", "width": each}
        | {column: one[key] for key, column in FIGURES.items()}
        | {column: point.get(key) for key, column in POINT.items()}
        for (each, share), one in runs.items()
        for point in curves.get(f"{each}-{share}", [{}])
    ]
    return Answer(
        numbers,
        words(card, run, runs.values()),
        Table(table),
        charts=[learning(curves, name), power_law(points, width, part)],
        stops={"share": [(math.log10(characters), share) for share, characters, *_ in points[str(width)]]},
    )


def learning(curves: Mapping[str, Sequence[Run]], name: str) -> Chart:
    """Return the losses of all networks in their longest trainings as a chart; the one with this name stands out."""
    last = curves[name][-1]

    def line(run: str, key: str) -> list[tuple[float, float]]:
        return [(point["step"], point[key]) for point in curves[run][1:] if point["step"] <= last["step"]]

    losses = [loss for run in curves for key in ("held_out", "train") for _, loss in line(run, key)]
    return Chart(
        x=Axis(unit="training steps", ends=[0, last["step"]], ticks=[0, last["step"] / 2, last["step"]]),
        y=Axis("Loss", "bits/character", note="grey: the other networks", ends=[min(losses) - 0.05, max(losses)]),
        lines=[
            *({"points": line(run, "held_out"), "colour": "quiet", "width": 1} for run in curves if run != name),
            {
                "points": line(name, "train"),
                "colour": "you",
                "dash": [6, 4],
                "label": "its training text",
                "below": True,
            },
            {"points": line(name, "held_out"), "colour": "you", "width": 2.5, "label": "held-out text"},
        ],
        words=f"held out {num(last['held_out'])}, training {num(last['train'])} at the end",
    )


def power_law(law: Law, width: int, part: int) -> Chart:
    """Return the test loss by characters of training text, a line for each width, beside the power law, as a chart."""
    counts = [characters for _, characters, *_ in law[str(width)]]
    losses = [loss for points in law.values() for _, _, *pair in points for loss in pair]
    _, characters, chosen, _ = next(point for point in law[str(width)] if point[0] == part)
    lines = []
    for each, points in law.items():
        mine, measured, fitted = each == str(width), *([(math.log10(p[1]), p[k]) for p in points] for k in (2, 3))
        label = {"label": f"width {each}", "at": 0} if mine else {}
        lines.append({"points": measured, "colour": "ink" if mine else "quiet"} | label)
        lines.append({"points": fitted, "colour": "quiet", "dash": [3, 4], "width": 1})
    note = "dotted: the power law; text on a log scale"
    return Chart(
        x=Axis(
            unit="characters",
            ends=[math.log10(counts[0]) - 0.1, math.log10(counts[-1]) + 0.1],
            ticks=[math.log10(count) for count in counts],
            names=[f"{round(count / 1000)},000" for count in counts],
        ),
        y=Axis("Test loss", "bits/character", note=note, ends=[min(losses) - 0.05, max(losses) + 0.05]),
        lines=lines,
        dot=[math.log10(characters), chosen],
        words=f"{num(chosen)} with {characters:,.0f} characters",
    )
