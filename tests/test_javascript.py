"""The stages' modules, checked without a browser and without a download: the test's own node, and a few rules."""

import re
import shutil
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from explorer.serving.files import read_script
from tests import js_types
from tests.node import NODE, STAGES

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent
FILES = sorted((ROOT / "explorer").rglob("*.js"))
OURS = [path for path in FILES if "vendor" not in path.parts]
MARKUP = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b")
IMPORT = re.compile(r"^import\s+(?P<names>[^;]*?)\s+from\s+\"(?P<path>[^\"]+)\";$", re.MULTILINE | re.DOTALL)
DECLARED = re.compile(r"^(?P<export>export )?(?:async )?(?:const|let|function\*?|class) (?P<name>\w+)", re.MULTILINE)
ON_DEMAND = re.compile(r"const \{ ([\w, ]+) \} = await import\(")
PLANTED = """
/** @param {Store} store */
export const open = (store) => store.comit({ mode: "make" });
/** @type {Point} */
export const middle = ["0", 0];
"""
ASKED = re.compile(r"\.js\",\s*\"(\w+)\"")
"""A function that a test calls, after the name of its module."""

MAY_LACK_TYPES = {
    *("stages/autoregressive", "stages/diffusion", "stages/discrete_diffusion", "stages/energy", "stages/flow"),
    *("stages/flow_matching", "stages/foundations", "stages/gan", "stages/kit/film", "stages/kit/panel"),
    *("stages/lab", "stages/playground", "stages/questions", "stages/text", "stages/tokens", "stages/vae"),
}
"""Rooms that `make lint` may leave unchecked; a name is only ever taken away."""

each = pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT / "explorer").as_posix())


def test_every_module_parses_and_finds_what_it_imports():
    command = [NODE, "--no-warnings", "--experimental-vm-modules"]
    answer = subprocess.run([*command, ROOT / "tests" / "link.mjs", *FILES], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr


def test_every_module_as_it_is_sent_parses_and_has_its_lines(tmp_path: Path):
    shutil.copytree(STAGES, tmp_path / "stages")
    sent = [tmp_path / "stages" / path.relative_to(STAGES) for path in FILES if path.is_relative_to(STAGES)]
    for path in sent:
        whole = path.read_text(encoding="utf-8")
        path.write_bytes(read_script(path))
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(whole.splitlines()) and set(lines) <= {*whole.splitlines(), ""}
    command = [NODE, "--no-warnings", "--experimental-vm-modules"]
    answer = subprocess.run([*command, ROOT / "tests" / "link.mjs", *sent], capture_output=True, text=True, timeout=60)
    assert sent and answer.returncode == 0, answer.stderr


@each
def test_visitors_text_is_never_parsed_as_markup_or_code(path: Path):
    assert not MARKUP.findall(path.read_text(encoding="utf-8"))


@each
def test_every_import_and_every_declaration_is_used(path: Path):
    text = path.read_text(encoding="utf-8")
    imported = [name for found in IMPORT.finditer(text) for name in _local_names(found["names"])]
    private = [found["name"] for found in DECLARED.finditer(text) if not found["export"]]
    assert not [name for name in imported + private if _count(name, text) < 2]


def test_no_module_waits_for_one_that_waits_for_it():
    """In a circle of imports, which module is whole depends on which was opened first."""
    sorter = TopologicalSorter()
    for path in OURS:
        wanted = [found["path"] for found in IMPORT.finditer(path.read_text(encoding="utf-8"))]
        sorter.add(path, *(path.parent.joinpath(each).resolve() for each in wanted))
    sorter.prepare()  # it names the modules of a circle


def test_every_export_is_imported_or_asked_by_a_test():
    opening = (ROOT / "explorer/serving/opening.js").read_text(encoding="utf-8")
    later = re.findall(r"\.then\(\(\{ (\w+) \}\)", opening)
    tested = [name for path in TESTS.glob("*.py") for name in ASKED.findall(path.read_text(encoding="utf-8"))]
    wanted = {"mount", *later, *tested} | {name for path in FILES for name in _imported_from(path)}
    wanted |= {
        each
        for path in FILES
        for found in ON_DEMAND.findall(path.read_text(encoding="utf-8"))
        for each in found.split(", ")
    }
    exported = {(path.name, found["name"]) for path in OURS for found in _exports(path)}
    assert not sorted(f"{file}: {name}" for file, name in exported if name not in wanted)


def test_no_room_is_checked_less_than_before():
    assert set(js_types.OPEN) <= MAY_LACK_TYPES
    assert {js_types.room_of(path) for path in js_types.scripts()} >= MAY_LACK_TYPES


def test_the_check_of_types_finds_a_misspelt_member_and_a_wrong_type(tmp_path: Path):
    script = tmp_path / "planted.js"
    script.write_text(PLANTED, encoding="utf-8")
    found = [error.splitlines()[0].split(": ", 1)[1] for path, error in js_types.errors([script])]
    assert found == [
        "Property 'comit' does not exist on type 'Store'. Did you mean 'commit'?",
        "Type 'string' is not assignable to type 'number'.",
    ]


def test_an_open_room_has_at_most_its_errors_and_every_other_has_none():
    still = {"a": 2, "b": 2, "c": 2}
    assert js_types.complaints({"a": ["x"], "b": ["x", "y"], "c": ["x"]}, still) == []
    found = js_types.complaints({"a": ["x", "y", "z"], "c": ["x"], "new": ["TS2339"]}, still)
    assert [each.split(" ")[:3] for each in found] == [["TS2339"], ["a", "has", "3"], ["b", "has", "no"]]


def _exports(path: Path) -> list[re.Match]:
    return [found for found in DECLARED.finditer(path.read_text(encoding="utf-8")) if found["export"]]


def _imported_from(path: Path) -> list[str]:
    braces = [
        re.findall(r"\{(.*?)\}", found["names"], re.DOTALL)
        for found in IMPORT.finditer(path.read_text(encoding="utf-8"))
    ]
    return [part.split(" as ")[0].strip() for group in braces for body in group for part in body.split(",")]


def _local_names(clause: str) -> list[str]:
    parts = re.sub(r"[{}]", ",", clause).split(",")
    return [part.split(" as ")[-1].strip() for part in parts if part.strip()]


def _count(name: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text))
