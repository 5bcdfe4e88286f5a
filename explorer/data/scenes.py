"""Composed colour pictures of 48×48 pixels with exact captions, made when they are needed.

One, two or three groups of glyphs stand on a plain ground. Two groups share the picture in halves, three in thirds,
side by side or one below another. Where a glyph stands in its cell, and its size, are random. Nothing is stored: scene
i of a split is drawn from the split's seed and i, so it is always the same.

`held_out.py` says which captions training never draws.
"""

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from explorer.data.captions import COLOUR_WORDS, GROUNDS, OBJECTS, RELATIONS, Caption, Phrase
from explorer.data.glyphs import GLYPH_SIZES, glyph
from explorer.data.held_out import grade
from explorer.data.images import Split
from explorer.spaces import COLOUR
from explorer.spaces.colour import COLOUR_SIDE
from explorer.spaces.space import Space

GROUND_LEVELS = {
    "white": (250, 250, 250),
    "grey": (150, 155, 160),
    "black": (25, 25, 30),
    "sky": (150, 205, 245),
    "grass": (165, 215, 140),
    "sand": (240, 222, 170),
}
COLOURED = 0.6  # share of phrases with a colour
SHARES_OF_COUNTS = (0.6, 0.25, 0.15)  # of one, two and three
LARGE_FROM, SMALL_TO, ROOM_FOR_LARGE = 20, 16, 22  # pixels of a glyph alone, of one of several, and of its cell
SCENE_COUNTS = {"train": 25_600, "held-out": 2_000, "test": 2_000, "any": 25_600}
SEED_STRIDE = 1_000_000_007  # between the seeds of splits
TRAINING_SEEDS = 1_000  # the first of the seeds of epochs
PHRASES = {"seen": (0.4, 0.6, 0.0), "any": (0.3, 0.5, 0.2)}  # shares of captions with one, two and three phrases


class Box(NamedTuple):
    """A rectangle in pixels: left, top, width and height."""

    x: int
    y: int
    width: int
    height: int


class Placed(NamedTuple):
    """A glyph in a scene: the index of its phrase, its size, and its box."""

    phrase: int
    size: int
    box: Box


@dataclass(frozen=True)
class Layout:
    """Places of all glyphs of a caption."""

    caption: Caption
    placed: tuple[Placed, ...]

    def draw(self) -> np.ndarray:
        """Draw the scene: (3, 48, 48) bytes."""
        image = np.empty((3, COLOUR_SIDE, COLOUR_SIDE), np.float32)
        image[:] = np.array(GROUND_LEVELS[self.caption.ground], np.float32)[:, None, None]
        for index, size, (x, y, width, height) in self.placed:
            phrase = self.caption.phrases[index]
            colour, behind = glyph(phrase.object, phrase.colour, size)
            part = image[:, y : y + height, x : x + width]
            part *= behind
            part += colour
        return (image + 0.5).clip(0, 255).astype(np.uint8)


def draw_caption(chance: random.Random, phrases: int) -> Caption:
    """Draw a caption with so many phrases, held out or not."""
    names = chance.sample(OBJECTS, phrases)
    drawn = tuple(
        Phrase(
            name,
            COLOUR_WORDS[below(chance, len(COLOUR_WORDS))] if chance.random() < COLOURED else None,
            1 + index_of(chance, SHARES_OF_COUNTS),
        )
        for name in names
    )
    relation = RELATIONS[below(chance, len(RELATIONS))] if phrases > 1 else None
    return Caption(drawn, relation, GROUNDS[below(chance, len(GROUNDS))])


def draw_graded(chance: random.Random, phrases: int, wanted: frozenset[str]) -> Caption:
    """Draw a caption of exactly these grades; of none, a caption that training may draw."""
    while grade(caption := draw_caption(chance, phrases)) != wanted:
        pass
    return caption


def lay_out(caption: Caption, chance: random.Random) -> Layout:
    """Choose the sizes and the places of all glyphs of a caption."""
    placed = []
    for index, region in enumerate(regions(caption)):
        count = caption.phrases[index].count
        cells = cells_of(region, count)
        room = min(min(cell.width, cell.height) for cell in cells)
        large = count == 1 and room >= ROOM_FOR_LARGE
        sizes = [size for size in GLYPH_SIZES if (size >= LARGE_FROM if large else size <= SMALL_TO) and size <= room]
        size = sizes[below(chance, len(sizes))]
        _, height, width = glyph(caption.phrases[index].object, caption.phrases[index].colour, size)[0].shape
        for cell in cells:
            x = cell.x + below(chance, cell.width - width + 1)
            y = cell.y + below(chance, cell.height - height + 1)
            placed.append(Placed(index, size, Box(x, y, width, height)))
    return Layout(caption, tuple(placed))


