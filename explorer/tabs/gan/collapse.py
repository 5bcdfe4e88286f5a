"""*Mode collapse*: six losses play from the same seeds; who covers how many modes."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Annotated

from explorer import verdicts
from explorer.fields import Field
from explorer.measures.coverage import divergence, mode_coverage, shares_near
from explorer.measures.game import EVERY, SEEDS, race_film
from explorer.models.game import LOSSES
from explorer.numbers.answer import FINDING, Details, Figure, Report
from explorer.numbers.words import num, percent
from explorer.serving.films import Script
from explorer.spaces import PLANE
from explorer.tabs.gan.rounds import (
    DATA_CONTROLS,
    LOSS_TITLES,
    MOST_APART,
    NORM_CONTROLS,
    RENEWS,
    RULE_CONTROLS,
    SEED_CONTROLS,
    STEP_CONTROLS,
    STYLES,
    Frame,
    choose_film,
    frames_of,
    live_scenes,
    other,
    settings,
    telling,
)
from explorer.tabs.gan.shared import ROUNDS, Data, DSteps, GameSeed, Live, Painted, RateD, RateG, Spectral
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Curves, Panel, Shows

Rounds = Annotated[int, Field("rounds", ROUNDS, title="the number of rounds")]
CRITIC_STEPS = 5  # a round, in Gulrajani et al. (2017)
FEW_STEPS = f"; WGAN-GP is meant to take {CRITIC_STEPS} steps of D a round, and here all take {{dsteps}}"
WHY_ALIKE = " All take the same number, so that nothing but the loss differs."
MODES_OF = {loss: Figure(f"modes covered, {name}", digits=1) for loss, name in LOSS_TITLES.items()}
DIVERGENCE_OF = {loss: Figure(f"JS divergence, {name}", unit="nats, mean") for loss, name in LOSS_TITLES.items()}
RACED = (FINDING, *MODES_OF.values(), *DIVERGENCE_OF.values())
OF_SEEDS = [style for style in STYLES.values() for _ in range(SEEDS)]
COVERED = Curves("Modes covered over rounds", "modes covered, each seed", 120, OF_SEEDS, includes=(0,), along="rounds")
DIVERGED = Curves("Divergence over rounds", "JS divergence, nats", 120, OF_SEEDS, (0, MOST_APART), along="rounds")


@film
def race(
    data: Data,
    points: Painted,
    spectral: Spectral,
    dsteps: DSteps,
    lrd: RateD,
    lrg: RateG,
    gseed: GameSeed,
    rounds: Rounds,
    live: Live,
) -> Script:
    """Film games with each of the three losses in parallel, each with the same five seeds."""
    question = settings(data, dsteps, lrd, lrg, gseed, spectral=spectral, rounds=rounds)

    def live_film(asked: dict) -> Script:
        scenes = 1 + (len(LOSSES) + 1) * rounds  # a round of each game, and a look at them all
        return Script(PLANE, SEEDS, frames_of(rounds, EVERY), scenes, lambda: live_scenes(race_film(asked)))

    known = choose_film("race", question, points, live, live_film)
    return telling(known, lambda frame, *_: race_report(frame, gseed, dsteps))


def race_report(frame: Frame, gseed: int, dsteps: int) -> Report:
    """Describe a frame of the three losses: caption, sentence, what each plane shows, and figures of every seed."""
    modes, near, divergence = (frame[key] for key in ("modes", "near", "divergence"))
    of, when = frame["of"], f"{frame['round']:,}"
    names = [f"seed {gseed + seed}" for seed in range(len(near["saturating"]))] if of is not None else []
    rows = [
        {"": name}
        | {seed: str(each) for seed, each in zip(names, modes[loss] or (), strict=True)}
        | {"near": percent(fmean(near[loss])), "divergence": num(fmean(divergence[loss]))}
        for loss, name in LOSS_TITLES.items()
    ]
    planes = {
        loss: [f"{each} of {of} modes" for each in modes[loss]]
        if of is not None
        else [f"{percent(each)} of points near the data" for each in near[loss]]
        for loss in LOSS_TITLES
    }
    numbers = [
        each.unknown if of is None else each.of(fmean(modes[loss]), f"of {of}, mean") for loss, each in MODES_OF.items()
    ]
    return Report(
        [
            FINDING.of(race_finding(frame)),
            *numbers,
            *(each.of(fmean(divergence[loss])) for loss, each in DIVERGENCE_OF.items()),
        ],
        race_words(frame, dsteps),
        caption=f"Round {when}",
        place=frame["round"],
        curves=[
            [each for loss in LOSS_TITLES for each in modes[loss] or SEEDS * [None]],
            [each for loss in LOSS_TITLES for each in divergence[loss]],
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
            for loss in LOSS_TITLES
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
    for loss, name in LOSS_TITLES.items():
        begins = loss == "saturating"
        counts = "" if of is None else f"{'covers ' if begins else ''}{', '.join(map(str, modes[loss]))}"
        counts += f" of {of} modes, seed by seed," if begins and of is not None else ""
        at = "at a mean divergence of" if begins else "at"
        items.append(f"{name} {counts or 'is'} {at} {num(fmean(apart[loss]))}")
    few, why = (FEW_STEPS.format(dsteps=dsteps), WHY_ALIKE) if dsteps < CRITIC_STEPS else ("", "")
    return f"After {frame['round']:,} rounds {lead}{few}. {'; '.join(items)}.{why}"


def race_finding(frame: Frame) -> str:
    """Return which losses cover the fewest modes, or end farthest from data without modes, as a sentence."""
    values, least = (frame["divergence"], False) if frame["of"] is None else (frame["modes"], True)
    names = verdicts.best_of(
        verdicts.pooled({loss: verdicts.of_values(values[loss]) for loss in LOSS_TITLES}), least=least
    )
    if len(names) == len(LOSS_TITLES):
        return "The losses cannot be told apart."
    does = ("covers", "cover") if least else ("is", "are")
    what = "the fewest modes" if least else "farthest from the data"
    titles = " and ".join(LOSS_TITLES[loss] for loss in names)
    return f"{titles} {does[len(names) > 1]} {what}."


def lead_words(values: Mapping[str, Sequence[float]], least: bool, how: tuple[str, str], unit: str) -> str:
    """Return which losses have the least or the most of a figure over the seeds, or that they tie."""
    means = verdicts.pooled({loss: verdicts.of_values(values[loss]) for loss in LOSS_TITLES})
    names = verdicts.best_of(means, least=least)
    figures = " and ".join(dict.fromkeys(num(fmean(values[loss]), 1 if least else 2) for loss in names))
    if len(names) == 1:
        return f"{LOSS_TITLES[names[0]]} {how[0]} {figures} {unit}"
    asked = f"{verdicts.pairs_of(len(LOSS_TITLES))} pairs were compared"
    if len(names) == len(LOSS_TITLES):
        return f"the losses tie, {figures} {unit}; {asked}"
    return f"{' and '.join(LOSS_TITLES[loss] for loss in names)} {how[1]}, {figures} {unit}, a tie; {asked}"


MODE = Mode(
    "collapse",
    "Mode collapse",
    "understand",
    functions=[race],
    panel=Panel(
        race,
        controls=[DATA_CONTROLS],
        more=[[NORM_CONTROLS, STEP_CONTROLS], *RULE_CONTROLS, *SEED_CONTROLS],
        tries=[
            ("Fast D", other(data="ring", dsteps=5, lrd=0.005)),
            ("Spectral norm", other(data="ring", spectral=True)),
        ],
        renews=RENEWS,
        shows=Shows("Choose a cell: which modes are lost?", RACED, curves=[COVERED, DIVERGED]),
    ),
    code={
        "Mode collapse": [race.plain, mode_coverage, shares_near, divergence],
    },
)
