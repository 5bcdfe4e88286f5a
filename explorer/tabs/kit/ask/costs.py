"""Processor time of several ways to compute the same, frame by frame: curves, a table and ratios of a film."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num

CLOCK = "The times are processor time on this server, one thread."


@dataclass
class Costs:
    """Milliseconds that each way took; every frame draws equally many parts of x.

    Arguments:
        ways: Title of each way; the slowest first, then the one that keeps what it has computed.
        parts: Number of parts of x (characters, samples, pixels) that a frame draws.
        window: Number of frames over which the pace is a mean; all of them if None.
        frames: Milliseconds of each way, by frame.
    """

    ways: Mapping[str, str]
    parts: int = 1
    window: int | None = None
    frames: list[Mapping[str, float]] = field(default_factory=list)

    def add(self, spent: Mapping[str, float]) -> None:
        """Add the milliseconds of the next frame."""
        self.frames.append(spent)

    @property
    def count(self) -> int:
        """Number of parts that are drawn."""
        return self.parts * len(self.frames)

    def seconds(self, way: str) -> float:
        """Return the seconds of a way so far."""
        return sum(each[way] for each in self.frames) / 1000

    def pace(self, way: str) -> float:
        """Return the milliseconds that a way takes for one part."""
        last = self.frames[-self.window :] if self.window else self.frames
        return sum(each[way] for each in last) / len(last) / self.parts

    def ratio(self, slow: str = "naive", fast: str = "cached") -> float | None:
        """Return how many times as long one way takes as another; None if the other takes no time at all."""
        return self.seconds(slow) / self.seconds(fast) if self.seconds(fast) else None

    def report(
        self, place: float, end: float, numbers: Sequence[Figure], words: str, caption: str, **view: Any
    ) -> Report:
        """Return what a frame says, with the points of the curves at a place on their axis from 0 to `end`.

        `costs` has for each way its seconds so far and its pace.
        """
        costs = [[round(self.seconds(way), 5), round(self.pace(way), 5)] for way in self.ways]
        row = {"until": place} | {f"{way} ms": self.frames[-1][way] for way in self.ways}
        curves = {"ways": [*self.ways.values()], "ends": (0, end), "costs": costs}
        return Report(numbers, words, caption, row, place, view=curves | view)

    def rows(
        self, first: str, pace: str, total: str, more: Mapping[str, Mapping[str, str]] | None = None
    ) -> list[dict[str, str]]:
        """Return the pace and the seconds of each way, by the names of their columns, after `more` figures of it."""
        return [
            {first: title, **(more or {}).get(way, {})}
            | {pace: num(self.pace(way), 2), total: num(self.seconds(way), 2)}
            for way, title in self.ways.items()
        ]
