"""Measures of the masked diffusion of texts."""

import torch
from torch import Tensor

from explorer.data import Texts
from explorer.device import device_of
from explorer.models.text_diffusion import TextDiffusion

CHUNK = 16
ROUNDING_TEXTS, ROUNDING_DRAWS = 64, 8


def pieces(codes: Tensor, length: int) -> Tensor:
    """Cut a text into pieces of `length` characters that do not overlap; the remainder is left out: (B, length)."""
    return codes[: len(codes) // length * length].view(-1, length)


@torch.no_grad()
def bounds(model: TextDiffusion, x: Tensor, seed: int, draws: int) -> Tensor:
    """Draw an unbiased estimate of minus the bound for each text (B, T), in nats a character: (B,)."""
    generator = torch.Generator().manual_seed(seed)
    parts = x.to(device_of(model)).split(CHUNK)
    found = torch.cat([model.elbo(part, generator=generator, draws=draws) for part in parts])
    return -found.double().cpu() / x.shape[1]


def objectives(model: TextDiffusion, held_out: Texts, training: dict) -> list[float]:
    """Return minus the bound on the first held-out texts in nats a character; the masks are fixed."""
    x = pieces(held_out.codes, model.context)[:ROUNDING_TEXTS]
    return [float(bounds(model, x, 0, ROUNDING_DRAWS).mean())]
