"""Formatting of card rows: as a phrase, as a table, and as quotes in a text.

A text quotes a reading by its name, or a row: `{{nll}}`, `{{made-mnist nll}}` of that network, `{{rate beta=10}}` and
`{{recall way="one pass"}}` at that setting, `{{-elbo beta=1}}` its negative, `{{gap:±}}` in one of `FORMATS`,
`{{accuracy:.1%}}` in any of Python's.

A text that ranks two rows quotes the verdict: `{{kl of=a ? kl of=b | rises | is the same | falls}}` has the first
words if the first row is measured to be larger, the last if it is smaller, and else those between.
"""

import math
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from explorer import verdicts
from explorer.networks.card import Card, Row, find, setting_of
from explorer.numbers.words import RAISED
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.parts import number

UNKNOWN = "(not measured yet)"
_QUOTE = re.compile(r"\{\{([^{}]+)\}\}")


def share(value: float, se: float | None = None) -> str:
    """Return a fraction in per cent, with its standard error if given."""
    if se:
        return f"{number(100 * value, 100 * se)} %"
    if 0 < value < 0.005 or 0.995 < value < 1:
        return f"{100 * value:.2f} %"
    return f"{value:.0%}".replace("%", " %")


def small(value: float) -> str:
    """Return a number with two digits, however small it is."""
    if abs(value) >= 1e-3 or not value:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits} · 10{str(int(exponent)).translate(RAISED)}"


FORMATS: dict[str, Callable[[Row], str]] = {
    "": lambda row: number(row["value"]),
    "±": lambda row: number(row["value"], row.get("se")),
    "%": lambda row: share(row["value"]),
    "± %": lambda row: share(row["value"], row.get("se")),
    "small": lambda row: small(row["value"]),
    "n": lambda row: f"{row['n']:,}",
}


def format_value(row: Row, form: str = "") -> str:
    """Return the value of a row, in one of `FORMATS` or in a format of Python."""
    if form in FORMATS:
        return FORMATS[form](row)
    return format(row["value"], form).replace("-", "−").replace("%", " %")


def value_with_unit(row: Row) -> str:
    """Return the value of a row with its unit, preceded by "at most" if it is a bound."""
    return f"{'at most ' if row['kind'] == 'bound' else ''}{format_value(row)} {row.get('unit', '')}".strip()


def join_words(words: Sequence[str], joint: str = "and") -> str:
    """Return words as a list in a sentence.

    Raises:
        ValueError: if there are none.
    """
    if not words:
        raise ValueError("there is nothing to list")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


class Quotes(dict[str, str]):
    """Quotes for texts: readings by name, and rows of cards; a missing row is quoted as `UNKNOWN`.

    Arguments:
        cards: Cards by the names of the networks.
        net: Default network, used if a quote names none.
        readings: Functions that return a sentence from all cards, by name.
    """

    def __init__(self, cards: Mapping[str, Card], net: str, readings: Mapping[str, Callable[[Any], str]]):
        super().__init__({name: _quote(partial(read, cards)) for name, read in readings.items()})
        self.cards, self.net = cards, net

    def __missing__(self, quoted: str) -> str:
        if " ? " in quoted:
            return _quote(lambda: self.verdict(quoted))
        reference, _, form = quoted.partition(":")
        return _quote(lambda: format_value(self.row(reference), form))

    def row(self, reference: str) -> Row:
        """Return the row of a reference, which may begin with the name of a network."""
        net, _, short = reference.partition(" ")
        if "=" in short.partition(" ")[0] or not short:
            net, short = self.net, reference
        return refer(self.cards[net], short)

    def verdict(self, quoted: str) -> str:
        """Return the words for the first row beside the second: larger, a tie, or smaller."""
        pair, *words = (each.strip() for each in quoted.split("|"))
        one, other = (tested(self.row(each.strip())) for each in pair.split(" ? "))
        larger, tie, smaller = words
        return verdicts.sized(verdicts.compare(one, other).sign, larger=larger, tie=tie, smaller=smaller)


def refer(card: Card, reference: str) -> Row:
    """Return the row that a reference such as `-elbo beta=1` names.

    Raises:
        KeyError: if there is no such row.
    """
    name, *setting = shlex.split(reference)
    return find(card, name, **{key: _value(each) for key, _, each in (pair.partition("=") for pair in setting)})


