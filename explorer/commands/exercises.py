"""Check a file of exercise answers again: `python -m explorer.exercises explorer-exercises-7.json`.

Numbers and choices are computed again from the file's seed. The setting of a stage is checked by the exercise's own
test of that state. The file's own marks are ignored. An exercise counts once, by its first answer.

With a folder, `python -m explorer.exercises DIR --out REPORT` reports on a class (`class_report.py`).
"""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from explorer.fields import Field
from explorer.lessons.exercises import Exercise, recheck
from explorer.running import received
from explorer.tabs import former
from explorer.tabs.interface import TABS

COMMANDS_LARGEST = 4_000_000  # bytes of a file
MARKS = {True: "right", False: "wrong", None: "?"}
File = Annotated[Path, typer.Argument(help="What Save answers has written, or a folder of such files.", exists=True)]
Out = Annotated[Path | None, typer.Option(help="Folder for the report on a class: a page, and CSV files.")]
Codes = Annotated[Path | None, typer.Option(help="CSV with the columns code and id: whose grades are whose.")]


def check(file: File, out: Out = None, codes: Codes = None) -> None:
    """Print for each answer in a file whether it is right, or for a folder what a class answered."""
    if file.is_dir():
        from explorer.commands import class_report

        return class_report.write(file, out, codes)
    try:
        kept = read(file)
        found = [*recheck(kept, exercises_by_tab())]
    except ValueError as error:  # a broken JSON file raises a subclass of it
        typer.secho(printable(str(error)), err=True, fg="red")
        raise typer.Exit(1) from None
    for each in found:
        notes = f" ({', '.join(each.notes)})" if each.notes else ""
        typer.echo(printable(f"{MARKS[each.right]:5} {each.tab}/{each.name}{notes}: {each.said}"))
    counted = [each for each in found if not each.repeated]
    right = sum(each.right is True for each in counted)
    typer.echo(printable(f"Seed {kept['seed']}: {right} of {len(counted)} right."))
    if repeated := len(found) - len(counted):
        typer.echo(f"Repeated answers, which do not count: {repeated}.")


def exercises_by_tab() -> dict[str, tuple[Sequence[Exercise], Sequence[Field]]]:
    """Return the exercises and the fields of each tab; a file may name a former tab."""
    exercises, fields = ([*chain(*each)] for each in zip(*((tab.exercises, tab.fields) for tab in former.NOW)))
    return {former.FORMER_CODES: (exercises, fields)} | {tab.name: (tab.exercises, tab.fields) for tab in TABS}


def read(file: Path) -> Any:
    """Read a file of JSON.

    Raises:
        ValueError: if it is too large, is nested too deeply, or is no JSON.
    """
    with file.open("rb") as opened:
        raw = opened.read(COMMANDS_LARGEST + 1)
    if len(raw) > COMMANDS_LARGEST:
        raise ValueError(f"this is no file of answers: it is larger than {COMMANDS_LARGEST:,} bytes")
    try:
        return received.read_json(raw)
    except ValueError as error:
        raise ValueError(f"this is no file of answers: {error}") from None


def printable(text: str) -> str:
    """Escape line breaks, terminal codes and other invisible characters in a line of text."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


if __name__ == "__main__":
    typer.run(check)
