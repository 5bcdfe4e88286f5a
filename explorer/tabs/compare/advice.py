"""Choose a model: what a visitor needs, the families whose figures answer best, and those figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from explorer.numbers.ranking import Figure, alike, basis, best_of, cap, comparisons
from explorer.numbers.rows import join_words
from explorer.tabs.compare.columns import COLUMNS, Column, Family

ADVICE_UNKNOWN = "No card has this figure, so nothing can be recommended yet."
UNTESTED = "Each was measured once, so this order is not tested."
LISTED = 3  # families whose figures a sentence lists; of more it has the range


@dataclass(frozen=True)
class Need:
    """A need of a visitor.

    Arguments:
        title: Title of the button.
        says: Start of the sentence that quotes a family's figure.
        unit: Unit of the figure in that sentence.
        can: Returns whether a family is considered.
    """

    title: str
    says: str
    unit: str = ""
    can: Callable[[Family], bool] = lambda _: True


NEEDS = {
    "likelihood": Need(
        "Exact likelihood",
        "−log p(x) is",
        " nats",
        lambda family: family["can"]["likelihood"] == "exact",
    ),
    "milliseconds": Need("Speed", "on the machine that measured all, an image takes", " ms"),
    "accuracy": Need("Control", "the share of its images recognised as the requested class is"),
    "frechet": Need("Real-looking", "its Fréchet distance is", " × the floor"),
    "recall": Need("Variety", "the share of real images that lie among its own (recall) is"),
}
"""Needs by the column that ranks the families."""


def advice(sort: str, families: Sequence[Family]) -> tuple[str, list[Family]]:
    """Return which families to take for a need, with the figures that say why; no family if nothing is measured."""
    need, column = NEEDS[sort], COLUMNS[sort]
    known = {family["net"]: family for family in families if need.can(family) and column.read(family)}
    figures = {net: column.read(family) for net, family in known.items()}
    if not figures:
        return ADVICE_UNKNOWN, []
    ranked = alike(figures)[0]
    sign = 1 if column.better == "least" else -1
    ordered = sorted(ranked, key=lambda net: sign * figures[net]["value"])
    best = best_of(ranked, figures, column.better, column.is_log)

    def value_of(net: str, unit: str = "", named: bool = True) -> str:
        setting = f" at {figures[net]['setting']}" if "setting" in figures[net] else ""
        name = f" ({known[net]['title']})" if named else ""
        return f"{column.words(figures[net]['value'])}{unit}{setting}{name}"

    if not column.is_tested:
        listed = join_words([value_of(net, need.unit) for net in ordered[:LISTED]])
        words = f"{need.says[0].upper()}{need.says[1:]} {listed}. {UNTESTED}"
        return words, [known[net] for net in ordered[:LISTED]]
    ends = [net for net in ordered if net in best]
    if len(best) > LISTED:
        listed = f"{value_of(ends[-1], need.unit)} to {value_of(ends[0], need.unit)}"
    else:
        listed = join_words([value_of(net, need.unit, len(best) > 1) for net in best])
    others = [net for net in ordered if net not in best]
    words = f"Take {join_words([known[net]['title'] for net in best], 'or')}: {need.says} {listed}"
    words += f", next {value_of(others[0])}" if others else ""
    pixels = figures[best[0]].get("pixels")
    words += f"; judged {pixels}." if pixels else "."
    words += tie([figures[net] for net in best], column, comparisons(figures[net] for net in ranked))
    if rest := [f"{value_of(net)} {basis(figures[net])}" for net in figures if net not in ranked]:
        words += f" Not compared, because they were measured differently: {join_words(rest)}."
    return words, [known[net] for net in best]


def tie(figures: Sequence[Figure], column: Column, asked: int) -> str:
    """Return why several figures are the best, of so many pairs asked; nothing if there is one."""
    if len(figures) < 2:
        return ""
    floor = figures[0].get("floor")
    if floor is not None and all(cap(figure, column.better) == floor for figure in figures):
        return f" A tie: as good as real training images, which reach {column.words(floor)}."
    capped = any(cap(figure, column.better) == floor for figure in figures)
    reach = f", up to the {column.words(floor)} that real training images reach" if capped else ""
    return f" A tie: the difference is within their errors{reach}.{number_of_pairs(asked)}"


def number_of_pairs(asked: int) -> str:
    """Return how many pairs were compared, as a sentence; nothing for one."""
    return f" {asked:,} pairs were compared." if asked > 1 else ""


def use(families: Sequence[Family]) -> str:
    """Return how good a classifier gets that learnt from samples alone; only samples of equal pixels are ranked."""
    column = COLUMNS["use"]
    groups: dict[str, list[tuple[Figure, str]]] = {}
    for family in families:
        if figure := column.read(family):
            groups.setdefault(figure["pixels"], []).append((figure, family["title"]))
    items = [group(pixels, found, column) for pixels, found in groups.items()]
    if not items:
        return ""
    return (
        "Use of samples: the share of test images that one fixed classifier gets right when it learnt from samples "
        f"alone. Images of different pixels are not compared. {'. '.join(items)}."
    )


def group(pixels: str, found: list[tuple[Figure, str]], column: Column) -> str:
    """Return the figures of one kind of pixels, the greatest first."""
    ordered = sorted(found, key=lambda each: -each[0]["value"])
    result = join_words([f"{column.words(figure['value'])} after those of {title}" for figure, title in ordered])
    floor = ordered[0][0].get("floor")
    real = "" if floor is None else f", against {column.words(floor)} after as many real images"
    return f"{pixels.capitalize()}: {result}{real}"
