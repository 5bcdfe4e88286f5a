"""*Your own symbol*: the digits' diffusion learns a sign that a visitor draws, as one class more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.data.neighbours import training_index
from explorer.data.own_signs import SIGNS, example_drawings
from explorer.fields import Field, Flag, OneOf, Text
from explorer.models.own_symbol import with_symbol
from explorer.networks import checkpoints
from explorer.networks.own_texts import OWN_SIGNS, OwnSign
from explorer.numbers.answer import FINDING, Answer, Figure, Report
from explorer.numbers.words import num, percent
from explorer.questions import learn_symbol
from explorer.questions.learn_symbol import (
    DIGITS_DRAWN,
    SIGN_DRAWN,
    Digits,
    Judge,
    Reading,
    SignLook,
    SignTask,
    SignTrainee,
    apart,
    draw,
    neither,
    restored,
)
from explorer.serving.films import Scene, Script
from explorer.spaces import LEVELS
from explorer.steps import Step, frame
from explorer.tabs.diffusion.shared import Scale, W
from explorer.tabs.kit.ask.answers import film, heavy
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Grid, Panel, Shows

SIGN_BASE, SIGN_READER = "diffusion-mnist", "classifier-mnist"
REHEARSED, SIGN_HELD = 5_000, 1_000  # old images, and held-out ones
FRESH_DRAWN, SIGN_FRESH_SEED = 24, 2  # further example drawings
SIGN_TITLES = {name: name.capitalize() for name in SIGNS} | {"own": "Your own sign"}
SIGN_PARTS = {"learn": "Learn", "draw": "Draw"}
STEPS_OF = {80: "80", 160: "160", 330: "330", 480: "480"}
REHEARSALS = {0: "none", 25: "25 %", 50: "50 %", 75: "75 %"}
RUNS = {1: "1", 2: "2", 3: "3"}
STOPPED_SIGN = {"go": False, "at": None}
LOOK_STEPS, END_STEPS = 12.0, 60.0  # cost of a look and of the last one, in training steps

SIGN_PART = Field("do", OneOf(tuple(SIGN_PARTS)), "learn", "what is done with your sign")
SIGN = Field("sign", OneOf(tuple(SIGN_TITLES)), "own", "the sign")
SIGN_GO = Field("go", Flag(), False, "whether the training has begun")
UPDATES = Field("updates", OneOf(tuple(STEPS_OF)), 330, "the training steps")
REHEARSAL = Field("rehearse", OneOf(tuple(REHEARSALS)), 50, "the share of old digits in each batch, in per cent")
RUN = Field("run", OneOf(tuple(RUNS)), 1, "the seed of the training")
SIGN_KEY = Field("key", Text(40), "", "the key of your drawings", optional=True)
SignKey = Annotated[str, SIGN_KEY]
SignSteps = Annotated[int, UPDATES]
Rehearsal = Annotated[int, REHEARSAL]
Run = Annotated[int, RUN]

READ_AS = Figure("drawings read as the sign")
KEPT_AFTER = Figure("digits classified as asked, now")
KEPT_BEFORE = Figure("digits classified as asked, before")
JUDGE_SIGNS = Figure("judge: drawings recognised, each left out")
JUDGE_DIGITS_READ = Figure("judge: real digits read as the sign")
NEAREST_DRAWING = Figure("to the nearest learned drawing, L2")
NEAREST_FRESH = Figure("the same of drawings not learned, L2")
VARIETY = Figure("between two of its drawings, L2")
VARIETY_OWN = Figure("between two learned ones, L2")
SIGN_HEADS = (FINDING, READ_AS, KEPT_AFTER, KEPT_BEFORE, NEAREST_DRAWING, NEAREST_FRESH)
SIGN_HEADS += (VARIETY, VARIETY_OWN, JUDGE_SIGNS, JUDGE_DIGITS_READ)
DRAWN_SIGN_HEADS = (FINDING, READ_AS, KEPT_AFTER, NEAREST_DRAWING, VARIETY)
SHARES_SHOWN = Curves(
    "Share of drawings read as the sign, and of digits classified as asked, by training steps",
    "read as the sign; dashed: digits classified as asked",
    120,
    [{"colour": "you", "width": 2}, {"colour": "ink", "width": 1.5, "dash": [4, 4]}],
    (0, 1),
    (0, 0.5, 1),
    along="steps",
)
DISTANCES_SHOWN = Curves(
    "L2 distance to the nearest learned drawing by training steps",
    "L2 to the nearest drawing; dashed: of drawings it never saw",
    120,
    [{"colour": "you", "width": 2}, {"colour": "ink", "width": 1.5, "dash": [4, 4]}],
    includes=(0,),
    along="steps",
)
SIGN_UNTRAINED = "No network has learned your sign yet. Choose Learn, and press Train."


@dataclass(frozen=True)
class LearnedSign:
    """What a training leaves: the weights of the diffusion in 16 bits, and the judge."""

    weights: Mapping[str, Tensor]
    judge: Judge

    @property
    def bytes(self) -> int:
        """Bytes of memory."""
        kept = [self.judge.head.weight, self.judge.signs, self.judge.others, self.judge.plain]
        return sum(each.numel() * each.element_size() for each in [*self.weights.values(), *kept])


@lru_cache(maxsize=1)
def old_digits() -> Digits:
    """Return the digits that are rehearsed, and the held-out ones on which a judge is tested."""
    index = training_index("mnist")
    first = slice(REHEARSED)
    held = data.display_split("mnist").pixels()[:SIGN_HELD]
    return Digits(checkpoints.load(SIGN_READER), index.images(first), index.labels[first], held)


@torch.no_grad()
def asked_for(x: Tensor, labels: Tensor) -> Tensor:
    """Return whether the app's classifier reads digits (B, 1, 28, 28) as their labels (B,): (B,) booleans."""
    return checkpoints.load(SIGN_READER)(x).argmax(-1) == labels


