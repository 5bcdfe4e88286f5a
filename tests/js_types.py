"""Types of the browser's half: `deno check`, which is the TypeScript compiler, reads them from JSDoc.

`python -m tests.js_types` is part of `make lint`. It prints the errors of the rooms that are checked, and counts those
of the others. With names of rooms, as in `python -m tests.js_types stages/vae`, it prints all errors of these.
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DENO = Path(sys.executable).parent / "deno"
OURS = ROOT / "explorer"

OPEN: dict[str, int] = {}
"""Errors of each room that is not checked yet, at most. Every other room has none: a number only falls."""


def scripts() -> list[Path]:
    """Return the page's own scripts."""
    return [path for path in sorted(OURS.rglob("*.js")) if "vendor" not in path.parts]


def room_of(path: Path) -> str:
    """Return the folder of a script, as it is named here."""
    return path.parent.relative_to(OURS).as_posix() if path.is_relative_to(OURS) else path.parent.as_posix()


def errors(paths: Sequence[Path], config: Path = ROOT / "deno.json") -> list[tuple[Path, str]]:
    """Return the type errors of scripts and of what they import, each with its file."""
    command = [DENO, "check", "--quiet", "--config", config, *paths]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True)
    found = list(_read(run.stderr))
    if run.returncode and not re.search(r"^TS\d+ \[ERROR\]", run.stderr, re.MULTILINE):
        raise RuntimeError(run.stderr)
    return found


def _read(output: str) -> Iterable[tuple[Path, str]]:
    for error in re.split(r"\n(?=TS\d+ \[ERROR\])", output):
        place = re.search(r"^    at file://(\S+?):\d+:\d+", error, re.MULTILINE)
        if place and "/vendor/" not in place[1]:
            yield Path(place[1]), error.split("\n\nFound ")[0].strip()


def by_room(found: Iterable[tuple[Path, str]]) -> dict[str, list[str]]:
    """Return the errors of each room that has any."""
    rooms = defaultdict(list)
    for path, error in found:
        rooms[room_of(path)].append(error)
    return dict(rooms)


def complaints(rooms: Mapping[str, Sequence[str]], still: Mapping[str, int] = OPEN) -> list[str]:
    """Return the errors of the checked rooms, and a sentence about each open one that has more than its number."""
    wrong = [error for room, found in rooms.items() if room not in still for error in found]
    for room, most in still.items():
        count = len(rooms.get(room, []))
        if count > most:
            wrong.append(f"{room} has {count} errors, more than {most}: python -m tests.js_types {room}")
        elif not count:
            wrong.append(f"{room} has no error left: take it out of OPEN in tests/js_types.py.")
    return wrong


def report(names: Sequence[str]) -> tuple[str, bool]:
    """Return the errors of the named rooms, or what is wrong with all; and whether that is a fault."""
    rooms = by_room(errors(scripts()))
    if names:
        return "\n\n".join(error for name in names for error in rooms.get(name, [])), False
    wrong = complaints(rooms)
    counts = [f"{room} {len(rooms[room])} of {most}" for room, most in OPEN.items() if room in rooms]
    left = f"Type errors in rooms that are not checked yet: {', '.join(counts) or 'none'}."
    return "\n\n".join([*wrong, left]), bool(wrong)


if __name__ == "__main__":
    text, is_fault = report(sys.argv[1:])
    sys.stdout.write(f"{text}\n")
    sys.exit(is_fault)
