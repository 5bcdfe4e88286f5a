"""Glossary terms, explained where a text first uses them, on hover and on focus."""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TypedDict

from explorer.lessons.course import COURSES

GLOSSARY = COURSES.parent / "glossary.md"
TERM = re.compile(r"- \*\*(?P<title>.+?)\*\*(?: \((?P<long>.+?)\))?: (?P<words>.+?) \[Where\]\((?P<at>\?.+?)\)")
UNTOUCHED = r"\$\$.*?\$\$|\$[^$\n]+\$|`+[^`]+`+|\[[^\]]*\]\([^)]*\)|<a\b.*?</a>|<[^>]+>|^#[^\n]*|^(?: {4}|\t)[^\n]*"
"""Formulas, code, links, tags and headings."""
OTHERWISE = ("Rate", "Score")
"""Names that a text also uses in other senses: a learning rate, the score of a critic."""


class Term(TypedDict):
    """A term: its title, its long name if any, its explanation, and the address that shows it."""

    title: str
    long: str | None
    words: str
    at: str


@cache
def terms() -> list[Term]:
    """Return the terms in the glossary's order."""
    found = TERM.finditer(GLOSSARY.read_text(encoding="utf-8"))
    return [Term(title=each["title"], long=each["long"], words=each["words"], at=each["at"]) for each in found]


def names(term: Term) -> list[str]:
    """Return the names of a term in a text: its title without its symbol, and its long name."""
    called = (term["title"].partition(",")[0], term["long"])
    return [name for name in called if name and name not in OTHERWISE]


def words(term: Term) -> str:
    """Return the explanation of a term."""
    return f"{term['long']}: {term['words']}" if term["long"] else term["words"]


@cache
def _known() -> tuple[re.Pattern, dict[str, Term]]:
    """Return the pattern that finds the terms in a text, and the terms by their names in lower case."""
    known = {name: term for term in terms() for name in names(term)}
    either = "|".join(map(_either_case, sorted(known, key=len, reverse=True)))
    word = rf"(?<![\w-])(?P<name>{either})s?(?![\w-])"
    return re.compile(f"{UNTOUCHED}|{word}", re.DOTALL | re.MULTILINE), {name.lower(): known[name] for name in known}


def _either_case(name: str) -> str:
    """Return the pattern of a name; the first letter may have either case unless the name is an abbreviation."""
    if name[1:2].isupper():
        return re.escape(name)
    return f"[{name[0].upper()}{name[0].lower()}]{re.escape(name[1:])}"


def explain(texts: Iterable[str]) -> list[str]:
    """Return the texts with each term explained where the first of them uses it."""
    pattern, known = _known()
    titles: set[str] = set()

    def tell(found: re.Match) -> str:
        term = known.get((found["name"] or "").lower())
        if term is None or term["title"] in titles:
            return found[0]
        titles.add(term["title"])
        return f'<span class="term" role="note" tabindex="0" title="{escape(words(term))}">{found[0]}</span>'

    return [pattern.sub(tell, text) for text in texts]
