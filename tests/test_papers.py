"""Each paper is cited by one year, whoever cites it: that of the table of papers."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (?P<names>[^|]+?) \| (?P<year>\d{4}) \| <?(?P<paper>[^|]+?)>? \|$", re.MULTILINE)
TABLE = [found.groupdict() for found in ROW.finditer((ROOT / "docs" / "papers.md").read_text(encoding="utf-8"))]
YEARS = {row["paper"]: row["year"] for row in TABLE}
CITED = {(row["names"], row["year"]) for row in TABLE}
NAMES = {names for names, _ in CITED}

SOURCES = [
    path
    for folder, ends in (("explorer", (".py", ".md", ".js")), ("docs", (".md",)), ("pretrained", (".md",)))
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in ends and "vendor" not in path.parts and path.name != "papers.md"
]
NAME = r"(?:van den )?[A-ZÖ][\wéèöüäíß’-]+"
YEAR = r"(?:19|20)\d\d"
BY_NAME = re.compile(rf"({NAME}(?: et al\.| & {NAME})),? \(?({YEAR})\b")
ALONE = re.compile(rf"[(\[]({NAME}),? \(?({YEAR})\b")
LINKED = re.compile(rf"\[([^\[\]]+)\]\((https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)?)\)(?:,? ({YEAR}))?")
LISTED = re.compile(rf"({YEAR})(?: [ab])?(?: \([^()]*\)|, [^,()]{{3,40}})*,\s(https?://[^\s),;\"]+)")


def text_of(path: Path) -> str:
    """A file with its lines joined, without what marks a comment, a quotation or a string that goes on."""
    text = re.sub(r"[ \t]*\n[ \t]*(?:>|#|\*|//|f?\")?[ \t]*", " ", path.read_text(encoding="utf-8"))
    return re.sub(r"\" [+f]?\s*\"", "", text)


def years_of_addresses(text: str) -> list[tuple[str, str]]:
    """Addresses of papers with the year beside them."""
    found = [(address, year) for year, address in LISTED.findall(text)]
    for words, address, after in LINKED.findall(text):
        if year := after or ([None] + re.findall(rf"\b{YEAR}\b(?!\.)", words))[-1]:
            found.append((address, year))
    return found


def test_the_table_has_each_paper_once():
    assert len(YEARS) == len(TABLE) > 100


def test_a_paper_is_cited_by_the_year_of_the_table():
    wrong = {}
    for path in SOURCES:
        text = text_of(path)
        others = [(address, year) for address, year in years_of_addresses(text) if YEARS.get(address, year) != year]
        cited = set(BY_NAME.findall(text)) | {each for each in ALONE.findall(text) if each[0] in NAMES}
        if others or cited - CITED:
            wrong[str(path.relative_to(ROOT))] = others, cited - CITED
    assert not wrong, "no row of docs/papers.md says so"


def test_what_is_looked_for_is_found():
    phrase = (
        "as (Burda et al. 2016); [Dinh et al. (2015)](https://arxiv.org/abs/1410.8516); [NICE](https://a.org/b), 2014"
    )
    assert BY_NAME.findall(phrase)[:2] == [("Burda et al.", "2016"), ("Dinh et al.", "2015")]
    assert years_of_addresses(phrase) == [("https://arxiv.org/abs/1410.8516", "2015"), ("https://a.org/b", "2014")]
    listed = "Kingma & Welling, Auto-Encoding Variational Bayes, 2013, https://arxiv.org/abs/1312.6114"
    assert years_of_addresses(listed) == [("https://arxiv.org/abs/1312.6114", "2013")]
    every = [pair for path in SOURCES for pair in years_of_addresses(text_of(path))]
    assert len([address for address, _ in every if address in YEARS]) > 150
