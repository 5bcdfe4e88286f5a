"""Bursts in small: whoever asks for a hundred things, or goes away, or fills every place, shuts out nobody else."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn

from explorer.serving import desk as desks
from explorer.serving import films, work
from explorer.serving.desk import Desk
from explorer.serving.gate import GATE_ASKED, GATE_AT_ONCE, Gate
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import Busy
from explorer.tabs.kit.ask.answers import answer, light
from explorer.tabs.kit.layout.fields import Seed
from tests.asking import wait_for, wait_until
from tests.attack import Answer, answered
from tests.desks import ONE_WORKER, start
from tests.test_films import Studio, watched

ONE, OTHER = Visitor("one", "here"), Visitor("other", "there")
STAGE = 7


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(desks, "SLICE", 0.0)
    studio = Studio()
    yield studio
    studio.go()


def started(desk: Desk, who: Visitor, name: str, studio: Studio, total: int = 6) -> str:
    """The name under which a visitor watches a film that is started."""
    before = visitor.set(who)
    try:
        return start(desk, name, studio.script(name, total))
    finally:
        visitor.reset(before)


def test_films_of_a_visitor_with_many_and_of_one_with_one_take_turns(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    step = films.Film.step

    def alike(film: films.Film) -> None:
        """A step that is counted as long as any other, however busy the machine is."""
        before = film.seconds
        step(film)
        film.seconds = before + 0.01

    monkeypatch.setattr(films.Film, "step", alike)
    desk = Desk()
    for number in range(30):
        started(desk, ONE, f"one {number}", studio)
    other = started(desk, OTHER, "other", studio)
    studio.go()
    assert wait_for(watched(desk, other))["done"]
    before = studio.made[: studio.made.index(("other", 5))]
    assert sum(name != "other" for name, _ in before) <= 2 * 6


def test_who_fills_every_place_for_films_shuts_out_nobody_else(studio: Studio):
    desk = Desk(films=8)
    mine = [started(desk, ONE, f"one {number}", studio) for number in range(8)]
    with pytest.raises(Busy):
        started(desk, ONE, "one too many", studio)
    other = started(desk, OTHER, "other", studio)
    studio.go()
    assert wait_for(watched(desk, other))["done"]
    errors = [wait_for(watched(desk, name))["error"] for name in mine]
    assert errors == [None] * 7 + [work.BUSY], "the one that would have come last has gone"


def test_films_of_many_pages_at_one_address_leave_places_to_another_address(studio: Studio):
    desk = Desk(films=8)
    for number in range(8):
        started(desk, Visitor(f"page {number}", "here"), f"film {number}", studio)
    others = [started(desk, Visitor(f"other {number}", "there"), f"other {number}", studio) for number in range(4)]
    with pytest.raises(Busy):
        started(desk, Visitor("page 8", "here"), "film 8", studio)
    studio.go()
    assert all(wait_for(watched(desk, name))["done"] for name in others)


def test_two_thousand_who_start_a_finished_film_push_out_no_one_who_watches(studio: Studio):
    desk = Desk()
    studio.go(6)
    wait_for(watched(desk, started(desk, ONE, "finished", studio)))
    mine = started(desk, OTHER, "other", studio)
    crowd = []
    for _ in range(4):
        crowd += [started(desk, ONE, "finished", studio) for _ in range(films.WATCHERS // 2)]
        studio.go(1)
        wait_for(desk.frames(mine, 0))
    assert len(desk._audience) == films.WATCHERS
    with pytest.raises(ValueError, match="ended on the server"):
        wait_for(desk.frames(crowd[0], 0))
    studio.go()
    assert len(wait_for(watched(desk, mine))["frames"]) == 6
    late = started(desk, OTHER, "finished", studio)
    assert len(wait_for(watched(desk, late))["frames"]) == 6 and studio.made.count(("finished", 0)) == 1


class House:
    """The gate in a server of its own, before functions of which one waits until it is let go."""

    def __init__(self):
        self.worked: list[int] = []
        self.gate = threading.Semaphore(0)
        self.desk = Desk()

        def slow(seed: Seed) -> dict:
            self.worked.append(seed)
            assert self.gate.acquire(timeout=60)
            return {"seed": seed}

        def quick(seed: Seed) -> dict:
            return {"quick": seed}

        functions = {"slow": answer(slow, ONE_WORKER, desk=self.desk), "quick": light(quick, desk=self.desk)}
        gate = Gate(None, {STAGE: functions}, {}, {})
        self.server = uvicorn.Server(uvicorn.Config(gate, port=0, log_level="error", lifespan="off"))

    def asked(self, name: str, seed: int, session: str = "attacker") -> socket.socket:
        """A connection on which a question has been sent."""
        body = {"session_hash": session, "component_id": STAGE, "fn_name": name, "data": {"seed": seed}}
        raw = json.dumps(body).encode()
        head = f"POST {GATE_ASKED} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
        port = self.server.servers[0].sockets[0].getsockname()[1]
        line = socket.create_connection(("127.0.0.1", port), timeout=60)
        line.sendall(f"{head}\r\n\r\n".encode() + raw)
        return line


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    thread = threading.Thread(target=house.server.run)
    thread.start()
    wait_until(lambda: house.server.started)
    yield house
    house.gate.release(1_000)
    house.server.should_exit = True
    thread.join(30)


def told(line: socket.socket) -> Answer:
    with closing(line):
        return answered(line)


def test_questions_of_who_has_hung_up_are_given_up(house: House):
    lines = [house.asked("slow", seed, f"page{seed}") for seed in range(200)]
    wait_until(lambda: len(house.desk._jobs) == 200)
    for line in lines:
        line.close()
    wait_until(lambda: not house.desk._jobs)
    last = house.asked("slow", 1_000, "somebody")
    house.gate.release(1_000)
    assert told(last).json == {"seed": 1_000}
    assert house.worked == [house.worked[0], 1_000], "of 200 questions the one under way was worked on"


def test_a_page_asks_no_more_at_once_than_it_may_and_others_ask_on(house: House):
    lines = [house.asked("slow", seed) for seed in range(GATE_AT_ONCE)]
    wait_until(lambda: len(house.desk._jobs) == GATE_AT_ONCE)
    assert told(house.asked("slow", 99)).status == 429
    assert told(house.asked("quick", 1)).status == 429
    assert told(house.asked("quick", 1, "somebody")).json == {"quick": 1}
    house.gate.release(1_000)
    assert [told(line).json["seed"] for line in lines] == list(range(GATE_AT_ONCE))
    assert told(house.asked("quick", 2)).json == {"quick": 2}


def test_a_burst_of_fresh_pages_is_answered_or_told_to_come_back_and_leaves_nothing(house: House):
    house.gate.release(10_000)
    lines = [house.asked("slow", seed, f"page{seed}") for seed in range(600)]
    found = [told(line) for line in lines]
    assert {each.status for each in found} == {200}
    assert all(each.json in ({"seed": seed}, {"error": work.BUSY}) for seed, each in enumerate(found))
    assert told(house.asked("quick", 1, "somebody")).json == {"quick": 1}
    assert not house.desk._jobs and not house.desk._line
