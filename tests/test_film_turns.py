"""Turns of films: they end inside a frame, joined films advance by evaluations, and what nobody watches ends there."""

import threading
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn

from explorer.models.unet import UNet
from explorer.running import engine, joint
from explorer.running.joint import jointly
from explorer.running.pauses import pause
from explorer.serving import desk as desks
from explorer.serving import films, work
from explorer.serving.costs import KNOWN, Costs, network_in
from explorer.serving.desk import Desk
from explorer.serving.films import Scene, Script
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import BUSY, Job, Round
from explorer.spaces import LEVELS
from tests.asking import wait_until
from tests.desks import of, start


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn ends at the next pause."""
    monkeypatch.setattr(desks, "SLICE", 0.0)


class Hall:
    """A desk with films that are let go together, and what they did."""

    def __init__(self, films: int = 64):
        self.desk, self.let_go = Desk(films=films), threading.Event()
        self.done: list[str] = []
        self.paused: list[str] = []

    def film(
        self, name: str, frames: int, frame: Callable[[], object], network: nn.Module | None = None, planned: int = 1
    ) -> str:
        """Start a film of another visitor, and return under which name it is watched."""

        def scenes() -> Iterator[Scene]:
            try:
                assert self.let_go.wait(60)
                for _ in range(frames):
                    frame()
                    yield 1, {"x": name}
            finally:
                self.done.append(name)

        visitor.set(Visitor(f"page of {name}", f"address of {name}"))
        return start(self.desk, name, Script(LEVELS, 1, frames, planned * frames, scenes, network))

    def pauses(self, name: str, count: int) -> Callable[[], None]:
        def frame() -> None:
            for _ in range(count):
                self.paused.append(name)
                pause()

        return frame


class Counted(nn.Module):
    """A network that notes for whom it is evaluated."""

    def __init__(self):
        super().__init__()
        self.seen: list[float] = []
        self.gate = threading.Semaphore(0)

    @jointly
    def forward(self, x: Tensor) -> Tensor:
        self.seen += x.flatten().tolist()
        return x

    def evaluate(self, of: float, times: int) -> Callable[[], None]:
        def frame() -> None:
            for _ in range(times):
                self(torch.full((1, 1), of))

        return frame


def test_a_turn_ends_inside_a_frame_so_that_one_long_frame_holds_up_no_other_film():
    hall = Hall()
    hall.film("long", 1, hall.pauses("long", 10_000), planned=10_000)
    hall.film("short", 3, hall.pauses("short", 2))
    hall.let_go.set()
    wait_until(lambda: "short" in hall.done)
    assert hall.paused.count("long") < 100 and "long" not in hall.done
    wait_until(lambda: hall.done == ["short", "long"])
    assert hall.paused.count("long") == 10_000


def test_a_long_frame_that_was_interrupted_is_the_same_frame():
    hall, found = Hall(), []
    draw = torch.Generator().manual_seed(3)

    def frame() -> None:
        total = torch.zeros(())
        for _ in range(50):
            total += torch.rand((), generator=draw)
            pause()
        found.append(float(total))

    hall.film("one", 2, frame)
    hall.film("other", 40, hall.pauses("other", 1))
    hall.let_go.set()
    wait_until(lambda: len(hall.done) == 2)
    again = torch.Generator().manual_seed(3)
    assert found == [float(sum(torch.rand((), generator=again) for _ in range(50))) for _ in range(2)]


def test_films_of_one_network_advance_by_evaluations_not_by_frames():
    hall, network = Hall(), Counted()
    hall.film("twenty", 10, network.evaluate(20.0, 20), network, planned=20)
    hall.film("one", 10, network.evaluate(1.0, 1), network)
    hall.let_go.set()
    wait_until(lambda: "one" in hall.done)
    there = network.seen[: len(network.seen) - network.seen[::-1].index(1.0)]
    assert there.count(1.0) == 10 and there.count(20.0) <= 15
    wait_until(lambda: len(hall.done) == 2)
    assert network.seen.count(20.0) == 200


@pytest.mark.parametrize("joined", [False, True])
def test_a_film_that_nobody_watches_ends_inside_a_frame(joined: bool):
    hall, network = Hall(), Counted()
    given = network if joined else None
    left = hall.film("left", 1, network.evaluate(5.0, 100_000), given)
    hall.film("watched", 1, network.evaluate(1.0, 300), given)
    hall.let_go.set()
    wait_until(lambda: network.seen.count(5.0) > 3)
    hall.desk.stop(left)
    wait_until(lambda: "left" in hall.done)
    assert network.seen.count(5.0) < 100_000
    wait_until(lambda: "watched" in hall.done and not hall.desk._films)
    assert network.seen.count(1.0) == 300


def test_viewers_that_ask_no_more_are_missed_inside_a_frame(monkeypatch: pytest.MonkeyPatch):
    """No request, no stop and no other film tells the desk that they left: only the clock."""
    now = [0.0]
    hall = Hall()
    monkeypatch.setattr(films.time, "monotonic", lambda: now[0])
    hall.film("left", 1, hall.pauses("left", 10**9))
    hall.let_go.set()
    wait_until(lambda: len(hall.paused) > 10)
    now[0] += films.PATIENCE + 1
    deadline = threading.Event()
    for _ in range(6_000):
        if hall.done or deadline.wait(0.01):
            break
    assert hall.done == ["left"]


def test_of_too_many_films_the_last_is_ended_and_says_that_the_server_is_busy():
    hall = Hall(films=1)
    name = hall.film("first", 1, hall.pauses("first", 100_000))
    hall.let_go.set()
    wait_until(lambda: len(hall.paused) > 3)
    film = hall.desk._films["first"]
    film.error = BUSY
    with hall.desk._lock:
        hall.desk._finish(film)
    wait_until(lambda: hall.done == ["first"])
    assert film.error == BUSY and len(hall.paused) < 100_000
    hall.desk.stop(name)


def test_a_film_that_rests_keeps_no_process_from_ending():
    hall = Hall()
    hall.film("one", 1, hall.pauses("one", 100_000))
    hall.let_go.set()
    wait_until(lambda: len(hall.paused) > 3)
    threads = [each for each in threading.enumerate() if each.name == "film"]
    assert threads and all(each.daemon for each in threads)


def test_a_film_that_is_ended_before_its_first_turn_holds_up_no_turn():
    hall = Hall()
    hall.film("first", 1, hall.pauses("first", 50))
    never = hall.film("never", 1, hall.pauses("never", 50))
    hall.desk.stop(never)
    hall.let_go.set()
    wait_until(lambda: hall.done == ["first"])
    hall.film("next", 1, hall.pauses("next", 50))
    wait_until(lambda: hall.done == ["first", "next"])
    assert "never" not in hall.paused


def test_a_network_that_is_no_cheaper_in_batches_joins_no_evaluations(monkeypatch: pytest.MonkeyPatch):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = UNet([8, 8, 8], 10, 8)

    model = Model()
    assert joint.network_of(model) is model.network
    monkeypatch.setattr(engine, "evaluates", lambda network: True)
    assert joint.network_of(model) is None


def test_costs_are_learned_by_function_and_network():
    costs, ask, other = Costs(0.05), object(), object()
    assert costs.expected((ask, "slow")) == 0.05
    for _ in range(9):
        costs.learn((ask, "slow"), 1.0)
        costs.learn((ask, "quick"), 0.01)
    assert costs.expected((ask, "slow")) == 1.0 and costs.expected((ask, "quick")) == 0.01
    assert 0.01 < costs.expected((ask, "new")) < 1.0, "of a new network, it is that of the others"
    assert costs.expected((other, "quick")) == 0.05
    for number in range(2 * KNOWN):
        costs.learn((ask, f"opened {number}"), 0.01)
    assert len(costs._known) <= KNOWN and costs.expected((ask, None)) > 0


def test_a_question_is_expected_to_cost_what_it_does_for_its_network():
    desk = Desk()
    desk._costs.learn((of(print), "slow"), 1.0)
    desk._costs.learn((of(print), "quick"), 0.03)
    rounds = {name: Round(of(print), Job(name, {"net": name})) for name in ("slow", "quick")}
    for each in rounds.values():
        each.jobs[0].waiters[Visitor(each.jobs[0].key, each.jobs[0].key)] = 1
    desk._line += [rounds["slow"], rounds["quick"]]
    assert desk._order(of(print).lane) == [rounds["quick"], rounds["slow"]]
    assert network_in({"dataset": "mnist", "beta": 1}) == "mnist" and network_in({"seed": 1}) is None


@pytest.mark.parametrize("begun", [False, True])
def test_among_short_questions_a_long_one_comes_first_after_a_while(begun: bool, monkeypatch: pytest.MonkeyPatch):
    """Also one that was suspended: each moment somebody new asks a short one."""
    now, desk = [1_000.0], Desk()
    monkeypatch.setattr(work.time, "monotonic", lambda: now[0])
    desk._costs.learn((of(print), "slow"), 5.0)
    desk._costs.learn((of(print), "quick"), 0.03)

    def asked(net: str) -> Round:
        found = Round(of(print), Job(f"{net} at {now[0]}", {"net": net}))
        found.jobs[0].waiters[Visitor(found.jobs[0].key, "a class")] = 1
        desk._line.append(found)
        return found

    long, ranks = asked("slow"), []
    long.begun = begun
    for _ in range(110):
        short = asked("quick")
        ranks.append(desk._order(of(print).lane)[0] is long)
        desk._turns[short.question.lane].charge(short, 0.03)
        desk._line.remove(short)
        now[0] += work.WEARY / 100
    assert not ranks[0] and ranks[-1] and ranks.index(True) > 60
    assert ranks == sorted(ranks)
