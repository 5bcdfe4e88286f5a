"""The page itself: made once for each address that it is opened under, kept compressed, with what it may load and run.

Gradio makes the page anew for everybody who opens it: half a megabyte of settings, copied and written out.
"""

import asyncio
import base64
import gzip
import hashlib
import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.tabs.kept import Kept

ADDRESS = ("host", "x-forwarded-host", "x-forwarded-proto", "x-gradio-server")  # what Gradio takes the root from
LONGEST = 300  # letters of any of these
REMEMBERED = 4_000_000
FRAMED_BY = "'self' https://huggingface.co"

OPENING = (
    "<style>body { background: white; color: #262626 } body.dark { background: #0f0f0f; color: #f5f5f5 }</style>"
    + "<script>"
    + "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("opening.js", "keys.js"))
    + "</script>"
)
"""What comes first in the page's body: Gradio colours it late, and would open the first tab before the wanted one."""

_BODY = re.compile(r"<body[^>]*>")
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Page:
    """Answers with the page, and lets everything else through."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self._pages = Kept(REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) not in ("", "/"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        key = (scope["scheme"], scope.get("root_path", ""), *(headers.get(name, "") for name in ADDRESS))
        if any(len(part) > LONGEST for part in key):
            return await Response("This address is too long.", 400)(scope, receive, send)
        known = self._pages.get(key)
        if known is None:
            made = await self._made(scope, receive)
            if made.status_code != 200:
                return await made(scope, receive, send)
            page = _BODY.sub(lambda found: found[0] + OPENING, made.body.decode(), count=1)
            etag = f'"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
            small = await asyncio.to_thread(gzip.compress, page.encode(), 6)
            known = small, policy(page), etag
            self._pages.put(key, known, len(known[0]))
        await sent(Request(scope), *known)(scope, receive, send)

    async def _made(self, scope: Scope, receive: Receive) -> Response:
        """What Gradio answers, whole."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope | {"method": "GET"}, receive, keep)
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Response(body, messages[0]["status"], media_type="text/html")


def sent(request: Request, body: bytes, allowed: str, etag: str) -> Response:
    """The page as this browser takes it: compressed, as text, or as it has it already."""
    headers = {"etag": etag, "cache-control": "no-cache", "vary": "accept-encoding", "content-security-policy": allowed}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, headers=headers, media_type="text/html")


def policy(page: str) -> str:
    """What the page may load and run, its own inline scripts by their hashes; Gradio makes functions of texts."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _INLINE.findall(page))
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "'unsafe-eval'", *(f"'sha256-{each}'" for each in hashes)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": FRAMED_BY,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
