r"""A restricted Boltzmann machine: binary pixels v and hidden units h, with a weight between every pixel and unit.

$$ E(v, h) = -v^\top b - h^\top c - h^\top W v, \qquad p(v) = \frac{1}{Z} \sum_h e^{-E(v, h)} = \frac{e^{-F(v)}}{Z} $$

The units are independent given the pixels, and the pixels given the units. So each layer is drawn at once (block
Gibbs), and h can be summed out analytically, which gives the free energy F. Only Z, a sum over 2⁷⁸⁴ images, is unknown;
annealed importance sampling estimates it.

References:
    Smolensky, Information Processing in Dynamical Systems: Foundations of Harmony Theory, 1986
    Hinton, Training Products of Experts by Minimizing Contrastive Divergence, 2002
    Tieleman, Training Restricted Boltzmann Machines using Approximations to the Likelihood Gradient, 2008
    Salakhutdinov & Murray, On the Quantitative Analysis of Deep Belief Networks, 2008
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.sampled import Sampled
from explorer.spaces import BINARY
from explorer.steps import Number, Step

PIXELS = BINARY.dim
FANTASY_STEPS = PIXELS - 1  # with the start, as many evaluations as a raster has pixels
FILLING_STEPS = 200


@dataclass(frozen=True)
class LogZ:
    """Estimate of log Z in nats, with its standard error, and the log-weight of every chain (chains,)."""

    value: float
    se: float
    log_weights: Tensor


class RBM(Sampled):
    """Boltzmann machine of 784 binary pixels and some hidden units.

    Arguments:
        hidden: Number of hidden units.
        white: Share of white pixels in samples before training.
    """

    title, family, space = "RBM", "rbm", BINARY
    loss_unit = "free energy of images less that of chains"
    represents = "the probability of each hidden unit"
    completes = "Gibbs steps, while what is known is held"
    numbers = {
        "free_energy": Number("free energy", "nats", curve=True),
        "flipped": Number("pixels that this step flipped", curve=True),
    }
    cannot = {
        "label": "this Boltzmann machine was trained without labels, so it cannot be asked for a class",
        "log_prob": "log Z, a sum over 2⁷⁸⁴ images, can only be estimated, and has not been yet",
        "interpolate": "the hidden units of an image are drawn at random, and between two draws there is no way",
    }

    def __init__(self, hidden: int = 500, white: float = 0.13):
        super().__init__()
        self.latent = hidden
        self.weight = nn.Parameter(0.01 * torch.randn(hidden, PIXELS))
        self.visible_bias = nn.Parameter(torch.full((PIXELS,), math.log(white / (1 - white))))
        self.hidden_bias = nn.Parameter(torch.zeros(hidden))
        self.chains: Tensor | None = None
        self.centres: tuple[Tensor, Tensor] | None = None
        self.log_z: tuple[float, float] | None = None

    def read_log_z(self, card: Mapping[str, Any]) -> None:
        """Read log Z and its standard error, in nats, from the card of these weights, if it has them."""
        rows = [row for row in card.get("rows", []) if row.get("name") == "log_z" and "way" not in row]
        self.log_z = (rows[0]["value"], rows[0]["se"]) if rows else None

    def hidden_logits(self, v: Tensor) -> Tensor:
        """Log-odds of each unit, given pixels: (B, 784) to (B, hidden)."""
        return F.linear(v, self.weight, self.hidden_bias)

    def visible_logits(self, h: Tensor) -> Tensor:
        """Log-odds of white for each pixel, given units: (B, hidden) to (B, 784)."""
        return F.linear(h, self.weight.T, self.visible_bias)

    def free_energy(self, x: Tensor) -> Tensor:
        r"""Free energy $F(v) = -v^\top b - \sum_j \log(1 + e^{c_j + W_j v})$ in nats: (B, …) to (B,).

        It equals −log p(x) up to log Z.
        """
        v = x.flatten(1)
        return -v @ self.visible_bias - F.softplus(self.hidden_logits(v)).sum(-1)

    def estimate(self, x: Tensor) -> tuple[Tensor, float]:
        """Estimate log p(x) = −F(x) − log Z in nats with the card's log Z, (B,), and the common standard error."""
        assert self.log_z is not None, "`read_log_z` reads it"
        value, se = self.log_z
        return -self.free_energy(x) - value, se

    def features(self, x: Tensor) -> Tensor:
        """Probability of each hidden unit: (B, 1, 28, 28) to (B, hidden)."""
        return self.hidden_logits(x.flatten(1)).sigmoid()

    @torch.no_grad()
    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Free energy (B,) of x (B, 1, 28, 28) in nats: an anomaly score up to log Z, without random draws."""
        return self.free_energy(x)

    @torch.no_grad()
    def gibbs(self, v: Tensor, generator: torch.Generator, steps: int = 1) -> Tensor:
        """Draw all units, then all pixels, `steps` times: (B, 784) to (B, 784)."""
        for _ in range(steps):
            h = bernoulli(self.hidden_logits(v).sigmoid(), generator)
            v = bernoulli(self.visible_logits(h).sigmoid(), generator)
        return v

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """F of images (B, 1, 28, 28) minus F of the persistent chains' samples; its gradient is the centred one.

        The chains continue from batch to batch, by the recipe's `gibbs_steps` each time; the first batch starts them.
        """
        v = x.flatten(1)
        chains = v if self.chains is None or len(self.chains) != len(v) else self.chains
        self.chains = self.gibbs(chains, generator, recipe["gibbs_steps"])
        with torch.no_grad():
            loss = self.free_energy(v).mean() - self.free_energy(self.chains).mean()
            gradients = self.centred_gradient(v, self.chains)
        parameters = (self.weight, self.visible_bias, self.hidden_bias)
        surrogate = sum((each * gradient).sum() for each, gradient in zip(parameters, gradients))
        return surrogate + (loss - surrogate).detach()

    def centred_gradient(self, v: Tensor, chains: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        r"""Compute the gradient of −log p for weights (hidden, 784) and both biases, centred at the means.

        $$ \nabla W = \langle (h - \lambda)(v - \mu)^\top \rangle_{chains} - \langle \cdot \rangle_{images}, \quad
        \nabla b = \langle v \rangle_{chains} - \langle v \rangle_{images} - \lambda^\top \nabla W, \quad
        \nabla c = \langle h \rangle_{chains} - \langle h \rangle_{images} - \nabla W \mu $$

        It is the gradient of the same machine in other parameters, so it has the same zeros as the plain one. It does
        not depend on which colour is called 1. μ and λ are running means over the images.

        Shapes: `v` (B, 784), `chains` (C, 784); the results (hidden, 784), (784,) and (hidden,).

        Reference: Melchior, Fischer & Wiskott, How to Center Deep Boltzmann Machines, 2016
        """
        p, q = self.hidden_logits(v).sigmoid(), self.hidden_logits(chains).sigmoid()
        mu, lam = (v.mean(0), p.mean(0)) if self.centres is None else self.centres
        mu, lam = torch.lerp(mu, v.mean(0), 0.01), torch.lerp(lam, p.mean(0), 0.01)
        self.centres = mu, lam
        weight = (q - lam).T @ (chains - mu) / len(chains) - (p - lam).T @ (v - mu) / len(v)
        visible = chains.mean(0) - v.mean(0) - lam @ weight
        return weight, visible, q.mean(0) - p.mean(0) - weight @ mu

    @torch.no_grad()
    def gibbs_steps(
        self, x: Tensor, steps: int, *, generator: torch.Generator, known: Tensor | None = None
    ) -> Iterator[Step]:
        """Yield Gibbs steps from images (B, 1, 28, 28); the first step is the start.

        A step's `numbers` hold the `free_energy` (B,) in nats and the number of `flipped` pixels (B,). Its picture `p`
        is the probability of white for each pixel. `known` pixels, booleans of the shape of x, stay as they are.
        """
        yield Step(x, 0, steps + 1, 0, {"p": x}, {"free_energy": self.free_energy(x), "flipped": x.new_zeros(len(x))})
        for index in range(1, steps + 1):
            h = bernoulli(self.hidden_logits(x.flatten(1)).sigmoid(), generator)
            p = self.visible_logits(h).sigmoid().view(x.shape)
            before, x = x, bernoulli(p, generator)
            if known is not None:
                x, p = torch.where(known, before, x), torch.where(known, before, p)
            numbers = {"free_energy": self.free_energy(x), "flipped": (x != before).flatten(1).sum(-1).float()}
            yield Step(x, index, steps + 1, index, {"p": p}, numbers)

    def sample_steps(self, n: int, *, generator: torch.Generator, steps: int = FANTASY_STEPS) -> Iterator[Step]:
        """Return Gibbs steps from noise, uniform over black and white in every pixel: (n, 1, 28, 28)."""
        noise = self.space.noise(n, generator).to(self.weight)
        return self.gibbs_steps(noise, steps, generator=generator)

    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, steps: int = FILLING_STEPS
    ) -> Iterator[Step]:
        """Return Gibbs steps on the unknown pixels, which start as noise; `x` and `known` (B, 1, 28, 28)."""
        noise = self.space.noise(len(x), generator).to(x)
        return self.gibbs_steps(torch.where(known, x, noise), steps, generator=generator, known=known)


def bernoulli(p: Tensor, generator: torch.Generator) -> Tensor:
    """Draw ones with probability p, of any shape, else zeros; the noise comes from the CPU."""
    return (torch.rand(p.shape, generator=generator).to(p) < p).to(p)


def base_rates(x: Tensor) -> Tensor:
    """Log-odds of white for every pixel over binary images (N, 1, 28, 28), plus one image of each colour: (784,)."""
    return ((x.flatten(1).sum(0) + 1) / (len(x) + 2)).logit()


@torch.no_grad()
def ais(
    model: RBM,
    base: Tensor,
    *,
    between: int,
    chains: int,
    generator: torch.Generator,
    start: Tensor | None = None,
) -> LogZ:
    r"""Estimate log Z by annealed importance sampling, from a machine without weights, whose Z is known, to this one.

    $$ \log p_\beta^*(v) = v^\top ((1 - \beta) a + \beta b) + \sum_j \log(1 + e^{\beta (c_j + W_j v)}) $$

    Every chain's weight is an unbiased estimate of Z / Z₀, so the logarithm of their mean is too low on average. With a
    `start` (chains, 784) drawn from this machine the chains run in reverse: their weights estimate Z₀ / Z. The result
    is then too high on average, if the start really follows the machine's distribution.

    Arguments:
        base: Log-odds a of the pixels of the machine without weights: (784,).
        between: Number of steps from β = 0 to β = 1.

    References:
        Salakhutdinov & Murray 2008, section 4.1; Burda, Grosse & Salakhutdinov, Accurate and Conservative Estimates of
        MRF Log-likelihood using Reverse Annealing, 2015, https://arxiv.org/abs/1412.8566
    """
    betas = torch.linspace(0, 1, between + 1).tolist()
    at_zero = len(model.hidden_bias) * math.log(2) + float(F.softplus(base.double()).sum())
    v = bernoulli(base.sigmoid().expand(chains, -1), generator) if start is None else start
    log_weights = torch.zeros(len(v), dtype=torch.float64)
    pairs = list(zip(betas, betas[1:]))
    for low, high in pairs if start is None else reversed(pairs):
        if start is not None:
            v = annealed_step(model, base, v, high, generator)
        ratio = log_ratio(model, base, v, low, high)
        log_weights += (ratio if start is None else -ratio).double().cpu()
        if start is None:
            v = annealed_step(model, base, v, high, generator)
    value = float(log_weights.logsumexp(0) - math.log(len(v)))
    se = float((log_weights - value).exp().std() / math.sqrt(len(v)))
    return LogZ(at_zero + (value if start is None else -value), se, log_weights)


def log_ratio(model: RBM, base: Tensor, v: Tensor, low: float, high: float) -> Tensor:
    """Log p* of pixels (B, 784) in the machine at the higher β minus that at the lower, in nats: (B,).

    Shapes: `base` (784,), as for `ais`.
    """
    logits = model.hidden_logits(v)
    units = F.softplus(high * logits).sum(-1) - F.softplus(low * logits).sum(-1)
    return (high - low) * (v @ (model.visible_bias - base)) + units


def annealed_step(model: RBM, base: Tensor, v: Tensor, beta: float, generator: torch.Generator) -> Tensor:
    """Make a Gibbs step of pixels (B, 784) in the machine at β; `base` (784,)."""
    h = bernoulli((beta * model.hidden_logits(v)).sigmoid(), generator)
    return bernoulli(((1 - beta) * base + beta * model.visible_logits(h)).sigmoid(), generator)
