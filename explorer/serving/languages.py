"""Languages of the page: `explorer/languages/CODE.json` holds one, and the page carries its words.

The file has a `title`, the language's name for itself, and `words`: each English text of the page with its translation.
In a key, `{#}` stands for a number and `{*}` for any text, which is looked up in its turn. A translation has the same
parts, with their positions if their order changes: `{#2}`. See `language.js`, which looks texts up.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
    """

    title: str
    words: Mapping[str, str]


@cache
def languages() -> dict[str, Language]:
    """Return the languages by code, English first."""
    found = {path.stem: Language(**json.loads(path.read_bytes())) for path in sorted(FOLDER.glob("*.json"))}
    return {ENGLISH: Language("English", {})} | found


def script(code: str) -> str:
    """Return the script that gives the page its words, and the titles of all languages."""
    titles = json.dumps({each: found.title for each, found in languages().items()}, ensure_ascii=False)
    words = json.dumps(languages()[code].words, ensure_ascii=False).replace("</", "<\\/") if code != ENGLISH else "null"
    names = {"explorerLanguages": titles, "explorerLanguage": json.dumps(code), "explorerWords": words}
    return "".join(f"globalThis.{name} = {value};\n" for name, value in names.items())
