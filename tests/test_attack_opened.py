"""Bodies with networks that no page sends: they are refused in a sentence, and nobody waits for them."""

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer import stages
from explorer.networks import checkpoints, opening
from explorer.serving import opened as route
from explorer.serving.opened import CLOSE, LENGTH, MOST_BYTES, MOST_HEADER, OPEN
from tests import tiny_nets
from tests.attack import Answer, Target, answered

BINARY = {"Content-Type": "application/octet-stream"}
PAGE = "0" * 32
MADE = {"made-mnist": tiny_nets.MODELS["made-mnist"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_nets.write(tmp_path_factory.mktemp("files"), MADE) / "made-mnist"


def framed(recipe: object, weights: bytes, card: object = None, page: object = PAGE) -> bytes:
    header = json.dumps({"page": page, "recipe": recipe, "card": card}).encode()
    return len(header).to_bytes(LENGTH, "big") + header + weights


def good(folder: Path, page: object = PAGE) -> bytes:
    recipe = (folder / opening.RECIPE).read_text(encoding="utf-8")
    return framed(recipe, (folder / opening.WEIGHTS).read_bytes(), page=page)


def sent(target: Target, body: bytes, **headers: str) -> Answer:
    return target.send("POST", OPEN, body, BINARY | {name.replace("_", "-"): each for name, each in headers.items()})


def asked(target: Target, net: str, session: str = "somebody") -> Answer:
    return target.ask("compare-stage", "ask_likelihood", {"net": net, "picture": {"test": 1, "set": "mnist"}}, session)


def test_a_network_is_opened_asked_and_closed_and_nobody_else_hears_of_it(target: Target, folder: Path):
    one, other = (sent(target, good(folder, page)).json["net"] for page in (PAGE, "1" * 32))
    assert one != other
    assert asked(target, one).json["nats"] == asked(target, other).json["nats"] < 0
    target.post(CLOSE, {"nets": [one]})
    assert "no longer open" in asked(target, one).json["error"]
    assert asked(target, other).json["nats"] < 0
    for path in ("/", "/?tab=ar"):
        assert other.encode() not in target.send("GET", path).body
    file = f"/gradio_api/file=pretrained/{other}/model.safetensors"
    assert target.send("GET", file).status == 404
    target.post(CLOSE, {"nets": [other]})
    assert "no longer open" in asked(target, other).json["error"]


BODIES: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "nothing": (400, lambda body: b""),
    "a length alone": (400, lambda body: body[:LENGTH]),
    "a header that is longer than the body": (400, lambda body: b"\xff\xff\xff\xff" + body[LENGTH:]),
    "a header that is longer than it may be": (413, lambda body: framed(" " * MOST_HEADER, b"")),
    "a header that is no JSON": (400, lambda body: body[:LENGTH] + b"[" + body[LENGTH + 1 :]),
    "a header that is a list": (400, lambda body: (2).to_bytes(4, "big") + b"[]"),
    "no page": (400, lambda body: framed("{}", b"", page=None)),
    "an odd page": (400, lambda body: framed("{}", b"", page="../" * 9)),
    "a recipe of numbers": (400, lambda body: framed(3, b"")),
    "a card of numbers": (400, lambda body: framed("{}", b"", card=3)),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_another_form_is_refused(name: str, target: Target, folder: Path):
    status, change = BODIES[name]
    found = sent(target, change(good(folder)))
    assert found.status == status and len(found.json["error"]) > 10
    target.gives_nothing_away(found)
    target.click("somebody")


@pytest.mark.parametrize(
    "weights", [b"\x80\x04\x95", b"PK\x03\x04" + bytes(200), b"\xff" * 8 + b"{", bytes(100), b"\x02\0\0\0\0\0\0\0{}"]
)
def test_weights_that_are_none_get_a_sentence(weights: bytes, target: Target, folder: Path):
    recipe = (folder / opening.RECIPE).read_text(encoding="utf-8")
    found = sent(target, framed(recipe, weights))
    assert found.status == 200 and opening.WEIGHTS in found.json["error"]
    target.gives_nothing_away(found)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", [OPEN, CLOSE])
def test_another_kind_or_another_sites_page_is_refused(path: str, headers: dict, status: int, target: Target):
    kinds = {OPEN: BINARY, CLOSE: {"Content-Type": "application/json"}}
    if path == CLOSE and "Content-Type" in headers:
        headers, status = BINARY, 415
    assert target.send("POST", path, b"{}", kinds[path] | headers).status == status


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 10**10, 10**15, 10**30, -1, "many"])
def test_a_body_that_is_too_long_is_refused_before_it_is_sent(size: int | str, target: Target):
    head = f"POST {OPEN} HTTP/1.1\nHost: HOST\nContent-Type: application/octet-stream\nContent-Length: {size}"
    assert answered(target.opened(head, bytes(5_000))).status in (400, 413)


def test_a_body_without_a_length_is_refused(target: Target):
    head = f"POST {OPEN} HTTP/1.1\nHost: HOST\nContent-Type: application/octet-stream\nTransfer-Encoding: chunked"
    assert answered(target.opened(head, b"5\r\nabcde\r\n")).status == 411


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [OPEN, CLOSE, f"{OPEN}/", f"{OPEN}/../networks"])
def test_only_its_own_request_is_answered(method: str, path: str, target: Target):
    assert target.send(method, path).status in (404, 405)


@pytest.mark.parametrize("nets", [None, "made", [3, None, {}], ["made-mnist"], {"a": 1}])
def test_what_may_not_be_closed_stays(nets: object, target: Target):
    assert target.post(CLOSE, {"nets": nets}).status == 200
    assert "error" not in asked(target, "made-mnist").json


def test_a_click_is_answered_while_a_network_is_still_arriving_and_so_is_the_next_network(target: Target, folder: Path):
    body = good(folder)
    head = f"POST {OPEN} HTTP/1.1\nHost: HOST\nContent-Type: application/octet-stream\nContent-Length: {len(body)}"
    slow = target.opened(head, body[:99])
    target.click("somebody", z=0.7)
    found: list[Answer] = []
    waits = threading.Thread(target=lambda: found.append(sent(target, body)))
    waits.start()
    waits.join(5)
    assert waits.is_alive()  # one at a time arrives from an address
    slow.sendall(body[99:])
    nets = [answered(slow).json["net"]]
    waits.join()
    nets.append(found[0].json["net"])
    target.post(CLOSE, {"nets": nets})


def test_the_routes_bounds_fit_each_other():
    assert MOST_HEADER < MOST_BYTES <= route.ARRIVING
    conf = (checkpoints.ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    (found,) = re.findall(rf"location = {OPEN} \{{\s+client_max_body_size (\d+)m;", conf)
    assert MOST_BYTES <= int(found) * 2**20 < 2 * MOST_BYTES
    (dialog,) = re.findall(r"MOST_TEXTS = (\S+);", (stages.STAGES / "opener" / "opener.js").read_text(encoding="utf-8"))
    assert float(dialog) == MOST_HEADER
