"""A flow of points in the plane: spline or affine couplings, trained by maximum likelihood."""

import torch
from torch import Tensor

from explorer.models.live_nets import QUICK, draw_weights, hidden_widths
from explorer.models.plane_flow import PlaneFlow

LAYERS = 2


class LiveFlow(PlaneFlow):
    """Flow of couplings of one kind, whose networks have two hidden layers with `width` / 2 units each."""

    title = "Flow"

    def __init__(self, width: int, deeper: int, generator: torch.Generator, kind: str = "spline", layers: int = LAYERS):
        super().__init__(kind, layers, max(4, width // 2), len(hidden_widths(width, 2, deeper)))
        draw_weights(self, generator)
        with torch.no_grad():
            for coupling in self.transforms:
                coupling.theta[0].weight *= QUICK
                coupling.theta[-1].weight *= 0.1  # near the identity
                coupling.theta[-1].bias *= 0.1

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x) of points x (B, 2), in nats."""
        return -self.log_prob(x).mean()