def pixels_of(entry: OwnSign) -> Tensor:
    """Return the drawings of a sign: (N, 1, 28, 28) in [0, 1]."""
    return entry.drawings.float() / 255


def control_of(entry: OwnSign) -> float:
    """Return how far drawings that were not learned lie from the nearest learned one (L2), on average.

    Of an example sign they are fresh ones. Of a visitor's sign each drawing is compared with the others.
    """
    drawings = pixels_of(entry)
    if entry.example:
        fresh = example_drawings(entry.example, FRESH_DRAWN, SIGN_FRESH_SEED).float() / 255
        return float(apart(fresh, drawings).amin(1).mean())
    between = apart(drawings, drawings)
    return float(between.fill_diagonal_(torch.inf).amin(1).mean())


def spread_of(x: Tensor) -> float:
    """Return the mean L2 distance between two of several images (B, 1, 28, 28), the least over small shifts."""
    between = apart(x, x)
    return float(between.sum() / (len(x) * (len(x) - 1)))


def read_words(classes: Sequence[int], sign: int) -> list[str]:
    """Return how the judge reads each image."""
    return ["" if each == sign else "neither" if each > sign else f"read as {each}" for each in classes]


@dataclass
class SignTeller:
    """Figures and sentences about the looks of a training.

    Arguments:
        entry: Drawings.
        judge: Judge of the sign.
        reading: Its own error.
        task: What is learned.
        control: Distance of drawings that were not learned from the nearest learned one.
    """

    entry: OwnSign
    judge: Judge
    reading: Reading
    task: SignTask
    control: float
    before: float | None = None

    def frame(self, look: SignLook, index: int) -> dict[str, Any]:
        """Return a look in the form of a frame: signs and digits, and the nearest drawing to each sign."""
        drawings = self.task.drawings
        away = apart(look.signs, drawings)
        near, place = away.min(1)
        kept = asked_for(look.digits, look.labels)
        share = float(kept.float().mean())
        if self.before is None:
            self.before = share
        classes = self.judge.read(look.signs).tolist()
        signs = look.signs[:SIGN_DRAWN]
        shown = torch.cat([signs, look.digits[:DIGITS_DRAWN]])
        step = Step(shown, index, len(self.task.marks), look.step, {"nearest": drawings[place][:SIGN_DRAWN]})
        read = classes.count(self.judge.classes)
        report = self.report(look, (read, len(classes)), (int(kept.sum()), len(kept)), float(near.mean()))
        captions = read_words(classes[:SIGN_DRAWN], self.judge.classes)
        return frame(step, LEVELS) | {
            "captions": captions,
            "away": [num(each) for each in near[:SIGN_DRAWN].tolist()],
            "lost": [not each for each in kept[:DIGITS_DRAWN].tolist()],
            "report": report.to_props(),
        }

    def report(self, look: SignLook, read: tuple[int, int], kept: tuple[int, int], near: float) -> Report:
        """Return figures and sentences of a look."""
        signs, digits = f"{read[0]} of {read[1]}", f"{kept[0]} of {kept[1]}"
        numbers = [
            FINDING.of(f"{signs} drawings are read as the sign, {digits} digits as asked."),
            READ_AS.of(signs),
            KEPT_AFTER.of(digits),
            KEPT_BEFORE.of(percent(self.before)),
            NEAREST_DRAWING.of(near),
            NEAREST_FRESH.of(self.control),
            VARIETY.of(spread_of(look.signs)),
            VARIETY_OWN.of(spread_of(self.task.drawings)),
            JUDGE_SIGNS.of(f"{self.reading.signs} of {self.reading.drawings}"),
            JUDGE_DIGITS_READ.of(f"{self.reading.digits} of {self.reading.held}"),
        ]
        row = {"step": look.step, "loss": look.loss, "signs read": read[0] / read[1], "digits kept": kept[0] / kept[1]}
        return Report(
            numbers,
            self.words(look, near),
            f"After {look.step} of {self.task.steps} steps",
            row=row | {"L2 to the nearest drawing": near},
            place=look.step,
            end=self.task.steps,
            curves=[[read[0] / read[1], kept[0] / kept[1]], [near, self.control]],
            view={"counter": f"{look.step}/{self.task.steps}"},
        )

    def words(self, look: SignLook, near: float) -> str:
        """Return the sentences of a look: its distance from the drawings, beside drawings that were not learned."""
        if not look.step:
            return "Before the first step, the new label is the mean of the ten old ones: it stands for no class."
        control = "Drawings that it never saw lie" if self.entry.example else "Each of yours lies"
        other = "from it" if self.entry.example else "from the nearest other one"
        return (
            f"Its drawings lie {num(near)} (L2) from the nearest learned drawing on average. {control} "
            f"{num(self.control)} {other}. A much smaller first number means copies."
        )


