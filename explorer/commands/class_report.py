"""Report on the files that a class handed in: answers to exercises, and to the concept inventory.

    python -m explorer.exercises DIR --out REPORT --codes codes.csv

Files of exercises lie in `DIR/before` and `DIR/after`, each named after its student, as `before/17.json`; other files
count as before. Files of the inventory may lie anywhere in the folder: each entry names its sitting and its student.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import typer

from explorer.classes import phone
from explorer.commands.exercises import exercises_by_tab, printable, read
from explorer.lessons import gains, handed_in
from explorer.lessons.exercises import recheck
from explorer.lessons.gains import Outcome, Sheet
from explorer.lessons.handed_in import Handed
from explorer.lessons.inventory import SITTING_AFTER, SITTING_BEFORE

MOST_CLASS_FILES = 2_000
MOST_STUDENT_CODES = 5_000
EXERCISES_TITLE = "Exercises"


def write(folder: Path, out: Path | None, codes: Path | None) -> None:
    """Print the report on a folder, and write it to `out`."""
    found = [*files(folder)]
    handed = [each for _, kept in found if is_inventory(kept) for each in _or_nothing(handed_in.of_file, kept)[1]]
    sheets = _exercises([(path, kept) for path, kept in found if not is_inventory(kept)])
    if handed:
        report = handed_in.report(handed)
        points = handed_in.points(handed)
        ids = identities(codes, {kept["salt"] for _, kept in found if is_inventory(kept)}) if codes else {}
        extra = {"moodle": handed_in.moodle(points, ids), "canvas": handed_in.canvas(points, ids)}
        _tell("inventory", report, out, extra)
    if sheets[SITTING_BEFORE] or sheets[SITTING_AFTER]:
        titles = {
            name: name for each in (*sheets[SITTING_BEFORE].values(), *sheets[SITTING_AFTER].values()) for name in each
        }
        _tell(
            "exercises",
            gains.report(titles, sheets[SITTING_BEFORE], sheets[SITTING_AFTER]) | {"title": EXERCISES_TITLE},
            out,
            {},
        )
    if not found:
        typer.secho("There are no files of answers in this folder.", err=True, fg="red")
        raise typer.Exit(1)


def files(folder: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the files of a folder with what they hold; one that cannot be read is named and left out."""
    paths = sorted(folder.rglob("*.json"))
    if len(paths) > MOST_CLASS_FILES:
        typer.secho(f"Only the first {MOST_CLASS_FILES:,} of {len(paths):,} files are read.", err=True, fg="yellow")
    for path in paths[:MOST_CLASS_FILES]:
        try:
            yield path, read(path)
        except (ValueError, OSError) as error:
            _left_out(path.name, error)


def is_inventory(kept: Any) -> bool:
    """Return whether a file is one of the inventory."""
    return isinstance(kept, dict) and "inventory" in kept


def _or_nothing(parse: Callable[[Any], tuple[str, list[Handed]]], kept: Any) -> tuple[str, list[Handed]]:
    try:
        return parse(kept)
    except ValueError as error:
        _left_out("a file of the inventory", error)
        return "", []


def _left_out(name: str, error: Exception) -> None:
    typer.secho(printable(f"{name} is left out: {error}"), err=True, fg="yellow")


def _exercises(found: list[tuple[Path, Any]]) -> dict[str, dict[str, Sheet]]:
    """Return the sheets of the exercises before and after, by the names of the files."""
    sheets: dict[str, dict[str, Sheet]] = {SITTING_BEFORE: {}, SITTING_AFTER: {}}
    if not found:
        return sheets
    tabs = exercises_by_tab()
    for path, kept in found:
        try:
            checked = [each for each in recheck(kept, tabs) if each.right is not None]
        except ValueError as error:
            _left_out(path.name, error)
            continue
        sheet = {f"{each.tab}/{each.name}": Outcome(each.right, "" if each.right else each.said) for each in checked}
        sheets[SITTING_AFTER if path.parent.name == SITTING_AFTER else SITTING_BEFORE][path.stem] = sheet
    return sheets


def identities(codes: Path, salts: set[Any]) -> dict[str, str]:
    """Return the IDs of a list of codes, by pseudonym."""
    ids: dict[str, str] = {}
    with codes.open(encoding="utf-8-sig", newline="") as opened:
        for line, _ in zip(csv.DictReader(opened), range(MOST_STUDENT_CODES)):
            for salt in salts:
                try:
                    ids[handed_in.pseudonym(line.get("code"), str(salt))] = str(line.get("id") or "")
                except ValueError as error:
                    _left_out(f"the code {line.get('code')!r}", error)
    return {who: number for who, number in ids.items() if number}


def _tell(name: str, found: Mapping[str, Any], out: Path | None, extra: Mapping[str, str]) -> None:
    """Print a report; write its page, its figures and the further tables."""
    counts = found["counts"]
    typer.echo(f"{found['title']}: {counts['before']} before, {counts['after']} after, {counts['both']} both.")
    if not found["all"]:
        typer.echo(f"Fewer than {found['fewest']} students: no figures.")
    for row in found["items"]:
        slips = row["slips"][:1]
        worst = f"  most chosen slip: {slips[0]['slip']}" if slips else ""
        typer.echo(printable(f"{_figures(row)}  {row['title']}{worst}"))
    if found["all"]:
        typer.echo(f"{_figures(found['all'])}  all")
    if out and found["all"]:
        out.mkdir(parents=True, exist_ok=True)
        texts = {f"{name}.html": phone.saved_report(orjson.dumps(found)), f"{name}-figures.csv": handed_in.table(found)}
        texts |= {f"{name}-{kind}.csv": text for kind, text in extra.items()}
        for file, text in texts.items():
            (out / file).write_text(text, encoding="utf-8", newline="")
            typer.echo(f"Written: {printable(str(out / file))}")


def _figures(row: Mapping[str, float | None]) -> str:
    """Return shares before and after, and the gain with its interval, in columns."""
    words = [f"{row['before']:4.0%}", "" if row["after"] is None else f"{row['after']:4.0%}"]
    value, low, high = row["gain"], row["low"], row["high"]
    interval = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    return f"{words[0]} {words[1]:4} {'' if value is None else f'{value:5.2f}'}{interval}"
