r"""A gated PixelCNN without a blind spot, and a sampler that computes only the features that a new pixel needs.

The network has two stacks. The *vertical* one sees whole rows above the pixel: its first kernel ends one row up, and
every later one reaches up, left and right. The *horizontal* one sees the pixel's own row to the left, and receives the
vertical stack at every block. Neither stack sees the pixel itself or later pixels. Three things are not in the paper:
the kernels are dilated, so that few blocks reach far; every position has a learned bias; and the vertical stack has a
residual connection too.

$$ v' = v + \tanh(a_1) \odot \sigma(a_2), \quad a = W_v * v + e_v(y) $$
$$ h' = h + W_o \left( \tanh(b_1) \odot \sigma(b_2) \right), \quad b = W_h * h + W_{vh} \, a + e_h(y) $$

References:
    van den Oord et al., Pixel Recurrent Neural Networks, 2016, https://arxiv.org/abs/1601.06759
    van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016, https://arxiv.org/abs/1606.05328
    Ramachandran et al., Fast Generation for Convolutional Autoregressive Models, 2017, https://arxiv.org/abs/1704.06001
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers, channels_last
from explorer.models.levels import Levels
from explorer.models.raster import SIDE, RasterModel
from explorer.running.engine import use_onnx

FIRST_ROWS, FIRST_WIDTH = 3, 7  # of the first vertical kernel
FIRST_LEFT = 7  # of the first horizontal kernel


class GatedBlock(nn.Module):
    """One layer of both stacks.

    Reference: van den Oord et al. 2016 (1606.05328), equations 2 and 4 and figure 2.
    """

    def __init__(self, channels: int, dilation: int, classes: int):
        super().__init__()
        self.dilation = dilation
        self.vertical = nn.Conv2d(channels, 2 * channels, (2, 3), dilation=dilation)
        self.to_horizontal = nn.Conv2d(2 * channels, 2 * channels, 1)
        self.horizontal = nn.Conv2d(channels, 2 * channels, (1, 2), dilation=dilation)
        self.out = nn.Conv2d(channels, channels, 1)
        self.label = nn.Embedding(classes + 1, 4 * channels)

    def forward(self, v: Tensor, h: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes: `v`, `h` (B, C, 28, 28); `label` (B,), where the number of classes stands for any."""
        d = self.dilation
        v_bias, h_bias = self.label(label).to(v)[:, :, None, None].chunk(2, dim=1)
        a = self.vertical(F.pad(v, (d, d, d, 0))) + v_bias
        b = self.horizontal(F.pad(h, (d, 0))) + self.to_horizontal(a) + h_bias
        return v + gate(a), h + self.out(gate(b))


def bias_of(conv: nn.Conv2d) -> Tensor:
    """Return the bias of a convolution that has one."""
    assert conv.bias is not None
    return conv.bias


def gate(x: Tensor) -> Tensor:
    r"""Compute $\tanh(x_1) \odot \sigma(x_2)$ of the two halves of the channels: (B, C, …) from (B, 2 C, …)."""
    first, second = x.chunk(2, dim=1)
    if x.ndim == 4:
        first, second = (half.contiguous(memory_format=torch.channels_last) for half in (first, second))
    return torch.tanh(first) * torch.sigmoid(second)


