r"""A multi-scale coupling flow of 28×28 grey images: finer pixels are transformed given the coarser ones.

The states of all layers are as large as the image, and each pixel keeps its position. Every coupling works on the
lattice of every s-th pixel, s = 1, 2, 4, 8, 16, and squeezes it into four phases. The corner phase is the lattice of
the next scale; the others lie to the right of it, below it and diagonally across. A network that sees other phases
computes the rational-quadratic spline of each pixel of one phase. The order is right, below, across; on fine lattices
the last is transformed in two halves, as a checkerboard. Pixels that have become noise are not transformed again, and
later couplings do not see them. So z of coarse pixels determines the coarse image, and z of fine ones adds detail. The
density factorises over pixels, each given the coarser ones.

The pixels of grey images concentrate in the first and in the last of 256 levels. So all couplings map the unit interval
to itself, with knots at the ends of these two levels: a black pixel is one bin and gets its correct cost.

$$ x \in [0, 1]^{784} \xrightarrow{\text{stretch}} [0, 1]^{784} \xrightarrow{\text{couplings}} u \in [0, 1]^{784}
   \xrightarrow{\Phi^{-1}} z \in \mathbb{R}^{784} $$

Levels $l \in \{0 \dots 255\}$ become continuous by uniform noise, $x = (l + u) / 256$. The density of x is exact. For
the probability of levels, whose cells have volume $256^{-784}$, it gives a bound:

$$ \log P(l) = \log \int_{[0, 1]^{784}} p\left(\tfrac{l + u}{256}\right) \frac{du}{256^{784}}
   \ge \mathbb{E}_u \left[ \log p\left(\tfrac{l + u}{256}\right) \right] - 784 \log 256 $$

References:
    Dinh et al., Density Estimation using Real NVP, 2017, https://arxiv.org/abs/1605.08803 (masks, multi-scale)
    Durkan et al., Neural Spline Flows, 2019, https://arxiv.org/abs/1906.04032
    Reed et al., Parallel Multiscale Autoregressive Density Estimation, 2017, https://arxiv.org/abs/1703.03664
    Theis et al., A Note on the Evaluation of Generative Models, 2016, https://arxiv.org/abs/1511.01844 (the bound)
"""

import math
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.bijections import Raised, Spline, soft_clip
from explorer.models.flow import Coupling, Flow, Transform
from explorer.models.images import check_label
from explorer.models.layers import channels_last
from explorer.spaces import LEVELS
from explorer.spaces.images import SIDE
from explorer.steps import Step

BINS = 16
BLACK, WHITE = 3 / BINS, 2 / BINS  # shares of the unit interval for the first and the last level
SLOPE = 3e-5  # smallest ratio of two bins' heights that a network can output
IMAGE_FLOW_FLOOR = 3e-3  # share of the identity in every curve: no level is impossible, every curve invertible
EDGE = {torch.float32: 2**-24, torch.float64: 2**-45}  # smallest distance of noise from 0 and 1
CORNER, RIGHT, BELOW, ACROSS = range(4)  # the phases of a lattice, as `pixel_unshuffle` numbers them
SEEN = {RIGHT: [CORNER, BELOW, ACROSS], BELOW: [CORNER, ACROSS], ACROSS: [CORNER], CORNER: []}
"""Phases that are not yet noise when a phase is transformed, on the path from x to z."""


def on_lattice(stride: int) -> Tensor:
    """Mask of the pixels on the lattice of every s-th row and column; empty if s is 0: booleans (28, 28)."""
    places = torch.arange(SIDE) % stride == 0 if stride else torch.zeros(SIDE, dtype=torch.bool)
    return places[:, None] & places


class Stretch(Transform):
    """Widen black and white to `BLACK` and `WHITE` of the unit interval, and narrow the grey levels between."""

    knots: Tensor

    def __init__(self):
        super().__init__()
        knots = torch.tensor([[0, 1 / 256, 255 / 256, 1], [0, BLACK, 1 - WHITE, 1]], dtype=torch.float64)
        self.register_buffer("knots", knots.float(), persistent=False)

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        y, slope = self._straight(x, *self.knots.to(x))
        return y, slope.log().flatten(1).sum(-1)

    def inverse(self, y: Tensor, label: Tensor | None = None) -> Tensor:
        return self._straight(y, *self.knots.to(y).flip(0))[0]

    @staticmethod
    def _straight(x: Tensor, start: Tensor, stop: Tensor) -> tuple[Tensor, Tensor]:
        piece = torch.bucketize(x, start[1:-1], right=True)
        slope = stop.diff() / start.diff()
        return stop[piece] + (x - start[piece]) * slope[piece], slope[piece]


