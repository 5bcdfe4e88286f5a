"""A flow of points in the plane: spline or affine couplings, trained by maximum likelihood."""

import torch
from torch import Tensor

from explorer.models.layers import linear
from explorer.models.live_nets import QUICK, draw_weights, hidden_widths
from explorer.models.plane_flow import PlaneCoupling, PlaneFlow

LAYERS = 2


class LiveFlow(PlaneFlow):
    """Flow of couplings of one kind, whose networks have two hidden layers with `width` / 2 units each."""

    title = "Flow"

    def __init__(self, width: int, deeper: int, generator: torch.Generator, kind: str = "spline", layers: int = LAYERS):
        super().__init__(kind, layers, max(4, width // 2), len(hidden_widths(width, 2, deeper)))
        draw_weights(self, generator)
        with torch.no_grad():
            for coupling in self.transforms:
                assert isinstance(coupling, PlaneCoupling)
                first, last = linear(coupling.theta, 0), linear(coupling.theta, -1)
                first.weight *= QUICK
                last.weight *= 0.1  # near the identity
                last.bias.mul_(0.1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x) of points x (B, 2), in nats."""
        return -self.log_prob(x).mean()
