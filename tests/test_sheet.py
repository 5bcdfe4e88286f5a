"""Sheet of formulas: each is one of its tab's own maths, and its link leads to a heading that the tab has."""

import re

import pytest

from explorer.lessons import sheet
from explorer.tabs.interface import TABS
from explorer.tabs.kit.layout.contents import slug

FOLDERS = {tab.name: tab.folder for tab in TABS}
NUMBERED = {f"{tab}-{number}": (tab, number) for tab, number, _ in sheet.CHOSEN}


@pytest.mark.parametrize("chosen", NUMBERED)
def test_a_formula_stands_under_a_heading_of_its_tab(chosen: str):
    tab, number = NUMBERED[chosen]
    tex, heading = sheet.formula((FOLDERS[tab] / "maths.md").read_text(encoding="utf-8"), number)
    text = (FOLDERS[tab] / "maths.md").read_text(encoding="utf-8")
    assert tex and tex in " ".join(text.split())
    assert f"\n## {heading}\n" in text


def test_the_sheet_has_each_formula_once_with_a_link_to_its_place():
    found = sheet.markdown({tab.name: (tab.title, tab.folder) for tab in TABS})
    assert len(NUMBERED) == len(sheet.CHOSEN) == found.count("$$") // 2
    for tab, number, words in sheet.CHOSEN:
        _, heading = sheet.formula((FOLDERS[tab] / "maths.md").read_text(encoding="utf-8"), number)
        assert f"[{words}](?tab={tab}#{tab}-{slug(heading)})" in found
    assert re.findall(r"^\*\*(.+)\*\*$", found, re.MULTILINE)[0] == "Foundations"


def test_a_number_beyond_the_formulas_of_a_text_is_an_error():
    with pytest.raises(IndexError):
        sheet.formula((FOLDERS["vae"] / "maths.md").read_text(encoding="utf-8"), 99)
