"""Dependencies that the masks and kernels of autoregressive networks allow; pictures of 28×28 travel as bits."""

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer import checkpoints
from explorer.models.made import MADE
from explorer.models.masks import (
    Connections,
    earlier_pixels,
    made_connections,
    naive_field,
    receptive_field,
    two_stack_field,
)
from explorer.models.raster import SIDE, RasterModel
from explorer.spaces.packing import pack_bits
from explorer.tabs.autoregressive.fields import Kernel, Layer, Net, Order, Pixel
from explorer.tabs.kit.answers import light
from explorer.tabs.kit.words import headed, num

GROWTH_HEADS = ("reached", "share")
GROWTH_HEAD = ("block", "dilation", "reached", "share")
BLIND_HEADS = ("blind", "plain masks reach", "two stacks reach")
HEADS = {"growth": GROWTH_HEADS, "blind": BLIND_HEADS}
MOST_OF_IT = 0.9
SMALL_WIDTHS = (8, 8)  # hidden units per layer of the MADE over 3×3 pixels


def reach(model: RasterModel, pixel: int) -> Tensor:
    """Return the pixels that a prediction can depend on, by the masks and kernels: bool (28, 28)."""
    if isinstance(model, MADE):
        return earlier_pixels(pixel, model.order)
    return receptive_field(pixel, model.dilations)


@light
def growth(net: Net, pixel: Pixel, layer: Layer) -> dict:
    """Return the receptive field of one prediction after zero, one, and up to all residual blocks.

    Sentences and numbers are about the field after `layer` blocks.
    """
    model = checkpoints.load(net)
    if isinstance(model, MADE):
        raise ValueError("MADE's layers are not local: with one or with all of them it may read every earlier pixel")
    fields = [receptive_field(pixel, model.dilations, blocks) for blocks in range(len(model.dilations) + 1)]
    layer = min(layer, len(fields) - 1)
    reached = [int(field.sum()) for field in fields]
    shares = [f"{num(100 * each / pixel, 0)} %" if pixel else "–" for each in reached]
    rows = [
        (str(block) if block else "none", str(model.dilations[block - 1]) if block else "–", str(each), share)
        for block, (each, share) in enumerate(zip(reached, shares))
    ]
    place = place_of(pixel)
    return {
        "layers": [pack_bits(field) for field in fields],
        "sets": {f"reached_after_{block}": pack_bits(field) for block, field in enumerate(fields)},
        "veil": f"reached_after_{layer}",
        "most": len(fields) - 1,
        "said": f"{layer} blocks: {reached[layer]} of {pixel} earlier pixels can matter to {place}",
        "caption": f"Predicted: {place}. Blue: what it can depend on. Tap another pixel. Later ones do not exist yet.",
        "numbers": headed(GROWTH_HEADS, [(str(reached[layer]), f"of {pixel} earlier pixels"), (shares[layer], "")]),
        "details": {"head": GROWTH_HEAD, "rows": rows},
        "words": grown(layer, reached, pixel),
    }


def place_of(pixel: int) -> str:
    """Return the place of a pixel, counted from one."""
    return f"row {pixel // SIDE + 1}, column {pixel % SIDE + 1}"


def grown(layer: int, reached: Sequence[int], before: int) -> str:
    """Return the sentences about a field after some blocks; `before` pixels come before the predicted one."""
    if not before:
        return "The first pixel has nothing before it: its prediction depends on no pixel, only on the class."
    left = before - reached[-1]
    whole = f"see {reached[-1]}, and never the other {left}" if left else "see every earlier pixel"
    if layer == 0:
        return (
            f"Without a block a prediction sees its first kernel only: {reached[0]} pixels at its left. The blocks "
            f"bring in what lies above; all of them together {whole}."
        )
    return (
        f"After {layer} {'block' if layer == 1 else 'blocks'} it can see {reached[layer]} of {before} earlier pixels; "
        f"all blocks together {whole}. Whether it uses them is another question: the gradient tells."
    )


