"""Numbers as text, as `stages/kit/base/format.js` writes them, but with commas in thousands; round axis values."""

import math
from collections.abc import Sequence

MINUS = "−"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def num(value: float | None, digits: int = 2) -> str:
    """Return a number with fixed digits; a dash for None and for what is not finite."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return (text.lstrip("-") if float(text.replace(",", "")) == 0 else text).replace("-", MINUS)


def with_sign(value: float, digits: int = 1) -> str:
    """Return a number with its sign, also above zero, such as a log-density; what rounds to zero has none."""
    return f"{'+' if round(value, digits) > 0 else ''}{num(value, digits)}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share in per cent; only all of it is 100 %, and only nothing 0 %."""
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    least, shown = 10.0**-digits, round(100 * share, digits)
    if shown == 0:
        return f"less than {num(least, digits)} %"
    return f"more than {num(100 - least, digits)} %" if shown == 100 else f"{num(shown, digits)} %"


def brief(value: float, digits: int = 2) -> str:
    """Return a number to as many digits as count, with its power of ten if it is small: 0.012, 2.7 · 10⁻⁵."""
    if value == 0 or abs(value) >= 1e-3:
        return f"{float(f'{value:.{digits}g}'):g}".replace("-", MINUS)
    front, exponent = f"{value:.{digits - 1}e}".split("e")
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return power if front.strip("0.") == "1" else f"{front.replace('-', MINUS)} · {power}"


def pair(z: Sequence[float], digits: int = 2) -> str:
    """Return a point as "(0.60, −1.20)"."""
    return f"({', '.join(num(value, digits) for value in z)})"


def place_of(cell: int, side: int) -> str:
    """Return the place of a cell of a square with `side` columns, counted from one."""
    return f"row {cell // side + 1}, column {cell % side + 1}"


def with_article(name: str) -> str:
    """Return a name after its article."""
    return f"{'an' if name[0].lower() in '8aeiou' else 'a'} {name}"


def ticks(low: float, high: float, most: int = 3) -> list[float]:
    """Return at most so many round values within a range."""
    rough = max(high - low, 1e-12) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (factor * power for factor in (1, 2, 5, 10, 20, 50)):
        found = [step * k for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if len(found) <= most:
            return [round(value, 10) for value in found]
    return []
