r"""MADE: a masked autoencoder that predicts every pixel from those before it, in any order.

Pixel $d$ has a number $m(d)$, its place in the order; each hidden unit $k$ also has a number $m(k)$. The numbers decide
which connections stay, so that output $d$ depends only on pixels with a lower number:

$$ M^W_{k,d} = [m(k) \ge m(d)], \qquad M^V_{d,k} = [m(d) > m(k)] $$

References:
    Germain et al., MADE: Masked Autoencoder for Distribution Estimation, 2015, https://arxiv.org/abs/1502.03509
"""

import copy
import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.levels import Levels
from explorer.models.raster import PIXELS, SIDE, RasterModel


def pixel_orders(side: int = SIDE) -> Tensor:
    """Return four pixel orders: by rows, by columns, and both reversed: (4, side²), pixel indices in order."""
    grid = torch.arange(side * side, device="cpu").view(side, side)  # on the meta device, torch imports its compiler
    forwards = [grid.flatten(), grid.T.flatten()]
    return torch.stack([*forwards, *(order.flip(0) for order in forwards)])


def unit_numbers(width: int, count: int, device: torch.device | None = None) -> Tensor:
    """Return the numbers of a layer's hidden units: increasing from 1 to at most count − 1, evenly spread: (width,)."""
    return 1 + torch.arange(width, device=device) * (count - 1) // width


def masks(order: Tensor, widths: Sequence[int]) -> list[Tensor]:
    r"""Return the masks of the layers in order, then that of the direct connections from the pixels to the outputs.

    Shapes: `order` (D,); masks (to, from), True where a connection stays.

    Reference: Germain et al. 2015, equations 12 and 13, and section 4.2 for the order.
    """
    count = len(order)
    place = torch.empty_like(order)
    place[order] = torch.arange(1, count + 1, device=order.device)
    numbers = [place, *(unit_numbers(width, count, order.device) for width in widths)]
    hidden = [after.unsqueeze(1) >= before for before, after in zip(numbers, numbers[1:])]
    return [*hidden, place.unsqueeze(1) > numbers[-1], place.unsqueeze(1) > place]


class MaskedLinear(nn.Linear):
    """A layer with masked weights; each pixel order has its own scale and shift of the outputs."""

    def __init__(self, inputs: int, outputs: int, orders: int):
        super().__init__(inputs, outputs)
        self.scale, self.shift = nn.Embedding(orders, outputs), nn.Embedding(orders, outputs)
        for start in (self.scale, self.shift):
            nn.init.zeros_(start.weight)

    def forward(self, x: Tensor, masked: Tensor, which: int, units: slice = slice(None)) -> Tensor:
        """Compute some `units` of the layer.

        Shapes: `x` (B, inputs); `masked` (outputs, inputs), weights times a mask.
        """
        scale, shift = (of.weight[which, units] for of in (self.scale, self.shift))
        return F.linear(x, masked[units], self.bias[units]) * (1 + scale) + shift


