r"""A GAN of points in the plane, with the non-saturating loss, or as a WGAN-GP.

$$ L_D = -\log D(x) - \log(1 - D(G(z))), \qquad L_G = -\log D(G(z)) $$

A WGAN-GP has a critic f instead of D, and a penalty on its slope (`explorer/models/game.py`).

References:
    Goodfellow et al., Generative Adversarial Nets, 2014, https://arxiv.org/abs/1406.2661
    Gulrajani et al., Improved Training of Wasserstein GANs, 2017, https://arxiv.org/abs/1704.00028
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.game import PENALTY, gradient_penalty, loss_of_d, loss_of_g
from explorer.models.live_nets import Live, hidden_widths, network, one_step
from explorer.steps import Step


class LiveGAN(Live):
    """Generator and discriminator of two hidden layers with `width` units each.

    The learning rate of the discriminator is `fast` times that of the generator.
    """

    title = "GAN"
    betas = (0.5, 0.9)  # of Adam
    cannot = {"log_prob": "a GAN defines no density"}

    def __init__(
        self,
        width: int,
        deeper: int,
        generator: torch.Generator,
        loss: str = "non-saturating",
        fast: float = 1.0,
    ):
        super().__init__()
        self.loss, self.rates = loss, {"d": fast}
        layers = hidden_widths(width, 2, deeper)
        self.g = network([2, *layers, 2], generator, quick=2)
        self.d = network([2, *layers, 1], generator)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both players' losses for points x (B, 2); each loss has a gradient for its own player only."""
        made = self.g(torch.randn(x.shape, generator=generator))
        real, fake = self.d(torch.cat([x, made.detach()])).squeeze(-1).chunk(2)
        self.d.requires_grad_(False)
        judged = self.d(made).squeeze(-1)
        self.d.requires_grad_(True)
        both = loss_of_d(self.loss, real, fake) + loss_of_g(self.loss, judged)
        if self.loss != "wgan-gp":
            return both
        places = torch.rand(len(x), 1, generator=generator)
        return both + PENALTY * gradient_penalty(self.d, x, made, places)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: generate points from noise."""
        return one_step(self.g(torch.randn(n, 2, generator=generator)))
