"""Search index of the page: the declarations of its tabs, its stories and courses, the glossary, and known words."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer.lessons import glossary, story
from explorer.lessons.course import COURSES
from explorer.lessons.lesson import blocks, setting, title_of
from explorer.serving.files import compressed_json, compressed_response
from explorer.tabs.kit.layout.tab import Tab

INDEX = "explorer/index.json"
HEARD = COURSES.parent / "heard.md"
WORD = re.compile(r"- \*\*(?P<title>.+?)\*\*(?: \((?P<also>.+?)\))?: (?P<words>.+?) \[Where\]\((?P<at>\?.+?)\)")
Entry = dict[str, str]


def entries(tabs: Sequence[Tab]) -> list[Entry]:
    """Return all entries of the index: each has a kind, a title, an address and a description."""
    of_tabs = [each for tab in tabs for each in of_tab(tab)]
    return [*of_tabs, *of_stories(tabs), *of_courses(), *of_glossary(), *of_heard()]


def of_tab(tab: Tab) -> Iterator[Entry]:
    """Yield the tab, its modes, their suggestions, the steps of its tour, and its exercises."""
    yield entry("tab", tab.title, {"tab": tab.name}, tab.question)
    for mode, title in tab.full_titles.items():
        yield entry("mode", f"{tab.title}: {title}", {"tab": tab.name, "mode": mode})
        for label, state, *_ in tab.tries_of(mode):
            yield entry("try", f"{tab.title}, {title}: {label}", {"tab": tab.name, "mode": mode, **state})
    path = tab.folder / "tour.md"
    for number, (settings, _) in enumerate(blocks(path) if path.exists() else (), 1):
        title = dict(setting(line) for line in settings.strip().splitlines())["title"]
        yield entry("tour", f"{tab.title}, tour: {title}", {"tab": tab.name, "mode": "tour", "tour": number})
    for each in tab.exercises:
        state = {"tab": tab.name, "mode": "exercises", "exercise": each.name}
        yield entry("exercise", f"{tab.title}, exercise: {each.title}", state | dict(parse_qsl(each.state)) | state)


def of_stories(tabs: Sequence[Tab]) -> Iterator[Entry]:
    """Yield the stories by their titles."""
    for name, (path, tab) in story.paths({tab.name: tab.folder for tab in tabs}).items():
        yield entry("story", title_of(path), {"tab": tab or "start", "story": name})


def of_courses() -> Iterator[Entry]:
    """Yield the courses by their titles."""
    for path in sorted(COURSES.glob("*.md")):
        yield entry("course", title_of(path), {"tab": "start", "course": path.stem})


def of_glossary() -> Iterator[Entry]:
    """Yield the terms, each with the address that shows it."""
    for term in glossary.terms():
        yield {"kind": "term", "title": term["title"], "at": term["at"], "words": glossary.words(term)}


def of_heard() -> Iterator[Entry]:
    """Yield the words that visitors bring along, each with its other spellings and the address that explains it."""
    for found in WORD.finditer(HEARD.read_text(encoding="utf-8")):
        also = found["also"] or ""
        yield {"kind": "word", "title": found["title"], "at": found["at"], "words": found["words"], "also": also}


def entry(kind: str, title: str, state: dict[str, Any], words: str = "") -> Entry:
    """Return an entry whose address contains a state."""
    said = {key: address_value(value) for key, value in state.items() if value not in (None, "", [])}
    return {"kind": kind, "title": title, "at": f"?{urlencode(said)}", "words": words}


def address_value(value: Any) -> str:
    """Return a value in the form used in addresses."""
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(map(address_value, value)) if isinstance(value, list | tuple) else str(value)


def route(tabs: Sequence[Tab]) -> Route:
    """Return the route that serves the index, which is built on the first request."""

    @cache
    def body() -> bytes:
        return compressed_json(entries(tabs))

    async def index(request: Request) -> Response:
        return compressed_response(request.headers, body(), "application/json")

    return Route(f"/gradio_api/file={INDEX}", index)