class Probit(Transform):
    r"""Map uniform to Gaussian variables by $z = \Phi^{-1}(u)$."""

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        edge = EDGE[x.dtype]
        z = torch.special.ndtri(x.clamp(edge, 1 - edge))
        return z, 0.5 * (z.square() + math.log(2 * math.pi)).flatten(1).sum(-1)

    def inverse(self, y: Tensor, label: Tensor | None = None) -> Tensor:
        return torch.special.ndtr(y)


class Conditioner(nn.Module):
    """A small residual network over the four phases of a lattice, with a bias for every position and every label."""

    def __init__(self, channels: int, blocks: int, side: int, outputs: int, classes: int):
        super().__init__()
        self.first = nn.Conv2d(8, channels, 3, padding=1)
        self.place = nn.Parameter(torch.zeros(channels, side, side))
        self.label = nn.Embedding(classes + 1, channels)
        self.near = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(blocks))
        self.mix = nn.ModuleList(nn.Conv2d(channels, channels, 1) for _ in range(blocks))
        self.last = nn.Conv2d(channels, outputs, 1)
        for weight in (*self.label.parameters(), *self.last.parameters()):
            nn.init.zeros_(weight)  # start with the identity
        channels_last(self)

    def forward(self, phases: Tensor, label: Tensor | None) -> Tensor:
        """Shapes: `phases` (B, 4, h, w) in [0, 1]; `label` (B,) or None for any; the result (B, h, w, outputs)."""
        any_class = torch.full((len(phases),), self.label.num_embeddings - 1, device=phases.device)
        label = any_class if label is None else label.to(any_class)
        phases = phases.to(self.place)
        ink = F.relu(phases - BLACK)  # the position of x within the first level is noise without information
        h = self.first(torch.cat([phases, ink], dim=1).contiguous(memory_format=torch.channels_last))
        h = h + (self.place + self.label(label)[:, :, None, None]).to(h)
        for near, mix in zip(self.near, self.mix):
            h = h + mix(F.relu(near(F.relu(h))))
        return self.last(F.relu(h)).permute(0, 2, 3, 1)


