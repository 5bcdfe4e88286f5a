"""The gate in front of Gradio: what the page uses is let in, bounded and checked, and everything else stays out.

The stages' server functions are answered here: Gradio would keep a copy of every component's settings for each page
that is opened, although nothing of a visitor is kept on the server. What is passed on to it comes as if from one page.
"""

import asyncio
import contextlib
import json
import math
import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import gradio as gr
from gradio.routes import ORJSONResponse
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.tabs.visitors import Visitor, visitor

MOST_BYTES, BODY_SECONDS = 16_384, 10
AT_ONCE = 16  # questions of one page under way
READ = re.compile(
    r"/|/(assets|static)/[ -~]{1,200}|/(gradio_api/)?theme\.css|/(favicon\.ico|robots\.txt|manifest\.json)"
)
FILE = re.compile(r"/gradio_api/file=(?!https?:)[^\0]+")
STARTED = "/gradio_api/startup-events"  # Gradio's own launch asks for it
ASKED, TYPED = "/gradio_api/component_server", "/gradio_api/run/predict"
SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})|bytes=-\d{1,15}")
EVERYBODY = "everybody"
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}

Answer = Callable[[Any], Awaitable[dict]]


class Refused(Exception):
    """A request that is not let in: the status and a sentence."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Gate:
    """Lets in what the page uses.

    Arguments:
        app: Gradio's app.
        asked: The server functions of each stage by its number among the components, by their names.
        typed: How many numbers each formula with live inputs takes, by its number among the page's functions.
    """

    def __init__(self, app: ASGIApp, asked: Mapping[int, Mapping[str, Answer]], typed: Mapping[int, int]):
        self.app, self.asked, self.typed = app, asked, typed
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] == "http":
            send = guarded(send)
            try:
                return await self._enter(scope, receive, send)
            except Refused as no:
                await JSONResponse({"error": no.sentence}, no.status)(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"].removeprefix(scope.get("root_path", "")) or "/", scope["method"]
        headers = Headers(scope=scope)
        if method in ("GET", "HEAD"):
            if not READ.fullmatch(path) and not FILE.fullmatch(path) and path != STARTED:
                raise Refused(404, "There is nothing here.")
            check_range(headers)
            return await self.app(scope | {"query_string": b""}, receive, send)
        if method != "POST" or path.rstrip("/") not in (ASKED, TYPED):
            raise Refused(404 if method == "POST" else 405, "There is nothing here.")
        check_origin(headers)
        body = await read(headers, receive)
        session = text(body, "session_hash")
        visitor.set(Visitor(session, address(scope, headers)))
        if self.open[session] >= AT_ONCE:
            raise Refused(429, "This page asks too much at once.")
        self.open[session] += 1
        try:
            await (self._answer if path.rstrip("/") == ASKED else self._pass_on)(body, scope, receive, send)
        finally:
            self.open[session] -= 1
            self.open += Counter()  # forgets who asks nothing

    async def _answer(self, body: dict, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a stage, unless it goes away before."""
        functions = self.asked.get(number(body, "component_id"), {})
        function = functions.get(body.get("fn_name") if isinstance(body.get("fn_name"), str) else "")
        if function is None:
            raise Refused(404, "There is no such question.")
        answering = asyncio.create_task(function(body.get("data")))
        leaving = asyncio.create_task(gone(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await ORJSONResponse(answering.result())(scope, receive, send)
        finally:
            for task in (answering, leaving):
                task.cancel()

    async def _pass_on(self, body: dict, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio show what a formula makes of the numbers that were typed."""
        wanted, found = self.typed.get(number(body, "fn_index")), body.get("data")
        if wanted is None:
            raise Refused(404, "There is no such formula.")
        if not isinstance(found, list) or len(found) != wanted or not all(map(is_typed, found)):
            raise Refused(400, f"This formula takes {wanted} numbers.")
        raw = json.dumps({"data": found, "fn_index": body["fn_index"], "session_hash": EVERYBODY}).encode()
        own = {b"content-length": str(len(raw)).encode(), b"content-type": b"application/json"}
        headers = [each for each in scope["headers"] if each[0] not in own] + list(own.items())
        unread = [{"type": "http.request", "body": raw, "more_body": False}]

        async def again() -> Message:
            return unread.pop() if unread else await receive()

        await self.app(scope | {"headers": headers, "query_string": b""}, again, send)


def of(demo: gr.Blocks) -> dict[str, Any]:
    """What the gate of a page lets in, as `Gate` takes it."""
    blocks = {number: getattr(block, "server_fns", ()) for number, block in demo.blocks.items()}
    typed = {number: len(fn.inputs) for number, fn in demo.fns.items() if fn.fn is not None and not fn.queue}
    return {
        "asked": {number: {each.__name__: each for each in found} for number, found in blocks.items() if found},
        "typed": typed,
    }


def guarded(send: Send) -> Send:
    """Sends what is answered with headers that keep a browser from guessing what a file is."""

    async def guard(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in known]
            message = message | {"headers": [*message["headers"], *more]}
        await send(message)

    return guard


def check_range(headers: Headers) -> None:
    """Let pass the one range of a file that a browser asks for.

    Raises:
        Refused: if it asks for several, or for what is no range.
    """
    wanted = headers.get("range")
    if wanted is None:
        return
    found = RANGE.fullmatch(wanted)
    if not found or (found[2] and int(found[2]) < int(found[1])):
        raise Refused(416, "Ask for one range of bytes.")


def check_origin(headers: Headers) -> None:
    """Let pass what the app's own page asks, and programs that are no browser.

    Raises:
        Refused: if the page of another site asks.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:  # browsers leave it out where the connection is not encrypted
        hosts = {headers.get("host"), headers.get("x-forwarded-host", "").split(",")[0].strip()} - {""}
        ours = origin is None or origin.partition("://")[2] in hosts
    if not ours:
        raise Refused(403, "Another site's page may not ask here.")


async def read(headers: Headers, receive: Receive) -> dict:
    """The JSON of a request.

    Raises:
        Refused: if it is too long, comes too slowly, or is none.
    """
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused(415, "Questions are asked in JSON.")
    if int(size) > MOST_BYTES if (size := headers.get("content-length", "0")).isdecimal() else True:
        raise Refused(413, f"A question may have {MOST_BYTES:,} bytes.")
    raw = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in parts(receive):
                raw += part
                if len(raw) > MOST_BYTES:
                    raise Refused(413, f"A question may have {MOST_BYTES:,} bytes.")
    except TimeoutError:
        raise Refused(408, "The question did not arrive in time.") from None
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused(400, "This is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "A question is a set of named values.")
    return body


async def parts(receive: Receive):
    """The parts of a request's body, as they come."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The question broke off.")
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def gone(receive: Receive) -> None:
    """Returns when whoever asked has closed the connection."""
    with contextlib.suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def text(body: dict, key: str) -> str:
    """A session's key.

    Raises:
        Refused: if it is none.
    """
    found = body.get(key)
    if not isinstance(found, str) or not SESSION.fullmatch(found):
        raise Refused(400, f"{key} must be up to 64 letters and digits.")
    return found


def number(body: dict, key: str) -> int:
    """A component's or a function's number.

    Raises:
        Refused: if it is none.
    """
    if type(body.get(key)) is not int:
        raise Refused(400, f"{key} must be a whole number.")
    return body[key]


def is_typed(value: Any) -> bool:
    """Whether a value can come from a box for numbers; an empty one is None."""
    if value is None:
        return True
    with contextlib.suppress(OverflowError):
        return type(value) in (int, float) and math.isfinite(value)
    return False


def address(scope: Scope, headers: Headers) -> str:
    """Where a request comes from. On a Space that is what its proxy says, in the last place of its header."""
    if os.environ.get("SPACE_ID") and "x-forwarded-for" in headers:
        return headers["x-forwarded-for"].rsplit(",", 1)[-1].strip()
    return scope["client"][0] if scope.get("client") else ""
