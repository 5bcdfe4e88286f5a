"""Page of a phone in a room: one file without Gradio, with its style and its script inside.

It is the same for every code, so it says nothing about which rooms there are. Its content security policy lets it ask
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
PHONE_PARTS = (
    _KIT / "base" / "typed.js",
    _KIT / "image" / "drawing.js",
    PHONE_FOLDER / "phone_made.js",
    PHONE_FOLDER / "phone.js",
)
"""Scripts of the page, of which each may use what is before it, and the line that `_SIDE` finds in `pixels.js`."""
_SIDE = re.compile(r"^export const SIDE = \d+;$", re.MULTILINE)
_OF_MODULES = re.compile(r"^import .*?;$|^export (?=function|const)", re.MULTILINE)
_EMPTY_LINES, _INDENT = re.compile(r"\n\s*\n+"), re.compile(r"\n\s+")


@cache
def page() -> tuple[str, str]:
    """Return the page as HTML, and its content security policy."""
    style = (PHONE_FOLDER / "phone.css").read_text(encoding="utf-8")
    side = _SIDE.findall((_KIT / "image" / "pixels.js").read_text(encoding="utf-8"))
    parts = [*side, *(path.read_text(encoding="utf-8") for path in PHONE_PARTS)]
    script = _EMPTY_LINES.sub("\n", _OF_MODULES.sub("", without_remarks("\n".join(parts))))
    text = _INDENT.sub("\n", (PHONE_FOLDER / "phone.html").read_text(encoding="utf-8"))
    text = text.replace("/* phone.css */", _INDENT.sub("\n", style)).replace("/* phone.js */", script)
    rules = {
        "default-src": "'none'",
        "script-src": _hash("script", text),
        "style-src": _hash("style", text),
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return text, "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def _compressed(coding: str) -> bytes:
    return compress(page()[0].encode(), coding)


def response(asked: Headers) -> Response:
    """Return the page, or 304 if the browser has it."""
    text, policy = page()
    etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": ASK_AGAIN, "content-security-policy": policy}
    if has(asked, etag):
        return Response(status_code=304, headers=headers | {"vary": "accept-encoding"})
    coding = coding_for(asked) or "gzip"
    return compressed_response(asked, _compressed(coding), "text/html", headers, coding)


def _hash(name: str, text: str) -> str:
    """Return the source of a content security policy that allows the one element of this name in a page."""
    (inside,) = re.findall(rf"<{name}\b[^>]*>(.*?)</{name}>", text, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
