r"""Flow matching of points in the plane, by four networks that differ only in the coupling of noise and points.

| coupling | pairs $(x_0, x_1)$ whose straight lines a network learns |
| --- | --- |
| independent | independent noise and points |
| ot | noise and points of a minibatch, paired to minimise the sum of squared distances |
| reflow-1 | noise, and the end of the independent network's ODE from it |
| reflow-2 | noise, and the end of the ODE of reflow-1 from it |

All have the same marginals at t = 0 and 1, up to the networks' errors. A network learns the mean velocity of all lines
through a point. The more these lines agree, the straighter are its paths. With an optimal pairing of all points the
lines would never cross; those of a minibatch cross sometimes, and reflow reduces crossings in each round.

References:
    Lipman et al., Flow Matching for Generative Modeling, 2023, https://arxiv.org/abs/2210.02747
    Tong et al., Improving and Generalizing Flow-Based Generative Models with Minibatch Optimal Transport, 2024,
    https://arxiv.org/abs/2302.00482
    Liu et al., Flow Straight and Fast: Learning to Generate and Transfer Data with Rectified Flow, 2023,
    https://arxiv.org/abs/2209.03003
"""

import math
from collections.abc import Iterator
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.toys import Mixture
from explorer.models.divergence import exact_divergence
from explorer.models.flow_matching import spread_times
from explorer.models.layers import Layers, NamedLayers, linear
from explorer.models.ode import adaptive
from explorer.models.sampled import Sampled
from explorer.models.spherical import straight_path
from explorer.models.transport import optimal_pairs
from explorer.models.velocity_field import VelocityField
from explorer.spaces import PLANE
from explorer.steps import Step

COUPLINGS = ("independent", "ot", "reflow-1", "reflow-2")
"""Couplings in the order of their training, one cycle of the recipe each."""
BEFORE = {"reflow-1": "independent", "reflow-2": "reflow-1"}
"""Network whose ODE generates the pairs of each reflow."""
FREQUENCIES, BLOCKS = 4, 3
NO_SCORE = (
    "the formula takes x₀ for Gaussian noise whatever x₁ is; here the noise was chosen for its point, so that given x₁ "
    "it is not"
)
"""Reason why only the velocity of the independent coupling gives a score."""
EDGE = 0.03  # added to 1 − t in its logarithm: near the data the field changes quickly
PAIRED = 125  # points of a minibatch that are paired at once
SOLVED = 50  # steps of Heun's method for a density: at the data, 100 steps differ by 0.003 nats
TOLERANCES, MOST_STEPS = (1e-3, 1e-4), 1_000  # of the adaptive solver for the density of one point, which may be far
PLANE_FM_POOL, POOL_STEPS = 50_000, 50  # pairs of a reflow, and the steps of Heun's method for each
LOST = 10.0  # from the origin: all data lie within half this distance


class PlaneVelocity(VelocityField):
    """One network of three residual blocks over points (B, 2).

    Arguments:
        width: Units in each layer.
    """

    space = PLANE
    path = staticmethod(straight_path)  # in two dimensions any length of noise is typical
    steps = 20

    def __init__(self, width: int):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(2 + 2 + 2 * FREQUENCIES, width))
        self.blocks = Layers(
            nn.Sequential(nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width)) for _ in range(BLOCKS)
        )
        self.last = nn.Sequential(nn.SiLU(), nn.Linear(width, 2))
        for block in self.blocks:
            last = linear(block, -1)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def velocity(self, x: Tensor, t: Tensor | float, label: Tensor | None = None) -> Tensor:
        r"""Velocity $v_\theta(x_t, t)$: (B, 2); `t` one time or (B,). There are no labels."""
        t = torch.as_tensor(t, dtype=x.dtype, device=x.device).expand(len(x))
        h = self.first(torch.cat([x, time_features(t)], dim=-1))
        for block in self.blocks:
            h = h + block(h)
        return self.last(h)

    @property
    def is_untrained(self) -> bool:
        """True if every block still adds zero, as at initialisation."""
        return not any(bool(linear(block, -1).weight.any()) for block in self.blocks)

    def log_prob(self, x: Tensor, *, steps: int = SOLVED) -> Tensor:
        """Log-density of points (B, 2) in nats, with the exact trace at every step of Heun's method: (B,)."""
        times = [1 - index / steps for index in range(steps + 1)]
        return self.log_density(x, exact_divergence, steps=times)


