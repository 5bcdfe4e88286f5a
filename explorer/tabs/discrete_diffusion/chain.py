"""*Chain by hand*: a chain of sixteen pixels whose data are bars and stripes."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.fields import Field, OneOf, Whole
from explorer.models.transitions import KINDS, Chain
from explorer.numbers.answer import Answer, Figure, Report, Table
from explorer.numbers.words import num, percent, place_of
from explorer.tabs.discrete_diffusion.bars import (
    BARS_SIDE,
    CELLS,
    PATTERNS,
    backwards,
    forwards,
    is_pattern,
    weights,
    whites,
)
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

CHAIN_TIMES = (2, 4, 8, 16, 64)
TRANSITIONS = Field("chain", OneOf(KINDS), "absorbing", "the transitions")
DIRECTION = Field("way", OneOf(("forward", "back")), "forward", "the direction of time")
STEPS_T = Field("times", OneOf(CHAIN_TIMES), 8, "how many steps T the chain has")
PATTERN = Field("pattern", Whole(0, len(PATTERNS) - 1), 5, "the pattern x₀")
CELL = Field("cell", Whole(0, CELLS - 1), 5, "the pixel that is looked at")
TIME = Field("t", Whole(0, max(CHAIN_TIMES)), None, "the time t")  # None is the end of the film
Kind = Annotated[str, TRANSITIONS]
Direction = Annotated[str, DIRECTION]
Times = Annotated[int, STEPS_T]
Pattern = Annotated[int, PATTERN]
Cell = Annotated[int, CELL]
CHAIN_RUNS = 100  # reverse processes that are counted
INKS = ("black", "white", "masked")
WHITE = Figure("probability of white")
FIT = Figure("patterns that fit xₜ")
UNTOUCHED = Figure("a pixel is untouched with", digits=3)
HEADS = (WHITE, FIT, UNTOUCHED)
CHAIN_FITS = 1e-12  # smallest weight of a pattern that fits
FIRST = {"pattern": 5, "seed": 7, "times": 8}
DIRECTIONS = {"forward": "Forward", "back": "Back"}
STARTS = {"forward": {"t": 0}, "back": {"t": max(CHAIN_TIMES)}}


@functools.cache
def hits(chain: Chain) -> int:
    """Return how many of several reverse processes end in a pattern."""
    return int(is_pattern(backwards(chain, [*range(CHAIN_RUNS)])[0]).sum())


@light
def by_hand(chain: Kind, way: Direction, times: Times, pattern: Pattern, seed: Seed, cell: Cell) -> Answer:
    """Return every time of a chain of sixteen pixels, and what is known of one of them."""
    made, back = Chain(chain, times), way == "back"
    states = backwards(made, [seed])[:, 0] if back else forwards(made, PATTERNS[pattern], seed)
    x_0, frames = states[0], []
    for t, x_t in enumerate(states):
        weight = weights(made, t, x_t[None])
        white = whites(weight, x_t[None])[0]
        about = About(made, back, t, cell, x_0, x_t, weight[0], white)
        ends = (hits(made), bool(is_pattern(x_t[None])[0])) if back and t == 0 else None
        result = sentence_at(about, ends)
        frames.append({"images": [x_0.tolist(), x_t.tolist(), white.tolist()], **result.to_props()})
    return Answer(table=table(frames), view={"frames": frames, "back": back})


@dataclass(frozen=True)
class About:
    """A time of a chain: x₀ and xₜ (CELLS,), p(x₀ | xₜ) of each pattern, and of white of each pixel."""

    chain: Chain
    back: bool
    t: int
    cell: int
    x_0: Tensor
    x_t: Tensor
    weights: Tensor
    white: Tensor

    @property
    def now(self) -> int:
        """State of the chosen pixel."""
        return int(self.x_t[self.cell])

    @property
    def first(self) -> int:
        """State of the chosen pixel in x₀."""
        return int(self.x_0[self.cell])

    @property
    def fits(self) -> int:
        """Number of patterns that could have become xₜ."""
        return int((self.weights > CHAIN_FITS).sum())

    @property
    def place(self) -> str:
        """Place of the chosen pixel."""
        return place_of(self.cell, BARS_SIDE)

    def before(self, x_0: int) -> list[float]:
        """Return q(xₜ₋₁ | xₜ, x₀) of the chosen pixel."""
        now, then = torch.tensor(self.now), torch.tensor(x_0)
        return self.chain.posterior(now, then, self.t).nan_to_num(0).tolist()


def sentence_at(about: About, ends: tuple[int, bool] | None) -> Report:
    """Describe a time of the chain.

    Arguments:
        about: The time.
        ends: Number of the reverse processes that end in a pattern, and whether this one does; at its end.
    """
    said = [_step(about), _bayes(about), _given(about), _end(about, ends)]
    titles = ["the x₀ it will end in" if about.back else "x₀", f"xₜ at t = {about.t}", "x₀ is white, given xₜ"]
    return Report(
        [
            WHITE.of(float(about.white[about.cell])),
            FIT.of(f"{about.fits} of {len(about.weights)}"),
            UNTOUCHED.of(1 - about.t / about.chain.times),
        ],
        " ".join(filter(None, said)),
        caption=caption(about),
        view={"titles": titles, "tables": tables(about)},
    )


def caption(about: About) -> str:
    """Return what stands below the images."""
    t, times = about.t, about.chain.times
    if about.back:
        return f"t = {t}: nothing is left of the image" if t == times else f"back to t = {t} of {times}"
    masked = int((about.x_t == INKS.index("masked")).sum())
    wrong = int((about.x_t != about.x_0).sum())
    counted = f"{masked} {'pixel' if masked == 1 else 'pixels'} masked"
    return f"t = {t} of {times}: {counted if masked else f'{wrong} of 16 pixels differ from x₀'}"


def _step(about: About) -> str:
    if about.back:
        return "Here nothing is left of the image. Each step back uses the probabilities of x₀."
    t, times = about.t, about.chain.times
    if t == 0:
        return (
            "Nothing has happened yet: each step leaves every pixel alone or replaces it, independently of the others."
        )
    what = "each pixel is drawn anew" if about.chain.kind == "uniform" else "each visible pixel is masked"
    return (
        f"At step {t} {what} with probability β = {num(1 / (times - t + 1), 3)}. After {t} of {times} steps a pixel is "
        f"untouched with probability {num(1 - t / times, 3)}."
    )


def _bayes(about: About) -> str:
    if about.back or about.t == 0:
        return ""
    each = [f"{INKS[state]} {num(p, 3)}" for state, p in enumerate(about.before(about.first)) if p > 0]
    sure = about.chain.kind == "absorbing" and about.now != INKS.index("masked")
    return (
        f"The pixel in {about.place} is {INKS[about.now]} and was {INKS[about.first]} at first, so one step before "
        f"it was {' and '.join(each)}{': a pixel that is not masked has never changed' if sure else ''}."
    )


def _given(about: About) -> str:
    fits, count, white = about.fits, len(about.weights), float(about.white[about.cell])
    if not fits:
        return f"None of the {count} bars and stripes could have become this xₜ: pixels that must agree do not."
    who = {1: "Only one", count: "Any"}.get(fits, fits)
    sure = f", the likeliest with {percent(float(about.weights.max()))}" if fits > 1 else ""
    against = about.chain.kind == "uniform" and about.now != (white > 0.5)
    return (
        f"{who} of the {count} bars and stripes could have become this xₜ{sure}; "
        f"{'it makes' if fits == 1 else 'together they make'} this pixel white with probability {num(white)}"
        f"{', against its visible value' if against else ''}."
    )


def _end(about: About, ends: tuple[int, bool] | None) -> str:
    if ends is None:
        return ""
    hits, ended = ends
    what = "bars or stripes" if ended else "a pattern that is neither bars nor stripes"
    return (
        f"It ended in {what}; of {CHAIN_RUNS} reverse processes of {about.chain.times} steps {hits} end in one. Each "
        "prediction is exact. The error is that the pixels of one step are drawn independently."
    )


def tables(about: About) -> list[dict[str, Any]]:
    """Return the matrices of the step and of all steps so far, and Bayes' rule for the chosen pixel."""
    chain, t = about.chain, about.t
    until = _matrix(f"Q̄ₜ = Q₁ ⋯ Qₜ at t = {t}", chain.until(t), about.first)
    return [_matrix(f"Qₜ, step {t}", chain.step(t)), until, _rule(about)] if t else [until]