@film
def learn_sign(key: SignKey, steps: SignSteps, rehearsal: Rehearsal, run: Run) -> Script:
    """Film the digits' diffusion as it learns a visitor's sign."""
    entry, base = OWN_SIGNS.find(key), checkpoints.load(SIGN_BASE)
    looks = len(learn_symbol.marks_of(steps))

    def scenes() -> Iterator[Scene]:
        digits, drawings = old_digits(), pixels_of(entry)
        task = SignTask(drawings, digits, rehearsal / 100, steps, run)
        judge = Judge(digits, drawings, run)
        teller = SignTeller(entry, judge, judge.reading(), task, control_of(entry))
        kept: dict[str, Tensor] = {}
        shown = 0
        for look in learn_symbol.steps(base, task, kept):
            if look is None:
                yield 1, None
                continue
            if kept:
                learned = LearnedSign(kept, judge)
                OWN_SIGNS.learn(key, learned, learned.bytes)
            yield END_STEPS if kept or not shown else LOOK_STEPS, teller.frame(look, shown)
            shown += 1

    cost = steps + (looks - 2) * LOOK_STEPS + 2 * END_STEPS
    return Script(LEVELS, SIGN_DRAWN + DIGITS_DRAWN, looks, cost, scenes)


@heavy
def draw_sign(key: SignKey, seed: Seed, w: Scale) -> Answer:
    """Return drawings of the sign, the nearest learned drawing under each, and a digit of each class."""
    entry = OWN_SIGNS.find(key)
    learned: LearnedSign | None = entry.learned
    if learned is None:
        raise ValueError(SIGN_UNTRAINED)
    model, drawings = restored(checkpoints.load(SIGN_BASE), learned.weights), pixels_of(entry)
    sign = model.classes - 1
    x = draw(model, [sign] * SIGN_DRAWN + [*range(sign)], seed, w)
    signs, digits = x[:SIGN_DRAWN], x[SIGN_DRAWN:]
    near, place = apart(signs, drawings).min(1)
    classes = learned.judge.read(signs).tolist()
    kept = asked_for(digits, torch.arange(sign))
    read = f"{classes.count(sign)} of {len(classes)}"
    captions = [*read_words(classes, sign), *(f"L2 {num(each)}" for each in near.tolist())]
    pairs = torch.cat([signs, drawings[place]])
    order = torch.arange(2 * SIGN_DRAWN).view(2, 2, -1).transpose(0, 1).flatten()  # a row of signs, then its nearest
    return Answer(
        [
            FINDING.of(f"{read} drawings are read as the sign at w = {num(w)}."),
            READ_AS.of(read),
            KEPT_AFTER.of(f"{int(kept.sum())} of {len(kept)}"),
            NEAREST_DRAWING.of(float(near.mean())),
            VARIETY.of(spread_of(signs)),
        ],
        "Under each drawing stands the nearest learned one, with its L2 distance.",
        grids=[
            {"images": LEVELS.encode(pairs[order]), "captions": [captions[k] for k in order.tolist()]},
            {"images": LEVELS.encode(digits), "captions": ["" if each else "lost" for each in kept.tolist()]},
        ],
    )


