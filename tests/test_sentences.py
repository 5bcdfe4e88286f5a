"""Texts are read by students in their second language: hardly a sentence has more than 25 words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONG = 25
MOST_LONG = 0.05
APART = re.compile(r"```.*?```|\$\$.*?\$\$", re.DOTALL)
"""Code and formulas of their own."""
SHORTER = [
    (r"`[^`]*`|\$[^$]*\$|\{\{[^}]*\}\}", "x"),
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"^\s*([-*>?!~#]+|\d+\.) ", ""),
]
"""One word, and the signs before a line."""
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*>?!~#]|\d+\.) )|\n---")
END = re.compile(r"(?<=[.!?])[\"”)*]*\s+(?=[A-Z“*\"(])")
KEY = re.compile(r"\||\w+:")
"""Start of a row of a table or of a line of settings."""


def texts() -> list[str]:
    """Read all Markdown of the repository but other authors' licences."""
    rooms = ["", "docs/", "explorer/**/", "pretrained/**/"]
    paths = {path for room in rooms for path in ROOT.glob(f"{room}*.md") if "vendor" not in path.parts}
    return [path.read_text(encoding="utf-8") for path in sorted(paths)]


def lengths(text: str) -> Iterator[int]:
    """Count the words of each sentence."""
    for block in BLOCK.split(APART.sub("\n\n", text)):
        if KEY.match(block.strip()):
            continue
        for pattern, plain in SHORTER:
            block = re.sub(pattern, plain, block.strip())
        yield from (len(re.findall(r"\S*\w\S*", sentence)) for sentence in END.split(block) if sentence.strip())


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("One thought. One `a b c` more!", [2, 3]),
        ("- a list\n- of two\n\n| a | table |", [2, 2]),
        ("Line one\ngoes on [to a page](there.md).", [7]),
        ("title: Tokens\n\n? What is $x + y$?", [3]),
    ],
)
def test_words_are_counted_sentence_by_sentence(text: str, counts: list[int]):
    assert list(lengths(text)) == counts


def test_hardly_a_sentence_is_long():
    counts = [count for text in texts() for count in lengths(text)]
    assert len(counts) > 1_000
    assert sum(count > LONG for count in counts) <= MOST_LONG * len(counts)
