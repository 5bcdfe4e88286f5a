"""Requests that no page sends, over HTTP: bodies, other sites, methods, and who is kept waiting by them: nobody."""

from types import SimpleNamespace

import pytest

from explorer.serving import checks
from explorer.serving.checks import CHECKS_MOST_BYTES
from tests.asking import wait_for
from tests.attack import ASK, FILE, JSON, TYPE, Answer, Target, answered, reads

FORM = "application/x-www-form-urlencoded"
CLICK = reads("vae-stage", "probe")


def hostile(target: Target) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Bodies that no page sends: which status they deserve, and the header to go with them."""
    good = b'{"session_hash": "attacker", "component_id": 1, "fn_name": "probe"'
    return {
        "17 kB": (413, good + b', "data": "' + b"a" * 17_000 + b'"}', JSON),
        "empty": (400, b"", JSON),
        "no object": (400, b"[1]", JSON),
        "deep": (400, b"[" * 16_000, JSON),
        "deep and whole": (400, b"[" * 8_000 + b"]" * 8_000, JSON),
        "huge number": (400, good[:-8] + b'"' + b': "a", "x": ' + b"9" * 10_000 + b"}", JSON),
        "no UTF-8": (400, good + b', "data": "\xff\xfe\xc3"}', JSON),
        "half JSON": (400, good, JSON),
        "multipart": (415, b"--x\r\n\r\n{}\r\n--x--", {"Content-Type": "multipart/form-data; boundary=x"}),
        "a form": (415, b"fn_name=probe", {"Content-Type": FORM}),
        "text": (415, good + b"}", {"Content-Type": "text/plain"}),
        "no kind": (415, good + b"}", {}),
        "regex": (404, good[:-6] + b"(.*)+[^a-z]{9}?$|" * 600 + b'"}', JSON),
        "number as text": (400, good.replace(b"1", b'"1"') + b"}", JSON),
        "huge component": (400, good.replace(b"1", b"1" * 4_000) + b"}", JSON),
        "other component": (404, good.replace(b"1", b"100000") + b"}", JSON),
        "inner name": (404, good.replace(b"probe", b"__class__") + b"}", JSON),
        "no session": (400, b'{"component_id": 1, "fn_name": "probe"}', JSON),
        "long session": (400, good.replace(b"attacker", b"a" * 65) + b"}", JSON),
        "odd session": (400, good.replace(b"attacker", b"a/../b") + b"}", JSON),
    }


@pytest.mark.parametrize("name", hostile(SimpleNamespace()))
@pytest.mark.parametrize("path", [ASK, TYPE])
def test_a_body_that_no_page_sends_is_refused_in_a_sentence(name: str, path: str, target: Target):
    status, body, headers = hostile(target)[name]
    found = target.send("POST", path, body, headers)
    assert found.status == status or (path == TYPE and 400 <= found.status < 500)
    assert len(found.json["error"]) > 10
    target.gives_nothing_away(found)
    target.click("somebody")


def test_of_two_values_of_one_name_the_last_counts(target: Target):
    question = target.question("vae-stage", "probe", CLICK)
    raw = str(question).replace("'", '"').replace('{"session_hash"', '{"fn_name": "fit", "session_hash"')
    assert "stretch" in target.post(ASK, raw.encode()).json


@pytest.mark.parametrize("size", [CHECKS_MOST_BYTES + 1, 5_000_000, 20_000_000, 10**15])
def test_a_body_that_is_too_long_is_refused_before_it_is_sent(size: int, target: Target):
    head = f"POST {ASK} HTTP/1.1\nHost: HOST\nContent-Type: application/json\nContent-Length: {size}"
    found = answered(target.opened(head, b'{"data": "' + b"a" * 5_000))
    assert found.status == 413


def test_a_body_of_chunks_is_read_no_further_than_it_may_be_long(target: Target):
    head = f"POST {ASK} HTTP/1.1\nHost: HOST\nContent-Type: application/json\nTransfer-Encoding: chunked"
    chunk = b"1000\r\n" + b"a" * 0x1000 + b"\r\n"
    found = answered(target.opened(head, 5 * chunk))
    assert found.status == 413


def test_a_click_is_answered_while_another_question_is_still_arriving(target: Target):
    body = str(target.question("vae-stage", "probe", CLICK)).replace("'", '"').encode()
    head = f"POST {ASK} HTTP/1.1\nHost: HOST\nContent-Type: application/json\nContent-Length: {len(body)}"
    slow = [target.opened(head, body[:9]) for _ in range(50)]
    target.click("somebody", z=0.7)
    for line in slow:
        line.sendall(body[9:])
        assert "stretch" in answered(line).json, "it was still being listened to"


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks, "BODY_SECONDS", 0.05)

    async def drop() -> dict:
        await checks.asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    with pytest.raises(checks.Refused) as no:
        wait_for(checks.read(checks.Headers({"content-type": "application/json"}), drop))
    assert no.value.status == 408


def told(target: Target, **headers: str) -> Answer:
    return target.post(ASK, target.question("vae-stage", "probe", CLICK), **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://HOST"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://HOST.evil.example"},
        {"Origin": "http://evil.example/HOST"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://[::1"},
    ],
)
def test_another_sites_page_may_not_ask(headers: dict[str, str], target: Target):
    host = target.url.removeprefix("http://")
    assert told(target, **{name: value.replace("HOST", host) for name, value in headers.items()}).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://HOST"},
        {"Origin": "http://HOST"},
        {"Origin": "https://class.example", "X-Forwarded-Host": "class.example"},
        {"Origin": "https://class.example", "X-Forwarded-Host": "class.example, inner:7860"},
        {},
    ],
)
def test_the_apps_own_page_may_ask_also_behind_a_proxy_and_so_may_programs(headers: dict[str, str], target: Target):
    host = target.url.removeprefix("http://")
    assert told(target, **{name: value.replace("HOST", host) for name, value in headers.items()}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "["},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "gopher"},
        {"X-Gradio-Server": "http://evil.example/path"},
        {"Forwarded": "host=evil.example"},
    ],
)
def test_the_page_is_the_same_by_whatever_name_the_server_is_called(headers: dict[str, str], target: Target):
    plain, found = target.send("GET", "/"), target.send("GET", "/", headers=headers)
    assert (found.status, found.body, found.headers["etag"]) == (200, plain.body, plain.headers["etag"])
    assert b'"root":""' in found.body


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get"])
@pytest.mark.parametrize("path", ["/", "/theme.css", FILE, ASK, TYPE, "/config", "/gradio_api/upload"])
def test_other_methods_do_nothing_and_break_nothing(method: str, path: str, target: Target):
    found = target.send(method, path)
    assert found.status in ((200, 404, 405) if method == "HEAD" else (400, 405))


@pytest.mark.parametrize("path", ["/", ASK, "/gradio_api/queue/data", "/ws"])
def test_there_are_no_web_sockets(path: str, target: Target):
    upgrade = "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: " + 22 * "A"
    found = answered(target.opened(f"GET {path} HTTP/1.1\nHost: HOST\n{upgrade}=="))
    assert found.status in (200, 400, 404, 405, 426)
    assert "Traceback" not in target.log.read_text(encoding="utf-8", errors="replace")[-5_000:]
