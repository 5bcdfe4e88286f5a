"""Sentences and figures that Python declares and the browser fills in."""

import re

import pytest

from explorer.numbers.answer import to_props
from explorer.tabs import interface
from tests.node import run

PLACE = re.compile(r"\{[\w.]+(:(1?%|\d|b|p))?\}")
PANELS = [(tab.name, mode, panel) for tab in interface.TABS for mode, panel in tab.panels.items()]


def filled(text: str, **values) -> str:
    return run('return (await load("kit/panel/says.js")).filled(text, values);', text=text, values=values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at {t:0} of {n}", "at 3 of 2.00"),
        ("{right.data:%}, {right.data:1%} and {right.none:%}", "25 %, 25.0 % and –"),
        ("{small:b}; {point:p}", "2.7 · 10⁻⁵; (0.60, −1.20)"),
        ("{name} {missing} {none:3}", "moons – –"),
    ],
)
def test_places_take_their_numbers(text: str, said: str):
    values = {"t": 3, "n": 2, "right": {"data": 0.25}, "small": 2.7e-5, "point": [0.6, -1.2], "name": "moons"}
    assert filled(text, **values, none=None) == said


def test_sentences_and_rows_are_those_that_are_named():
    body = """const { figuresOf, sentences } = await load("kit/panel/says.js");
    const declared = { says: { a: "One {x:1}.", b: "Two." }, rows: { few: [["n", "{x:1}", "nats"]] } };
    return [sentences(declared, { x: 1.25 }, "a", false, null, "b"), figuresOf(declared, { x: 2 }, "few")];"""
    words, rows = run(body)
    assert words in ("One 1.3. Two.", "One 1.2. Two.") and rows == [["n", "2.0", "nats"]]


@pytest.mark.parametrize(("tab", "mode", "panel"), PANELS, ids=[f"{tab}-{mode}" for tab, mode, _ in PANELS])
def test_every_brace_of_a_declared_text_is_a_place(tab: str, mode: str, panel):
    rows = to_props(panel.rows).values() if isinstance(panel.rows, dict) else [to_props(panel.rows)]
    texts = [*panel.says.values(), *(text for each in rows for row in each for text in row)]
    for text in texts:
        assert "{" not in PLACE.sub("", text) and "}" not in PLACE.sub("", text), text
