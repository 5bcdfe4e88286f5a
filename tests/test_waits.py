"""The wait that a visitor is told: as long as it turns out to be, or else the words say that it became longer."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator

import pytest

from explorer.serving.desk import Desk
from explorer.serving.films import Film, Scene, Script
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import GUESS, Question
from explorer.spaces import PLANE
from tests import desks
from tests.asking import wait_for
from tests.desks import FILM
from tests.node import run

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

    for number, told in enumerate(wait_for(lesson())):
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


WAIT = """
const { createWait, tellWait } = await load("kit/ask/wait.js");
let now = 0;
const clock = () => now;
"""


def told(steps: list[tuple[float, float]]) -> list[str]:
    """The words of a wait at these times, with these seconds left."""
    body = "const wait = createWait(clock);\nreturn steps.map(([at, left]) => { now = at; return wait.words(left); });"
    return run(WAIT + body, steps=steps)


def test_a_wait_says_what_it_takes_and_that_it_became_longer():
    on_time = told([(0, 12), (4, 8), (9, 3), (11, 1)])
    assert on_time == ["about 12 s left", "about 8 s left", "about 3 s left", ""]
    late = told([(0, 12), (4, 8), (10, 20), (12, 18), (29, 1)])
    assert late[2:] == ["longer than thought: about 20 s more", "longer than thought: about 18 s more", late[-1]]
    assert late[-1] == "longer than thought"
    assert told([(0, 1), (1, 50), (2, 200)])[1:] == ["about 50 s left", "longer than thought: about 3.5 minutes more"]


def seconds_in(words: str) -> float:
    """The seconds that words about a wait say."""
    return float(re.search(r"about ([\d.]+)", words)[1])


@pytest.mark.parametrize("slower", [1, 2, 6, 30])
def test_a_slow_fake_never_becomes_slower_in_silence(slower: int):
    """It says 4 s, and says 4 s again whenever these are over."""
    steps = [(at, 4 - at % 4) for at in range(4 * slower)]
    end, said = None, told(steps)
    for (at, _), words in zip(steps, said, strict=True):
        if "about" not in words:
            continue
        now = at + seconds_in(words)
        assert end is None or now <= end + max(2, 0.25 * end) + 1 or "longer than thought" in words
        end = now if end is None or "longer" in words else min(end, now)
    assert ("longer than thought" in " ".join(said)) == (slower > 1)


def test_the_wait_for_an_answer_is_asked_for_again_once_it_is_over():
    body = """
const [said, asked, answers] = [[], [], [3, 5, null]];
let turn;
globalThis.setInterval = (look) => (turn = look, 1);
globalThis.clearInterval = () => {};
const left = async () => (asked.push(now), answers[asked.length - 1] ?? null);
const end = tellWait(left, (words) => said.push(words), clock);
for (const at of [1, 2, 3, 6, 12]) {
  now = at;
  await turn();
}
end();
await turn();
return [said, asked];"""
    said, asked = run(WAIT + body)
    assert said == [
        *("about 3 s left", "about 2 s left", "longer than thought: about 5 s more"),
        *("longer than thought: about 2 s more", "12 s so far"),
    ]
    assert asked == [1, 3, 12]


def test_the_desk_tells_how_long_a_question_will_take():
    going = threading.Event()

    def slow(x: int) -> dict:
        going.wait(20)
        return {"x": x}

    async def lesson() -> list[float | None]:
        desk, question = Desk(), desks.of(slow)
        found = [desk.expected(question, {"x": 1})]
        asked = [asyncio.create_task(desk.ask(question, {"x": x})) for x in (1, 2)]
        await asyncio.sleep(0.05)
        found.append(desk.expected(question, {"x": 1}))  # nothing is known of it
        desks.expect(desk, {question: 0.4})
        found += [desk.expected(question, {"x": x}) for x in (1, 2)]
        await asyncio.sleep(1)
        found.append(desk.expected(question, {"x": 1}))
        going.set()
        await asyncio.gather(*asked)
        return found

    none, unknown, first, second, late = wait_for(lesson())
    assert none is None and unknown is None
    assert first < 0.4 < second < 0.9, "the second one comes after the first"
    assert late > 0.4, "it takes longer than expected"


def test_the_first_answer_of_a_server_takes_what_its_question_declares():
    going = threading.Event()

    def slow(x: int) -> dict:
        going.wait(20)
        return {"x": x}

    async def lesson() -> list[float | None]:
        desk, question = Desk(), Question(slow, desks.of(slow).lane, seconds=6)
        asked = asyncio.create_task(desk.ask(question, {"x": 1}))
        await asyncio.sleep(0.05)
        found = [desk.expected(question, {"x": 1})]
        desks.expect(desk, {question: 0.4})  # what was measured counts more
        found.append(desk.expected(question, {"x": 1}))
        going.set()
        await asyncio.gather(asked)
        return found

    declared, measured = wait_for(lesson())
    assert 5 < declared <= 6 and measured < 0.4


def test_a_wait_of_known_progress_tells_the_rest_at_the_pace_so_far():
    body = """
const { createProgress } = await load("kit/ask/wait.js");
const progress = createProgress(clock);
return steps.map(([at, share]) => { now = at; return progress.words(share); });"""
    said = run(WAIT + body, steps=[(0, 0), (4, 0.25), (8, 0.5), (24, 0.6), (39, 0.99)])
    assert said == [
        "",
        "about 12 s left",
        "about 8 s left",
        "longer than thought: about 16 s more",
        "longer than thought",
    ]
