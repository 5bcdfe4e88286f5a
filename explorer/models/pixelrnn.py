r"""PixelRNN with row LSTM layers: a recurrent network that reads an image row by row, all columns of a row at once.

Notation: row $r$ of a layer's input is $x_r$; its state $(h_r, c_r)$ has $h$ features at each of 28 columns;
$\circledast$ is a convolution along the row. A layer computes

$$ a = K^{ss} \circledast h_{r-1} + K^{is} \circledast x_r, \qquad
(o, f, i) = \sigma(a_{1 \dots 3}), \quad g = \tanh(a_4) $$
$$ c_r = f \odot c_{r-1} + i \odot g, \qquad h_r = o \odot \tanh(c_r) $$

$K^{ss}$ may reach to both sides, because the row above is complete. $K^{is}$ reads this row, and only up to its own
column. The layer's output is $x_r$ plus $h_r$, widened to the $2h$ features of the input. So a pixel depends on a
triangle above it, which grows by one column to each side with every row and layer, and on pixels to its left.

The rows must wait for each other, in training too: 28 steps for each layer, where a PixelCNN takes one.

Reference:
    van den Oord et al., Pixel Recurrent Neural Networks, 2016, https://arxiv.org/abs/1601.06759
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers
from explorer.models.levels import Levels
from explorer.models.raster import SIDE, RasterModel

FIRST = 7  # side of the first kernel
State = tuple[Tensor, Tensor]  # h and c of one row, each (B, 28, h)


class RowLSTM(nn.Module):
    """One residual layer of h features for each gate; a kernel is a linear map of neighbouring columns.

    Reference: van den Oord et al. 2016, section 3.1, equation 3, and section 3.3.
    """

    def __init__(self, hidden: int):
        super().__init__()
        self.hidden = hidden
        self.input_to_state = nn.Linear(2 * 2 * hidden, 4 * hidden)  # of two columns: 3×1 with mask B
        self.state_to_state = nn.Linear(3 * hidden, 4 * hidden, bias=False)  # of three columns
        self.widen = nn.Linear(hidden, 2 * hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` and the result (B, 28, 28, 2h)."""
        read = self.input_to_state(torch.cat([F.pad(x, (0, 0, 1, -1)), x], dim=-1))
        state, rows = self.start(read[:, 0]), []
        for row in read.unbind(1):
            state = lstm_step(row + self.from_above(state[0]), state[1])
            rows.append(state[0])
        return x + self.widen(torch.stack(rows, dim=1))

    def start(self, like: Tensor) -> State:
        """Return the state above the first row, 0, for as many images as `like` (B, …) has."""
        zeros = like.new_zeros(len(like), SIDE, self.hidden)
        return zeros, zeros

    def from_above(self, h: Tensor) -> Tensor:
        """Apply the kernel over the row above: (B, 28, h) to (B, 28, 4h)."""
        return self.state_to_state(torch.cat([F.pad(h, (0, 0, 1, -1)), h, F.pad(h, (0, 0, -1, 1))], dim=-1))


def lstm_step(a: Tensor, c: Tensor) -> State:
    """Compute the new h and c from the sums `a` (…, 4h) and the c (…, h) of the row above."""
    gates, g = a.split([3 * c.shape[-1], c.shape[-1]], dim=-1)
    o, f, i = torch.sigmoid(gates).chunk(3, dim=-1)
    c = f * c + i * torch.tanh(g)
    return o * torch.tanh(c), c