def _matrix(title: str, matrix: Tensor, marked: int | None = None) -> dict[str, Any]:
    names = ("black", "white", "mask")[: len(matrix)]
    rows = [
        (f"{name}, x₀" if state == marked else name, *(num(p, 3) for p in row))
        for state, (name, row) in enumerate(zip(names, matrix.tolist(), strict=True))
    ]
    return {"title": title, "head": ("", *names), "rows": rows}


def _rule(about: About) -> dict[str, Any]:
    """Return what Bayes' rule says of the chosen pixel one step before, or what the reverse step draws it from."""
    chain, t = about.chain, about.t
    where = f"{about.place}, now {INKS[about.now]}"
    if about.back:
        white = about.white[about.cell]
        both = [about.before(x_0) for x_0 in range(2)]
        mixed = chain.reverse(torch.tensor(about.now), torch.stack([1 - white, white]), t).tolist()
        head = ("xₜ₋₁", "if x₀ is black", "if white", f"mixed by {num(float(white))}")
        return {"title": f"What this step draws: {where}", "head": head, "rows": _by_state(*both, mixed)}
    prior, likelihood = chain.until(t - 1)[about.first].tolist(), chain.step(t)[:, about.now].tolist()
    rows = _by_state(prior, likelihood, about.before(about.first))
    head = ("xₜ₋₁", "q(xₜ₋₁ | x₀)", "q(xₜ | xₜ₋₁)", "posterior")
    return {"title": f"One step before, by Bayes: {where}", "head": head, "rows": rows}