class PixelCNN(RasterModel):
    r"""Gated PixelCNN over 28×28 images in raster order.

    Arguments:
        channels: C, the width of each stack.
        dilations: Dilation of the kernels of each block; one number a block.
        levels: 2 or 256 grey levels.
        classes: Number of labels.
        components: Number of logistics in the mixture for 256 levels.
    """

    title = "PixelCNN"

    def __init__(
        self,
        channels: int = 48,
        dilations: Sequence[int] = (1, 2, 4, 1, 2, 4, 1, 2),
        levels: int = 2,
        classes: int = 10,
        components: int = 5,
    ):
        super().__init__(levels, classes, components)
        self.dilations = tuple(dilations)
        self.above = nn.Conv2d(1, channels, (FIRST_ROWS, FIRST_WIDTH))
        self.left = nn.Conv2d(1, channels, (1, FIRST_LEFT))
        self.place = nn.Parameter(torch.zeros(2, channels, SIDE, SIDE))
        self.blocks = Layers(GatedBlock(channels, d, classes) for d in dilations)
        self.head = nn.Conv2d(channels, 2 * channels, 1)
        self.last = nn.Conv2d(2 * channels, self.outputs, 1)
        if levels > 2:
            with torch.no_grad():  # start with means spread over the grey scale
                bias_of(self.last)[components : 2 * components] = torch.linspace(-1, 1, components)
        channels_last(self)

    def forward(self, x: Tensor, label: Tensor | None = None) -> Levels:
        """Compute the conditional distribution of every pixel given those before it: batch shape (B, 1, 28, 28).

        Shapes: `x` (B, 1, 28, 28); `label` (B,) or None for any class.

        Raises:
            ValueError: if `x` or `label` is invalid; the message says what is wanted.
        """
        return self.distribution(self.parameters_of(x, label).view(len(x), 1, SIDE, SIDE, self.outputs))

    def parameters_of(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Parameters of every pixel's distribution: (B, 784, outputs).

        Shapes: `x` and `label` as for `forward`.

        Raises:
            ValueError: if `x` or `label` is invalid; the message says what is wanted.
        """
        self.space.check(x)
        return self.every_pixel(x, self.label_or_any(self.check_label(label, len(x)), len(x)))

    @use_onnx
    def every_pixel(self, x: Tensor, label: Tensor) -> Tensor:
        """Compute the parameters of every pixel's distribution, of images and labels that have been checked.

        Shapes: `x` (B, 1, 28, 28), `label` (B,); the result (B, 784, outputs).
        """
        v, h = self.first_vertical(x), self.first_horizontal(x)
        for block in self.blocks:
            v, h = block(v, h, label)
        features = F.relu(self.head(F.relu(h))).to(self.last.weight.dtype)
        with torch.autocast(x.device.type, enabled=False):
            return self.last(features).permute(0, 2, 3, 1).flatten(1, 2)

    def example(self) -> tuple[Tensor, Tensor]:
        """Arguments of `every_pixel` for two images: (2, 1, 28, 28) and (2,)."""
        return torch.zeros(2, *self.space.shape), torch.tensor([0, self.classes])

    def label_or_any(self, label: Tensor | None, n: int) -> Tensor:
        """Return labels (n,) on the network's device; the number of classes stands for any."""
        any_class = torch.full((n,), self.classes, device=self.place.device)
        return any_class if label is None else label.to(any_class)

    def first_vertical(self, x: Tensor) -> Tensor:
        """Compute the first vertical features (B, C, 28, 28) of images; row r depends on the three rows above.

        Shapes: `x` (B, 1, 28, 28).
        """
        side = FIRST_WIDTH // 2
        x = F.pad(x, (side, side, FIRST_ROWS, 0)).contiguous(memory_format=torch.channels_last)
        v = self.above(x)[:, :, :SIDE]
        return v + self.place[0].to(v)

    def first_horizontal(self, x: Tensor) -> Tensor:
        """Compute the first horizontal features, of that shape; column c depends on the seven columns to its left.

        Shapes: `x` (B, 1, 28, 28).
        """
        x = F.pad(x, (FIRST_LEFT, 0)).contiguous(memory_format=torch.channels_last)
        h = self.left(x)[..., :SIDE]
        return h + self.place[1].to(h)

    def predictor(self, image: Tensor, label: Tensor | None, known: int) -> Callable[[int], Tensor]:
        """Return a function from a pixel to its parameters (n, outputs) that computes only new features.

        Shapes: `image` (n, 784), as drawn so far, which changes between calls; its first `known` pixels are given.
        """
        return Cache(self, image.view(-1, 1, SIDE, SIDE), self.label_or_any(label, len(image)), known).predict


class Cache:
    """Cached features of both stacks for the images so far, so that each new pixel costs one column of one row.

    The vertical stack runs row by row, once the rows above are complete; the horizontal one runs pixel by pixel.

    Reference: Ramachandran et al. 2017.
    """

    def __init__(self, net: PixelCNN, image: Tensor, label: Tensor, known: int):
        self.net, self.image = net, image
        self.pad = max(net.dilations)
        self.row, self.column = -1, 0
        n, channels = len(image), net.head.in_channels
        biases = [block.label(label).chunk(2, dim=1) for block in net.blocks]
        self.v_biases, self.h_biases = zip(*biases)
        width = SIDE + 2 * self.pad
        # features before each block: all rows of the vertical stack, one row of the horizontal one, zeros around both
        self.v = [image.new_zeros(n, channels, SIDE + self.pad, width) for _ in net.blocks]
        self.h = [[image.new_zeros(n, channels)] * (self.pad + SIDE) for _ in net.blocks]
        self.taps = [block.horizontal.weight.permute(0, 3, 2, 1).flatten(1).t() for block in net.blocks]
        self.out = [(block.out.weight.flatten(1).t(), bias_of(block.out)) for block in net.blocks]
        for row in range(known // SIDE + 1):
            self.start_row(row)

    def start_row(self, row: int) -> None:
        """Run the vertical stack for one row; all rows above must be known."""
        net, pad = self.net, self.pad
        side = FIRST_WIDTH // 2
        seen = F.pad(self.image, (side, side, FIRST_ROWS, 0))[:, :, row : row + FIRST_ROWS]
        v = net.above(seen) + net.place[0][:, row : row + 1]
        self.from_above = []
        for block, features, bias, h_bias in zip(net.blocks, self.v, self.v_biases, self.h_biases):
            d = block.dilation
            features[:, :, pad + row, pad : pad + SIDE] = v[:, :, 0]
            near = features[:, :, [pad + row - d, pad + row], pad - d : pad + SIDE + d]
            a = F.conv2d(near, block.vertical.weight, block.vertical.bias, dilation=(1, d)) + bias[:, :, None, None]
            bias = h_bias[:, :, None] + bias_of(block.horizontal)[:, None]
            above = (block.to_horizontal(a)[:, :, 0] + bias).permute(2, 0, 1)
            self.from_above.append(above.contiguous().unbind())
            v = v + gate(a)
        self.row, self.column = row, 0

    def predict(self, pixel: int) -> Tensor:
        """Compute the parameters of one pixel (n, outputs); the pixels must be requested in raster order."""
        row, column = divmod(pixel, SIDE)
        if row != self.row:
            self.start_row(row)
        while self.column < column:  # catch up with a prefix that ends inside this row
            self.features(self.column)
        h = self.features(column)
        hidden = F.relu(F.linear(F.relu(h), self.net.head.weight.flatten(1), self.net.head.bias))
        return F.linear(hidden, self.net.last.weight.flatten(1), self.net.last.bias)

    def features(self, column: int) -> Tensor:
        """Run the horizontal stack for one column of the row, and cache the features for the columns to its right.

        Shapes: the last block's features (n, C).
        """
        net, pad = self.net, self.pad
        seen = self.image[:, 0, self.row, max(0, column - FIRST_LEFT) : column]
        weight = net.left.weight.flatten(1)[:, FIRST_LEFT - seen.shape[1] :]
        h = F.linear(seen, weight, net.left.bias) + net.place[1][:, self.row, column]
        for d, kept, taps, above, (out, bias) in zip(net.dilations, self.h, self.taps, self.from_above, self.out):
            kept[pad + column] = h
            near = torch.cat([kept[pad + column - d], h], dim=1)
            b = torch.addmm(above[column], near, taps)
            h = torch.addmm(h + bias, gate(b), out)
        self.column = column + 1
        return h
