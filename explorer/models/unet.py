"""The U-Net of a diffusion: three resolutions, one attention, conditioned on time and label.

Reference: Ho et al., Denoising Diffusion Probabilistic Models, 2020, appendix B, https://arxiv.org/abs/2006.11239
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import channels_last
from explorer.running.engine import use_onnx
from explorer.running.joint import jointly


def time_features(t: Tensor, size: int, longest: float = 10_000.0) -> Tensor:
    """Compute sines and cosines of the time at geometrically spaced frequencies: (B,) to (B, size).

    Reference: Vaswani et al., Attention Is All You Need, 2017, section 3.5, https://arxiv.org/abs/1706.03762
    """
    half = size // 2
    frequencies = torch.exp(-math.log(longest) * torch.arange(half, device=t.device) / half)
    angles = t.float().unsqueeze(-1) * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class Norm(nn.GroupNorm):
    """Normalisation of eight groups of channels over all positions, always in float32.

    Reference: Wu & He, Group Normalization, 2018, https://arxiv.org/abs/1803.08494
    """

    def __init__(self, channels: int):
        super().__init__(8, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), as the result."""
        return super().forward(x.float()).to(x.dtype)


class ResBlock(nn.Module):
    """Two convolutions with a residual connection; time and label scale and shift the features between them."""

    def __init__(self, channels: int, out: int, embedding: int):
        super().__init__()
        self.norm1, self.norm2 = Norm(channels), Norm(out)
        self.conv1 = nn.Conv2d(channels, out, 3, padding=1)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1)
        self.condition = nn.Linear(embedding, 2 * out)
        self.skip = nn.Conv2d(channels, out, 1) if channels != out else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """Shapes: `x` (B, channels, H, W), `embedding` (B, E); the result (B, out, H, W)."""
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.condition(embedding).to(h)[:, :, None, None].chunk(2, dim=1)
        h = self.norm2(h) * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.silu(h))


class Attention(nn.Module):
    """Self-attention between all positions, in a few heads, with a residual connection."""

    def __init__(self, channels: int, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.norm = Norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), as the result."""
        b, c, height, width = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, height * width)
        q, k, v = qkv.transpose(-1, -2).unbind(1)  # (B, heads, HW, C / heads)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(c // self.heads)).softmax(-1)
        return x + self.out((weights @ v).transpose(-1, -2).reshape(b, c, height, width))


class UNet(nn.Module):
    r"""U-Net $v_\theta(x_t, t, y)$: the predicted velocity, of the shape of $x_t$.

    Arguments:
        channels: Width at each resolution; each resolution is half the one before.
        classes: Number of labels; the label `classes` stands for none.
        embedding: Width of the embedding of time and label.
        inputs: Number of input channels.
    """

    def __init__(self, channels: Sequence[int], classes: int, embedding: int, inputs: int = 1):
        super().__init__()
        self.time_size = channels[0] * 2
        self.time = nn.Sequential(nn.Linear(self.time_size, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.label = nn.Embedding(classes + 1, embedding)
        first, *finer = channels
        self.stem = nn.Conv2d(inputs, first, 3, padding=1)
        self.down = nn.ModuleList([ResBlock(first, first, embedding)])
        for before, width in zip(channels, finer):
            self.down.append(ResBlock(before, width, embedding))
        self.middle1 = ResBlock(channels[-1], channels[-1], embedding)
        self.attention = Attention(channels[-1])
        self.middle2 = ResBlock(channels[-1], channels[-1], embedding)
        self.up = nn.ModuleList(ResBlock(2 * width, width, embedding) for width in reversed(channels))
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in zip(channels[:0:-1], channels[-2::-1]))
        self.norm = Norm(first)
        self.head = nn.Conv2d(first, 1, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        channels_last(self)

    @jointly
    @use_onnx
    def forward(self, x: Tensor, t: Tensor, label: Tensor) -> Tensor:
        """Shapes: `x` (B, inputs, 28, 28), `t` (B,), `label` (B,); the result (B, 1, 28, 28)."""
        embedding = self.embed(t, label, x)
        h, kept = self.middle(x, embedding)
        for index, block in enumerate(self.up):
            if index:
                h = F.interpolate(self.narrow[index - 1](h), scale_factor=2.0, mode="nearest")
            h = block(torch.cat([h, kept.pop()], dim=1), embedding)
        return self.head(F.silu(self.norm(h)))

    def example(self) -> tuple[Tensor, Tensor, Tensor]:
        """Arguments of `forward` for two images: (2, inputs, 28, 28), (2,) and (2,)."""
        label = torch.arange(2) % self.label.num_embeddings
        return torch.zeros(2, self.stem.in_channels, 28, 28), torch.tensor([1.0, 2.0]), label

    def middle(self, x: Tensor, embedding: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Compute the features at the coarsest resolution, (B, channels[-1], 7, 7), and at each resolution before.

        Shapes: `x` (B, inputs, 28, 28), `embedding` (B, embedding).
        """
        h = self.stem(x.contiguous(memory_format=torch.channels_last))
        kept = []
        for index, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if index else h, embedding)
            kept.append(h)
        return self.middle2(self.attention(self.middle1(h, embedding)), embedding), kept

    def embed(self, t: Tensor, label: Tensor, like: Tensor) -> Tensor:
        """Compute the embedding of time and label (B,): (B, embedding)."""
        return F.silu(self.time(time_features(t, self.time_size).to(like.dtype)) + self.label(label))
