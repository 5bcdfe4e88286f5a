"""Pages of a room: that of a phone and that of a report, each one file without Gradio, its style and script inside.

Each is the same for every code, so it says nothing about which rooms there are. Its content security policy lets it ask
this server alone, and runs the one script.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

from explorer.serving.files import ASK_AGAIN, coding_for, compress, compressed_response, has, without_remarks

PHONE_FOLDER = Path(__file__).parent
_KIT = PHONE_FOLDER.parent / "stages" / "kit"
PAGE_SCRIPTS = {
    "phone": (
        _KIT / "base" / "typed.js",
        _KIT / "image" / "drawing.js",
        PHONE_FOLDER / "phone_survey.js",
        PHONE_FOLDER / "phone_made.js",
        PHONE_FOLDER / "phone.js",
    ),
    "report": (PHONE_FOLDER / "report.js",),
}
"""Scripts of each page, of which each may use what is before it, and the line that `_SIDE` finds in `pixels.js`."""
PAGE_TITLES = {"phone": "Room · Explorer", "report": "What was learned · Explorer"}
_SIDE = re.compile(r"^export const SIDE = \d+;$", re.MULTILINE)
_OF_MODULES = re.compile(r"^import .*?;$|^export (?=function|const)", re.MULTILINE)
_SCRIPT = '<script type="module">'
_EMPTY_LINES, _INDENT = re.compile(r"\n\s*\n+"), re.compile(r"\n\s+")


def _read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def page(name: str = "phone") -> tuple[str, str]:
    """Return a page as HTML, and its content security policy."""
    style = _read(PHONE_FOLDER / "page.css", PHONE_FOLDER / f"{name}.css")
    side = _SIDE.findall(_read(_KIT / "image" / "pixels.js"))
    parts = [*side, *map(_read, PAGE_SCRIPTS[name])]
    script = _EMPTY_LINES.sub("\n", _OF_MODULES.sub("", without_remarks("\n".join(parts))))
    inside = {"<title>": PAGE_TITLES[name], "<style>": style, "<body>": _read(PHONE_FOLDER / f"{name}.html")}
    text = _read(PHONE_FOLDER / "page.html")
    for tag, words in inside.items():
        text = text.replace(tag, tag + words)
    text = _INDENT.sub("\n", text).replace(_SCRIPT, _SCRIPT + script)
    rules = {
        "default-src": "'none'",
        "script-src": _hash(_SCRIPT[1:-1], text),
        "style-src": _hash("style", text),
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return text, "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def _compressed(name: str, coding: str) -> bytes:
    return compress(page(name)[0].encode(), coding)


def response(asked: Headers, name: str = "phone") -> Response:
    """Return a page, or 304 if the browser has it."""
    text, policy = page(name)
    etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": ASK_AGAIN, "content-security-policy": policy}
    if has(asked, etag):
        return Response(status_code=304, headers=headers | {"vary": "accept-encoding"})
    coding = coding_for(asked) or "gzip"
    return compressed_response(asked, _compressed(name, coding), "text/html", headers, coding)


def _hash(name: str, text: str) -> str:
    """Return the source of a content security policy that allows the one element that begins so in a page."""
    (inside,) = re.findall(rf"<{name}[^>]*>(.*?)</{name.split()[0]}>", text, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"


def saved_report(found: bytes) -> str:
    """Return the page of a report as a file of its own, which holds the report.

    Arguments:
        found: The report as JSON.
    """
    held = found.decode().replace("<", "\\u003c")
    empty = '<script type="application/json" id="data"></script>'
    text, _ = page("report")
    assert text.count(empty) == 1
    return text.replace(empty, empty.replace("><", f">{held}<"))
