"""Parser of courses: Markdown files in `lessons/courses` whose steps lead through the tabs of the page.

A file begins with its title. A step is two blocks fenced by `---` lines, the first of `key: value` lines:

    # Autoregressive models and VAEs

    ---
    title: A price for the code
    at: tab=vae&beta=0
    minutes: 7
    answer: 1
    ---
    What is on the screen.

    ? What will happen?
    - one thing
    - another
    ~ Why this one is tempting.

    > What did happen.

    ! What the speaker keeps in mind.

A `~` line below a wrong choice tells a class why it is tempting.
`at` is the query string of the step's address. A step may have no question, or one without choices for the room;
An empty line in the words, or a lone `>`, begins a new line.
`answer` counts the choices from 1. Until somebody has chosen, the page hides what it says and measures of the picture.
With `hides: results` it also covers the parts that the mode marks as its results, as in a tour. With `late: skip` the
course says that the step may be left out once it is behind its plan.

A step may hold an exercise in the form of `form.py`, between the lines ```exercise and ```; a number or a choice
answers it.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer.lessons import own
from explorer.lessons.lesson import LessonError, blocks, setting, state_at, title_of
from explorer.serving.files import compressed_json, compressed_response

COURSES = Path(__file__).with_name("courses")
SIGNS = {"?": "question", "-": "choices", "~": "tempts", ">": "reveal", "!": "notes"}
EXERCISE = re.compile(r"^```exercise\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = {"title", "at", "minutes", "answer", "hides", "late"}


def read(path: Path, keys: Mapping[str, set[str]]) -> dict[str, Any]:
    """Return the title, the total minutes and the steps of a course.

    Arguments:
        path: File of the course.
        keys: Valid keys of the address, by the name of the tab.

    Raises:
        LessonError: If a step lacks a part, or its address names an unknown tab or key.
    """
    steps = [_step(path.name, settings, text, keys) for settings, text in blocks(path)]
    return {"title": title_of(path), "minutes": sum(step["minutes"] for step in steps), "steps": steps}


def _step(name: str, settings: str, text: str, keys: Mapping[str, set[str]]) -> dict[str, Any]:
    known = dict(setting(line) for line in settings.strip().splitlines())
    where = f"{name}, step {known.get('title')!r}"
    if not {"title", "at", "minutes"} <= set(known) <= SETTINGS or not known["minutes"].isdigit():
        raise LessonError(f"{where}: wanted title, at, minutes and, with a question, answer; found {sorted(known)}")
    state_at(where, known["at"], keys)
    exercise = _exercise(where, text)
    parts = _parts(EXERCISE.sub("", text))
    asked = [part for part in ("question", "choices", "reveal") if parts[part]]
    chosen = len(asked) == 3
    if not chosen and asked not in ([], ["question"]) or chosen != ("answer" in known) or len(parts["question"]) > 1:
        raise LessonError(f"{where}: wanted a question alone, or with its choices, an answer and a reveal, or none")
    if "hides" in known and (known["hides"] != "results" or not chosen):
        raise LessonError(f"{where}: hides is {known['hides']!r}, wanted results, and choices")
    if known.get("late", "skip") != "skip":
        raise LessonError(f"{where}: late is {known['late']!r}, wanted skip")
    answer = int(known["answer"]) - 1 if chosen else None
    if answer is not None and not 0 <= answer < len(parts["choices"]):
        raise LessonError(f"{where}: answer is {known['answer']}, wanted 1 to {len(parts['choices'])}")
    return {
        "title": known["title"],
        "at": known["at"],
        "minutes": int(known["minutes"]),
        "words": _paragraphs(parts["words"]),
        "question": "".join(parts["question"]),
        "choices": parts["choices"],
        "tempts": _tempts(where, EXERCISE.sub("", text), answer),
        "answer": answer,
        "hides": "hides" in known,
        "skips": "late" in known,
        "reveal": _paragraphs(parts["reveal"]),
        "notes": parts["notes"],
    } | ({"exercise": exercise} if exercise else {})


def _exercise(where: str, text: str) -> str:
    """Return the text of a step's exercise, empty if there is none."""
    found = EXERCISE.findall(text)
    if len(found) > 1:
        raise LessonError(f"{where}: wanted one exercise at most")
    for source in found:
        try:
            own.check(source)
        except ValueError as error:
            raise LessonError(f"{where}, exercise: {error}") from error
    return "".join(found)


def _parts(text: str) -> dict[str, list[str]]:
    """Return the lines of a step, grouped by their sign."""
    found: dict[str, list[str]] = {part: [] for part in ("words", *SIGNS.values())}
    for line in map(str.strip, text.splitlines()):
        sign, _, rest = line.partition(" ")
        found[SIGNS.get(sign, "words")].append(rest if sign in SIGNS else line)
    return found


def _tempts(where: str, text: str, answer: int | None) -> list[str]:
    """Return why each choice is tempting, empty where the step does not say it."""
    tempts: list[str] = []
    for sign, _, rest in (line.strip().partition(" ") for line in text.splitlines()):
        if sign == "-":
            tempts.append("")
        elif sign == "~":
            if not tempts or tempts[-1] or len(tempts) - 1 == answer:
                raise LessonError(f"{where}: wanted each ~ line below a wrong choice of its own")
            tempts[-1] = rest
    return tempts


def _paragraphs(lines: list[str]) -> str:
    """Join lines by spaces; after an empty one a new line begins."""
    return "\n".join(" ".join(each) for is_filled, each in groupby(lines, bool) if is_filled)


def route(keys: Mapping[str, set[str]]) -> Route:
    """Return the route that serves each course as JSON by its name."""

    @cache
    def body(path: Path) -> bytes:
        return compressed_json(read(path, keys))

    async def course(request: Request) -> Response:
        path = COURSES / f"{request.path_params['name']}.md"
        if path not in COURSES.glob("*.md"):
            raise HTTPException(404)
        return compressed_response(request.headers, body(path), "application/json")

    return Route("/gradio_api/file=courses/{name}.json", course)
