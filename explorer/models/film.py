r"""Layers conditioned on a number: FiLM, here with a smooth basis over log β.

Reference: Perez et al., FiLM, 2017, https://arxiv.org/abs/1709.07871
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers


class BetaBasis(nn.Module):
    r"""Gaussian basis functions of $\log_{10} \beta$, and an indicator of a plain autoencoder (β = 0).

    $$ b_j(\beta) = \exp\left(-\tfrac{1}{2} \left(\frac{\log_{10} \beta - c_j}{w}\right)^2\right) $$

    Arguments:
        beta_min: Smallest β above zero.
        beta_max: Largest β.
        size: Number of basis functions, evenly spaced; $w$ is their spacing.
    """

    centres: Tensor

    def __init__(self, beta_min: float, beta_max: float, size: int):
        super().__init__()
        centres = torch.linspace(math.log10(beta_min), math.log10(beta_max), size, device="cpu")
        self.register_buffer("centres", centres, persistent=False)
        self.width = float(centres[1] - centres[0])
        self.features = size + 1

    def forward(self, beta: Tensor) -> Tensor:
        """Shapes: `beta` (B,); the result (B, size + 1)."""
        plain = (beta == 0).unsqueeze(-1)  # (B, 1)
        log_beta = beta.where(beta > 0, 1).log10().unsqueeze(-1)
        bumps = torch.exp(-0.5 * ((log_beta - self.centres) / self.width) ** 2)  # (B, size)
        return torch.cat([bumps.where(~plain, 0), plain.to(bumps)], dim=-1)


class FiLMLinear(nn.Module):
    r"""A linear layer scaled and shifted by β: $h = (W x + c) \odot (1 + \gamma_\beta) + \delta_\beta$."""

    def __init__(self, in_features: int, out_features: int, basis: int):
        super().__init__()
        self.linear = nn.Linear(in_features, out_features)
        self.film = nn.Linear(basis, 2 * out_features, bias=False)
        nn.init.zeros_(self.film.weight)

    def forward(self, x: Tensor, basis: Tensor) -> Tensor:
        """Shapes: `x` (B, inputs), `basis` (B, basis) or (1, basis); the result (B, outputs)."""
        gain, shift = self.film(basis).chunk(2, dim=-1)
        return self.linear(x) * (1 + gain) + shift


class FiLMStack(Layers[FiLMLinear]):
    """FiLM layers with SiLU between them and nothing after the last.

    Half-precision autocast applies to the wide layers only: codes have σ down to about 0.005, too fine for bfloat16.
    """

    NARROW = 256

    def __init__(self, widths: Sequence[int], basis: int):
        super().__init__(FiLMLinear(a, b, basis) for a, b in zip(widths, widths[1:]))

    def forward(self, x: Tensor, basis: Tensor) -> Tensor:
        """Shapes: `x` (B, widths[0]), `basis` (B, basis) or (1, basis); the result (B, widths[-1])."""
        for index, layer in enumerate(self):
            if layer.linear.in_features > self.NARROW:
                x = layer(x, basis)
            else:
                with torch.autocast(x.device.type, enabled=False):
                    x = layer(x.to(layer.linear.weight.dtype), basis)
            if index + 1 < len(self):
                x = F.silu(x)
        return x.to(basis.dtype)
