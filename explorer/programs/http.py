"""Paths of the door for programs, which the gate hands over.

| request | answers |
| --- | --- |
| `GET /api/openapi.json` | the description of the questions |
| `POST /api/NAME` | a question; its body has the arguments |
| `POST /api/mcp` | a request of the Model Context Protocol |
| `GET /api/config`, `GET /api/gradio/info` | what Gradio's client reads first |
| `POST /api/gradio/queue/join`, `GET /api/gradio/queue/data` | its questions, and the answers |
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs

import orjson
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from explorer.programs.gradio_client import PREFIX, Queue
from explorer.programs.openapi import description
from explorer.programs.questions import Asked
from explorer.programs.tools import NO_MCP, is_installed, tools
from explorer.serving.checks import Refused, text

DOOR = "/api"
NOWHERE = "There is nothing here."
TOO_DEEP = "This request is nested too deeply."


class Programs:
    """Answers the requests of programs, which the gate has checked and slowed down.

    Arguments:
        questions: Questions by name.
    """

    def __init__(self, questions: Mapping[str, Asked]):
        self.questions, self.queue = questions, Queue(questions)
        self._tools = tools(questions) if is_installed() else None

    @staticmethod
    def takes(path: str) -> bool:
        """Return whether a path is one of the door."""
        return path == DOOR or path.startswith(f"{DOOR}/")

    async def answer(
        self, path: str, body: dict | None, place: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request.

        Arguments:
            path: Its path.
            body: JSON object of a POST request; None if it is a GET request.
            place: Address of the client.

        Raises:
            Refused: if nothing has this path, or the request is malformed.
        """
        name = path.removeprefix(DOOR).strip("/")
        if body is None:
            return await self._read(name, place, scope)(scope, receive, send)
        if name == "mcp":
            return await self._use_tools(body, scope, send)
        if name == f"{PREFIX}/queue/join":
            return await JSONResponse(self.queue.join(body, place))(scope, receive, send)
        if name not in self.questions:
            raise Refused(404, NOWHERE)
        status, found = await self.questions[name].answer(body)
        await JSONResponse(found, status)(scope, receive, send)

    def _read(self, name: str, place: str, scope: Scope) -> Response:
        """Return the response to a GET request."""
        if name == "openapi.json":
            return JSONResponse(description(self.questions, f"{scope.get('root_path', '')}{DOOR}"))
        if name == "config":
            return JSONResponse(self.queue.config())
        if name == f"{PREFIX}/info":
            return JSONResponse(self.queue.info())
        if name == f"{PREFIX}/queue/data":
            query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
            session = text({"session_hash": query.get("session_hash", [None])[0]}, "session_hash")
            return StreamingResponse(self.queue.stream(session, place), media_type="text/event-stream")
        raise Refused(405 if name in self.questions or name == "mcp" else 404, NOWHERE)

    async def _use_tools(self, body: dict, scope: Scope, send: Send) -> None:
        """Hand a request to the MCP server, whose body is read already."""
        if self._tools is None:
            raise Refused(404, NO_MCP)
        try:
            raw = orjson.dumps(body)
        except TypeError:  # orjson reads deeper than it writes
            raise Refused(400, TOO_DEEP) from None
        kept = [each for each in scope["headers"] if each[0] not in (b"content-length", b"transfer-encoding")]
        headers = [*kept, (b"content-length", str(len(raw)).encode())]
        await self._tools(scope | {"headers": headers, "query_string": b""}, _once(raw), send)


def _once(raw: bytes) -> Receive:
    """Return a `receive` that gives a body, and then nothing: the gate itself watches the connection."""
    messages: list[Message] = [{"type": "http.request", "body": raw, "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive
