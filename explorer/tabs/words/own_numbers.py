"""Numbers of a prompt for the live formulas: one position's attention to the words, and one number of the velocity."""

import torch

from explorer.models.words import with_and_without
from explorer.numbers.answer import Answer
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.words.shared import Guidance, Negative, Prompt, drawer, negative_tokens, prompt_words, tokens_for

OWN_POSITION, OWN_LATENT = 14, (0, 6, 6)  # in the middle of the picture: a position of 36, and a number of the latents
OWN_SCORES = ("largest score", "second score", "third score", "log-sum of the others")
OWN_VELOCITY = ("v with words", "v without", "g")
"""Names of the boxes of the live formulas."""


@light
@torch.no_grad()
def formula_numbers(prompt: Prompt, without: Negative, guidance: Guidance, seed: Seed) -> Answer:
    """Return the boxes of the live formulas for a prompt's first picture, at the first step; none if it cannot be read.

    The scores are those of the first head of the first layer, up to a constant: their mean over all words is 0.
    """
    try:
        words, negative = prompt_words(prompt), negative_tokens(without)
    except ValueError:
        words, negative = [], None
    if len(words) < len(OWN_SCORES):
        return Answer(view={"boxes": None, "words": []})
    model, kept = drawer(), []
    z = model.noise(1, rng(seed))
    both = model.trunk.read(with_and_without(tokens_for(words, 1).to(z.device), negative))
    v = model.velocity(torch.cat([z, z]), torch.zeros(2).to(z), both, kept)
    scores = kept[0][0, 0, OWN_POSITION, : len(words)].log()
    order = (scores - scores.mean()).sort(descending=True)
    shown = [*order.values[:3].tolist(), float(order.values[3:].logsumexp(0))]
    given, free = (float(each[OWN_LATENT]) for each in v)
    boxes = dict(zip(OWN_SCORES + OWN_VELOCITY, (*shown, given, free, guidance), strict=True))
    rounded = {name: round(value, 3) for name, value in boxes.items()}
    return Answer(view={"boxes": rounded, "words": [words[place] for place in order.indices[:3].tolist()]})
