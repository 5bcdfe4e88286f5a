"""Every board takes its pointer by one mechanism, and leaves two fingers to the page."""

import re

import pytest

from tests.server import ROOT

STAGES = ROOT / "explorer" / "stages"
MECHANISM = {"kit/base/drag.js", "vae/input.js"}
"""The module of all drags, and the map that two fingers enlarge themselves."""
LEFT = ("pinch-zoom", "manipulation")
OWN = ("vae/map.css",)
TAKES = re.compile(r"touch-action: ([^;]+);")


def names(ending: str) -> list[str]:
    return [path.relative_to(STAGES).as_posix() for path in sorted(STAGES.rglob(f"*.{ending}"))]


def test_a_pointer_is_captured_by_the_mechanism_of_drags_alone():
    found = {name for name in names("js") if "setPointerCapture" in (STAGES / name).read_text(encoding="utf-8")}
    assert found == MECHANISM


@pytest.mark.parametrize("name", [each for each in names("css") if each not in OWN])
def test_a_board_leaves_two_fingers_to_the_page(name: str):
    for value in TAKES.findall((STAGES / name).read_text(encoding="utf-8")):
        assert any(each in value for each in LEFT), f"touch-action: {value}"