def tested(row: Row) -> verdicts.Estimate:
    """Return a row with its error; the error of an estimate is unknown if the card has none."""
    known = "se" in row or row["kind"] == "exact"
    return verdicts.of_figure(row if known else {**row, "se": math.inf})


def fill(text: str, quotes: Mapping[str, str]) -> str:
    """Return a text with each `{{}}` replaced by its quote.

    Raises:
        KeyError: If the quote is unknown.
    """
    return _QUOTE.sub(lambda match: quotes[match[1]], text)


def evidence(card: Card, titles: Mapping[str, str]) -> str:
    """Return the rows of a card that have titles, with standard error, N and seed, as Markdown.

    Arguments:
        card: The card.
        titles: Titles by reference; a title may contain placeholders for values of its row, such as `{n}`.

    Raises:
        KeyError: if the card has none of these rows.
    """
    found = []
    for reference, title in titles.items():
        with suppress(KeyError):
            row = refer(card, reference)
            found.append((title.format_map(row), row))
    if not found:
        raise KeyError("rows")
    return evidence_table(found)


def name_with_setting(row: Row) -> str:
    """Return a row's name with the setting of its measurement, such as `nats (order 3)`."""
    name = row["name"].replace("_", " ")
    setting = ", ".join(f"{key} {value}" for key, value in setting_of(row).items())
    return f"{name} ({setting})" if setting else name


def evidence_table(titled: Iterable[tuple[str, Row]]) -> str:
    """Return titled rows with their standard error, N and seed, as Markdown."""
    return listed([_evidence_line(title, row) for title, row in titled], left=3)


def _evidence_line(title: str, row: Row) -> dict[str, str]:
    n, seed = (f"{row[key]:,}" if key in row else "" for key in ("n", "seed"))
    return {
        "figure": title,
        "value ± standard error": f"{format_value(row, '±')} {row.get('unit', '')}".strip(),
        "kind": parts.MARKS[row["kind"]],
        "N": n,
        "seed": seed,
    }


def grid(
    found: Sequence[Row],
    down: tuple[str, str],
    across: tuple[str, Mapping[Any, str]],
    word: Callable[[list[Row]], str] = lambda found: format_value(found[0], "±"),
) -> str:
    """Return rows as a Markdown table.

    Arguments:
        found: The rows.
        down: Key whose values label the lines, and the title of the first column.
        across: Key whose values label the columns, and the titles of these columns.
        word: Returns the text of a cell from all its rows; a cell without rows is empty.
    """
    (key, corner), (column, titles) = down, across
    cells: dict[Any, dict[Any, list[Row]]] = {}
    for row in found:
        cells.setdefault(row[key], {}).setdefault(row[column], []).append(row)
    lines = [(each, *(word(line[title]) if title in line else "" for title in titles)) for each, line in cells.items()]
    return table((corner, *titles.values()), lines, left=isinstance(next(iter(cells), None), str))


def count_and_seed(found: Iterable[Row]) -> str:
    """Return the N and the seed of rows that share both."""
    ((n, seed),) = {(row["n"], row["seed"]) for row in found}
    return f"N = {n:,}, seed {seed}."


def table(head: Sequence[str], lines: Iterable[Sequence[str]], left: int = 0) -> str:
    """Return a Markdown table whose first `left` columns are left-aligned."""
    rule = [":--" if column < left else "--:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in (head, rule, *lines))


def listed(lines: Sequence[Mapping[str, Any]], left: int = 0) -> str:
    """Return lines with the same columns as a Markdown table: cells by the names of their columns."""
    return table([*lines[0]], [[*line.values()] for line in lines], left)


def circumstances(card: Card) -> str:
    """Return the origin of a card or of its part: command, date, version of torch, and device if any."""
    device = f" · {card['device']}" if "device" in card else ""
    return f"`{card['command']}` · {card['date']} · torch {card['torch']}{device}."


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _quote(read: Callable[[], str]) -> str:
    try:
        return " ".join(read().split())
    except Exception:  # a card may contain anything in place of a figure
        return UNKNOWN
