"""The page is sent compressed, and nothing else is touched."""

import gzip

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from explorer.tabs import interface
from explorer.tabs.compressed import CompressedPage
from tests.asking import wait_for


def test_the_page_travels_compressed_and_nothing_else_does():
    """What a browser is sent for the page, and for a file of weights."""
    routes = [Route(path, lambda _: PlainTextResponse("word " * 1000)) for path in ("/", "/weights")]
    app = CompressedPage(Starlette(routes=routes))

    async def sent(path: str) -> list[dict]:
        messages = []
        scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept-encoding", b"gzip")]}
        scope |= {"query_string": b"", "http_version": "1.1", "root_path": ""}

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            messages.append(message)

        await app(scope, receive, send)
        return messages

    page, file = (wait_for(sent(path)) for path in ("/", "/weights"))
    assert gzip.decompress(b"".join(each["body"] for each in page[1:])) == b"word " * 1000
    assert (b"content-encoding", b"gzip") in page[0]["headers"]
    assert file[1]["body"] == b"word " * 1000
    assert interface.launch_settings()["app_kwargs"]["middleware"][0].cls is CompressedPage
