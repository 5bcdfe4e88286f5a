"""Static files of the page: compressed once, cached by the browser, and read in pieces.

For every request, Gradio compresses the file again and reads it with threads. It sends the file again to a browser that
has it.
"""

import asyncio
import gzip
import hashlib
import mimetypes
import os
import re
import stat
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import brotli
import orjson
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.serving.checks import part
from explorer.serving.kept import Kept
from explorer.serving.pace import PACE_PIECE

FILES_REMEMBERED = 16_000_000  # capacity of the cache of compressed files, in bytes
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
TEXTS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
FILES_FILE = "/gradio_api/file="
QUALITY = 10  # of brotli: 12 % less than gzip in a tenth of the time of the best
PLAIN = {"content-encoding": "identity"}  # keeps Gradio from compressing it again for every request
VERSION = re.compile(rb"v=[\da-f]{1,64}")
"""Query string of an address that changes with its file."""
HOST = b"explorer.invalid"  # host name passed to Gradio, because clients can reach the server under any name
TOLD = (b"accept-encoding", b"if-none-match")
NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Folder:
    """Folder of files served under addresses that match a pattern.

    Arguments:
        address: Regular expression for the start of the address.
        path: The folder; it may be created later.
        for_ever: Whether the address changes whenever the content changes.
        follow: Whether links that lead out of the folder are followed.
        brief: Whether scripts are sent without their remarks, which are a fifth of what a slow line carries.
    """

    address: str
    path: Path
    for_ever: bool = False
    follow: bool = False
    brief: bool = False

    def find(self, name: str) -> tuple[Path, os.stat_result] | None:
        """Return the path of a file with its size and date, or None."""
        files = StaticFiles(directory=self.path, check_dir=False, follow_symlink=self.follow)
        with suppress(OSError, ValueError):
            full, about = files.lookup_path(os.path.normpath(os.path.join(*name.split("/"))))
            if about and stat.S_ISREG(about.st_mode):
                return Path(full), about
        return None


class Files:
    """ASGI middleware that serves files, and adds an entity tag to the app's other responses.

    Arguments:
        app: App that answers all other requests.
        folders: Served folders; the first whose pattern matches an address is used.
        routes: Files that the app itself answers. It answers no other, since Gradio would also serve what lies in its
            temporary folder.
    """

    def __init__(self, app: ASGIApp, folders: Sequence[Folder], routes: Sequence[Route] = ()):
        self.app, self._routes = app, [each.path_regex for each in routes]
        self._folders = [(re.compile(folder.address), folder) for folder in folders]
        self._texts = Kept(FILES_REMEMBERED)
        self._one = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        tried = ((address.match(path), folder) for address, folder in self._folders)
        at, folder = next(((found, folder) for found, folder in tried if found), (None, None))
        if not at and path.startswith(FILES_FILE) and not any(each.match(path) for each in self._routes):
            return await no_file()(scope, receive, send)
        answer = await (self._file(folder, path[at.end() :], scope) if at else self._app_response(scope))
        await answer(scope, receive, send)

    async def _file(self, folder: Folder, name: str, scope: Scope) -> Response:
        """Return a file or the requested part of it, or 304 if the browser has it."""
        found = folder.find(name)
        if found is None:
            return no_file()
        path, about = found
        asked, is_text = Headers(scope=scope), path.suffix in TEXTS
        etag = f'{"W/" * is_text}"{about.st_mtime_ns:x}-{about.st_size:x}"'  # partial caching needs a strong tag
        fields = {"etag": etag, **lasting(scope, folder.for_ever)}
        if has(asked, etag):
            return Response(status_code=304, headers=fields)
        wanted = part(asked, about.st_size, etag)
        if is_text:
            fields["vary"] = "accept-encoding"
        if is_text and wanted is None and (coding := coding_for(asked)):
            brief = folder.brief and path.suffix == ".js"
            read = partial(read_script, path) if brief else path.read_bytes
            body = await self._compress(coding, (str(path), etag), read)
            return Response(body, headers=fields | {"content-encoding": coding}, media_type=TEXTS[path.suffix])
        return piecewise(scope["method"], path, wanted or range(about.st_size), about.st_size, fields)

    async def _app_response(self, scope: Scope) -> Response:
        """Return the app's own response with an entity tag of its content, or 304 if the browser has it."""
        answer, asked = await whole(self.app, scope), Headers(scope=scope)
        if answer.status_code != 200 or "cache-control" in answer.headers:
            return answer
        fields = {"etag": f'W/"{hashlib.sha256(answer.body).hexdigest()[:32]}"', **lasting(scope)}
        if has(asked, fields["etag"]):
            return Response(status_code=304, headers=fields)
        kind = answer.headers.get("content-type", "")
        if kind.startswith("text/") and "content-encoding" not in answer.headers:
            coding = coding_for(asked) or "gzip"
            body = await self._compress(coding, (scope["path"], fields["etag"]), lambda: answer.body)
            return compressed_response(asked, body, kind, fields, coding)
        answer.headers.update(fields)
        return answer

    async def _compress(self, coding: str, text: tuple[str, str], read: Callable[[], bytes]) -> bytes:
        """Return a compressed text, from the cache or compressed now, one text at a time."""
        key = (coding, *text)
        if (body := self._texts.get(key)) is None:
            async with self._one:
                body = self._texts.get(key) or await asyncio.to_thread(lambda: compress(read(), coding))
                self._texts.put(key, body, len(body))
        return body


