"""HTML page: built once for each initial tab and language, and cached compressed.

Gradio builds the page anew for every visitor: half a megabyte of settings, copied and serialised, with the server's
name in it. The cached page contains one tab (see `rooms`), sends a content security policy, and names no server.
"""

import asyncio
import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from gradio.routes import toorjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer.serving import languages, rooms
from explorer.serving.files import (
    ASK_AGAIN,
    HOST,
    NONE,
    coding_for,
    compress,
    compressed_response,
    has,
    whole,
    without_remarks,
)
from explorer.serving.framed import FRAMED_ALWAYS
from explorer.serving.links import mended
from explorer.serving.preloads import links

FIELDS = 200  # maximum number of query fields that are parsed to find the tab
CONFIG = "window.gradio_config = "
MANIFESTS = (' href="/manifest.json"', ' href="./manifest.json"')
"""Gradio's link to the manifest, which a path of another server would lose."""
FRAMES = ("document.head.appendChild(script);", "if (window.parent !== window) document.head.appendChild(script);")
"""Gradio's script for frames, which a page outside a frame does not need."""


def _join(*names: str) -> str:
    """Return the text of files beside this one, one after another."""
    return "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names)


_SCRIPTS = _join(
    "history.js", "links.js", "language.js", "tabs.js", "opening.js", "nav.js", "keys.js", "contents.js", "install.js"
)
CODE = re.sub(r"\n\s+", "\n", without_remarks(_SCRIPTS))
_SHEETS = _join("nav.css", "glyphs.css", "large.css", "outside.css")
_COMMENTS, _SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
STYLE = "<style>" + _SPACE.sub(lambda found: found[1] or "", _COMMENTS.sub("", _SHEETS)) + "</style>"

FIRST_STYLE = f"<style>{_SPACE.sub(lambda found: found[1] or '', _join('first.css'))}</style>"
_CONFIG = re.compile(r"<script>window\.gradio_config = .*?</script>", re.DOTALL)
_SHEET = re.compile(r'<link rel="stylesheet"[^>]*>')
_BODY = re.compile(r"<body[^>]*>")
_LANGUAGE = re.compile(r'(<html[^>]*?)lang="[^"]*"')
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class Ahead:
    """Modules that a page needs before its first picture.

    Arguments:
        addresses: Addresses that are requested from the start.
        places: Replacement addresses, for the import map, of the modules that are parts of one file.
    """

    addresses: Sequence[str] = ()
    places: Mapping[str, str] = field(default_factory=dict)


FindAhead = Callable[[str, Mapping], Ahead]


def no_modules(page: str, stage: Mapping) -> Ahead:
    """Return no modules."""
    return Ahead()


@dataclass(frozen=True)
class Tabs:
    """Tabs that an address can select.

    Arguments:
        names: Names of the tabs; the first is the default.
        earlier: Former default tab, which older addresses mean without naming it.
        keys: Query keys of such addresses; one of them is enough.
        moved: Parts of former addresses, each with what takes its place; the first that fits counts.
        texts: Query keys whose values are texts, which may end in any sign.
    """

    names: Sequence[str]
    earlier: str
    keys: Sequence[str]
    moved: Sequence[tuple[Mapping[str, str], Mapping[str, str]]] = ()
    texts: Sequence[str] = ()

    def current(self, said: Mapping[str, str]) -> Mapping[str, str]:
        """Return a query as it is written today."""
        small = {key: value.lower() for key, value in said.items()}
        return next(({**said, **now} for before, now in self.moved if before.items() <= small.items()), said)


@dataclass(frozen=True)
class Wanted:
    """Initial tab and language that an address asks for."""

    tab: str
    language: str = languages.ENGLISH


@dataclass(frozen=True)
class Made:
    """Cached page: the body compressed by gzip and by brotli, its content security policy, its entity tag and its name.

    The name is its build, its tab and its language; a browser that keeps the page keeps it under this name.
    """

    body: bytes
    brief: bytes
    allowed: str
    etag: str
    name: str = ""


class Page:
    """ASGI middleware that serves the page and passes on all other requests.

    Arguments:
        app: Gradio's app.
        tabs: Tabs that the address can select.
        modules: Import map of the page: replacement addresses of modules, by address prefix.
        opens: Bytes of the largest network that visitors may open; 0 if they may open none.
        ahead: Returns the modules that a page needs first, by its text and the properties of its stage.
        frames: Origins of the sites that may show the page in a frame.
        build: Name of the build that a browser may keep for use without a line; empty if it may keep none.
    """

    def __init__(
        self,
        app: ASGIApp,
        tabs: Tabs,
        modules: Mapping[str, str] = NONE,
        opens: int = 0,
        ahead: FindAhead = no_modules,
        frames: Sequence[str] = FRAMED_ALWAYS,
        build: str = "",
    ):
        self.app, self.tabs = app, tabs
        how = {"modules": modules, "opens": opens, "ahead": ahead, "frames": frames, "build": build}
        self._prepare = partial(prepare, tabs=tabs, **how)
        self._pages: dict[Wanted, Made] = {}
        self._one = asyncio.Lock()
        self._making: dict[Wanted, asyncio.Task[Made | Response]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) not in ("", "/"):
            return await self.app(scope, receive, send)
        view = requested_view(scope["query_string"], self.tabs)
        made = self._pages.get(view) or await self._once(view, scope)
        answer = page_response(Headers(scope=scope), made) if isinstance(made, Made) else made
        await answer(scope, receive, send)

    async def _once(self, view: Wanted, scope: Scope) -> Made | Response:
        """Build the page once for all concurrent requests; a client that disconnects does not cancel it."""
        if view not in self._making:
            self._making[view] = asyncio.create_task(self._make(view, scope))
            self._making[view].add_done_callback(lambda _: self._making.pop(view))
        return await asyncio.shield(self._making[view])

    async def _make(self, view: Wanted, scope: Scope) -> Made | Response:
        """Build the page, one at a time, and cache it; return Gradio's response if it is not 200."""
        async with self._one:
            found = await whole(self.app, scope | {"scheme": "http", "query_string": b""})
            if found.status_code != 200:
                return found
            raw = found.body.decode()
            made = await asyncio.to_thread(self._prepare, raw, view)
            self._pages[view] = made
            return made


