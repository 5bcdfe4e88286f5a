"""*Vanishing gradient*: a fixed generator faces discriminators of more and more steps; what is left of its gradient."""

import math
from typing import Annotated

from explorer.fields import Field, Whole
from explorer.measures.game import EVERY_STEP, face_film
from explorer.models.game import Game, train_further
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.rows import small
from explorer.numbers.words import num, percent
from explorer.serving.films import Script
from explorer.spaces import PLANE
from explorer.tabs.gan.rounds import (
    DATA_CONTROLS,
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
from explorer.tabs.gan.shared import ROUNDS, Data, DSteps, GameSeed, Live, Painted, RateD, RateG
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

START = Field("start", ROUNDS, 0, "the rounds that the generator has played")  # before it is fixed
Start = Annotated[int, START]
Steps = Annotated[int, Field("steps", Whole(1, ROUNDS.high), title="the steps of the discriminators")]
GRADIENTS = {"saturating": "saturating", "non-saturating": "non-saturating", "wgan-gp": "Wasserstein"}
GRADIENT_OF = {loss: Figure(f"gradient, {name}") for loss, name in GRADIENTS.items()}
STEPS_D = Figure("steps of D", digits=0)
RIGHT = Figure("D is right about")
APART = Figure("critic: data − generated", digits=3)
FACED = (*GRADIENT_OF.values(), STEPS_D, RIGHT, APART)
LOWEST = 1e-9  # norm below which a logarithm is cut
NORMS = Curves(
    "Norm of the generator's gradient over steps of D",
    "log₁₀ of the norm of G's gradient",
    120,
    [STYLES[loss] | {"label": name, "width": 2.5} for loss, name in GRADIENTS.items()],
    along="steps of D",
)


@film
def face(
    data: Data,
    points: Painted,
    dsteps: DSteps,
    lrd: RateD,
    lrg: RateG,
    gseed: GameSeed,
    start: Start,
    steps: Steps,
    live: Live,
) -> Script:
    """Film new discriminators trained against a fixed generator that has played `start` rounds."""
    question = settings(data, dsteps, lrd, lrg, gseed, start=start, steps=steps)

    def live_film(asked: dict) -> Script:
        return Script(PLANE, 1, frames_of(steps, EVERY_STEP), start + steps + 1, lambda: live_scenes(face_film(asked)))

    known = choose_film("face", question, points, live, live_film)
    return telling(known, lambda frame, first, _: face_report(frame, first))


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
            FINDING.of(face_finding(norms["saturating"], first["norms"]["saturating"], frame["step"])),
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


def face_finding(now: float, then: float, step: int) -> str:
    """Return what became of the norm of the saturating loss's gradient, as a sentence."""
    if step == 0:
        return "Both discriminators are as new."
    if now < then:
        return f"The saturating gradient is {norm(now / then)} of what it was."
    return f"The saturating gradient is {num(now / then, 1)} times what it was."


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


MODE = Mode(
    "gradient",
    "Vanishing gradient",
    "understand",
    fields=[START],
    functions=[face],
    panel=Panel(
        face,
        controls=[
            DATA_CONTROLS,
            [Control(START, "segments", "Rounds played before", options={0: "no", 50: "50", 200: "200"})],
        ],
        more=[[STEP_CONTROLS], *RULE_CONTROLS, *SEED_CONTROLS],
        tries=[
            ("A generator that has played 50 rounds", other(start=50, data="ring")),
            ("One that has played 200", other(start=200, data="ring")),
            ("Two moons", other(start=0, data="moons")),
        ],
        renews=RENEWS,
        shows=Shows("How does the generator's gradient change?", FACED, curves=[NORMS]),
    ),
    code={
        "Vanishing gradient": [face.plain, train_further, Game.generator_loss],
    },
)
