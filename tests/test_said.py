"""What a number is called: names, units, their order, axes, columns, and which controls are in sight.

A name or a unit that changes is written down twice: where it is declared, and in `said.json`. Besides, what a quantity
is tells its unit: the natural logarithm of a probability has nats, that to the base 2 has bits.
"""

import json
import math
import re
from collections.abc import Iterator

import pytest

from explorer.serving.work import HEAVY, LIGHT
from explorer.tabs import interface
from explorer.tabs.kit.layout.panel import Panel
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Figure, Table
from tests import said

KEPT = json.loads(said.KEPT.read_text(encoding="utf-8"))
DECLARED = said.declared()
ANSWERS = dict(said.answers([LIGHT, HEAVY]))
SLOW = {
    *("vae posterior", "vae fit", "vae gaps", "vae nearest_images", "vae-room bounds", "flow typical"),
    *("discrete-diffusion in_raster_order", "lab judge", "lab slower", "text loss", "text loss drift"),
}
"""Questions that take more than a second."""
asked = [pytest.param(name, marks=pytest.mark.deep if name in SLOW else ()) for name in ANSWERS]
QUANTITIES = {
    "bits": r"log₂|log2|bits of|bits\b.*\bdim",
    "nats": r"log p|log P|log Z|ELBO|\bKL\b(?! of| from zero)|free energy",
}
"""Unit of a quantity by its name: the logarithm says it."""


def unit_of(name: str) -> str | None:
    """Return the unit that the name of a quantity demands; None if it demands none."""
    return next((unit for unit, pattern in QUANTITIES.items() if re.search(pattern, name)), None)


@pytest.mark.parametrize("mode", DECLARED)
def test_a_mode_declares_its_figures_axes_and_controls_as_they_are_written_down(mode: str):
    assert DECLARED[mode] == KEPT["declared"][mode]


@pytest.mark.parametrize("name", asked)
def test_an_answer_brings_the_figures_axes_and_columns_that_are_written_down(name: str):
    assert ANSWERS[name]() == KEPT["answers"][name]


def test_nothing_is_written_down_that_is_not_there():
    assert KEPT["declared"].keys() == DECLARED.keys()
    assert KEPT["answers"].keys() == ANSWERS.keys()


def figures() -> Iterator[tuple[str, str, str]]:
    """Yield where a figure stands, its name and its unit."""
    for where, each in KEPT["declared"].items():
        yield from ((where, name, unit) for name, unit in each["heads"])
    for where, each in KEPT["answers"].items():
        yield from ((where, name, unit) for numbers in each["numbers"] for name, unit in numbers)


def test_the_unit_of_a_figure_is_that_of_its_quantity():
    wrong = {
        (where, name, unit)
        for where, name, unit in figures()
        if (wanted := unit_of(name)) and unit and "σ" not in unit and wanted not in re.split(r"[ ,/]", unit)
    }
    assert not wrong


HEADLINE = {("diffusion", "learned"), ("translate", "permutes")}
"""Modes whose headline is that of the chosen part, or of the chosen loss."""
MODES = [(tab.name, mode, panel) for tab in interface.TABS for mode, panel in tab.panels.items() if panel.ask]


@pytest.mark.parametrize(("tab", "mode", "panel"), MODES, ids=[f"{tab} {mode}" for tab, mode, _ in MODES])
def test_an_answer_brings_the_figures_of_its_panel_in_their_order_and_with_their_units(
    tab: str, mode: str, panel: Panel
):
    heads = {name: said.without_numbers(unit) for name, unit in KEPT["declared"][f"{tab} {mode}"]["heads"]}
    for numbers in KEPT["answers"].get(f"{tab} {panel.ask.__name__}", {}).get("numbers", ()):
        found = {name: unit for name, unit in numbers if name in heads}
        assert all(unit.startswith(heads[name]) for name, unit in found.items() if unit)
        assert [*found] == [name for name in heads if name in found] or (tab, mode) in HEADLINE


def test_a_column_of_log_probabilities_names_their_unit():
    columns = {
        (where, column)
        for where, each in KEPT["answers"].items()
        for table in each["columns"]
        for column in table
        if (wanted := unit_of(column)) and wanted not in column and "standard" not in column
    }
    assert not columns


def test_a_figure_binds_its_name_its_value_and_its_unit():
    cost = Figure("−log p(x)", unit="nats", digits=1)
    assert cost.of(82.14).to_props() == ("−log p(x)", "82.1", "nats")
    assert cost.of(None).to_props() == ("−log p(x)", "–", "nats")
    assert cost.unknown.to_props() == ("−log p(x)", "–", "")
    assert cost.of("≤ 82.1", "nats, PCD", name="bound").to_props() == ("bound", "≤ 82.1", "nats, PCD")
    assert cost.of(-math.inf).text == "–"


def test_a_chart_says_its_upright_axis_above_and_the_other_below():
    x, y = Axis(unit="images", scale="log", ends=(1, 4)), Axis("Recall", "%", note="bands: 95 %", ticks=[0, 1])
    props = Chart(x, y, cursor=2).to_props()
    assert (props["along"], props["name"]) == ("images (log)", "Recall, %; bands: 95 %")
    assert (props["xs"], props["ys"], props["ticks"], props["cursor"]) == ((1, 4), (0, 1), {"y": [0, 1]}, 2)


def test_a_table_takes_rows_of_equal_columns_alone():
    table = Table([{"a": 1, "b": 2}, {"a": 3, "b": 4}])
    assert table.to_props() == [("a", "b"), (1, 2), (3, 4)]
    assert Table([], ["a"]).to_props() == [("a",)]
    assert Details([{"a": 1}]).to_props() == {"head": ("a",), "rows": [(1,)]}
    with pytest.raises(ValueError, match="same columns"):
        Table([{"a": 1, "b": 2}, {"b": 4, "a": 3}])


def test_a_part_of_an_answer_replaces_the_same_part_of_another():
    one = Answer([Figure("a", 1.0)], "one", view={"x": 1, "y": 2})
    both = one | Answer(words="two", view={"y": 3})
    assert both.to_props() == {"numbers": [("a", "1.00", "")], "words": "two", "x": 1, "y": 3}
