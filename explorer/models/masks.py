r"""Pixels on which a prediction can depend, computed from the masks and kernels alone.

A kernel's *taps* are the positions, relative to an output, from which it reads. The receptive field of a prediction is
computed backwards: from the predicted pixel, through the taps of each layer, to the pixels of the image. Positions
outside the image are dropped at each layer, because the zero padding carries no information.

References:
    van den Oord et al., Pixel Recurrent Neural Networks, 2016, https://arxiv.org/abs/1601.06759 (masks A and B)
    van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016, https://arxiv.org/abs/1606.05328
    (the blind spot, figure 1; the two stacks, figure 2)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.made import masks, pixel_orders
from explorer.models.pixelcnn import FIRST_LEFT, FIRST_ROWS, FIRST_WIDTH, GatedBlock
from explorer.models.raster import SIDE

Taps = list[tuple[int, int]]

_BLOCK = GatedBlock(channels=1, dilation=1, classes=0)  # provides the sizes of its kernels


def kernel_mask(size: int, kind: str) -> Tensor:
    """Return the taps that a masked kernel keeps: those before its centre in raster order; mask B adds the centre.

    Shapes: bool (size, size).

    Raises:
        ValueError: if `size` is not odd and positive, or `kind` is neither "A" nor "B".
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"a kernel's size must be odd and positive, not {size}")
    if kind not in ("A", "B"):
        raise ValueError(f'a mask is of type "A" or "B", not {kind!r}')
    centre = size * size // 2
    return (torch.arange(size * size) < centre + (kind == "B")).view(size, size)


def receptive_field(pixel: int, dilations: Sequence[int], blocks: int | None = None) -> Tensor:
    """Return the pixels that a `PixelCNN` reads to predict one pixel, after its first `blocks` blocks.

    The prediction comes from the horizontal stack, which receives the vertical one only inside the blocks. Without a
    block it reads its first kernel, the pixels on its left.

    Shapes: bool (28, 28).
    """
    horizontal, vertical = _only(pixel), torch.zeros(SIDE, SIDE, dtype=torch.bool)
    for dilation in reversed(tuple(dilations)[:blocks]):
        above = vertical | horizontal  # positions at which a block's vertical convolution is needed
        vertical = vertical | _read(above, _above(_BLOCK.vertical.kernel_size, dilation))
        horizontal = _read(horizontal, _left(_BLOCK.horizontal.kernel_size[1], dilation))
    first = [(row - 1, column) for row, column in _above((FIRST_ROWS, FIRST_WIDTH))]
    return _read(vertical, first) | _read(horizontal, [(0, -column) for column in range(1, FIRST_LEFT + 1)])


def naive_field(pixel: int, kernel: int, layers: int) -> Tensor:
    """Return the pixels that a plain stack of masked convolutions reads: one layer of mask A, then layers of mask B.

    Shapes: bool (28, 28).
    """
    wanted = _only(pixel)
    for kind in ["B"] * (layers - 1) + ["A"]:
        wanted = _read(wanted, _taps(kernel_mask(kernel, kind)))
    return wanted


def two_stack_field(pixel: int, kernel: int, layers: int) -> Tensor:
    """Return the pixels that a vertical and a horizontal stack read, with as many layers and kernels of the same size.

    Shapes: bool (28, 28).
    """
    half = kernel // 2
    down, right = _above((half + 1, kernel)), _left(half + 1)
    horizontal, vertical = _only(pixel), torch.zeros(SIDE, SIDE, dtype=torch.bool)
    for _ in range(layers - 1):
        vertical = _read(vertical | horizontal, down)
        horizontal = _read(horizontal, right)
    first = [(row - 1, column) for row, column in _above((half, kernel))]
    return _read(vertical | horizontal, first) | _read(horizontal, [(0, -column) for column in range(1, half + 1)])


def earlier_pixels(pixel: int, order: Tensor) -> Tensor:
    """Return the pixels before one in an order (784,); a `MADE` of that order may read them all.

    Shapes: bool (28, 28).
    """
    before = order[: int((order == pixel).nonzero())]
    seen = torch.zeros(SIDE * SIDE, dtype=torch.bool)
    seen[before] = True
    return seen.view(SIDE, SIDE)


@dataclass(frozen=True)
class Connections:
    """Masks of a MADE: the numbers m of its units, and the connections that stay.

    Shapes: `order` and `places` (D,); `hidden` one (width,) for each layer; `layers` (to, from) for each hidden layer
    and the outputs; `straight` (D, D), from the pixels directly to the outputs.
    """

    order: Tensor
    places: Tensor
    hidden: list[Tensor]
    layers: list[Tensor]
    straight: Tensor


def made_connections(which: int, widths: Sequence[int], side: int = 3) -> Connections:
    """Compute the masks of a small MADE over side × side pixels, in one of the four `pixel_orders`."""
    order = pixel_orders(side)[which]
    *layers, straight = masks(order, widths)
    # a unit reads the pixels whose place is at most its number, so it reads exactly that many
    hidden = [masks(order, [width])[0].sum(-1) for width in widths]
    return Connections(order, order.argsort() + 1, hidden, layers, straight)


def _only(pixel: int) -> Tensor:
    chosen = torch.zeros(SIDE * SIDE, dtype=torch.bool)
    chosen[pixel] = True
    return chosen.view(SIDE, SIDE)


def _read(wanted: Tensor, taps: Iterable[tuple[int, int]]) -> Tensor:
    """Return the positions (28, 28) that a kernel reads to compute its output at the wanted positions."""
    read = torch.zeros_like(wanted)
    rows, columns = wanted.nonzero(as_tuple=True)
    for row, column in taps:
        r, c = rows + row, columns + column
        inside = (r >= 0) & (r < SIDE) & (c >= 0) & (c < SIDE)
        read[r[inside], c[inside]] = True
    return read


def _above(size: tuple[int, ...], dilation: int = 1) -> Taps:
    """Return the taps of a kernel that ends in its own row and is centred on its own column."""
    rows, width = size
    sides = range(-(width // 2), width // 2 + 1)
    return [(-dilation * row, dilation * column) for row in range(rows) for column in sides]


def _left(width: int, dilation: int = 1) -> Taps:
    """Return the taps of a kernel of one row that ends in its own column."""
    return [(0, -dilation * column) for column in range(width)]


def _taps(mask: Tensor) -> Taps:
    half = len(mask) // 2
    return [(row - half, column - half) for row, column in mask.nonzero().tolist()]
