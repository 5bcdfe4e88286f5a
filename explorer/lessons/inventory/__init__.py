"""Concept inventory: two parallel forms of twelve items, each wrong choice keyed to a misconception.

`form-a.md` and `form-b.md` hold the items as text, `misconceptions.md` the misconceptions. An item is

    ## bound · A bound and a value
    at: tab=vae-room&mode=iwae
    source: Burda et al. 2016, https://arxiv.org/abs/1509.00519

    The question.

    + The right choice.
    - A wrong choice.
      its-misconception

`at` is the state of the page that measures what the item asks about. The two items of one name are parallel.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
INVENTORY_FORMS = ("a", "b")
SITTING_BEFORE, SITTING_AFTER = "before", "after"
SITTINGS = (SITTING_BEFORE, SITTING_AFTER)
ITEM_HEAD = re.compile(r"## ([a-z]+) · (.+)")
MISCONCEPTION = re.compile(r"- ([a-z-]+): (.+)")
WRONG_CHOICES = 3


class InventoryError(ValueError):
    """Fault of a form; the message names the item."""


@dataclass(frozen=True)
class Item:
    """Item of a form.

    Arguments:
        name: Its name, which its parallel item shares.
        title: What it is about.
        at: State of the page that measures it.
        source: Paper behind it.
        question: The question.
        choices: Choices in their displayed order, the same for everybody.
        keys: Misconception behind each choice; empty for the right one.
    """

    name: str
    title: str
    at: str
    source: str
    question: str
    choices: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def right(self) -> int:
        """Position of the right choice."""
        return self.keys.index("")


Answers = Sequence[int | None]
"""Chosen position for each item of a form; None where nothing was chosen."""


@cache
def form(letter: str) -> tuple[Item, ...]:
    """Return the items of a form, "a" or "b".

    Raises:
        InventoryError: if an item lacks a part.
    """
    return items((FOLDER / f"form-{letter}.md").read_text(encoding="utf-8"), letter)


@cache
def misconceptions() -> dict[str, str]:
    """Return what each misconception is, by its key."""
    return dict(MISCONCEPTION.findall((FOLDER / "misconceptions.md").read_text(encoding="utf-8")))


def items(text: str, seed: str) -> tuple[Item, ...]:
    """Return the items of a text; `seed` gives the order of the choices.

    Raises:
        InventoryError: if an item lacks a part.
    """
    return tuple(_item(block, seed) for block in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:])


def _item(block: str, seed: str) -> Item:
    lines = [line for line in block.splitlines() if line.strip()]
    head = ITEM_HEAD.fullmatch(lines[0])
    if not head:
        raise InventoryError(f"{lines[0]!r}: wanted ## name · Title")
    name, title = head.groups()
    settings = dict(line.split(": ", 1) for line in lines[1:3] if ": " in line)
    question = [line for line in lines[3:] if line[0] not in "+- "]
    right = [line[2:] for line in lines if line.startswith("+ ")]
    wrong = [(line[2:], lines[at + 1].strip()) for at, line in enumerate(lines[:-1]) if line.startswith("- ")]
    if set(settings) != {"at", "source"} or len(question) != 1 or len(right) != 1 or len(wrong) != WRONG_CHOICES:
        raise InventoryError(f"{name}: wanted at, source, a question, one + and {WRONG_CHOICES} - with their keys")
    if unknown := [key for _, key in wrong if key not in misconceptions()]:
        raise InventoryError(f"{name}: no misconception is named {unknown[0]!r}")
    choices = [(right[0], ""), *wrong]
    random.Random(f"{name} of form {seed}").shuffle(choices)
    texts, keys = zip(*choices)
    return Item(name, title, settings["at"], settings["source"], question[0], texts, keys)


def form_of(who: str, sitting: str) -> str:
    """Return the form of a student in a sitting: half begin with A, half with B, and each has the other one after.

    So a difference in difficulty between the forms is no gain.

    Arguments:
        who: Pseudonym, in hexadecimal digits.
        sitting: "before" or "after".
    """
    return INVENTORY_FORMS[(int(who[-1], 16) + SITTINGS.index(sitting)) % 2]


def as_displayed(letter: str) -> list[dict[str, Any]]:
    """Return what a student sees of a form: no right answer and no key."""
    return [{"question": each.question, "choices": [*each.choices]} for each in form(letter)]


def checked(answers: Any, letter: str) -> tuple[int | None, ...]:
    """Return the answers of a student, checked.

    Raises:
        ValueError: if they do not fit the form.
    """
    asked = form(letter)
    if not isinstance(answers, list) or len(answers) != len(asked):
        raise ValueError(f"Answers are a list of {len(asked)} choices.")
    for answer, item in zip(answers, asked):
        if answer is not None and (type(answer) is not int or not 0 <= answer < len(item.choices)):
            raise ValueError("A choice is the position of one of them, from 0, or null.")
    return tuple(answers)
