r"""Prompt-to-prompt: one word of a prompt is changed, and the picture around it stays.

Two prompts are drawn from one noise, side by side. In the first share of the steps, the second one uses the attention
weights of the first for the words that they share. So position i reads word j as it would have read it before:

$$ \tilde A_{ij} = \begin{cases} A^{\text{before}}_{i\, a(j)} & \text{if word } j \text{ is word } a(j) \text{ of the
   first prompt} \\ A^{\text{after}}_{ij} & \text{if it is new} \end{cases} $$

An exchanged word takes the place of the one before it. If a word was added or left out, the weights are divided by
their sum, so that they add up to 1 again. Hertz et al. leave them as they are, and replace self-attention, too.

Reference: Hertz et al., Prompt-to-Prompt Image Editing with Cross-Attention Control, 2022,
https://arxiv.org/abs/2208.01626 (section 3.2)
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import torch
from torch import Tensor

from explorer.data.captions import tokens_of
from explorer.models.whole import check_count
from explorer.models.words import Edit, guided, with_and_without
from explorer.models.words_diffusion import WordsDiffusion

PROMPTS_DRAWN = 3  # prompts side by side: before, after, and after with the attention of before


def aligned(before: Sequence[str], after: Sequence[str]) -> list[int | None]:
    """Return for each word after a change its place before, or that of the word it replaces; None for a new word."""
    found: list[int | None] = [None] * len(after)
    for kind, start, end, place, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == stop - place):
            found[place:stop] = range(start, end)
    return found


def keeping(before: Sequence[str], after: Sequence[str], n: int) -> Edit:
    """Return the edit of weights (6 n, heads, T, 13) by which the third n prompts use those of the first n."""
    places = aligned(before, after)
    here = [place for place, there in enumerate(places) if there is not None]
    there = [place for place in places if place is not None]
    is_whole = len(here) == len(before) == len(after)

    def edit(weights: Tensor) -> Tensor:
        found = weights.clone()
        own = found[2 * n : PROMPTS_DRAWN * n]
        own[..., here] = weights[:n][..., there]
        if not is_whole:
            own /= own.sum(-1, keepdim=True)
        return found

    return edit


@torch.no_grad()
def change_words(
    model: WordsDiffusion,
    n: int,
    *,
    generator: torch.Generator,
    before: Sequence[str],
    after: Sequence[str],
    steps: int = 20,
    guidance: float = 4.0,
    share: float = 0.5,
) -> Tensor:
    """Draw n scenes of two prompts from the same noise, and the second once more with the attention of the first.

    Arguments:
        before, after: Words of both prompts.
        share: Share of the steps in which the attention is kept.

    Returns:
        Scenes before, after, and after with kept attention: (3, n, 3, 48, 48).
    """
    tokens = torch.tensor([tokens_of([*words]) for words in (before, after, after)]).repeat_interleave(n, 0)
    prompt = model.trunk.read(with_and_without(tokens.to(model.places.device)))
    z, edit = model.noise(n, generator).repeat(PROMPTS_DRAWN, 1, 1, 1), keeping(before, after, n)
    for index in range(check_count(steps, "steps")):
        t = torch.full((2 * len(z),), index / steps).to(z)
        v = model.velocity(torch.cat([z, z]), t, prompt, edit=edit if index < share * steps else None)
        z = z + guided(*v.chunk(2), guidance) / steps
    return model.codec.decode(z).unflatten(0, (PROMPTS_DRAWN, n))