class LatticeCoupling(Coupling):
    """Transform one phase of a lattice, or one checkerboard half of it, given the phases in `SEEN`.

    Arguments:
        stride: s, the lattice has every s-th pixel.
        phase: Phase to transform.
        half: 1 for one checkerboard half of the phase, given the other; 0 for the other; None for the whole.
        channels: Width of the network.
        blocks: Number of residual blocks.
        classes: Number of labels.
    """

    bent: Tensor
    seen: Tensor
    half: int | None

    def __init__(self, stride: int, phase: int, half: int | None, channels: int, blocks: int, classes: int):
        super().__init__()
        self.stride, self.phase, self.half = stride, phase, half
        self.size = -(-SIDE // stride)
        self.padding = self.size % 2
        side = (self.size + self.padding) // 2
        lattice = self.phases(torch.ones(1, 1, SIDE, SIDE))[0].bool()
        rows = torch.arange(side)
        chosen = torch.ones(side, side) if half is None else (rows.unsqueeze(1) + rows) % 2 == half
        self.register_buffer("bent", lattice[phase] & chosen.bool(), persistent=False)
        seen = torch.zeros_like(lattice)
        seen[SEEN[phase]] = True
        if half == 1:
            seen[phase] = ~chosen
        self.register_buffer("seen", seen & lattice, persistent=False)
        self.conditioner = Conditioner(channels, blocks, side, 2 * BINS + 1, classes)

    def phases(self, x: Tensor) -> Tensor:
        """Split the lattice of images (B, 1, 28, 28) into four phases (B, 4, h, w), with zeros outside."""
        return F.pixel_unshuffle(F.pad(x[..., :: self.stride, :: self.stride], (0, self.padding, 0, self.padding)), 2)

    def part(self, x: Tensor) -> Tensor:
        return self.phases(x)[:, self.phase]

    def put(self, x: Tensor, bent: Tensor) -> Tensor:
        phases = self.phases(x)
        phases[:, self.phase] = torch.where(self.bent, bent, phases[:, self.phase])
        x = x.clone()
        x[..., :: self.stride, :: self.stride] = F.pixel_shuffle(phases, 2)[..., : self.size, : self.size]
        return x

    def curve(self, x: Tensor, label: Tensor | None) -> Raised:
        heights, slopes = self.conditioner(self.phases(x) * self.seen, label).to(x).split([BINS, BINS + 1], dim=-1)
        bound = -math.log(SLOPE)
        log_heights = F.log_softmax(soft_clip(heights, bound / 2), dim=-1)
        y = F.pad(log_heights.exp().cumsum(-1), (1, 0))
        first, last, pairs = log_heights[..., :1], log_heights[..., -1:], log_heights.unfold(-1, 2, 1).mean(-1)
        mean_slopes = torch.cat([first, pairs, last], dim=-1) + math.log(BINS)  # geometric, of the bins at each knot
        x = torch.linspace(0, 1, BINS + 1).to(y)
        slopes = (mean_slopes + soft_clip(slopes, bound)).exp()
        return Raised(Spline(x, y, slopes), IMAGE_FLOW_FLOOR)

    def inverse_given(self, y: Tensor, x: Tensor, known: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Invert `y`, with the known pixels of the part as in `x`, and compute the log-density of these pixels: (B,).

        Shapes: `y`, `x` and the booleans `known` (B, 1, 28, 28).
        """
        curve, kept, known = self.curve(y, label), self.part(x), self.part(known.float()) * self.bent
        log_slope = curve.forward_and_log_det(kept)[1]
        return self.put(y, torch.where(known > 0, kept, curve.inverse(self.part(y)))), (log_slope * known).sum((1, 2))


class ImageFlow(Flow):
    """Class-conditional multi-scale flow of 28×28 grey images.

    In `log_prob`, `encode` and `decode`, x is continuous, (B, 1, 28, 28) in [0, 1]. `dequantise` converts levels to
    continuous x, and `to_space` converts back. Samples and completions are levels, multiples of 1/255, as in the space.

    Except in training, states between x and z are float64. In float32 a number near 1 has a precision of only 6e-8.
    Where a curve is flat, its inverse turns this error into a visible grey. The networks stay in float32.

    Arguments:
        channels: Widths of the networks, finest scale first.
        blocks: Number of residual blocks of each.
        halved: Number of scales, finest first, on which the phase across is transformed in two halves.
        classes: Number of labels.
    """

    space = LEVELS
    represents = "z, from the middle of each grey level"
    loss_unit = "bits/dim"
    completes = "Langevin steps in z, with the known pixels put in at every layer; approximate, as its steps are few"
    cannot: dict[str, str] = {}

    def __init__(
        self,
        channels: Sequence[int] = (64, 96, 80, 64, 48),
        blocks: Sequence[int] = (2, 2, 2, 1, 1),
        halved: int = 2,
        classes: int = 10,
    ):
        self.classes = classes
        plan = []
        for scale, (width, depth) in enumerate(zip(channels, blocks)):
            halves = [(ACROSS, 1), (ACROSS, 0)] if scale < halved else [(ACROSS, None)]
            moves = [(RIGHT, None), (BELOW, None), *halves]
            plan += [LatticeCoupling(2**scale, phase, half, width, depth, classes) for phase, half in moves]
        corner = LatticeCoupling(2 ** (len(channels) - 1), CORNER, None, channels[-1], blocks[-1], classes)
        super().__init__([Stretch(), *plan, corner, Probit()])

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        z, log_det = super().forward_and_log_det(x if self.training else x.double(), label)
        return z.to(x.dtype), log_det.to(x.dtype)

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        return super().decode(z.double(), label).to(z.dtype)

    def decode_steps(self, z: Tensor, label: Tensor | None = None) -> Iterator[Step]:
        return super().decode_steps(z.double(), label)

    def features(self, x: Tensor) -> Tensor:
        """Compute z of images of levels, from the middle of each level: (B, 1, 28, 28) to (B, 784)."""
        return self.encode(self.from_space(x)).flatten(1)

    def dequantise(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Dequantise levels, multiples of 1/255, to continuous values, $(l + u) / 256$; both (B, 1, 28, 28)."""
        u = torch.rand(x.shape, generator=generator).to(x)
        return ((x * 255).round() + u) / 256

    def elbo(self, x: Tensor, *, generator: torch.Generator, label: Tensor | None = None) -> Tensor:
        r"""Unbiased estimate of the bound on $\log P(l)$ of images of levels, in nats: (B,), by one draw of u each.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; `label` (B,).
        """
        return self.log_prob(self.dequantise(x, generator), label) - self.space.dim * math.log(256)

    def from_space(self, x: Tensor) -> Tensor:
        """Convert images of levels to continuous ones, each pixel in the middle of its level: both (B, 1, 28, 28)."""
        return ((x * 255).round() + 0.5) / 256

    def to_space(self, state: Tensor, left: int) -> Tensor:
        """Convert a state to levels, multiples of 1/255; pixels that are still noise are read as stretched pixels.

        Shapes: `state` and the result (B, 1, 28, 28); `left` is the number of remaining layers on the path from z.
        """
        stretch, *_, probit = self.transforms
        state = probit.inverse(state) if left == len(self.transforms) else state
        x = stretch.inverse(state) if left else state
        return ((x * 256).floor().clamp(0, 255) / 255).float()

    @torch.no_grad()
    def complete_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = 40,
        rate: float = 0.3,
    ) -> Iterator[Step]:
        r"""Complete images by Langevin steps in z, from noise; the known pixels stay exactly as they are.

        The known pixels are inserted at every layer on the path from z to x. This leaves a density over the z of the
        others, $\pi(z) \propto \mathcal{N}(z; 0, I) \prod_{i \text{ known}} p(x_i \mid \text{coarser})$. A step of rate
        β preserves the Gaussian exactly, and follows the gradient of the product, L, clipped to the length of noise:

        $$ z' = \sqrt{1 - \beta^2}\, z + \tfrac{\beta^2}{2} \nabla \log L(z) + \beta \epsilon $$

        No step is rejected, and the steps are few: the result approximates a draw from π. Each step's number is log L
        of its image, as `log_known`.

        Shapes: `x` (n, 1, 28, 28), multiples of 1/255; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        if known.shape != x.shape or known.dtype != torch.bool:
            raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
        label = self.check_label(label, len(x))
        given = self.transforms[0].forward_and_log_det(self.dequantise(x, generator))[0]
        z = self.noise(len(x), generator)
        for index in range(steps + 1):
            with torch.enable_grad():
                state, log_known = self.decode_given(z.requires_grad_(), given, known, label)
                (gradient,) = torch.autograd.grad(log_known.sum(), z)
            image = torch.where(known, x, self.to_space(state, 1))
            yield Step(image.detach(), index, steps + 1, index, numbers={"log_known": log_known.detach()})
            length = gradient.flatten(1).norm(dim=-1).view(-1, 1, 1, 1)
            pull = gradient * (self.space.dim**0.5 / length).clamp(max=1)
            noise = self.noise(len(x), generator)
            z = math.sqrt(1 - rate**2) * z.detach() + rate**2 / 2 * pull + rate * noise

    def decode_given(self, z: Tensor, given: Tensor, known: Tensor, label: Tensor | None) -> tuple[Tensor, Tensor]:
        """Map z to stretched x with the known pixels inserted, and compute the log-density of these pixels: (B,).

        Shapes: `z`, `given` and the booleans `known` (B, 1, 28, 28); `label` (B,) or None for any.
        """
        _, *couplings, probit = self.transforms
        state, total = probit.inverse(z), z.new_zeros(len(z))
        for coupling in reversed(couplings):
            assert isinstance(coupling, LatticeCoupling)
            state, log_density = coupling.inverse_given(state, given, known, label)
            total = total + log_density
        return state, total

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raise ValueError unless `label` is None or (n,) integers up to `classes`, which stands for any."""
        return None if label is None else check_label(label, n, self.classes)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of minus the bound, in bits/dim, with the label dropped with probability `label_dropout`.

        Shapes: `x` (B, 1, 28, 28), multiples of 1/255; `label` (B,).
        """
        dropped = torch.rand(len(x), generator=generator).to(x.device) < recipe["label_dropout"]
        bound = self.elbo(x, generator=generator, label=label.where(~dropped, self.classes))
        return -bound.mean() / (self.space.dim * math.log(2))
