"""Films made while they are watched: shared by who asks the same, in turns, ended when nobody watches, remembered."""

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from explorer.running.pauses import pausing
from explorer.serving import desk as desks
from explorer.serving import films, work
from explorer.serving.desk import Desk
from explorer.serving.films import Script
from explorer.serving.kept import weight
from explorer.serving.work import Busy
from explorer.spaces import LEVELS
from explorer.tabs.kit.ask.answers import film, frames, stop
from explorer.tabs.kit.layout.fields import Seed
from tests.asking import wait_for, wait_until
from tests.desks import FILM, start

TOTAL = 6
FRAME = weight({"x": 100 * "a", "step": 1})  # bytes of a frame of a studio's film


class Studio:
    """Scripts whose steps are let go one by one, and what happened."""

    def __init__(self):
        self.made: list[tuple[str, int]] = []
        self.ended: list[str] = []
        self.gate = threading.Semaphore(0)

    def go(self, steps: int = 10_000) -> None:
        self.gate.release(steps)

    def script(self, name: str, total: int = TOTAL) -> Script:
        def scenes() -> Iterator[films.Scene]:
            try:
                for step in range(total):
                    assert self.gate.acquire(timeout=60)
                    self.made.append((name, step))
                    yield 2, {"x": name * 100, "step": step}
            finally:
                self.ended.append(name)

        return Script(space=LEVELS, count=1, total=total, evaluations=2 * total, scenes=scenes)


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is a turn."""
    monkeypatch.setattr(desks, "SLICE", 0.0)


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = Studio()
    yield studio
    studio.go()


async def watched(desk: Desk, name: str) -> dict:
    """Every frame of a film, and what the last answer said besides."""
    frames = []
    while True:
        found = await desk.frames(name, len(frames))
        assert found["from"] == len(frames)
        frames += found["frames"]
        if found["done"] or found["error"]:
            return found | {"frames": frames}


def test_frames_arrive_in_order_while_the_film_is_made(studio: Studio):
    desk = Desk()
    begun = desk.start(FILM, "a", studio.script("a"))
    assert (begun["count"], begun["total"], begun["evaluations"]) == (1, TOTAL, 2 * TOTAL)
    studio.go(1)
    first = wait_for(desk.frames(begun["id"], 0))
    assert [frame["step"] for frame in first["frames"]] == [0] and not first["done"]
    assert first["evaluations"] == 2 and first["seconds"] > 0
    studio.go()
    rest = wait_for(watched(desk, begun["id"]))
    assert [frame["step"] for frame in rest["frames"]] == list(range(TOTAL))
    assert rest["evaluations"] == 2 * TOTAL and rest["error"] is None


def test_the_first_frame_and_the_end_are_told_at_once(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    for seconds in ("NEWS_SECONDS", "GATHER_SECONDS"):
        monkeypatch.setattr(desks, seconds, 600)
    desk = Desk()
    name = start(desk, "a", studio.script("a"))

    async def result() -> list[dict]:
        found = []
        for start_at, steps in ((0, 1), (1, TOTAL)):
            asked = asyncio.create_task(desk.frames(name, start_at))
            await asyncio.sleep(0.05)
            studio.go(steps)
            found.append(await asyncio.wait_for(asked, 60))
        return found

    first, last = wait_for(result())
    assert [frame["step"] for frame in first["frames"]] == [0] and not first["done"]
    assert [frame["step"] for frame in last["frames"]] == list(range(1, TOTAL)) and last["done"]


def test_a_question_for_news_waits_a_moment_and_comes_back_without(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desks, "NEWS_SECONDS", 0.05)
    desk = Desk()
    found = wait_for(desk.frames(start(desk, "a", studio.script("a")), 0))
    assert found["frames"] == [] and not found["done"]


def test_a_class_that_asks_the_same_makes_the_film_once(studio: Studio):
    desk = Desk()
    names = [start(desk, "same", studio.script("a")) for _ in range(200)]
    assert len(set(names)) == 200

    async def a_class() -> list[dict]:
        watching = [asyncio.create_task(watched(desk, name)) for name in names]
        await asyncio.sleep(0)
        studio.go()
        return await asyncio.gather(*watching)

    found = wait_for(a_class())
    assert all([frame["step"] for frame in each["frames"]] == list(range(TOTAL)) for each in found)
    assert studio.made == [("a", step) for step in range(TOTAL)]


def test_who_comes_later_gets_the_frames_from_the_first_on(studio: Studio):
    desk = Desk()
    early = start(desk, "same", studio.script("a"))
    studio.go()
    wait_for(watched(desk, early))
    late = start(desk, "same", studio.script("b"))
    assert len(wait_for(watched(desk, late))["frames"]) == TOTAL
    assert {name for name, _ in studio.made} == {"a"}


def test_a_film_that_is_stopped_ends_before_its_next_step(studio: Studio):
    desk = Desk()
    name = start(desk, "a", studio.script("a"))
    studio.go(2)
    wait_until(lambda: len(studio.made) == 2)
    desk.stop(name)
    studio.go()
    wait_until(lambda: studio.ended == ["a"])
    assert len(studio.made) <= 3  # the step that was under way is finished
    with pytest.raises(ValueError, match="ended on the server"):
        wait_for(desk.frames(name, 0))


def test_a_long_step_of_a_film_that_is_stopped_ends_at_its_next_pause():
    paused, ended = threading.Event(), threading.Event()

    def scenes() -> Iterator[films.Scene]:
        try:
            for _ in pausing(itertools.count()):
                paused.set()
        finally:
            ended.set()
        yield 1, {}

    desk = Desk()
    name = start(desk, "a", Script(space=LEVELS, count=1, total=1, evaluations=1, scenes=scenes))
    wait_until(paused.is_set)
    desk.stop(name)
    assert ended.wait(60)


def test_a_film_ends_before_its_next_step_when_its_viewers_connection_does(studio: Studio):
    desk = Desk()

    async def leave(name: str) -> None:
        watching = asyncio.create_task(desk.frames(name, 1))
        await asyncio.sleep(0.05)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    name = start(desk, "a", studio.script("a"))
    studio.go(1)
    wait_until(lambda: studio.made == [("a", 0)])
    wait_for(leave(name))
    studio.go()
    wait_until(lambda: studio.ended == ["a"])
    assert len(studio.made) <= 2  # the step that was under way is finished


def test_one_of_two_who_stops_ends_nothing(studio: Studio):
    desk = Desk()
    one, other = (start(desk, "same", studio.script("a")) for _ in range(2))
    desk.stop(one)
    studio.go()
    assert len(wait_for(watched(desk, other))["frames"]) == TOTAL


def test_a_film_that_nobody_asks_for_ends(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(films, "PATIENCE", 0.05)
    desk = Desk()
    start(desk, "a", studio.script("a"))
    studio.go(1)
    wait_until(lambda: studio.made == [("a", 0)])
    time.sleep(0.1)
    studio.go(1)  # the step that may be under way
    wait_until(lambda: studio.ended == ["a"])
    assert len(studio.made) <= 2


def test_who_has_long_left_a_finished_film_is_forgotten(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(films, "KEEPS", 0.0)
    desk = Desk()
    studio.go()
    names = [start(desk, "same", studio.script("a")) for _ in range(5)]
    wait_until(lambda: studio.ended == ["a"])
    time.sleep(0.01)
    start(desk, "same", studio.script("a"))
    with pytest.raises(ValueError, match="ended on the server"):
        wait_for(desk.frames(names[0], 0))


def test_of_too_many_watchers_the_one_goes_who_asked_longest_ago(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(films, "WATCHERS", 3)
    desk = Desk()
    first, *_, last = (start(desk, "same", studio.script("a")) for _ in range(4))
    assert len(desk._audience) == 3
    with pytest.raises(ValueError, match="ended on the server"):
        wait_for(desk.frames(first, 0))
    studio.go()
    assert len(wait_for(watched(desk, last))["frames"]) == TOTAL


def test_a_film_that_ends_badly_stops_no_other(studio: Studio):
    def scenes() -> Iterator[films.Scene]:
        try:
            yield 1, {"x": ""}
            yield 1, {"x": ""}
        finally:
            raise RuntimeError("the clean-up failed")

    desk = Desk()
    first = start(desk, "bad", Script(space=LEVELS, count=1, total=9, evaluations=9, scenes=scenes))
    wait_for(desk.frames(first, 0))
    desk.stop(first)
    studio.go()
    assert len(wait_for(watched(desk, start(desk, "a", studio.script("a"))))["frames"]) == TOTAL


def test_a_finished_films_sampler_is_let_go(studio: Studio):
    desk = Desk()
    studio.go()
    wait_for(watched(desk, start(desk, "a", studio.script("a", total=50))))
    wait_until(lambda: studio.ended == ["a"])


def test_a_film_that_was_ended_can_be_started_anew(studio: Studio):
    desk = Desk()
    name = start(desk, "a", studio.script("a"))
    studio.go(1)
    wait_until(lambda: studio.made)
    desk.stop(name)
    studio.go()
    wait_until(lambda: studio.ended == ["a"])
    assert len(wait_for(watched(desk, start(desk, "a", studio.script("again"))))["frames"]) == TOTAL


def test_films_take_turns_so_that_a_long_one_holds_up_no_short_one(studio: Studio):
    desk = Desk()
    long = start(desk, "long", studio.script("long", total=500))
    short = start(desk, "short", studio.script("short"))
    studio.go()
    assert wait_for(watched(desk, short))["done"]
    before = studio.made[: studio.made.index(("short", TOTAL - 1))]
    assert sum(name == "long" for name, _ in before) <= TOTAL + 1
    desk.stop(long)


def test_who_waits_is_told_the_place_in_the_line_and_who_finds_it_full_comes_back_later(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desks, "NEWS_SECONDS", 0.01)
    desk = Desk(films=3)
    names = [start(desk, key, studio.script(key)) for key in "abc"]
    assert [wait_for(desk.frames(name, 0))["waiting"] for name in names] == [0, 1, 2]
    with pytest.raises(Busy):
        start(desk, "d", studio.script("d"))
    start(desk, "c", studio.script("c"))  # what is there already may be watched by one more
    studio.go()
    assert wait_for(watched(desk, names[2]))["waiting"] == 0
    assert desk.start(FILM, "d", studio.script("d"))["total"] == TOTAL


def broken(error: Exception) -> Script:
    def scenes() -> Iterator[films.Scene]:
        yield 1, {"x": "a"}
        raise error

    return Script(LEVELS, 1, 5, 5, scenes)


@pytest.mark.parametrize(
    ("error", "said"),
    [(ValueError("steps must be whole"), "steps must be whole"), (KeyError("inside"), work.BROKEN)],
)
def test_a_film_that_fails_says_so_keeps_its_frames_and_is_not_remembered(error: Exception, said: str, studio: Studio):
    desk = Desk()
    found = wait_for(watched(desk, start(desk, "a", broken(error))))
    assert found["error"] == said and len(found["frames"]) == 1
    studio.go()
    assert wait_for(watched(desk, start(desk, "a", studio.script("a"))))["error"] is None


def test_a_film_is_begun_anew_the_moment_another_has_failed(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    desk, failed, step = Desk(), threading.Event(), films.Film.step

    def slowly(film: films.Film) -> None:
        step(film)
        if film.error:
            failed.wait(60)  # its turn is not over

    monkeypatch.setattr(films.Film, "step", slowly)
    first = wait_for(watched(desk, start(desk, "a", broken(ValueError("no")))))
    second = start(desk, "a", studio.script("a"))
    failed.set()
    studio.go()
    found = wait_for(watched(desk, second))
    assert first["error"] == "no" and found["error"] is None and len(found["frames"]) == TOTAL
    assert start(desk, "a", studio.script("b")) and {name for name, _ in studio.made} == {"a"}


def test_a_sampler_with_fewer_steps_than_it_promised_is_done_all_the_same():
    desk = Desk()
    found = wait_for(watched(desk, start(desk, "a", Script(LEVELS, 1, 5, 5, lambda: iter([(1, {"x": "a"})])))))
    assert found["done"] and len(found["frames"]) == 1


def test_the_size_of_a_film_counts_all_parts_of_its_frames():
    frames = [{"x": "a", "report": {"table": [[step, 200 * "b"]]}} for step in range(3)]
    film = films.Film(FILM, "a", Script(LEVELS, 1, 3, 3, lambda: ((1, frame) for frame in frames)))
    while not film.over:
        film.step()
    assert film.size == sum(map(weight, frames)) > 3 * 200


def test_finished_films_are_remembered_as_far_as_there_is_room(studio: Studio):
    desk = Desk(remembered=2 * TOTAL * FRAME + FRAME // 2)
    studio.go()
    for key in "abc":
        wait_for(watched(desk, start(desk, key, studio.script(key))))
    wait_until(lambda: not desk._films)
    for key in "cb":
        wait_for(watched(desk, start(desk, key, studio.script(f"{key} anew"))))
    found = wait_for(watched(desk, start(desk, "a", studio.script("a anew"))))
    assert {name for name, _ in studio.made} == {"a", "b", "c", "a anew"}
    assert found["error"] is None and len(found["frames"]) == TOTAL, "it is watched, however large it is"
    assert desk._kept.size <= desk._kept.most


def test_what_is_no_question_is_refused_with_a_sentence():
    for argument in (
        None,
        [],
        {},
        {"id": 3},
        {"id": "a", "from": -1},
        {"id": "a", "from": True},
        {"id": "a", "from": 1e9},
    ):
        assert "a film is asked for by its id" in wait_for(frames(argument))["error"]
    assert "ended on the server" in wait_for(frames({"id": "a", "from": 0}))["error"]
    assert wait_for(stop({"id": "a"})) == {}


def test_a_server_function_checks_its_arguments_and_starts_a_film(studio: Studio):
    def draw(seed: Seed) -> Script:
        """A film of a seed."""
        if seed == 13:
            raise ValueError("thirteen is unlucky")
        return studio.script(str(seed))

    desk = Desk(films=1)
    begin = film(draw, desk=desk)
    assert "the seed must be a number" in wait_for(begin({"seed": "x"}))["error"]
    assert wait_for(begin({"seed": 13}))["error"] == "thirteen is unlucky"
    begun = wait_for(begin({"seed": 1}))
    assert begun["total"] == TOTAL
    assert wait_for(begin({"seed": 2})) == {"error": work.BUSY}
    assert wait_for(begin({"seed": 1}))["id"] != begun["id"]
    assert wait_for(desk.frames(begun["id"], 0))["from"] == 0
