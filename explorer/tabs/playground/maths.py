"""Live formula below the stage of the playground."""

from explorer.lessons.live import align, finite, live, tex


def distance_of_pairs(a: float, b: float, c: float, d: float) -> float:
    """Return D² between the points {a, b} and {c, d} on a line, over pairs of different points."""
    return (abs(a - c) + abs(a - d) + abs(b - c) + abs(b - d)) / 2 - abs(a - b) - abs(c - d)


@live("Energy distance, with your numbers", ("a", 0.0), ("b", 1.0), ("c", 3.0), ("d", 4.0))
def show_distance(a: float | None, b: float | None, c: float | None, d: float | None) -> str:
    """Return a formula of D² between two samples on a line, {a, b} and {c, d}."""
    a, b, c, d = finite("a", a), finite("b", b), finite("c", c), finite("d", d)
    across = (abs(a - c) + abs(a - d) + abs(b - c) + abs(b - d)) / 4
    x, y = tex(abs(a - b)), tex(abs(c - d))
    return align(
        rf"\mathbb{{E}}|X - Y| &= \tfrac14 (|a - c| + |a - d| + |b - c| + |b - d|) = {tex(across)}",
        rf"\mathbb{{E}}|X - X'| &= |a - b| = {x}, \quad \mathbb{{E}}|Y - Y'| = |c - d| = {y}",
        rf"D^2 &= 2 \cdot {tex(across)} - {x} - {y} = {tex(distance_of_pairs(a, b, c, d))}",
    )
