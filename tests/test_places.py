"""Questions that replicas answer: what travels, what a front end does when a replica is gone, and what it says then."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given

from explorer.serving import places
from explorer.serving.films import GONE
from explorer.serving.places import AFFINITY, REPLICA, Replicas, pack_call, unpack_call
from explorer.serving.visitors import NOBODY, Visitor
from explorer.serving.work import BROKEN, BUSY
from explorer.tabs import interface
from tests.asking import anything, wait_for


class Fake:
    """Two replicas that note every call; `film` asks on and on about a film of the first unless it is gone."""

    def __init__(self, *answers: httpx.Response | Exception):
        self.answers, self.calls = list(answers), []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append((request.url.path, *unpack_call(request.content), request.headers.get(AFFINITY)))
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def told(answer: dict, replica: str = "aaaaaaaa") -> httpx.Response:
    return httpx.Response(200, content=orjson.dumps(answer), headers={REPLICA: replica})


def asking(fake: Fake) -> dict[str, Callable]:
    """Server functions of the diffusion that this fake answers."""
    functions = {
        name.rpartition("/")[2]: each
        for name, each in interface.server_functions().items()
        if name.startswith("diffusion-")
    }
    return dict(Replicas("http://there", httpx.MockTransport(fake)).instead("diffusion-stage", functions))


def ask(fake: Fake, *calls: tuple[str, Any]) -> list[dict]:
    async def all_of_them() -> list[dict]:
        functions = asking(fake)
        return [await functions[name](argument) for name, argument in calls]

    return wait_for(all_of_them())


FAILED = httpx.Response(500)
NAME, OTHER = f"aaaaaaaa-{'0' * 16}", f"bbbbbbbb-{'1' * 16}"
FRAMES = {"frames": [{}], "done": False, "error": None}


def test_without_an_address_the_functions_are_called_themselves(monkeypatch: pytest.MonkeyPatch):
    functions = interface.server_functions()
    monkeypatch.setenv("EXPLORER_MODELS", "")
    assert places.place("vae-stage", functions) is functions
    monkeypatch.setenv("EXPLORER_MODELS", "http://there")
    assert not set(places.place("vae-stage", functions).values()) & set(functions.values())


@given(anything)
def test_what_a_visitor_sends_travels_as_it_is(argument: Any):
    try:
        argument = orjson.loads(json.dumps(argument))
    except ValueError:
        return  # the gate refuses what is no JSON
    who = Visitor("session", "2001:db8::/64")
    assert unpack_call(pack_call(argument, who)) == (argument, who)


def test_a_call_that_a_replica_did_not_finish_is_made_once_more():
    for broken in (httpx.Response(500), httpx.ReadError("gone"), httpx.ConnectError("not there")):
        fake = Fake(broken, told({"x": 1}))
        assert ask(fake, ("ask_likelihood", {"seed": 1})) == [{"x": 1}]
        assert fake.calls == 2 * [("/diffusion-stage/ask_likelihood", {"seed": 1}, NOBODY, None)]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([FAILED, FAILED], BROKEN),
        ([httpx.ConnectError("not there"), httpx.ConnectError("not there")], BROKEN),
        ([httpx.Response(503)], BUSY),
        ([httpx.ReadTimeout("slow")], BUSY),
    ],
)
def test_what_no_replica_answers_is_told_in_a_sentence(answers: list, words: str):
    fake = Fake(*answers)
    assert ask(fake, ("ask_likelihood", {})) == [{"error": words}]
    assert not fake.answers


def test_a_film_is_followed_at_its_replica():
    fake = Fake(told({"id": NAME}), told(FRAMES), told({}))
    ask(fake, ("reverse", {"seed": 5}), ("frames", {"id": NAME, "from": 3}), ("stop", {"id": NAME}))
    assert [(path.rpartition("/")[2], argument, where) for path, argument, _, where in fake.calls] == [
        ("reverse", {"seed": 5}, None),
        ("frames", {"id": NAME, "from": 3}, "aaaaaaaa"),
        ("stop", {"id": NAME}, "aaaaaaaa"),
    ]


def test_a_film_whose_replica_is_gone_goes_on_at_another_under_the_same_name():
    gone = told({"error": GONE}, "bbbbbbbb")
    fake = Fake(told({"id": NAME}), gone, told({"id": OTHER}, "bbbbbbbb"), *2 * [told(FRAMES, "bbbbbbbb")])
    wanted = ("frames", {"id": NAME, "from": 3})
    assert ask(fake, ("reverse", {"seed": 5}), wanted, wanted)[1:] == [FRAMES, FRAMES]
    assert [(path.rpartition("/")[2], argument, where) for path, argument, _, where in fake.calls[2:]] == [
        ("reverse", {"seed": 5}, None),
        ("frames", {"id": OTHER, "from": 3}, "bbbbbbbb"),
        ("frames", {"id": OTHER, "from": 3}, "bbbbbbbb"),
    ]


def test_a_film_that_ended_or_began_at_another_front_end_is_not_started_again():
    ended = Fake(told({"id": NAME}), told({"error": GONE}))
    assert ask(ended, ("reverse", {}), ("frames", {"id": NAME}))[1] == {"error": GONE}
    elsewhere = Fake(told({"error": GONE}, "bbbbbbbb"))
    assert ask(elsewhere, ("frames", {"id": NAME})) == [{"error": GONE}]
    assert not ended.answers and not elsewhere.answers


def test_what_is_nested_too_deeply_to_travel_is_told_in_a_sentence():
    deep = orjson.loads("[" * 300 + "]" * 300)
    fake = Fake()
    assert ask(fake, ("ask_likelihood", deep)) == [{"error": places.PLACES_DEEP}]
    assert not fake.calls


@pytest.mark.parametrize("name", [None, 5, "", "x\r\ny: z-0000000000000000", "aaaaaaaa", "é" * 20])
def test_what_is_no_id_of_a_film_names_no_replica(name: Any):
    fake = Fake(told({"error": "no"}))
    assert ask(fake, ("frames", {"id": name})) == [{"error": "no"}]
    assert fake.calls[0][1:] == ({"id": name}, NOBODY, None)


LIES = {
    "no JSON": httpx.Response(200, content=b"<html>"),
    "a list": httpx.Response(200, content=b"[1]"),
    "a number that is none": httpx.Response(200, content=b'{"frames": NaN}'),
    "no gzip": httpx.RemoteProtocolError("cut short"),
    "no body": httpx.DecodingError("no gzip"),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", [("reverse", {}), ("frames", {"id": NAME}), ("stop", {"id": NAME})])
def test_a_replica_that_answers_nonsense_is_asked_once_more_and_then_told_in_a_sentence(lie: str, call: tuple):
    fake = Fake(LIES[lie], LIES[lie])
    assert ask(fake, call) == [{"error": BROKEN}] and len(fake.calls) == 2


@pytest.mark.parametrize("name", [None, 3, [], "x", "a" * 99, NAME.upper()])
def test_a_film_without_a_name_did_not_begin(name: Any):
    assert ask(Fake(told({"id": name})), ("reverse", {})) == [{"error": BROKEN}]
    again = Fake(told({"id": NAME}), told({"error": GONE}, "bbbbbbbb"), told({"id": name}))
    assert ask(again, ("reverse", {}), ("frames", {"id": NAME}))[1] == {"error": BROKEN}


def test_the_films_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "WATCHERS", 2)
    names = [f"aaaaaaaa-{k:016x}" for k in range(3)]
    gone = told({"error": GONE}, "bbbbbbbb")
    fake = Fake(*(told({"id": name}) for name in names), gone, gone, told({"id": OTHER}, "bbbbbbbb"), told(FRAMES))
    found = ask(fake, *3 * [("reverse", {})], ("frames", {"id": names[0]}), ("frames", {"id": names[2]}))
    assert found[3:] == [{"error": GONE}, FRAMES]


def test_who_leaves_ends_the_call():
    left = asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        try:
            await asyncio.sleep(60)
        finally:
            left.set()

    async def leave() -> bool:
        asked = asyncio.create_task(asking(slow)["ask_likelihood"]({}))
        await asyncio.sleep(0.05)
        asked.cancel()
        await asyncio.wait([asked])
        return left.is_set()

    assert wait_for(leave())
