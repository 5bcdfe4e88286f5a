"""nginx before two front ends, by the configuration of the manual: what passes, and what happens when one ends."""

import asyncio
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse

from explorer.networks import checkpoints
from tests.server import free_port, serve
from tests.tiny_nets import GANS, write

SHIPPED = checkpoints.ROOT / "docs" / "nginx.conf"
pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed: apt install nginx-light")
ADDRESSES = [f"127.0.0.{k}" for k in range(2, 22)]


class Echo:
    """A front end that returns what arrives; it can end."""

    def __init__(self):
        self.port = free_port()
        self.server = uvicorn.Server(uvicorn.Config(self, "127.0.0.1", self.port, log_level="error", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        report = {"port": self.port, "path": request.url.path, "body": (await request.body()).decode()}
        await JSONResponse(report | {"headers": dict(request.headers), "client": scope["client"][0]})(
            scope, receive, send
        )

    def end(self) -> None:
        self.server.force_exit = self.server.should_exit = True
        self.thread.join(10)


@contextmanager
def nginx(folder: Path, fronts: list[int]) -> Iterator[str]:
    """nginx with the shipped configuration, but for the ports; its address, as every machine sees it."""
    port, text = free_port(), SHIPPED.read_text(encoding="utf-8")
    for old, new in zip((7861, 7862), fronts, strict=True):
        assert f"127.0.0.1:{old} " in text
        text = text.replace(f"127.0.0.1:{old} ", f"127.0.0.1:{new} ")
    assert "listen 80;" in text
    (folder / "nginx.conf").write_text(text.replace("listen 80;", f"listen 127.0.0.1:{port};"), encoding="utf-8")
    words = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(["nginx", *words, "-g", f"daemon off; pid {folder}/pid;"])
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def ask(url: str, address: str = "127.0.0.1", **headers: str) -> httpx.Response:
    """Answer to a visitor from an address."""
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(transport=transport, timeout=60) as client:
        return client.post(f"{url}/gradio_api/x?y=1", json={"data": 1}, headers=headers)


@pytest.fixture
def echoes() -> Iterator[list[Echo]]:
    found = [Echo(), Echo()]
    yield found
    for each in found:
        each.end()


def test_a_front_end_learns_who_asks_and_no_visitor_can_say_otherwise(tmp_path: Path, echoes: list[Echo]):
    with nginx(tmp_path, [each.port for each in echoes]) as url:
        result = ask(url, "127.0.0.9", **{"X-Forwarded-For": "198.51.100.1", "Host": "example.org:81"}).json()
    assert (result["path"], result["body"], result["client"]) == ("/gradio_api/x", '{"data":1}', "127.0.0.9")
    assert result["headers"]["host"] == "example.org:81" and "connection" not in result["headers"]


def test_an_address_stays_with_a_front_end_and_both_have_some(tmp_path: Path, echoes: list[Echo]):
    with nginx(tmp_path, [each.port for each in echoes]) as url:
        first, again = ([ask(url, each).json()["port"] for each in ADDRESSES] for _ in range(2))
    assert first == again and set(first) == {each.port for each in echoes}


@pytest.mark.deep
def test_nobody_notices_that_a_front_end_ends(tmp_path: Path, echoes: list[Echo]):
    async def visitor(url: str, address: str, until: float) -> list[int]:
        found = []
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(local_address=address), timeout=30) as client:
            while time.monotonic() < until:
                found.append((await client.post(url, json={})).status_code)
        return found

    async def lesson(url: str) -> list[list[int]]:
        until = time.monotonic() + 3
        ending = asyncio.get_running_loop().run_in_executor(None, lambda: (time.sleep(1), echoes[0].end()))
        found = await asyncio.gather(*(visitor(url, each, until) for each in ADDRESSES[:8]))
        await ending
        return found

    with nginx(tmp_path, [each.port for each in echoes]) as url:
        assert {ask(url, each).json()["port"] for each in ADDRESSES[:8]} == {each.port for each in echoes}
        found = asyncio.run(lesson(url))
    assert {status for each in found for status in each} == {200}


def test_a_body_that_is_too_long_does_not_reach_a_front_end(tmp_path: Path, echoes: list[Echo]):
    with nginx(tmp_path, [each.port for each in echoes]) as url:
        assert httpx.post(url, content=b"x" * 70_000).status_code == 413


def test_the_app_answers_behind_nginx_though_another_front_end_is_missing(tmp_path: Path):
    nets = write(tmp_path / "nets", GANS)
    with (
        serve(tmp_path / "log.txt", EXPLORER_PRETRAINED=str(nets)) as server,
        nginx(tmp_path, [int(server.url.rpartition(":")[2]), free_port()]) as url,
    ):
        for address in ADDRESSES[:8]:
            with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=60) as client:
                assert "gradio_config" in client.get(url).text
                body = {"component_id": -1, "fn_name": "x", "session_hash": "x", "data": {}}
                origin = {"Origin": url, "Host": url.removeprefix("http://")}
                result = client.post(f"{url}/gradio_api/component_server", json=body, headers=origin)
                assert (result.status_code, result.json()) == (404, {"error": "There is no such question."})
