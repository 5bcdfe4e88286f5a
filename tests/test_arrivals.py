"""Bodies of networks that arrive slowly: they keep out neither others of their address nor other addresses."""

import asyncio
import contextlib
from collections.abc import Iterator

import pytest

from explorer.serving import opened
from explorer.serving.checks import Refused
from explorer.serving.opened import ARRIVING, GRACE, Arrivals, Body, Opening
from tests.asking import wait_for


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of a clock that stands still."""
    now = [1_000.0]
    monkeypatch.setattr(opened.time, "monotonic", lambda: now[0])
    return now


class Limit:
    """A time limit that notes whether it was brought forward."""

    def __init__(self):
        self.ended, self._when = False, 1e9

    def when(self) -> float:
        return self._when

    def reschedule(self, when: float) -> None:
        self.ended, self._when = when < self._when, when


@contextlib.contextmanager
def arriving(arrivals: Arrivals, *addresses: str) -> Iterator[list[Body]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(arrivals.enter(each, Limit())) for each in addresses]


def test_what_was_announced_takes_no_room_before_it_arrives(now: list[float]):
    async def work() -> None:
        arrivals = Arrivals()
        with arriving(arrivals, *(f"10.0.0.{k}" for k in range(100))) as bodies:
            for each in bodies:
                await arrivals.grow(each, ARRIVING // 200)
            with arriving(arrivals, "honest") as (honest,):
                await arrivals.grow(honest, ARRIVING // 2)

    wait_for(work())


def test_without_room_slow_bodies_go_oldest_first_and_quick_ones_stay(
    now: list[float], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(opened, "WAIT", 0)

    async def work() -> None:
        arrivals = Arrivals()
        with arriving(arrivals, "slow", "slower") as (first, second):
            await arrivals.grow(first, ARRIVING // 2)
            now[0] += GRACE
            await arrivals.grow(second, ARRIVING // 2)
            now[0] += GRACE / 2
            with arriving(arrivals, "honest", "another") as (honest, another):
                await arrivals.grow(honest, ARRIVING // 4)
                assert first.limit.ended and second.limit.ended is False
                now[0] -= GRACE  # as if the second had come lately
                with pytest.raises(Refused):
                    await arrivals.grow(another, ARRIVING // 2)
                assert not honest.limit.ended

    wait_for(work())


def test_a_body_without_room_waits_until_quick_ones_become_slow(monkeypatch: pytest.MonkeyPatch):
    """Two addresses that send half of the room at once, and again once they are dropped, refuse nobody."""
    monkeypatch.setattr(opened, "PAUSE", 0.001)
    monkeypatch.setattr(opened, "GRACE", 0.5)

    async def work() -> None:
        arrivals = Arrivals()
        with arriving(arrivals, "one", "two") as (one, two):
            await arrivals.grow(one, ARRIVING // 2)
            two.since += 60
            await arrivals.grow(two, ARRIVING // 2)
            with arriving(arrivals, "honest") as (honest,):
                entering = asyncio.create_task(arrivals.grow(honest, 500_000))
                await asyncio.sleep(0.05)
                assert not entering.done() and honest.limit.when() > 1e9, "its own time stands still"
                await entering
                assert one.limit.ended and not two.limit.ended and not honest.limit.ended

    wait_for(work())


def test_few_bodies_wait_for_room_and_not_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opened, "PAUSE", 0.001)
    monkeypatch.setattr(opened, "WAIT", 0.05)

    async def work() -> list[object]:
        arrivals = Arrivals()
        with arriving(arrivals, "full", *map(str, range(opened.OPENED_WAITING + 3))) as (full, *others):
            await arrivals.grow(full, ARRIVING)
            growing = [asyncio.create_task(arrivals.grow(each, 100)) for each in others]
            await asyncio.sleep(0.01)
            assert sum(each.done() for each in growing) == 3
            return await asyncio.gather(*growing, return_exceptions=True)

    assert {type(each) for each in wait_for(work())} == {Refused}


def test_a_slow_body_is_dropped_when_another_of_its_address_waits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opened, "GRACE", 0.02)

    async def work() -> tuple[list[object], list[dict]]:
        found: list[dict] = []

        async def answer(wanted: dict) -> dict:
            found.append(wanted)
            return {"net": "x"}

        opening = Opening(answer)
        body = (2).to_bytes(4, "big") + b"{}"

        async def trickle() -> dict:
            await asyncio.sleep(3_600)
            return {}

        async def whole() -> dict:
            return {"type": "http.request", "body": body, "more_body": False}

        headers = opened.Headers({"content-type": "application/octet-stream", "content-length": str(len(body))})
        slow = asyncio.create_task(opening.answer(opened.OPEN, "class", headers, trickle))
        await asyncio.sleep(0)
        quick = asyncio.create_task(opening.answer(opened.OPEN, "class", headers, whole))
        return await asyncio.gather(slow, quick, return_exceptions=True), found

    (slow, quick), _ = wait_for(work())
    assert isinstance(slow, Refused) and slow.status == 408
    assert isinstance(quick, Refused) and quick.status == 400, "it was read, and names no page"
