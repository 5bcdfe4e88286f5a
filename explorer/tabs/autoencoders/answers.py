"""Charts, numbers, sentences and tables of the modes' answers."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from explorer.networks.card import Card, Row, find, rows
from explorer.tabs.autoencoders.fields import KINDS
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Each, Figure, Table
from explorer.tabs.kit.numbers.words import num, pair, percent

Found = Mapping[str, Any]
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
MIDWAY = Figure("mean confidence midway between codes")
REBUILT = Figure("in rebuilt test images")
DRAWN = Figure("in draws from a Gaussian")
KL, KL_VAE = (Figure(f"KL from uniform classes, {of}", unit="nats") for of in ("autoencoder", "VAE"))
SURE, SURE_VAE = (Figure(f"classifier confident, {of}") for of in ("autoencoder", "VAE"))
NEAREST = Figure("distance to the nearest test code, in z")
CLASS = Figure("its class")
WITHIN = Figure("test images within a tenth of the spread")
LARGEST = Figure("largest move of the code ÷ spread, plain", digits=3)
SMALLER = Figure("smaller axis ÷ spread, plain", digits=3)
SINGULAR = Figure("singular values here, plain")
SAME = Figure("the same, contractive", digits=3)
NOISED = Figure("error against the score of the noised data")
CLEAN = Figure("error against the score of the data")
FIRE = Figure("units that fire")
ALL_ATOMS, EDITED = Figure("squared error, all atoms"), Figure("squared error, as edited")
ONCE = Figure("squared error after one reconstruction, denoising", digits=1)
ONCE_PLAIN = Figure("the same, plain", digits=1)
EIGHT, EIGHT_PLAIN = (Figure(f"after eight, {of}", digits=1) for of in ("denoising", "plain"))
NOISY = Figure("of the noisy image", digits=1)
HEADS = {
    "sizes": (MIDWAY, REBUILT, DRAWN),
    "hole": (KL, KL_VAE, SURE, SURE_VAE),
    "map": (NEAREST, CLASS, WITHIN),
    "contractive": (LARGEST, SAME, SMALLER, SAME, SINGULAR, SAME),
    "dropped": (NOISED, CLEAN),
    "dictionary": (FIRE, ALL_ATOMS, EDITED),
    "returning": (ONCE, ONCE_PLAIN, EIGHT, EIGHT_PLAIN, NOISY),
}
"""Figures of each mode, the headline first."""


def of_size(card: Card, latents: int) -> dict[str, dict[str, Row]]:
    """Return the rows of one size by what is decoded."""
    return {
        of: {name: find(card, name, of=of, latents=latents) for name in ("confidence", "distance")} for of in PLACES
    }


def by_size(card: Card, sizes: Sequence[str], chosen: str) -> Answer:
    """Describe what a classifier sees between codes and in draws, by the size of the code."""
    known = {size: of_size(card, int(size)) for size in sizes}
    own, mean = known[chosen], find(card, "confidence", of="means of pixels")
    values = {of: {size: known[size][of]["confidence"]["value"] for size in sizes} for of in PLACES}
    low = min(value for each in values.values() for value in each.values()) - 0.03
    places = {size: math.log2(int(size)) for size in sizes}
    named = (sizes[0], sizes[1], sizes[-1])
    sure = {of: percent(own[of]["confidence"]["value"]) for of in PLACES}
    far = {of: num(own[of]["distance"]["value"], 1) for of in PLACES}
    chart = Chart(
        x=Axis(
            ends=[places[sizes[0]] - 0.3, places[sizes[-1]] + 0.3],
            ticks=[places[size] for size in named],
            names=[f"{size} numbers" for size in named],
        ),
        y=Axis("mean confidence of the classifier", note="size of the code on a log scale", ends=[low, 1]),
        lines=[
            {
                "points": [(places[size], value) for size, value in values[of].items()],
                "colour": colour,
                "label": LABELS[of],
                "below": of == "fitted",
            }
            for of, colour in COLOURS.items()
        ],
        cursor=places[chosen],
        dot=[places[chosen], own["midpoints"]["confidence"]["value"]],
        words=f"{sure['midpoints']} midway between two codes of {chosen} numbers",
    )
    lines = [
        {
            "n": size,
            "codes": num(known[size]["codes"]["confidence"]["value"]),
            "midway": num(known[size]["midpoints"]["confidence"]["value"]),
            "draws": num(known[size]["fitted"]["confidence"]["value"]),
            "midway ↔": num(known[size]["midpoints"]["distance"]["value"]),
            "draws ↔": num(known[size]["fitted"]["distance"]["value"]),
        }
        for size in sizes
    ]
    return Answer(
        charts=[chart],
        stops={"latents": [(place, size) for size, place in places.items()]},
        details=Details(lines),
        numbers=[MIDWAY.of(sure["midpoints"]), REBUILT.of(sure["codes"]), DRAWN.of(sure["fitted"])],
        words=f"Midway between two codes of {chosen} numbers the classifier is {sure['midpoints']} confident. In "
        f"rebuilt test images it is {sure['codes']}, and {sure['fitted']} in draws from a fitted Gaussian. "
        f"The mean of two images' pixels, without a network, has {percent(mean['value'])}. A midpoint is "
        f"{far['midpoints']} times as far from the nearest training code (↔) as a test image's code is, a draw "
        f"{far['fitted']} times. The autoencoders are 784–256–n–256–784.",
        table=sizes_table(card, known),
    )


def sizes_table(card: Card, known: Mapping[str, Mapping[str, Mapping[str, Row]]]) -> Table:
    """Return the figures of all sizes with their standard errors."""

    def about(name: str, row: Row) -> dict[str, float]:
        return {name: row["value"], f"standard error of {name}": row["se"]}

    def line(size: str, rows: Mapping[str, Mapping[str, Row]]) -> dict[str, Any]:
        found = {"numbers": size} | about("squared error", find(card, "error", latents=int(size)))
        for of, title in PLACES.items():
            found |= about(f"confidence, {title}", rows[of]["confidence"])
        found |= about("distance, midpoints", rows["midpoints"]["distance"])
        return found | about("distance, draws", rows["fitted"]["distance"])

    return Table([line(size, rows) for size, rows in known.items()])


def many(name: str) -> str:
    """Return many of a class: digits by their plural, clothes by the name of their class."""
    return f"{name}s" if len(name) == 1 else f"“{name}”"


def counts_of(classes: Sequence[int]) -> list[int]:
    """Return how many draws the classifier puts in each class."""
    return [classes.count(label) for label in range(10)]


def class_chart(counts: Sequence[int], top: int, names: Sequence[str], of: int) -> Chart:
    """Return the chart of the classes of some draws, with the equal share as a line."""
    return Chart(
        x=Axis(ends=[-0.5, 9.5], ticks=[*range(10)], names=[name[:SHORT] for name in names]),
        y=Axis("classified as", f"of {of} draws", note="dashed: equal", ends=[0, top], ticks=[0, top]),
        bars=[{"x0": k - 0.5, "x1": k + 0.5, "y": count} for k, count in enumerate(counts)],
        lines=[{"points": [(-0.5, of / 10), (9.5, of / 10)], "colour": "ink", "dash": [4, 4]}],
        words=", ".join(f"{count} {many(name)}" for count, name in zip(counts, names, strict=True)),
    )


def draws_answer(kind: str, prior: str, own: Found, vae: Found, names: Sequence[str]) -> Answer:
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
    return Answer(
        charts=[class_chart(count, top, names, of) for count in counts],
        numbers=[KL.of(kl[0]), KL_VAE.of(kl[1]), SURE.of(sure[0]), SURE_VAE.of(sure[1])],
        words=f"Of {of} draws, {most(counts[0])}{missing}. Their codes are {PRIORS[prior][1]}, decoded "
        f"by the {kind} autoencoder: KL {kl[0]} nats from uniform classes. By the VAE, whose codes were trained "
        f"towards N(0, I), {most(counts[1])}: {kl[1]} nats. "
        f"The classifier is confident about {sure[0]} and {sure[1]}: it assigns a class to any image.",
    )


def pull_answer(rows: Mapping[str, Found], noise: float) -> Answer:
    """Describe an image that is noised and reconstructed repeatedly by two autoencoders, the denoising one first."""
    (own, errors), (other, beside) = ((family, each["errors"]) for family, each in rows.items())
    top, last = max(*errors, *beside), len(errors) - 1
    chart = Chart(
        x=Axis(
            ends=[0, last],
            ticks=[0, last // 2, last],
            names=["noisy", f"rebuilt {last // 2} times", f"{last} times"],
        ),
        y=Axis("squared error ‖x̂ − x‖²", ends=[0, top]),
        lines=[
            {"points": [*enumerate(errors)], "colour": BESIDE, "label": "denoising"},
            {"points": [*enumerate(beside)], "colour": "ink", "dash": [5, 4], "label": "plain"},
        ],
        words=f"{num(errors[0], 1)} at first; {num(errors[-1], 1)} denoising, {num(beside[-1], 1)} plain in the end",
    )
    table = [
        {"network": family, "times rebuilt": k, "squared error": error, "moved": moved}
        for family, each in rows.items()
        for k, (error, moved) in enumerate(zip(each["errors"], each["moved"]))
    ]
    return Answer(
        charts=[chart],
        numbers=[
            ONCE.of(errors[1]),
            ONCE_PLAIN.of(beside[1]),
            EIGHT.of(errors[-1]),
            EIGHT_PLAIN.of(beside[-1]),
            NOISY.of(errors[0]),
        ],
        words=f"One reconstruction leaves a squared error of {num(errors[1], 1)} by the denoising autoencoder, "
        f"{num(beside[1], 1)} by the plain one, which was trained without noise. Noise of width {num(noise)} had put "
        f"the image "
        f"{num(errors[0], 1)} away. After eight they are {num(errors[-1], 1)} and {num(beside[-1], 1)}. Each "
        "converges to an image that it reconstructs unchanged, which need not be your image.",
        table=Table(table),
    )


def rebuilt_captions(errors: Sequence[float]) -> Found:
    """Return the captions of a picture's four reconstructions."""
    named = [f"{kind} {num(error, 1)}" for kind, error in zip(KINDS.values(), errors, strict=True)]
    return {"captions": named, "words": ", ".join(named)}


