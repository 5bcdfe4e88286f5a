"""Pages of other sites that show the app in a frame: the recipes of docs/teaching.md in pages of each kind."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from tests.server import ROOT

EXAMPLE = "https://explorer.example.edu"
"""Server of the recipes, in place of which a test puts its own."""

_PAGE = '<div class="{}"><main><section>{{}}</section></main></div>'
SHELLS = {
    "Moodle": _PAGE.format("box generalbox no-overflow"),
    "Canvas": _PAGE.format("show-content user_content clearfix enhanced"),
    "Quarto": _PAGE.format("page-columns page-rows-contents"),
    "Jupyter Book": _PAGE.format("bd-main bd-article"),
    "reveal.js": '<div class="slides" style="transform: scale(0.8); transform-origin: 0 0">{}</div>',
}
"""What stands around the HTML of a recipe on a page of each kind."""

SCRIPTLESS = ("Canvas", "reveal.js")
"""Kinds whose recipe has no listener: Canvas removes scripts, and a slide has a height of its own."""

LOADED_LATER = """<script>
for (const each of document.querySelectorAll("iframe[data-src]")) each.src = each.dataset.src;
</script>"""
"""What reveal.js does when a slide is near."""


def recipes() -> dict[str, str]:
    """Return the HTML of each recipe, and the listener under an empty name."""
    text = (ROOT / "docs/teaching.md").read_text(encoding="utf-8").partition("## In another page")[2]
    section = text.partition("\n## ")[0]
    parts = re.split(r"\n### (.+)\n", section)
    listener = re.search(r"```html\n(<script>.*?</script>)\n```", parts[0], re.DOTALL)[1]
    found = {"": listener}
    for kind, words in zip(parts[1::2], parts[2::2]):
        inner = re.search(r"`{3,4}(?:html|markdown|python)\n(?:```\{.*?\}.*?\n)?(.*?)\n```", words, re.DOTALL)
        found[kind] = inner[1]
    return found


def page_of(kind: str, app: str, own: Mapping[str, str] = {}) -> str:
    """Return a page of a kind with its recipe, which frames the app at an address."""
    known = {**recipes(), **own}
    inside = SHELLS[kind].format(known[kind] + ("" if kind in SCRIPTLESS else known[""]))
    later = LOADED_LATER if kind == "reveal.js" else ""
    return f"<!doctype html><title>{kind}</title><h1>A lesson</h1>{inside}<p>After it.</p>{later}".replace(EXAMPLE, app)


@contextmanager
def site(pages: dict[str, str]) -> Iterator[str]:
    """Serve pages by path until the block ends, which may add some; yield the origin, by a host name of its own."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = pages.get(unquote(self.path.partition("?")[0]))
            self.send_response(200 if text is not None else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
