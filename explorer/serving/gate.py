"""The gate in front of Gradio: what the page uses is let in, bounded and checked, and everything else stays out.

The stages' server functions are answered here: Gradio would keep a copy of every component's settings for each page
that is opened, although nothing of a visitor is kept on the server. What is passed on to it comes as if from one page.
"""

import asyncio
import contextlib
import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import gradio as gr
import orjson
from gradio.routes import ORJSONResponse
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.serving import rooms
from explorer.serving.checks import (
    Refused,
    address,
    check_origin,
    gone,
    is_typed,
    number,
    read,
    text,
)
from explorer.serving.files import HOST, VERSION, compressed
from explorer.serving.pace import Pace, bounded
from explorer.serving.visitors import Visitor, visitor

TOO_MUCH = "So much is asked from here that it cannot be answered at once."
AT_ONCE, OF_AN_ADDRESS = 16, 800  # questions of one page, and of all behind one address, that are under way
A_SECOND = {"session": (60, 60), "address": (300, 300)}  # the same, in a second: in the long run, and in a burst
READS, BYTES = (500, 10_000), (64e6, 32_000_000)  # files, and bytes of them, that an address reads
READ_SECONDS = 60.0  # that a file is waited for: a class behind one address opens the page at once
COOLING = 1.0  # seconds after which somebody is told that they ask too much: who is told at once, asks again at once
READ = re.compile(
    r"/|/(assets|static)/[ -~]{1,200}|/(gradio_api/)?theme\.css|/(favicon\.ico|robots\.txt|manifest\.json)"
)
FILE = re.compile(r"/gradio_api/file=(?!https?:)[^\0]+")
STARTED = "/gradio_api/startup-events"  # Gradio's own launch asks for it
ASKED, TYPED = "/gradio_api/component_server", "/gradio_api/run/predict"
EVERYBODY = "everybody"
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}

Answer = Callable[[Any], Awaitable[dict]]


class Gate:
    """Lets in what the page uses.

    Arguments:
        app: Gradio's app.
        asked: The server functions of each stage by its number among the components, by their names.
        typed: How many numbers each formula with live inputs takes, by its number among the page's functions.
        entered: What is told of a tab when it is opened, compressed, by the number of the sentence that asks for it.
    """

    def __init__(
        self,
        app: ASGIApp,
        asked: Mapping[int, Mapping[str, Answer]],
        typed: Mapping[int, int],
        entered: Mapping[int, bytes],
    ):
        self.app, self.asked, self.typed, self.entered = app, asked, typed, entered
        self.open: Counter[tuple[str, str]] = Counter()
        self.paces = {group: Pace(*most) for group, most in A_SECOND.items()}
        self.reads, self.bytes = Pace(*READS, READ_SECONDS), Pace(*BYTES, math.inf)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] == "http":
            send = guarded(send)
            try:
                return await self._enter(scope, receive, send)
            except Refused as no:
                if no.status == 429:
                    await asyncio.sleep(COOLING)
                # what else is sent is not read
                await JSONResponse({"error": no.sentence}, no.status, {"connection": "close"})(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"].removeprefix(scope.get("root_path", "")) or "/", scope["method"]
        headers = Headers(scope=scope)
        if method in ("GET", "HEAD"):
            return await self._read(path, address(scope, headers), scope, receive, send)
        if method != "POST" or path.rstrip("/") not in (ASKED, TYPED):
            raise Refused(404 if method == "POST" else 405, "There is nothing here.")
        check_origin(headers)
        body = await read(headers, receive)
        who = Visitor(text(body, "session_hash"), address(scope, headers))
        await held_back(max(pace.wait(getattr(who, group)) for group, pace in self.paces.items()))
        with self._room_for(who):
            visitor.set(who)
            await (self._answer if path.rstrip("/") == ASKED else self._pass_on)(body, scope, receive, send)

    async def _read(self, path: str, place: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let somebody at an address read the page or a file, no faster than the address may."""
        if not READ.fullmatch(path) and not FILE.fullmatch(path) and path != STARTED:
            raise Refused(404, "There is nothing here.")
        await held_back(self.reads.wait(place))
        query = scope["query_string"]
        kept = query if path == "/" or VERSION.fullmatch(query) else b""  # the tab that is wanted, or the version
        send = bounded(send, lambda count: self.bytes.wait(place, count))
        await self.app(scope | {"query_string": kept}, receive, send)

    @contextlib.contextmanager
    def _room_for(self, who: Visitor) -> Iterator[None]:
        page, place = ("page", who.session), ("address", who.address)
        if self.open[page] >= AT_ONCE or self.open[place] >= OF_AN_ADDRESS:
            raise Refused(429, TOO_MUCH)
        self.open.update((page, place))
        try:
            yield
        finally:
            self.open.subtract((page, place))
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
        """Let Gradio show what a formula makes of the numbers that were typed; what a tab shows is known already."""
        if type(body.get("trigger_id")) is int and body["trigger_id"] in self.entered:
            answer = compressed(Headers(scope=scope), self.entered[body["trigger_id"]], "application/json")
            return await answer(scope, receive, send)
        wanted, found = self.typed.get(number(body, "fn_index")), body.get("data")
        if wanted is None:
            raise Refused(404, "There is no such formula.")
        if not isinstance(found, list) or len(found) != wanted or not all(map(is_typed, found)):
            raise Refused(400, f"This formula takes {wanted} numbers.")
        raw = orjson.dumps({"data": found, "fn_index": body["fn_index"], "session_hash": EVERYBODY})
        own = {b"host": HOST, b"content-length": str(len(raw)).encode(), b"content-type": b"application/json"}
        unread = [{"type": "http.request", "body": raw, "more_body": False}]

        async def again() -> Message:
            return unread.pop() if unread else await receive()

        await self.app(scope | {"headers": [*own.items()], "query_string": b""}, again, send)


async def held_back(seconds: float) -> None:
    """Wait; who would have to wait for ever is refused."""
    if math.isinf(seconds):
        raise Refused(429, TOO_MUCH)
    await asyncio.sleep(seconds)


def of(demo: gr.Blocks) -> dict[str, Any]:
    """What the gate of a page lets in, as `Gate` takes it."""
    blocks = {number: getattr(block, "server_fns", ()) for number, block in demo.blocks.items()}
    typed = {
        number: len(fn.inputs) for number, fn in demo.fns.items() if fn.fn is not None and fn.inputs and not fn.queue
    }
    return {
        "asked": {number: {each.__name__: each for each in found} for number, found in blocks.items() if found},
        "typed": typed,
        "entered": rooms.answers(demo),
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
