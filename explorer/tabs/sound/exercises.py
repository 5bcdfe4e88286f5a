"""Exercises on models of sound, and what the network says of a recording."""

import functools
import math
from pathlib import Path

from explorer.data.spoken_digits import SPEAKERS
from explorer.lessons.written import read
from explorer.measures.sound import by_digit
from explorer.networks import checkpoints
from explorer.tabs.sound.maths import receptive_field
from explorer.tabs.sound.recordings import NET, recording

BITS = math.log(2)  # nats


@functools.lru_cache(maxsize=64)
def nats_of(digit: int, speaker: str) -> list[float]:
    """Return log p of a test recording if the speaker had said each of the ten digits, in nats."""
    return by_digit(checkpoints.load(NET), recording(digit, speaker)[0], SPEAKERS.index(speaker))[-1].tolist()


def classified(digit: int, speaker: str) -> int:
    """Return the most probable digit of a test recording, by Bayes' rule."""
    nats = nats_of(digit, speaker)
    return nats.index(max(nats))


def bits_of(digit: int, speaker: str) -> float:
    """Return the bits per sample of a test recording."""
    return -nats_of(digit, speaker)[digit] / recording(digit, speaker).shape[1] / BITS


GIVEN = {"bits_of": bits_of, "classified": classified, "receptive_field": receptive_field}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
