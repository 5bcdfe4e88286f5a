r"""A mixture of Gaussians of points in the plane, learned by expectation maximisation (EM) of its posterior (MAP).

$$ p(x) = \sum_k \pi_k \, \mathcal{N}(x; \mu_k, \Sigma_k), \qquad
   r_{ik} = \frac{\pi_k \mathcal{N}(x_i; \mu_k, \Sigma_k)}{\sum_j \pi_j \mathcal{N}(x_i; \mu_j, \Sigma_j)} $$

Each step computes the responsibilities r, then sets every component to the weighted mean and covariance of the points.
A weak prior on each covariance keeps a component from shrinking to one point. It counts as one more point, of variance
v = `MIXTURE_FLOOR`:

$$ \log p(\Sigma_k) = -\tfrac{1}{2} \log |\Sigma_k| - \tfrac{v}{2} \operatorname{tr} \Sigma_k^{-1} + \text{const} $$

So EM finds a maximum a posteriori: log-likelihood plus log-prior never falls, while the likelihood alone may fall.

References:
    Dempster, Laird & Rubin, Maximum Likelihood from Incomplete Data via the EM Algorithm, 1977
    Fraley & Raftery, Bayesian Regularization for Normal Mixture Estimation, 2007 (the prior on the covariances)
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from explorer.models.live_nets import Live, one_step
from explorer.steps import Step

COMPONENTS = 12
MIXTURE_FLOOR = 1e-3  # variance of the point that the prior on each covariance counts as
MIXTURE_SETTLED = 1e-6  # rise of log-likelihood and log-prior together, in nats a point, at which EM ends


class LiveMixture(Live):
    """Mixture of Gaussians with full covariances; without a number of them there is one for five units of `width`.

    It has no network, so `deeper` changes nothing.
    """

    title = "Mixture"

    shares: Tensor
    means: Tensor
    covariances: Tensor

    def __init__(self, width: int, deeper: int, generator: torch.Generator, components: int | None = None):
        super().__init__()
        components = components or max(2, round(width * COMPONENTS / 64))
        self.register_buffer("shares", torch.full((components,), 1 / components))
        self.register_buffer("means", torch.randn(components, 2, generator=generator))
        self.register_buffer("covariances", 0.5 * torch.eye(2).expand(components, 2, 2).clone())

    def joint(self, x: Tensor) -> Tensor:
        r"""Joint log-density $\log \pi_k + \log \mathcal{N}(x; \mu_k, \Sigma_k)$: (B, 2) to (B, K) nats."""
        roots = torch.linalg.cholesky(self.covariances)
        away = (x[:, None] - self.means).transpose(0, 1)  # (K, B, 2)
        white = torch.linalg.solve_triangular(roots, away.mT, upper=False)
        volumes = roots.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return (self.shares.log() - volumes - math.log(2 * math.pi)) - white.square().sum(1).T / 2

    def log_prob(self, x: Tensor) -> Tensor:
        """Exact log-density of points (B, 2), in nats: (B,)."""
        return self.joint(x).logsumexp(-1)

    def log_prior(self) -> Tensor:
        """Unnormalised log-prior of all covariances together, in nats: a scalar."""
        roots = torch.linalg.cholesky(self.covariances)
        volumes = roots.diagonal(dim1=-2, dim2=-1).log().sum()
        return -volumes - MIXTURE_FLOOR / 2 * torch.cholesky_inverse(roots).diagonal(dim1=-2, dim2=-1).sum()

    def fit_steps(self, x: Tensor, *, generator: torch.Generator) -> Iterator[float]:
        """Run EM on the points x (N, 2) from some of them as means; yield the penalised loss before each step.

        It is −log p(x) − log p(Σ), in nats a point.
        """
        self.means.copy_(x[torch.randint(len(x), (len(self.means),), generator=generator)])
        before = torch.inf
        while True:
            joint = self.joint(x)
            loss = -float(joint.logsumexp(-1).double().mean() + self.log_prior() / len(x))
            if before - loss < MIXTURE_SETTLED:
                return
            self.maximise(x, joint.softmax(-1))
            yield (before := loss)

    def maximise(self, x: Tensor, r: Tensor) -> None:
        """Set every component to the weighted mean and covariance of the points, given responsibilities r (N, K)."""
        counts = r.sum(0)
        held = counts > 1e-6  # a component without any point keeps its place
        means = (r.T @ x) / counts.clamp(min=1e-6)[:, None]
        away = x[:, None] - means
        scatter = torch.einsum("nk,nki,nkj->kij", r, away, away) + MIXTURE_FLOOR * torch.eye(2)
        self.shares.copy_((counts / len(x)).clamp(min=1e-12))
        self.means.copy_(means.where(held[:, None], self.means))
        self.covariances.copy_(
            (scatter / (counts + 1).clamp(min=1)[:, None, None]).where(held[:, None, None], self.covariances)
        )

    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        """Yield one step: draw a component for each point, then the point."""
        k = torch.multinomial(self.shares, n, replacement=True, generator=generator)
        noise = torch.randn(n, 2, 1, generator=generator)
        return one_step(self.means[k] + (torch.linalg.cholesky(self.covariances[k]) @ noise).squeeze(-1))
