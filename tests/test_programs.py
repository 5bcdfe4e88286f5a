"""The door for programs: the answers of the page, by HTTP, by Gradio's client and by MCP; what strangers send."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio_client
import numpy as np
import pytest

from explorer import data, fields
from explorer.programs.openapi import description
from explorer.programs.questions import is_open
from explorer.spaces import BINARY
from explorer.tabs import interface
from tests import hostile
from tests.asking import wait_for
from tests.attack import JSON, Target, attacked_app

STAGE = "compare-stage"
SHARED = {"make", "complete", "interpolate", "likelihood", "anomaly", "compress"}
PICTURE = {"test": 8, "set": "mnist"}
ANSWERED = {
    "likelihood": ("ask_likelihood", {"net": "pixelcnn-mnist", "picture": PICTURE}),
    "anomaly": ("ask_anomaly", {"net": "made-mnist", "picture": PICTURE}),
    "compress": ("compress", {"net": "made-mnist", "x": PICTURE}),
}
HALF = base64.b64encode(bytes([255]) * 49 + bytes(49)).decode()
"""The upper half of 784 pixels is known."""
FILMED = {
    "make": ("ask_make", {"net": "made-mnist", "seed": 3}),
    "interpolate": ("ask_interpolate", {"net": "vae-mnist", "picture": PICTURE, "other": {"test": 9, "set": "mnist"}}),
}
LIKELY = ANSWERED["likelihood"][1]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An app whose door for programs is open."""
    with attacked_app(tmp_path_factory.mktemp("door"), EXPLORER_API="1") as target:
        yield target


def asked(door: Target, name: str, argument: Any) -> dict[str, Any]:
    """The answer to a program."""
    found = door.post(f"/api/{name}", argument)
    assert found.status == 200, found.body[:300]
    return found.json


def last_frame(door: Target, function: str, argument: Any) -> dict[str, Any]:
    """The last frame of a film, as the page watches it."""
    begun, frames = door.ask(STAGE, function, argument).json, []
    while True:
        found = door.ask(STAGE, "frames", {"id": begun["id"], "from": len(frames)}).json
        frames += found["frames"]
        if found["done"]:
            return frames[-1]


@pytest.mark.parametrize("said", ["2", "yes", "true"])
def test_a_setting_that_is_neither_is_refused(said: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_API", said)
    with pytest.raises(SystemExit, match=f"EXPLORER_API is '{said}'"):
        is_open()


def test_the_door_is_closed_by_default(target: Target):
    for method, path in (("GET", "openapi.json"), ("GET", "config"), ("POST", "likelihood"), ("POST", "mcp")):
        found = target.send(method, f"/api/{path}", b"{}" if method == "POST" else None, JSON)
        assert found.status == 404 and found.json == {"error": "There is nothing here."}


def test_each_argument_is_described_by_its_field_and_nothing_else_is():
    questions = interface.questions_of_programs()
    assert questions.keys() >= SHARED
    said = description(questions, "/api")
    assert said["paths"].keys() == {f"/{name}" for name in questions}
    for name, question in questions.items():
        body = said["paths"][f"/{name}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body["properties"] == {key: field.to_schema() for key, field in question.known.items()}
        assert question.known is not None and set(body["required"]) <= body["properties"].keys()
    seed = said["paths"]["/make"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]["seed"]
    assert (seed["minimum"], seed["maximum"]) == (0, 2**31 - 1)


SCHEMAS = [
    (fields.OneOf(("a", 1)), {"enum": ["a", 1]}),
    (fields.Flag(), {"type": "boolean"}),
    (fields.Real(0.5, 2, zero=True), {"type": "number", "minimum": 0, "maximum": 2}),
    (fields.Bytes(3, (9,)), {"type": "string", "contentEncoding": "base64", "minLength": 4, "maxLength": 12}),
    (fields.Flags(17), {"type": "string", "contentEncoding": "base64", "minLength": 4, "maxLength": 4}),
    (fields.Text(5, 1), {"type": "string", "minLength": 1, "maxLength": 5}),
    (
        fields.Distinct(2, 9, "x"),
        {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}}
        | {"minItems": 2, "maxItems": 2, "uniqueItems": True},
    ),
]


@pytest.mark.parametrize(("kind", "schema"), SCHEMAS, ids=lambda each: type(each).__name__)
def test_a_kind_has_its_bounds_in_its_schema(kind: fields.Kind, schema: dict[str, Any]):
    assert kind.to_schema() == schema


@pytest.mark.parametrize("name", ANSWERED)
def test_a_program_gets_the_numbers_of_the_page(door: Target, name: str):
    function, argument = ANSWERED[name]
    assert asked(door, name, argument) == door.ask(STAGE, function, argument).json


@pytest.mark.parametrize("name", FILMED)
def test_a_film_is_answered_by_its_last_frame(door: Target, name: str):
    function, argument = FILMED[name]
    found, frame = asked(door, name, argument)["frame"], last_frame(door, function, argument)
    assert found["x"] == frame["x"] and found["index"] == frame["total"] - 1
    assert found["numbers"]["evaluations"] == frame["numbers"]["evaluations"]


def test_a_completion_keeps_what_is_known(door: Target):
    found = asked(door, "complete", {"net": "made-mnist", "picture": PICTURE, "known": HALF, "seed": 1})
    shown = np.frombuffer(base64.b64decode(found["frame"]["x"]), np.uint8).reshape(found["count"], 784)
    picture = data.read(("test", 8, "mnist"), BINARY).numpy().reshape(784)
    assert (shown[:, :392] == 255 * picture[:392]).all()


@pytest.mark.parametrize(
    ("name", "argument", "words"),
    [
        ("likelihood", {"net": "gan-mnist", "picture": {"test": -1, "set": "mnist"}}, "from 0 to 1999"),
        ("likelihood", LIKELY | {"z": 1}, "'z' is no argument: there are net, picture"),
        ("make", {"net": "made-mnist", "seed": 2**31}, "the seed must be a number from 0 to"),
        ("make", {"net": "made-mnist", "seed": 1, "label": 99}, "the class"),
        ("compress", {"net": "gan-mnist", "x": PICTURE}, "cannot"),
    ],
)
def test_a_refusal_is_a_sentence(door: Target, name: str, argument: Any, words: str):
    found = door.post(f"/api/{name}", argument)
    assert found.status == 422 and words in found.json["error"]


def test_another_sites_page_may_not_ask(door: Target):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}):
        for path in ("likelihood", "mcp"):
            found = door.send("POST", f"/api/{path}", json.dumps(LIKELY).encode(), JSON | headers)
            assert found.status == 403


