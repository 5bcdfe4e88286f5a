"""Sentences about a sound: what it costs and where, and which digit it is by Bayes' rule."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import fmean

import torch

from explorer.measures.sound import JUDGE
from explorer.networks.card import NORMAL, Card, rows
from explorer.spaces import SOUND
from explorer.tabs.kit.lessons.exercises import say
from explorer.tabs.kit.numbers import words
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Figure, Report, Table
from explorer.tabs.kit.numbers.words import num

SURPRISE = Figure("surprise so far", unit="bits/sample")
ENTROPY = Figure("expected surprise (entropy)", unit="bits/sample")
EVALUATIONS = Figure("network evaluations", digits=0)
MEAN = Figure("WaveNet", unit="bits/sample")
COST = Figure("−log p of the recording, exactly", unit="nats")
SIZE = Figure("as a file", unit="bytes")
HERE = Figure("at the cursor, over 5 ms", unit="bits/sample")
SEES = Figure("the network sees", unit="ms", digits=1)
SAMPLES = Figure("samples", digits=0)
QUEUED = Figure("columns for a new sample, with queues", digits=0)
UNQUEUED = Figure("without queues", digits=0)
DIGIT = Figure("most probable digit", digits=0)
CHANCE = Figure("its probability", unit="%", digits=1)
AHEAD = Figure("log p, ahead of the second", unit="nats")
SPEAK_HEADS = (SURPRISE, ENTROPY, EVALUATIONS)
SCORE_HEADS = (MEAN, COST, SIZE, HERE)
SEEN_HEADS = (SEES, SAMPLES, QUEUED, UNQUEUED)
DIGIT_HEADS = (DIGIT, CHANCE, AHEAD)
BITS = math.log(2)  # nats
FEW = 10  # moments: fewer say nothing about a share
STRETCH = 160  # samples, 20 ms
percent = partial(words.percent, digits=1)


def dearest(bits: Sequence[float]) -> float:
    """Return when the 20 ms begin that cost most bits, in milliseconds."""
    sums = torch.tensor(bits, dtype=torch.double).unfold(0, min(STRETCH, len(bits)), 1).sum(-1)
    return 1000 * int(sums.argmax()) / SOUND.rate


def of_bits(title: str, bits: Sequence[float], rivals: Mapping[str, float]) -> str:
    """Return what a sound costs by a network of that title beside its best rival, and where it costs most."""
    best = min(rivals, key=rivals.__getitem__)
    return (
        f"{title} needs {say(sum(bits) / len(bits), 2)} bits per sample; the best rival, {best}, needs "
        f"{say(rivals[best], 2)}. The 20 ms that cost most begin at {dearest(bits):.0f} ms."
    )


def of_digit(best: int, spoken: int | None, card: Card) -> str:
    """Return the most probable digit, and how often it is right; `spoken` is None for a visitor's own sound."""
    if spoken is None:
        return f"Bayes' rule says {best}. It learned six speakers: choose the one most like you."
    verdict = "which is right" if best == spoken else f"but {spoken} was spoken"
    parts = [f"Bayes' rule says {best}, {verdict}."]
    for row in rows(card, "accuracy"):
        if row.get("judge") == JUDGE:
            parts.append(
                f"A classifier trained on digits, which is not told the speaker, gets {percent(row['value'])}."
            )
        elif "judge" not in row:
            parts.insert(1, f"Told the speaker, it gets {percent(row['value'])} of the test recordings right.")
    if tenths := card.get("digits", {}).get("reliability", {}).get("tenths"):
        last = tenths[-1]
        parts.append(
            f"While a recording is heard, the digit given a probability of about {percent(last['sure'])} is right in "
            f"{percent(last['right'] / last['n'])} of the moments. Below the diagonal, Bayes' rule is overconfident."
        )
    return " ".join(parts)


