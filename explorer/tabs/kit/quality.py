"""How good a network's samples are, beside training images: the part of a card that is measured alike for all."""

from collections.abc import Mapping
from typing import Any

from explorer.tabs.kit import parts

FIGURES = ("frechet", "precision", "recall", "entropy", "accuracy", "use")
HEAD = (
    "| samples | Fréchet | precision | recall | class entropy | class seen | learnt from them |\n"
    "| :-- | --: | --: | --: | --: | --: | --: |"
)
BINARISED = "The same after everything was binarised, to compare with families of black and white:"
ONLY_BINARISED = "Its pixels are black or white, so the test and training images are binarised, too:"


def table(net: str, card: Mapping[str, Any]) -> str:
    """Return how good the samples are beside training images, or how to measure it."""
    quality = card.get("quality")
    if not quality:
        return f"Samples are not measured yet: `python -m explorer.evaluate {net} --quality` measures them."
    grey = "ways" in quality
    tables = [ways(quality)] if grey else []
    if "binarised" in quality:
        tables += [BINARISED if grey else ONLY_BINARISED, ways(quality["binarised"])]
    return "\n\n".join([circumstances(quality), *tables])


def circumstances(quality: Mapping[str, Any]) -> str:
    """Return what was compared, and how it was drawn."""
    seeds = " and ".join(map(str, quality["seeds"]))
    said = [
        f"{quality['n']:,} samples against the test images, in the features of `{quality['classifier']}`",
        f"mean and range of the seeds {seeds}" if len(quality["seeds"]) > 1 else f"seed {seeds}",
        f"drawn in {quality['precision']}",
    ]
    made = f"`{quality['command']}` · {quality['date']} · torch {quality['torch']} · {quality['device']}."
    learnt = "*Learnt from them*: the test accuracy of a fixed small classifier that saw nothing else."
    return f"{'; '.join(said)}. Training images are the floor. {learnt} {made}"


def ways(found: Mapping[str, Any]) -> str:
    """Return the figures of training images and of each way to draw, with their range over the seeds."""
    floor = [parts.number(found["floor"][name]) if name in found["floor"] else "" for name in FIGURES]
    rows = [f"| training images | {' | '.join(floor)} |"]
    for way, runs in found["ways"].items():
        rows.append(f"| {way} | {' | '.join(_over_seeds(runs[name]) if name in runs else '' for name in FIGURES)} |")
    return "\n".join([HEAD, *rows])


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _over_seeds(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{parts.number(mean(values))} ({parts.number(low)} … {parts.number(high)})"
