"""A mode has one place: its own file beside its tab, which nothing but the list of the tab's modes needs to know."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from explorer import stages
from explorer.tabs import interface
from explorer.tabs.kit.layout.mode import Mode, of_modes
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.kit.layout.tab import Tab

STAGES = Path(stages.__file__).parent
KINDS = {"fields", "server", "answers", "says", "panels", "tries"}
"""Names of files by kind of line; a mode's lines would lie in all of them."""
LISTS = {"tab", "exercises", "evidence", "maths", "charts", "whole_films"}
"""Files that may name a mode: the tab's list, what speaks of several modes, and what serves a mode's films."""
EACH = pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)


def modes_of(tab: Tab) -> list[Mode]:
    return import_module(f"explorer.tabs.{tab.folder.name}.tab").MODES


def imported(path: Path) -> Iterator[str]:
    """Names of modules of the same tab that a file imports, or imports from."""
    package = f"explorer.tabs.{path.parent.name}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            yield node.module.removeprefix(f"{package}.")


@EACH
def test_every_mode_is_the_mode_of_the_file_of_its_name(tab: Tab):
    for mode in modes_of(tab):
        found = import_module(f"explorer.tabs.{tab.folder.name}.{mode.name}")
        assert found.MODE is mode, f"{mode.name} is elsewhere"
        assert found.__doc__.startswith(f"*{mode.title}*: "), f"{mode.name}: its docstring names it by its title"
    lead = {"tour", "exercises"}
    assert {*tab.modes} - {*tab.questions} - lead == {mode.name for mode in modes_of(tab)}


@EACH
def test_no_file_of_a_tab_is_of_one_kind_of_line(tab: Tab):
    modes = {mode.name for mode in modes_of(tab)}
    assert not {path.stem for path in tab.folder.glob("*.py")} & (KINDS - modes)


@EACH
def test_no_mode_and_nothing_shared_needs_another_mode(tab: Tab):
    modes = {mode.name for mode in modes_of(tab)}
    found = {path.stem: modes & {*imported(path)} for path in tab.folder.glob("*.py") if path.stem not in LISTS}
    assert not {name: each for name, each in found.items() if each}


@EACH
def test_every_mode_has_a_view_of_its_name_or_names_the_one_that_draws_it(tab: Tab):
    modules = {each["id"]: each["module"] for each in tab.mode_props()}
    for mode in modes_of(tab):
        assert (STAGES / f"{modules[mode.name]}.js").exists()
        own = modules[mode.name].endswith(f"/{mode.name}")
        assert own or mode.panel.shows, f"{mode.name}: its panel has no layout, so it needs a view of its own"


def test_what_a_tab_knows_of_its_modes_follows_from_them(tmp_path: Path):
    panel, part = Panel(None, [], shows=Shows("", [])), Panel(None, [], shows=Shows("", []))
    modes = [
        Mode("second", "Second", "play", entry="Both", panel=panel, parts={"half": part}, former=["old"]),
        Mode("first", "First", "look", tries=[("A preset", {"seed": 1})], code={"First": [modes_of]}),
        Mode("third", "Third", "play", entry="Both"),
    ]
    found = of_modes(modes, [], tmp_path, code={"This page": [imported]})
    assert list(found["modes"].items()) == [("second", "Second"), ("first", "First"), ("third", "Third")]
    assert found["groups"] == {"play": ["second", "third"], "look": ["first"]}
    assert found["entries"] == {"Both": ["second", "third"]}
    assert found["panels"] == {"second": panel, "half": part}
    assert found["tries"] == {"first": [("A preset", {"seed": 1})]}
    assert [*found["code"]] == ["First", "This page"]
    (choice,) = (field for field in found["fields"] if field.key == "mode")
    assert (choice.default, choice.kind.former) == ("second", (("old", "second"),))
