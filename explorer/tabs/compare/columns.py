"""Columns of the table: what the cards tell of each family, figure by figure, alike for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from explorer.measures.quality import FLOOR
from explorer.numbers.ranking import Figure
from explorer.numbers.words import num, percent

Family = Mapping[str, Any]
"""A column of `kit.column`: abilities and card of a network."""
MANY = 10_000  # samples that are usually judged


def over_seeds(values: list[float]) -> dict[str, float]:
    """Return the mean of values over seeds, their range, and the standard error of the mean."""
    value, seeds = fmean(values), len(values)
    variance = fmean((each - value) ** 2 for each in values) / (seeds - 1) if seeds > 1 else 0
    return {"value": value, "low": min(values), "high": max(values), "se": variance**0.5, "seeds": seeds}


def quality_blocks(family: Family) -> list[dict[str, Any]]:
    """Return the measurements of samples by the pixels that were judged, with those of training images as `floor`.

    All families have the binarised ones in common, so these come first.
    """
    rows = family["card"].get("quality", {}).get("rows", [])
    found = []
    for pixels in ("binarised", "grey"):
        own = [row for row in rows if row["pixels"] == pixels]
        way = next((row["way"] for row in own if row["way"] != FLOOR), None)
        if way is not None:
            floor = {row["name"]: row["value"] for row in own if row["way"] == FLOOR}
            rest = [row for row in own if row["way"] == way]
            found.append({"pixels": pixels, "way": way, "rows": rest, "floor": floor})
    return found


def first(figures: list[Figure]) -> Figure | None:
    """Return the first of some figures with the rest as its `others`; None if there are none."""
    return {**figures[0], "others": figures[1:]} if figures else None


def of_samples(name: str, over: str | None = None) -> Callable[[Family], Figure | None]:
    """Return a reader of one figure of the samples, divided by the floor of `over` if that is given."""

    def read(family: Family) -> Figure | None:
        found = []
        for block in quality_blocks(family):
            unit = block["floor"][over] if over else 1
            if rows := [row for row in block["rows"] if row["name"] == name]:
                floor = {"floor": block["floor"][name] / unit} if name in block["floor"] else {}
                how = {"pixels": block["pixels"], "way": block["way"], "samples": rows[0].get("n")}
                found.append(over_seeds([row["value"] / unit for row in rows]) | how | floor)
        return first(found)

    return read


def conditional_accuracy(family: Family) -> Figure | None:
    """Return the share of images recognised as the requested class, at the family's best setting.

    Settings are measured in the family's own pixels, so those come first. A share of any number of images may be
    compared, as it is not biased.
    """
    found = of_samples("accuracy")(family)
    if found is None:
        return None

    def at_best(figure: Figure) -> Figure:
        settings = [each for each in family["card"].get("settings") or [] if each["pixels"] == figure["pixels"]]
        figure = {key: each for key, each in figure.items() if key != "samples"}
        most = max([figure, *settings], key=lambda each: each["value"])
        floor = {"floor": figure["floor"]} if "floor" in figure else {}
        return (most if most is figure else most | floor) | {"tried": 1 + len(settings)}

    others = found["others"]
    own = {key: each for key, each in found.items() if key != "others"}
    return first([at_best(each) for each in (*others, own)])


def likelihood(family: Family) -> Figure | None:
    """Return −log p(x) of the test images, exact, by a bound or by an estimate."""
    nll = family["card"].get("nll")
    return {**nll, "kind": family["can"]["likelihood"], "space": family["space"]} if nll else None


def plain(value: float | None) -> Figure | None:
    """Return a figure of a number that was counted or measured once."""
    return None if value is None else {"value": value}


def sampling(key: str) -> Callable[[Family], Figure | None]:
    """Return a reader of what drawing an image costs."""
    return lambda family: plain(family["card"].get("compare", {}).get("sampling", {}).get(key))


def many(value: float) -> str:
    """Return a whole number, in thousands or millions if it is large."""
    if value >= 1e6:
        return f"{num(value / 1e6, 2)} M"
    return f"{num(value / 1e3, 0)} k" if value >= 1e4 else num(value, 0)


def share(value: float) -> str:
    """Return a share in per cent."""
    return percent(value, 1)


def no_label(family: Family) -> str | None:
    """Return why a family draws no class that is asked for; None if it does."""
    return None if family["can"]["label"] else family["cannot"].get("label")


def no_likelihood(family: Family) -> str | None:
    """Return why a family has no likelihood; None if it has one."""
    return None if family["can"]["likelihood"] else family["cannot"].get("log_prob")


@dataclass(frozen=True)
class Column:
    """Column of the table.

    Arguments:
        title: Its title.
        read: Returns the figure of a family, or None.
        words: Returns a value as text.
        better: Which side is better, "least" or "most"; None if one cannot say.
        source: Part of the card that it comes from.
        unit: Unit, which stands in the head of the column and not in its cells.
        is_log: Whether its axis is logarithmic.
        is_tested: Whether its figures have errors or are counted, so that they can be ranked.
        cannot: Returns why a family cannot have the figure; None if it can.
    """

    title: str
    read: Callable[[Family], Figure | None]
    words: Callable[[float], str]
    better: str | None
    source: str = "quality"
    unit: str = ""
    is_log: bool = False
    is_tested: bool = True
    cannot: Callable[[Family], str | None] = lambda _: None


COLUMNS = {
    "likelihood": Column(
        "−log p(x), nats", likelihood, lambda value: num(value, 1), "least", "likelihood", cannot=no_likelihood
    ),
    "frechet": Column(
        "Fréchet ratio", of_samples("frechet", over="frechet"), lambda value: num(value, 1), "least", is_log=True
    ),
    "recall": Column("recall", of_samples("recall"), share, "most", unit="%"),
    "milliseconds": Column(
        "ms/image",
        sampling("milliseconds"),
        lambda value: num(value, 0 if value >= 100 else 1),
        "least",
        "compare",
        is_log=True,
        is_tested=False,
    ),
    "accuracy": Column("class as asked", conditional_accuracy, share, "most", unit="%", cannot=no_label),
    "evaluations": Column("evaluations an image", sampling("evaluations"), many, "least", "compare", is_log=True),
    "precision": Column("precision", of_samples("precision"), share, "most", unit="%"),
    "use": Column("classifier from samples", of_samples("use"), share, "most", unit="%", cannot=no_label),
    "parameters": Column("parameters", lambda family: plain(family["parameters"]), many, None, "training", is_log=True),
    "minutes": Column(
        "training, minutes",
        lambda family: plain(family["card"].get("minutes")),
        lambda value: num(value, 0),
        None,
        "training",
        is_log=True,
    ),
}


def binarised_frechet(family: Family) -> float | None:
    """Return the Fréchet distance of binarised samples over its floor; None if it was not measured."""
    figure = COLUMNS["frechet"].read(family)
    return figure["value"] if figure and figure["pixels"] == "binarised" else None
