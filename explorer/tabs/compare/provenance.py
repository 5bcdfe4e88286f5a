"""Source of a figure of the table, in words that its card supports."""

from collections.abc import Mapping
from typing import Any

from explorer.numbers.ranking import Figure
from explorer.numbers.rows import join_words
from explorer.numbers.words import num, percent
from explorer.tabs.compare.columns import Column, Family, quality_blocks
from explorer.verdicts import sized

SPACES = {
    "binary": "black and white pixels",
    "levels": "256 grey levels",
    "plane": "points of the plane",
    "continuous": "continuous pixels",
}
KIND_WORDS = {
    "exact": "exact",
    "bound": "a bound: the truth is no higher",
    "estimate": "an estimate: its log Z is estimated, and that error is in the standard error",
}


def provenance(family: Family, column: Column) -> str:
    """Return the figure of a family in a column, what it was measured on and by which command; or why there is none."""
    figure, name = column.read(family), f"{family['title']}, {column.title}"
    if figure:
        return f"{name}: {column.words(figure['value'])}{SOURCES[column.source](family, figure, column)}"
    if why := column.cannot(family):
        return f"{name}: cannot, because {why}."
    return f"{name}: {family['error'] or 'not measured yet.'}"


def circumstances(part: Mapping[str, Any]) -> str:
    """Return the circumstances of a part of a card."""
    torch = f"torch {part['torch']}" if "torch" in part else None
    return " · ".join(filter(None, (part.get("command"), part.get("date"), torch, part.get("device"))))


def of_quality(family: Family, figure: Figure, column: Column) -> str:
    """Describe how a figure of samples was judged, what real images reach, and the same figure of other pixels."""
    quality, words, pixels = family["card"]["quality"], column.words, figure["pixels"]
    floors = next(block["floor"] for block in quality_blocks(family) if block["pixels"] == pixels)
    low, high = figure.get("low"), figure.get("high")
    result = "" if low == high else f" ({words(low)} to {words(high)} over the seeds)"
    guided = "setting" in figure
    result += f" from {figure['n']:,} images at {figure['setting']}" if guided else ""
    result += "" if guided else f" from {quality['n']:,} images ({figure['way']})"
    result += f", judged {pixels} by {quality['classifier']}"
    if "accuracy" in floors:
        result += f" (so judged, it is right on {percent(floors['accuracy'], 1)} of real training images)"
    if "floor" in figure and column.title != "Fréchet ratio":
        result += f"; training images reach {words(figure['floor'])}"
    result += "."
    if "diversity" in figure:
        result += f" Its images of a class vary {num(figure['diversity'])} times as much as real ones."
    for other in figure["others"]:
        quoted = ", as its own tab quotes it" if other["pixels"] == "grey" else ""
        result += (
            f" Judged {other['pixels']}{quoted}, it is {words(other['value'])}: other images, other real ones beside "
            "them, and another accuracy of the classifier."
        )
    source = f"python -m explorer.evaluate {family['net']}" if guided else circumstances(quality)
    return f"{result} {source}."


def of_likelihood(family: Family, figure: Figure, column: Column) -> str:
    """Describe the error, the images and the kind of a likelihood, and what others published."""
    published = family["card"].get("published")
    others = f" Others published {num(published['value'])} nats, of {published['source']}." if published else ""
    what = of_ode(figure) if figure.get("solver") is not None else KIND_WORDS[figure["kind"]]
    error = f" ± {num(figure['se'])}" if figure.get("se") else ""
    return (
        f"{error}, the mean of {figure['n']:,} test images of {SPACES[family['space']]}, {what}.{others} "
        f"python -m explorer.evaluate {family['net']}."
    )


def of_ode(figure: Figure) -> str:
    """Describe the errors of a likelihood by an ODE, and the difference of other families on the same images."""
    pairs = [
        f"{each['title']}'s is {num(abs(each['paired']), 1)} ± {num(each['se'], 1)} nats "
        f"{sized(-each['paired'], larger='higher', smaller='lower')}"
        for each in figure.get("beside", [])
    ]
    return (
        f"an estimate of a bound: the error of the ODE's solver is about {num(figure['solver'])} nats, its probes' "
        f"standard error {num(figure['probes'])}{f'. Image by image {join_words(pairs)}' if pairs else ''}"
    )


def of_sampling(family: Family, figure: Figure, column: Column) -> str:
    """Describe how the cost of an image was measured."""
    compare = family["card"]["compare"]
    cost, threads = compare["sampling"], compare["threads"]
    steps = f"{cost['steps']:,} step{'' if cost['steps'] == 1 else 's'}"
    return (
        f" when {cost['n']} images are drawn at once in {steps}, the median of {cost['runs']} runs on {threads} "
        f"thread{'' if threads == 1 else 's'}. {circumstances(compare)}."
    )


def of_training(family: Family, figure: Figure, column: Column) -> str:
    """Describe where a network was trained."""
    device = family["card"].get("device")
    return f" (trained on {device}). python -m explorer.train {family['net']}." if device else ", as its network has."


SOURCES = {"quality": of_quality, "likelihood": of_likelihood, "compare": of_sampling, "training": of_training}
