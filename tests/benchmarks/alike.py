"""Pairs of places in explorer/ that share six or more lines: `python -m tests.benchmarks.alike`.

Lines are compared without their indentation and with every text in quotes taken as the same. Imports, docstrings,
comments, lines of mere texts and lines of mere brackets do not count.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

LINES = 6
ROOT = Path(__file__).parents[2] / "explorer"
COMMENTS = {
    ".py": re.compile(r'^[ ]*r?""".*?"""|(?<!\S)#[^\n]*|^(from|import) [^(\n]*(\([^)]*\))?', re.DOTALL | re.MULTILINE),
    ".js": re.compile(r"/\*.*?\*/|^\s*//[^\n]*|^import .*?;$", re.DOTALL | re.MULTILINE),
}
TEXTS = re.compile(r'"[^"\n]*"')
EMPTY = re.compile(r'[\s()\[\]{},;:"0-9.]*')

Line = tuple[int, str]
Place = tuple[Path, int, int]


def lines(path: Path) -> list[Line]:
    """The lines of a file that count, each with its number."""
    source = path.read_text(encoding="utf-8")
    blanked = COMMENTS[path.suffix].sub(lambda found: "\n" * found[0].count("\n"), source)
    result = ((number, TEXTS.sub('""', line).strip()) for number, line in enumerate(blanked.splitlines(), start=1))
    return [(number, line) for number, line in result if not EMPTY.fullmatch(line)]


def pairs() -> Iterator[tuple[Place, Place, int]]:
    """Pairs of places that are alike, each with how many lines it has."""
    files = {path: lines(path) for suffix in COMMENTS for path in sorted(ROOT.rglob(f"*{suffix}"))}
    windows = defaultdict(list)
    for path, found in files.items():
        for start in range(len(found) - LINES + 1):
            windows[tuple(line for _, line in found[start : start + LINES])].append((path, start))
    alike = defaultdict(list)
    for places in windows.values():
        for (one, i), (other, j) in combinations(places, 2):
            if one != other or abs(i - j) >= LINES:
                alike[one, other, j - i].append((i, j))
    for (one, other, _), starts in sorted(alike.items()):
        (i, j), length = min(starts), max(starts)[0] - min(starts)[0] + LINES
        ends = [(path, files[path][k][0], files[path][k + length - 1][0]) for path, k in ((one, i), (other, j))]
        yield *ends, length


if __name__ == "__main__":
    count = 0
    for one, other, length in pairs():
        names = (f"{path.relative_to(ROOT)}:{first}–{last}" for path, first, last in (one, other))
        print(" and ".join(names), f"({length} lines)")
        count += 1
    print(f"{count} pairs")
