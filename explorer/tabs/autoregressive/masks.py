"""*Masks*: which pixels a prediction may read, and which it misses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Whole, Wholes
from explorer.models.made import MADE
from explorer.models.masks import (
    Connections,
    earlier_pixels,
    kernel_mask,
    made_connections,
    naive_field,
    receptive_field,
    two_stack_field,
)
from explorer.models.raster import SIDE
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Details, Each, Figure, Table
from explorer.numbers.words import num, place_of
from explorer.spaces.packing import pack, pack_bits
from explorer.tabs.autoregressive.kernel import KEPT, one_kernel
from explorer.tabs.autoregressive.shared import ORDER, PART, PIXEL, SHORT_ORDERS, Order, Part, RasterNet, gradient
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

KERNEL = Field("kernel", OneOf((3, 5, 7)), 3, "the kernel")
LAYER = Field("layer", Whole(0, 8), 1, "the layer")
TYPE = Field("type", OneOf(("A", "B")), "A", "the type of mask")
TAPS = Field("taps", Wholes(48, 49), (), "the cells of the kernel that were switched by hand")
OUTPUT = Field("output", Whole(0, 8), 4, "the output of the small MADE")
AnyPixel = Annotated[int | None, replace(PIXEL, optional=True)]
MaskType = Annotated[str, TYPE]
Taps = Annotated[tuple[int, ...], TAPS]
Kernel = Annotated[int, KERNEL]
Layer = Annotated[int, LAYER]
REACHED, SHARE = Figure("reached"), Figure("share")
BLIND = Figure("blind", unit="pixels", digits=0)
PLAIN = Figure("plain masks reach", unit="pixels", digits=0)
STACKS = Figure("two stacks reach", unit="pixels", digits=0)
MAY_READ = Figure("may read", unit="of 9 pixels", digits=0)
HEADS = (FINDING, KEPT)
MASKS_MIDDLE, EXAMPLE = 406, 8  # the pixel until one is chosen, and the test image beneath the sets
MADE_NET, MADE_SET = "made-mnist", "mnist"
MASKS_COLUMNS = ("pixels", "hidden", "hidden", "outputs")
OF_MADE = (
    "MADE has no kernels: each of its outputs may read every earlier pixel, with one layer or with many. Choose MNIST "
    "or Fashion-MNIST above, or the part MADE."
)
SMALL_WIDTHS = (8, 8)  # hidden units per layer of the MADE over 3×3 pixels
MASKS = {"kernel": "One mask", "layers": "Two stacks", "blind": "One stack", "made": "MADE"}
OF_KERNEL = [part for part in (None, *PART.kind.choices) if part not in ("layers", "blind", "made")]
SIZES = {size: f"{size} × {size}" for size in KERNEL.kind.choices}
TYPES = {"A": "A: first layer", "B": "B: later layers"}
NO_TAPS = {value: {"taps": []} for value in (*SIZES, *TYPES)}


@light
def masks(
    part: Part, net: RasterNet, pixel: AnyPixel, layer: Layer, kernel: Kernel, type: MaskType, taps: Taps, order: Order
) -> Answer:
    """Return one part of the masks: a kernel, the layers of a network, the blind spot of plain kernels, or a MADE."""
    chosen, pixel = pixel is not None, MASKS_MIDDLE if pixel is None else pixel
    if part == "layers":
        link = ["Its gradient in “One pixel”", {"mode": "ask"} | ({} if chosen else {"pixel": pixel})]
        found = growth(net, pixel, layer) | Answer(view={"links": [link]})
    elif part == "blind":
        found = blind(kernel, layer, pixel)
    else:
        found = connections(order, pixel) if part == "made" else one_kernel(kernel, type, taps, pixel)
    example = data.display_split(MADE_SET if part == "made" else dataset_of(net)).images[EXAMPLE]
    board = {"values": pack(example, torch.uint8), "known": pixel, "ring": pixel} | found.view["board"]
    return found | Answer(view={"board": board})


def of_sets(sets: Mapping[str, Tensor]) -> Table:
    """Return the table of sets of pixels, booleans (28, 28), by their names."""
    columns = {name: field.flatten().int().tolist() for name, field in sets.items()}
    return Table(
        [
            {"row": at // SIDE, "column": at % SIDE} | {name: column[at] for name, column in columns.items()}
            for at in range(SIDE * SIDE)
        ]
    )


def growth(net: str, pixel: int, layer: int) -> Answer:
    """Return the receptive field of one prediction after zero, one, and up to all residual blocks.

    Sentences and numbers are about the field after `layer` blocks.
    """
    model = checkpoints.load(net)
    if isinstance(model, MADE):
        return Answer([REACHED], OF_MADE, view={"board": {}, "caption": ""})
    fields = [receptive_field(pixel, model.dilations, blocks) for blocks in range(len(model.dilations) + 1)]
    layer = min(layer, len(fields) - 1)
    reached = [int(field.sum()) for field in fields]
    shares = [f"{num(100 * each / pixel, 0)} %" if pixel else "–" for each in reached]
    rows = [
        {"block": str(block) if block else "none", "dilation": str(model.dilations[block - 1]) if block else "–"}
        | {"reached": str(each), "share": share}
        for block, (each, share) in enumerate(zip(reached, shares, strict=True))
    ]
    place = place_of(pixel, SIDE)
    said = f"{layer} block{'s' * (layer != 1)}: {reached[layer]} of {pixel} earlier pixels can matter to {place}"
    return Answer(
        [REACHED.of(str(reached[layer]), f"of {pixel} earlier pixels"), SHARE.of(shares[layer])],
        growth_words(layer, reached, pixel),
        of_sets({f"reached_after_{block}": field for block, field in enumerate(fields)}),
        details=Details(rows),
        view={
            "board": {"veil": pack_bits(fields[layer]), "words": said},
            "caption": f"Predicted: {place}. Blue: what it can depend on.",
        },
    )


def pixels_of(count: int) -> str:
    """Return a number of pixels in words."""
    return f"{count} pixel{'s' * (count != 1)}"


def growth_words(layer: int, reached: Sequence[int], before: int) -> str:
    """Return the sentences about a field after some blocks; `before` pixels come before the predicted one."""
    if not before:
        return "The first pixel has nothing before it: its prediction depends on no pixel, only on the class."
    left = before - reached[-1]
    whole = f"see {reached[-1]}, and never the other {left}" if left else "see every earlier pixel"
    if layer == 0:
        return (
            f"Without a block a prediction sees its first kernel only: {pixels_of(reached[0])} to its left. The blocks "
            f"bring in what lies above; all of them together {whole}."
        )
    return (
        f"After {layer} {'block' if layer == 1 else 'blocks'} it can see {reached[layer]} of {before} earlier pixels; "
        f"all blocks together {whole}. Whether it uses them is another question: the gradient shows it."
    )


def blind(kernel: int, layer: int, pixel: int) -> Answer:
    """Return the receptive fields of naively stacked masked kernels, and of two stacks of equal kernels and depth."""
    layers = max(1, layer)
    naive, seen = naive_field(pixel, kernel, layers), two_stack_field(pixel, kernel, layers)
    missing = seen & ~naive
    count, place = int(missing.sum()), place_of(pixel, SIDE)
    said = f"{pixels_of(count)} {'is' if count == 1 else 'are'} in the blind spot of {place}"
    return Answer(
        [BLIND.of(count), PLAIN.of(int(naive.sum())), STACKS.of(int(seen.sum()))],
        unseen(kernel, layers, place, count),
        of_sets({"plain_masks": naive, "two_stacks": seen, "blind": missing}),
        view={
            "board": {"veil": pack_bits(naive), "outline": pack_bits(seen), "marks": pack_bits(missing), "words": said},
            "caption": f"Predicted: {place}. Blue: reached by plain masks. Outlined: reached by two stacks. Dotted: "
            "the blind spot.",
        },
    )


def unseen(kernel: int, layers: int, place: str, count: int) -> str:
    """Return the sentences about the blind spot of a stack of kernels."""
    if layers == 1:
        return "One layer of mask A has no blind spot: it reads its whole kernel above and to the left. Add layers."
    if not count:
        return f"Nothing is missing at {place}: what plain masks cannot turn to lies outside the image."
    half = (kernel - 1) // 2
    slope = "one column" if half == 1 else f"{half} columns"
    pixels = f"{pixels_of(count)} above to the right {'stays' if count == 1 else 'stay'}"
    return (
        f"Within a row, a {kernel} × {kernel} mask only reads to the left. A path of kernels gains at most {slope} to "
        f"the right for each row upwards. So {pixels} unseen. A vertical stack reads whole rows above and a "
        "horizontal one its own row: nothing is left out, and nothing leaks. The networks here are built that way."
    )


def connections(order: int, pixel: int) -> Answer:
    """Return the connections that the masks of a MADE over 3×3 pixels allow, and what the trained one may read.

    Of each output, a part has the connections that lie on a path to it.
    """
    small = made_connections(order, SMALL_WIDTHS)
    read = earlier_pixels(pixel, checkpoints.load(MADE_NET).orders[order])
    before = int(read.sum())
    spots = places(small)
    parts = [leading(small, output, spots) for output in range(len(small.places))]
    table = [
        {"layer": layer + 1, "from": source, "to": unit, "kept": int(kept)}
        for layer, found in enumerate(small.layers)
        for unit, row in enumerate(found.tolist())
        for source, kept in enumerate(row)
    ]
    axes = {"x": Axis(ends=[-0.1, 3.1], ticks=[0, 1, 2, 3], names=MASKS_COLUMNS), "y": Axis(ticks=[], names=[])}
    return Answer(
        table=Table(table),
        charts=[Chart(**axes)],
        stops={"output": [[3, output, up] for output, (_, up) in enumerate(spots[-1])]},
        each=Each("output", [*range(len(parts))], parts),
        view={
            "board": {"known": SIDE * SIDE, "veil": pack_bits(read), "small": True, "words": place_of(pixel, SIDE)},
            "caption": f"The trained MADE may read all: {pixels_of(before)} {'comes' if before == 1 else 'come'} "
            f"before {place_of(pixel, SIDE)}.",
        },
    )


def places(small: Connections) -> list[list[tuple[float, float]]]:
    """Return where every unit stands, by column: pixels, two layers of hidden units, outputs."""
    counts = [len(small.places), *map(len, small.hidden), len(small.places)]
    return [
        [(column, round(1 - (unit + 0.5) / count, 4)) for unit in range(count)] for column, count in enumerate(counts)
    ]


def leading(small: Connections, output: int, spots: Sequence[Sequence[tuple[float, float]]]) -> Answer:
    """Return what lies on a path to one output, from the pixels up to it: its chart, numbers, sentences and order."""
    wanted = torch.arange(len(small.places)) == output
    units, lines = [wanted], []
    for at in reversed(range(len(small.layers))):
        led = small.layers[at].bool() & wanted.unsqueeze(1)
        wanted = led.any(0)
        units.insert(0, wanted)
        lines += between(led, spots[at], spots[at + 1], "you", 1.6)
    reached = wanted | small.straight[output].bool()
    numbers = sorted(small.places[reached].tolist())
    words = output_words(small, output, numbers)
    straight = small.straight.bool() & (torch.arange(len(small.places)) == output).unsqueeze(1)
    others = [
        line
        for at, layer in enumerate(small.layers)
        for line in between(layer.bool(), spots[at], spots[at + 1], "line", 1)
    ]
    dotted = [line | {"dash": [2, 4]} for line in between(straight, spots[0], spots[-1], "quiet", 1)]
    named = [small.places, *small.hidden, small.places]
    circles = [
        {"at": spot, "text": str(int(number)), "on": bool(on), "ringed": column == len(spots) - 1 and unit == output}
        for column, found in enumerate(zip(named, (reached, *units[1:]), spots, strict=True))
        for unit, (number, on, spot) in enumerate(zip(*found, strict=True))
    ]
    cells = [
        {"text": str(int(place)), "says": f"pixel {at + 1}: {int(place)}", "kind": kind}
        for at, place in enumerate(small.places)
        for kind in ("kept" if reached[at] else "own" if at == output else "",)
    ]
    return Answer(
        [MAY_READ.of(len(numbers))],
        words,
        charts=[{"lines": [*others, *dotted, *lines], "circles": circles, "name": "", "words": words}],
        matrix={
            "head": ["", "", ""],
            "rows": [{"name": "", "cells": cells[row : row + 3]} for row in (0, 3, 6)],
            "legend": "Filled: what the output may read.",
        },
    )


def between(kept: Tensor, sources: Sequence, units: Sequence, colour: str, width: float) -> list[dict[str, Any]]:
    """Return the connections of a layer that are kept, booleans (units, sources), as lines of a chart."""
    return [
        {"points": [sources[source], units[unit]], "colour": colour, "width": width}
        for unit, source in kept.nonzero().tolist()
    ]


def output_words(small: Connections, output: int, numbers: Sequence[int]) -> str:
    """Return the sentences about one output of the small MADE; `numbers` are those of the pixels that reach it."""
    m = int(small.places[output])
    name = f"Output {m}, for the pixel in {place_of(output, 3)},"
    if m == 1:
        return f"{name} comes first in this order: no connection reaches it, and its probability is one number."
    last = small.hidden[-1]
    return (
        f"{name} depends on {int((last < m).sum())} of the {len(last)} last hidden units, those with m below {m}. A "
        f"unit reads only numbers up to its own, so every path starts at {'pixel' if len(numbers) == 1 else 'pixels'} "
        f"{', '.join(map(str, numbers))}: all that come before, never itself or a later one."
    )


MODE = Mode(
    "masks",
    "Masks",
    "understand",
    fields=[KERNEL, LAYER, TYPE, TAPS, OUTPUT],
    functions=[masks],
    panel=Panel(
        masks,
        controls=[
            [Control(PART, "segments", "Part", options=MASKS, initial="kernel", also={"blind": {"layer": 4}})],
            [Control(KERNEL, "segments", "Kernel", options=SIZES, when={"part": [*OF_KERNEL, "blind"]}, also=NO_TAPS)],
            [Control(TYPE, "segments", "Mask", options=TYPES, when={"part": OF_KERNEL}, also=NO_TAPS)],
            [Control(LAYER, "slider", "Layers", live=True, when={"part": ["layers", "blind"]})],
            [Control(ORDER, "segments", "Pixel order", options=dict(enumerate(SHORT_ORDERS)), when={"part": ["made"]})],
        ],
        shows=Shows(
            "What may a prediction depend on?",
            HEADS,
            charts=[("A small MADE over 3 by 3 pixels", 340, "output")],
            details=True,
        ),
    ),
    code={
        "Masks": [
            gradient,
            receptive_field,
            naive_field,
            two_stack_field,
            kernel_mask,
        ],
    },
)
