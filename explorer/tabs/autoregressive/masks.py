"""Dependencies that the masks and kernels of autoregressive networks allow; pictures of 28×28 travel as bits."""

from torch import Tensor

from explorer import checkpoints
from explorer.models.made import MADE
from explorer.models.masks import earlier_pixels, made_connections, naive_field, receptive_field, two_stack_field
from explorer.models.raster import RasterModel
from explorer.spaces.packing import pack_bits
from explorer.tabs.autoregressive.fields import Kernel, Layers, Net, Order, Pixel
from explorer.tabs.kit.answers import light

SMALL_WIDTHS = (8, 8)  # hidden units per layer of the MADE over 3×3 pixels


def reach(model: RasterModel, pixel: int) -> Tensor:
    """Return the pixels that a prediction can depend on, by the masks and kernels: bool (28, 28)."""
    if isinstance(model, MADE):
        return earlier_pixels(pixel, model.order)
    return receptive_field(pixel, model.dilations)


@light
def growth(net: Net, pixel: Pixel) -> dict:
    """Return the receptive field of one prediction after zero, one, and up to all residual blocks."""
    model = checkpoints.load(net)
    if isinstance(model, MADE):
        raise ValueError("MADE's layers are not local: with one or with all of them it may read every earlier pixel")
    fields = [receptive_field(pixel, model.dilations, blocks) for blocks in range(len(model.dilations) + 1)]
    return {"layers": [pack_bits(field) for field in fields]}


@light
def blind(kernel: Kernel, layers: Layers, pixel: Pixel) -> dict:
    """Return the receptive fields of naively stacked masked kernels, and of two stacks of equal kernels and depth."""
    naive, seen = naive_field(pixel, kernel, layers), two_stack_field(pixel, kernel, layers)
    return {"naive": pack_bits(naive), "seen": pack_bits(seen)}


@light
def connections(order: Order) -> dict:
    """Return the connections that the masks of a MADE over 3×3 pixels allow, and the numbers of its units."""
    small = made_connections(order, SMALL_WIDTHS)
    return {
        "places": small.places.tolist(),
        "hidden": [numbers.tolist() for numbers in small.hidden],
        "layers": [layer.tolist() for layer in small.layers],
        "straight": small.straight.tolist(),
    }
