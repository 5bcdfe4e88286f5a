"""Tables of sample quality: the part of a card that is measured identically for all families."""

from statistics import fmean

from explorer.networks import card
from explorer.networks.card import Card, Row
from explorer.numbers import rows
from explorer.numbers.rows import grid
from explorer.tabs.kit.layout.parts import number

TITLES = {
    "frechet": "Fréchet",
    "precision": "precision",
    "recall": "recall",
    "entropy": "class entropy",
    "accuracy": "class seen",
    "use": "learnt from them",
}
BINARISED = "The same after everything was binarised, to compare with families of black and white:"
ONLY_BINARISED = "Its pixels are black or white, so the test and training images are binarised, too:"


def table(net: str, measured: Card) -> str:
    """Return the quality of the samples next to training images, or the command that measures it."""
    quality = measured.get("quality")
    if not quality:
        return f"Samples are not measured yet: `python -m explorer.evaluate {net} --quality` measures them."
    pixels = {row["pixels"] for row in quality["rows"]}
    tables = [ways(quality, "grey")] if "grey" in pixels else []
    if "binarised" in pixels:
        tables += [BINARISED if tables else ONLY_BINARISED, ways(quality, "binarised")]
    return "\n\n".join([circumstances(quality), *tables])


def circumstances(quality: Card) -> str:
    """Return the conditions of the measurement: sample size, classifier, seeds and precision."""
    seeds = " and ".join(map(str, quality["seeds"]))
    said = [
        f"{quality['n']:,} samples against the test images, in the features of `{quality['classifier']}`",
        f"mean and range of the seeds {seeds}" if len(quality["seeds"]) > 1 else f"seed {seeds}",
        f"drawn in {quality['precision']}",
    ]
    learnt = "*Learnt from them*: the test accuracy of a fixed small classifier that saw nothing else."
    return f"{'; '.join(said)}. Training images are the floor. {learnt} {rows.circumstances(quality)}"


def ways(quality: Card, pixels: str) -> str:
    """Return the figures of training images and of each sampling method, with their range over the seeds."""
    return grid(card.rows(quality, pixels=pixels), ("way", "samples"), ("name", TITLES), over_seeds)


def over_seeds(found: list[Row]) -> str:
    """Return the mean of a figure over the seeds, and its range if there are several."""
    values = [row["value"] for row in found]
    return number(fmean(values)) + (f" ({number(min(values))} … {number(max(values))})" if len(values) > 1 else "")
