"""What a number is called: names, units, their order, axes, columns, and which controls are in sight.

A name or a unit that changes is written down twice: where it is declared, and in `said.json`. Besides, what a quantity
is tells its unit: the natural logarithm of a probability has nats, that to the base 2 has bits.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from explorer.networks import card
from explorer.numbers.answer import Answer, Axis, Chart, Details, Figure, Table
from explorer.serving.work import HEAVY, LIGHT
from explorer.tabs import interface
from explorer.tabs.compare import charts
from explorer.tabs.kit.ask import likely
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.panel import Panel
from explorer.tabs.lab import marks
from explorer.tabs.start import facts
from tests import measured, said

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
    assert said.of_answer(ANSWERS[name]()) == KEPT["answers"][name]


def test_the_charts_of_evidence_have_the_titles_axes_and_traces_that_are_written_down():
    assert said.drawn() == KEPT["drawn"]


def test_nothing_is_written_down_that_is_not_there():
    assert KEPT["declared"].keys() == DECLARED.keys()
    assert KEPT["answers"].keys() == ANSWERS.keys()


def figures() -> Iterator[tuple[str, str, str]]:
    """Yield where a figure or an axis of evidence stands, its name and its unit."""
    for where, each in KEPT["drawn"].items():
        yield from ((where, axis, axis) for _, *axes in each for axis in axes[:2] if axis and "," in axis)
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


@pytest.mark.parametrize("name", asked)
def test_what_comes_from_a_card_has_the_unit_of_its_row(name: str):
    """Figures, columns of CSV and axes."""
    for place, units in measured.from_cards(ANSWERS[name]()):
        assert any(measured.says(place.said, unit) for unit in units), (place.kind, place.said, units)


def test_figures_columns_and_axes_are_found_that_come_from_a_card():
    kinds = {place.kind for place, _ in measured.from_cards(ANSWERS["vae-room collapse"]())}
    assert kinds == {"figure", "column", "axis"}


def test_another_unit_than_that_of_the_card_is_found():
    row = card.find(card.of("energy-moons"), "log_z", of="pcd")
    of = {"log Z nats": True, "log Z bits": False, "log Z ": False}
    for said_of, is_right in of.items():
        name, _, unit = said_of.rpartition(" ")
        ((_, units),) = measured.from_cards(Answer([Figure(name, row["value"], unit)]))
        assert any(measured.says(said_of, each) for each in units) == is_right
    assert measured.says("bits per dimension", "bits/dim") and not measured.says("nats/character", "nats")
    assert not measured.is_precise(3.814697265625e-06) and not measured.is_precise(0.5)


PANELS = defaultdict(list)
for _tab in interface.TABS:
    for _panel in _tab.panels.values():
        if _panel.ask and _panel.shows:
            PANELS[f"{_tab.name} {_panel.ask.__name__}"].append(
                ({each.key: each for each in _tab.fields}, _panel.shows)
            )
SETTING = [name for name in ANSWERS if any(len(each) > 2 for _, shows in PANELS[name] for each in shows.charts)]
NAMED = re.compile(r"\bin (nats|bits|ms)\b|how many (pixels)\b|number of (images)\b")
"""Unit that the title of a field names."""


@pytest.mark.parametrize("name", [each for each in asked if each.values[0] in SETTING])
def test_an_axis_that_sets_a_field_has_the_unit_of_the_field(name: str):
    for fields, shows in PANELS[name]:
        for chart, (_, _, *sets) in zip(ANSWERS[name]().charts or (), shows.charts):
            unit = NAMED.search(fields[sets[0]].title) if sets else None
            said_of = f"{chart.x.label} {chart.y.label} {chart.x.names}"
            assert unit is None or unit[unit.lastindex] in said_of


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


def test_a_kind_of_likelihood_has_one_sign_everywhere():
    signs = {"exact": "=", "bound": "≤", "estimate": "≈"}
    assert likely.SIGNS == signs == {kind: facts.MARKS[kind] for kind in signs}
    assert signs == {kind: sign for sign, kind in marks.NAMED.items()}
    for kind, sign in signs.items():
        assert f">{sign} {kind}<" in parts.MARKS[kind] and charts.KIND_MARKS[kind] == f"{sign} {kind}"


def test_a_figure_binds_its_name_its_value_and_its_unit():
    cost = Figure("−log p(x)", unit="nats", digits=1)
    assert cost.of(82.14).to_props() == ("−log p(x)", "82.1", "nats")
    assert cost.of(None).to_props() == ("−log p(x)", "–", "nats")
    assert cost.unknown.to_props() == ("−log p(x)", "–", "")
    assert cost.of("≤ 82.1", "nats, PCD", name="bound").to_props() == ("bound", "≤ 82.1", "nats, PCD")
    assert cost.of(-math.inf).text == "–"
    assert cost.of_row({"name": "nll", "value": 82.14, "unit": "nats"}) == cost.of(82.14)
    assert cost.of_row({"name": "elbo", "value": -82.14, "unit": "nats"}, "82.1 ± 0.2") == cost.of("82.1 ± 0.2")
    assert Figure("error").of_row({"name": "error", "value": 1.0, "unit": "degrees"}).unit == "degrees"
    for row in ({"name": "nll", "value": 1.3, "unit": "bits/dim"}, {"name": "nll", "value": 1.3}):
        with pytest.raises(ValueError, match="is in nats"):
            cost.of_row(row)


def test_a_chart_says_its_upright_axis_above_and_the_other_below():
    x, y = Axis(unit="images", scale="log", ends=(1, 4)), Axis("Recall", "%", note="bands: 95 %", ticks=[0, 1])
    props = Chart(x, y, cursor=2).to_props()
    assert (props["along"], props["name"]) == ("images (log)", "Recall, %; bands: 95 %")
    assert (props["xs"], props["ys"], props["ticks"], props["cursor"]) == ((1, 4), (0, 1), {"y": [0, 1]}, 2)


def test_what_is_drawn_takes_the_keys_of_its_type_alone():
    line = {"points": [(0, 1), (1, 2)], "colour": "ink"}
    assert Chart(Axis(), Axis(), lines=[line | {"label": "a"}]).to_props()["lines"] == [line | {"label": "a"}]
    with pytest.raises(TypeError, match="Line has no color: choose among"):
        Chart(Axis(), Axis(), lines=[line | {"color": "you"}])
    with pytest.raises(TypeError, match="Line needs points"):
        Chart(Axis(), Axis(), lines=[{"colour": "ink"}])
    assert Answer(grids=[None, {"images": ""}], charts=[None, {"cursor": 1}]).to_props()["grids"] == [
        None,
        {"images": ""},
    ]
    wrong = ({"grids": [{"image": ""}]}, {"charts": [{"at": 1}]}, {"strips": [{"named": ""}]}, {"matrix": {"head": []}})
    for each in (*wrong, {"bars": {"name": "", "rows": [{"title": "a", "text": "1", "long": 1}]}}):
        with pytest.raises(TypeError, match="has no|needs"):
            Answer(**each)


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
