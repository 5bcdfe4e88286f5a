"""Recorded films of the first page, so that every family draws before anything is asked.

`python -m explorer.tabs.start.recorded` draws with each network, as the page does when it is asked, and keeps
`SHEET_FRAMES` images of the way: from the typical seed with which the page opens, then from that of a link that names
none. The sheet has the frames of one network after the other, seed by seed; the index names both in this order.
"""

import json
from collections.abc import Iterator

import torch
from torch import Tensor

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import make
from explorer.steps import Step
from explorer.tabs.kit.ask.nets import nets_of
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.typical import typical_seeds
from explorer.tabs.start.noise import begins, map_image, noise_image

DATASET = "mnist"
SHEET_FRAMES = 20
SHEET, INDEX = data.BUNDLED / f"start-{DATASET}.png", data.BUNDLED / f"start-{DATASET}.json"


def image_of(step: Step) -> Tensor:
    """Return the first image of a step, black where nothing is drawn yet: (1, 28, 28)."""
    x = map_image(step)[0].cpu()
    return x if step.known is None else torch.where(step.known.cpu(), x, torch.zeros_like(x))


def levels_of(x: Tensor) -> Tensor:
    """Round values in [0, 1], of any shape, to 256 levels, as unsigned bytes."""
    return (x.clamp(0, 1) * 255).round().to(torch.uint8)


def frames(net: str, seed: int) -> Iterator[Tensor]:
    """Yield `SHEET_FRAMES` images of the way from its noise, or from black, to what a network draws from a seed.

    Shapes: (1, 28, 28) each, levels from 0 to 255.
    """
    model = checkpoints.load(net)
    found = [levels_of(image_of(step)) for step in make.steps(model, make.together(model), seed)]
    yield levels_of(noise_image(seed, begins(net)))
    for share in torch.linspace(0, len(found) - 1, SHEET_FRAMES - 1).round().long().tolist():
        yield found[share]


def seeds() -> list[int]:
    """Return the recorded seeds."""
    return [typical_seeds()["start"]["map"][DATASET], SEED.default]


def record() -> None:
    """Draw with every network of the data set, and write the sheet and its index."""
    nets = nets_of(DATASET)
    images = torch.stack([image for seed in seeds() for net in nets for image in frames(net, seed)])
    data.write_sheet(images, SHEET)
    INDEX.write_text(json.dumps({"seeds": seeds(), "frames": SHEET_FRAMES, "nets": nets}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
