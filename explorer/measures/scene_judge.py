"""Measures of the judge of scenes: its accuracy on real scenes, attribute by attribute, seen and of each grade.

What the judge reads right in real scenes is the ceiling of every figure that it measures of generated ones. Three
kinds of wrong pictures show that it can fail: a blank ground, a scene whose tiles are shuffled, and one whose two
objects have exchanged their colours.
"""

from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.data import SCENES, Scenes
from explorer.measures.common import Load, mean_row
from explorer.models.scene_judge import ABSENT, HEADS, SceneJudge, answers
from explorer.networks.card import Card, find
from explorer.running.device import device_of
from explorer.spaces.colour import COLOUR_SIDE

JUDGED_AT_ONCE = 250
OF_A_GRADE = 1_000  # scenes
SHUFFLED_TILE = 12  # pixels on a side
TILES = (COLOUR_SIDE // SHUFFLED_TILE) ** 2
ATTRIBUTES = ("object", "colour", "count", "layout", "ground")


@torch.no_grad()
def readings(judge: SceneJudge, x: Tensor) -> Tensor:
    """Read scenes (N, 3, 48, 48) in [0, 1]: answers (N, questions) on the CPU."""
    return torch.cat([judge.read(part.to(device_of(judge))).cpu() for part in x.split(JUDGED_AT_ONCE)])


def right(found: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """Compare answers with the true ones, both (N, questions): for each attribute 1 or 0 for each scene (N,).

    An attribute of several phrases is right if it is right for all of them.
    """
    same = (found == wanted) | (wanted == ABSENT)
    columns = {
        attribute: [index for index, name in enumerate(HEADS) if name.split()[0] == attribute]
        for attribute in ATTRIBUTES
    }
    each = {attribute: same[:, chosen].all(1).double() for attribute, chosen in columns.items()}
    return each | {"all": same.all(1).double()}


def rows_of(found: Tensor, wanted: Tensor, **setting: float | str) -> list[dict]:
    """Return a row for each attribute, and one for all together; shapes as in `right`."""
    return [mean_row(name, values, **setting) for name, values in right(found, wanted).items()]


def kinds_of_captions(n: int) -> dict[tuple[str, int], Scenes]:
    """Return n scenes of each grade, and n seen ones, by the grade and the number of phrases."""
    kinds = {("seen", phrases): "" for phrases in (1, 2)}
    kinds |= {(letter, phrases): letter for letter in "abcg" for phrases in (1, 2)}
    kinds |= {("d", 2): "d", ("e", 2): "e", ("f", 3): "f"}
    return {key: SCENES.graded(letter, n, key[1]) for key, letter in kinds.items()}


def wrong_pictures(n: int) -> dict[str, tuple[Tensor, Tensor]]:
    """Return n pictures (n, 3, 48, 48) that do not show their captions, and these (n, 13), by the kind of fault."""
    scenes, chance = SCENES.graded("", n, 2, seed=4), torch.Generator().manual_seed(0)
    split = scenes[:]
    x = split.pixels()
    tiles = F.unfold(x, SHUFFLED_TILE, stride=SHUFFLED_TILE)[..., torch.randperm(TILES, generator=chance)]
    shuffled = F.fold(tiles, x.shape[-2:], SHUFFLED_TILE, stride=SHUFFLED_TILE)
    blank = x[:, :, :1, :1].expand_as(x)
    return {"blank": (blank, split.labels), "shuffled": (shuffled, split.labels), "exchanged": exchanged(n)}


def exchanged(n: int) -> tuple[Tensor, Tensor]:
    """Draw n scenes of two phrases in different colours with these exchanged, and return the captions before that."""
    scenes, pictures, captions, index = SCENES.graded("", 100 * n, 2, seed=5), [], [], 0
    while len(pictures) < n:
        layout, index = scenes.layout(index), index + 1
        one, other = layout.caption.phrases
        if one.colour == other.colour:
            continue
        swapped = replace(one, colour=other.colour), replace(other, colour=one.colour)
        pictures.append(torch.from_numpy(replace(layout, caption=replace(layout.caption, phrases=swapped)).draw()))
        captions.append(layout.caption.tokens)
    return torch.stack(pictures) / 255, torch.tensor(captions)


def objectives(model: SceneJudge, held_out: Scenes, training: dict) -> list[float]:
    """Return the mean sum of cross-entropies on held-out scenes, in nats."""
    split = held_out[:JUDGED_AT_ONCE]
    device = device_of(model)
    with torch.no_grad():
        return [float(model.loss(split.pixels().to(device), split.labels.to(device)))]


def figures(model: SceneJudge, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure the accuracy of every attribute on real scenes, seen and of each grade."""
    found = []
    for (kind, phrases), scenes in kinds_of_captions(OF_A_GRADE).items():
        split = scenes[:]
        found += rows_of(readings(model, split.pixels()), answers(split.labels), captions=kind, phrases=phrases)
    for fault, (x, labels) in wrong_pictures(OF_A_GRADE).items():
        found += rows_of(readings(model, x), answers(labels), fault=fault)
    return {"rows": found}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    one, two = (find(card, "all", captions="seen", phrases=phrases)["value"] for phrases in (1, 2))
    return f"all attributes right in {one:.1%} of scenes with one phrase, in {two:.1%} with two"
