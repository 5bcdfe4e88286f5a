"""Bodies with texts that no page sends, and keys of others: they are refused in a sentence, and no state is shared."""

import json

import pytest

from explorer.serving.opened import LENGTH
from explorer.serving.texts import MOST_BODY, MOST_START, TEXTS_ADDRESS, TEXTS_CLOSE
from tests.attack import Answer, Target, answered

BINARY = {"Content-Type": "application/octet-stream"}
WORDS = b"A cat sat on the mat, and a dog sat on the cat. " * 60


def framed(header: object, text: bytes = b"") -> bytes:
    raw = json.dumps(header).encode()
    return len(raw).to_bytes(LENGTH, "big") + raw + text


def sent(target: Target, body: bytes) -> Answer:
    return target.send("POST", TEXTS_ADDRESS, body, BINARY)


def measured(target: Target, key: object) -> Answer:
    return target.ask("text-stage", "measure_own", {"key": key, "phrase": "cat"}, "somebody")


def test_a_text_is_kept_under_a_key_that_no_other_page_is_told(target: Target):
    one, other = (sent(target, framed({"example": ""}, WORDS)).json for _ in range(2))
    assert one["key"] != other["key"] and "2,880 characters" in one["words"] and one["text"] == ""
    assert "press Train" in measured(target, one["key"]).json["error"]
    target.post(TEXTS_CLOSE, {"keys": [one["key"]]})
    assert "no longer has your text" in measured(target, one["key"]).json["error"]
    assert "press Train" in measured(target, other["key"]).json["error"]
    for path in ("/", "/?tab=text"):
        assert other["key"].encode() not in target.send("GET", path).body
    target.post(TEXTS_CLOSE, {"keys": [other["key"]]})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\0\0\0\1", 400),
        (b"\xff\xff\xff\xff{}", 400),
        ((2).to_bytes(LENGTH, "big") + b"[]", 400),
        ((2).to_bytes(LENGTH, "big") + b"{x", 400),
        (framed({"example": 3}), 400),
        (framed({"example": "x" * 21}), 400),
        (framed({"example": "", "more": "x" * MOST_START}, WORDS), 400),
    ],
)
def test_a_body_of_another_form_is_refused(body: bytes, status: int, target: Target):
    found = sent(target, body)
    assert found.status == status and len(found.json["error"]) > 10
    target.gives_nothing_away(found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "At least 2,000"),
        (b"a" * 9_000, "repeats one character"),
        (b"\x7fELF\0\0" * 900, "This is no text"),
        (b"ab" * 400_000, "At most 200,000"),
        (b"\xed\xa0\x80" * 2_000, "This is no text"),
    ],
)
def test_a_text_that_cannot_be_used_gets_its_reason(text: bytes, reason: str, target: Target):
    found = sent(target, framed({"example": ""}, text))
    assert found.status == 200 and reason in found.json["error"]
    target.gives_nothing_away(found)


def test_an_unknown_example_gets_a_sentence(target: Target):
    assert "examples are" in sent(target, framed({"example": "../../etc"})).json["error"]


@pytest.mark.parametrize("size", [MOST_BODY + 1, 10**10, 10**30, -1, "many"])
def test_a_body_that_is_too_long_is_refused_before_it_is_sent(size: int | str, target: Target):
    head = f"POST {TEXTS_ADDRESS} HTTP/1.1\nHost: HOST\nContent-Type: application/octet-stream\nContent-Length: {size}"
    assert answered(target.opened(head, bytes(5_000))).status in (400, 413)


@pytest.mark.parametrize("keys", [None, "0" * 20, [3, None, {}], ["unknown"], {"a": 1}])
def test_closing_what_is_none_changes_nothing(keys: object, target: Target):
    assert target.post(TEXTS_CLOSE, {"keys": keys}).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [TEXTS_ADDRESS, TEXTS_CLOSE])
def test_only_its_own_request_is_answered(method: str, path: str, target: Target):
    assert target.send(method, path).status in (404, 405)


@pytest.mark.parametrize("name", ["learn_own", "draw_own", "measure_own", "pack_own", "unpack_own"])
def test_a_key_of_nobody_gets_a_sentence(name: str, target: Target):
    asked = {"key": "f" * 20, "seed": 7, "share": 100, "duration": 15, "start": "", "temperature": 1, "phrase": "a"}
    asked["file"] = "RVhQTA=="
    found = target.ask("text-stage", name, asked, "somebody")
    assert found.status == 200 and "no longer has your text" in found.json["error"]
