"""Charts, numbers, sentences and tables of the modes' answers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from explorer.networks.card import Card, Row, find, rows
from explorer.tabs.autoencoders.fields import KINDS
from explorer.tabs.kit.numbers.words import num, pair, percent, with_names

Answer = dict[str, Any]
PLACES = {
    "codes": "codes of test images",
    "midpoints": "points midway between two",
    "fitted": "draws from a Gaussian fitted to the codes",
}
BESIDE = 3  # the class whose colour a curve has beside one in ink
COLOURS = {"codes": "ink", "midpoints": BESIDE, "fitted": "quiet"}
LABELS = {"codes": "rebuilt", "midpoints": "midway", "fitted": "drawn"}
PRIORS = {
    "standard": ("N(0, I)", "from N(0, I)"),
    "fitted": ("a fitted Gaussian", "from the Gaussian with the mean and covariance of the codes"),
}
LENGTH = 0.25  # of the vectors by which images move, in `stages/autoencoders/maps.js`
SHORT = 3  # letters of a class below a chart
HEADS = {
    "sizes": ("mean confidence midway between codes", "in rebuilt test images", "in draws from a Gaussian"),
    "hole": (
        "KL from uniform classes, autoencoder",
        "KL from uniform classes, VAE",
        "classifier confident, autoencoder",
        "classifier confident, VAE",
    ),
    "map": ("distance to the nearest test code, in z", "its class", "test images within a tenth of the spread"),
    "contractive": (
        "largest move of the code ÷ spread, plain",
        "the same, contractive",
        "smaller axis ÷ spread, plain",
        "the same, contractive",
        "singular values here, plain",
        "the same, contractive",
    ),
    "dropped": ("error against the score of the noised data", "error against the score of the data"),
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
    return with_names(HEADS[mode], values)


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
        "name": "mean confidence of the classifier; size of the code on a log scale",
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

    def about(row: Row) -> tuple[float, float]:
        return row["value"], row["se"]

    names = ["squared error", *(f"confidence, {of}" for of in PLACES.values())]
    names += ["distance, midpoints", "distance, draws"]
    return [
        ["numbers", *(head for name in names for head in (name, f"standard error of {name}"))],
        *(
            [
                size,
                *about(find(card, "error", latents=int(size))),
                *(figure for row in rows.values() for figure in about(row["confidence"])),
                *(figure for of in ("midpoints", "fitted") for figure in about(rows[of]["distance"])),
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
        "name": f"classified as, of {of} draws; dashed: equal",
        "bars": [{"x0": k - 0.5, "x1": k + 0.5, "y": count} for k, count in enumerate(counts)],
        "lines": [{"points": [(-0.5, of / 10), (9.5, of / 10)], "colour": "ink", "dash": [4, 4]}],
        "words": ", ".join(f"{count} {many(name)}" for count, name in zip(counts, names)),
    }


def draws_answer(kind: str, prior: str, own: Answer, vae: Answer, names: Sequence[str]) -> Answer:
    """Describe draws that an autoencoder and a VAE decode, by the classes that a classifier sees in them."""
    counts = [counts_of(each["classes"]) for each in (own, vae)]
    top = max(map(max, counts))
    of = len(own["classes"])

    def most(count: Sequence[int]) -> str:
        return f"{percent(max(count) / of)} look like {many(names[count.index(max(count))])}"

    kl = [f"{num(each['kl'])} ± {num(each['se'])}" for each in (own, vae)]
    sure = [percent(each["sure"]) for each in (own, vae)]
    never = counts[0].count(0)
    missing = f"; {'1 class never occurs' if never == 1 else f'{never} classes never occur'}" if never else ""
    return {
        "charts": [class_chart(count, top, names, of) for count in counts],
        "numbers": numbers("hole", (kl[0], "nats"), (kl[1], "nats"), (sure[0], ""), (sure[1], "")),
        "words": f"Of {of} draws, {most(counts[0])}{missing}. Their codes are {PRIORS[prior][1]}, decoded "
        f"by the {kind} autoencoder: KL {kl[0]} nats from uniform classes. By the VAE, whose codes were trained "
        f"towards N(0, I), {most(counts[1])}: {kl[1]} nats. "
        f"The classifier is confident about {sure[0]} and {sure[1]}: it assigns a class to any image.",
    }


def pull_answer(rows: Mapping[str, Answer], noise: float) -> Answer:
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
            {"points": [*enumerate(errors)], "colour": BESIDE, "label": "denoising"},
            {"points": [*enumerate(beside)], "colour": "ink", "dash": [5, 4], "label": "plain"},
        ],
        "words": f"{num(errors[0], 1)} at first; {num(errors[-1], 1)} denoising, {num(beside[-1], 1)} plain in the end",
    }
    said = [(num(each, 1), "") for each in (errors[1], beside[1], errors[-1], beside[-1], errors[0])]
    return {
        "charts": [chart],
        "numbers": numbers("returning", *said),
        "words": f"One reconstruction leaves a squared error of {num(errors[1], 1)} by the denoising autoencoder, "
        f"{num(beside[1], 1)} by the plain one, which was trained without noise. Noise of width {num(noise)} had put "
        f"the image "
        f"{num(errors[0], 1)} away. After eight they are {num(errors[-1], 1)} and {num(beside[-1], 1)}. Each "
        "converges to an image that it reconstructs unchanged, which need not be your image.",
        "table": [
            ("network", "times rebuilt", "squared error", "moved"),
            *(
                (family, k, error, moved)
                for family, each in rows.items()
                for k, (error, moved) in enumerate(zip(each["errors"], each["moved"]))
            ),
        ],
    }


def rebuilt_captions(errors: Sequence[float]) -> Answer:
    """Return the captions of a picture's four reconstructions."""
    named = [f"{kind} {num(error, 1)}" for kind, error in zip(KINDS.values(), errors)]
    return {"captions": named, "words": ", ".join(named)}


