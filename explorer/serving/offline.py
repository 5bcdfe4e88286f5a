"""The page without a line: its manifest, its service worker, and the pack of texts that the worker keeps.

The worker keeps files that are the same for everybody, and no answer. `EXPLORER_OFFLINE=0` switches it off: the worker
then removes itself and what it kept.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from explorer.serving.files import ASK_AGAIN, FOR_EVER, compressed_json, compressed_response, without_remarks
from explorer.serving.switch import is_on

WORKER, PACK, MANIFEST = "/offline.js", "/offline.json", "/manifest.json"
ICONS = {"icon-192.png": "any", "icon-512.png": "any", "icon-maskable-512.png": "maskable"}
"""Files of the icon, each with its purpose; the number in the name is the side in pixels."""
GROUND = "#f7f7f5"  # of the page in the light theme
WORKERS_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Pack:
    """What the worker keeps beside the files that the page has used.

    Arguments:
        texts: Texts of files, by address below the page's own.
        rooms: Contents of tabs as JSON, by the number of the component that asks for it.
        addresses: Further files, which the worker requests one after another.
    """

    texts: Mapping[str, str]
    rooms: Mapping[int, str]
    addresses: Sequence[str]


def is_offered() -> bool:
    """Return whether the page keeps itself for use without a line.

    Raises:
        SystemExit: if `EXPLORER_OFFLINE` is neither 0 nor 1.
    """
    return is_on("EXPLORER_OFFLINE", "1", "0 to keep nothing for use offline, or to 1")


def worker(build: str) -> str:
    """Return the service worker of a build; of no build, the one that removes itself."""
    text = without_remarks((FOLDER / "offline.js").read_text(encoding="utf-8"))
    return re.sub(r"\n\s+", "\n", text).replace('"BUILD"', json.dumps(build), 1)


def manifest() -> dict[str, object]:
    """Return the web app manifest; its addresses are relative, for a page under a path of another server."""
    icons = [
        {"src": f"./{name}", "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for name, purpose in ICONS.items()
        for side in re.findall(r"\d+", name)
    ]
    return {
        "id": "./",
        "name": "Explorer",
        "short_name": "Explorer",
        "description": "Deep generative models, trained and running.",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": icons,
    }


def routes(build: str, pack: Callable[[], Pack]) -> list[Route]:
    """Return the routes of a build; the pack is made on the first request."""

    @cache
    def body() -> bytes:
        found = pack()
        return compressed_json(
            {
                "texts": dict(found.texts),
                "rooms": {str(number): text for number, text in found.rooms.items()},
                "addresses": list(found.addresses),
            }
        )

    async def script(request: Request) -> Response:
        headers = {"cache-control": ASK_AGAIN, "content-security-policy": WORKERS_POLICY}
        return Response(worker(build), headers=headers, media_type="text/javascript")

    async def about(request: Request) -> Response:
        headers = {"cache-control": ASK_AGAIN}
        return Response(json.dumps(manifest()), headers=headers, media_type="application/manifest+json")

    async def icon(request: Request) -> Response:
        return FileResponse(
            FOLDER / "icons" / request.url.path.rpartition("/")[2], headers={"cache-control": ASK_AGAIN}
        )

    async def packed(request: Request) -> Response:
        lasting = FOR_EVER if request.url.query == f"v={build}" else ASK_AGAIN
        return compressed_response(request.headers, body(), "application/json", {"cache-control": lasting})

    found = [Route(WORKER, script), Route(MANIFEST, about), *(Route(f"/{name}", icon) for name in ICONS)]
    return [*found, Route(PACK, packed)] if build else found
