"""What the judge reads in scenes, in words, and what of it differs from the words that they were drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.data import SCENES
from explorer.data.captions import COLOUR_WORDS, GROUNDS, OBJECTS, Caption, Phrase, parse_words, prompt_words, tokens_of
from explorer.measures.scene_judge import ATTRIBUTES, right
from explorer.measures.words import SCENE_JUDGE
from explorer.models.model import Model
from explorer.models.scene_judge import ABSENT, LAYOUTS, SceneJudge, answers_of
from explorer.networks import checkpoints
from explorer.numbers.rows import join_words
from explorer.running.device import device_of
from explorer.tabs.kit.layout.fields import Image


def caption_of(words: Sequence[str]) -> Caption | None:
    """Return the caption that words are; None if they follow no rule of the grammar."""
    try:
        return parse_words([*words])
    except ValueError:
        return None


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
def read_back(x: Tensor, words: Sequence[str], reader: str = SCENE_JUDGE) -> list[Reading]:
    """Have the judge read scenes (n, 3, 48, 48), and compare with the words of their prompt."""
    judge = checkpoints.load(reader)
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


def words_of(picture: Image) -> str | None:
    """Return the words of a test scene, or those that a scene was drawn from; None of any other picture."""
    kind, *of = picture
    if kind == "words":
        return str(of[0])
    return str(SCENES.load("test").layout(int(of[0])).caption) if kind == "test" and of[1] == SCENES.name else None


def word_ids(model: Model, words: str | None) -> Tensor | None:
    """Return the ids of a prompt (L,) for a model that reads words; None if it reads none, or there are none.

    Raises:
        ValueError: if the prompt has unknown words, or too many.
    """
    if words is None or not getattr(model, "reads_words", False):
        return None
    return torch.tensor(tokens_of(prompt_words(words)), device=device_of(model))