def map_answer(kind: str, mean: Sequence[float], errors: Sequence[float]) -> Answer:
    """Return what is said of a map besides the place that is pointed at, and of a picture's reconstructions."""
    named = ", ".join(f"{num(error, 1)} {kind}" for kind, error in zip(KINDS.values(), errors))
    return {
        "decoded": f"The {kind} autoencoder's decoder draws what you see.",
        "words": f"The codes' mean is {pair(mean)}: nothing in the training says where they should lie. "
        f"Squared errors of your picture: {named}. The sparse one keeps 25 numbers with their places, the others two.",
    }


def contractive_answer(
    plain: tuple[Sequence[Sequence[float]], float],
    other: tuple[Sequence[Sequence[float]], float],
    images: Sequence[str],
) -> Answer:
    """Describe the ellipses of each marked image.

    Arguments:
        plain: Singular values at each image, and the spread of the codes, of the plain autoencoder.
        other: The same of the contractive one.
        images: The marked images.
    """

    def part(mark: int) -> Answer:
        here = [axes[mark] for axes, _ in (plain, other)]
        shares = [[num(axis / spread, 3) for axis in axes] for axes, (_, spread) in zip(here, (plain, other))]
        values = [*zip(*shares), [", ".join(num(axis) for axis in axes) for axes in here]]
        return {
            "numbers": numbers("contractive", *((value, "") for pair in values for value in pair)),
            "grids": [{"images": images[mark], "captions": [f"test image {mark}"], "given": 1}],
            "pictures": {"x": images[mark]},
            "words": f"If the image moves by 1, its plain code moves up to {shares[0][0]} spreads, the contractive "
            f"{shares[1][0]}. To first order, each is the larger singular value of ∂z/∂x at test image {mark}, divided "
            f"by the spread of the codes. An ellipse shows where a code moves when its image moves by {LENGTH} in any "
            f"direction. Its semi-axes are {LENGTH} times the singular values.",
        }

    head = ("network", "test image", "longer axis", "shorter axis")
    named = {"autoencoder": plain, "contractive-autoencoder": other}
    table = [(name, i, *pair) for name, (axes, _) in named.items() for i, pair in enumerate(axes)]
    marks = range(len(images))
    return {"each": {"key": "mark", "values": [*marks], "parts": [part(i) for i in marks]}, "table": [head, *table]}


