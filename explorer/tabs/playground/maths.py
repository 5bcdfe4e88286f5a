"""Live formula below the stage of the playground."""

from explorer.tabs.kit.live import align, finite, live, tex


def distance_of_two(a: float, b: float, c: float) -> float:
    """Return D² between the two points {a, b} and the one point c, on a line."""
    return (abs(a - c) + abs(b - c)) - abs(a - b) / 2


@live("Energy distance, with your numbers", ("a", 0.0), ("b", 1.0), ("c", 3.0))
def show_distance(a: float | None, b: float | None, c: float | None) -> str:
    """Return a formula of the energy distance between two samples on a line, {a, b} and {c}."""
    a, b, c = finite("a", a), finite("b", b), finite("c", c)
    across, within = (abs(a - c) + abs(b - c)) / 2, abs(a - b) / 2
    return align(
        rf"\mathbb{{E}}|X - Y| &= \tfrac12 (|a - c| + |b - c|) = {tex(across)}",
        rf"\mathbb{{E}}|X - X'| &= \tfrac14 (0 + |a - b| + |b - a| + 0) = {tex(within)}",
        rf"D^2 &= 2 \cdot {tex(across)} - {tex(within)} - 0 = {tex(distance_of_two(a, b, c))}",
    )