class MADE(RasterModel):
    r"""MADE over binary 28×28 images with one set of masks for each of the four `pixel_orders`.

    All orders share the weights; each has its own scale and shift of the units of every layer. The default is the
    first, raster order.

    Arguments:
        widths: Hidden widths.
    """

    title = "MADE"
    cannot = {
        **RasterModel.cannot,
        "label": "this MADE was trained without labels, so it cannot be asked for a class",
    }

    def __init__(self, widths: Sequence[int] = (760, 760)):
        super().__init__(levels=2, classes=0)
        self.orders = pixel_orders()
        self.which = 0
        self.masks = [masks(order, widths) for order in self.orders]
        sizes = [PIXELS, *widths, PIXELS]
        self.layers = nn.ModuleList(MaskedLinear(a, b, len(self.orders)) for a, b in zip(sizes, sizes[1:]))
        self.straight = nn.Linear(PIXELS, PIXELS, bias=False)
        nn.init.zeros_(self.straight.weight)

    @property
    def order(self) -> Tensor:
        """Pixel indices in the order of their prediction: (784,)."""
        return self.orders[self.which]

    def in_order(self, which: int) -> "MADE":
        """Return a model with the same weights under the masks of another pixel order; nothing is copied.

        Raises:
            ValueError: if there is no order of that number.
        """
        if not 0 <= which < len(self.orders):
            raise ValueError(
                f"this network knows {len(self.orders)} pixel orders, numbered from 0; there is no {which}"
            )
        other = copy.copy(self)
        other.which = which
        return other

    def forward(self, x: Tensor, label: Tensor | None = None) -> Levels:
        """Compute the conditional distribution of every pixel given those before it in the order.

        Shapes: `x` (B, 1, 28, 28), as the batch shape; `label` is None.

        Raises:
            ValueError: if `x` is invalid, or a label is given; the message says what is wrong.
        """
        return self.distribution(self.parameters_of(x, label).view(len(x), 1, SIDE, SIDE, 1))

    def parameters_of(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Logit of every pixel: (B, 1, 28, 28) to (B, 784, 1).

        Raises:
            ValueError: if `x` is invalid, or a label is given.
        """
        self.space.check(x)
        self.check_label(label, len(x))
        return self.logits(x.flatten(1), self.masked_weights(x)).unsqueeze(-1)

    def masked_weights(self, like: Tensor) -> list[Tensor]:
        """Return the weights times the masks of the order: for every layer, then for the direct connections.

        Shapes: each (to, from); `like` is a tensor of their device and type.
        """
        weights = [*(layer.weight for layer in self.layers), self.straight.weight]
        return [weight * mask.to(like) for weight, mask in zip(weights, self.masks[self.which], strict=True)]

    def logits(self, x: Tensor, masked: list[Tensor]) -> Tensor:
        """Shapes: `x` and the result (B, 784); `masked` as from `masked_weights`."""
        *hidden, last, straight = masked
        h = x
        for layer, weight in zip(self.layers, hidden):
            h = F.relu(layer(h, weight, self.which))
        return (self.layers[-1](h, last, self.which) + F.linear(x, straight)).to(self.straight.weight.dtype)

    def predictor(self, image: Tensor, label: Tensor | None, known: int) -> Callable[[int], Tensor]:
        """Return a function from a pixel to its logit (n, 1).

        A hidden unit of number m depends only on the first m pixels. So each unit is computed once, when these pixels
        are known, and an image costs one pass instead of 784. Call the function with the pixels in their order.

        Shapes: `image` (n, 784), as drawn so far, which changes between calls; its first `known` pixels are given.
        """
        *hidden, last, straight = self.masked_weights(image)
        numbers = [unit_numbers(len(weight), PIXELS) for weight in hidden]
        ends = [torch.searchsorted(each, torch.arange(PIXELS), right=True).tolist() for each in numbers]
        units = [image.new_zeros(len(image), len(weight)) for weight in hidden]
        before = {int(pixel): place for place, pixel in enumerate(self.order)}
        done = [0] * len(hidden)

        def predict(pixel: int) -> Tensor:
            h = image
            for k, (layer, weight) in enumerate(zip(self.layers, hidden)):
                new = slice(done[k], ends[k][before[pixel]])
                units[k][:, new] = F.relu(layer(h, weight, self.which, new))
                h, done[k] = units[k], new.stop
            one = slice(pixel, pixel + 1)
            logit = self.layers[-1](h, last, self.which, one) + F.linear(image, straight[one])
            return logit.to(self.straight.weight.dtype)

        return predict

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x) in nats in raster order, or in another for a share `other_orders` of the batches.

        Shapes: `x` (B, 1, 28, 28); `label` is not used.
        """
        other = float(torch.rand((), generator=generator)) < recipe["other_orders"]
        which = int(torch.randint(1, len(self.orders), (), generator=generator)) if other else 0
        return -self.in_order(which).log_prob(x).mean()

    def mixture_log_prob(self, x: Tensor) -> Tensor:
        r"""Log of the mean likelihood over the orders, $\log \frac{1}{K} \sum_k p_k(x)$, exact, in nats: (B,).

        An average of logits would not give probabilities that sum to one. Shapes: `x` (B, 1, 28, 28).

        Reference: Germain et al. 2015, section 4.2.
        """
        each = torch.stack([self.in_order(which).log_prob(x) for which in range(len(self.orders))])
        return torch.logsumexp(each, dim=0) - math.log(len(self.orders))
