"""Ask server functions from a plain test, also where Playwright keeps an event loop running in the same thread."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import strategies as st

from explorer import fields
from explorer.fields import Field
from explorer.tabs.kit.layout.mode import Mode

anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def wait_for(coroutine: Coroutine) -> Any:
    """Run a coroutine to its end in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def until(done: Callable[[], bool]) -> None:
    """Wait for what another thread brings about, and let other coroutines go on."""
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.002)


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for what another thread brings about."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "this never came"
        time.sleep(0.005)


async def watched(ask: Mapping[str, Callable], name: str, argument: dict) -> tuple[dict, list[dict], dict]:
    """First message of a film, its frames, and the last answer."""
    begun, frames = await ask[name](argument), []
    while True:
        found = await ask["frames"]({"id": begun["id"], "from": len(frames)})
        frames += found["frames"]
        if found["done"] or found["error"]:
            return begun, frames, found


async def stopped(ask: Mapping[str, Callable], name: str, argument: dict) -> str:
    """Answer to one who asks on about a film that was stopped."""
    begun = await ask[name](argument)
    assert await ask["stop"]({"id": begun["id"]}) == {}
    return (await ask["frames"]({"id": begun["id"], "from": 0}))["error"]


def refuses_in_a_sentence(ask: Mapping[str, Callable], argument: Any) -> None:
    """Fails unless every function refuses what is no question; any id may be stopped."""
    for name in ask:
        if name != "stop" or not isinstance(argument, dict) or argument == {}:
            assert len(wait_for(ask[name](argument))["error"]) > 10


def functions_of(modes: Iterable[Mode]) -> list[Callable]:
    """The server functions of some modes."""
    return [each for mode in modes for each in mode.functions]


def fields_asked(functions: Iterable[Callable]) -> dict[str, Field]:
    """The fields of all parameters of some server functions, by the names of both."""
    known = {each.__name__: fields.of(each.plain) for each in functions if hasattr(each, "plain")}
    return {f"{name}({parameter})": field for name in known for parameter, field in known[name].items()}


def reads_or_says_why(read: Callable, value: Any) -> None:
    """Fails unless a check makes something of a value that answers can be shared by, or refuses it in a sentence."""
    try:
        hash(read(value))
    except ValueError as error:
        assert len(str(error)) > 10
