"""The bound in a chart of its terms, in numbers, a sentence and a table."""

from collections.abc import Sequence
from typing import Any

from explorer.spaces.images import PIXELS
from explorer.tabs.kit.words import num, percent

HEADS = ("log p(x), ≥ bound: the area", "the next pixel, with so many masked", "log p row by row, = exact")


def bounded(nats: Sequence[float], masked: int, now: float) -> dict[str, Any]:
    """Describe the terms of the bound of one picture.

    Arguments:
        nats: Mean cost of the next pixel, for evenly spaced numbers of masked pixels.
        masked: Chosen number of masked pixels; the next pixel costs `now` nats with it.
    """
    each = PIXELS // len(nats)  # numbers of masked pixels that a term stands for
    sizes = [each * (k + 1) for k in range(len(nats))]
    whole = each * sum(nats)
    late = each * sum(cost for size, cost in zip(sizes, nats) if size > PIXELS / 2)
    top = 1.05 * max(0.1, *nats)
    chart = {
        "xs": [0, PIXELS],
        "ys": [0, top],
        "ticks": {"x": [0, PIXELS // 2, PIXELS]},
        "names": {"x": ["0", str(PIXELS // 2), f"{PIXELS} masked"]},
        "name": "cost of the next pixel in nats, by masked pixels",
        "bars": [{"x0": size - each, "x1": size, "y": cost} for size, cost in zip(sizes, nats)],
        "cursor": masked,
        "words": f"the bound is {num(-whole)} nats",
    }
    return {
        "charts": [chart],
        "stops": {"m": [(size, size) for size in range(1, PIXELS + 1)]},
        "numbers": [
            (HEADS[0], num(-whole), "nats"),
            (HEADS[1], num(now, 4), "nats"),
            (HEADS[2], "–", "nats"),
        ],
        "words": f"With {masked} of {PIXELS} pixels masked, the next one costs {num(now, 4)} nats, the mean over the "
        f"masked ones. The area is the bound, log p(x) ≥ {num(-whole)} nats, by one mask for each of {len(nats)} "
        f"sizes; {percent(late / whole)} of it is paid while more than half of the image is masked.",
        "table": [("masked", "nats of the next pixel"), *zip(sizes, nats)],
    }


def row_by_row(raster: float) -> dict[str, Any]:
    """Describe the exact log p of a picture in raster order, in nats."""
    said = f"Row by row alone the chain rule gives {num(raster)} nats, exactly: the bound is the mean over all orders."
    return {"number": (HEADS[2], num(raster), "nats"), "words": said}