@dataclass
class Spoken:
    """Text about a sound that is drawn sample by sample; call it once for each frame.

    Arguments:
        given: Number of samples that are given.
        heard: Share of such sounds in which a classifier hears the digit that was asked for; None if unmeasured.
        nats: log p of the samples so far.
        entropies: Entropy of their predictions.
    """

    given: int
    heard: float | None
    nats: list[float] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)

    def __call__(self, level: int, log_prob: Sequence[float], entropy: Sequence[float]) -> Report:
        """Return the figures and sentences after a frame: its last level, log p and entropies of its samples; nats."""
        self.nats += log_prob
        self.entropies += entropy
        numbers = [
            SURPRISE.of(-fmean(self.nats) / BITS),
            ENTROPY.of(fmean(self.entropies) / BITS),
            EVALUATIONS.of(len(self.nats)),
        ]
        heard = (
            ""
            if self.heard is None
            else f" A classifier recognises the requested digit in {100 * self.heard:.0f} % of such sounds."
        )
        return Report(
            numbers,
            f"Level {level} had a probability of {num(100 * math.exp(log_prob[-1]))} %. Drag the cursor to "
            f"see the prediction at another sample.{heard}",
            caption=f"{1000 * (self.given + len(self.nats)) / SOUND.rate:.0f} ms",
            view={"given": self.given},
        )


def score_numbers(title: str, bits: Sequence[float], nats: float) -> list[Figure]:
    """Return the numbers of a sound that is scored by the network of this title."""
    mean = fmean(bits)
    return [MEAN.of(mean, name=title), COST.of(-nats), SIZE.of(mean * len(bits) / 8)]


def calibration(card: Card) -> Chart | None:
    """Return how often the most probable digit was right by its probability, as a chart; None if unmeasured."""
    tenths = (card.get("digits", {}).get("reliability") or {}).get("tenths", ())
    found = [(each["sure"], each["right"] / each["n"], NORMAL * each["se"]) for each in tenths if each["n"] >= FEW]
    if not found:
        return None
    bars = [
        {"points": [(sure, max(0, right - wide)), (sure, min(1, right + wide))], "colour": "ink", "width": 1}
        for sure, right, wide in found
    ]
    points = [(sure, right) for sure, right, _ in found]
    return Chart(
        x=Axis("probability", ticks=[0, 0.5, 1]),
        y=Axis("Share correct", note="dashed: calibrated", ticks=[0, 0.5, 1]),
        lines=[
            {"points": [(0, 0), (1, 1)], "colour": "quiet", "dash": [4, 4], "width": 1},
            {"points": points, "colour": "ink", "width": 2},
            *bars,
        ],
        words="; ".join(f"at {percent(sure)}, {percent(right)} are right" for sure, right in points),
    )


def nearest(calibration: Chart | None, sure: float) -> tuple[float, float] | None:
    """Return the point of the calibration whose probability is nearest to this one; None if unmeasured."""
    return calibration and min(calibration.lines[1]["points"], key=lambda point: abs(point[0] - sure))


def of_moment(posterior: Sequence[float], nats: Sequence[float]) -> list[Figure]:
    """Return the numbers of a moment: the probability of each digit so far, and log p of the whole for each."""
    best, second = sorted(nats, reverse=True)[:2]
    top = max(posterior)
    return [DIGIT.of(posterior.index(top)), CHANCE.of(100 * top), AHEAD.of(best - second)]


def inputs_answer(layers: int, dilated: bool, rows: Sequence[Sequence[int]]) -> Answer:
    """Describe the inputs of a prediction, `rows` being the places that each layer needs, the samples last."""
    field = len(rows[-1])
    how = "Each layer doubles what is seen" if dilated else "Each layer adds one sample to what is seen"
    return Answer(
        numbers=[
            SEES.of(1000 * field / SOUND.rate),
            SAMPLES.of(field),
            QUEUED.of(layers),
            UNQUEUED.of(sum(map(len, rows)) - field),
        ],
        words=f"{how}: {layers} {'layer sees' if layers == 1 else 'layers see'} {field:,} samples.",
        table=Table([{"layer": layer, "places": len(row)} for layer, row in enumerate(rows)]),
    )
