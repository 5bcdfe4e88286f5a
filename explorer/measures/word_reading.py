"""What the judge reads in scenes drawn from words: every attribute, by kind of caption, and whose colour is whose.

A caption is of a kind: seen captions with one or two phrases, and captions of each grade alone. The judge's accuracy on
real scenes of the same captions is on its own card. It is the ceiling of these figures.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from explorer.data import SCENES, Scenes
from explorer.data.captions import Caption
from explorer.data.held_out import GRADES
from explorer.measures.common import mean_row
from explorer.measures.scene_judge import readings, rows_of
from explorer.measures.word_drawing import Drawer, draw, kept_rows
from explorer.models.scene_judge import HEADS, SceneJudge, answers

SEEN_CAPTIONS = "seen"
MAIN_PROMPTS, OTHER_PROMPTS, FEWER_PROMPTS = 1_000, 400, 100  # of a main kind, of another, and at another guidance
BINDING_PROMPTS, BINDING_SEED = 400, 6
DRAWS_PER_BINDING = 100  # captions drawn for each whose colours can be exchanged
BINDINGS = ("right", "exchanged", "other", "missing")
"""Colours of two objects: as asked, each the other's, neither of these, or not both objects are there."""


class PromptKind(NamedTuple):
    """Captions of one grade, or seen ones, with so many phrases."""

    captions: str
    phrases: int

    @property
    def key(self) -> str:
        """Name in the address and in files: “seen-1”, “d-2”."""
        return f"{self.captions}-{self.phrases}"

    @property
    def beside(self) -> "PromptKind | None":
        """The seen captions with as many phrases; None if there are none, or these are they."""
        return None if self.captions == SEEN_CAPTIONS or self.phrases > 2 else PromptKind(SEEN_CAPTIONS, self.phrases)

    @property
    def title(self) -> str:
        """What these captions have that training never had."""
        phrases = f"{('one', 'two')[self.phrases - 1]} phrase{'s' * (self.phrases > 1)}" if self.phrases < 3 else ""
        return f"seen, {phrases}" if self.captions == SEEN_CAPTIONS else GRADES[self.captions]

    def scenes(self, n: int) -> Scenes:
        """Return n scenes of this kind, the same that the judge was measured on."""
        return SCENES.graded("" if self.captions == SEEN_CAPTIONS else self.captions, n, self.phrases)


PROMPT_KINDS = {
    each.key: each
    for each in (
        *(PromptKind(SEEN_CAPTIONS, 1), PromptKind("a", 1), PromptKind("b", 1), PromptKind("c", 1), PromptKind("g", 1)),
        *(PromptKind(SEEN_CAPTIONS, 2), PromptKind("d", 2), PromptKind("e", 2), PromptKind("f", 3)),
    )
}
MAIN_KINDS = ("seen-1", "seen-2", "a-1")


def prompts_of(kind: str) -> int:
    """Return the number of prompts of a kind at a network's own guidance."""
    return MAIN_PROMPTS if kind in MAIN_KINDS else OTHER_PROMPTS


def faithfulness(model: Drawer, judge: SceneJudge, kind: PromptKind, n: int, guidance: float, seed: int) -> list[dict]:
    """Measure the share of n scenes of one kind that have each attribute right: rows, kept for these weights."""
    setting: dict = {"captions": kind.captions, "phrases": kind.phrases, "guidance": guidance, "seed": seed}

    def measure() -> list[dict]:
        tokens = kind.scenes(n)[:].labels
        return rows_of(readings(judge, draw(model, tokens, guidance, seed)), answers(tokens), **setting)

    return kept_rows({"part": "faithfulness", **setting, "n": n}, [model, judge], measure)


def binding_captions(n: int, seed: int = BINDING_SEED) -> list[Caption]:
    """Draw n seen captions of two single objects in two different colours, which may be exchanged."""
    scenes, found, index = SCENES.graded("", DRAWS_PER_BINDING * n, 2, seed=seed), [], 0
    while len(found) < n:
        caption = scenes.layout(index).caption
        one, other = caption.phrases
        index += 1
        if one.colour and other.colour and one.colour != other.colour and one.count == other.count == 1:
            found.append(caption)
    return found


def outcome(found: list[int], wanted: list[int]) -> str:
    """Return whose colour is whose in a reading, one of `BINDINGS`, wherever the objects stand.

    Both are answers to the questions of `HEADS`; `wanted` has two phrases.
    """
    colours = {found[column]: found[column + 1] for column in _objects()[::-1]}
    one, other, *_ = _objects()
    asked = [(wanted[column], wanted[column + 1]) for column in (one, other)]
    if any(name not in colours for name, _ in asked):
        return "missing"
    (first, colour), (second, other_colour) = asked
    read = colours[first], colours[second]
    return {(colour, other_colour): "right", (other_colour, colour): "exchanged"}.get(read, "other")


def _objects() -> list[int]:
    """Columns of the answers that name objects; the colour of each is in the next."""
    return [index for index, name in enumerate(HEADS) if name.startswith("object")]


def bindings(model: Drawer, judge: SceneJudge, n: int, guidance: float, seed: int) -> list[dict]:
    """Measure whose colour is whose in n scenes of two objects in two colours: the share of each of `BINDINGS`."""

    def measure() -> list[dict]:
        tokens = torch.tensor([caption.tokens for caption in binding_captions(n)])
        found = readings(judge, draw(model, tokens, guidance, seed)).tolist()
        outcomes = [outcome(*pair) for pair in zip(found, answers(tokens).tolist(), strict=True)]
        return outcome_rows(outcomes, guidance=guidance, seed=seed)

    return kept_rows({"part": "bindings", "guidance": guidance, "seed": seed, "n": n}, [model, judge], measure)


def outcome_rows(outcomes: list[str], **setting: float | str) -> list[dict]:
    """Return a row with the share of each of `BINDINGS`."""

    def is_(name: str) -> Tensor:
        return torch.tensor([float(each == name) for each in outcomes])

    return [mean_row("binding", is_(name), outcome=name, **setting) for name in BINDINGS]
