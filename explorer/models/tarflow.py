r"""TarFlow: an autoregressive flow whose conditioner is a transformer with causal attention over patches of an image.

Notation: an image is a sequence of N patches with D pixels each, $x \in \mathbb{R}^{N \times D}$. Block t maps
$z^{t-1}$ to $z^t$, with $z^0 = x$ and $z = z^T$. $\pi^t$ is its order of the patches: raster order for odd t, the
reverse for even t. Patch i is shifted and scaled by functions of the patches before it in this order:

$$ z^t_i = \left(z^{t-1}_i - \mu^t_i(z^{t-1}_{<i})\right) \odot \exp\left(-\alpha^t_i(z^{t-1}_{<i})\right) $$

One pass of the transformer computes $\mu$ and $\alpha$ of all patches, because all of $z^{t-1}$ is known. Its Jacobian
is triangular, so the density is exact:

$$ \log p(x) = \log \mathcal{N}(z; 0, I) - \sum_{t, i, d} \alpha^t_{i, d} $$

The inverse needs N passes, one after another: patch i is known only once the patches before it are.

$$ z^{t-1}_i = z^t_i \odot \exp\left(\alpha^t_i(z^{t-1}_{<i})\right) + \mu^t_i(z^{t-1}_{<i}) $$

With a cache of keys and values each pass reads one patch. Reversing the order lets later blocks correct what earlier
ones could not see.

Images have 8×8 pixels of 16 levels, made continuous by uniform noise u, $x = (l + u) / 16$. So log p(x) is a density,
and gives a lower bound on log P(l) (`PatchFlow.elbo`). For its samples, the paper trains with Gaussian noise and
removes it afterwards by the score. This flow does not: its samples are rounded to levels. In the paper the first patch
is unchanged; here it has a shift and a scale that depend on nothing.

References:
    Zhai et al., Normalizing Flows are Capable Generative Models, 2025, https://arxiv.org/abs/2412.06329
    Papamakarios et al., Masked Autoregressive Flow for Density Estimation, 2017, https://arxiv.org/abs/1705.07057
    Kingma et al., Improving Variational Inference with Inverse Autoregressive Flow, 2016,
    https://arxiv.org/abs/1606.04934
"""

import math
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.coarse import to_coarse
from explorer.models.bijections import Affine, soft_clip
from explorer.models.flow import Flow, Transform, standard_normal
from explorer.models.layers import Layers
from explorer.models.transformer import Block, Past, init_weights, rotations
from explorer.spaces import COARSE
from explorer.spaces.coarse import COARSE_LEVELS
from explorer.steps import Step

TARFLOW_SCALE = 8.0  # bound on |α|


class Patches:
    """Images as sequences of patches in raster order, and back.

    Arguments:
        shape: Rows and columns of an image.
        patch: Side of a patch, which divides both.
    """

    def __init__(self, shape: Sequence[int], patch: int):
        self.patch, self.rows, self.columns = patch, shape[0] // patch, shape[1] // patch
        self.count, self.size = self.rows * self.columns, patch * patch

    def split(self, x: Tensor) -> Tensor:
        """Split images (B, 1, H, W) into patches (B, N, D)."""
        return F.pixel_unshuffle(x, self.patch).flatten(2).transpose(1, 2)

    def join(self, patches: Tensor) -> Tensor:
        """Join patches (B, N, D) to images (B, 1, H, W)."""
        grid = patches.transpose(1, 2).unflatten(2, (self.rows, self.columns))
        return F.pixel_shuffle(grid, self.patch)