def regions(caption: Caption) -> list[Box]:
    """Return the part of the picture for each phrase: all of it, a half or a third."""
    count = len(caption.phrases)
    each = COLOUR_SIDE // count
    if caption.relation in ("left of", "right of"):
        found = [Box(each * place, 0, each, COLOUR_SIDE) for place in range(count)]
    else:
        found = [Box(0, each * place, COLOUR_SIDE, each) for place in range(count)]
    return found if caption.in_order == caption.phrases else found[::-1]


def cells_of(region: Box, count: int) -> list[Box]:
    """Divide a region among glyphs along its longer side; three in a square stand two above one."""
    x, y, width, height = region
    if count == 3 and width == height:
        half = width // 2
        return [Box(x, y, half, half), Box(x + half, y, half, half), Box(x + half // 2, y + half, half, half)]
    if width >= height:
        return [Box(x + place * (width // count), y, width // count, height) for place in range(count)]
    return [Box(x, y + place * (height // count), width, height // count) for place in range(count)]


def below(chance: random.Random, end: int) -> int:
    """Draw a whole number from 0 to end − 1."""
    return int(chance.random() * end)


def index_of(chance: random.Random, shares: tuple[float, ...]) -> int:
    """Draw the index of one of several shares, which add up to 1."""
    rest = chance.random()
    for index, share in enumerate(shares):
        rest -= share
        if rest < 0:
            return index
    return len(shares) - 1


@dataclass(frozen=True)
class Scenes:
    """A split of scenes, each drawn when it is indexed.

    Arguments:
        seed: Seed of all scenes of the split.
        size: Number of scenes.
        phrases: Shares of captions with one, two and three phrases.
        wanted: Exact grades of every caption; None for any.
    """

    seed: int
    size: int
    phrases: tuple[float, ...] = PHRASES["seen"]
    wanted: frozenset[str] | None = frozenset()

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: Tensor | slice) -> Split:
        """Draw scenes: images (B, 3, 48, 48) as bytes, and as labels the token ids of their captions (B, 13)."""
        layouts = [self.layout(int(each)) for each in torch.arange(self.size)[index]]
        images = torch.from_numpy(np.stack([layout.draw() for layout in layouts]))
        return Split(images, torch.tensor([layout.caption.tokens for layout in layouts]))

    def layout(self, index: int) -> Layout:
        """Draw the caption and the layout of one scene."""
        chance = random.Random(SEED_STRIDE * self.seed + index)
        phrases = 1 + index_of(chance, self.phrases)
        caption = draw_caption(chance, phrases)
        if self.wanted is not None and grade(caption) != self.wanted:
            caption = draw_graded(chance, phrases, self.wanted)
        return lay_out(caption, chance)

    def of_epoch(self, epoch: int, training: dict) -> "Scenes":
        """Return other scenes for each epoch of training.

        If the recipe gives `single_first`, a share of the epochs and a share of pairs, the first epochs have fewer
        captions with two phrases. A recipe that goes on from weights says how many `epochs_before` made them, so
        that its scenes are new.
        """
        until, pairs = training.get("single_first", (0.0, 0.0))
        early = self.wanted is not None and epoch < until * training["epochs"]
        phrases = (1 - pairs, pairs, 0.0) if early else self.phrases
        return replace(self, seed=self.seed + 1 + training.get("epochs_before", 0) + epoch, phrases=phrases)


@dataclass(frozen=True)
class SceneSet:
    """The data set of composed scenes."""

    name: str
    title: str
    space: Space = COLOUR

    def load(self, split: str, folder: str | Path | None = None) -> Scenes:
        """Return a split; no files are read.

        "train" has 25,600 new scenes each epoch, "held-out" 2,000 and "test" 2,000, all with seen captions. "any" has
        as many as "train", with captions of all grades.
        """
        size = SCENE_COUNTS[split]
        if split == "any":
            return Scenes(2 * TRAINING_SEEDS, size, PHRASES["any"], None)
        return Scenes({"train": TRAINING_SEEDS, "held-out": 1, "test": 2}[split], size)

    def graded(self, letter: str, size: int, phrases: int = 1, seed: int = 3) -> Scenes:
        """Return scenes whose captions have one grade alone."""
        shares = tuple(float(count == phrases) for count in (1, 2, 3))
        return Scenes(seed, size, shares, frozenset(letter))


SCENES = SceneSet("scenes", "Scenes")
