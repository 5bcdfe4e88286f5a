"""Sections "At scale": a short paragraph with its papers, and sizes whose bars are on a log scale."""

import re

import pytest

from explorer.lessons import scale
from explorer.tabs.interface import TABS

FILES = {tab.name: tab.folder / "scale.md" for tab in TABS if (tab.folder / "scale.md").exists()}
LONGEST = 25


def test_every_tab_of_a_family_has_one():
    assert FILES.keys() == {tab.name for tab in TABS} - {"start", "playground", "foundations", "compare", "lab"}


@pytest.mark.parametrize("name", FILES)
def test_its_paragraph_is_short_and_its_numbers_have_sources(name: str):
    text, systems = scale.read(FILES[name])
    assert 60 <= len(text.split()) <= 120
    sentences = re.sub(r" ?\([^()]*\d{4}[^()]*\)", "", text)
    assert not [each for each in re.split(r"(?<=[.:;]) ", sentences) if len(each.split()) > LONGEST]
    assert re.search(r"\(.*\d{4}\)", text)
    assert systems[0].here and len(systems) > 1
    assert all(system.here != bool(system.source) for system in systems)


@pytest.mark.parametrize(
    ("size", "words"),
    [(474_177, "474,000"), (1_192_993, "1.19 million"), (26_200_000, "26.2 million"), (175 * 10**9, "175 billion")],
)
def test_a_size_has_three_digits(size: int, words: str):
    assert scale.brief(size) == words


def test_bars_are_on_a_log_scale_and_have_their_size_as_text():
    systems = [scale.System("Ours", 10**5, "", True), scale.System("A & B", 10**9, "X et al. 2020", False)]
    assert scale.shares(systems) == pytest.approx([1 / 3, 1])
    found = scale.bars(systems)
    assert "<strong>1 billion</strong>" in found and "A &amp; B" in found and found.count('aria-hidden="true"') == 2
    assert 'class="here"' in found.split("A &amp; B")[0]


def test_a_network_that_is_missing_is_left_out(tmp_path):
    path = tmp_path / "scale.md"
    rows = "| Ours | no-such-net | |\n| GPT-3 | 175,000,000,000 | Brown et al. 2020 |\n"
    path.write_text(f"A text.\n\n| system | parameters | source |\n| --- | --- | --- |\n{rows}", encoding="utf-8")
    text, systems = scale.read(path)
    assert text == "A text." and [system.name for system in systems] == ["GPT-3"]
