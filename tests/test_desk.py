"""Desks: turns among visitors, long work that makes room, work that nobody wants, and what is remembered."""

import asyncio
import contextlib
import gc
import threading
import time
import tracemalloc
from collections.abc import Coroutine, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.running.pauses import pausing
from explorer.serving import desk as desks
from explorer.serving.desk import Desk
from explorer.serving.kept import Kept, weight
from explorer.serving.line import CROWD
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import FILMS, HEAVY, LIGHT, Busy, Job, Lane, Question, Round, Unwanted
from explorer.tabs.kit.layout.fields import Seed
from tests.asking import until, wait_for
from tests.desks import expect, of, together

ONE, OTHER = Visitor("one", "here"), Visitor("other", "there")


class Bench:
    """Work that is let go piece by piece, and what was worked on in which order."""

    def __init__(self):
        self.begun: list[tuple[str, int]] = []
        self.ended: list[str] = []
        self.gate = threading.Semaphore(0)

    def go(self, pieces: int = 100_000) -> None:
        self.gate.release(pieces)

    def piece(self, name: str, number: int = 0) -> dict:
        self.begun.append((name, number))
        assert self.gate.acquire(timeout=60)
        return {"name": name, "number": number}

    def long(self, name: str, steps: int) -> dict:
        try:
            found = [self.piece(name, number)["number"] for number in pausing(range(steps))]
        finally:
            self.ended.append(name)
        return {"sum": sum(found)}


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.go()


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work looks after every step whether to make room."""
    monkeypatch.setattr(desks, "SLICE", 0.0)


def asked(who: Visitor, question: Coroutine) -> asyncio.Task:
    """A question of a visitor, under way."""
    visitor.set(who)
    return asyncio.create_task(question)


async def next_after_a_hundred(bench: Bench, crowd: list[Visitor]) -> list[tuple[str, int]]:
    """Two jobs worked on after the first of a hundred, when another visitor has asked for one meanwhile."""
    desk = Desk()
    all_asked = [
        asked(crowd[number % len(crowd)], desk.ask(of(bench.piece), {"name": "crowd", "number": number}))
        for number in range(100)
    ]
    await until(lambda: len(bench.begun) == 1 and len(desk._jobs) == 100)
    all_asked.append(asked(OTHER, desk.ask(of(bench.piece), {"name": "other"})))
    await until(lambda: len(desk._jobs) == 101)
    bench.go(1)
    await until(lambda: len(bench.begun) == 2)
    bench.go()
    await asyncio.gather(*all_asked)
    assert len(bench.begun) == 101
    return bench.begun[1:3]


CROWDS = {"one page": [ONE], "a room": [Visitor(f"session{number}", "here") for number in range(100)]}


@pytest.mark.parametrize("crowd", CROWDS)
def test_who_asks_one_thing_waits_for_none_of_anothers_hundred(crowd: str, bench: Bench):
    assert ("other", 0) in wait_for(next_after_a_hundred(bench, CROWDS[crowd]))


def test_of_a_full_line_the_last_of_who_wants_most_is_turned_away(bench: Bench):
    desk = Desk(waiting=4)

    async def visits() -> None:
        mine = [asked(ONE, desk.ask(of(bench.piece), {"name": "one", "number": number})) for number in range(5)]
        await until(lambda: len(bench.begun) == 1 and len(desk._jobs) == 5)
        other = asked(OTHER, desk.ask(of(bench.piece), {"name": "other"}))
        await until(lambda: any(each.done() for each in mine))
        bench.go()
        assert (await other)["name"] == "other"
        found = await asyncio.gather(*mine, return_exceptions=True)
        assert [isinstance(each, Busy) for each in found] == [False] * 4 + [True]

    wait_for(visits())


@pytest.mark.usefixtures("eager")
def test_long_work_makes_room_goes_on_and_gives_the_right_answer(bench: Bench):
    desk = Desk()
    expect(desk, {of(bench.long): 5.0, of(bench.piece): 0.001})

    async def visits() -> None:
        long = asked(ONE, desk.ask(of(bench.long), {"name": "long", "steps": 6}))
        await until(lambda: bench.begun == [("long", 0)])
        for number in range(3):
            short = asked(OTHER, desk.ask(of(bench.piece), {"name": "short", "number": number}))
            await asyncio.sleep(0)
            bench.go(2)  # the step under way, and the short piece
            assert (await short)["number"] == number and not long.done()
            await until(lambda: bench.begun[-1][0] == "long")
        bench.go()
        assert await long == {"sum": 15}
        assert [number for name, number in bench.begun if name == "long"] == list(range(6))

    wait_for(visits())


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("paused", [False, True])
def test_long_work_is_given_up_when_nobody_waits_any_more(paused: bool, bench: Bench):
    desk = Desk()
    expect(desk, {of(bench.long): 5.0, of(bench.piece): 0.001})

    async def visits() -> None:
        long = asked(ONE, desk.ask(of(bench.long), {"name": "long", "steps": 1_000}))
        await until(lambda: len(bench.begun) == 1)
        if paused:
            asked(OTHER, desk.ask(of(bench.piece), {"name": "short"}))
            await asyncio.sleep(0)
            bench.go(1)
            await until(lambda: bench.begun[-1] == ("short", 0))
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)
        bench.go(2)
        await until(lambda: bench.ended == ["long"])
        bench.go()
        assert (await desk.ask(of(bench.piece), {"name": "next"}))["name"] == "next"

    wait_for(visits())
    assert [name for name, _ in bench.begun].count("long") <= 2


def test_an_address_never_holds_the_last_worker(bench: Bench):
    lane, desk = Lane("several", workers=3, paused=0), Desk()
    question = Question(bench.piece, lane)

    async def visits() -> None:
        crowd = [Visitor(f"page {number}", "here") for number in range(6)]
        mine = [asked(who, desk.ask(question, {"name": "here", "number": n})) for n, who in enumerate(crowd)]
        await until(lambda: len(desk._jobs) == 6 and len(bench.begun) == 2)
        other = asked(OTHER, desk.ask(question, {"name": "there"}))
        await until(lambda: ("there", 0) in bench.begun)
        assert len(bench.begun) == 3
        bench.go()
        await asyncio.gather(*mine, other)

    wait_for(visits())


def test_two_addresses_leave_the_last_worker_to_a_third(bench: Bench):
    lane, desk = Lane("several", workers=3, paused=0), Desk()
    question = Question(bench.piece, lane)

    async def visits() -> None:
        crowd = [Visitor(f"page {number}", f"address {number % 2}") for number in range(6)]
        theirs = [asked(who, desk.ask(question, {"name": "crowd", "number": n})) for n, who in enumerate(crowd)]
        await until(lambda: len(desk._jobs) == 6 and len(bench.begun) >= 2)
        for _ in range(3):  # what was begun before the second of them came is done
            bench.go(1)
            await asyncio.sleep(0.02)
        busy = desk._busy[lane]
        other = asked(OTHER, desk.ask(question, {"name": "third"}))
        await until(lambda: ("third", 0) in bench.begun)
        assert busy == 2 and not any(each.done() for each in theirs[5:])
        bench.go()
        await asyncio.gather(*theirs, other)

    wait_for(visits())


def test_crowds_of_several_addresses_share_one_worker(bench: Bench):
    lane, desk = Lane("several", workers=3, paused=0), Desk()
    question = Question(bench.piece, lane)

    async def visits() -> None:
        crowd = [Visitor(f"page {number}", f"address {number % 2}") for number in range(2 * CROWD + 20)]
        theirs = [asked(who, desk.ask(question, {"name": "crowd", "number": n})) for n, who in enumerate(crowd)]
        await until(lambda: len(desk._jobs) == len(crowd) and bench.begun)

        async def one_more() -> None:
            jobs = len(desk._jobs)
            bench.go(1)
            await until(lambda: len(desk._jobs) < jobs)

        for _ in range(3):  # what was begun before they were crowds is done
            await one_more()
        await until(lambda: desk._busy[lane] == 1)
        other = asked(OTHER, desk.ask(question, {"name": "third"}))
        await until(lambda: ("third", 0) in bench.begun)
        assert desk._busy[lane] == 2
        for _ in range(2 * CROWD):
            await one_more()
        await until(lambda: desk._busy[lane] == 2 and other.done())  # fewer wait, and each has a worker again
        bench.go()
        await asyncio.gather(*theirs, other)

    wait_for(visits())


def test_long_work_makes_no_room_for_a_crowd(bench: Bench):
    desk = Desk()

    async def visits() -> None:
        light = Question(bench.piece, LIGHT)
        crowd = [asked(ONE, desk.ask(light, {"name": "light", "number": n})) for n in range(CROWD + 4)]
        await until(lambda: len(desk._jobs) == len(crowd) and bench.begun)
        assert not desk._calm.is_set(), "the first was alone when it began"
        bench.go(2)
        await until(lambda: len(bench.begun) == 3)
        assert desk._calm.is_set() and desk._busy[LIGHT]
        other = asked(OTHER, desk.ask(light, {"name": "other"}))
        await until(lambda: ("other", 0) in bench.begun)
        assert not desk._calm.is_set()
        bench.go()
        await asyncio.gather(*crowd, other)
        assert desk._calm.is_set() and desk._workers.urgent == 0

    wait_for(visits())


def test_who_was_served_in_a_lane_that_nobody_wanted_has_no_debt_in_another(bench: Bench):
    """Three workers answer what one asks, while films of another have a single worker: one's film comes first."""
    desk = Desk()
    heavy, film = Round(Question(bench.piece, HEAVY), Job("a", {})), Round(Question(bench.piece, FILMS), Job("b", {}))
    theirs = Round(Question(bench.piece, FILMS), Job("c", {}))
    for each, who in ((heavy, ONE), (film, ONE), (theirs, OTHER)):
        each.jobs[0].waiters[who] += 1
    desk._line = [heavy, theirs]
    desk._order(HEAVY), desk._order(FILMS)
    for _ in range(100):
        heavy.turn = theirs.turn = desks.time.monotonic() - 1
        desk._clock(heavy)
    desk._line.append(film)
    expect(desk, {film.question: 0.1, theirs.question: 5.0})
    assert desk._order(FILMS)[0] is film
    bench.go()