def test_programs_are_slowed_down_like_a_page(door: Target):
    def one(_: int) -> int:
        return door.send("GET", "/api/config").status

    with ThreadPoolExecutor(64) as pool:
        begun = time.monotonic()
        found = Counter(pool.map(one, range(400)))
    assert found.keys() <= {200, 429} and (429 in found or time.monotonic() - begun > 5)


def test_gradios_client_gets_the_same(door: Target):
    client = gradio_client.Client(f"{door.url}/api/", verbose=False, analytics_enabled=False)
    assert client.predict(**LIKELY, api_name="/likelihood") == asked(door, "likelihood", LIKELY)
    jobs = [client.submit("made-mnist", {"test": k, "set": "mnist"}, api_name="/likelihood") for k in range(6)]
    expected = [
        asked(door, "likelihood", {"net": "made-mnist", "picture": {"test": k, "set": "mnist"}})["nats"]
        for k in range(6)
    ]
    assert [job.result()["nats"] for job in jobs] == expected
    with pytest.raises(gradio_client.exceptions.AppError, match="from 0 to 1999"):
        client.predict("made-mnist", {"test": 2000, "set": "mnist"}, api_name="/likelihood")
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert named.keys() == {f"/{name}" for name in interface.questions_of_programs()}


def test_an_assistant_asks_how_likely_a_picture_is_under_pixelcnn(door: Target):
    pytest.importorskip("mcp")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def ask() -> tuple[list[Any], Any, Any]:
        async with streamable_http_client(f"{door.url}/api/mcp") as streams, ClientSession(*streams[:2]) as session:
            await session.initialize()
            listed = (await session.list_tools()).tools
            good = await session.call_tool("likelihood", LIKELY)
            return listed, good, await session.call_tool("likelihood", {"net": "made-mnist"})

    listed, good, bad = wait_for(asyncio.wait_for(ask(), 120))
    schemas = {name: each.to_schema() for name, each in interface.questions_of_programs().items()}
    assert {each.name: each.input_schema["required"] for each in listed} == {
        name: schema["required"] for name, schema in schemas.items()
    }
    assert not good.is_error and good.structured_content == asked(door, "likelihood", LIKELY)
    assert "nats, exactly." in good.structured_content["words"] and json.loads(good.content[0].text)
    assert bad.is_error and "choose a test image" in bad.structured_content["error"]


def send_all(door: Target, seed: int, count: int) -> Counter[int]:
    """Send hostile requests by eight clients; return how often each status came."""

    def one(request: tuple[str, str, bytes | None]) -> int:
        method, path, body = request
        headers = JSON | {"Accept": "application/json, text/event-stream"}
        found = door.send(method, path, body, headers)
        assert found.headers["x-content-type-options"] == "nosniff"
        if found.body and found.status != 200 and path != "/api/mcp":  # whose errors quote pydantic's, and its site
            door.gives_nothing_away(found)
        assert b"Traceback" not in found.body and b"site-packages" not in found.body
        assert found.status < 500, (method, path, body and body[:500], found.body[:300])
        return found.status

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(one, hostile.requests(seed, count)))


def test_a_strangers_requests_are_refused_and_break_nothing(door: Target):
    found = send_all(door, seed=1, count=300)
    assert found.total() == 300 and found[422] > 50
    assert asked(door, "likelihood", LIKELY)["nats"] < 0


@pytest.mark.deep
@pytest.mark.timeout(3000)
def test_three_thousand_requests_of_a_stranger_break_nothing(door: Target, tmp_path: Path):
    found = send_all(door, seed=2, count=3_000)
    assert found.total() == 3_000
    assert asked(door, "likelihood", LIKELY)["nats"] < 0
    assert "Traceback" not in door.log.read_text(encoding="utf-8", errors="replace")
