r"""A GAN of points in the plane, with the non-saturating loss.

$$ L_D = -\log D(x) - \log(1 - D(G(z))), \qquad L_G = -\log D(G(z)) $$

Reference: Goodfellow et al., Generative Adversarial Nets, 2014, https://arxiv.org/abs/1406.2661
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.func import functional_call

from explorer.models.game import loss_of_d, loss_of_g
from explorer.models.live_nets import Live, network, one_step
from explorer.steps import Step

LOSS = "non-saturating"


class LiveGAN(Live):
    """Generator and discriminator with `width` units in each of two hidden layers."""

    title = "GAN"
    betas = (0.5, 0.9)  # of Adam
    cannot = {"log_prob": "a GAN defines no density"}

    def __init__(self, width: int, generator: torch.Generator):
        super().__init__()
        self.g = network([2, width, width, 2], generator, quick=2)
        self.d = network([2, width, width, 1], generator)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both players' losses; each loss has a gradient for its own player only."""
        made = self.g(torch.randn(x.shape, generator=generator))
        real, fake = self.d(torch.cat([x, made.detach()])).squeeze(-1).chunk(2)
        frozen = {name: weight.detach() for name, weight in self.d.named_parameters()}
        judged = functional_call(self.d, frozen, (made,)).squeeze(-1)
        return loss_of_d(LOSS, real, fake) + loss_of_g(LOSS, judged)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: generate points from noise."""
        return one_step(self.g(torch.randn(n, 2, generator=generator)))
