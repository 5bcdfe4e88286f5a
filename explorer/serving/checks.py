"""Checks of incoming requests. A request that fails one is refused with an HTTP status and a sentence."""

import asyncio
import contextlib
import ipaddress
import math
import os
import re
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

CHECKS_MOST_BYTES, BODY_SECONDS = 16_384, 10
TOO_LONG = f"A question may have {CHECKS_MOST_BYTES:,} bytes."
SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))")


class Refused(Exception):
    """Refusal of a request, with an HTTP status and a sentence."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def part(headers: Headers, size: int, etag: str) -> range | None:
    """Return the byte range that the `Range` header asks for; None for the whole file.

    Arguments:
        headers: Request headers.
        size: Size of the file in bytes.
        etag: Entity tag of the file.

    Raises:
        Refused: if the header asks for several ranges or for bytes outside the file.
    """
    wanted = headers.get("range")
    if wanted is None or headers.get("if-range", etag) != etag:
        return None
    found = RANGE.fullmatch(wanted)
    if not found:
        raise Refused(416, "Ask for one range of bytes.")
    first, last, suffix = (int(each) if each else None for each in found.groups())
    start = max(0, size - suffix) if suffix is not None else first
    stop = size if last is None else min(last + 1, size)
    if start >= stop:
        raise Refused(416, f"The file has {size:,} bytes.")
    return range(start, stop)


def check_origin(headers: Headers) -> None:
    """Accept requests from the app's own page and from programs other than browsers.

    Raises:
        Refused: if the request comes from another site's page.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:  # browsers omit `Sec-Fetch-Site` over unencrypted connections
        hosts = {headers.get("host"), headers.get("x-forwarded-host", "").split(",")[0].strip()} - {""}
        ours = origin is None or origin.partition("://")[2] in hosts
    if not ours:
        raise Refused(403, "Another site's page may not ask here.")


async def read(headers: Headers, receive: Receive) -> dict:
    """Return the JSON object in the body of a request.

    Raises:
        Refused: if the body is too long, arrives too slowly, or is no JSON object.
    """
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused(415, "Questions are asked in JSON.")
    size = headers.get("content-length", "0")
    raw = b""
    try:
        if not size.isdecimal() or int(size) > CHECKS_MOST_BYTES:
            raise Refused(413, TOO_LONG)
        async with asyncio.timeout(BODY_SECONDS):
            async for part in parts(receive):
                raw += part
                if len(raw) > CHECKS_MOST_BYTES:
                    raise Refused(413, TOO_LONG)
        body = orjson.loads(raw)
    except TimeoutError:
        raise Refused(408, "The question did not arrive in time.") from None
    except ValueError:
        raise Refused(400, "This is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "A question is a set of named values.")
    return body


async def parts(receive: Receive) -> AsyncIterator[bytes]:
    """Yield the parts of a request's body as they arrive.

    Raises:
        Refused: if the client disconnects before the end.
    """
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The question broke off.")
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def wait_until_closed(receive: Receive) -> None:
    """Return when the client has closed the connection."""
    with contextlib.suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def text(body: dict, key: str) -> str:
    """Return the session key in a request.

    Raises:
        Refused: if it is missing or malformed.
    """
    found = body.get(key)
    if not isinstance(found, str) or not SESSION.fullmatch(found):
        raise Refused(400, f"{key} must be up to 64 letters and digits.")
    return found


def number(body: dict, key: str) -> int:
    """Return a whole number from a request, such as the id of a component or a function.

    Raises:
        Refused: if it is missing or not a whole number.
    """
    if type(body.get(key)) is not int:
        raise Refused(400, f"{key} must be a whole number.")
    return body[key]


def is_typed(value: Any) -> bool:
    """Return whether a value can come from a number box; an empty box gives None."""
    if value is None:
        return True
    with contextlib.suppress(OverflowError):
        return type(value) in (int, float) and math.isfinite(value)
    return False


def address(scope: Scope, headers: Headers) -> str:
    """Return the client address of a request; on a Space, the last entry of `X-Forwarded-For`.

    The Space's proxy appends that entry. An IPv6 address is reduced to its /64 network. One visitor is usually given a
    whole /64, which holds 2^64 addresses.
    """
    if os.environ.get("SPACE_ID") and "x-forwarded-for" in headers:
        said = headers["x-forwarded-for"].rsplit(",", 1)[-1].strip()
    else:
        said = scope["client"][0] if scope.get("client") else ""
    try:
        found = ipaddress.ip_address(said.partition("%")[0].strip("[]"))
    except ValueError:
        return said
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))
