"""A proxy that publishes an app under a path and takes that path away, as a university's or a course's would."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tests.server import free_port

HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@contextmanager
def proxy(url: str, prefix: str) -> Iterator[str]:
    """Publish an app under a path of another server until the block ends; the address of the app there."""
    port = free_port()
    app = _Proxy(url, prefix)
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}{prefix}/"
    server.should_exit = True
    thread.join(10)


class _Proxy:
    def __init__(self, url: str, prefix: str):
        self.prefix, self.line = prefix, httpx.AsyncClient(base_url=url, trust_env=False, timeout=600)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self._answer(request, scope))(scope, receive, send)

    async def _answer(self, request: Request, scope: Scope) -> Response:
        raw = scope["raw_path"].decode("latin-1")
        if not raw.startswith(f"{self.prefix}/"):
            return PlainTextResponse("Nothing is published here.", 404)
        query = scope["query_string"].decode("latin-1")
        headers = [(name, value) for name, value in request.headers.raw if name.decode() not in HOPS]
        headers.append((b"x-forwarded-for", b"203.0.113.7"))
        asked = self.line.build_request(
            request.method,
            raw.removeprefix(self.prefix) + (f"?{query}" if query else ""),
            headers=headers,
            content=await request.body(),
        )
        found = await self.line.send(asked, stream=True)
        answer = StreamingResponse(found.aiter_raw(), found.status_code)
        answer.raw_headers = [(name, value) for name, value in found.headers.raw if name.lower().decode() not in HOPS]
        return answer
