"""Charts, numbers, sentences and tables of the modes' answers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.card import Card, Row, find
from explorer.tabs.kit.words import headed, num, percent

Answer = dict[str, Any]
PLACES = {
    "codes": "codes of test images",
    "midpoints": "points midway between two",
    "fitted": "draws from a Gaussian fitted to the codes",
}
COLOURS = {"codes": "ink", "midpoints": "you", "fitted": "quiet"}
LABELS = {"codes": "codes", "midpoints": "midway", "fitted": "draws"}
PRIORS = {
    "standard": ("N(0, I)", "from N(0, I)"),
    "fitted": ("a Gaussian fitted to the codes", "from the Gaussian with the mean and covariance of the codes"),
}
SHORT = 3  # letters of a class below a chart
HEADS = {
    "sizes": ("confidence midway between two codes", "in rebuilt test images", "in draws from a Gaussian"),
    "hole": (
        "KL from uniform classes, autoencoder",
        "KL from uniform classes, VAE",
        "classifier sure, autoencoder",
        "classifier sure, VAE",
    ),
    "dictionary": ("units that fire", "squared error, all atoms", "squared error, as edited"),
    "returning": (
        "squared error after one reconstruction, denoising",
        "the same, plain",
        "after eight, denoising",
        "after eight, plain",
        "of the noisy image",
    ),
}


def numbers(mode: str, *values: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Return the numbers of a mode with their names."""
    return headed(HEADS[mode], values)


def of_size(card: Card, latents: int) -> dict[str, dict[str, Row]]:
    """Return the rows of one size by what is decoded."""
    return {
        of: {name: find(card, name, of=of, latents=latents) for name in ("confidence", "distance")} for of in PLACES
    }


def by_size(card: Card, sizes: Sequence[str], chosen: str) -> Answer:
    """Describe what a classifier sees between codes and in draws, by the size of the code."""
    known = {size: of_size(card, int(size)) for size in sizes}
    own, mean = known[chosen], find(card, "confidence", of="means of pixels")
    values = {of: [known[size][of]["confidence"]["value"] for size in sizes] for of in PLACES}
    low = min(value for each in values.values() for value in each) - 0.03
    places = [math.log2(int(size)) for size in sizes]
    sure = {of: percent(own[of]["confidence"]["value"]) for of in PLACES}
    far = {of: num(own[of]["distance"]["value"], 1) for of in PLACES}
    chart = {
        "xs": [places[0] - 0.3, places[-1] + 0.3],
        "ys": [low, 1],
        "ticks": {"x": [places[0], places[1], places[-1]]},
        "names": {"x": [f"{size} numbers" for size in (sizes[0], sizes[1], sizes[-1])]},
        "name": "mean confidence of the classifier",
        "lines": [
            {"points": [*zip(places, values[of])], "colour": colour, "label": LABELS[of], "below": of == "fitted"}
            for of, colour in COLOURS.items()
        ],
        "cursor": math.log2(int(chosen)),
        "dot": [math.log2(int(chosen)), own["midpoints"]["confidence"]["value"]],
        "words": f"{sure['midpoints']} midway between two codes of {chosen} numbers",
    }
    lines = [
        [
            size,
            *(num(known[size][of]["confidence"]["value"]) for of in PLACES),
            *(num(known[size][of]["distance"]["value"]) for of in ("midpoints", "fitted")),
        ]
        for size in sizes
    ]
    return {
        "charts": [chart],
        "stops": {"latents": [*zip(places, sizes)]},
        "details": {"head": ["n", "codes", "midway", "draws", "midway ↔", "draws ↔"], "rows": lines},
        "numbers": numbers("sizes", *((sure[of], "") for of in ("midpoints", "codes", "fitted"))),
        "words": f"Midway between two codes of {chosen} numbers the classifier is {sure['midpoints']} confident. In "
        f"rebuilt test images it is {sure['codes']}, and {sure['fitted']} in draws from a fitted Gaussian. "
        f"The mean of two images' pixels, without a network, has {percent(mean['value'])}. A midpoint is "
        f"{far['midpoints']} times as far from the nearest training code (↔) as a test image's code is, a draw "
        f"{far['fitted']} times. The autoencoders are 784–256–n–256–784.",
        "table": sizes_table(card, known),
    }


def sizes_table(card: Card, known: Mapping[str, Mapping[str, Mapping[str, Row]]]) -> list[Sequence[str]]:
    """Return the figures of all sizes with their standard errors."""

    def about(row: Row, digits: int) -> str:
        return f"{num(row['value'], digits)} ± {num(row['se'], digits)}"

    head = ["numbers", "squared error", *(f"confidence, {of}" for of in PLACES.values())]
    return [
        [*head, "distance, midpoints", "distance, draws"],
        *(
            [
                size,
                about(find(card, "error", latents=int(size)), 1),
                *(about(row["confidence"], 3) for row in rows.values()),
                *(about(rows[of]["distance"], 2) for of in ("midpoints", "fitted")),
            ]
            for size, rows in known.items()
        ),
    ]


