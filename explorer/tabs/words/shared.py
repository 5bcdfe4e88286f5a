"""Shared by several modes of words: what a prompt may be, what the judge reads, and which words can be pressed."""

from collections.abc import Sequence
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
    tokens_of,
)
from explorer.data.captions import PROMPT_LONGEST as PROMPT_LONGEST
from explorer.data.captions import prompt_words as prompt_words
from explorer.data.held_out import GRADES, grade
from explorer.data.scenes import GROUND_LEVELS
from explorer.fields import Field, Real, Text, Whole
from explorer.measures.words import SCENE_JUDGE
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.answer import Figure
from explorer.numbers.rows import join_words
from explorer.tabs.kit.ask.readings import Reading as Reading
from explorer.tabs.kit.ask.readings import caption_of as caption_of
from explorer.tabs.kit.ask.readings import described as described
from explorer.tabs.kit.ask.readings import read_back as read_back
from explorer.tabs.words.networks import DRAWER

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
STANDS_OUT = 40 / 255  # difference of a channel from the ground, above which a pixel belongs to an object
Area = tuple[slice, slice]
"""Rows and columns of a part of a picture."""
FEW = {1: "one", 2: "two", 3: "three", 4: "four"}


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
