"""Texts of a visitor's own: what is accepted, and the examples of the page.

A text has 2 to 200 kB in UTF-8, at least 600 characters, and from 2 to 5,000 different ones. Line breaks are made
alike, and control characters are left out. A file with more of them than 1 in 200 is no text.
"""

import json
import random
import string
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import explorer
from explorer.data.images import DataError
from explorer.spaces.alphabet import MOST_DIFFERENT

FEWEST_BYTES, MOST_TEXT = 2_000, 200_000
FEWEST_CHARACTERS = 600
CONTROLS = 1 / 200  # share of control characters from which a file is no text
EXAMPLE_BYTES, RANDOM_CHARACTERS = 50_000, 20_000
UNTEXT = "This is no text: it holds bytes that no text has. Open a text file in UTF-8."
MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
HOME = Path(explorer.__file__).parent


def accept_text(raw: bytes) -> str:
    """Return the text in these bytes, with line breaks alike and without control characters.

    Raises:
        DataError: if it is no text, too short, too long, or has too few or too many different characters.
    """
    text = _plain(_decoded(raw))
    size = len(text.encode())
    if size < FEWEST_BYTES:
        raise DataError(f"This text has {size:,} bytes. At least {FEWEST_BYTES:,} are needed, about a page")
    if size > MOST_TEXT:
        raise DataError(f"This text has {size:,} bytes. At most {MOST_TEXT:,} are taken: choose a part of it")
    if len(text) < FEWEST_CHARACTERS:
        raise DataError(f"This text has {len(text):,} characters, and at least {FEWEST_CHARACTERS:,} are needed")
    different = len(set(text))
    if different < 2:
        raise DataError("This text repeats one character. There is nothing to predict")
    if different > MOST_DIFFERENT:
        raise DataError(f"This text has {different:,} different characters. At most {MOST_DIFFERENT:,} are taken")
    return text


def _decoded(raw: bytes) -> str:
    mark = next((mark for mark in MARKS if raw.startswith(mark)), b"")
    if not mark and b"\0" in raw:
        raise DataError(UNTEXT.rstrip("."))
    try:
        return raw[len(mark) :].decode(MARKS.get(mark, "utf-8"))
    except UnicodeDecodeError:
        raise DataError(UNTEXT.rstrip(".")) from None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))
    kept = "".join(each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cs"))
    if len(text) - len(kept) > CONTROLS * len(text):
        raise DataError(UNTEXT.rstrip("."))
    return kept


def _files(*patterns: str) -> str:
    found = [path for pattern in patterns for path in sorted(HOME.glob(pattern))]
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def _english() -> str:
    return _files("lessons/glossary.md", "tabs/*/tour.md")


def _code() -> str:
    return _files("models/*.py")


def _german() -> str:
    words = json.loads((HOME / "languages" / "de.json").read_text(encoding="utf-8"))
    return "\n".join(_texts(words))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _random() -> str:
    letters = random.Random(7)
    return "".join(letters.choice(string.ascii_lowercase) for _ in range(RANDOM_CHARACTERS))


EXAMPLES: dict[str, Callable[[], str]] = {"english": _english, "code": _code, "german": _german, "random": _random}
"""Texts that come with the app, by name: its own lessons, its own code, its German words, and letters at random."""


@cache
def example(name: str) -> str:
    """Return an example, cut at `EXAMPLE_BYTES`."""
    raw = EXAMPLES[name]().encode()[:EXAMPLE_BYTES]
    return accept_text(raw.decode("utf-8", "ignore").encode())