def residual_answer(card: Card, sigma: float, exact: str, means: Tensor, frames: Sequence[Tensor]) -> Answer:
    """Describe a denoising residual beside an exact score, and where dropped points have gone.

    Arguments:
        card: Card of the network.
        sigma: Noise level σ.
        exact: Density whose score is displayed: "noised" or "clean".
        means: Means (K, 2) of the Gaussians of the data.
        frames: Dropped points (N, 2) after each reconstruction.
    """
    errors = {"noised": "–", "clean": "–"}
    words = f"The arrows are the denoising residual r(x) − x of a network trained at σ = {sigma:g}. "
    if rows(card, "score_error", sigma=sigma):
        errors = {
            against: percent(find(card, "score_error", sigma=sigma, against=against)["value"], 1) for against in errors
        }
        shown = (
            f"; of the data's own score, which the thick arrows now show, it misses {errors['clean']}: that is only "
            "its limit for small σ."
            if exact == "clean"
            else f", which the thick arrows show; of the data's own score it misses {errors['clean']}."
        )
        words += f"Divided by σ² it misses the score of the noised data by {errors['noised']} of its mean square{shown}"
    else:
        words += "How much of the score it misses, divided by σ², was not measured."
    if len(frames) > 1:
        words += f" {_gone(means, frames)}"
    return {"numbers": numbers("dropped", *((error, "") for error in errors.values())), "words": words}


def _gone(means: Tensor, frames: Sequence[Tensor]) -> str:
    start, end, count = frames[0], frames[-1], len(frames[0])
    far = float((end - start).norm(dim=-1).mean())
    before, after = (float((x[:, None] - means).norm(dim=-1).amin(-1).mean()) for x in (start, end))
    who, its = ("your point has", "its") if count == 1 else (f"your {count} points have", "their")
    return (
        f"Rebuilt {len(frames) - 1} times, {who} moved {num(far)} on average; {its} distance from the nearest of the "
        f"data's Gaussians fell from {num(before)} to {num(after)}. The residual leads uphill and stops there: it does "
        "not draw from p."
    )


def dictionary_answer(
    found: Answer,
    edited: tuple[int, Sequence[float]],
    images: tuple[str, Sequence[str], str],
    errors: tuple[float, Sequence[float]],
) -> Answer:
    """Describe a sum of atoms for each factor of the chosen unit.

    Arguments:
        found: Active units with their values, `of` how many, and the factors of the chosen one.
        edited: The chosen unit, and the factors of all.
        images: The picture, the sum for each factor, and the atoms.
        errors: Squared error of all atoms, and of the sum for each factor.
    """
    (unit, gains), (x, sums, atoms), (whole, after) = edited, images, errors
    names, values = found["units"], found["values"]
    fire = f"{len(names)} of {found['of']:,}"
    first = f"The picture is a sum of atoms. With the bias its squared error is {num(whole, 1)}."

    def part(k: int, factor: float) -> Answer:
        now = [factor if place == unit else gain for place, gain in enumerate(gains)]
        changed = sum(gain != 1 for gain in now)
        then = (
            f"With {changed} changed it is {num(after[k], 1)}."
            if changed
            else f"Unit {names[unit]} has the activation {num(values[unit], 1)}: without it nothing else changes, the "
            "sum is linear."
        )
        gone = {str(place): "gone" for place, gain in enumerate(now) if gain == 0}
        return {
            "grids": [
                {
                    "images": [x, sums[k]],
                    "captions": ["yours", f"{sum(gain > 0 for gain in now)} atoms, summed"],
                    "given": 1,
                },
                {
                    "images": atoms,
                    "captions": [num(value * gain, 1) for value, gain in zip(values, now)],
                    "marks": gone | {str(unit): "now"},
                },
            ],
            "pictures": {"x": x, "out": sums[k]},
            "numbers": numbers("dictionary", (fire, ""), (num(whole), ""), (num(after[k]), "")),
            "words": f"{first} {then}",
            "table": [("unit", "value", "factor"), *zip(names, values, now)],
        }

    parts = [part(k, factor) for k, factor in enumerate(found["factors"])]
    return {"each": {"key": "factor", "values": found["factors"], "parts": parts}}
