"""What a mode tells its visitor to do is told for a mouse and for a finger."""

import re

import pytest

from tests.server import ROOT

FILES = sorted([*ROOT.glob("explorer/tabs/**/*.py"), *ROOT.glob("explorer/stages/**/*.js")])
TEXT = re.compile(r"(?:\"([^\"\n]*)\"|`([^`\n]*)`)")
MOUSE = re.compile(r"^(Click|Hover)\b[ ,]|[;,.] click |\b(by a click|hover over|the mouse)\b")
FINGER = re.compile(r"\btap", re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "explorer").as_posix())
def test_no_instruction_is_for_a_mouse_alone(path):
    for text in map("".join, TEXT.findall(path.read_text(encoding="utf-8"))):
        assert not MOUSE.search(text) or FINGER.search(text), text