class PixelRNN(RasterModel):
    r"""PixelRNN over binary 28×28 images in raster order, without labels, as in the paper.

    Arguments:
        hidden: h, the features of each gate; the layers pass on 2h.
        layers: Number of row LSTM layers.
        head: Features between the two last layers.
    """

    title = "PixelRNN"
    cannot = {
        **RasterModel.cannot,
        "label": "this PixelRNN was trained without labels, so it cannot be asked for a class",
    }

    mask: Tensor

    def __init__(self, hidden: int = 32, layers: int = 2, head: int = 64):
        super().__init__(levels=2, classes=0)
        self.first = nn.Conv2d(1, 2 * hidden, FIRST, padding=FIRST // 2)
        self.layers = Layers(RowLSTM(hidden) for _ in range(layers))
        self.head, self.last = nn.Linear(2 * hidden, head), nn.Linear(head, self.outputs)
        self.register_buffer("mask", first_mask(), persistent=False)

    def forward(self, x: Tensor, label: Tensor | None = None) -> Levels:
        """Compute the conditional distribution of every pixel given those before it: batch shape (B, 1, 28, 28).

        Shapes: `x` (B, 1, 28, 28). There are no labels.
        """
        return self.distribution(self.parameters_of(x, label).view(*x.shape, self.outputs))

    def parameters_of(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Logit of every pixel, given those before it: (B, 1, 28, 28) to (B, 784, 1).

        Raises:
            ValueError: if `x` is invalid, or a label is given.
        """
        self.space.check(x)
        self.check_label(label, len(x))
        features = F.conv2d(x, self.first.weight * self.mask, self.first.bias, padding=FIRST // 2)
        features = features.permute(0, 2, 3, 1)
        for layer in self.layers:
            features = layer(features)
        return self.logits(features).flatten(1, 2)

    def logits(self, features: Tensor) -> Tensor:
        """Shapes: `features` (…, 2h), the result (…, 1)."""
        hidden = F.relu(self.head(F.relu(features))).to(self.last.weight.dtype)
        with torch.autocast(features.device.type, enabled=False):
            return self.last(hidden)

    def predictor(self, image: Tensor, label: Tensor | None, known: int) -> Callable[[int], Tensor]:
        """Return a function from a pixel to its logit (n, 1) that computes one column of one row.

        Shapes: `image` (n, 784), as drawn so far, which changes between calls; its first `known` pixels are given.
        """
        return Cache(self, image.view(-1, SIDE, SIDE)).predict


def first_mask() -> Tensor:
    """Return mask A of the first kernel: 1 above its centre and to the left of it, else 0: (7, 7).

    Reference: van den Oord et al. 2016, section 3.4.
    """
    places = torch.arange(FIRST * FIRST)
    return (places < FIRST * FIRST // 2).float().view(FIRST, FIRST)


class Cache:
    """Cached states of the row above, and features to the left, so that a new pixel costs one column of its row.

    The kernel over the row above runs once for each row; all else runs pixel by pixel.
    """

    def __init__(self, net: PixelRNN, image: Tensor):
        """Shapes: `image` (n, 28, 28)."""
        self.net, self.image = net, image
        self.kernel = net.first.weight[:, 0] * net.mask
        self.states = [layer.start(image) for layer in net.layers]
        self.row, self.column = -1, SIDE

    def start_row(self) -> None:
        """Begin the next row; the rows above must be known."""
        self.row, self.column = self.row + 1, 0
        self.above = [layer.from_above(h) for layer, (h, _) in zip(self.net.layers, self.states)]
        self.old = [c for _, c in self.states]
        self.states = [(torch.zeros_like(h), torch.zeros_like(c)) for h, c in self.states]
        self.left = [self.image.new_zeros(len(self.image), 2 * layer.hidden) for layer in self.net.layers]

    def predict(self, pixel: int) -> Tensor:
        """Compute the logit of one pixel (n, 1), after catching up; pixels must be requested in raster order."""
        while (self.row, self.column) <= divmod(pixel, SIDE):
            if self.column == SIDE:
                self.start_row()
            features = self.features(self.column)
        return self.net.logits(features)

    def features(self, column: int) -> Tensor:
        """Run all layers for one column of the row, and keep their states: (n, 2h)."""
        x = self.first(column)
        for k, layer in enumerate(self.net.layers):
            read = layer.input_to_state(torch.cat([self.left[k], x], dim=-1))
            h, c = lstm_step(read + self.above[k][:, column], self.old[k][:, column])
            for kept, new in zip(self.states[k], (h, c)):
                kept[:, column] = new
            self.left[k] = x
            x = x + layer.widen(h)
        self.column = column + 1
        return x

    def first(self, column: int) -> Tensor:
        """Compute the first features of one column of the row: (n, 2h)."""
        side = FIRST // 2
        top, left = self.row - side, column - side  # of the kernel, perhaps outside of the image
        seen = self.image[:, max(0, top) : self.row + 1, max(0, left) : column + side + 1]
        rows, columns = seen.shape[1:]
        kernel = self.kernel[:, max(0, -top) : max(0, -top) + rows, max(0, -left) : max(0, -left) + columns]
        return F.linear(seen.flatten(1), kernel.flatten(1), self.net.first.bias)
