"""Captions of composed scenes: words, grammar, and token ids.

    caption = phrase [relation phrase [the same relation phrase]] "on" ground
    phrase  = ("a" | "an" | "two" | "three") [colour] object

An object without a colour has its own colours. The objects of a caption differ. A relation is one word of the grammar,
though it may be typed as two: “left of”. A prompt need not be a caption. Any known words, at most 13, have token ids.
"""

import difflib
import re
from dataclasses import dataclass

PLURALS = {
    name: f"{name}s"
    for name in (
        *("cat", "dog", "bird", "tree", "flower", "house", "car", "boat", "apple", "banana", "ball", "star", "heart"),
        *("moon", "umbrella", "cup", "book", "key", "bell", "hat", "crown", "mushroom", "cake", "clock", "rocket"),
        *("snail", "turtle", "rabbit", "robot", "ghost", "shoe"),
    )
} | {"fish": "fish"}
OBJECTS = tuple(PLURALS)
COLOUR_WORDS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
GROUNDS = ("white", "grey", "black", "sky", "grass", "sand")
RELATIONS = ("left of", "right of", "above", "below")
REVERSED = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
COUNTS = {"a": 1, "an": 1, "two": 2, "three": 3}
PAD, ANYTHING = "", "anything"  # the second stands alone for a caption that is not given
WORDS = tuple(
    dict.fromkeys((PAD, ANYTHING, *COUNTS, *RELATIONS, "on", *COLOUR_WORDS, *GROUNDS, *OBJECTS, *PLURALS.values()))
)
TOKENS = {word: index for index, word in enumerate(WORDS)}
PROMPT_LONGEST = 200  # letters
CAPTION_LENGTH = 13  # words of the longest caption
MOST_PHRASES = 3
OFFERED = 3  # known words offered for an unknown one
ODD = re.compile(r"[^\w\s.,;:!?'’“”\"-]|[\d_]")
SHOWN_SIGNS = 5  # odd signs that a sentence names
SINGULAR = {plural: name for name, plural in PLURALS.items()}


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: an object, a colour or None for its own, and a count from 1 to 3."""

    object: str
    colour: str | None = None
    count: int = 1

    @property
    def words(self) -> list[str]:
        """Words of the phrase: “a red cat”, “two cats”, “an apple”."""
        noun = self.object if self.count == 1 else PLURALS[self.object]
        named = [self.colour, noun] if self.colour else [noun]
        article = "an" if named[0][0] in "aeiou" else "a"
        return [article if self.count == 1 else ("two", "three")[self.count - 2], *named]


@dataclass(frozen=True)
class Caption:
    """One to three phrases, the relation of each to the next, and a ground.

    Raises:
        ValueError: if the grammar has no such caption.
    """

    phrases: tuple[Phrase, ...]
    relation: str | None
    ground: str

    def __post_init__(self):
        names = [phrase.object for phrase in self.phrases]
        if not 1 <= len(names) <= MOST_PHRASES or len(set(names)) < len(names):
            raise ValueError(f"a caption has from 1 to {MOST_PHRASES} different objects, not {', '.join(names)}")
        if (self.relation is None) != (len(names) == 1):
            raise ValueError("two or three objects have a relation, and one has none")

    @property
    def words(self) -> list[str]:
        """Words of the caption; a relation is one word."""
        first, *others = self.phrases
        related = [word for other in others for word in (self.relation or "", *other.words)]
        return [*first.words, *related, "on", self.ground]

    @property
    def tokens(self) -> list[int]:
        """Token ids, filled up to 13 with 0."""
        return tokens_of(self.words)

    @property
    def in_order(self) -> tuple[Phrase, ...]:
        """Phrases from the left or from the top, as they stand in the scene."""
        return self.phrases[::-1] if self.relation in ("right of", "below") else self.phrases

    def __str__(self) -> str:
        return " ".join(self.words)


class UnknownWords(ValueError):
    """Words that no network has learned, each with the nearest known ones in spelling."""

    def __init__(self, unknown: dict[str, list[str]]):
        self.unknown = unknown
        named = (f"“{word:.20}” (nearest: {', '.join(near)})" for word, near in unknown.items())
        super().__init__(f"unknown: {'; '.join(named)}")


def split_words(text: str) -> list[str]:
    """Split a prompt into known words.

    Raises:
        UnknownWords: if it has others.
        ValueError: if it has more than 13 words.
    """
    joined = re.sub(r"\b(left|right) of\b", r"\1_of", text.lower())
    words = [word.replace("_", " ") for word in re.findall(r"[^\W\d]+", joined)]
    unknown = {word: nearest(word) for word in words if word not in TOKENS or word == ANYTHING}
    if unknown:
        raise UnknownWords(unknown)
    if len(words) > CAPTION_LENGTH:
        raise ValueError(f"a prompt has at most {CAPTION_LENGTH} words, this one has {len(words)}")
    return words


def prompt_words(text: str) -> list[str]:
    """Return the words of a prompt; none of an empty one.

    Raises:
        UnknownWords: if a word is unknown; the message names it, with the nearest known ones.
        ValueError: if the prompt has signs that are no letters, or too many words.
    """
    if odd := [*dict.fromkeys(ODD.findall(text))]:
        named = ", ".join(f"“{each}”" if each.isprintable() else f"U+{ord(each):04X}" for each in odd[:SHOWN_SIGNS])
        raise ValueError(f"a prompt has words alone: write numbers as “two” or “three”, and leave out {named}")
    return split_words(text)


def nearest(word: str) -> list[str]:
    """Return the known words whose spelling is most similar, most similar first."""
    return difflib.get_close_matches(word, WORDS[2:], n=OFFERED, cutoff=0.0)


def tokens_of(words: list[str]) -> list[int]:
    """Return the token ids of known words, filled up to 13 with 0; no words stand for any caption."""
    found = [TOKENS[word] for word in words or [ANYTHING]]
    return found + [0] * (CAPTION_LENGTH - len(found))


def words_of(tokens: list[int]) -> list[str]:
    """Return the words of token ids, without the filling."""
    return [WORDS[token] for token in tokens if token]


def parse(text: str) -> Caption:
    """Parse a caption.

    Raises:
        ValueError: if a word is unknown, or the words follow no rule of the grammar; the message says where.
    """
    return parse_words(split_words(text))


def parse_words(words: list[str]) -> Caption:
    """Parse the words of a caption.

    Raises:
        ValueError: if they follow no rule of the grammar.
    """
    if len(words) < 2 or words[-2] != "on" or words[-1] not in GROUNDS:
        raise ValueError(f"a caption ends with “on” and one of {', '.join(GROUNDS)}")
    rest, phrases, relations = words[:-2], [], []
    while True:
        phrase, rest = _parse_phrase(rest)
        phrases.append(phrase)
        if not rest:
            break
        if rest[0] not in RELATIONS or relations and rest[0] != relations[0]:
            raise ValueError(f"before “{rest[0]}”, a caption needs one of {', '.join(RELATIONS)}, the same each time")
        relations.append(rest[0])
        rest = rest[1:]
    return Caption(tuple(phrases), relations[0] if relations else None, words[-1])


def _parse_phrase(words: list[str]) -> tuple[Phrase, list[str]]:
    """Parse the phrase that words begin with; return it and the other words."""
    if not words or words[0] not in COUNTS:
        raise ValueError(f"a phrase begins with one of {', '.join(COUNTS)}, not “{words[0] if words else ''}”")
    count, *rest = words
    colour = rest.pop(0) if rest and rest[0] in COLOUR_WORDS else None
    names = OBJECTS if COUNTS[count] == 1 else SINGULAR
    if not rest or rest[0] not in names:
        raise ValueError(f"after “{' '.join(filter(None, (count, colour)))}”, a phrase needs an object")
    name = rest.pop(0)
    return Phrase(SINGULAR.get(name, name), colour, COUNTS[count]), rest