@light
def blind(kernel: Kernel, layer: Layer, pixel: Pixel) -> dict:
    """Return the receptive fields of naively stacked masked kernels, and of two stacks of equal kernels and depth."""
    layers = max(1, layer)
    naive, seen = naive_field(pixel, kernel, layers), two_stack_field(pixel, kernel, layers)
    missing = seen & ~naive
    counts = [int(field.sum()) for field in (missing, naive, seen)]
    place = place_of(pixel)
    return {
        "sets": {"plain_masks": pack_bits(naive), "two_stacks": pack_bits(seen), "blind": pack_bits(missing)},
        "veil": "plain_masks",
        "outline": "two_stacks",
        "marks": "blind",
        "most": Layer.__metadata__[0].kind.high,
        "said": f"{counts[0]} pixels are in the blind spot of {place}",
        "caption": f"Predicted: {place}. Blue: reached by plain masks. Outlined: reached by two stacks. Dotted: the "
        "blind spot.",
        "numbers": headed(BLIND_HEADS, [(str(count), "pixels") for count in counts]),
        "words": unseen(kernel, layers, place, counts[0]),
    }


def unseen(kernel: int, layers: int, place: str, count: int) -> str:
    """Return the sentences about the blind spot of a stack of kernels."""
    if layers == 1:
        return "One layer of mask A has no blind spot: it reads its whole kernel above and to the left. Add layers."
    if not count:
        return f"Nothing is missing at {place}: what plain masks cannot turn to lies outside the image."
    half = (kernel - 1) // 2
    slope = "one column" if half == 1 else f"{half} columns"
    pixels = "1 pixel above at the right stays" if count == 1 else f"{count} pixels above at the right stay"
    return (
        f"With a {kernel} × {kernel} mask a path of taps gains at most {slope} to the right for each row that it goes "
        f"up, as along a row it may only go left. So {pixels} unseen. A vertical stack reads whole rows above and a "
        "horizontal one its own row: nothing is left out, and nothing leaks. The networks here are built that way."
    )


@light
def connections(order: Order) -> dict:
    """Return the connections that the masks of a MADE over 3×3 pixels allow, and the numbers of its units.

    Of each output, `outputs` has the connections and units that lie on a path to it, the pixels that reach it, and what
    is said of it.
    """
    small = made_connections(order, SMALL_WIDTHS)
    return {
        "places": small.places.tolist(),
        "hidden": [numbers.tolist() for numbers in small.hidden],
        "layers": [layer.tolist() for layer in small.layers],
        "straight": small.straight.tolist(),
        "outputs": [leading(small, output) for output in range(len(small.places))],
    }


def leading(small: Connections, output: int) -> dict:
    """Return what lies on a path to one output, from the pixels up to it."""
    wanted = torch.arange(len(small.places)) == output
    units, lines = [wanted], []
    for layer in reversed(small.layers):
        led = layer.bool() & wanted.unsqueeze(1)
        wanted = led.any(0)
        units.insert(0, wanted)
        lines.insert(0, led)
    reached = wanted | small.straight[output].bool()
    return {
        "lines": [led.tolist() for led in lines],
        "units": [on.tolist() for on in (reached, *units[1:])],
        "words": heard(small, output, sorted(small.places[reached].tolist())),
    }


def heard(small: Connections, output: int, numbers: Sequence[int]) -> str:
    """Return the sentences about one output of the small MADE; `numbers` are those of the pixels that reach it."""
    m = int(small.places[output])
    name = f"Output {m}, for the pixel in row {output // 3 + 1}, column {output % 3 + 1},"
    if m == 1:
        return f"{name} comes first in this order: no connection reaches it, and its probability is one number."
    last = small.hidden[-1]
    return (
        f"{name} depends on {int((last < m).sum())} of the {len(last)} last hidden units, those with m below {m}. A "
        f"unit reads only numbers up to its own, so every path starts at {'pixel' if len(numbers) == 1 else 'pixels'} "
        f"{', '.join(map(str, numbers))}: all that come before, never itself or a later one."
    )


def leaning(gradient: Tensor, reached: int, pixel: int, before: int) -> str:
    """Return the sentence about what one prediction depends on: gradients (28, 28), and how many pixels reach it."""
    if not reached:
        return "It is the first pixel: its prediction depends on no other."
    strongest = gradient.flatten().sort(descending=True)
    count = int((strongest.values.cumsum(0) < MOST_OF_IT * gradient.sum()).sum()) + 1
    others = strongest.indices[:count]
    rows, columns = (others // SIDE - pixel // SIDE).abs(), (others % SIDE - pixel % SIDE).abs()
    far = int(torch.maximum(rows, columns).max())
    return (
        f"Of the {before} pixels before it the outlined {reached} can reach its prediction; nine tenths of the "
        f"gradient (blue) lie on {count} of them, none further than {far} pixel{'s' * (far != 1)} away."
    )
