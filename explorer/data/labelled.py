"""Known distributions with labels, on the line and in the plane: mixtures of Gaussians, some of the class y."""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Labelled:
    """Mixture of isotropic Gaussians with labels.

    Arguments:
        weights: Weight of each component (K,); they sum to 1.
        means: Means (K, D).
        widths: Standard deviations (K,).
        labels: Label of each component (K,).
    """

    weights: Tensor
    means: Tensor
    widths: Tensor
    labels: Tensor

    @property
    def dim(self) -> int:
        """Number of dimensions D."""
        return self.means.shape[1]

    def given(self, label: int) -> "Labelled":
        """Return the mixture given a label, p(x | y)."""
        kept = self.labels == label
        weights = self.weights[kept] / self.weights[kept].sum()
        return Labelled(weights, self.means[kept], self.widths[kept], self.labels[kept])

    def blur(self, sigma: float) -> "Labelled":
        """Return the distribution of x + σ ε."""
        return replace(self, widths=(self.widths**2 + sigma**2).sqrt())

    def log_joint(self, x: Tensor) -> Tensor:
        """Log-density of points (…, D) with each component, in nats: (…, K)."""
        squares = sum((x[..., d, None] - self.means[:, d]).square() for d in range(self.dim))
        constant = self.weights.log() - self.dim * (self.widths.log() + math.log(2 * math.pi) / 2)
        return constant - squares / (2 * self.widths**2)

    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density of points (…, D), in nats: (…,)."""
        return self.log_joint(x).logsumexp(-1)

    def shares(self, x: Tensor) -> Tensor:
        """Posterior probability of each component at points (…, D): (…, K)."""
        return self.log_joint(x).softmax(-1)

    def score(self, x: Tensor) -> Tensor:
        r"""Score $\nabla \log p$ at points (…, D): (…, D)."""
        pulls = self.shares(x) / self.widths**2
        return pulls @ self.means - pulls.sum(-1, keepdim=True) * x

    def cdf(self, x: Tensor) -> Tensor:
        """Cumulative distribution on the line at x (N,): (N,)."""
        return torch.special.ndtr((x[:, None] - self.means[:, 0]) / self.widths) @ self.weights

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw points (n, D)."""
        which = torch.multinomial(self.weights, n, replacement=True, generator=generator)
        noise = torch.randn(n, self.dim, generator=generator, dtype=self.means.dtype)
        return self.means[which] + self.widths[which, None] * noise


def _on_line(*parts: tuple[float, float, float, int]) -> Labelled:
    weights, means, widths, labels = zip(*parts, strict=True)
    columns = [torch.tensor(each, dtype=torch.float64) for each in (weights, means, widths)]
    return Labelled(columns[0], columns[1][:, None], columns[2], torch.tensor(labels))


def _in_plane(wanted: Tensor, other: Tensor, width: float) -> Labelled:
    means, count = torch.cat([wanted, other]).double(), len(wanted) + len(other)
    weights, widths = torch.full((count,), 1 / count).double(), torch.full((count,), width).double()
    return Labelled(weights, means, widths, torch.tensor([0] * len(wanted) + [1] * len(other)))


def _arc(count: int, start: float, stop: float, radius: float, x: float = 0.0, y: float = 0.0) -> Tensor:
    angles = start + (stop - start) * (torch.arange(count) + 0.5) / count
    return torch.stack([x + radius * angles.cos(), y + radius * angles.sin()], dim=-1)


_RING = _arc(8, 0, 2 * math.pi, 1.5)
LABELLED_TITLES = {
    "beside": "A mode beside the other label",
    "apart": "Two overlapping labels",
    "inside": "Inside the other label",
    "crescents": "Two crescents",
    "ring": "Every second of eight",
}
LABELLED = {
    "beside": _on_line((0.3, -1.5, 0.3, 0), (0.2, 0.9, 0.3, 0), (0.5, 1.6, 0.3, 1)),
    "apart": _on_line((0.5, -1, 0.5, 0), (0.5, 1, 0.5, 1)),
    "inside": _on_line((0.5, 0, 0.5, 0), (0.5, 0, 1, 1)),
    "crescents": _in_plane(_arc(12, 0, math.pi, 1.2, -0.6, -0.3), _arc(12, math.pi, 2 * math.pi, 1.2, 0.6, 0.3), 0.16),
    "ring": _in_plane(_RING[::2], _RING[1::2], 0.25),
}
"""The class y is label 0, the other label is 1."""
