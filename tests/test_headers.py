"""Bounds on the headers of a request: what browsers and proxies send passes, and far more is refused at once."""

import asyncio

import pytest
import uvicorn
from uvicorn.server import ServerState

from explorer.serving.headers import MOST_HEADER_BYTES, MOST_HEADERS, BoundedProtocol, bound
from tests.asking import wait_for


class Transport(asyncio.Transport):
    """A connection that keeps what is written."""

    def __init__(self):
        super().__init__()
        self.written, self.closed = b"", False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def pause_reading(self) -> None:
        """Go on."""

    def resume_reading(self) -> None:
        """Go on."""


def answered(*parts: bytes) -> tuple[bytes, list[int]]:
    """What is written to a connection on which these parts arrive, and the number of headers of each request."""
    seen: list[int] = []

    async def app(scope, receive, send) -> None:
        seen.append(len(scope["headers"]))
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def connection() -> bytes:
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        line = BoundedProtocol(config=config, server_state=ServerState(), app_state={})
        there = Transport()
        line.connection_made(there)
        for part in parts:
            line.data_received(part)
            await asyncio.sleep(0.005)
        line.connection_lost(None)
        return there.written

    return wait_for(connection()), seen


def request(count: int, size: int = 10, path: bytes = b"/", body: bytes = b"") -> bytes:
    lines = b"".join(b"X-%d: %s\r\n" % (k, b"a" * size) for k in range(count))
    return b"POST %s HTTP/1.1\r\nContent-Length: %d\r\n%s\r\n%s" % (path, len(body), lines, body)


def test_what_a_browser_sends_passes_with_any_body_and_so_does_the_next_request():
    found, seen = answered(request(40, body=b"b" * 200_000), request(40), request(3))
    assert found.count(b"200 OK") == 3 and seen == [41, 41, 4]


@pytest.mark.parametrize(
    "parts",
    [
        [request(900, 50)],
        [request(MOST_HEADERS)],
        [request(3, MOST_HEADER_BYTES // 3)],
        [request(1, path=b"/" + b"a" * MOST_HEADER_BYTES)],
        [b"GET / HTTP/1.1\r\nX-Endless: ", *(b"a" * 4_096 for _ in range(9))],
        [b"GET /", *(b"a" * 4_096 for _ in range(9))],
        [request(2), request(900, 50)],
    ],
    ids=["900", "one too many", "large ones", "a long address", "an endless one", "an endless address", "the second"],
)
def test_more_is_refused_and_the_connection_ends(parts: list[bytes]):
    found, seen = answered(*parts)
    assert found.count(b"431 Request Header Fields Too Large") == 1 and max(seen, default=0) < MOST_HEADERS
    assert found.endswith(b"The headers are too many or too large")


CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("start", [b"0\r\nX-Endless: ", b"0\r\n" + 9 * b"a: b\r\n" + b"X", b"1;extension="])
def test_a_trailer_or_an_extension_of_a_chunk_without_an_end_is_refused_too(start: bytes):
    found, seen = answered(CHUNKED + start, *(b"a" * 4_096 for _ in range(9)))
    assert found.count(b"431 Request Header Fields Too Large") == 1 and seen == [1]


def test_a_body_may_come_in_as_many_chunks_as_it_likes():
    chunks = [part for _ in range(10_000) for part in (b"2\r\n", b"ab\r\n")]
    found, seen = answered(CHUNKED, b"".join(chunks), *chunks[:50], b"0\r\nX: y\r\n\r\n", request(3))
    assert found.count(b"200 OK") == 2 and seen == [1, 4]


def test_a_trailer_is_no_header():
    assert answered(CHUNKED + b"0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n")[1] == [1]


def test_what_is_no_request_is_refused_as_before():
    found, seen = answered(b"\x16\x03\x01\r\n\r\n")
    assert b"400 Bad Request" in found and not seen


def test_the_app_is_served_with_these_bounds():
    bound()
    config = uvicorn.Config(lambda: None)
    config.load()
    assert config.http_protocol_class is BoundedProtocol
