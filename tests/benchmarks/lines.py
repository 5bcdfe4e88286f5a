"""Connections to a server as browsers keep them, light enough for hundreds of visitors in one process."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.page_config import config_in, questions_for_rooms, together

ASK, TYPE, FILE = "/gradio_api/component_server", "/gradio_api/run/predict", "/gradio_api/file="
PATIENCE = 90  # seconds


@dataclass(frozen=True)
class Answer:
    """Answers, and the seconds until each."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """One connection, kept from one request to the next.

    Arguments:
        url: Where the server is.
        address: The address that a proxy would say the visitor has; none to come from this machine.
        host: The name under which a proxy would say the server is known; none to call it by its own.
    """

    def __init__(self, url: str, address: str | None = None, host: str | None = None):
        self._place = urlsplit(url).hostname, urlsplit(url).port
        self._more = {"Host": urlsplit(url).netloc, "Accept-Encoding": "gzip"}
        if address:
            self._more["X-Forwarded-For"] = address
        if host:
            self._more["X-Forwarded-Host"] = host
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        return await self.send("GET", path, b"", {})

    async def post(self, path: str, body: dict | bytes) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.send("POST", path, raw, {"Content-Type": "application/json"})

    def close(self) -> None:
        """Hang up."""
        if self._open:
            self._open[1].close()
            self._open = None

    async def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a request; once more if the server has closed the idle connection."""
        start = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            try:
                status, found = await self._exchange(method, path, body, headers)
            except (ConnectionError, asyncio.IncompleteReadError):  # the server closed a connection that was idle
                self.close()
                status, found = await self._exchange(method, path, body, headers)
            except BaseException:
                self.close()
                raise
        return Answer(status, found, time.perf_counter() - start)

    async def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if self._open is None:
            self._open = await asyncio.open_connection(*self._place, limit=2**20)
        reader, writer = self._open
        named = {**self._more, **headers, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        report = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        found = await self._body(reader, report)
        if report.get("content-encoding") == "gzip":
            found = gzip.decompress(found)
        if report.get("connection", "").lower() == "close":
            self.close()
        return int(first.split()[1]), found

    @staticmethod
    async def _body(reader: asyncio.StreamReader, told: Mapping[str, str]) -> bytes:
        if told.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(told.get("content-length", 0)))
        found = b""
        while size := int(await reader.readline(), 16):
            found += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return found


@asynccontextmanager
async def line_to(url: str, address: str | None = None, host: str | None = None) -> AsyncIterator[Line]:
    """A connection that is closed when the block ends."""
    line = Line(url, address, host)
    try:
        yield line
    finally:
        line.close()


@dataclass(frozen=True)
class Site:
    """A running app: its address, the number of each stage, and that of a formula of two numbers, if it has one."""

    url: str
    stages: Mapping[str, int]
    formula: int | None

    async def ask(self, line: Line, session: str, stage: str, name: str, argument: dict) -> Answer:
        """Ask a stage's server function."""
        body = {"session_hash": session, "component_id": self.stages[stage], "fn_name": name, "data": argument}
        return await line.post(ASK, body)

    async def film(self, line: Line, session: str, stage: str, name: str, argument: dict) -> tuple[Answer, float]:
        """The last answer about a film that is watched to its end, and the seconds from its start."""
        start = time.perf_counter()
        found = await self.ask(line, session, stage, name, argument)
        begun, seen = found.json, 0
        while found.status == 200 and "error" not in begun:
            found = await self.ask(line, session, stage, "frames", {"id": begun["id"], "from": seen})
            result = found.json
            seen += len(result.get("frames", ()))
            if found.status != 200 or result.get("done", True) or result["error"]:
                break
        return found, time.perf_counter() - start


async def site_of(url: str) -> Site:
    """Read the page, with all that it loads later, and find its stages."""
    async with line_to(url) as line:
        first = config_in((await line.get("/")).body.decode())
        later = [(await line.post(TYPE, each)).json["render_config"] for each in questions_for_rooms(first)]
    config = together([first, *later])
    components = config["components"]
    found = {each["props"].get("elem_id"): each for each in components if each["props"].get("server_fns")}
    formulas = [each["id"] for each in config["dependencies"] if each["backend_fn"] and len(each["inputs"]) == 2]
    return Site(url, {name: each["id"] for name, each in found.items()}, next(iter(formulas), None))