@pytest.mark.usefixtures("eager")
def test_however_much_one_address_has_begun_anothers_work_has_its_turn(bench: Bench):
    lane, desk = Lane("several", workers=3, paused=5), Desk()
    question, short = Question(bench.long, lane), Question(bench.long, lane)
    expect(desk, {question: 5.0, short: 1.0})

    async def visits() -> None:
        crowds = [[Visitor(f"page {number} of {place}", place) for number in range(5)] for place in ("a", "b")]
        theirs = [
            asked(who, desk.ask(question, {"name": who.session, "steps": 200})) for crowd in crowds for who in crowd
        ]
        await until(lambda: len(desk._jobs) == 10 and len(bench.begun) >= 3)
        mine = asked(OTHER, desk.ask(short, {"name": "mine", "steps": 2}))
        await until(lambda: len(desk._jobs) == 11)
        for _ in range(200):  # of the 2,000 pieces that the others want
            bench.go(1)
            await asyncio.sleep(0.005)
        assert mine.done() and (await mine)["sum"] == 1
        bench.go()
        await asyncio.gather(*theirs)

    wait_for(visits())


def test_long_work_lets_light_questions_pass_but_not_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    waited, over, desk = [], threading.Event(), Desk()
    monkeypatch.setattr(desk._calm, "wait", waited.append)

    def question(name: str) -> dict:
        bench.begun.append((name, 0))
        assert over.wait(60)
        return {}

    async def visits() -> None:
        light = asked(ONE, desk.ask(Question(question, LIGHT), {"name": "light"}))
        await until(lambda: bench.begun == [("light", 0)])
        assert not desk._calm.is_set()
        monkeypatch.setattr(desks, "SLICE", 0.0)
        bench.go()
        await asked(OTHER, desk.ask(Question(bench.long, HEAVY), {"name": "heavy", "steps": 2}))
        assert len(waited) >= 2 and set(waited) == {0.0}
        over.set()
        await light
        assert desk._calm.is_set()

    wait_for(visits())


