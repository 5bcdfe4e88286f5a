"""Languages of the page: `explorer/languages/CODE.json` holds one, and the page carries its words.

A language is offered where the page is whole in it: `covers` names these tabs, each with the modes that are not. All
else is English, also at an address that names the language.

The file has a `title`, the language's name for itself, `about`, what it covers in its own words, and `words`: each
English text of the page with its translation. In a key, `{#}` stands for a number and `{*}` for any text, which is
looked up in its turn. A translation has the same parts, with their positions if their order changes: `{#2}`. See
`language.js`, which looks texts up.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "languages"
ENGLISH, KEY = "en", "__lang"
"""Code of the texts' own language, and the key of an address that names another."""


@dataclass(frozen=True)
class Language:
    """A language of the page.

    Arguments:
        title: The language's name for itself.
        words: Translations by English text.
        about: What it covers, in its own words.
        covers: Tabs that are whole in it, each with its modes that are not.
    """

    title: str
    words: Mapping[str, str]
    about: str = ""
    covers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def has(self, tab: str, said: Mapping[str, str]) -> bool:
        """Return whether an address of a tab, with these values, is whole in this language.

        A course, and a story of several tabs, is not.
        """
        others = self.covers.get(tab)
        if others is None or said.get("mode") in others or "course" in said:
            return False
        return said.get("story", tab) in self.covers


@cache
def languages() -> dict[str, Language]:
    """Return the languages by code, English first."""
    found = {path.stem: Language(**json.loads(path.read_bytes())) for path in sorted(FOLDER.glob("*.json"))}
    return {ENGLISH: Language("English", {})} | found


def of_address(tab: str, said: Mapping[str, str]) -> str:
    """Return the language of an address of a tab: the one that it names, if that covers it."""
    named = languages().get(said.get(KEY, ENGLISH))
    return said[KEY] if named and KEY in said and named.has(tab, said) else ENGLISH


def script(code: str) -> str:
    """Return the script that gives the page its words, and what each language is called and covers."""
    offered = {each: asdict(found) | {"words": None} for each, found in languages().items()}
    titles = json.dumps(offered, ensure_ascii=False)
    words = json.dumps(languages()[code].words, ensure_ascii=False).replace("</", "<\\/") if code != ENGLISH else "null"
    names = {"explorerLanguages": titles, "explorerLanguage": json.dumps(code), "explorerWords": words}
    return "".join(f"globalThis.{name} = {value};\n" for name, value in names.items())
