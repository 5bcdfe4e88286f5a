"""A lecturer's page and phones of a room, as programs that speak HTTP."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from explorer.classes.http import LECTURER_FIRST

CHOICES = {"name": "which", "choices": ["one", "two", "three"], "right": 1}


@dataclass
class Lecturer:
    """The lecturer of a room."""

    client: httpx.Client
    code: str
    secret: str

    def does(self, what: str, **more: Any) -> dict:
        """Make a move, and return what the page displays then."""
        answer = self.client.post(f"/r/{self.code}/lead", json={"do": what, **more}, headers=self.headers)
        assert answer.status_code == 200, answer.text
        time.sleep(2 * LECTURER_FIRST)  # until phones have it
        return answer.json()

    def sees(self) -> dict:
        """Return what the page displays."""
        return self.client.get(f"/r/{self.code}/wall", headers=self.headers).json()

    @property
    def headers(self) -> dict[str, str]:
        return {"x-secret": self.secret}


@dataclass
class Phone:
    """A phone that has joined."""

    client: httpx.Client
    code: str
    key: str

    def state(self, since: str = "", **more: str) -> httpx.Response:
        """Ask for the state; with the present version as `since`, wait for the next one."""
        query = {"since": since, **more}
        return self.client.get(f"/r/{self.code}/state", params=query, headers={"x-phone": self.key})

    def vote(self, asked: Any, ballot: Any, value: Any) -> httpx.Response:
        """Send an answer."""
        said = {"phone": self.key, "asked": asked, "ballot": ballot, "value": value}
        return self.client.post(f"/r/{self.code}/vote", json=said)


def client_of(url: str) -> httpx.Client:
    """Return a client that no proxy of this machine concerns."""
    return httpx.Client(base_url=url, timeout=30, trust_env=False)


def lecturer(client: httpx.Client) -> Lecturer:
    """Open a room."""
    found = client.post("/r", json={}).json()
    return Lecturer(client, found["code"], found["secret"])


def join(client: httpx.Client, code: str, key: str = "") -> Phone:
    """Join a room."""
    answer = client.post(f"/r/{code}/join", json={"phone": key} if key else {})
    assert answer.status_code == 200, answer.text
    return Phone(client, code, answer.json()["phone"])


def vote_until_killed(phones: Sequence[Phone], pid: int) -> list[bool]:
    """Let phones vote, each for its number modulo 3, and kill a process at the 26th of them.

    Returns for each phone whether it was told that its vote is kept.
    """

    def votes(place: int) -> bool:
        if place == 25:
            os.kill(pid, signal.SIGKILL)
        try:
            return phones[place].vote(1, 1, place % 3).status_code == 200
        except httpx.HTTPError:
            return False

    with ThreadPoolExecutor(8) as pool:
        return [*pool.map(votes, range(len(phones)))]


class Line:
    """A connection of HTTP/1.1, kept as long as the server keeps it. It takes little time, as two hundred must."""

    def __init__(self, url: str):
        self.host, _, port = url.removeprefix("http://").partition(":")
        self.port = int(port)
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: dict | None = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers of an answer; a kept connection that was closed is opened once more.

        Raises:
            OSError: if the server does not answer.
        """
        for is_last in (self.streams is None, True):
            try:
                async with asyncio.timeout(30):
                    return await self._once(path, body, headers)
            except (OSError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
                self.close()
                if is_last:
                    raise OSError from error
        raise OSError

    async def _once(self, path: str, body: dict | None, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        reader, writer = self.streams = self.streams or await asyncio.open_connection(self.host, self.port)
        raw = b"" if body is None else json.dumps(body).encode()
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"host: {self.host}:{self.port}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [] if body is None else ["content-type: application/json", f"content-length: {len(raw)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        answer = await reader.readexactly(int(found["content-length"]))
        if found.get("connection") == "close":
            self.close()
        return int(head[0].split()[1]), answer, found

    def close(self) -> None:
        """Close the connection."""
        if self.streams:
            self.streams[1].close()
        self.streams = None