def test_long_work_makes_room_at_most_half_of_the_time(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    waited, desk, mine = [], Desk(), Round(Question(bench.piece, HEAVY), Job("key", {}))
    monkeypatch.setattr(desk._calm, "wait", waited.append)
    desk._let_light_pass(mine)
    assert not waited, "there is no light question"
    desk._calm.clear()
    desk._let_light_pass(mine)
    assert waited == [desks.SLICE / 2]
    mine.rested = time.monotonic() + 60
    desk._let_light_pass(mine)
    assert len(waited) == 1, "it has just made room"


def test_what_nobody_waits_for_is_not_begun(bench: Bench):
    desk = Desk()

    async def visits() -> None:
        gone = [asked(ONE, desk.ask(of(bench.piece), {"name": "gone", "number": number})) for number in range(50)]
        await until(lambda: len(bench.begun) == 1 and len(desk._jobs) == 50)
        for each in gone:
            each.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        assert not desk._jobs and len(desk._line) == 1
        bench.go()
        await desk.ask(of(bench.piece), {"name": "next"})

    wait_for(visits())
    assert bench.begun == [("gone", 0), ("next", 0)]


def test_one_of_two_who_leaves_takes_no_answer_away(bench: Bench):
    desk = Desk()

    async def visits() -> None:
        leaver, stayer = (asked(who, desk.ask(of(bench.piece), {"name": "same"})) for who in (ONE, OTHER))
        await until(lambda: len(bench.begun) == 1)
        leaver.cancel()
        bench.go()
        assert (await stayer)["name"] == "same"

    wait_for(visits())
    assert len(bench.begun) == 1


def test_a_shared_round_gives_each_a_quarter_of_its_room_while_others_wait():
    rounds, go = [], threading.Semaphore(0)

    def draw(asked: list[dict]) -> list[dict]:
        rounds.append([each["seed"] for each in asked])
        assert go.acquire(timeout=60)
        return [{"seed": each["seed"]} for each in asked]

    desk, question = Desk(), together(draw, most=8)

    async def visits() -> None:
        first = asked(ONE, desk.ask(question, {"seed": "first"}))
        await until(lambda: len(rounds) == 1)
        waiting = [asked(ONE, desk.ask(question, {"seed": number})) for number in range(20)]
        waiting += [asked(OTHER, desk.ask(question, {"seed": f"other {number}"})) for number in range(3)]
        await until(lambda: len(desk._jobs) == 24)
        go.release(99)
        await asyncio.gather(first, *waiting)

    wait_for(visits())
    assert [seed for seed in rounds[1] if isinstance(seed, str)] == ["other 0", "other 1"]
    assert len(rounds[1]) == 4


@pytest.mark.parametrize("gathered", [False, True])
def test_what_is_asked_while_a_desk_gathers_shares_the_first_batch(gathered: bool):
    rounds = []

    def draw(asked: list[dict]) -> list[dict]:
        rounds.append([each["seed"] for each in asked])
        return [{"seed": each["seed"]} for each in asked]

    desk, question = Desk(), together(draw, most=8)

    async def visits() -> list[dict]:
        with desk.gathering() if gathered else contextlib.nullcontext():
            tasks = [asked(ONE, desk.ask(question, {"seed": number})) for number in range(5)]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks)

    assert wait_for(visits()) == [{"seed": number} for number in range(5)]
    assert (rounds == [[*range(5)]]) is gathered


