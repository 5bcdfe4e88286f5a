"""Measures of the flows of emoji: how many of their pictures are copies of training pictures.

A picture is compared with the nearest of N training pictures, and with the nearest of 200 references: glyphs that no
network of this family was trained on. If the training picture is much nearer, the picture is a copy. The threshold on
the ratio of both distances is calibrated by 200 further glyphs against all 1,600 training pictures, so that a fresh
glyph is called a copy with probability 2 % at most: the k-th smallest ratio, k = ⌊0.02 · 201⌋, as in split conformal
prediction. Fewer training pictures are farther away, so the threshold holds for every N.

Two controls show that the rule works. All training pictures themselves must be copies. Of the test split, which neither
training nor calibration saw, 2 % may be.

References:
    Carlini et al., Extracting Training Data from Diffusion Models, 2023, https://arxiv.org/abs/2301.13188
    Somepalli et al., Diffusion Art or Digital Forgery?, 2023, https://arxiv.org/abs/2212.03860
    Vovk et al., Algorithmic Learning in a Random World, 2005 (the threshold)
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from explorer.data.emoji import EMOJI, EMOJI_REFERENCES
from explorer.data.images import Split
from explorer.measures.common import Load, mean_row
from explorer.models.emoji_flow import EmojiFlow
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

FALSE_COPIES = 0.02  # share of fresh glyphs that the rule may call copies
COPIES_MEASURED, COPIES_AT_ONCE = 400, 100  # pictures for each kind of names
NAMES_GIVEN = ("trained", "held-out", "none")
"""Names that a network is given: those of its training pictures, those of held-out ones, or none."""


@dataclass(frozen=True)
class CopyRule:
    """Decision whether a picture is a copy of one of N training pictures.

    Arguments:
        training: Training pictures (N, 3, 24, 24) in [0, 1].
        references: Held-out glyphs (R, 3, 24, 24), for comparison.
        threshold: Ratio of distances from which on a picture is no copy.
    """

    training: Tensor
    references: Tensor
    threshold: float

    def nearest(self, x: Tensor) -> Tensor:
        """Return the index of the nearest training picture of each of x (B, 3, 24, 24): (B,)."""
        return distances(x, self.training).argmin(1)

    def ratios(self, x: Tensor) -> Tensor:
        """Return the distance to the nearest training picture over that to the nearest reference: (B,)."""
        return distances(x, self.training).amin(1) / distances(x, self.references).amin(1)

    def is_copy(self, x: Tensor) -> Tensor:
        """Return which of x (B, 3, 24, 24) are copies: flags (B,)."""
        return self.ratios(x) < self.threshold


def distances(x: Tensor, others: Tensor) -> Tensor:
    """Return the root mean squared difference of pictures (B, 3, 24, 24) from others (M, 3, 24, 24): (B, M)."""
    return torch.cdist(x.flatten(1), others.flatten(1)) / math.sqrt(x[0].numel())


def threshold_of(training: Tensor, held_out: Tensor) -> float:
    """Return the threshold on the ratio of distances, from 400 held-out pictures: references, then further glyphs.

    A ratio below the k-th smallest of n further ones, k = ⌊α (n + 1)⌋, has a probability of at most α by chance.
    """
    references, further = held_out[:EMOJI_REFERENCES], held_out[EMOJI_REFERENCES:]
    ratios = CopyRule(training, references, 0.0).ratios(further)
    return float(ratios.sort().values[math.floor(FALSE_COPIES * (len(further) + 1)) - 1])


@cache
def rule_of(count: int) -> CopyRule:
    """Return the rule for the first `count` training emoji; its threshold is that for all of them."""
    training, held_out = EMOJI.load("train").pixels(), EMOJI.load("held-out").pixels()
    return CopyRule(training[:count], held_out[:EMOJI_REFERENCES], threshold_of(training, held_out))


def count_of(recipe: dict) -> int:
    """Return the number of training pictures of a recipe."""
    first, end = recipe["training"]["subset"]
    return end - first


@torch.no_grad()
def objectives(model: EmojiFlow, held_out: Split, training: dict) -> list[float]:
    """Return the training loss on held-out emoji with fixed noise."""
    generator, device = torch.Generator().manual_seed(0), device_of(model)
    x, tokens = held_out.pixels().to(device), held_out.labels.to(device)
    return [float(model.training_loss(x, training, generator=generator, label=tokens))]


def names_for(kind: str, train: Split, held_out: Split, n: int) -> Tensor:
    """Return the words of n names of a kind, one after another and again from the first: (n, 14)."""
    names = {"trained": train.labels, "held-out": held_out.labels, "none": torch.zeros_like(train.labels[:1])}[kind]
    return names[torch.arange(n) % len(names)]


def draw_emoji(model: EmojiFlow, tokens: Tensor, seed: int) -> Tensor:
    """Draw an emoji for each name (N, 14): (N, 3, 24, 24) on the CPU, rounded to 256 levels."""
    generator = torch.Generator().manual_seed(seed)
    parts = [part.to(device_of(model)) for part in tokens.split(COPIES_AT_ONCE)]
    drawn = [model.sample(len(part), generator=generator, tokens=part).cpu() for part in parts]
    return (255 * torch.cat(drawn)).round() / 255


def figures(model: EmojiFlow, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure the share of copies for each kind of names, and of two controls: training and fresh pictures."""
    count = count_of(checkpoints.read_json(folder / "config.json"))
    train, held_out, test = load(dataset, "train")[:count], load(dataset, "held-out"), load(dataset, "test")
    rule = rule_of(count)
    rows = [row("threshold", rule.threshold, "exact", pictures=count)]
    for kind in NAMES_GIVEN:
        x = draw_emoji(model, names_for(kind, train, held_out, COPIES_MEASURED), seed)
        copies = mean_row("copies", rule.is_copy(x).double(), pictures=count, drawn=kind)
        rows += [copies, mean_row("ratio", rule.ratios(x), pictures=count, drawn=kind)]
    for kind, split in (("training pictures", train), ("fresh glyphs", test)):
        rows.append(mean_row("copies", rule.is_copy(split.pixels()).double(), pictures=count, drawn=kind))
    return {"rows": rows}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    count = find_count(card)
    shares = {
        kind: find(card, "copies", pictures=count, drawn=kind)["value"] for kind in (*NAMES_GIVEN, "fresh glyphs")
    }
    return f"{count} training pictures: copies " + ", ".join(f"{kind} {share:.1%}" for kind, share in shares.items())


def find_count(card: Card) -> int:
    """Return the number of training pictures of a card."""
    return next(each["pictures"] for each in card["rows"] if each["name"] == "threshold")