def stopping(values: Mapping[Any, str]) -> Mapping[Any, Mapping[str, Any]]:
    """Return what each value of a control sets besides: a training that has not begun."""
    return dict.fromkeys(values, STOPPED_SIGN)


MODE = Mode(
    "symbol",
    "Your own symbol",
    "play",
    entry="Steering",
    fields=[SIGN_PART, SIGN, SIGN_GO, UPDATES, REHEARSAL, RUN],
    functions=[learn_sign, draw_sign],
    panel=Panel(
        None,
        controls=[[Control(SIGN_PART, "segments", "What is done with your sign", options=SIGN_PARTS)]],
        shows=Shows("Draw a sign 5 to 40 times, then press Train: the digits’ diffusion learns it"),
        parts={name: f"symbol_{name}" for name in SIGN_PARTS},
    ),
    parts={
        "symbol_learn": Panel(
            learn_sign,
            named={"key": None},
            controls=[
                [Control(SIGN, "list", "Sign", options=SIGN_TITLES, also=stopping(SIGN_TITLES))],
                [Control(UPDATES, "segments", "Training steps", options=STEPS_OF, also=stopping(STEPS_OF))],
                [
                    Control(
                        REHEARSAL, "segments", "Old digits in each batch", options=REHEARSALS, also=stopping(REHEARSALS)
                    )
                ],
            ],
            more=[[Control(RUN, "segments", "Seed of the training", options=RUNS, also=stopping(RUNS))]],
            shows=Shows("", SIGN_HEADS, curves=[SHARES_SHOWN, DISTANCES_SHOWN]),
        ),
        "symbol_draw": Panel(
            draw_sign,
            named={"key": None},
            controls=[[Control(W, "slider", "Guidance scale w", step=0.25, digits=2, most=8)], [Control(SEED, "seed")]],
            shows=Shows(
                "",
                DRAWN_SIGN_HEADS,
                grids=[
                    Grid("Drawings of the sign, each above the nearest learned one", SIGN_DRAWN // 2, 6, titled=True),
                    Grid("One digit of each class", DIGITS_DRAWN, DIGITS_DRAWN, titled=True),
                ],
                waits="The network draws…",
            ),
        ),
    },
    tries=[
        ("A spiral", STOPPED_SIGN | {"do": "learn", "sign": "spiral", "updates": 330, "rehearse": 50}),
        ("A heart", STOPPED_SIGN | {"do": "learn", "sign": "heart", "updates": 330, "rehearse": 50}),
        ("An arrow, no old digits", STOPPED_SIGN | {"do": "learn", "sign": "arrow", "updates": 330, "rehearse": 0}),
        ("A house, few steps", STOPPED_SIGN | {"do": "learn", "sign": "house", "updates": 80, "rehearse": 50}),
    ],
    code={
        "Your own symbol": [
            learn_sign.plain,
            learn_symbol.steps,
            SignTrainee.batch,
            SignTrainee.step,
            with_symbol,
            Judge.reading,
            neither,
            apart,
        ],
    },
)
