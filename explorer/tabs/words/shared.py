"""Shared by several modes of words: what a prompt may be, what the judge reads, and which words can be pressed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.data.captions import (
    ANYTHING,
    CAPTION_LENGTH,
    COLOUR_WORDS,
    GROUNDS,
    OBJECTS,
    PLURALS,
    RELATIONS,
    WORDS,
    Caption,
    Phrase,
    parse_words,
    split_words,
    tokens_of,
)
from explorer.data.held_out import GRADES, grade
from explorer.data.scenes import GROUND_LEVELS
from explorer.fields import Field, Real, Text, Whole
from explorer.measures.scene_judge import ATTRIBUTES, right
from explorer.measures.words import SCENE_JUDGE
from explorer.models.scene_judge import ABSENT, LAYOUTS, SceneJudge, answers_of
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.answer import Figure
from explorer.numbers.rows import join_words
from explorer.running.device import device_of
from explorer.tabs.words.networks import DRAWER

PROMPT_LONGEST = 200
PROMPT = Field("prompt", Text(PROMPT_LONGEST), "a yellow cat left of a blue car on grass", "the prompt")
NEGATIVE = Field("without", Text(PROMPT_LONGEST), "", "the negative words")
WORDS_GUIDANCE = Field("guidance", Real(0, 10), 4, "the guidance", "0 ignores the words, 1 is none, more exaggerates")
SHOWN_SCENES = 200  # of the test split
EXAMPLE = Field("example", Whole(0, SHOWN_SCENES - 1), 33, "the test scene")
EULER = Field("steps", Whole(1, 50), 20, "the number of steps")
Prompt = Annotated[str, PROMPT]
Negative = Annotated[str, NEGATIVE]
Guidance = Annotated[float, WORDS_GUIDANCE]
Euler = Annotated[int, EULER]
Example = Annotated[int, EXAMPLE]
CEILING = Figure("the judge on real scenes: all right", unit="%", digits=1)
PRESSED = {
    "Counts": ["a", "two", "three"],
    "Colours": [*COLOUR_WORDS],
    "Objects": [*OBJECTS],
    "Relations": [*RELATIONS],
    "Grounds": [*GROUNDS],
}
"""Words that can be pressed, by group."""
ODD = re.compile(r"[^\w\s.,;:!?'’“”\"-]|[\d_]")
STANDS_OUT = 40 / 255  # difference of a channel from the ground, above which a pixel belongs to an object
Area = tuple[slice, slice]
"""Rows and columns of a part of a picture."""
SHOWN_SIGNS = 5  # odd signs that a sentence names
FEW = {1: "one", 2: "two", 3: "three", 4: "four"}


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


def caption_of(words: Sequence[str]) -> Caption | None:
    """Return the caption that words are; None if they follow no rule of the grammar."""
    try:
        return parse_words([*words])
    except ValueError:
        return None


def tokens_for(words: Sequence[str], n: int) -> Tensor:
    """Return the token ids of words for n scenes: (n, 13)."""
    return torch.tensor(tokens_of([*words])).expand(n, -1)


def negative_tokens(text: str) -> Tensor | None:
    """Return the token ids of negative words (13,); None without any.

    Raises:
        ValueError: as `prompt_words`.
    """
    words = prompt_words(text)
    return torch.tensor(tokens_of(words)) if words else None


def drawer() -> WordsDiffusion:
    """Return the network that draws."""
    model = checkpoints.load(DRAWER)
    assert isinstance(model, WordsDiffusion)
    return model


def vocabulary() -> dict[str, Any]:
    """Return the words that can be pressed, all known ones, the plurals, and how long a prompt may be."""
    known = [word for word in WORDS[1:] if word != ANYTHING]
    return {"groups": PRESSED, "known": known, "plurals": PLURALS, "words": CAPTION_LENGTH, "letters": PROMPT_LONGEST}


@dataclass(frozen=True)
class Reading:
    """What the judge reads of one picture.

    Arguments:
        words: Caption in words.
        wrong: Attributes that differ from what was asked for; None if the prompt is no caption.
    """

    words: str
    wrong: Sequence[str] | None

    @property
    def is_right(self) -> bool:
        """Whether all that was asked for is there."""
        return self.wrong is not None and not self.wrong

    @property
    def verdict(self) -> str:
        """What is right or wrong, as a sentence."""
        if self.wrong is None:
            return "The prompt is no whole caption, so nothing tells what is right."
        return f"Wrong: {join_words(self.wrong)}." if self.wrong else "All of it was asked for."


@torch.no_grad()
def read_back(x: Tensor, words: Sequence[str]) -> list[Reading]:
    """Have the judge read scenes (n, 3, 48, 48), and compare with the words of their prompt."""
    judge = checkpoints.load(SCENE_JUDGE)
    assert isinstance(judge, SceneJudge)
    found = judge.read(x.to(device_of(judge))).cpu()
    caption = caption_of(words)
    if caption is None:
        return [Reading(described(each), None) for each in found.tolist()]
    same = right(found, torch.tensor(answers_of(caption)).expand_as(found))
    return [
        Reading(described(each), [name for name in ATTRIBUTES if not same[name][place]])
        for place, each in enumerate(found.tolist())
    ]


def described(answers: Sequence[int]) -> str:
    """Return the judge's answers as a caption; it may name one object twice, which no caption does."""
    layout, ground, *rest = answers
    relation = "above" if LAYOUTS[layout].endswith("column") else "left of"
    phrases = [
        " ".join(Phrase(OBJECTS[name], COLOUR_WORDS[colour - 1] if colour else None, count + 1).words)
        for name, colour, count in zip(rest[::3], rest[1::3], rest[2::3])
        if name != ABSENT
    ]
    return f"{f' {relation} '.join(phrases)} on {GROUNDS[ground]}"


def stands_out(x: Tensor, ground: str) -> Tensor:
    """Return which pixels of scenes differ from their ground: (…, 3, 48, 48) to (…, 48, 48)."""
    level = torch.tensor(GROUND_LEVELS[ground], device=x.device).view(3, 1, 1) / 255
    return ((x - level).abs() > STANDS_OUT).any(-3)


@cache
def ceiling(phrases: int) -> float | None:
    """Return in how many per cent of real scenes with so many phrases the judge is right in all; None if unmeasured."""
    try:
        return 100 * find(cards.of(SCENE_JUDGE), "all", captions="seen", phrases=min(phrases, 2))["value"]
    except (KeyError, LookupError, ValueError):
        return None


def seen_words(caption: Caption | None) -> str:
    """Return whether training draws such a caption, as a sentence; nothing if it is no caption."""
    if caption is None:
        return ""
    held = [GRADES[letter] for letter in sorted(grade(caption))]
    return f"Training never had this prompt: {join_words(held)}." if held else "Training draws such prompts."


def count_words(hits: int, n: int) -> str:
    """Return how many of n pictures show what was asked, as a sentence without figures."""
    if hits == n:
        return f"All {FEW[n]} pictures show what was asked."
    verb = "shows" if hits == 1 else "show"
    return f"{FEW[hits].title() if hits else 'None'} of {FEW[n]} pictures {verb} what was asked."
