"""Pace of questions and reads: at once as much as a burst, then no faster than the rate, each for themselves."""

import math
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from explorer.serving import gate, pace
from explorer.serving.checks import Refused, address
from explorer.serving.gate import READ_SECONDS, READS, Gate, wait_or_refuse
from explorer.serving.pace import PACE_KNOWN, PACE_LONGEST, PACE_PIECE, Pace, throttle
from tests.asking import wait_for

CLASS, MODULES = 200, 150  # visitors, and what a first visit reads
SIX = "2001:db8:1:2:"


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
    assert len(told) == 4 + 8 * PACE_LONGEST and max(told) == PACE_LONGEST
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
    for number in range(2 * PACE_KNOWN):
        own.wait(str(number))
    assert len(own._next) == PACE_KNOWN


def test_who_asks_for_much_waits_as_if_for_many_questions(clock: SimpleNamespace):
    own = Pace(rate=100, burst=50, longest=math.inf)
    assert [own.wait("a", count) for count in (50, 25, 1_000, 0)] == [0, 0.25, 10.25, 10.25]
    clock.now += 20
    assert own.wait("a", 60) == pytest.approx(0.1)


def test_a_class_behind_one_address_opens_the_page_and_nobody_is_refused():
    own, files = Pace(*READS, READ_SECONDS), CLASS * (MODULES + 1)
    waits = [own.wait("the class") for _ in range(files)]
    assert max(waits[: 50 * (MODULES + 1)]) == 0
    assert max(waits) < 45 < READ_SECONDS
    assert own.wait("somebody else") == 0


async def read(own: Gate, who: str, path: str = "/assets/a.js") -> tuple[int, int]:
    """The status and the bytes of what somebody reads."""
    told = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "client": (who, 1), "headers": []}
    await own(scope, receive, send)
    return told[0]["status"], sum(len(message.get("body", b"")) for message in told)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds for which somebody was let wait; nobody waits for them."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(gate, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(pace, "asyncio", SimpleNamespace(sleep=sleep))
    return waited


def test_files_are_read_no_faster_than_an_address_may(waited: list[float]):
    own = Gate(PlainTextResponse("x" * 10), {}, {}, {})
    own.reads, own.bytes = Pace(10, 2), Pace(1e9, 1_000_000_000, math.inf)

    def seconds(who: str) -> float:
        waited.clear()
        assert wait_for(read(own, who)) == (200, 10)
        return max(waited)

    assert [seconds(f"{SIX}:{n}") for n in range(4)] == pytest.approx([0, 0, 0.1, 0.2]), "which is one network"
    assert [seconds("2001:db8:1:3::1"), seconds("10.0.0.1"), seconds("10.0.0.2"), seconds("10.0.0.1")] == [0] * 4
    for _ in range(20):
        wait_for(read(own, "10.0.0.1"))
    assert wait_for(read(own, "10.0.0.1"))[0] == 429


def test_bytes_are_sent_no_faster_than_an_address_may(waited: list[float]):
    own = Gate(PlainTextResponse(b"x" * 40 * PACE_PIECE), {}, {}, {})
    own.bytes = Pace(10 * PACE_PIECE, 20 * PACE_PIECE, math.inf)
    assert [wait_for(read(own, "reader"))[1] for _ in range(2)] == [40 * PACE_PIECE] * 2
    assert max(waited) == pytest.approx(6)
    waited.clear()
    assert wait_for(read(own, "somebody else")) == (200, 40 * PACE_PIECE) and max(waited) == pytest.approx(2)


@pytest.mark.parametrize("size", [0, 1, PACE_PIECE, PACE_PIECE + 1, 5 * PACE_PIECE])
@pytest.mark.parametrize("more", [False, True])
def test_an_answer_is_sent_in_pieces(size: int, more: bool, waited: list[float]):
    sent = []

    async def send(message: dict) -> None:
        sent.append(message)

    body = bytes(size)
    wait_for(throttle(send, float)({"type": "http.response.body", "body": body, "more_body": more}))
    assert b"".join(message["body"] for message in sent) == body
    assert [message.get("more_body") for message in sent] == [True] * (len(sent) - 1) + [more]
    assert waited == [len(message["body"]) for message in sent] and max(waited) <= PACE_PIECE


def test_who_would_wait_for_ever_is_refused():
    with pytest.raises(Refused) as no:
        wait_for(wait_or_refuse(math.inf))
    assert no.value.status == 429


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("10.1.2.3", "10.1.2.3"),
        (f"{SIX}3:4:5:6", f"{SIX}:/64"),
        (f"{SIX}:", f"{SIX}:/64"),
        ("2001:0DB8:0001:0002::9%eth0", f"{SIX}:/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("[2001:db8:1:2::9]", f"{SIX}:/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("::1", "::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_of_version_six_counts_by_its_network(said: str, who: str, monkeypatch: pytest.MonkeyPatch):
    assert address({"client": (said, 1)}, Headers({"x-forwarded-for": "1.2.3.4"})) == who
    monkeypatch.setenv("SPACE_ID", "owner/space")
    assert address({"client": ("10.0.0.1", 1)}, Headers({"x-forwarded-for": f"1.2.3.4, {said}"})) == who
    assert address({"client": None}, Headers({})) == ""
