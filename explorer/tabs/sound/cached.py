"""*Why cached*: one sound is drawn with queues and without them, on one clock."""

from collections.abc import Iterator
from functools import partial

import torch

from explorer.models.wavenet import Naive, Queues, WaveNet
from explorer.networks import checkpoints
from explorer.numbers.answer import Details, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces import SOUND
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import next_step, rng
from explorer.tabs.kit.ask.costs import CLOCK, Costs
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.sound.recordings import label_of, recording
from explorer.tabs.sound.shared import SAID, Digit, SoundNet, Speaker

TOGETHER, CACHED_FRAMES = 4, 40  # samples of a frame, and frames: 20 ms
WAYS = {"naive": "without queues", "cached": "with queues"}
RATIO = Figure("without queues, a sample takes", unit="times as long", digits=1)
PACES = {way: Figure(title, unit="ms per sample") for way, title in reversed(WAYS.items())}
HEADS = (RATIO, *PACES.values())


@partial(film, threads=1)
def time_cache(net: SoundNet, digit: Digit, speaker: Speaker, seed: Seed) -> Script:
    """Film a sound that is drawn twice with the same random numbers: with queues, and without them.

    The first samples of a test recording are given, at most a receptive field, so that without queues all samples cost
    about the same. Each frame's `numbers` are the milliseconds of processor time that a sample of it took with queues
    (`cached`) and without them (`naive`). The samples before the first frame are not timed: with them the queues are
    filled.
    """
    model: WaveNet = checkpoints.load(net)
    prefix = recording(digit, speaker)[:, : model.receptive_field]
    length = prefix.shape[1] + (CACHED_FRAMES + 1) * TOGETHER

    def roll() -> Iterator[Scene]:
        u, label = torch.rand(1, length, generator=rng(seed)), label_of(digit, speaker)
        how = {"prefix": prefix, "together": TOGETHER}
        queued, whole = (model.draw_steps(u, label, cached=each, **how) for each in (True, False))
        next(queued), next(whole)
        costs = Costs(WAYS, TOGETHER)
        for place in range(CACHED_FRAMES):
            drawn, fast = next_step(queued)
            _, slow = next_step(whole)
            numbers = {"cached": fast / TOGETHER, "naive": slow / TOGETHER}
            costs.add({"cached": fast, "naive": slow})
            step = Step(drawn.x, place, CACHED_FRAMES, drawn.time)
            said = timing_report(costs, int(drawn.time) + 1, length)
            yield (
                2 * TOGETHER,
                frame(step, SOUND, more=numbers) | {"report": said.to_props()},
            )

    return Script(SOUND, 1, CACHED_FRAMES, 2 * TOGETHER * CACHED_FRAMES, roll)


def timing_report(costs: Costs, drawn: int, length: int) -> Report:
    """Return the curves, figures and sentences after the first `drawn` of `length` samples."""
    ms = 1000 / SOUND.rate
    given = drawn - costs.count
    naive = costs.pace("naive")
    numbers = [RATIO.of(costs.ratio()), *(pace.of(costs.pace(way)) for way, pace in PACES.items())]
    return costs.report(
        ms * costs.count,
        ms * (length - given),
        numbers,
        f"Without queues, a second of sound would take {num(naive * SOUND.rate / 1000, 0)} seconds. Each "
        f"sample computes its whole receptive field again. With queues it computes one column of the network. {CLOCK}",
        caption=f"{num(ms * costs.count, 0)} ms drawn",
        given=given,
        details=Details(costs.rows("", "time per sample, in ms", "in all, in s")),
    )


MODE = Mode(
    "cached",
    "Why cached",
    "understand",
    functions=[time_cache],
    panel=Panel(
        time_cache,
        controls=[SAID, [Control(SEED, "seed")]],
        tries=[
            ("A two by Lucas", {"digit": 2, "speaker": "lucas", "at": None}),
            ("A zero by George", {"digit": 0, "speaker": "george", "at": None}),
        ],
        shows=Shows("", HEADS, charts=[("Seconds of computing so far", 220)]),
    ),
    code={
        "Why cached": [time_cache.plain, Naive, Queues],
    },
)
