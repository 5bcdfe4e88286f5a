"""Middleware in front of Gradio that passes only the requests of the page, checked and rate-limited.

The middleware itself answers the stages' server functions: Gradio would keep a copy of every component's settings for
each open page, although the server stores no visitor's state. Requests passed on to Gradio all use one session.
"""

import asyncio
import contextlib
import math
import re
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import gradio as gr
import orjson
from gradio.routes import ORJSONResponse
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.serving import places, rooms
from explorer.serving.checks import Refused, address, check_origin, is_typed, number, read, text, wait_until_closed
from explorer.serving.files import HOST, VERSION, compressed_response
from explorer.serving.opened import PATHS, Opening
from explorer.serving.pace import Pace, throttle
from explorer.serving.pictures import PREPARE, Pictures
from explorer.serving.places import Answer, Answers
from explorer.serving.texts import SIGN_PATHS, TEXT_PATHS, Signs, Texts
from explorer.serving.visitors import Visitor, subtract_one, visitor

TOO_MUCH = "So much is asked from here that it cannot be answered at once."
GATE_AT_ONCE, OF_AN_ADDRESS = 16, 800  # concurrent requests of one page, and of one address
A_SECOND = {"session": (60, 60), "address": (300, 60)}  # requests per second, and in a burst
READS, GATE_BYTES = (500, 10_000), (64e6, 32_000_000)  # per address, per second and in a burst: files, bytes of files
READ_SECONDS = 60.0  # longest delay of a file request: a class behind one address opens the page at once
COOLING = 1.0  # seconds before a refusal for too many requests is sent: it slows down clients that retry at once
READ = re.compile(
    r"/|/(assets|static)/[ -~]{1,200}|/(gradio_api/)?theme\.css|/(favicon\.ico|robots\.txt|manifest\.json)"
    r"|/offline\.js(on)?|/icon-[a-z\d-]{1,20}\.png"
)
FILE = re.compile(r"/gradio_api/file=(?!https?:)[^\0]+")
STARTED = "/gradio_api/startup-events"  # requested by Gradio's own launch
GATE_ASKED, TYPED = "/gradio_api/component_server", "/gradio_api/run/predict"
EVERYBODY = "everybody"
T = TypeVar("T")
PAGE = -1  # id of the page itself among the components, for functions that belong to no tab
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


class Further(Protocol):
    """Part of the page with paths of its own, which bounds and answers their requests itself."""

    def takes(self, path: str) -> bool:
        """Return whether a path is one of its own."""
        ...

    async def answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or raise `Refused`."""
        ...


class Door(Protocol):
    """Door for programs, whose requests the gate checks and slows down like those of the page."""

    def takes(self, path: str) -> bool:
        """Return whether a path is one of its own."""
        ...

    async def answer(
        self, path: str, body: dict | None, place: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request with this body, or without one, from this address, or raise `Refused`."""
        ...


