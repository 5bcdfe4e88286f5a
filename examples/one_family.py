r"""One family of generative models, from the formula to a drawn digit: `.venv/bin/python -m examples.one_family`.

A fully visible belief network predicts each pixel from those before it, by one logistic regression a pixel:

$$ \log p(x) = \sum_d \log p(x_d \mid x_{<d}), \qquad p(x_d = 1 \mid x_{<d}) = \sigma(b_d + \sum_{e<d} W_{de} x_e) $$

Every family in `explorer/models/` has this form: a `space`, a `training_loss`, a sampler that yields each `Step`, and
the questions that it can answer. This one answers `log_prob`, and exactly.

Reference: Frey, Graphical Models for Machine Learning and Digital Communication, 1998
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import data
from explorer.models.sampled import Sampled
from explorer.spaces import BINARY
from explorer.steps import Step

HELD_OUT = 200


class BeliefNetwork(Sampled):
    """Fully visible sigmoid belief network of `pixels` pixels, in raster order."""

    space = BINARY

    def __init__(self, pixels: int = BINARY.dim):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(pixels, pixels)), nn.Parameter(torch.zeros(pixels))

    def logits(self, x: Tensor) -> Tensor:
        """Log-odds of each pixel given those before it; the diagonal and all above it are masked: (B, pixels)."""
        return F.linear(x, self.weight.tril(-1), self.bias)

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-probability in nats, by the chain rule: (B, *shape) to (B,)."""
        x = x.flatten(1)
        return -F.binary_cross_entropy_with_logits(self.logits(x), x, reduction="none").sum(1)

    def training_loss(self, x: Tensor) -> Tensor:
        """Mean of −log p(x): training is maximum likelihood."""
        return -self.log_prob(x).mean()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Draw one pixel after another from its conditional, and yield each; the last x is the sample."""
        x = torch.zeros(n, len(self.bias))
        for d in range(len(self.bias)):
            x[:, d] = torch.bernoulli(self.logits(x)[:, d].sigmoid(), generator=generator)
            yield Step(x.clone(), d, len(self.bias), time=d)


def train(model: BeliefNetwork, images: Tensor, steps: int = 400, seed: int = 0) -> None:
    """Maximise the likelihood of images by Adam on random batches of 100; the biases learn faster."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam([{"params": [model.weight], "lr": 0.003}, {"params": [model.bias], "lr": 0.1}])
    for _ in range(steps):
        batch = images[torch.randint(len(images), (100,), generator=generator)]
        optimizer.zero_grad()
        model.training_loss(batch).backward()
        optimizer.step()


if __name__ == "__main__":
    digits = data.bundled_binary_images("mnist")  # 2,000 digits that come with the app
    model = BeliefNetwork()
    train(model, digits[HELD_OUT:])
    nats = -model.log_prob(digits[:HELD_OUT]).mean().item()
    drawn = model.sample(1, generator=torch.Generator().manual_seed(1)).view(28, 28)
    print(f"−log p(x) of {HELD_OUT} held-out digits: {nats:.0f} nats. One draw:")  # noqa: T201
    print("\n".join("".join("█" if pixel else " " for pixel in row.repeat_interleave(2)) for row in drawn))  # noqa: T201
