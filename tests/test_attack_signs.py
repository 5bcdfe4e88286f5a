"""Bodies with drawings that no page sends, and keys of others: each is refused in words, and no state is shared."""

import json

import pytest

from explorer.serving.opened import LENGTH
from explorer.serving.texts import MOST_SIGN_BODY, SIGNS_ADDRESS, SIGNS_CLOSE
from tests.attack import Answer, Target, answered
from tests.signs import letters

BINARY = {"Content-Type": "application/octet-stream"}
DRAWINGS = (255 * letters("K", 6, 1)).byte().numpy().tobytes()


def framed(header: object, drawings: bytes = b"") -> bytes:
    raw = json.dumps(header).encode()
    return len(raw).to_bytes(LENGTH, "big") + raw + drawings


def sent(target: Target, body: bytes) -> Answer:
    return target.send("POST", SIGNS_ADDRESS, body, BINARY)


def drawn(target: Target, key: object) -> Answer:
    return target.ask("diffusion-stage", "draw_sign", {"key": key, "seed": 7, "w": 1}, "somebody")


def test_drawings_are_kept_under_a_key_that_no_other_page_is_told(target: Target):
    one, other = (sent(target, framed({"example": ""}, DRAWINGS)).json for _ in range(2))
    assert one["key"] != other["key"] and one["words"] == "6 drawings." and one["drawings"] == ""
    assert "press Train" in drawn(target, one["key"]).json["error"]
    target.post(SIGNS_CLOSE, {"keys": [one["key"]]})
    assert "no longer has your drawings" in drawn(target, one["key"]).json["error"]
    assert "press Train" in drawn(target, other["key"]).json["error"]
    for path in ("/", "/?tab=diffusion"):
        assert other["key"].encode() not in target.send("GET", path).body
    target.post(SIGNS_CLOSE, {"keys": [other["key"]]})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0\1",
        b"\xff\xff\xff\xff{}",
        (2).to_bytes(LENGTH, "big") + b"[]",
        framed({"example": 3}),
        framed({"example": "x" * 21}),
    ],
)
def test_a_body_of_another_form_is_refused(body: bytes, target: Target):
    found = sent(target, body)
    assert found.status == 400 and len(found.json["error"]) > 10
    target.gives_nothing_away(found)


@pytest.mark.parametrize(
    ("drawings", "reason"),
    [
        (b"", "these are 0"),
        (DRAWINGS[:-1], "did not arrive"),
        (DRAWINGS[: 4 * 784], "these are 4"),
        (bytes(6 * 784), "hardly any ink"),
        (b"\xff" * 6 * 784, "more ink than ground"),
        (DRAWINGS[:784] * 6, "must be different"),
    ],
)
def test_drawings_that_cannot_be_learned_get_their_reason(drawings: bytes, reason: str, target: Target):
    found = sent(target, framed({"example": ""}, drawings))
    assert found.status == 200 and reason in found.json["error"]
    target.gives_nothing_away(found)


def test_an_unknown_example_gets_a_sentence(target: Target):
    assert "signs are" in sent(target, framed({"example": "../../etc"})).json["error"]


@pytest.mark.parametrize("size", [MOST_SIGN_BODY + 1, 10**10, 10**30, -1, "many"])
def test_a_body_that_is_too_long_is_refused_before_it_is_sent(size: int | str, target: Target):
    head = f"POST {SIGNS_ADDRESS} HTTP/1.1\nHost: HOST\nContent-Type: application/octet-stream\nContent-Length: {size}"
    assert answered(target.opened(head, bytes(5_000))).status in (400, 413)


@pytest.mark.parametrize("keys", [None, "0" * 20, [3, None, {}], ["unknown"], {"a": 1}])
def test_closing_what_is_none_changes_nothing(keys: object, target: Target):
    assert target.post(SIGNS_CLOSE, {"keys": keys}).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [SIGNS_ADDRESS, SIGNS_CLOSE])
def test_only_its_own_request_is_answered(method: str, path: str, target: Target):
    assert target.send(method, path).status in (404, 405)


def test_a_key_of_nobody_gets_a_sentence(target: Target):
    asked = {"key": "f" * 20, "steps": 80, "rehearsal": 50, "run": 1}
    found = target.ask("diffusion-stage", "learn_sign", asked, "somebody")
    assert found.status == 200 and "no longer has your drawings" in found.json["error"]
