r"""Networks that draw from words read a scene: one slot of its caption is open, and its words compete.

The tokens z of a scene have an exact likelihood given words c. With a prior that is uniform over the words of the open
slot, Bayes' rule gives

$$ p(c \mid z) = \frac{p(z \mid c)}{\sum_{c'} p(z \mid c')}, \qquad
   \log p(z \mid c) = \sum_i \log p(z_i \mid z_{<i}, c) $$

A diffusion has no such likelihood. It compares the squared errors of its velocity given each word, at the same times
and with the same noises. The word with the least error is read.

References:
    Li et al., Your Diffusion Model is Secretly a Zero-Shot Classifier, 2023, https://arxiv.org/abs/2303.16203
    (algorithm 2: few noises for all classes, then more for those that are left)
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from explorer.data.captions import COLOUR_WORDS, COUNTS, GROUNDS, OBJECTS, RELATIONS, Caption
from explorer.models.scene_judge import SceneJudge, answers_of
from explorer.models.words_diffusion import WordsDiffusion, between
from explorer.models.words_tokens import WordsTokens

SLOTS = ("object", "colour", "count", "relation", "ground")
NO_COLOUR = "no colour word"
FIRST_NOISES, LATER_NOISES, LEFT_WORDS = 6, 26, 4
"""Noises for every word, more noises for those that are left, and how many these are."""
NUMBERS = {count: word for word, count in COUNTS.items() if word != "an"}


class Candidate(NamedTuple):
    """A word for the open slot, and the caption with it."""

    word: str
    caption: Caption


def candidates(caption: Caption, slot: str, place: int = 0) -> list[Candidate]:
    """Return every word that a slot of a caption can have; `place` is the phrase of an object, a colour or a count.

    An object that another phrase has is left out, as no caption names one twice.
    """
    if slot == "ground":
        return [Candidate(word, replace(caption, ground=word)) for word in GROUNDS]
    if slot == "relation":
        return [Candidate(word, replace(caption, relation=word)) for word in RELATIONS]
    taken = {phrase.object for index, phrase in enumerate(caption.phrases) if index != place}
    values: dict[str, Mapping[str, object]] = {
        "object": {word: word for word in OBJECTS if word not in taken},
        "colour": {NO_COLOUR: None} | {word: word for word in COLOUR_WORDS},
        "count": {word: count for count, word in NUMBERS.items()},
    }
    found = []
    for word, value in values[slot].items():
        phrases = [*caption.phrases]
        phrases[place] = replace(phrases[place], **{slot: value})
        found.append(Candidate(word, replace(caption, phrases=tuple(phrases))))
    return found


def word_of(caption: Caption, slot: str, place: int = 0) -> str:
    """Return the word that a caption has in a slot, as `candidates` names it."""
    if slot == "relation":
        return caption.relation or ""
    if slot == "ground":
        return caption.ground
    phrase = caption.phrases[place]
    return {"object": phrase.object, "colour": phrase.colour or NO_COLOUR, "count": NUMBERS[phrase.count]}[slot]


def tokens_of_captions(captions: Sequence[Caption], like: Tensor) -> Tensor:
    """Return the token ids of captions (N, 13), on the device of a tensor."""
    return torch.tensor([caption.tokens for caption in captions], device=like.device)


@torch.no_grad()
def token_log_probs(model: WordsTokens, z: Tensor, captions: Sequence[Caption]) -> Tensor:
    """Log-probability of each token of one scene (1, n) given each caption, in one batch: (N, n) in nats."""
    return model.log_probs(z.expand(len(captions), -1), tokens_of_captions(captions, z))


def posterior(log_likelihoods: Tensor) -> Tensor:
    """Bayes' rule with a uniform prior over the N words: log-likelihoods (N,) to probabilities (N,)."""
    return log_likelihoods.double().softmax(0)


@torch.no_grad()
def velocity_errors(
    model: WordsDiffusion, latents: Tensor, captions: Sequence[Caption], eps: Tensor, t: Tensor
) -> Tensor:
    """Squared errors of the velocity of one scene given each caption, with paired noises: (draws, N).

    Shapes: `latents` (1, C, 12, 12), `eps` (draws, C, 12, 12), `t` (draws,). An error is a sum over the latents.
    """
    points, target = between(eps, latents, t), latents - eps
    prompt = model.trunk.read(tokens_of_captions(captions, latents))
    rows = []
    for point, time, wanted in zip(points, t, target, strict=True):
        found = model.velocity(point.expand(len(captions), -1, -1, -1), time.expand(len(captions)), prompt)
        rows.append((found - wanted).square().flatten(1).sum(1))
    return torch.stack(rows)


@torch.no_grad()
def diffusion_errors(
    model: WordsDiffusion, latents: Tensor, captions: Sequence[Caption], generator: torch.Generator
) -> tuple[list[int], Tensor]:
    """Return the numbers of the captions with the least errors, least first, and their paired errors (draws, left).

    Six noises choose the four that are left. Others, which chose nothing, compare these. Times are spaced evenly.
    """

    def drawn(count: int) -> tuple[Tensor, Tensor]:
        eps = torch.randn(count, *latents.shape[1:], generator=generator).to(latents)
        return eps, ((torch.arange(count) + 0.5) / count).to(latents)

    first = velocity_errors(model, latents, captions, *drawn(FIRST_NOISES)).mean(0)
    left = first.argsort()[:LEFT_WORDS].tolist()
    errors = velocity_errors(model, latents, [captions[index] for index in left], *drawn(LATER_NOISES))
    order = errors.mean(0).argsort().tolist()
    return [left[index] for index in order], errors[:, order]


@torch.no_grad()
def judge_log_probs(judge: SceneJudge, x: Tensor, captions: Sequence[Caption]) -> Tensor:
    """Sum of the judge's log-probabilities of the answers of each caption, for scenes (B, 3, 48, 48): (B, N)."""
    wanted = torch.tensor([answers_of(caption) for caption in captions], device=x.device)
    return judge.log_probs(x, wanted)