class PlaneFlowMatching(Sampled):
    """One network for each coupling.

    Methods use the independent coupling unless `coupling` names another.

    Arguments:
        width: Units in each layer.
    """

    title = "Flow matching"
    loss_unit = "mean squared error of v̂"
    space = PLANE
    numbers, evaluations = VelocityField.numbers, 2
    interpolating_evaluations = evaluations
    cannot = {
        "label": "the points have no classes",
        "complete": "its networks were never shown a point with a coordinate missing",
    }

    def __init__(self, width: int = 128):
        super().__init__()
        self.nets = NamedLayers({name: PlaneVelocity(width) for name in COUPLINGS})
        self.pairs: dict[str, tuple[Tensor, Tensor]] = {}

    def net(self, coupling: str = "independent") -> PlaneVelocity:
        """Return one of the networks.

        Raises:
            ValueError: if there is none of that name.
        """
        if coupling not in self.nets:
            raise ValueError(f"there is no coupling “{coupling}”: choose one of {', '.join(self.nets)}")
        return self.nets[coupling]

    def velocity(self, x: Tensor, t: Tensor | float, coupling: str = "independent") -> Tensor:
        r"""Velocity $v_\theta(x_t, t)$: (B, 2); `t` one time or (B,)."""
        return self.net(coupling).velocity(x, t)

    def score(self, x: Tensor, t: float, coupling: str = "independent") -> Tensor:
        r"""Score $\nabla \log p_t(x)$ of points (B, 2) at a time t < 1: (B, 2).

        Raises:
            ValueError: if the coupling is not independent; the message says why.
        """
        if coupling != "independent":
            raise ValueError(f"there is no score by the coupling “{coupling}”: {NO_SCORE}")
        return score_of(x, t, self.velocity(x, t))

    def log_prob(self, x: Tensor, coupling: str = "independent", **how) -> Tensor:
        """Log-density of points (B, 2) in nats, exact up to the solver's error: (B,)."""
        return self.net(coupling).log_prob(x, **how)

    def log_prob_adaptive(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Log-density of one point (1, 2) in nats by adaptive steps, and the solver's error: (1,) each.

        The error is the difference that a ten times larger tolerance makes.

        Raises:
            ValueError: if the field takes more than `MOST_STEPS` steps.
        """
        coarse, fine = (
            self.net().log_density(
                x, exact_divergence, steps=[1.0, 0.0], solver=partial(adaptive, tolerance=tolerance, most=MOST_STEPS)
            )
            for tolerance in TOLERANCES
        )
        return fine, (fine - coarse).abs()

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw the starts of n paths: (n, 2)."""
        return self.net("independent").noise(n, generator)

    def sample_steps(
        self, n: int, *, generator: torch.Generator, coupling: str = "independent", **how
    ) -> Iterator[Step]:
        """Yield the steps from noise to n points; `VelocityField.sample_steps` lists further arguments."""
        return self.net(coupling).sample_steps(n, generator=generator, **how)

    def invert_steps(self, x: Tensor, coupling: str = "independent", **how) -> Iterator[Step]:
        """Yield the steps from points (B, 2) to their noise."""
        return self.net(coupling).invert_steps(x, **how)

    def interpolate_steps(self, a: Tensor, b: Tensor, places: int) -> Iterator[Step]:
        """Yield the steps from two points to their noise, and from the straight line between these back to data.

        Shapes: `a` and `b` (1, 2); every step's x (places, 2).
        """
        return self.net().interpolate_steps(a, b, places)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the velocity, for the network of the current cycle; `x` is (B, 2).

        Each point is used `draws` times: a mean over more noise and times has less variance, at little cost. Half of
        the times lie in the interval `middle`, which affects the density most. With `warm`, a reflow begins with the
        weights of the network that generated its pairs.
        """
        coupling = COUPLINGS[recipe["cycle"]]
        if recipe.get("warm") and coupling in BEFORE and self.net(coupling).is_untrained:
            self.net(coupling).load_state_dict(self.net(BEFORE[coupling]).state_dict())
        x0, x1 = self.training_pairs(x, coupling, generator, recipe["draws"])
        pairs = len(x1) // 2 if coupling == "independent" else len(x1)  # noise and its negative share their time
        low, high = recipe["middle"]
        t = torch.cat(
            [spread_times(pairs - pairs // 2, 0, 1, generator), spread_times(pairs // 2, low, high, generator)]
        )
        t = t[torch.randperm(pairs, generator=generator)].to(x)
        t = t.repeat(len(x1) // pairs)
        x_t = torch.lerp(x0, x1, t.unsqueeze(-1))
        return F.mse_loss(self.net(coupling).velocity(x_t, t), x1 - x0)

    def training_pairs(
        self, x: Tensor, coupling: str, generator: torch.Generator, draws: int = 2
    ) -> tuple[Tensor, Tensor]:
        """Return noise and points whose straight lines are learned, `draws` for each of x (B, 2): (draws · B, 2) each.

        For the independent coupling, the second half pairs the negated noise with the same points. Near the data both
        lie at nearly the same position, and the mean of the pair has much less variance than either. Reflows have other
        points than `x`. Optimal pairs are few, so each is repeated to the same total. `draws` is even.
        """
        if coupling.startswith("reflow"):
            x0, x1 = self.pool(coupling, x)
            which = torch.randint(len(x0), (draws * len(x),), generator=generator)
            return x0[which], x1[which]
        if coupling == "independent":
            x1 = x.repeat(draws // 2, 1)
            x0 = torch.randn(x1.shape, generator=generator).to(x)
            return torch.cat([x0, -x0]), torch.cat([x1, x1])
        x0 = torch.randn(x[:PAIRED].shape, generator=generator).to(x)
        x1 = x[:PAIRED][optimal_pairs(x0, x[:PAIRED])]
        return x0.repeat(2 * draws, 1), x1.repeat(2 * draws, 1)

    @torch.no_grad()
    def pool(self, coupling: str, like: Tensor) -> tuple[Tensor, Tensor]:
        """Return noise and the ends of its paths under the previous round's network: (M, 2) each, M ≤ `PLANE_FM_POOL`.

        The network was never trained on noise five standard deviations out, and may move it anywhere. A pair that ends
        farther out than `LOST` is dropped, since its squared error would outweigh all others.
        """
        if coupling not in self.pairs:
            before = self.net(BEFORE[coupling])
            x0 = torch.randn(PLANE_FM_POOL, 2, generator=torch.Generator().manual_seed(COUPLINGS.index(coupling))).to(
                like
            )
            ends = before.sample(PLANE_FM_POOL, generator=torch.Generator(), x_0=x0, steps=POOL_STEPS, solver="heun")
            kept = ends.norm(dim=1) < LOST  # also drops NaN
            self.pairs[coupling] = x0[kept], ends[kept]
        return self.pairs[coupling]


def time_features(t: Tensor) -> Tensor:
    r"""Compute t, $\log(1 - t + 0.03)$, and $\sin, \cos$ of $2^k \pi t$ for k = 0…3: (B,) to (B, 10)."""
    angles = math.pi * t.unsqueeze(-1) * 2.0 ** torch.arange(FREQUENCIES, device=t.device)
    return torch.cat([t.unsqueeze(-1), (1 - t + EDGE).log().unsqueeze(-1), angles.sin(), angles.cos()], dim=-1)


def score_of(x: Tensor, t: float, v: Tensor) -> Tensor:
    r"""Compute the score $-(x - t v) / (1 - t)$ at t < 1 from the mean velocity v of independent pairs; (B, 2) each.

    Then $x_t$ given $x_1$ is $\mathcal{N}(t x_1, (1 - t)^2 I)$, whose score has the mean $-\hat x_0 / (1 - t)$. With
    other pairs $x - t v$ is still the mean of the noise, but the formula does not give the score.
    """
    return -(x - t * v) / (1 - t)


def known_velocity(mixture: Mixture, x: Tensor, t: float) -> Tensor:
    r"""Compute $\mathbb{E}[x_1 - x_0 \mid x_t = x]$ exactly for independent noise and a mixture: (B, 2) to (B, 2).

    $x_t$ is a mixture with means $t m_k$ and variance $t^2 \sigma^2 + (1 - t)^2$; within a component both ends are
    Gaussian given $x_t$.
    """
    noised = Mixture(t * mixture.means, math.sqrt((t * mixture.sigma) ** 2 + (1 - t) ** 2))
    mean = noised.shares(x) @ mixture.means.to(x)
    variance = noised.sigma**2
    rest = x - t * mean
    return mean + (t * mixture.sigma**2 - (1 - t)) / variance * rest
