"""Caption, sentence and numbers of a frame of a game in the plane."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from explorer import verdicts
from explorer.measures.game import SEEDS
from explorer.serving.films import Script
from explorer.tabs.kit.layout.panel import Curves
from explorer.tabs.kit.numbers.answer import Details, Figure, Report
from explorer.tabs.kit.numbers.rows import small
from explorer.tabs.kit.numbers.words import num, percent

Frame = Mapping[str, Any]
MOST_APART = math.log(2)  # the greatest Jensen–Shannon divergence, in nats
CRITIC_STEPS = 5  # a round, in Gulrajani et al. (2017)
DATA = {
    "ring": "eight Gaussians on a ring",
    "grid": "25 Gaussians on a grid",
    "moons": "two moons, of 80 Gaussians that overlap",
    "painted": "the points that you painted",
}
LOSSES = {"saturating": "Saturating", "non-saturating": "Non-saturating", "wgan-gp": "WGAN-GP"}
KNOWN = {"data": "the data", "one mode": "one mode alone", "ring": "evenly on the ring"}
GRADIENTS = {"saturating": "saturating", "non-saturating": "non-saturating", "wgan-gp": "Wasserstein"}
MODES, NEAR, ROUND = Figure("modes covered"), Figure("points within 3σ"), Figure("round", digits=0)
STEPS = Figure("steps of D · of G")
LOSS_D, LOSS_G = Figure("loss of D", digits=3), Figure("loss of G", digits=3)
NORM = Figure("norm of G's gradient", digits=3)
DIVERGENCE = Figure("JS divergence, nats", digits=3)
OFF_BEST = Figure("|D − best D|", digits=3)
PLAYED = (MODES, NEAR, ROUND, STEPS, LOSS_D, LOSS_G, NORM, DIVERGENCE, OFF_BEST)
GRADIENT_OF = {loss: Figure(f"gradient, {name}") for loss, name in GRADIENTS.items()}
STEPS_D = Figure("steps of D", digits=0)
RIGHT = Figure("D is right about")
APART = Figure("critic: data − generated", digits=3)
FACED = (*GRADIENT_OF.values(), STEPS_D, RIGHT, APART)
MODES_OF = {loss: Figure(f"modes covered, {name}", digits=1) for loss, name in LOSSES.items()}
DIVERGENCE_OF = {loss: Figure(f"JS divergence, {name}", unit="nats, mean") for loss, name in LOSSES.items()}
RACED = (*MODES_OF.values(), *DIVERGENCE_OF.values())
STYLES = {
    "saturating": {"colour": "ink", "dash": [2, 3]},
    "non-saturating": {"colour": 3, "dash": [7, 4]},
    "wgan-gp": {"colour": 2},
}
"""Line of each loss in the charts."""
ROWS = (
    *("moves", "round", "steps_d", "steps_g", "loss_d", "loss_g"),
    *("gradient", "modes", "near", "divergence", "gap"),
)
"""Columns of the table of a game."""
LOWEST = 1e-9  # norm below which a logarithm is cut
BOTH_LOSSES = Curves(
    "Losses over rounds",
    "loss",
    220,
    [{"colour": "ink", "width": 1.5, "label": "D"}, {"colour": "ink", "width": 1.5, "dash": [4, 3], "label": "G"}],
    includes=(0, 0.1),
    along="rounds",
)
OF_SEEDS = [style for style in STYLES.values() for _ in range(SEEDS)]
COVERED = Curves("Modes covered over rounds", "modes covered, each seed", 120, OF_SEEDS, includes=(0,), along="rounds")
DIVERGED = Curves("Divergence over rounds", "JS divergence, nats", 120, OF_SEEDS, (0, MOST_APART), along="rounds")
NORMS = Curves(
    "Norm of the generator's gradient over steps of D",
    "log₁₀ of the norm of G's gradient",
    120,
    [STYLES[loss] | {"label": name, "width": 2.5} for loss, name in GRADIENTS.items()],
    along="steps of D",
)


def rates(cell: Frame, times: int = 1) -> str:
    """Return the learning rate of both players, or those of D and of G, so many times as large."""
    of_d, of_g = (f"{times * cell[key]:g}" for key in ("lrd", "lrg"))
    return of_d if of_d == of_g else f"{of_d} · {of_g}"


def grid(known: Frame) -> dict[str, Any]:
    """Return the recorded grid of settings with the texts of its cells, and the same figures of known faults."""

    def cell(of: Frame, loss: str) -> dict[str, Any]:
        found, steps = of["losses"][loss], f"D-step{'' if of['dsteps'] == 1 else 's'}"
        modes, apart = fmean(found["modes"]), fmean(found["divergence"])
        settled = f"{'' if found['settled'] else 'not '}settled by round {found['rounds']:,}"
        return {
            "modes": num(modes, 1),
            "divergence": f"{num(apart)}{'' if found['settled'] else '…'}",
            "share": modes / known["of"],
            "words": f"{LOSSES[loss]}, {of['dsteps']} {steps} a round, rates {rates(of)}: {num(modes, 1)} of "
            f"{known['of']} modes ({', '.join(map(str, found['modes']))}), divergence {num(apart)}; {settled}",
        }

    cells = [
        {key: each[key] for key in ("dsteps", "lrd", "lrg")}
        | {"rates": rates(each, 1000), "losses": {loss: cell(each, loss) for loss in LOSSES}}
        for each in known["cells"]
    ]
    rounds = max(found["rounds"] for each in known["cells"] for found in each["losses"].values())
    seeds = len(known["seeds"])
    faults = [
        (name, f"{found['modes']} of {known['of']}", percent(found["near"]), num(found["divergence"]))
        for key, name in KNOWN.items()
        if (found := known["baselines"][key])
    ]
    return {
        "data": known["data"],
        "seed": known["seeds"][0],
        "cells": cells,
        "title": f"Modes covered, mean of {seeds} seeds, by D-steps a round",
        "words": f"In a cell: modes covered, and below them the divergence, both means of {seeds} seeds; the stronger "
        "the tint, the more modes. Two rates are those of D and G. A mode is covered if at least half of its share of "
        f"points lies within 3σ. Each game was played for {rounds:,} rounds, or until its divergence settled; … marks "
        f"those that had not. A divergence near {num(MOST_APART)}, the largest there is, does not tell whether a game "
        f"has settled. Recorded on {known['recorded']}, torch {known['torch']}. Choose a cell to play it; any other "
        "setting is trained live.",
        "faults": {"head": ["", "modes", "near", "divergence"], "rows": faults},
    }


def telling(script: Script, say: Callable[[Frame, Frame], Report]) -> Script:
    """Return a film whose frames have what `say(frame, first)` tells of them, `first` being the first frame."""

    def scenes():
        first = None
        for cost, frame in script.scenes():
            first = first or frame
            yield cost, frame and {**frame, "report": say(frame, first).to_props()}

    return replace(script, scenes=scenes)


def covered_modes(frame: Frame) -> str | None:
    """Return the number of covered modes; None if the data have no separate modes."""
    return None if frame["of"] is None else f"{frame['modes']} of {frame['of']}"


def play_report(frame: Frame, data: str, loss: str) -> Report:
    """Describe a frame of one game: caption, sentence, text of the plane, and numbers."""
    single = frame["moves"][-1:].upper() if frame["moves"][-1:] in ("d", "g") else ""
    modes = covered_modes(frame)
    near = percent(frame["near"])
    counted = f"{modes} modes, " if modes else ""
    after = f", then one step of {single}" if single else ""
    caption = f"Round {frame['round']:,}{after}: {counted}{near} of points near the data."
    reach = f"from {num(frame['low'])} to {num(frame['high'])}"
    plane = f"D is off the best one by {num(frame['gap'])} at generated points"
    shown = f"{DATA[data]}; {caption} {f'The critic’s value goes {reach}' if frame['gap'] is None else plane}."
    return Report(
        [
            MODES.of(modes),
            NEAR.of(near),
            ROUND.of(frame["round"]),
            STEPS.of(f"{frame['steps_d']:,} · {frame['steps_g']:,}"),
            LOSS_D.of(frame["loss_d"]),
            LOSS_G.of(frame["loss_g"]),
            NORM.of(frame["gradient"]),
            DIVERGENCE.of(frame["divergence"]),
            OFF_BEST.of(frame["gap"]),
        ],
        game_words(frame, loss, reach),
        caption=caption,
        place=frame["round"],
        curves=[[frame["loss_d"], frame["loss_g"]]],
        row={key: frame[key] for key in ROWS},
        view={"plane": shown},
    )


def game_words(frame: Frame, loss: str, reach: str) -> str:
    """Return the sentence about a frame of one game; `reach` tells the values of a critic."""
    begun = frame["round"] or frame["steps_d"]
    when = f"After {frame['round']:,} round{'' if frame['round'] == 1 else 's'}" if begun else "Before the first step"
    near, modes = percent(frame["near"]), covered_modes(frame)
    lead = (
        f"{when} the generator covers {modes} modes. Of its points, {near} lie within 3σ of one"
        if modes
        else f"{when} {near} of the generated points lie near the data"
    )
    apart = (
        f"The Jensen–Shannon divergence from the data is {num(frame['divergence'])} nats, where 0 is no "
        f"difference and {num(MOST_APART)} the most"
    )
    if loss == "wgan-gp":
        own = (
            f"The critic's values in this plane go {reach}: they are no probabilities, and not to be compared with "
            "p ÷ (p + q)"
        )
    else:
        own = f"At the generated points D is off the best answer, p ÷ (p + q), by {num(frame['gap'])} on average"
    return f"{lead}. {apart}. {own}."


def race_report(frame: Frame, gseed: int, dsteps: int) -> Report:
    """Describe a frame of the three losses: caption, sentence, what each plane shows, and figures of every seed."""
    modes, near, divergence = (frame[key] for key in ("modes", "near", "divergence"))
    of, when = frame["of"], f"{frame['round']:,}"
    names = [f"seed {gseed + seed}" for seed in range(len(near["saturating"]))] if of is not None else []
    rows = [
        {"": name}
        | {seed: str(each) for seed, each in zip(names, modes[loss] or (), strict=True)}
        | {"near": percent(fmean(near[loss])), "divergence": num(fmean(divergence[loss]))}
        for loss, name in LOSSES.items()
    ]
    planes = {
        loss: [f"{each} of {of} modes" for each in modes[loss]]
        if of is not None
        else [f"{percent(each)} of points near the data" for each in near[loss]]
        for loss in LOSSES
    }
    numbers = [
        each.unknown if of is None else each.of(fmean(modes[loss]), f"of {of}, mean") for loss, each in MODES_OF.items()
    ]
    return Report(
        [*numbers, *(each.of(fmean(divergence[loss])) for loss, each in DIVERGENCE_OF.items())],
        race_words(frame, dsteps),
        caption=f"Round {when}",
        place=frame["round"],
        curves=[
            [each for loss in LOSSES for each in modes[loss] or SEEDS * [None]],
            [each for loss in LOSSES for each in divergence[loss]],
        ],
        view={"planes": planes, "seeds": Details(rows)},
        row=[
            {
                "round": frame["round"],
                "loss": loss,
                "seed": gseed + seed,
                "modes covered": modes[loss][seed] if of is not None else None,
                "share within 3 sigma": near[loss][seed],
                "JS divergence, nats": divergence[loss][seed],
            }
            for loss in LOSSES
            for seed in range(len(near[loss]))
        ],
    )


def race_words(frame: Frame, dsteps: int) -> str:
    """Return the sentence about a frame of the three losses: which one covers least, then each of them."""
    of, modes, apart = frame["of"], frame["modes"], frame["divergence"]
    if of is None:
        lead = lead_words(apart, False, ("is farthest from the data,", "are farthest from the data"), "nats")
    else:
        lead = lead_words(modes, True, ("covers the fewest modes,", "cover the fewest modes"), f"of {of}")
    items = []
    for loss, name in LOSSES.items():
        begins = loss == "saturating"
        counts = "" if of is None else f"{'covers ' if begins else ''}{', '.join(map(str, modes[loss]))}"
        counts += f" of {of} modes, seed by seed," if begins and of is not None else ""
        at = "at a mean divergence of" if begins else "at"
        items.append(f"{name} {counts or 'is'} {at} {num(fmean(apart[loss]))}")
    critic = f" The critic of WGAN-GP is meant to take {CRITIC_STEPS} steps a round." if dsteps < CRITIC_STEPS else ""
    return f"After {frame['round']:,} rounds {lead}. {'; '.join(items)}.{critic}"


def lead_words(values: Mapping[str, Sequence[float]], least: bool, how: tuple[str, str], unit: str) -> str:
    """Return which losses have the least or the most of a figure over the seeds, or that they tie."""
    means = verdicts.pooled({loss: verdicts.of_values(values[loss]) for loss in LOSSES})
    names = verdicts.best_of(means, least=least)
    figures = " and ".join(dict.fromkeys(num(fmean(values[loss]), 1 if least else 2) for loss in names))
    if len(names) == 1:
        return f"{LOSSES[names[0]]} {how[0]} {figures} {unit}"
    asked = f"{verdicts.pairs_of(len(LOSSES))} pairs were compared"
    if len(names) == len(LOSSES):
        return f"the losses tie, {figures} {unit}; {asked}"
    return f"{' and '.join(LOSSES[loss] for loss in names)} {how[1]}, {figures} {unit}, a tie; {asked}"


def norm(value: float) -> str:
    """Return a norm as short as it can be read."""
    if value == 0:
        return "0"
    return small(value) if value < 0.001 else num(value, 4 if value < 0.1 else 3)


def face_report(frame: Frame, first: Frame) -> Report:
    """Describe a frame of a fixed generator: caption, sentence, and numbers."""
    right = percent(frame["accuracy"])
    norms = frame["norms"]
    return Report(
        [
            *(each.of(norm(norms[loss])) for loss, each in GRADIENT_OF.items()),
            STEPS_D.of(frame["step"]),
            RIGHT.of(right),
            APART.of(frame["apart"]),
        ],
        face_words(frame, first),
        caption=f"{frame['step']:,} steps of D, {right} right.",
        place=frame["step"],
        curves=[[round(math.log10(max(LOWEST, norms[loss])), 6) for loss in GRADIENTS]],
        row={"step": frame["step"]}
        | {f"gradient norm, {name}": norms[loss] for loss, name in GRADIENTS.items()}
        | {"D is right": frame["accuracy"], "critic: data − generated": frame["apart"]},
    )


def face_words(frame: Frame, first: Frame) -> str:
    """Return the sentence about a frame of a fixed generator: what became of the three gradients."""
    if frame["step"] == 0:
        return "No step yet: both discriminators are as new. Play, and watch the generator's gradient while they learn."

    def change(now: float, then: float) -> str:
        return f"{norm(now / then)} of what it was" if now < then else f"{num(now / then, 1)} times what it was"

    phrases = [
        f"{name} {norm(frame['norms'][loss])}, {change(frame['norms'][loss], first['norms'][loss])}"
        for loss, name in GRADIENTS.items()
    ]
    return (
        f"After {frame['step']:,} steps D is right about {percent(frame['accuracy'])} of the points. "
        f"The norm of the generator's gradient by loss: {'; '.join(phrases)}."
    )
