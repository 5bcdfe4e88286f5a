"""Parser of stories: Markdown files that tell the idea of a tab in a minute, on its own stage.

`story.md` in the folder of a tab, or a file of `lessons/stories`, begins with its title. A scene is two blocks fenced
by `---` lines, the first of `key: value` lines, the second its caption:

    # The VAE in 60 seconds

    ---
    at: tab=vae&mode=explore&beta=1
    seconds: 8
    look: picture
    glide: beta=1..30..0.05
    ---
    β weighs the two terms of the objective against each other.

`at` is the query string of the scene's address, and `seconds` how long it lasts. `look` names the part that is lit,
one of `PARTS`; the rest is dimmed. With `glide` a value of the state moves through others while the scene lasts; with
`|` in place of `..` they follow one another, without any between them. The scenes of a tab's story need no `tab`.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer.lessons.lesson import LessonError, blocks, setting, state_at, title_of
from explorer.serving.files import compressed_json, compressed_response

STORIES = Path(__file__).with_name("stories")
PARTS = ("picture", "number", "mechanism", "controls", "all")
MOST_WORDS, MOST_NUMBERS = 18, 1
SCENES = range(4, 13)
SECONDS = range(3, 16)
NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")


class Glide(TypedDict):
    """A value that moves: its key, its values as in an address, and if they follow one another without any between."""

    key: str
    through: list[str]
    steps: bool


class Scene(TypedDict):
    """A scene of a story."""

    words: str
    at: str
    seconds: int
    look: str
    glide: Glide | None


class Story(TypedDict):
    """A story with its title, its scenes, and the name of the tab where it ends."""

    title: str
    scenes: list[Scene]
    tab: str


def read(path: Path, keys: Mapping[str, set[str]], tab: str | None = None) -> Story:
    """Return a story.

    Arguments:
        path: Its file.
        keys: Valid keys of the address, by the name of the tab.
        tab: Tab of scenes that name none.

    Raises:
        LessonError: If a scene lacks a part, its caption is long, or its address names an unknown tab or key.
    """
    scenes = [_scene(f"{path.parent.name}/{path.name}", *block, keys, tab) for block in blocks(path)]
    if len(scenes) not in SCENES:
        raise LessonError(f"{path.name}: wanted {SCENES[0]} to {SCENES[-1]} scenes, found {len(scenes)}")
    return {"title": title_of(path), "scenes": scenes, "tab": dict(parse_qsl(scenes[-1]["at"]))["tab"]}


def _scene(name: str, settings: str, text: str, keys: Mapping[str, set[str]], tab: str | None) -> Scene:
    known = dict(setting(line) for line in settings.strip().splitlines())
    words = " ".join(text.split())
    where = f"{name}, {words!r}"
    if not {"at", "seconds"} <= known.keys() <= {"at", "seconds", "look", "glide"}:
        raise LessonError(f"{where}: wanted at, seconds and perhaps look and glide, found {sorted(known)}")
    said = state_at(where, known["at"], keys, tab or "")
    if not known["seconds"].isdigit() or int(known["seconds"]) not in SECONDS:
        raise LessonError(f"{where}: wanted {SECONDS[0]} to {SECONDS[-1]} seconds, found {known['seconds']}")
    if known.get("look", PARTS[0]) not in PARTS:
        raise LessonError(f"{where}: look is {known['look']!r}, wanted one of {', '.join(PARTS)}")
    check_caption(where, words)
    return {
        "words": words,
        "at": urlencode(said, safe=","),
        "seconds": int(known["seconds"]),
        "look": known.get("look", PARTS[0]),
        "glide": _glide(where, known["glide"], keys[said["tab"]]) if "glide" in known else None,
    }


def check_caption(where: str, words: str) -> None:
    """Check the length of a caption, and how many numbers it has.

    Raises:
        LessonError: If it is empty or too long, or has several numbers.
    """
    if not words or len(words.split()) > MOST_WORDS:
        raise LessonError(f"{where}: wanted 1 to {MOST_WORDS} words, found {len(words.split())}")
    if len(found := NUMBER.findall(words)) > MOST_NUMBERS:
        raise LessonError(f"{where}: wanted one number at most, found {', '.join(found)}")


def _glide(where: str, text: str, keys: set[str]) -> Glide:
    key, _, values = text.partition("=")
    through = re.split(r"\.\.|\|", values)
    if key not in keys or len(through) < 2 or not all(through):
        raise LessonError(f"{where}: glide is {text!r}, wanted a key of the tab and two values or more, as β=1..10")
    return {"key": key, "through": through, "steps": "|" in values}


def paths(folders: Mapping[str, Path]) -> dict[str, tuple[Path, str | None]]:
    """Return the file of each story with the tab that it is about, by the story's name; `folders` are those of tabs."""
    found: dict[str, tuple[Path, str | None]] = {path.stem: (path, None) for path in sorted(STORIES.glob("*.md"))}
    of_tabs = {name: folder / "story.md" for name, folder in folders.items()}
    return {name: (path, name) for name, path in of_tabs.items() if path.exists()} | found


def route(keys: Mapping[str, set[str]], folders: Mapping[str, Path], order: Sequence[str]) -> Route:
    """Return the route that serves each story as JSON by its name, with the next tab in this order that has one."""
    known = paths(folders)
    told = [name for name in order if name in known]

    @cache
    def body(name: str) -> bytes:
        path, tab = known[name]
        story = read(path, keys, tab)
        after = told.index(story["tab"]) + 1 if story["tab"] in told else 0
        return compressed_json(story | {"next": told[after % len(told)] if told else None})

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in known:
            raise HTTPException(404)
        return compressed_response(request.headers, body(name), "application/json")

    return Route("/gradio_api/file=stories/{name}.json", answer)
