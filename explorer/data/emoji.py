"""Emoji of 24×24 pixels on white, each with its Unicode name: training pictures, and others held out.

The glyphs are those of Noto Color Emoji, © Google, under the SIL Open Font License 1.1. `python -m explorer.emoji`
rendered them to the sheet that ships with the app, and wrote which characters they are. A name is that of Unicode: the
names of a sequence's characters, one after another, without the invisible ones that join them.

Variants of one glyph, such as skin tones, are all in the training pictures or all held out. The held-out glyphs have
three parts: references and calibration, which are the split "held-out", and the split "test".
"""

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from explorer.data.images import BUNDLED, DataError, Split
from explorer.data.packed import shipped
from explorer.spaces import GLYPH, Space

EMOJI_SHEET, EMOJI_LIST = BUNDLED / "emoji.png", BUNDLED / "emoji.json"
EMOJI_SIDE, EMOJI_COLUMNS = 24, 48  # pixels of a glyph, and glyphs in a row of the sheet
EMOJI_TRAINING, EMOJI_REFERENCES, EMOJI_CALIBRATION = 1_600, 200, 200  # the rest is the test split
EMOJI_NAME_LENGTH = 14  # most words of a name
JOINS = {"\u200d", "\ufe0f"}
"""Invisible characters of a sequence: one joins, one asks for a picture."""
UNKNOWN_WORD = 0


def emoji_name(characters: str) -> str:
    """Return the Unicode name of an emoji in lower case; of a sequence, the names of its visible characters."""
    return " ".join(unicodedata.name(each).lower() for each in characters if each not in JOINS)


@cache
def emoji_list() -> list[str]:
    """Return the characters of every emoji on the sheet, in its order: training, references, calibration, test."""
    try:
        return json.loads(EMOJI_LIST.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{EMOJI_LIST.name} is missing or damaged ({error}): restore it") from error


@cache
def emoji_words() -> dict[str, int]:
    """Return the index of every word in the names of training emoji, from 1 on; 0 stands for any other word."""
    words = {word for each in emoji_list()[:EMOJI_TRAINING] for word in emoji_name(each).split()}
    return {word: index for index, word in enumerate(sorted(words), 1)}


def name_tokens(name: str) -> list[int]:
    """Return the indices of a name's words, filled with 0; a word that training lacks is 0, too."""
    known = [emoji_words().get(word, UNKNOWN_WORD) for word in name.split()[:EMOJI_NAME_LENGTH]]
    return known + [UNKNOWN_WORD] * (EMOJI_NAME_LENGTH - len(known))


@cache
def emoji_images() -> Tensor:
    """Return every emoji on the sheet as bytes: (M, 3, 24, 24)."""
    try:
        sheet = np.asarray(Image.open(shipped(EMOJI_SHEET.name)).convert("RGB"))
    except OSError as error:
        raise DataError(f"{EMOJI_SHEET.name} is missing or damaged ({error}): restore it") from error
    cells = sheet.reshape(-1, EMOJI_SIDE, EMOJI_COLUMNS, EMOJI_SIDE, 3).transpose(0, 2, 4, 1, 3)
    return torch.from_numpy(cells.reshape(-1, 3, EMOJI_SIDE, EMOJI_SIDE)[: len(emoji_list())].copy())


@dataclass(frozen=True)
class EmojiSet:
    """The data set of emoji with their names."""

    name: str
    title: str
    space: Space = GLYPH

    def load(self, split: str, folder: str | Path | None = None) -> Split:
        """Return a split from the bundled sheet: images (N, 3, 24, 24) as bytes, tokens of their names (N, 14).

        "train" has 1,600 emoji in an order such that the first 16, 50, 160 and 500 are subsets, "held-out" 400 others,
        and "test" the rest.
        """
        held = EMOJI_TRAINING + EMOJI_REFERENCES + EMOJI_CALIBRATION
        part = {
            "train": slice(0, EMOJI_TRAINING),
            "held-out": slice(EMOJI_TRAINING, held),
            "test": slice(held, None),
        }[split]
        tokens = [name_tokens(emoji_name(each)) for each in emoji_list()[part]]
        return Split(emoji_images()[part], torch.tensor(tokens))


EMOJI = EmojiSet("emoji", "emoji")