def test_pausing_outside_of_a_desk_is_only_looping():
    assert list(pausing(iter("abc"))) == ["a", "b", "c"] and issubclass(Unwanted, Exception)


@given(puts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 120)), max_size=40))
def test_no_more_is_kept_than_there_is_room_for_and_the_latest_stays(puts: list[tuple[int, int]]):
    kept, latest = Kept(100), {}
    for key, size in puts:
        kept.put(key, object(), size)
        latest[key] = size
        assert kept.size == sum(size for _, size in kept._known.values()) <= 100
        assert (kept.get(key) is not None) == (size <= 100)
    assert all(kept._known[key][1] == latest[key] for key in kept._known)


def test_what_is_asked_for_stays_longer_than_what_is_not():
    kept = Kept(3)
    for key in "abc":
        kept.put(key, key, 1)
    assert kept.get("a") == "a"
    kept.put("d", "d", 1)
    assert [kept.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_thousand_answers_take_no_more_memory_than_a_desk_may_keep():
    def big(seed: Seed) -> dict:
        return {"image": f"{seed:06}" * 500, "numbers": [seed + 0.5] * 50}

    desk, question = Desk(remembered=1_000_000), of(big)

    async def visits() -> None:
        for seed in range(1_000):
            await desk.ask(question, {"seed": seed})

    wait_for(desk.ask(question, {"seed": -1}))
    tracemalloc.start()
    wait_for(visits())
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 500_000 < desk._kept.size <= 1_000_000 and grown < 2 * desk._kept.most
    assert not desk._jobs and not desk._line


def test_what_an_answer_weighs_is_about_what_it_takes():
    tracemalloc.start()
    answers = [{"image": f"{seed:06}" * 500, "list": [float(seed + n) for n in range(100)]} for seed in range(100)]
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(map(weight, answers)) == pytest.approx(grown, rel=0.2)
