"""Attacks that no question of the page makes: bodies of networks, raw connections, films of opened networks."""

import asyncio
import json
import struct
import time
import uuid
from contextlib import suppress
from urllib.parse import urlsplit

from safetensors.torch import load, save

from explorer.serving.opened import CLOSE, OPEN
from tests.benchmarks.lines import Answer, Line, Site, line_to
from tests.server import ROOT

TENSORS, HEADERS = 170_000, 900
TRICKLED = (24_000_000, 7_500_000)  # announced bytes of two bodies that fill what may arrive at once
BYTES, EVERY = 25_000, 0.2  # of a body that trickles: so many each time, a little faster than the slowest that is read
BINARY = {"Content-Type": "application/octet-stream"}


def files_of(net: str) -> tuple[str, bytes]:
    """Recipe and weights of a network of the repository."""
    folder = ROOT / "pretrained" / net
    return (folder / "config.json").read_text(encoding="utf-8"), (folder / "model.safetensors").read_bytes()


def packed(recipe: str, weights: bytes) -> bytes:
    """Body that opens a network, as the page sends it."""
    header = json.dumps({"page": str(uuid.uuid4()), "recipe": recipe, "card": None}).encode()
    return struct.pack(">I", len(header)) + header + weights


async def opened(line: Line, net: str, weights: bytes | None = None) -> Answer:
    """Open a network of the repository, or one with other weights."""
    recipe, ours = files_of(net)
    return await line.send("POST", OPEN, packed(recipe, ours if weights is None else weights), BINARY)


async def closed(line: Line, answer: Answer) -> None:
    """Close a network that was opened."""
    with suppress(KeyError, TypeError, ValueError):
        await line.post(CLOSE, {"nets": [answer.json["net"]]})


def poisoned(net: str = "flow-matching-mnist", name: str = "network.head.bias", value: float = 3e38) -> bytes:
    """Weights that are finite, and give velocities that are not."""
    weights = {key: each.float() for key, each in load(files_of(net)[1]).items()}
    return save(weights | {name: weights[name] * 0 + value})


async def endless_film(site: Site, line: Line, session: str, number: int) -> None:
    """A film by the adaptive solver, of a network whose velocities are not finite."""
    found = await opened(line, "flow-matching-mnist", poisoned())
    with suppress(KeyError, TypeError):
        asked = {"net": found.json["net"], "seed": number, "label": None, "w": 1, "solver": "adaptive", "steps": 10}
        await site.film(line, session, "flow-matching-stage", "solve", asked)
    await closed(line, found)


async def many_tensors(site: Site, line: Line, session: str, number: int) -> None:
    """Weights with a long list of empty tensors."""
    empty = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    raw = json.dumps({f"t{k}": empty for k in range(TENSORS)}, separators=(",", ":")).encode()
    await closed(line, await opened(line, "beta-vae-mnist", struct.pack("<Q", len(raw)) + raw))


async def many_headers(site: Site, line: Line, session: str, number: int) -> None:
    """A connection with requests of many headers, one after another for a second."""
    lines = b"".join(b"X-%d: %s\r\n" % (k, b"a" * 50) for k in range(HEADERS))
    until = time.monotonic() + 1
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection(*_place(site))
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
        with suppress(OSError, TimeoutError):
            await asyncio.wait_for(reader.read(1_000), 5)
        writer.close()


async def trickle(site: Site, line: Line, session: str, number: int) -> None:
    """Two bodies of networks that arrive as slowly as they may, from two addresses."""

    async def one(address: str, size: int) -> None:
        _, writer = await asyncio.open_connection(*_place(site))
        head = f"POST {OPEN} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n"
        writer.write(f"{head}Content-Type: application/octet-stream\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // BYTES):
            writer.write(b"x" * BYTES)
            await writer.drain()
            await asyncio.sleep(EVERY)
        writer.close()

    await asyncio.gather(*(one(f"10.5.5.{k}", size) for k, size in enumerate(TRICKLED)))


async def opens(site: Site, address: str) -> tuple[bool, float]:
    """Open a network as somebody else: whether it opened, and after how many seconds."""
    async with line_to(site.url, address) as line:
        found = await opened(line, "beta-vae-mnist")
        await closed(line, found)
    return found.status == 200 and "net" in found.json, found.seconds


def _place(site: Site) -> tuple[str, int]:
    found = urlsplit(site.url)
    return found.hostname, found.port
