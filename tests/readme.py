"""Table of the tabs in the README: `python -m tests.readme` writes it anew from what the tabs declare."""

from pathlib import Path

from explorer.tabs.interface import TABS
from explorer.tabs.kit.layout.tab import Tab

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- tabs: python -m tests.readme -->\n", "<!-- end of the tabs -->\n"
COLUMNS = 4
SIZE = (400, 320)
"""Of a tab's small picture, in pixels."""


def picture(tab: Tab) -> Path:
    """Return where a tab's small picture lies."""
    return ROOT / "docs" / "tabs" / f"{tab.name}.webp"


def cell(tab: Tab) -> str:
    """Return a tab's picture, its title and its question."""
    return f"![{tab.title}]({picture(tab).relative_to(ROOT).as_posix()})<br>**{tab.title}**<br>{tab.question}"


def table() -> str:
    """Return the table of all tabs in their order, several in a row."""
    cells = [cell(tab) for tab in TABS]
    rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
    head = f"|{' |' * COLUMNS}\n|{' :-- |' * COLUMNS}\n"
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Write the table between its two marks."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    README.write_text(before + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
