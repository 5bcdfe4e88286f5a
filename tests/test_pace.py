"""How fast somebody may ask: at once as much as a burst, then no faster than the rate, and each for themselves."""

import math
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tabs.kit import pace
from explorer.tabs.kit.pace import KNOWN, LONGEST, Pace


@pytest.fixture(autouse=True, scope="module")
def clock() -> Iterator[SimpleNamespace]:
    """A clock that goes when it is told to."""
    clock = SimpleNamespace(now=1_000.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: clock.now))
        yield clock


def test_a_burst_waits_for_nothing_and_what_comes_after_it_does():
    own = Pace(rate=8, burst=4)
    assert [own.wait("a") for _ in range(7)] == [0, 0, 0, 0, 0.125, 0.25, 0.375]
    assert own.wait("b") == 0


def test_who_would_wait_too_long_is_told_so_and_waits_no_longer_for_that():
    own = Pace(rate=8, burst=4)
    waits = [own.wait("a") for _ in range(200)]
    told = [wait for wait in waits if math.isfinite(wait)]
    assert len(told) == 4 + 8 * LONGEST and max(told) == LONGEST
    assert waits[len(told) :] == [math.inf] * (200 - len(told))


@given(pauses=st.lists(st.floats(0, 1), max_size=60))
def test_in_the_long_run_nobody_is_answered_faster_than_the_rate(pauses: list[float], clock: SimpleNamespace):
    own, start, answered = Pace(rate=10, burst=5), clock.now, []
    for pause in pauses:
        clock.now += pause
        answered.append(clock.now + own.wait("a"))
    answered = sorted(at for at in answered if math.isfinite(at))
    for count, at in enumerate(answered, 1):
        assert count <= 5 + 10 * (at - start) + 1e-6


def test_only_those_are_known_who_asked_last():
    own = Pace(rate=10, burst=5)
    for number in range(2 * KNOWN):
        own.wait(str(number))
    assert len(own._next) == KNOWN
