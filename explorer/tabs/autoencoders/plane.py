"""Server function of a denoising autoencoder in the plane: its residual as a field, and where points go."""

import torch

from explorer.measures.plane_denoiser import known_density
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.networks import checkpoints
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.autoencoders import answers
from explorer.tabs.autoencoders.fields import VIEW, Drops, Exact, PlaneNet, Sigma
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.numbers.answer import Answer, Table

ARROWS, SHADES = 17, 56  # cells a side, as in `stages/kit/plane/field_paint.js`
SIGMAS = (0.05, 0.1, 0.2, 0.4, 0.8)  # of the networks
AGAIN = 20  # reconstructions of a dropped point in a row


def cells(count: int) -> torch.Tensor:
    """Return the centres of the cells of the displayed square (count², 2), row by row from the top left."""
    places = ((2 * torch.arange(count) + 1) / count - 1) * VIEW
    down, across = torch.meshgrid(-places, places, indexing="ij")
    return torch.stack([across, down], -1).flatten(0, 1)


@light
@torch.no_grad()
def residual_field(net: PlaneNet, sigma: Sigma, exact: Exact, drops: Drops) -> Answer:
    """Return the denoising residual over σ² beside an exact score, and the way of points reconstructed repeatedly."""
    model: PlaneDenoiser = checkpoints.load(net)
    width, dataset = model.sigmas[sigma], dataset_of(net)
    density = known_density(dataset, width if exact == "noised" else 0.0)
    points, shades = cells(ARROWS), density.log_prob(cells(SHADES))
    residual, score = model.residual(points, width), density.score(points)
    frames = [torch.tensor(drops, dtype=torch.float32).view(-1, 2)]
    for _ in range(AGAIN if drops else 0):
        frames.append(model.reconstruct(frames[-1], width))
    scale = known_density(dataset, width).sigma
    columns = ("x", "y", "residual x", "residual y", "score x", "score y")
    rows = torch.cat([points, residual, score], 1).tolist()
    view = {
        "shades": pack((shades - shades.max()).exp(), torch.float32),
        "arrows": {
            name: pack(each, torch.float32) for name, each in (("points", points), ("pull", residual), ("score", score))
        },
        "scale": scale,
        "frames": [round_numbers(frame.flatten()) for frame in frames],
    }
    table = Table([dict(zip(columns, row, strict=True)) for row in rows])
    shown = Answer(table=table, charts=[], strips=[], view=view)
    return shown | answers.residual_answer(checkpoints.card_of(net), width, exact, known_density(dataset).means, frames)
