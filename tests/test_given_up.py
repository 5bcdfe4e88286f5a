"""Work that nobody waits for any more: it ends, leaves nothing in memory, and is not done again."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine

import pytest

from explorer.running.pauses import pausing
from explorer.serving import desk as desks
from explorer.serving.desk import Desk
from explorer.tabs.kit.layout.fields import Seed
from tests.asking import until, wait_for
from tests.desks import ONE_WORKER, of, together


class Ballast:
    """Something that a piece of work holds in its hands."""


def given_up(desk: Desk, ask: Callable[[], Coroutine], begun: Callable[[], bool], go: threading.Semaphore) -> None:
    """Ask something, hang up when it has begun, and wait until the desk is at rest."""

    async def visit() -> None:
        question = asyncio.create_task(ask())
        await until(begun)
        question.cancel()
        await until(lambda: not desk._jobs)
        go.release(1_000)
        await until(lambda: not desk._busy[ONE_WORKER])

    wait_for(visit())


@pytest.mark.parametrize("shared", [False, True])
def test_given_up_work_leaves_nothing_behind_and_is_not_done_again(shared: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desks, "SLICE", 0.0)
    held, begun, go = [], [], threading.Semaphore(0)

    def work(seed: Seed) -> dict:
        begun.append(seed)
        ballast = Ballast()
        held.append(weakref.ref(ballast))
        for _ in pausing(range(9)):
            assert go.acquire(timeout=60)
        return {"seed": seed}

    def many(questions: list[dict]) -> list[dict]:
        return [work(**each) for each in questions]

    desk, question = Desk(), together(many, most=8) if shared else of(work)
    gc.disable()
    try:
        given_up(desk, lambda: desk.ask(question, {"seed": 1}), lambda: bool(held), go)
        assert begun == [1] and held[0]() is None
    finally:
        gc.enable()
