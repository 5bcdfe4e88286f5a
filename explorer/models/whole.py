"""Whole numbers that a caller says: how many steps, draws, or times."""


def counted(number: int, name: str, most: int | None = None) -> int:
    """The number; raises ValueError unless it is a whole one of at least 1, and of no more than `most`."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1 or (most is not None and number > most):
        bounds = "of at least 1" if most is None else f"from 1 to {most}"
        raise ValueError(f"{name} must be a whole number {bounds}, not {number!r}")
    return number
