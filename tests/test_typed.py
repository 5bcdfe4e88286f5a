"""Types of Python are checked by `make lint` (`tests/typed.py`): a wrong one is found, and none is silenced."""

import re
import tomllib
from pathlib import Path
from typing import get_type_hints

from explorer.numbers.answer import Answer
from explorer.serving.films import Script
from explorer.tabs import interface
from tests import typed

CHECKED = tomllib.loads((typed.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
ROOMS = ("models", "questions", "spaces", "steps.py", "fields.py", "tabs/kit")
BARE = re.compile(r"-> (dict|list|set|Mapping|Sequence)( \| None)?:")
SILENCED = re.compile(r"#\s*(type:\s*ignore|pyright:)")


def files() -> list[Path]:
    """The modules that are checked."""
    rooms = [typed.ROOT / each for each in CHECKED["include"]]
    return [path for room in rooms for path in ([room] if room.suffix else sorted(room.rglob("*.py")))]


def test_the_rooms_of_mathematics_and_of_answers_are_checked():
    assert {f"explorer/{room}" for room in ROOMS} <= {*CHECKED["include"]}
    assert CHECKED["typeCheckingMode"] == "basic" and not [key for key in CHECKED if key.startswith("report")]


def test_no_error_is_silenced():
    assert len(files()) > 100
    assert not [path for path in files() if SILENCED.search(path.read_text(encoding="utf-8"))]


def test_every_server_function_answers_with_a_typed_answer_or_a_film():
    asked = {ask.plain for tab in interface.TABS for ask in tab.functions if hasattr(ask, "plain")}
    assert len(asked) > 100
    assert {get_type_hints(function)["return"] for function in asked} == {Answer, Script}


def test_no_function_of_a_tab_returns_a_collection_of_anything():
    paths = (typed.ROOT / "explorer/tabs").rglob("*.py")
    bare = [path.name for path in paths if BARE.search(path.read_text(encoding="utf-8"))]
    assert not bare


ASKS = """from explorer.models.model import Model
from explorer.questions import make


def draw(model: Model):
    steps: {} = make.steps(model, 4, seed=7)
    return steps
"""


def test_a_wrong_type_is_found(tmp_path, capfd):
    file = tmp_path / "asks.py"
    file.write_text(ASKS.format("int"), encoding="utf-8")
    assert typed.main(str(file)) == 1
    assert 'Type "Iterator[Step]" is not assignable to declared type "int"' in capfd.readouterr().out
    file.write_text(ASKS.format("object"), encoding="utf-8")
    assert typed.main(str(file)) == 0
