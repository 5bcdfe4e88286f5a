"""Check of integer arguments: numbers of steps, draws, or times."""


def check_count(number: int, name: str, most: int | None = None) -> int:
    """Return the number; raise ValueError unless it is an integer of at least 1, and at most `most`."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1 or (most is not None and number > most):
        bounds = "of at least 1" if most is None else f"from 1 to {most}"
        raise ValueError(f"{name} must be a whole number {bounds}, not {number!r}")
    return number