def _by_state(*columns: Sequence[float]) -> list[tuple[str, ...]]:
    return [(INKS[state], *(num(p, 3) for p in row)) for state, row in enumerate(zip(*columns, strict=True))]


def table(frames: Sequence[Mapping[str, Any]]) -> Table:
    """Return every time with its states and its guesses, as a table to keep."""
    rows = []
    for t, frame in enumerate(frames):
        _, states, guesses = frame["images"]
        each = {f"x_t of {k}": state for k, state in enumerate(states, 1)}
        rows.append({"t": t} | each | {f"p(x0 = 1 | x_t) of {k}": p for k, p in enumerate(guesses, 1)})
    return Table(rows)


MODE = Mode(
    "chain",
    "Chain by hand",
    "understand",
    fields=[TRANSITIONS, DIRECTION, STEPS_T, PATTERN, CELL, TIME],
    functions=[by_hand],
    panel=Panel(
        by_hand,
        [
            [Control(TRANSITIONS, "segments", "Transitions", options={"absorbing": "Absorbing", "uniform": "Uniform"})],
            [Control(DIRECTION, "segments", "Direction", options=DIRECTIONS, also=STARTS)],
            [Control(STEPS_T, "segments", "Steps T", options={times: str(times) for times in CHAIN_TIMES})],
        ],
        more=[[Control(PATTERN, "slider", "Pattern x₀", when={"way": ["forward"]})], [Control(SEED, "seed")]],
        tries=[
            ("Masks keep visible pixels correct", FIRST | {"chain": "absorbing", "way": "forward", "t": 4}),
            ("Uniform noise: visible may be wrong", FIRST | {"chain": "uniform", "way": "forward", "t": 4}),
            ("Back in two steps", {"chain": "absorbing", "way": "back", "seed": 7, "times": 2, "t": 0}),
        ],
        shows=Shows("Tap a pixel, then step the chain", HEADS),
    ),
)
