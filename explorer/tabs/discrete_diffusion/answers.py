"""The bound in a chart of its terms, in numbers, a sentence and a table."""

from collections.abc import Sequence
from contextlib import suppress

from explorer.networks import card as cards
from explorer.spaces.images import PIXELS
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Figure, Report, Table
from explorer.tabs.kit.numbers.words import num, percent

SO_FAR = Figure("log p so far", unit="nats")
MASKED = Figure("masked", digits=0)
EVALUATIONS = Figure("evaluations of the network", digits=0)
UNMASK_HEADS = (SO_FAR, MASKED, EVALUATIONS)
BOUND = Figure("log p(x) is at least", unit="nats")
NEXT = Figure("the next pixel, at this number of masked ones", unit="nats", digits=4)
RASTER = Figure("log p row by row, = exact", unit="nats")
HEADS = (BOUND, NEXT, RASTER)
PER_STEP = Figure("−log p(x) ≤", unit="nats")
SMALLEST = Figure("smallest bound on −log p(x)", unit="nats")


def bound_answer(nats: Sequence[float], masked: int, now: float) -> Answer:
    """Describe the terms of the bound of one picture.

    Arguments:
        nats: Mean cost of the next pixel, for evenly spaced numbers of masked pixels.
        masked: Chosen number of masked pixels; the next pixel costs `now` nats with it.
    """
    each = PIXELS // len(nats)  # numbers of masked pixels that a term stands for
    costs = {each * k: cost for k, cost in enumerate(nats, 1)}
    whole = each * sum(nats)
    late = each * sum(cost for size, cost in costs.items() if size > PIXELS / 2)
    top = 1.05 * max(0.1, *nats)
    chart = Chart(
        x=Axis(
            ends=[0, PIXELS],
            ticks=[0, PIXELS // 2, PIXELS],
            names=["0", str(PIXELS // 2), f"{PIXELS} masked"],
        ),
        y=Axis("cost of the next pixel in nats", "by masked pixels", ends=[0, top]),
        bars=[{"x0": size - each, "x1": size, "y": cost} for size, cost in costs.items()],
        cursor=masked,
        words=f"the bound is {num(-whole)} nats",
    )
    return Answer(
        charts=[chart],
        stops={"m": [(size, size) for size in range(1, PIXELS + 1)]},
        numbers=[BOUND.of(-whole), NEXT.of(now), RASTER],
        words=f"With {masked} of {PIXELS} pixels masked, the next one costs {num(now, 4)} nats, the mean over the "
        f"masked ones. The area is the bound, log p(x) ≥ {num(-whole)} nats, by one mask for each of {len(nats)} "
        f"sizes; {percent(late / whole)} of it is paid while more than half of the image is masked.",
        table=Table([{"masked": size, "nats of the next pixel": cost} for size, cost in costs.items()]),
    )


def row_by_row(raster: float) -> Answer:
    """Describe the exact log p of a picture in raster order, in nats."""
    said = f"Row by row alone the chain rule gives {num(raster)} nats, exactly: the bound is the mean over all orders."
    return Answer(words=said, view={"number": RASTER.of(raster)})


ORDERED = {"random": "in a random order", "raster": "row by row", "certain": "the most confident first"}


def at_once(per: int) -> str:
    """Return how many pixels each step draws, in words."""
    return {1: "one at a time", PIXELS: "all at once"}.get(per, f"{per} at a time")


def evaluations(per: int) -> str:
    """Return the number of evaluations in words."""
    count = PIXELS // per
    return "one evaluation" if count == 1 else f"{count:,} evaluations"


def unmask_report(left: int, fresh: int, step: int, nats: float, sure: float, order: str, per: int) -> Report:
    """Describe a step of unmasking.

    Arguments:
        left: Number of masked pixels.
        fresh: Number of pixels that are new in this frame.
        step: Number of the step, from 0.
        nats: log p of what is drawn so far.
        sure: Share of the masked pixels that the network is confident about.
        order: Order of the pixels.
        per: Number of pixels of each step.
    """
    how = f"{at_once(per)}, {ORDERED[order]}"
    apart = " Those drawn together are independent of each other." if per > 1 else ""
    known = (
        f"{PIXELS - left} of {PIXELS} pixels are known. They come {how}.{apart} The network is confident about "
        f"{percent(sure)} "
        "of the masked ones: black or white with at least 99 %."
    )
    done = (
        f"All {PIXELS} pixels are drawn, {how}.{apart} That took {evaluations(PIXELS // (step + 1))} of the network, "
        f"and log p of it all is {num(nats)} nats."
    )
    name = "" if left else "log p of what was drawn"
    return Report(
        [SO_FAR.of(nats, name=name), MASKED.of(left), EVALUATIONS.of(step + 1)],
        caption=f"{left} of {PIXELS} pixels {'is' if left == 1 else 'are'} masked. Outlined: {fresh} just drawn."
        if left
        else "Nothing is masked any more.",
        view={"counter": f"{left}/{PIXELS} masked"},
        words=known if left else done,
    )


def in_orders(rows: Sequence[cards.Row], per: int) -> Answer:
    """Describe three orders with so many pixels a step, and what was measured of it; `{apart}` is told on the page."""
    how = {1: "Every pixel depends on all pixels before it", PIXELS: "The pixels are independent of each other"}
    known = how.get(per, f"{per} pixels at a time are independent of each other")
    row = row_at(rows, "nll_steps", per_step=per)
    return Answer(
        numbers=[PER_STEP.of(with_error(row), name=f"{PER_STEP.name}, {per} a step")] if row else [],
        view={"note": cost(rows, per)},
        words=f"Each order took {evaluations(per)}, with the same random number for each pixel. {known}. Of "
        f"{PIXELS} pixels others differ from the random order's image: {{apart}}. Another order is another model.",
    )


def row_at(rows: Sequence[cards.Row], name: str, **setting: float) -> cards.Row | None:
    """Return the row that was measured at exactly this setting, if there is one."""
    with suppress(KeyError):
        return cards.find({"rows": rows}, name, **setting)
    return None


def with_error(row: cards.Row) -> str:
    """Return a figure with its standard error."""
    return f"{num(row['value'], 1)} ± {num(row['se'], 1)}"


def cost(rows: Sequence[cards.Row], per: int) -> str:
    """Return what so many pixels a step cost, beside one pixel a step."""
    found = {each: row_at(rows, "nll_steps", per_step=each) for each in (1, per)}
    if None in found.values():
        return ""
    one, here = (with_error(found[each]) for each in (1, per))
    if per == 1:
        return f"One pixel a step, in a random order, is the bound itself: {one} nats of {found[1]['n']} images."
    many = "all pixels at once" if per == PIXELS else f"{per} pixels a step"
    return f"On {found[per]['n']} test images {many} cost {here} nats, in place of {one} with one at a time."


def in_chains(nets: Sequence[tuple[str, int, Sequence[cards.Row]]], per: int) -> Answer:
    """Describe both chains with so many pixels a step; of each network its title, epochs and rows."""
    found = [(title, epochs, row_at(rows, "nll")) for title, epochs, rows in nets]
    bounds = [f"{title} {with_error(row)} (trained for {epochs} epochs)" for title, epochs, row in found if row]
    best = min(((row["value"], with_error(row), title) for title, _, row in found if row), default=None)
    note = f"−log p(x) of the test images is at most, in nats: {' and '.join(bounds)}." if bounds else ""
    return Answer(
        numbers=[SMALLEST.of(best[1], f"{SMALLEST.unit}, {best[2]}")] if best else [],
        view={"note": note},
        words=f"Each chain took {evaluations(per)}. A masked pixel is unmasked once and then keeps its value, "
        "right or wrong. In the uniform chain all pixels begin as uniform noise, and each step may flip any of them. "
        "A wrong pixel can still be corrected, and a right one may be lost.",
    )
