"""How often a network that draws from words reads a test scene: one slot of the caption is open, the others are given.

Tokens in order read by Bayes' rule from their exact likelihood, a diffusion by the least paired error (`words_read`).
The slots of the first phrase are read, and the ground. The judge reads the same scenes beside them.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from explorer.data import SCENES
from explorer.data.captions import Caption
from explorer.measures.common import mean_row
from explorer.measures.word_drawing import kept_rows
from explorer.models.scene_judge import SceneJudge
from explorer.models.words_diffusion import WordsDiffusion
from explorer.models.words_read import (
    candidates,
    diffusion_errors,
    judge_log_probs,
    posterior,
    token_log_probs,
    word_of,
)
from explorer.models.words_tokens import WordsTokens
from explorer.running.device import device_of

READ_SLOTS = ("object", "colour", "count", "ground")
READ_SCENES = {WordsTokens: 400, WordsDiffusion: 100}
"""Test scenes that a family reads; 1.2 s each for the tokens on a core, 2 s for the diffusion."""
Reader = Callable[[Tensor, list[Caption]], int]


def tokens_reader(model: WordsTokens) -> Reader:
    """Return the function that reads a scene (1, 3, 48, 48) by Bayes' rule: the number of the most probable caption."""

    def read(x: Tensor, captions: list[Caption]) -> int:
        z = model.codec.encode(x.to(device_of(model)))
        return int(posterior(token_log_probs(model, z, captions).sum(1)).argmax())

    return read


def diffusion_reader(model: WordsDiffusion, seed: int) -> Reader:
    """Return the function that reads a scene (1, 3, 48, 48) by the least paired error."""
    generator = torch.Generator().manual_seed(seed)

    def read(x: Tensor, captions: list[Caption]) -> int:
        return diffusion_errors(model, model.codec.encode(x.to(device_of(model))), captions, generator)[0][0]

    return read


def judge_reader(judge: SceneJudge) -> Reader:
    """Return the function that reads a scene (1, 3, 48, 48) by the judge's most probable answers."""
    return lambda x, captions: int(judge_log_probs(judge, x.to(device_of(judge)), captions)[0].argmax())


@torch.no_grad()
def read_rows(readers: dict[str, Reader], n: int) -> list[dict]:
    """Measure the share of n test scenes in which each reader finds the word of each slot: rows."""
    scenes = SCENES.load("test")
    hits: dict[tuple[str, str], list[float]] = {(by, slot): [] for by in readers for slot in READ_SLOTS}
    for index in range(n):
        caption, x = scenes.layout(index).caption, scenes[index : index + 1].pixels()
        for slot in READ_SLOTS:
            found, wanted = candidates(caption, slot), word_of(caption, slot)
            for by, read in readers.items():
                word = found[read(x, [each.caption for each in found])].word
                hits[by, slot].append(float(word == wanted))
    return [mean_row("read", torch.tensor(each), by=by, slot=slot) for (by, slot), each in hits.items()]


def readings_by_words(model: nn.Module, judge: SceneJudge, seed: int) -> list[dict]:
    """Measure how often the network, and the judge, read a slot of a test scene; no rows if it cannot read."""
    if isinstance(model, WordsTokens):
        reader = tokens_reader(model)
    elif isinstance(model, WordsDiffusion):
        reader = diffusion_reader(model, seed)
    else:
        return []
    n = READ_SCENES[type(model)]
    readers = {"network": reader, "judge": judge_reader(judge)}
    return kept_rows({"part": "reads", "seed": seed, "n": n}, [model, judge], lambda: read_rows(readers, n))
