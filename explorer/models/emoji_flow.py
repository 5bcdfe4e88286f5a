r"""Emoji from their names by rectified flow of pixels: a U-Net moves noise to pictures along nearly straight lines.

Between noise and a picture of 24×24 pixels lies a line, whose direction the network learns, given the words of a name:

$$ x_t = (1 - t) \, \epsilon + t \, x, \qquad
   L = \mathbb{E}_{x, \epsilon, t} \left\| v_\theta(x_t, t, \text{name}) - (x - \epsilon) \right\|^2 $$

Training times have a logit-normal density, and Euler steps of $dx / dt = v_\theta$ draw. A name is one vector: each
word has a learned one, which its place in the name scales, and the sum of all is added to the embedding of the time.

$$ c = \sum_i (1 + p_i) \odot e_{w_i} $$

Words that the training names lack are vectors of zeros, and so are all words before training. Networks of this family
differ in their number of training pictures alone: the fewer, the more of what they draw are copies.

References:
    Liu et al., Flow Straight and Fast, 2023, https://arxiv.org/abs/2209.03003 (equation 1)
    Esser et al., Scaling Rectified Flow Transformers for High-Resolution Image Synthesis, 2024,
    https://arxiv.org/abs/2403.03206 (equation 19: the times)
    Ho et al., Denoising Diffusion Probabilistic Models, 2020, appendix B, https://arxiv.org/abs/2006.11239 (the U-Net)
"""

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.emoji import name_tokens
from explorer.models.layers import channels_last
from explorer.models.sampled import Sampled
from explorer.models.unet import Attention, Norm, ResBlock, time_features
from explorer.models.whole import check_count
from explorer.models.words_diffusion import TIME_SCALE, between
from explorer.spaces import GLYPH
from explorer.steps import Step


class NameEncoder(nn.Module):
    """The words of a name, each with a learned vector that its place scales, summed.

    Arguments:
        words: Number of words; the index 0 is an unknown word or the filling, whose vector is always zero.
        length: Most words of a name.
        width: Size of the vector.
    """

    def __init__(self, words: int, length: int, width: int):
        super().__init__()
        self.words = nn.Embedding(words + 1, width, padding_idx=0)
        self.places = nn.Parameter(0.5 * torch.randn(length, width))
        nn.init.zeros_(self.words.weight)

    def forward(self, tokens: Tensor) -> Tensor:
        """Shapes: `tokens` (B, length); the result (B, width)."""
        return ((1 + self.places) * self.words(tokens)).sum(1)


class EmojiFlow(Sampled):
    """Rectified flow from noise to emoji of 24×24 pixels, given the words of a name.

    Arguments:
        words, length: Number of words, and most words of a name.
        channels: Widths of the U-Net at 12×12 and 6×6 pixels; its stem takes patches of 2×2.
        embedding: Width of the embedding of time and name.
    """

    title, family, space = "Flow of emoji", "rectified flow of emoji", GLYPH
    loss_unit = "mean squared error of the velocity"
    patch = 2
    usual = torch.tensor(name_tokens("cat face"))
    """Name that stands for any, where none is given."""
    cannot = {"log_prob": "its density would need the divergence along the whole path"}

    def __init__(self, words: int = 1_200, length: int = 14, channels: Sequence[int] = (48, 96), embedding: int = 128):
        super().__init__()
        first, last = channels
        self.time_size, inputs = 2 * first, 3 * self.patch**2
        self.time = nn.Sequential(nn.Linear(self.time_size, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.name = NameEncoder(words, length, embedding)
        self.stem = nn.Conv2d(inputs, first, 3, padding=1)
        self.down = nn.ModuleList([ResBlock(first, first, embedding), ResBlock(first, last, embedding)])
        self.middle1, self.middle2 = ResBlock(last, last, embedding), ResBlock(last, last, embedding)
        self.attention = Attention(last)
        self.up = nn.ModuleList([ResBlock(2 * last, last, embedding), ResBlock(2 * first, first, embedding)])
        self.narrow = nn.Conv2d(last, first, 1)
        self.norm, self.head = Norm(first), nn.Conv2d(first, inputs, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        channels_last(self)

    def velocity(self, x: Tensor, t: Tensor, tokens: Tensor) -> Tensor:
        r"""Predict $v_\theta(x_t, t, \text{name})$: x (B, 3, 24, 24), times (B,), names (B, 14); the result as x."""
        embedding = F.silu(self.time(time_features(TIME_SCALE * t, self.time_size)) + self.name(tokens))
        h = self.stem(F.pixel_unshuffle(x, self.patch).contiguous(memory_format=torch.channels_last))
        fine = self.down[0](h, embedding)
        coarse = self.down[1](F.avg_pool2d(fine, 2), embedding)
        h = self.middle2(self.attention(self.middle1(coarse, embedding)), embedding)
        h = self.up[0](torch.cat([h, coarse], dim=1), embedding)
        h = F.interpolate(self.narrow(h), scale_factor=2.0, mode="nearest")
        h = self.head(F.silu(self.norm(self.up[1](torch.cat([h, fine], dim=1), embedding))))
        return F.pixel_shuffle(h, self.patch).float()

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean squared error of the velocity; a share `name_dropout` of the names is dropped.

        Shapes: `x` (B, 3, 24, 24) in [0, 1]; `label` (B, 14), the words of the names.
        """
        x = 2 * x - 1
        eps = torch.randn(x.shape, generator=generator).to(x)
        t = torch.randn(len(x), generator=generator).sigmoid().to(x)
        kept = torch.rand(len(x), 1, generator=generator).to(x.device) >= recipe["name_dropout"]
        return F.mse_loss(self.velocity(between(eps, x, t), t, label * kept), x - eps)

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, tokens: Tensor, steps: int = 20) -> Iterator[Step]:
        """Draw emoji of names (n, 14); each step shows the picture that the velocity points to."""
        x = torch.randn(n, *self.space.shape, generator=generator).to(tokens.device)
        for index in range(check_count(steps, "steps")):
            t = index / steps
            v = self.velocity(x, torch.full((n,), t).to(x), tokens)
            x = x + v / steps
            shown = x + (1 - t - 1 / steps) * v
            yield Step((shown.clamp(-1, 1) + 1) / 2, index, steps, (index + 1) / steps)
