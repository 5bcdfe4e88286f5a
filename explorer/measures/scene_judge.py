"""Measures of the judge of scenes: its accuracy on real scenes, attribute by attribute, seen and of each grade.

What the judge reads right in real scenes is the ceiling of every figure that it measures of generated ones.
"""

from pathlib import Path

import torch
from torch import Tensor

from explorer.data import SCENES, Scenes
from explorer.measures.common import Load, mean_row
from explorer.models.scene_judge import ABSENT, HEADS, SceneJudge, answers
from explorer.networks.card import Card, find
from explorer.running.device import device_of

JUDGED_AT_ONCE = 250
OF_A_GRADE = 1_000  # scenes
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
    return {"rows": found}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    one, two = (find(card, "all", captions="seen", phrases=phrases)["value"] for phrases in (1, 2))
    return f"all attributes right in {one:.1%} of scenes with one phrase, in {two:.1%} with two"
