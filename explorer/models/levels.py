r"""Distributions over the grey levels of one pixel: two levels (Bernoulli) or 256 (a mixture of logistics).

Notation: a pixel has $L$ levels $0, \dots, L - 1$; its value is $x = \text{level} / (L - 1) \in [0, 1]$.

References:
    Salimans et al., PixelCNN++, 2017, https://arxiv.org/abs/1701.05517 (the mixture of logistics, section 2.1)
"""

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Bernoulli, Distribution, constraints

GREY_LEVELS = 256
SMALLEST_LOG_SCALE = -7.0


class Levels(Protocol):
    """A distribution over the levels of each pixel."""

    def log_prob(self, x: Tensor, /) -> Tensor:
        """Log-probabilities in nats, with the shape of `x`."""
        ...

    @property
    def log_probs(self) -> Tensor:
        """Log-probabilities of every level, in nats: the batch shape, then L."""
        ...

    @property
    def mean(self) -> Tensor:
        """Mean value of each pixel, in [0, 1]: the batch shape."""
        ...

    def draw(self, u: Tensor) -> Tensor:
        """Draw a value of each pixel from uniform numbers: the batch shape to the batch shape."""
        ...


class BinaryLevels(Bernoulli):
    """Two levels: a Bernoulli for each pixel, given its logit."""

    def __init__(self, parameters: Tensor):
        """Shapes: `parameters` (…, 1)."""
        super().__init__(logits=parameters.squeeze(-1), validate_args=False)

    @property
    def log_probs(self) -> Tensor:
        """Log-probabilities of black and white, in nats: (…, 2)."""
        return torch.stack([F.logsigmoid(-self.logits), F.logsigmoid(self.logits)], dim=-1)

    def draw(self, u: Tensor) -> Tensor:
        """Draw white if u is below its probability; shapes as `logits`."""
        return (u < self.probs).to(u)


class LogisticMixture(Distribution):
    r"""256 levels: the mass of a mixture of K logistics in each level's interval.

    $$ P(x) = \sum_k \pi_k \left[ \sigma\!\left(\frac{y + 1/255 - \mu_k}{s_k}\right)
       - \sigma\!\left(\frac{y - 1/255 - \mu_k}{s_k}\right) \right], \qquad y = 2x - 1, $$

    The interval of the lowest level extends to $-\infty$ and that of the highest to $\infty$, so that the probabilities
    sum to one.

    Reference: Salimans et al. 2017, equation 2.
    """

    arg_constraints: dict = {}

    @property
    def support(self) -> constraints.Constraint:
        """Interval of the levels."""
        return constraints.unit_interval

    def __init__(self, parameters: Tensor):
        """Shapes: `parameters` (…, 3K): mixture logits, means on the scale from −1 to 1, log scales."""
        self.parameters = parameters
        logits, self.means, log_scales = parameters.chunk(3, dim=-1)
        self.log_weights = logits.log_softmax(-1)
        self.log_scales = log_scales.clamp(min=SMALLEST_LOG_SCALE)
        super().__init__(parameters.shape[:-1], validate_args=False)

    def log_prob(self, x: Tensor) -> Tensor:
        """Shapes: `x` in [0, 1], of the batch shape or one that broadcasts with it; so is the result."""
        level = (x * (GREY_LEVELS - 1)).round().unsqueeze(-1)
        scaled = (2 * level / (GREY_LEVELS - 1) - 1 - self.means) * torch.exp(-self.log_scales)
        half = torch.exp(-self.log_scales) / (GREY_LEVELS - 1)
        upper, lower = scaled + half, scaled - half
        # log(σ(b) − σ(a)) = log σ(b) + log σ(−a) + log(1 − e^{a − b}), exact in both tails
        inside = F.logsigmoid(upper) + F.logsigmoid(-lower) + torch.log(-torch.expm1(-2 * half))
        mass = inside.where(level > 0, F.logsigmoid(upper)).where(level < GREY_LEVELS - 1, F.logsigmoid(-lower))
        return torch.logsumexp(self.log_weights + mass, dim=-1)

    @property
    def log_probs(self) -> Tensor:
        """Log-probabilities of all levels, in nats: (…, 256)."""
        values = torch.linspace(0, 1, GREY_LEVELS).to(self.parameters)
        return LogisticMixture(self.parameters.unsqueeze(-2)).log_prob(values)

    @property
    def mean(self) -> Tensor:
        r"""Mean of each pixel before it is rounded to a level: (…).

        $\mathbb{E}[\min(\max(y, -1), 1)] = -1 + \int_{-1}^{1} \sigma((\mu - y) / s) \, dy$ for every logistic.
        """
        scale = self.log_scales.exp()
        area = scale * (F.softplus((self.means + 1) / scale) - F.softplus((self.means - 1) / scale))
        return ((self.log_weights.exp() * area).sum(-1) / 2).clamp(0, 1)

    def draw(self, u: Tensor) -> Tensor:
        """Draw levels from uniform u: u selects the logistic, and its remainder the position in it; (…) to (…)."""
        cumulative = self.log_weights.exp().cumsum(-1)
        which = (cumulative <= u.unsqueeze(-1)).sum(-1, keepdim=True).clamp(max=cumulative.shape[-1] - 1)
        weight, upper, mean, log_scale = (
            each.gather(-1, which)[..., 0] for each in (self.log_weights.exp(), cumulative, self.means, self.log_scales)
        )
        left = (1 - (upper - u) / weight).clamp(1e-6, 1 - 1e-6)
        y = mean + log_scale.exp() * left.logit()
        return ((y + 1) / 2 * (GREY_LEVELS - 1)).round().clamp(0, GREY_LEVELS - 1) / (GREY_LEVELS - 1)


def check_temperature(temperature: float) -> None:
    """Raise ValueError unless the temperature is above 0 and below 1000."""
    if not 0 < temperature < 1_000:
        raise ValueError(f"temperature must be a number above 0 and below 1000, not {temperature!r}")


def temper(log_probs: Tensor, temperature: float | Tensor) -> Tensor:
    r"""Raise probabilities to the power $1/T$ and renormalise, in log-probabilities.

    Shapes: `log_probs` (…, L); `temperature` a number or (…).
    """
    if isinstance(temperature, Tensor):
        temperature = temperature.to(log_probs).unsqueeze(-1)
    return (log_probs / temperature).log_softmax(-1)


def entropy(log_probs: Tensor) -> Tensor:
    """Shannon entropy in nats: (…, L) to (…)."""
    return -(log_probs.exp() * log_probs.clamp(min=torch.finfo(log_probs.dtype).min)).sum(-1)


def draw_level(log_probs: Tensor, u: Tensor) -> Tensor:
    """Return the level at which the cumulative distribution passes `u`: the same `u` always gives the same level.

    Shapes: `log_probs` (…, L), `u` (…) in [0, 1); integers (…).
    """
    cumulative = log_probs.exp().cumsum(-1)
    passed = torch.searchsorted(cumulative, u.unsqueeze(-1).contiguous(), right=True).squeeze(-1)
    return passed.clamp(max=log_probs.shape[-1] - 1)
