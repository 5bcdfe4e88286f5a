"""Parser of lessons: Markdown files whose steps each set a state of the stage, ask a question, and reveal the answer.

A step is two blocks fenced by `---` lines, the first of `key: value` lines, the second of Markdown:

    ---
    title: Filling it
    state: mode=explore&beta=1
    after: bg=1
    answer: 2
    hides: results
    ---
    What is on the screen.

    ? What will happen?
    - one thing
      ~ Why one might think so.
    - another

    > What did happen, with {{figure}} from the card.

`state` is set when the step opens; `after` is added when the visitor has chosen; `answer` counts from 1. A line that
starts with `~` explains why the wrong choice above it is tempting. Until the visitor has chosen, the page hides what it
says and measures of the picture. With `hides: results` it also covers the parts that the mode marks as its results.
"""

import re
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from explorer.fields import Field
from explorer.numbers import rows

_FENCE = re.compile(r"^---$", re.MULTILINE)


class LessonError(ValueError):
    """Format error in a lesson file; the message names the step and the expected format."""


def read(path: Path, figures: Mapping[str, str], fields: Iterable[Field]) -> list[dict[str, Any]]:
    """Return the steps of a lesson, with each `{{name}}` replaced by that figure; `fields` are its valid state keys.

    Raises:
        LessonError: If a step lacks a part, or names an unknown state key or figure.
    """
    state_keys = {each.key for each in fields}
    return [_step(settings, text, figures, state_keys) for settings, text in blocks(path)]


def blocks(path: Path) -> list[tuple[str, str]]:
    """Return the settings and the text of each step.

    Raises:
        LessonError: If there is no step, or a step lacks one of the two.
    """
    found = _FENCE.split(path.read_text(encoding="utf-8"))[1:]
    if not found or len(found) % 2:
        raise LessonError(f"{path.name}: wanted pairs of a settings block and a text, each opened by a --- line")
    return list(zip(found[::2], found[1::2]))


def title_of(path: Path) -> str:
    """Return the title of a file of lessons: its first line."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").strip()


def state_at(where: str, at: str, keys: Mapping[str, Set[str]], tab: str = "") -> dict[str, str]:
    """Return the state of an address, its tab included.

    Arguments:
        where: Place of the address, for an error.
        at: Query string.
        keys: Valid keys of the address, by the name of the tab.
        tab: Tab of an address that names none.

    Raises:
        LessonError: If it names no tab of the page, or an unknown key.
    """
    said = ({"tab": tab} if tab else {}) | dict(parse_qsl(at, keep_blank_values=True))
    if said.get("tab") not in keys or not said.keys() - {"tab"} <= keys[said["tab"]]:
        raise LessonError(f"{where}: {at!r} is no address of this page")
    return said


def _step(settings: str, text: str, figures: Mapping[str, str], state_keys: Set[str]) -> dict[str, Any]:
    keys = dict(setting(line) for line in settings.strip().splitlines())
    title = keys.get("title", "")
    if not title or set(keys) - {"title", "state", "after", "answer", "hides"}:
        raise LessonError(
            f"step {title!r}: wanted the settings title, state, after, answer and hides, found {sorted(keys)}"
        )
    if keys.get("hides", "results") != "results":
        raise LessonError(f"step {title!r}: hides is {keys['hides']!r}, wanted results")
    predict, question, choices, tempts, reveal = _text(title, _filled(title, text, figures))
    answer = keys.get("answer", "")
    if not answer.isdigit() or not 1 <= int(answer) <= len(choices):
        raise LessonError(f"step {title!r}: answer is {answer!r}, wanted a number from 1 to {len(choices)}")
    if tempts[int(answer) - 1]:
        raise LessonError(f"step {title!r}: a ~ line says why the right answer tempts")
    return {
        "title": title,
        "state": _state(title, keys.get("state", ""), state_keys),
        "after": _state(title, keys.get("after", ""), state_keys),
        "predict": predict,
        "question": question,
        "choices": choices,
        "tempts": tempts,
        "answer": int(answer) - 1,
        "hides": "hides" in keys,
        "reveal": reveal,
    }


def setting(line: str) -> tuple[str, str]:
    """Return the key and the value of a line of settings.

    Raises:
        LessonError: If the line has no colon.
    """
    key, colon, value = line.partition(":")
    if not colon:
        raise LessonError(f"wanted `key: value`, found {line!r}")
    return key.strip(), value.strip()


def _state(title: str, query: str, state_keys: Set[str]) -> dict[str, str]:
    try:
        state = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError as error:
        raise LessonError(f"step {title!r}: {query!r} is no query string") from error
    if unknown := set(state) - state_keys:
        raise LessonError(f"step {title!r}: unknown state keys {sorted(unknown)}")
    return state


def _text(title: str, text: str) -> tuple[str, str, list[str], list[str], str]:
    text_lines, asked, choices, tempts, shown = [], [], [], [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        sign, _, rest = line.partition(" ")
        if sign == "-":
            choices.append(rest)
            tempts.append("")
        elif sign == "~":
            if not choices or tempts[-1]:
                raise LessonError(f"step {title!r}: wanted each ~ line below a choice of its own")
            tempts[-1] = rest
        else:
            {"?": asked, ">": shown}.get(sign, text_lines).append(rest if sign in ("?", ">") else line)
    if not (text_lines and shown and len(asked) == 1 and 2 <= len(choices) <= 4):
        raise LessonError(f"step {title!r}: wanted a text, one ? question, two to four - choices and a > reveal")
    return " ".join(text_lines), asked[0], choices, tempts, " ".join(shown)


def _filled(title: str, text: str, figures: Mapping[str, str]) -> str:
    try:
        return rows.fill(text, figures)
    except KeyError as error:
        raise LessonError(f"step {title!r}: unknown figure {error}") from error
