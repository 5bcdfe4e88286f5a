"""Answers to the inventory as they are handed in, what they say of a class, and the files that a lecturer takes.

A file of answers is JSON: `{"inventory": 1, "salt": "…", "handed": [{"sitting", "who", "answers"}]}`. A student's own
file has one entry, that of a room has all. `who` is a pseudonym: a digest of a code that the student chose.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.lessons import gains, inventory
from explorer.lessons.gains import Outcome, Sheet
from explorer.lessons.inventory import SITTING_AFTER, SITTING_BEFORE, SITTINGS

OWN_CODE_LENGTHS = (4, 24)
SALT = re.compile(r"[0-9a-f]{32}")
PSEUDONYM = re.compile(r"[0-9a-f]{16}")
MOST_HANDED = 4_000  # answers of a file
SCRYPT = {"n": 2048, "r": 8, "p": 1, "dklen": 8}  # 5 ms for each try of a code
INVENTORY_TITLE = "Concept inventory"
NOT_FORMULAS = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True)
class Handed:
    """Answers of one student in one sitting."""

    sitting: str
    who: str
    answers: tuple[int | None, ...]

    def sheet(self) -> Sheet:
        """Return the outcome of each item that was answered."""
        items = inventory.form(inventory.form_of(self.who, self.sitting))
        answered = ((item, answer) for item, answer in zip(items, self.answers) if answer is not None)
        return {item.name: Outcome(answer == item.right, item.keys[answer]) for item, answer in answered}


def pseudonym(own: Any, salt: str) -> str:
    """Return the pseudonym of a student's own code; case and spaces do not count.

    Raises:
        ValueError: if the code is too short, too long, or has other signs than letters and digits.
    """
    said = unicodedata.normalize("NFKC", own[:64]).casefold() if isinstance(own, str) else ""
    said = re.sub(r"[\s_.-]+", "", said)
    least, most = OWN_CODE_LENGTHS
    if not said.isalnum() or not least <= len(said) <= most:
        raise ValueError("Your code has 4 to 24 letters and digits.")
    return hashlib.scrypt(said.encode(), salt=salt.encode(), **SCRYPT).hex()


def of_file(kept: Any) -> tuple[str, list[Handed]]:
    """Return the salt and the answers of a file.

    Raises:
        ValueError: if it is no file of answers, or a part of it does not fit.
    """
    if not isinstance(kept, dict) or kept.get("inventory") != 1 or not isinstance(kept.get("handed"), list):
        raise ValueError("this is no file of answers to the inventory")
    salt = kept.get("salt")
    if not isinstance(salt, str) or not SALT.fullmatch(salt) or len(kept["handed"]) > MOST_HANDED:
        raise ValueError(f"wanted a salt of 32 digits, and at most {MOST_HANDED:,} answers")
    return salt, [_handed(each) for each in kept["handed"]]


def _handed(said: Any) -> Handed:
    said = said if isinstance(said, dict) else {}
    sitting, who = said.get("sitting"), said.get("who")
    if sitting not in SITTINGS or not isinstance(who, str) or not PSEUDONYM.fullmatch(who):
        raise ValueError("wanted a sitting, before or after, and a pseudonym")
    return Handed(sitting, who, inventory.checked(said.get("answers"), inventory.form_of(who, sitting)))


def to_file(salt: str, handed: Iterable[Handed]) -> dict[str, Any]:
    """Return answers as a file has them."""
    found = [{"sitting": each.sitting, "who": each.who, "answers": [*each.answers]} for each in handed]
    return {"inventory": 1, "salt": salt, "handed": found}


def titles() -> dict[str, str]:
    """Return the titles of the items, by their names."""
    return {item.name: item.title for item in inventory.form("a")}


def sheets(handed: Iterable[Handed]) -> tuple[dict[str, Sheet], dict[str, Sheet]]:
    """Return the sheets before and after, by pseudonym."""
    found: dict[str, dict[str, Sheet]] = {SITTING_BEFORE: {}, SITTING_AFTER: {}}
    for each in handed:
        found[each.sitting][each.who] = each.sheet()
    return found[SITTING_BEFORE], found[SITTING_AFTER]


def report(handed: Iterable[Handed]) -> dict[str, Any]:
    """Return the report on a class, with what each slip means, and the shares of each form in the first sitting."""
    before, after = sheets(handed)
    found = gains.report(titles(), before, after)
    meanings = inventory.misconceptions()
    for row in found["items"]:
        for slip in row["slips"]:
            slip["slip"] = meanings[slip["slip"]]
    groups = {letter: [who for who in before if inventory.form_of(who, SITTING_BEFORE) == letter] for letter in "ab"}
    shares = {
        letter: sum(gains.share(before[each], titles()) for each in who) / len(who)
        for letter, who in groups.items()
        if len(who) >= gains.FEWEST_PAIRS
    }
    return found | {"title": INVENTORY_TITLE, "forms": shares}


def table(found: Mapping[str, Any]) -> str:
    """Return a report as CSV: a line for each item, for each of its slips, and for all items."""
    lines: list[Sequence[Any]] = [("item", "title", "slip", "before", "after", "gain", "low", "high")]
    for row in found["items"]:
        figures = [row[key] for key in ("before", "after", "gain", "low", "high")]
        lines.append((row["name"], row["title"], "", *figures))
        lines += [(row["name"], row["title"], each["slip"], each["before"], each["after"]) for each in row["slips"]]
    if found["all"]:
        lines.append(("all", "", "", *(found["all"][key] for key in ("before", "after", "gain", "low", "high"))))
    return as_csv(lines)


def points(handed: Iterable[Handed]) -> dict[str, tuple[int | None, int | None]]:
    """Return how many items each student answered right before and after, by pseudonym."""
    before, after = sheets(handed)

    def right(sheet: Sheet | None) -> int | None:
        return None if sheet is None else sum(each.right for each in sheet.values())

    return {who: (right(before.get(who)), right(after.get(who))) for who in sorted({*before, *after})}


def moodle(found: Mapping[str, Sequence[int | None]], ids: Mapping[str, str]) -> str:
    """Return points as CSV for Moodle's *Grades, Import, CSV file*: identify by *ID number*, map the two columns.

    Arguments:
        found: Points before and after, by pseudonym.
        ids: ID numbers, by pseudonym; who has none is listed by the pseudonym.
    """
    heads = ("ID number", f"{INVENTORY_TITLE} before", f"{INVENTORY_TITLE} after")
    return as_csv([heads, *((ids.get(who, who), *each) for who, each in found.items())])


def canvas(found: Mapping[str, Sequence[int | None]], ids: Mapping[str, str]) -> str:
    """Return points as CSV for Canvas' *Gradebook, Import*, with the row of possible points.

    Arguments:
        found: Points before and after, by pseudonym.
        ids: SIS user IDs, by pseudonym; who has none is listed by the pseudonym.
    """
    heads = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    names = (f"{INVENTORY_TITLE} before", f"{INVENTORY_TITLE} after")
    most = len(inventory.form("a"))
    rows = ((who, "", ids.get(who, who), "", "", *each) for who, each in found.items())
    return as_csv([(*heads, *names), ("    Points Possible", "", "", "", "", most, most), *rows])


def as_csv(lines: Iterable[Sequence[Any]]) -> str:
    """Return lines as CSV; a text that a spreadsheet would compute as a formula begins with an apostrophe."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([[_cell(each) for each in line] for line in lines])
    return written.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, str) and NOT_FORMULAS.search(value):
        return f"'{value}"
    return "" if value is None else value
