"""Checks a file of answers to the exercises again: `python -m explorer.exercises explorer-exercises-7.json`.

Each number and each choice is calculated anew from the file's seed, and each setting of a stage by what its exercise
asks of that state; nothing that the file says of being right counts.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from explorer.tabs.interface import TABS
from explorer.tabs.kit.exercises import recheck

MARKS = {True: "right", False: "wrong", None: "?"}


def check(file: Annotated[Path, typer.Argument(help="What Save answers has written.", exists=True)]) -> None:
    """Say of each answer in a file whether it is right."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        found = [*recheck(kept, {tab.name: (tab.exercises, tab.fields) for tab in TABS})]
    except ValueError as error:  # of which a broken JSON file is one
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    for each in found:
        notes = f" ({', '.join(each.notes)})" if each.notes else ""
        typer.echo(f"{MARKS[each.right]:5} {each.tab}/{each.name}{notes}: {each.said}")
    typer.echo(f"Seed {kept['seed']}: {sum(each.right is True for each in found)} of {len(found)} right.")


if __name__ == "__main__":
    typer.run(check)
