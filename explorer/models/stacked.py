"""Several networks of one shape as one batch: small trainings of several seeds cost little more than one."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import linear


class Stacked(nn.Module):
    """Copies of networks of linear layers with SiLU between them; each is evaluated at its own inputs.

    Arguments:
        nets: The networks, N of them, all of one shape.
    """

    def __init__(self, nets: Sequence[nn.Sequential]):
        super().__init__()
        layers = range(0, len(nets[0]), 2)
        each = [[linear(net, k) for net in nets] for k in layers]
        self.weights = nn.ParameterList([torch.stack([one.weight.detach().T for one in row]) for row in each])
        self.biases = nn.ParameterList([torch.stack([one.bias.detach()[None] for one in row]) for row in each])

    def forward(self, x: Tensor) -> Tensor:
        """Outputs of all networks, each at its own inputs (N, B, in): (N, B, out)."""
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(bias, F.silu(x) if place else x, weight)
        return x

    def derivative(self, x: Tensor, dx: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs at inputs x, and their derivative along dx, in one pass: (N, B, in) twice to (N, B, out) twice."""
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            if place:
                gate = x.sigmoid()
                x, dx = x * gate, dx * gate * (1 + x * (1 - gate))
            x, dx = torch.baddbmm(bias, x, weight), torch.bmm(dx, weight)
        return x, dx
