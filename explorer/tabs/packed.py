"""What a browser keeps of this page for use without a line, and the name of the build that it belongs to."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.routes import BUILD_PATH_LIB
from starlette.routing import Route

from explorer import stages
from explorer.lessons import course, finder
from explorer.networks import checkpoints
from explorer.serving import offline, page, preloads, rooms
from explorer.serving.joined import Joined
from explorer.tabs.playground.whole_films import FILMS, film_names

KEPT_TABS = ("start", "vae", "playground", "foundations")
"""Tabs whose pages are kept before anybody opens them; of all others the content is kept."""
KEPT_MAPS = ("beta-vae-mnist",)
"""Networks that the browser computes with in these tabs."""
MAPS_FILES = ("config.json", "atlas.safetensors", "model.safetensors")
SHEETS = (
    *("start-mnist.png", "start-mnist.json", "mnist.json", "mnist.png", "mnist-binary.png"),
    *("mnist-first.png", "mnist-first-binary.png"),
)
FILE_URL = "gradio_api/file="


def build(demo: gr.Blocks, parts: Mapping[str, Joined]) -> str:
    """Return the name of this build, which changes with all that the page consists of; empty if nothing is kept."""
    if not offline.is_offered():
        return ""
    digest = hashlib.sha256(f"{gr.__version__} {stages.version()} {page.CODE} {page.STYLE}".encode())
    for each in (*sorted(each.file for each in parts.values()), offline.worker(""), *_addresses()):
        digest.update(each.encode())
    for number, answer in sorted(rooms.answers(demo).items()):
        digest.update(f"{number} ".encode() + answer)
    return digest.hexdigest()[:16]


def routes(name: str, demo: gr.Blocks, parts: Mapping[str, Joined]) -> list[Route]:
    """Return the routes of the manifest, the service worker and the pack of a build."""
    return offline.routes(name, partial(pack, demo, parts))


def pack(demo: gr.Blocks, parts: Mapping[str, Joined]) -> offline.Pack:
    """Return the scripts, the contents of all tabs, and the addresses of further files."""
    folder = f"{FILE_URL}explorer-{stages.version()}"
    texts = {f"{folder}/joined/{each.file}": each.text for each in parts.values()}
    for path in sorted(stages.STAGES.rglob("*.js")) + sorted(stages.STAGES.rglob("*.css")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(stages.STAGES).as_posix()
        texts[f"{folder}/stages/{name}"] = page.without_remarks(text) if path.suffix == ".js" else text
        if path.suffix == ".css":  # no import map leads style sheets to their version
            texts[f"{FILE_URL}explorer/stages/{name}"] = text
    contents = {number: gzip.decompress(answer).decode() for number, answer in rooms.answers(demo).items()}
    return offline.Pack(texts, contents, [*_addresses(), *_gradios(demo)])


def _gradios(demo: gr.Blocks) -> Iterator[str]:
    """Yield the addresses of Gradio's modules and style sheets for all components of the page."""
    assets = Path(BUILD_PATH_LIB)
    kinds = sorted({each["type"] for each in demo.config["components"]})
    html = (assets.parent / "index.html").read_text(encoding="utf-8")
    yield from (f"assets/{name}" for name in preloads.of_gradio(html, assets, kinds))


def _addresses() -> Iterator[str]:
    """Yield the addresses of pages and files, below that of the page."""
    yield from (f"?tab={name}" for name in KEPT_TABS)
    yield from (f"{FILE_URL}{FILMS}/{data}.json" for data in film_names())
    yield from (f"{FILE_URL}courses/{path.stem}.json" for path in sorted(course.COURSES.glob("*.md")))
    yield f"{FILE_URL}{finder.INDEX}"
    yield from (f"{FILE_URL}explorer/bundled/{name}" for name in SHEETS)
    yield from (f"{FILE_URL}explorer/bundled/presets/{name}.webp" for name in KEPT_TABS[1:])
    for net in filter(checkpoints.exists, KEPT_MAPS):
        sha = checkpoints.card_of(net).get("sha256", "")[:12]
        yield from (f"{FILE_URL}pretrained/{net}/{name}?v={sha}" for name in MAPS_FILES)
