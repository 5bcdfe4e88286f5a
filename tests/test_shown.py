"""What the scripts of the stages call things: axes, columns, legends, units, verdicts, and what is out of sight."""

import json
import re
from collections.abc import Iterator

import pytest

from tests import shown
from tests.test_said import unit_of

KEPT = json.loads(shown.KEPT.read_text(encoding="utf-8"))
SHOWN = shown.shown()
UNITS = re.compile(r"\b(?:nats|bits)\b")


@pytest.mark.parametrize("path", sorted(KEPT.keys() | SHOWN.keys()))
def test_a_script_says_what_is_written_down(path: str):
    assert SHOWN.get(path) == KEPT.get(path), "`python -m tests.shown` writes it down"


def quantities() -> Iterator[tuple[str, str, set[str]]]:
    """Yield every text that names a logarithm with a unit: the text, the unit that it demands, those that it has."""
    for each in SHOWN.values():
        for text in each.get("texts", ()):
            if (unit := unit_of(text)) and (named := {*UNITS.findall(text)}):
                yield text, unit, named


def test_the_unit_of_a_logarithm_is_that_of_its_base():
    found = [*quantities()]
    assert len(found) > 10
    assert not [text for text, unit, named in found if unit not in named]


SCRIPT = """
import { h } from "./A module.js"; // "A remark"
const HEAD = ["step", "E, nats"];
const text = h("div", { class: "two words", title: `A ${n ? `${n} more` : "none"} here` }, s.replace(/["'`]/g, ""));
/** "A comment" */
element.hidden = !value;
const other = h("p", { hidden: () => many.value }, "Second", 4 / 2, "bits");
"""


def test_texts_are_read_in_their_order_without_remarks_classes_and_expressions():
    texts = [each.said for each in shown.texts_of(SCRIPT) if each.is_shown]
    assert texts == ["step", "E, nats", 'A ${n ? `${n} more` : "none"} here', "Second", "bits"]
    assert shown.HIDDEN.findall(SCRIPT) == ["!value", "() => many.value"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["step", "E, nats"]', '["E, nats", "step"]'),
        ('"bits"', '"nats"'),
        ("hidden = !value", "hidden = value"),
        ("more` :", "fewer` :"),
    ],
)
def test_an_exchange_of_heads_a_unit_and_a_condition_are_noticed(before: str, after: str):
    def read(script: str) -> tuple[list[str], list[str]]:
        return [each.said for each in shown.texts_of(script) if each.is_shown], shown.HIDDEN.findall(script)

    assert read(SCRIPT) != read(SCRIPT.replace(before, after))
