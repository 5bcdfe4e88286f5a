"""Placement of names beside the points of a chart, with little overlap with each other and with other points."""

from collections.abc import Sequence
from itertools import product

from explorer.running.pauses import pausing

PLACES = {
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
BESIDE_SIZES = ((762, 355), (262, 315))  # of the plotting area, in pixels: on a wide screen and on a phone
LETTER, BESIDE_LINE, BESIDE_MARK = 7, 16, 7  # pixels: width of a letter, height of a line, half the size of a mark
ROUNDS = 4

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, right, low, high


def beside(points: Sequence[Point], names: Sequence[str]) -> list[str]:
    """Return the position of each name in plotly's terms; points are fractions of the plotting area."""
    found = [_settled(points, names, start) for start in pausing(PLACES)]
    return min(found, key=lambda places: sum(_over(points, names, places, i) for i in range(len(points))))


def _settled(points: Sequence[Point], names: Sequence[str], start: str) -> list[str]:
    """Return positions found greedily: all names start at one, then each moves to its least overlap."""
    places = [start] * len(points)
    for _, i in product(range(ROUNDS), range(len(points))):
        places[i] = min(PLACES, key=lambda place: _over(points, names, [*places[:i], place, *places[i + 1 :]], i))
    return places


def _over(points: Sequence[Point], names: Sequence[str], places: Sequence[str], i: int) -> float:
    """Return the square pixels of a name that overlap other names or marks, or lie outside the plotting area."""
    total = 0.0
    for width, height in BESIDE_SIZES:
        at = [(x * width, y * height) for x, y in points]
        boxes = [box(*each) for each in zip(at, names, places)]
        marks = [(x - BESIDE_MARK, x + BESIDE_MARK, y - BESIDE_MARK, y + BESIDE_MARK) for x, y in at]
        others = [*boxes[:i], *boxes[i + 1 :], *marks[:i], *marks[i + 1 :]]
        total += sum(overlap(boxes[i], other) for other in others)
        left, right, low, high = boxes[i]
        total += (right - left) * (high - low) - overlap(boxes[i], (0, width, 0, height))
    return total


def box(at: Point, name: str, place: str) -> Box:
    """Return the box of a name beside a point, in pixels."""
    (x, y), (across, up), wide = at, PLACES[place], LETTER * len(name)
    middle_x = x + across * (BESIDE_MARK + wide / 2)
    middle_y = y + up * (BESIDE_MARK + BESIDE_LINE / 2)
    return middle_x - wide / 2, middle_x + wide / 2, middle_y - BESIDE_LINE / 2, middle_y + BESIDE_LINE / 2


def overlap(a: Box, b: Box) -> float:
    """Return the overlap of two boxes in square pixels."""
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[2], b[2]))
