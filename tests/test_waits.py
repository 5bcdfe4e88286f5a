"""The wait that a visitor is told while others' films are made: as long as it turns out to be."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from explorer.serving.desk import Desk
from explorer.serving.films import Film, Scene, Script
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import GUESS
from explorer.spaces import PLANE
from tests.desks import FILM

VISITORS, PIECES, FRAMES = 8, 40, 8
EXPECTED = 0.01  # seconds of a piece
NEAR, BLINK = 0.3, 0.4  # share and seconds by which a wait may be wrong


def script(slower: float) -> Script:
    """A film of equal pieces that take `slower` times as long as expected."""

    def scenes() -> Iterator[Scene]:
        for piece in range(PIECES):
            time.sleep(slower * EXPECTED)
            yield EXPECTED / GUESS, {"x": ""} if (piece + 1) % (PIECES // FRAMES) == 0 else None

    return Script(PLANE, 1, FRAMES, PIECES * EXPECTED / GUESS, scenes)


async def watch(desk: Desk, number: int, slower: float) -> list[tuple[float, float]]:
    """The times at which a visitor was told a wait, and these waits; the last time is the end."""
    visitor.set(Visitor(f"visitor {number}", "classroom"))
    await asyncio.sleep(0.02 * number)
    name, told, seen = desk.start(FILM, number, script(slower))["id"], [], 0
    while True:
        found = await desk.frames(name, seen)
        seen += len(found["frames"])
        told.append((time.monotonic(), found["left"]))
        if found["done"]:
            return told


@pytest.mark.deep  # it is told in seconds, which a busy machine makes longer
@pytest.mark.parametrize("slower", [1.0, 3.0])
def test_every_visitor_of_a_class_is_told_how_long_it_will_be(slower: float):
    async def lesson() -> list[list[tuple[float, float]]]:
        desk = Desk()
        await watch(desk, -1, slower)  # the desk learns its pace
        return await asyncio.gather(*(watch(desk, number, slower) for number in range(VISITORS)))

    for number, told in enumerate(asyncio.run(lesson())):
        end = told[-1][0]
        wrong = [abs(left - (end - now)) for now, left in told[:-1]]
        assert told[-1][1] == 0 and len(told) > 3
        allowed = [max(BLINK, NEAR * (end - now)) for now, _ in told[:-1]]
        assert all(a <= b for a, b in zip(wrong, allowed)), (number, [(end - now, left) for now, left in told])


def test_the_first_pieces_of_a_film_change_the_wait_little():
    film = Film(FILM, None, Script(PLANE, 1, FRAMES, 100, lambda: iter(())))
    for done, seconds in ((0, 0.0), (2, 0.02), (2, 8.0)):  # a hundredth of the usual pace, and four times it
        film.evaluations, film.worked = done, seconds
        film.expect(1.0)
        assert film.rest == pytest.approx(100 - done, rel=0.25)
    film.evaluations, film.worked = 80, 240.0  # nearly at the end of a film that is three times slower
    film.expect(1.0)
    assert film.rest == pytest.approx(20 * 3, rel=0.2)