def requested_view(query: bytes, tabs: Tabs) -> Wanted:
    """Return the tab that a query string names or, if its keys are older ones, implies, and the language of its page.

    A damaged query means what it meant before. Without these, it is the first tab, in English.
    """
    try:
        said = parse_qs(mended(query.decode("latin-1"), tabs.texts), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return Wanted(tabs.names[0])
    query = tabs.current({key: values[0] for key, values in said.items()})
    older = "tab" not in said and said.keys() & {*tabs.keys}
    tab = query["tab"] if query.get("tab") in tabs.names else tabs.earlier if older else tabs.names[0]
    return Wanted(tab, languages.of_address(tab, query))


def opening(
    tabs: Tabs,
    language: str = languages.ENGLISH,
    opens: int = 0,
    frames: Sequence[str] = FRAMED_ALWAYS,
    build: str = "",
) -> str:
    """Return the start of the page's body.

    It draws the navigation and sets the colours before Gradio starts, and retries when the connection is down.
    """
    words = languages.script(language)
    earlier = json.dumps({"tab": tabs.earlier, "keys": [*tabs.keys], "moved": [*tabs.moved], "texts": [*tabs.texts]})
    own = f"globalThis.explorerOpens = {json.dumps(opens)};\n"
    own += f"globalThis.explorerFrames = {json.dumps([*frames])};\n"
    own += f"globalThis.explorerBuild = {json.dumps(build)};\n"
    return f"{STYLE}<script>globalThis.earlier = {earlier};\n{own}{words}{CODE}</script>"


def prepare(
    page: str,
    view: Wanted,
    tabs: Tabs,
    modules: Mapping[str, str] = NONE,
    opens: int = 0,
    ahead: FindAhead = no_modules,
    frames: Sequence[str] = FRAMED_ALWAYS,
    build: str = "",
) -> Made:
    """Return Gradio's page as it is cached for an initial tab and a language, without any server name."""
    page = page.replace(*FRAMES).replace(*MANIFESTS)
    page = page.replace(f"http://{HOST.decode()}", "")  # `opening.js` sets the root address in the browser
    start = page.index(CONFIG) + len(CONFIG)
    config, end = json.JSONDecoder().raw_decode(page, start)
    config["space_id"] = None  # else the page of a Space asks the Hub for a header, and another server for its font
    page = "".join((page[:start], toorjson(rooms.first_view(config, view.tab)), page[end:]))
    begin = opening(tabs, view.language, opens, frames, build)
    if stage := _stage(config, view.tab):
        page, heavy = _without(page)
        first = ahead(page, stage)
        modules = {**modules, **first.places}
        begin = first_words(stage["value"], view) + heavy + links(first.addresses) + begin
    page = _BODY.sub(lambda found: found[0] + begin, page, count=1)
    page = _LANGUAGE.sub(rf'\g<1>lang="{view.language}"', page, count=1)
    imports = json.dumps({"imports": {**modules}})
    page = page.replace("<script", f'<script type="importmap">{imports}</script><script', 1)
    etag = f'W/"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
    name = f"{build} {view.tab} {view.language}" if build else ""
    return Made(compress(page.encode(), "gzip"), compress(page.encode(), "br"), policy(page, frames), etag, name)


def _without(page: str) -> tuple[str, str]:
    """Return the page without the parts of its head that are long or that hold up the first paint, and these parts."""
    parts = [*_CONFIG.findall(page), *_SHEET.findall(page)]
    for part in parts:
        page = page.replace(part, "", 1)
    return page, "".join(parts)


def _stage(config: Mapping, tab: str) -> Mapping | None:
    """Return the properties of a tab's stage."""
    props = (each["props"] for each in config["components"])
    return next((each for each in props if each.get("elem_id") == f"{tab}-stage"), None)


def first_words(value: Mapping, view: Wanted) -> str:
    """Return the title and the question of the initial tab as HTML; they stand there until its stage does."""
    known = languages.languages().get(view.language)
    words = known.words if known else {}
    title, question = (value[key] for key in ("title", "question"))
    texts = [html.escape(words.get(text, text), quote=False) for text in (title, question)]
    return f'{FIRST_STYLE}<div class="first-words"><h1>{texts[0]}</h1><p>{texts[1]}</p></div>'


def page_response(asked: Headers, page: Made) -> Response:
    """Return the page, or 304 if the browser has it."""
    headers = {"etag": page.etag, "cache-control": ASK_AGAIN, "content-security-policy": page.allowed}
    headers |= {"explorer-page": page.name} if page.name else {}
    if has(asked, page.etag):
        return Response(status_code=304, headers=headers | {"vary": "accept-encoding"})
    is_brief = coding_for(asked) == "br"
    body, coding = (page.brief, "br") if is_brief else (page.body, "gzip")
    return compressed_response(asked, body, "text/html", headers, coding)


def policy(page: str, frames: Sequence[str] = FRAMED_ALWAYS) -> str:
    """Return the content security policy of the page, with the hashes of its inline scripts.

    Gradio builds functions from strings, which needs `unsafe-eval`.
    """
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
        "frame-ancestors": " ".join(["'self'", *frames]),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