class Gate:
    """ASGI middleware that passes only the requests of the page.

    Arguments:
        app: Gradio's app.
        asked: Server functions of each stage, by component id and function name.
        typed: Number of inputs of each live formula, by function id.
        entered: Compressed answers with the content of a tab, by the id of the component that requests it.
        opening: Opens and closes networks of visitors' own; None if that is not offered.
        pictures: Prepares pictures of visitors' own; None if that is not offered.
        texts: Keeps texts of visitors' own; None if that is not offered.
        signs: Keeps drawings of visitors' own signs; None if that is not offered.
        further: Parts of the page with paths of their own, such as the rooms of a class.
        programs: Door for programs; None if it is closed.
    """

    def __init__(
        self,
        app: ASGIApp,
        asked: Mapping[int, Answers],
        typed: Mapping[int, int],
        entered: Mapping[int, bytes],
        opening: Opening | None = None,
        pictures: Pictures | None = None,
        texts: Texts | None = None,
        signs: Signs | None = None,
        further: Sequence[Further] = (),
        programs: Door | None = None,
    ):
        self.programs = programs
        self.app, self.asked, self.typed, self.entered, self.further = app, asked, typed, entered, further
        self.doors = {path: opening for path in PATHS if opening} | ({PREPARE: pictures} if pictures else {})
        self.doors |= {path: texts for path in TEXT_PATHS if texts} | {path: signs for path in SIGN_PATHS if signs}
        self.open: Counter[tuple[str, str]] = Counter()
        self.paces = {group: Pace(*most) for group, most in A_SECOND.items()}
        self.reads, self.bytes = Pace(*READS, READ_SECONDS), Pace(*GATE_BYTES, math.inf)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] == "http":
            send = with_headers(send)
            try:
                return await self._enter(scope, receive, send)
            except Refused as no:
                if no.status == 429:
                    await asyncio.sleep(COOLING)
                # closes the connection, because the rest of the request is not read
                await JSONResponse({"error": no.sentence}, no.status, {"connection": "close"})(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"].removeprefix(scope.get("root_path", "")) or "/", scope["method"]
        headers = Headers(scope=scope)
        for part in self.further:
            if part.takes(path):
                return await part.answer(path, scope, receive, send)
        if self.programs and self.programs.takes(path):
            return await self._ask_by_program(self.programs, path, scope, receive, send)
        if method in ("GET", "HEAD"):
            return await self._read(path, address(scope, headers), scope, receive, send)
        if method == "POST" and path in self.doors:
            check_origin(headers)
            place = address(scope, headers)
            await wait_or_refuse(self.paces["address"].wait(place))
            found = await self.doors[path].answer(path, place, headers, receive)
            return await ORJSONResponse(found)(scope, receive, send)
        if method != "POST" or path.rstrip("/") not in (GATE_ASKED, TYPED):
            raise Refused(404 if method == "POST" else 405, "There is nothing here.")
        check_origin(headers)
        body = await read(headers, receive)
        who = Visitor(text(body, "session_hash"), address(scope, headers))
        await wait_or_refuse(max(pace.wait(getattr(who, group)) for group, pace in self.paces.items()))
        with self._room_for(who):
            visitor.set(who)
            await (self._answer if path.rstrip("/") == GATE_ASKED else self._pass_on)(body, scope, receive, send)

    async def _ask_by_program(self, door: Door, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a program, unless it disconnects first; all programs of an address count as one page."""
        if scope["method"] not in ("GET", "POST"):
            raise Refused(405, "There is nothing here.")
        headers = Headers(scope=scope)
        check_origin(headers)
        body = await read(headers, receive) if scope["method"] == "POST" else None
        place = address(scope, headers)
        who = Visitor(f"program {place}", place)
        await wait_or_refuse(max(pace.wait(getattr(who, group)) for group, pace in self.paces.items()))
        with self._room_for(who):
            visitor.set(who)
            await unless_closed(door.answer(path, body, place, scope, receive_nothing, send), receive)

    async def _read(self, path: str, place: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a GET or HEAD request for the page or a file, within the rate limits of the address."""
        if not READ.fullmatch(path) and not FILE.fullmatch(path) and path != STARTED:
            raise Refused(404, "There is nothing here.")
        await wait_or_refuse(self.reads.wait(place))
        query = scope["query_string"]
        kept = query if path == "/" or VERSION.fullmatch(query) else b""  # the requested tab, or the version
        send = throttle(send, lambda count: self.bytes.wait(place, count))
        await self.app(scope | {"query_string": kept}, receive, send)

    @contextlib.contextmanager
    def _room_for(self, who: Visitor) -> Iterator[None]:
        page, place = ("page", who.session), ("address", who.address)
        if self.open[page] >= GATE_AT_ONCE or self.open[place] >= OF_AN_ADDRESS:
            raise Refused(429, TOO_MUCH)
        self.open.update((page, place))
        try:
            yield
        finally:
            for one in (page, place):
                subtract_one(self.open, one)

    async def _answer(self, body: dict, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a server function of a stage, unless the client disconnects first."""
        functions = self.asked.get(number(body, "component_id"), {})
        function = functions.get(body.get("fn_name") if isinstance(body.get("fn_name"), str) else "")
        if function is None:
            raise Refused(404, "There is no such question.")
        found = await unless_closed(function(body.get("data")), receive)
        if found is not None:
            await ORJSONResponse(found)(scope, receive, send)

    async def _pass_on(self, body: dict, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the content of a tab from the prepared answers, or pass the inputs of a live formula to Gradio."""
        if type(body.get("trigger_id")) is int and body["trigger_id"] in self.entered:
            answer = compressed_response(Headers(scope=scope), self.entered[body["trigger_id"]], "application/json")
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


async def unless_closed(work: Coroutine[Any, Any, T], receive: Receive) -> T | None:
    """Return the result of some work, or None once the client has closed the connection, which cancels it."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(wait_until_closed(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()


async def receive_nothing() -> Message:
    """Wait for ever: what a client sends after its body is nobody's."""
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def wait_or_refuse(seconds: float) -> None:
    """Wait before a request is answered.

    Raises:
        Refused: if the wait is infinite.
    """
    if math.isinf(seconds):
        raise Refused(429, TOO_MUCH)
    await asyncio.sleep(seconds)


def of(demo: gr.Blocks, functions: Sequence[Answer] = ()) -> dict[str, Any]:
    """Return the arguments of the `Gate` of a page, except the app; `functions` belong to the page, and to no tab."""
    blocks = {number: (block.elem_id, getattr(block, "server_fns", ())) for number, block in demo.blocks.items()}
    typed = {
        number: len(fn.inputs) for number, fn in demo.fns.items() if fn.fn is not None and fn.inputs and not fn.queue
    }
    return {
        "asked": {PAGE: {each.__name__: each for each in functions}}
        | {
            number: places.place(component, {each.__name__: each for each in found})
            for number, (component, found) in blocks.items()
            if found
        },
        "typed": typed,
        "entered": rooms.answers(demo),
    }


def with_headers(send: Send) -> Send:
    """Return a `send` that adds `HEADERS`, among them one that stops browsers from guessing content types."""

    async def guard(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in known]
            message = message | {"headers": [*message["headers"], *more]}
        await send(message)

    return guard
