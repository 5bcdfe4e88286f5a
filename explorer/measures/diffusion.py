"""What is measured of a diffusion: its loss over time, its variational bound, guidance, and its samples."""

import torch

from explorer import data
from explorer.measures.common import device_of
from explorer.models.diffusion import Diffusion

ROUNDING_IMAGES = 500
CHUNK = 50  # what fits the cache of a processor


@torch.no_grad()
def objectives(model: Diffusion, held_out: data.Split) -> list[float]:
    """Half the squared error of the predicted noise, in nats, at random times of the first held-out images."""
    generator = torch.Generator().manual_seed(0)
    split = held_out[:ROUNDING_IMAGES]
    parts = zip(split.pixels().to(device_of(model)).split(CHUNK), split.labels.split(CHUNK))
    losses = [model.training_loss(x, {"label_dropout": 0.15}, generator=generator, label=y) for x, y in parts]
    pixels = split.images[0].numel()
    return [pixels / 2 * float(torch.stack(losses).double().mean())]
