"""Two replicas behind a front end: equal answers, and nobody notices for long that one of them ends."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from explorer.running import engine
from explorer.serving.places import REPLICA, Replicas
from explorer.tabs import interface
from tests.asking import until, wait_for, wait_until, watched
from tests.benchmarks.lines import Line, Site, line_to, site_of
from tests.benchmarks.visits import KINDS, essence, same
from tests.replicas import Group, replicas
from tests.server import Server, serve

pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-scale.txt")
pytestmark = [pytest.mark.deep, pytest.mark.timeout(1_800)]
ASKED = [name for name, kind in KINDS.items() if not kind.film]
LASTS, ENDS_AT, VISITORS = 20.0, 6.0, 10  # seconds under load, when a replica ends, and those who ask meanwhile
CLOCK = {"seconds", "ms", "waiting", "left"}  # what an answer says of the time


@pytest.fixture(scope="module", autouse=True)
def fast() -> Iterator[None]:
    engine.switch(True)
    yield
    engine.switch(False)


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    with replicas(2, tmp_path_factory.mktemp("replicas") / "log.txt") as group:
        yield group


@pytest.fixture(scope="module")
def front(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("front") / "log.txt", EXPLORER_MODELS=group.url) as server:
        yield server


def untimed(answer: Any) -> bytes:
    """An answer without what it says of the time, as bytes."""
    if isinstance(answer, dict):
        answer = {key: orjson.loads(untimed(value)) for key, value in answer.items() if key not in CLOCK}
    if isinstance(answer, list):
        answer = [orjson.loads(untimed(each)) for each in answer]
    return orjson.dumps(answer)


@pytest.mark.parametrize("kind", ASKED)
def test_both_replicas_answer_what_one_process_answers(group: Group, kind: str):
    asked = KINDS[kind]
    path, argument = f"{asked.stage}/{asked.name}", asked.argument(1234)
    names = group.names(2)
    assert len(names) == 2
    found = {name: group.ask(path, argument, name) for name in names}
    assert {each.headers[REPLICA] for each in found.values()} == names, "a replica that is named answers"
    here = untimed(wait_for(interface.server_functions()[path](argument)))
    assert {untimed(each.json()) for each in found.values()} == {here}


async def answered(site: Site, line: Line, visitor: str, kind: str, number: int) -> Any:
    """The main part of an answer, or None for an error."""
    asked = KINDS[kind]
    how = site.film if asked.film else site.ask
    found = await how(line, visitor, asked.stage, asked.name, asked.argument(number))
    answer = (found[0] if asked.film else found).json
    return None if answer.get("error") else essence(answer)


def test_one_replica_ends_under_load_and_one_retry_mends_every_error(group: Group, front: Server):
    kinds = [*ASKED, "film of 10 steps"]
    counts, found = Counter(), {}

    async def visitor(site: Site, number: int, end: float) -> None:
        async with line_to(front.url) as line:
            while time.monotonic() < end:
                kind, seed = kinds[counts["asked"] % len(kinds)], number % 3
                counts["asked"] += 1
                answer = await answered(site, line, f"visitor{number}", kind, seed)
                if answer is None:
                    counts["again"] += 1
                    answer = await answered(site, line, f"visitor{number}", kind, seed)
                counts["lost"] += answer is None
                counts["other"] += not same(found.setdefault((kind, seed), answer), answer)

    async def killer() -> None:
        await asyncio.sleep(ENDS_AT)
        group.processes()[0].send_signal(signal.SIGKILL)
        counts["before"] = counts["asked"]

    async def lesson() -> None:
        site, end = await site_of(front.url), time.monotonic() + LASTS
        await asyncio.gather(killer(), *(visitor(site, number, end) for number in range(VISITORS)))

    group.names(2)
    asyncio.run(lesson())
    assert counts["asked"] > counts["before"] > VISITORS
    assert (counts["lost"], counts["other"]) == (0, 0), counts
    assert len(group.names(2)) == 2, "Ray replaces the replica"


def test_a_film_goes_on_at_another_replica(group: Group, front: Server):
    argument = KINDS["film of 10 steps"].argument(7) | {"steps": 200, "eta": 1}
    group.names(2)

    async def seen() -> tuple[list[dict], str]:
        site = await site_of(front.url)
        async with line_to(front.url) as line:
            asking = functions(site, line)
            begun, frames, killed = await asking("reverse", argument), [], False
            while True:
                result = await asking("frames", {"id": begun["id"], "from": len(frames)})
                frames += result["frames"]
                if frames and not killed:
                    kill_that_of(group, begun["id"].partition("-")[0])
                    killed = True
                if result["done"] or result["error"]:
                    return frames, result["error"]

    frames, error = wait_for(seen())
    assert error is None
    served = interface.server_functions()
    ask = {name: served[f"diffusion-stage/{name}"] for name in ("reverse", "frames")}
    begun, here, _ = wait_for(watched(ask, "reverse", argument))
    assert len(frames) == len(here) == begun["total"]
    assert all(same(one["x"], other["x"]) for one, other in zip(frames, here, strict=True))


def test_work_that_nobody_waits_for_ends_at_the_replica(group: Group):
    path, picture = "compare-stage/ask_likelihood", {"set": "mnist", "test": 77}
    argument = {"net": "flow-matching-mnist", "picture": picture}  # seconds of a core

    def worked() -> float:
        return sum(sum(each.cpu_times()[:2]) for each in group.processes())

    async def leave() -> float:
        there = Replicas(group.url).instead("compare-stage", {"ask_likelihood": None})
        begun = worked()
        asked = asyncio.create_task(there["ask_likelihood"](argument))
        await until(lambda: worked() - begun > 0.5)
        asked.cancel()
        await asyncio.sleep(1)
        left = worked()
        await asyncio.sleep(3)
        return worked() - left

    group.names(2)
    assert wait_for(leave()) < 0.5
    begun = worked()
    assert group.ask(path, argument).json()["nats"] < 0
    assert worked() - begun > 2, "who stays is answered after that much work"


def functions(site: Site, line: Line) -> Callable:
    async def ask(name: str, argument: dict) -> dict:
        return (await site.ask(line, "one", "diffusion-stage", name, argument)).json

    return ask


def kill_that_of(group: Group, name: str) -> None:
    """End the replica of that name: the one that works."""
    busiest = max(group.processes(), key=lambda each: each.cpu_percent(0.3))
    busiest.send_signal(signal.SIGKILL)
    wait_until(lambda: not busiest.is_running())
