"""The desk is fair over all that a visitor asks for, whatever it is, and bounded in all that it holds."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
import torch

from explorer.serving import desk as desks
from explorer.serving.desk import Desk
from explorer.serving.films import Film, Script
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import FILMS, Busy, Question
from explorer.spaces import LEVELS
from explorer.tabs.compare import tab as compare_tab
from explorer.tabs.diffusion import tab as diffusion_tab
from explorer.tabs.gan import tab as gan_tab
from explorer.tabs.kit.ask.answers import frames, stop
from tests.asking import until, wait_for, wait_until
from tests.desks import expect, of, start
from tests.test_desk import ONE, OTHER, Bench, asked
from tests.test_films import FRAME, Studio, watched

HERE, THERE = Question(print, FILMS), Question(repr, FILMS)  # films of two tabs


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is a turn."""
    monkeypatch.setattr(desks, "SLICE", 0.0)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.go()


@pytest.fixture
def studio() -> Iterator[Studio]:
    studio = Studio()
    yield studio
    studio.go()


def filmed(desk: Desk, who: Visitor, question: Question, script: Script, key: str) -> str:
    """The name under which a visitor watches a film that is started."""
    visitor.set(who)
    return desk.start(question, key, script)["id"]


def test_who_has_a_film_and_a_hundred_questions_stands_behind_who_asks_one(bench: Bench, studio: Studio):
    """In whichever tab: the other's question comes next, and of two films the other's, which is shorter than one's."""
    desk = Desk()

    async def visits() -> None:
        long = filmed(desk, ONE, HERE, studio.script("under way", total=200_000), "under way")  # however short a step
        mine = [asked(ONE, desk.ask(of(bench.piece), {"name": "one", "number": number})) for number in range(100)]
        await until(lambda: len(bench.begun) == 1 and len(desk._jobs) == 100)
        filmed(desk, ONE, HERE, studio.script("one", total=10), "one")
        other = filmed(desk, OTHER, THERE, studio.script("other", total=8), "other")
        other_question = asked(OTHER, desk.ask(of(bench.piece), {"name": "other"}))
        await until(lambda: len(desk._jobs) == 101)
        await asyncio.sleep(0.2)  # that long the first step of one's film takes, and another's eight take less
        studio.go(9)
        await until(lambda: ("other", 7) in studio.made)
        assert "one" not in {name for name, _ in studio.made}
        bench.go(2)
        await other_question
        assert [name for name, _ in bench.begun[:2]] == ["one", "other"]
        for each in mine:
            each.cancel()
        desk.stop(long)
        assert (await desk.frames(other, 0))["error"] is None

    wait_for(visits())


def test_films_in_two_tabs_are_no_second_share(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desks, "GUESS", 1.0)  # what a step takes as long as none is known; here none takes any time
    desk = Desk()
    filmed(desk, ONE, HERE, studio.script("here", total=30), "here")
    filmed(desk, ONE, THERE, studio.script("there", total=30), "there")
    filmed(desk, OTHER, HERE, studio.script("other", total=40), "other")
    expect(desk, {HERE: 1.0, THERE: 1.0})
    order = [each.script.total for each in desk._order(FILMS)]
    assert order == [30, 40, 30]


def test_answers_and_films_share_one_budget(studio: Studio):
    def large(seed: int) -> dict:
        return {"image": "x" * 10_000 + str(seed)}

    desk = Desk(remembered=100_000)
    studio.go()
    for number in range(6):
        wait_for(desk.ask(of(large), {"seed": number}))
        wait_for(watched(desk, start(desk, f"film {number}", studio.script("f" * 20, total=6))))
        wait_until(lambda: not desk._films)
        assert desk._kept.size <= 100_000
    held = {type(value).__name__ for value, _ in desk._kept._known.values()}
    assert held == {"Film", "dict"} and len(desk._kept) < 12
    made = len(studio.made)
    wait_for(watched(desk, start(desk, "film 5", studio.script("anew"))))
    assert len(studio.made) == made, "the latest film is remembered"
    wait_for(watched(desk, start(desk, "film 0", studio.script("anew"))))
    assert len(studio.made) > made, "the first one had to go for answers and films that came after it"


def test_a_film_under_way_takes_room_from_what_is_remembered(studio: Studio):
    desk = Desk(remembered=2_000)
    wait_for(desk.ask(of(lambda: {"text": "y" * 1_000}), {}))
    assert len(desk._kept) == 1
    start(desk, "a", studio.script("a", total=50))
    studio.go(9)
    wait_until(lambda: len(studio.made) == 9 and not len(desk._kept))


def test_films_that_are_larger_than_the_budget_go_from_who_wants_most(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Film, "pace", 0.01)  # of every film, however busy the machine is
    desk = Desk(remembered=30 * FRAME, growing=15 * FRAME)
    mine = [filmed(desk, ONE, HERE, studio.script(key, total=50), key) for key in "abc"]
    other = filmed(desk, OTHER, THERE, studio.script("o", total=10), "other")
    studio.go()
    assert wait_for(watched(desk, other))["done"]
    ended = [wait_for(watched(desk, name))["error"] for name in mine]
    assert desks.BUSY in ended, "films of 50 frames cannot be"
    assert desk._growing <= 15 * FRAME and desk._kept.size <= 30 * FRAME


def test_waiting_questions_and_films_are_bounded_and_the_last_of_who_wants_most_goes(bench: Bench, studio: Studio):
    desk = Desk(waiting=10, films=3)

    async def visits() -> None:
        mine = [asked(ONE, desk.ask(of(bench.piece), {"name": "one", "number": number})) for number in range(50)]
        names = [filmed(desk, ONE, HERE, studio.script(key), key) for key in "abc"]
        with pytest.raises(Busy):
            filmed(desk, ONE, THERE, studio.script("d"), "d")
        await until(lambda: sum(each.done() for each in mine) == 39)
        other = asked(OTHER, desk.ask(of(bench.piece), {"name": "other"}))
        others = filmed(desk, OTHER, THERE, studio.script("other"), "other")
        await until(lambda: sum(each.done() for each in mine) == 40)
        bench.go()
        studio.go()
        assert (await other)["name"] == "other" and (await watched(desk, others))["done"]
        assert [(await watched(desk, name))["error"] for name in names].count(desks.BUSY) == 1
        await asyncio.gather(*mine, return_exceptions=True)

    wait_for(visits())
    assert not desk._line and not desk._jobs and not desk._films


def test_who_watches_in_one_tab_is_answered_by_the_same_functions_in_another():
    for tab in (compare_tab, diffusion_tab, gan_tab):
        assert {frames, stop} <= set(tab.TAB.functions)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_film_is_drawn_by_its_own_number_of_threads_whatever_ran_before(threads: int):
    """On one thread the seconds of the comparison can be compared, also in a worker's first step."""
    found, before = [], Question(print, FILMS, threads=3 - threads)
    desk, mine = Desk(), Question(repr, FILMS, threads=threads)

    def scenes() -> Iterator[tuple[int, dict]]:
        for _ in range(3):
            other = threading.Thread(target=torch.set_num_threads, args=(3 - threads,))
            other.start()
            other.join()
            torch.zeros(100, 100) @ torch.zeros(100, 100)
            found.append(torch.get_num_threads())
            yield 1, {"x": ""}

    for question, key in ((mine, "a"), (before, "b"), (mine, "c")):
        found.clear()
        name = desk.start(question, key, Script(LEVELS, 1, 3, 3, scenes))["id"]
        assert wait_for(watched(desk, name))["done"]
        assert found == [question.threads] * 3
