"""Measures of an unpaired translation: class kept or permuted, error of the cycle, identity, and the true pair."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import CHUNK, Judge
from explorer.models.cyclegan import CycleGAN
from explorer.networks.card import Card, find
from explorer.running.device import device_of

CYCLEGAN_ROUNDING_IMAGES = 500
CYCLEGAN_IMAGES = 2_000  # each is translated six times
WAYS = {"there": False, "back": True}


@torch.no_grad()
def objectives(model: CycleGAN, held_out: data.Split, training: dict) -> list[float]:
    """Return the training loss without the cycle loss, and the errors of the cycle, on held-out images."""
    split, device = held_out[:CYCLEGAN_ROUNDING_IMAGES], device_of(model)
    x = split.pixels().to(device)
    free = training | {"cycle_weight": 0}
    found = [float(model.training_loss(x, free, generator=torch.Generator(), label=split.labels))]
    for back, source in zip(WAYS.values(), model.split_domains(x)):
        found.append(float((model.translate(model.translate(source, back), not back) - source).abs().mean()))
    return found


def figures(model: CycleGAN, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card for both ways, on `CYCLEGAN_IMAGES` test images from the whole split.

    `matrix` holds, for each way, the share of each label's images that is classified as each class.
    """
    judge, rows, matrix = Judge(dataset, load, binary=False), [], {}
    test = judge.test[:: max(1, len(judge.test) // CYCLEGAN_IMAGES)]
    for way, (source, made, again, same, pair) in zip(WAYS, translations(model, test.pixels())):
        classes = {
            name: judge.features_and_classes(x)[1] for name, x in (("source", source), ("made", made), ("again", again))
        }
        label = test.labels
        rows += [
            mean_row("kept", classes["made"] == label, way=way),
            mean_row("kept", classes["source"] == label, way=way, of="source"),
            mean_row("kept", classes["again"] == label, way=way, of="again"),
            mean_row("cycle", gap(again, source), way=way),
            mean_row("identity", gap(same, pair), way=way),
            mean_row("paired", gap(made, pair), way=way),
        ]
        matrix[way] = shares(label, classes["made"])
    return {"rows": rows, "matrix": matrix}


def translations(model: CycleGAN, x: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Yield five sets of images for both ways.

    They are sources, translations, translations of those back, targets translated like sources, and targets.

    Shapes: `x` and each set (N, 1, 28, 28).
    """

    @torch.no_grad()
    def look(part: Tensor, back: bool) -> tuple[Tensor, ...]:
        source, target = (kind(part.to(device_of(model))) for kind in model.domains[:: -1 if back else 1])
        made = model.translate(source, back)
        return source, made, model.translate(made, not back), model.translate(target, back), target

    for back in WAYS.values():
        yield in_chunks(x, partial(look, back=back), CHUNK)


def gap(a: Tensor, b: Tensor) -> Tensor:
    """Return the mean absolute difference of each pair of images: (N,)."""
    return (a - b).abs().flatten(1).mean(-1)


def shares(label: Tensor, classes: Tensor) -> list[list[float]]:
    """Return the share of each label's images that is classified as each class; the rows add up to 1.

    Shapes: `label` and `classes` (N,).
    """
    counts = torch.zeros(10, 10, dtype=torch.float64)
    counts.index_put_((label, classes), torch.ones(len(label), dtype=torch.float64), accumulate=True)
    return [[round(float(each), 4) for each in line] for line in counts / counts.sum(-1, keepdim=True)]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    kept, cycle = ([find(card, name, way=way)["value"] for way in WAYS] for name in ("kept", "cycle"))
    return f"class kept: {kept[0]:.1%} there, {kept[1]:.1%} back, cycle error {cycle[0]:.3f} and {cycle[1]:.3f}"
