"""Sentences, numbers and charts of four objectives, at the snapshots of a training."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explorer.models.plane_energy import OBJECTIVES
from explorer.networks.card import Card, rows
from explorer.tabs.kit.layout.panel import Curves
from explorer.tabs.kit.numbers.answer import Figure, Report
from explorer.tabs.kit.numbers.words import num, percent

Frame = Mapping[str, Any]
ALIKE = "The four begin alike. The energy is half the squared distance and the output of an untrained network."
KEPT = (
    "The same network, data, order of the data and clock for all four. Dots: negative samples, of the two objectives "
    "that have some. Bars: the mass of each mode of the data by integration. The line is what it should be."
)
LIVE = (
    "Lines lead from where a chain began to where it ended, and without chains down the energy. Bars: the lengths of "
    "the gradients of the positive phase, of the negative phase, and of their sum; each objective has its own unit."
)
SHORT = {"cd": "contrastive (CD)", "pcd": "persistent (PCD)", "sm": "score matching (SM)", "dsm": "denoising (DSM)"}
"""Each objective as the headings above its plane name it."""
SMALLEST = Figure("smallest KL divergence", unit="nats", digits=3)
OFF = {way: Figure(f"mass in the wrong mode, {SHORT[way]}") for way in OBJECTIVES}
OUTSIDE = {way: Figure(f"mass outside the data, {SHORT[way]}") for way in OBJECTIVES}
HEADS = (SMALLEST, *OFF.values(), *OUTSIDE.values())
STYLES = [
    {"label": "CD", "colour": 0, "dash": [2, 3]},
    {"label": "PCD", "colour": 3},
    {"label": "SM", "colour": 9, "dash": [7, 4]},
    {"label": "DSM", "colour": 7, "dash": [7, 3, 2, 3]},
]
"""Line of each objective in the charts, in the order of `OBJECTIVES`."""
COLOURS = {way: style["colour"] for way, style in zip(OBJECTIVES, STYLES, strict=True)}
PHASES = {"positive": "ink", "negative": "quiet", "both": None}
"""Colour of each bar; the sum of both has that of its objective."""


def divergence_chart(clock: str, low: int, height: int) -> Curves:
    """Return the chart of the KL divergences by a clock, from 10 to the power of `low`."""
    name, ticks = "log₁₀ KL, nats", [*range(low, 2)]
    return Curves("KL divergence over the training", name, height, STYLES, (low, 1.5), ticks, along=clock)


def wrong_mode_chart(height: int) -> Curves:
    """Return the chart of the mass in the wrong mode."""
    name, ticks = "share in the wrong mode", [0, 0.4, 0.8]
    return Curves("Mass in the wrong mode", name, height, STYLES, (0, 0.8), ticks, along="epochs")


def decades(kl: float) -> float:
    """Return the decimal logarithm of a divergence, for a chart."""
    return round(math.log10(max(1e-9, kl)), 4)


def numbers(found: Mapping[str, Frame]) -> list[Figure]:
    """Return the figures of the objectives, the least divergence first."""
    best = min(OBJECTIVES, key=lambda way: found[way]["kl"])
    return [
        SMALLEST.of(found[best]["kl"], f"{SMALLEST.unit}, {best.upper()}"),
        *(each.of(percent(found[way]["off"], 1)) for way, each in OFF.items()),
        *(each.of(percent(found[way]["outside"], 1)) for way, each in OUTSIDE.items()),
    ]


def table(place: Frame, found: Mapping[str, Frame], more: Mapping[str, Frame]) -> list[dict[str, Any]]:
    """Return the rows of the table at a snapshot, one for each objective."""
    names = {"kl": "KL", "outside": "mass outside", "off": "mass in the wrong mode"}
    figures = {way: {name: found[way][key] for key, name in names.items()} for way in OBJECTIVES}
    return [{**place, "objective": way, **figures[way], **more[way]} for way in OBJECTIVES]


def snapshot_reports(history: Sequence[Frame], known: Sequence[float], card: Card) -> Iterator[Report]:
    """Yield the report of each snapshot of a training.

    Arguments:
        history: The figures of each snapshot, by objective.
        known: The mass of each mode.
        card: Card of the network.
    """
    for snapshot in history:
        step, epoch, shares = snapshot["step"], snapshot["epoch"], snapshot["shares"]
        off = {way: sum(abs(a - b) for a, b in zip(shares[way], known, strict=True)) / 2 for way in OBJECTIVES}
        found = {way: {key: snapshot[key][way] for key in ("kl", "outside")} | {"off": off[way]} for way in OBJECTIVES}
        digits = 2 if epoch < 1 else int(epoch % 1 > 0)
        caption = f"After {num(epoch, digits)} epochs, {step:,} steps."
        words = f"{nearest(found)} {fisher_words(card) if snapshot is history[-1] else ''}".strip() if step else ALIKE
        named = {way: {f"mass of mode {k}": each for k, each in enumerate(shares[way], 1)} for way in OBJECTIVES}
        ways = {
            way: {
                "words": f"KL {num(found[way]['kl'], 3)}",
                "bars": [(each, "quiet") for each in shares[way]],
                "marks": known,
            }
            for way in OBJECTIVES
        }
        yield Report(
            numbers(found),
            f"{words} {KEPT}",
            caption=caption if step else "Before the first step: four equal networks.",
            place=epoch,
            end=history[-1]["epoch"],
            curves=[[max(-3, decades(found[way]["kl"])) for way in OBJECTIVES], [off[way] for way in OBJECTIVES]],
            row=table({"epoch": epoch, "step": step}, found, named),
            view={
                "bars": "Mass of each mode",
                "top": max(2 * max(known), *(share for each in shares.values() for share in each)),
                "ways": ways,
            },
        )


def nearest_words(best: str) -> str:
    """Return the sentence on the objective that is nearest to the known density."""
    name = "Persistent CD" if best == "pcd" else OBJECTIVES[best].capitalize()
    return f"{name} is nearest to the known density."


def nearest(found: Mapping[str, Frame]) -> str:
    """Describe which objectives are nearest to the known density, and where the others have their mass."""
    best, *_, worst = sorted(OBJECTIVES, key=lambda way: found[way]["kl"])
    widest = max(OBJECTIVES, key=lambda way: found[way]["outside"])
    return (
        f"{nearest_words(best)} Farthest is {OBJECTIVES[worst]}, with a KL of {num(found[worst]['kl'], 3)}. "
        f"Of the mass, {percent(found['sm']['off'])} lies in the wrong mode by score matching, and "
        f"{percent(found['pcd']['off'])} by persistent chains. Most mass outside the data has {OBJECTIVES[widest]}: "
        f"{percent(found[widest]['outside'], 1)}."
    )


def fisher_words(card: Card) -> str:
    """Describe the Fisher divergence at the end of a training, which score matching makes small."""
    found = {way: rows(card, "fisher", of=way) for way in ("sm", "pcd")}
    if not all(found.values()):
        return ""
    own, other = (num(each[0]["value"]) for each in found.values())
    return (
        f"By its own measure, the Fisher divergence, score matching ends at {own}, and persistent chains at {other}: "
        "this measure does not compare the mass of modes."
    )


def live(frame: Frame, k: int, jumps: bool, steps: int) -> Report:
    """Return the report of a frame of the live training of `steps` steps, by chains of `k` steps."""
    found, phases, step = frame["found"], frame["phases"], frame["step"]
    words = ALIKE
    if step:
        best, *_, worst = sorted(OBJECTIVES, key=lambda name: found[name]["kl"])
        positive, negative, both = (num(phases["pcd"][key]) for key in PHASES)
        walk = f"chains of {k} step{'' if k == 1 else 's'}{', of which the persistent ones also jump' if jumps else ''}"
        words = (
            f"{nearest_words(best)} With {walk}, farthest after {step:,} steps is {OBJECTIVES[worst]} "
            f"({num(found[worst]['kl'], 3)}). With persistent chains, the gradient of the positive phase has the "
            f"length {positive}, that of the negative phase {negative}, their sum {both}. Persistent chains put "
            f"{percent(found['pcd']['off'])} of the mass in the wrong mode, score matching "
            f"{percent(found['sm']['off'])}."
        )
    ways = {
        way: {
            "words": f"KL {num(found[way]['kl'], 3)}",
            "bars": [(phases[way][key], colour or own) for key, colour in PHASES.items()] if phases[way] else [],
        }
        for way, own in COLOURS.items()
    }
    return Report(
        numbers(found),
        f"{words} {LIVE}",
        caption=f"After {step:,} steps." if step else "Before the first step: four equal networks.",
        place=step,
        end=steps,
        curves=[[max(-2, decades(found[way]["kl"])) for way in OBJECTIVES]],
        row=table({"step": step}, found, {way: phases[way] or dict.fromkeys(PHASES) for way in OBJECTIVES}),
        view={"bars": "Gradients", "ways": ways},
    )