class Conditioner(nn.Module):
    r"""Transformer that reads a sequence of patches, and computes $\mu$ and $\alpha$ at every position.

    Arguments:
        patches: The sequence that it reads.
        width, layers, heads: Width, number of attention layers, and heads of each.
        causal: Whether a position sees only itself and the positions before it.
    """

    angles: Tensor

    def __init__(self, patches: Patches, width: int, layers: int, heads: int, causal: bool):
        super().__init__()
        self.first = nn.Linear(patches.size, width)
        self.place = nn.Parameter(torch.zeros(patches.count, width))
        self.layers = Layers(Block(width, heads, causal, dropout=0.0) for _ in range(layers))
        self.norm, self.last = nn.LayerNorm(width), nn.Linear(width, 2 * patches.size)
        self.register_buffer("angles", rotations(patches.count, width // heads), persistent=False)
        self.apply(init_weights)
        nn.init.normal_(self.place, std=0.02)
        nn.init.zeros_(self.last.weight)  # start with the identity

    def forward(self, read: Tensor, pasts: list[Past] | None = None) -> Tensor:
        r"""Compute $\mu$ and $\alpha$ of each position from the patches `read`: (B, k, D) to (B, k, 2D).

        Arguments:
            read: What the positions read: all N, or the next one if `pasts` holds those before it.
            pasts: Keys and values of every layer.
        """
        start = pasts[0].length if pasts else 0
        here = slice(start, start + read.shape[1])
        h = self.first(read) + self.place[here]
        for index, layer in enumerate(self.layers):
            h = layer(h, self.angles[:, here], pasts[index] if pasts else None)
        return self.last(self.norm(h))

    def curve(self, read: Tensor, pasts: list[Past] | None = None) -> Affine:
        r"""Compute the map of each position, $x \mapsto (x - \mu) e^{-\alpha}$, with the arguments of `forward`."""
        mu, alpha = self(read, pasts).chunk(2, dim=-1)
        alpha = soft_clip(alpha, TARFLOW_SCALE)
        return Affine(shift=-mu * (-alpha).exp(), log_scale=-alpha)

    def pasts(self, n: int) -> list[Past]:
        """Return an empty cache for n sequences."""
        heads, (count, width) = self.layers[0].attention.heads, self.place.shape
        return [Past((n, heads, count, width // heads), self.place) for _ in self.layers]


class CausalBlock(Transform):
    """One block: an affine map of each patch, by a transformer that reads the patches before it.

    Arguments:
        patches: The sequence.
        reverse: Whether it reads from the last patch to the first.
        width, layers, heads: Those of the transformer.
    """

    def __init__(self, patches: Patches, reverse: bool, width: int, layers: int, heads: int):
        super().__init__()
        self.patches, self.reverse = patches, reverse
        self.conditioner = Conditioner(patches, width, layers, heads, causal=True)

    def ordered(self, x: Tensor) -> Tensor:
        """Return the patches of images (B, 1, H, W) in the block's order: (B, N, D)."""
        split = self.patches.split(x)
        return split.flip(1) if self.reverse else split

    def joined(self, ordered: Tensor) -> Tensor:
        """Return the images of patches in the block's order: (B, N, D) to (B, 1, H, W)."""
        return self.patches.join(ordered.flip(1) if self.reverse else ordered)

    def forward_and_log_det(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        ordered = self.ordered(x)
        before = F.pad(ordered[:, :-1], (0, 0, 1, 0))  # the first position reads zeros
        y, log_scale = self.conditioner.curve(before).forward_and_log_det(ordered)
        return self.joined(y), log_scale.flatten(1).sum(-1)

    def inverse(self, y: Tensor, label: Tensor | None = None) -> Tensor:
        *_, x = self.inverse_steps(y)
        return x

    @torch.no_grad()
    def inverse_steps(self, y: Tensor) -> Iterator[Tensor]:
        """Yield the images after each inverted patch, in the block's order; later patches are still those of `y`.

        The cache is written in place, so there is no gradient.

        Shapes: `y` and the images (B, 1, H, W).
        """
        state = self.ordered(y)
        pasts, before = self.conditioner.pasts(len(y)), torch.zeros_like(state[:, :1])
        for place in range(self.patches.count):
            before = self.conditioner.curve(before, pasts).inverse(state[:, place : place + 1])
            state = torch.cat([state[:, :place], before, state[:, place + 1 :]], dim=1)
            yield self.joined(state)

    def places(self) -> Tensor:
        """Return the mask of the pixels of each patch, in the block's order: booleans (N, 1, H, W)."""
        count, size = self.patches.count, self.patches.size
        return self.joined(torch.eye(count).unsqueeze(-1).expand(count, count, size)).bool()


class PatchFlow(Flow):
    """Flow of coarse images. Its data are 28×28 images, which it makes coarse.

    In `log_prob`, `encode` and `decode`, x is continuous, (B, 1, 8, 8) in [0, 1].

    Arguments:
        transforms: The layers.
    """

    space = COARSE
    loss_unit = "bits/dim"
    cannot = {"label": "this flow was trained without labels, so it cannot be asked for a class"}

    def dequantise(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Dequantise levels, multiples of 1/15, to continuous values, $(l + u) / 16$; both (B, 1, 8, 8)."""
        u = torch.rand(x.shape, generator=generator).to(x)
        return ((x * (COARSE_LEVELS - 1)).round() + u) / COARSE_LEVELS

    def elbo(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        r"""Unbiased estimate of a lower bound on $\log P(l)$ of coarse images, in nats, by one draw of u each: (B,).

        Shapes: `x` (B, 1, 8, 8), multiples of 1/15.
        """
        return self.log_prob(self.dequantise(x, generator)) - x[0].numel() * math.log(COARSE_LEVELS)

    def from_space(self, x: Tensor) -> Tensor:
        """Convert levels to continuous values, each pixel in the middle of its level: both (B, 1, 8, 8)."""
        return ((x * (COARSE_LEVELS - 1)).round() + 0.5) / COARSE_LEVELS

    def to_space(self, state: Tensor, left: int) -> Tensor:
        """Convert a state to levels, multiples of 1/15: both (B, 1, 8, 8)."""
        return (state * COARSE_LEVELS).floor().clamp(0, COARSE_LEVELS - 1) / (COARSE_LEVELS - 1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of minus the bound on log P of the coarse images, in bits/dim: `x` (B, 1, 28, 28)."""
        coarse = to_coarse(x)
        return -self.elbo(coarse, generator=generator).mean() / (coarse[0].numel() * math.log(2))


class TarFlow(PatchFlow):
    """Flow of T causal blocks, every second in the reverse order.

    Arguments:
        blocks: T.
        width, layers, heads: Those of the transformer of each block.
        patch: Side of a patch.
        shape: Rows and columns of an image.
    """

    title = "TarFlow"

    def __init__(
        self,
        blocks: int = 4,
        width: int = 64,
        layers: int = 1,
        heads: int = 4,
        patch: int = 2,
        shape: Sequence[int] = COARSE.shape[1:],
    ):
        patches = Patches(shape, patch)
        super().__init__([CausalBlock(patches, bool(t % 2), width, layers, heads) for t in range(blocks)])

    @property
    def passes(self) -> int:
        """Number of passes, one after another, from z to x."""
        return sum(block.patches.count for block in self.blocks)

    @property
    def blocks(self) -> list[CausalBlock]:
        """The blocks in the order from x to z."""
        return [each for each in self.transforms if isinstance(each, CausalBlock)]

    @torch.no_grad()
    def decode_steps(self, z: Tensor, label: Tensor | None = None) -> Iterator[Step]:
        """Yield the states from z to x, patch by patch, z first; a step's `time` is the number of blocks left.

        Shapes: `z` and the states (B, 1, H, W); `log_prob` (B,) is that of the state after the last complete block.
        """
        index, total, log_prob = 0, self.passes + 1, standard_normal(z)
        yield self.patch_step(z, 0, total, len(self.blocks), log_prob)
        for left, block in zip(range(len(self.blocks) - 1, -1, -1), reversed(self.blocks)):
            for state in block.inverse_steps(z):
                index += 1
                if index % block.patches.count == 0:
                    z = state
                    log_prob = log_prob + block.forward_and_log_det(z)[1]
                yield self.patch_step(state, index, total, left, log_prob)

    def patch_step(self, state: Tensor, index: int, total: int, left: int, log_prob: Tensor) -> Step:
        """Return a state (B, 1, H, W) on the way from z to x as a step."""
        numbers = {"state": state, "log_prob": log_prob}
        return Step(self.to_space(state, left), index, total, left, numbers=numbers)