def many(name: str) -> str:
    """Return many of a class: digits by their plural, clothes by the name of their class."""
    return f"{name}s" if len(name) == 1 else f"“{name}”"


def counts_of(classes: Sequence[int]) -> list[int]:
    """Return how many draws the classifier puts in each class."""
    return [classes.count(label) for label in range(10)]


def class_chart(counts: Sequence[int], top: int, names: Sequence[str], of: int) -> Answer:
    """Return the chart of the classes of some draws, with the equal share as a line."""
    return {
        "xs": [-0.5, 9.5],
        "ys": [0, top],
        "ticks": {"x": [*range(10)], "y": [0, top]},
        "names": {"x": [name[:SHORT] for name in names]},
        "name": f"classified as, of {of} draws",
        "bars": [{"x0": k - 0.5, "x1": k + 0.5, "y": count} for k, count in enumerate(counts)],
        "lines": [{"points": [(-0.5, of / 10), (9.5, of / 10)], "colour": "ink", "dash": [4, 4]}],
        "words": ", ".join(f"{count} {many(name)}" for count, name in zip(counts, names)),
    }


def drawn(kind: str, prior: str, own: Answer, vae: Answer, names: Sequence[str]) -> Answer:
    """Describe draws that an autoencoder and a VAE decode, by the classes that a classifier sees in them."""
    counts = [counts_of(each["classes"]) for each in (own, vae)]
    top = max(map(max, counts))
    of = len(own["classes"])

    def most(count: Sequence[int]) -> str:
        return f"{percent(max(count) / of)} as {many(names[count.index(max(count))])}"

    kl = [f"{num(each['kl'])} ± {num(each['se'])}" for each in (own, vae)]
    sure = [percent(each["sure"]) for each in (own, vae)]
    missing = f"; {counts[0].count(0)} of the ten classes never occur" if 0 in counts[0] else ""
    return {
        "charts": [class_chart(count, top, names, of) for count in counts],
        "numbers": numbers("hole", (kl[0], "nats"), (kl[1], "nats"), (sure[0], ""), (sure[1], "")),
        "words": f"The classifier sees {most(counts[0])}{missing}. These {of} codes are {PRIORS[prior][1]}, decoded "
        f"by the {kind} autoencoder: KL {kl[0]} nats from uniform classes. By the VAE, whose codes were trained "
        f"towards N(0, I): {most(counts[1])}, {kl[1]} nats. "
        f"It is sure of {sure[0]} and of {sure[1]}: a classifier sees some "
        "class in anything.",
    }


def returned(rows: Mapping[str, Answer], noise: float) -> Answer:
    """Describe an image that is noised and reconstructed repeatedly by two autoencoders, the denoising one first."""
    (own, errors), (other, beside) = ((family, each["errors"]) for family, each in rows.items())
    top, last = max(*errors, *beside), len(errors) - 1
    chart = {
        "xs": [0, last],
        "ys": [0, top],
        "ticks": {"x": [0, last // 2, last]},
        "names": {"x": ["noisy", f"rebuilt {last // 2} times", f"{last} times"]},
        "name": "squared error ‖x̂ − x‖²",
        "lines": [
            {"points": [*enumerate(errors)], "colour": "you", "label": "denoising"},
            {"points": [*enumerate(beside)], "colour": "ink", "dash": [5, 4], "label": "plain"},
        ],
        "words": f"{num(errors[0], 1)} at first; {num(errors[-1], 1)} denoising, {num(beside[-1], 1)} plain in the end",
    }
    said = [(num(each, 1), "") for each in (errors[1], beside[1], errors[-1], beside[-1], errors[0])]
    return {
        "charts": [chart],
        "numbers": numbers("returning", *said),
        "words": f"One reconstruction leaves a squared error of {num(errors[1], 1)} by the denoising autoencoder, "
        f"{num(beside[1], 1)} by the plain one, which never saw noise. Noise of width {num(noise)} had put the image "
        f"{num(errors[0], 1)} away. After eight they are {num(errors[-1], 1)} and {num(beside[-1], 1)}. Each goes on "
        "to what it rebuilds as itself, which need not be your image.",
        "table": [
            ("network", "times rebuilt", "squared error", "moved"),
            *(
                (family, k, error, moved)
                for family, each in rows.items()
                for k, (error, moved) in enumerate(zip(each["errors"], each["moved"]))
            ),
        ],
    }