def map_answer(own: str, mean: Sequence[float], errors: Sequence[float]) -> Answer:
    """Return what is said of a map besides the place that is pointed at, and of a picture's reconstructions."""
    named = ", ".join(f"{num(error, 1)} {kind}" for kind, error in zip(KINDS.values(), errors, strict=True))
    return Answer(
        view={"decoded": f"The {own} autoencoder's decoder draws what you see."},
        words=f"The codes' mean is {pair(mean)}: nothing in the training says where they should lie. "
        f"Squared errors of your picture: {named}. The sparse one keeps 25 numbers with their places, the others two.",
    )


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
        (longer, shorter), spread = plain[0][mark], plain[1]
        (longer_too, shorter_too), spread_too = other[0][mark], other[1]
        largest, same = LARGEST.of(longer / spread), SAME.of(longer_too / spread_too)
        return Answer(
            [
                largest,
                same,
                SMALLER.of(shorter / spread),
                SAME.of(shorter_too / spread_too),
                SINGULAR.of(f"{num(longer)}, {num(shorter)}"),
                SAME.of(f"{num(longer_too)}, {num(shorter_too)}"),
            ],
            grids=[{"images": images[mark], "captions": [f"test image {mark}"], "given": 1}],
            pictures={"x": images[mark]},
            words=f"If the image moves by 1, its plain code moves up to {largest.text} spreads, the contractive "
            f"{same.text}. To first order, each is the larger singular value of ∂z/∂x at test image {mark}, divided "
            f"by the spread of the codes. An ellipse shows where a code moves when its image moves by {LENGTH} in any "
            f"direction. Its semi-axes are {LENGTH} times the singular values.",
        )

    named = {"autoencoder": plain, "contractive-autoencoder": other}
    table = [
        {"network": name, "test image": i, "longer axis": longer, "shorter axis": shorter}
        for name, (axes, _) in named.items()
        for i, (longer, shorter) in enumerate(axes)
    ]
    marks = range(len(images))
    return Answer(each=Each("mark", [*marks], [part(i) for i in marks]), table=Table(table))


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
    return Answer([NOISED.of(errors["noised"]), CLEAN.of(errors["clean"])], words)


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
    found: Found,
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
        table = [
            {"unit": name, "value": value, "factor": gain} for name, value, gain in zip(names, values, now, strict=True)
        ]
        return Answer(
            grids=[
                {
                    "images": [x, sums[k]],
                    "captions": ["yours", f"{sum(gain > 0 for gain in now)} atoms, summed"],
                    "given": 1,
                },
                {
                    "images": atoms,
                    "captions": [num(value * gain, 1) for value, gain in zip(values, now, strict=True)],
                    "marks": gone | {str(unit): "now"},
                },
            ],
            pictures={"x": x, "out": sums[k]},
            numbers=[FIRE.of(fire), ALL_ATOMS.of(whole), EDITED.of(after[k])],
            words=f"{first} {then}",
            table=Table(table),
        )

    parts = [part(k, factor) for k, factor in enumerate(found["factors"])]
    return Answer(each=Each("factor", found["factors"], parts))