def compress(text: bytes, coding: str) -> bytes:
    """Return a text in a content coding, `br` or `gzip`."""
    return brotli.compress(text, quality=QUALITY) if coding == "br" else gzip.compress(text, 9, mtime=0)


def coding_for(asked: Headers) -> str | None:
    """Return the shortest content coding that a browser accepts, or None; over plain HTTP browsers accept no `br`."""
    accepted = {each.partition(";")[0].strip() for each in asked.get("accept-encoding", "").split(",")}
    return next((coding for coding in ("br", "gzip") if coding in accepted), None)


def no_file() -> Response:
    """Return the response for an address without a file."""
    return PlainTextResponse("There is no such file.", 404)


_REMARKS = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.DOTALL | re.MULTILINE)


def without_remarks(script: str) -> str:
    """Return a script without the remarks that have lines of their own; every other line keeps its number."""
    return _REMARKS.sub(lambda found: "\n" * found[0].count("\n"), script)


def read_script(path: Path) -> bytes:
    """Return a script without its remarks."""
    return without_remarks(path.read_text(encoding="utf-8")).encode()


def lasting(scope: Scope, for_ever: bool = False) -> dict[str, str]:
    """Return the `Cache-Control` header of a response: cached for a year, or revalidated each time."""
    return {"cache-control": FOR_EVER if for_ever or VERSION.fullmatch(scope["query_string"]) else ASK_AGAIN}


def has(asked: Headers, etag: str) -> bool:
    """Return whether the browser has the response of an entity tag; a compressing proxy makes the tag weak."""
    known = (each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(","))
    return etag.removeprefix("W/") in known


def compressed_json(value: Any) -> bytes:
    """Return a value as JSON, compressed; the same value gives the same bytes."""
    return gzip.compress(orjson.dumps(value), 9, mtime=0)


def compressed_response(
    asked: Headers, body: bytes, media_type: str, headers: Mapping[str, str] = NONE, coding: str = "gzip"
) -> Response:
    """Return a response with a body compressed by `coding`, decompressed if the browser does not accept gzip."""
    fields = {"vary": "accept-encoding", "content-encoding": coding, **headers}
    if coding == "gzip" and "gzip" not in asked.get("accept-encoding", ""):
        body, fields = plain(body), fields | PLAIN
    return Response(body, headers=fields, media_type=media_type)


plain = lru_cache(maxsize=64)(gzip.decompress)
"""Return the text of a compressed body, cached so that concurrent requests share one copy."""


def piecewise(method: str, path: Path, wanted: range, size: int, headers: Mapping[str, str]) -> Response:
    """Return a response with these bytes of a file of `size` bytes, read while they are sent."""
    kind = TEXTS.get(path.suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    fields = {**headers, "content-length": str(len(wanted)), "accept-ranges": "bytes"}
    if path.suffix in TEXTS:
        fields |= PLAIN
    if len(wanted) < size:
        fields["content-range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    status = 206 if len(wanted) < size else 200
    if method == "HEAD":
        return Response(status_code=status, headers=fields, media_type=kind)
    return StreamingResponse(pieces(path, wanted), status, fields, kind)


async def pieces(path: Path, wanted: range) -> AsyncIterator[bytes]:
    """Yield bytes of a file in pieces; reading a piece takes less time than handing it to a thread."""
    with path.open("rb") as file:
        file.seek(wanted.start)
        for start in range(wanted.start, wanted.stop, PACE_PIECE):
            yield file.read(min(PACE_PIECE, wanted.stop - start))


async def whole(app: ASGIApp, scope: Scope) -> Response:
    """Return the complete response of an app to a request without its body.

    The app receives `HOST` and only the headers in `TOLD`.
    """
    messages: list[Message] = []
    unread: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def nothing() -> Message:
        return unread.pop() if unread else await asyncio.Future()

    async def keep(message: Message) -> None:
        messages.append(message)

    headers = [(b"host", HOST), *(each for each in scope["headers"] if each[0] in TOLD)]
    await app(scope | {"method": "GET", "headers": headers}, nothing, keep)
    found = Response(b"".join(message.get("body", b"") for message in messages[1:]), messages[0]["status"])
    found.raw_headers = messages[0]["headers"]
    return found
