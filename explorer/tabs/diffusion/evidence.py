"""Evidence of the diffusion and score networks: each card as tables, and figures for the text to quote."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean

from explorer import verdicts
from explorer.measures.quality import FLOOR, over_floor
from explorer.models.schedule import Schedule
from explorer.networks.card import NORMAL, Card, Row, find, rows
from explorer.numbers import quality
from explorer.numbers.rows import (
    Quotes,
    circumstances,
    count_and_seed,
    evidence,
    format_value,
    grid,
    join_words,
    listed,
    share,
    small,
)
from explorer.numbers.trained import training
from explorer.tabs.diffusion.charts import NEARLY

Cards = Mapping[str, Card]
DIFFUSION_DIGITS, CLOTHES, TOY = "diffusion-mnist", "diffusion-fashion-mnist", "score-moons"
STUDENT = "consistency-mnist"
DIFFUSION_BESIDE = "pixelcnn-fashion-mnist"  # a network of another tab that the text also quotes
LAST_STEPS = 20  # of 1,000, whose share of the bound is quoted
DIFFUSION_KEPT, DIFFUSION_LOST = (
    0.9,
    0.2,
)  # shares of images with the same class: decided above the first, open below the second
TIMES = 1_000
ERROR_UNIT = "mean squared error of ε̂"
TITLES = {"bits_per_dim": "the bound on −log₂ p(x)", "prior": "of it, x₁₀₀₀ against pure noise"}
JUDGES = {
    "classifier": "class kept, by the classifier",
    "nearest": "by the nearest training image",
    "fresh_noise": "by the classifier, η = 1",
}
JUMPERS = {"teacher": "the teacher's prediction, L2 from the end of its path", "student": "the student's jump"}
SEEN = {f"seen steps={n}": f"requested class recognised, in {n}" for n in (1, 2, 4)}
GUIDED = {"accuracy": "class seen ± standard error", "diversity": "variance within a class ÷ that of test images"}

READINGS: dict[str, Callable[[Cards], str]] = {
    "equal_linear": lambda cards: str(equal_time("linear")),
    "equal_cosine": lambda cards: str(equal_time("cosine")),
    "bound_reading": lambda cards: bound_reading(cards[DIFFUSION_DIGITS]["bound"]),
    "decision_reading": lambda cards: decision_reading(cards[DIFFUSION_DIGITS]["decided"]),
    "middle_share": lambda cards: share(middle_share(*cards[DIFFUSION_DIGITS]["recipe"]["middle"])),
    "loss_reading": lambda cards: loss_reading(cards[DIFFUSION_DIGITS]["bound"]),
    "guidance_reading": lambda cards: guidance_reading(cards[DIFFUSION_DIGITS]),
    "steps_reading": lambda cards: steps_reading(cards[DIFFUSION_DIGITS]["quality"], cards[CLOTHES]["quality"]),
    "frontier_reading": lambda cards: frontier_reading(cards[DIFFUSION_DIGITS]["frontier"]),
    "closer_reading": lambda cards: closer_reading(cards[DIFFUSION_DIGITS]),
    "jump_reading": lambda cards: jump_reading(cards[STUDENT]),
    "frechet_reading": lambda cards: frechet_reading(cards[STUDENT]),
    "density_reading": lambda cards: density_reading(cards[TOY]),
    "error_reading": lambda cards: error_reading(cards[TOY]["errors"]),
}


def equal_time(schedule: str) -> int:
    """Return the time at which signal and noise are most nearly equal, where ᾱ is nearest to a half."""
    return int((Schedule(schedule, TIMES).alphas_cumprod - 0.5).abs().argmin())


def quotes(cards: Cards) -> Quotes:
    """Return the quotes of tour and maths; by default they refer to the network of digits."""
    return Quotes(cards, DIFFUSION_DIGITS, READINGS)


def bound_reading(bound: Card) -> str:
    """Describe the share of the bound in the last steps to the image."""
    last = sum(found for (_, high), found in zip(pairwise(bound["edges"]), bound["bits"]) if high <= LAST_STEPS + 1)
    until = max(high for high in bound["edges"] if high <= LAST_STEPS + 1) - 1
    return f"The steps at t ≤ {until}, of a thousand, hold {share(last / sum(bound['bits']))} of the bound"


def decision_reading(found: Card) -> str:
    """Describe the times between which an image's class is decided, and the share of the bound there."""
    kept = {row["t"]: row for row in rows(found, "kept", judge="classifier")}
    times = list(kept)
    sure = max((t for t in times if kept[t]["value"] >= DIFFUSION_KEPT), default=times[0])
    lost = min((t for t in times if t > sure and kept[t]["value"] <= DIFFUSION_LOST), default=times[-1])
    pairs = zip(pairwise(found["edges"]), found["bits"])
    between = sum(bits for (low, high), bits in pairs if sure <= low and high <= lost)
    part = share(between / sum(found["bits"]))
    held = f"The class is mostly decided between t = {lost} and t = {sure}, in {part} of the bound"
    shares = {t: _kept([row]) for t, row in kept.items()}
    middle = times[(times.index(sure) + times.index(lost)) // 2]
    phrases = [f"{shares[t]} at t = {t}" for t in (sure, middle, lost)]
    return (
        f"{held}: of {found['n']} test digits that were noised to t and denoised again a classifier recognised the "
        f"same class as before in {join_words(phrases)}"
    )


def _kept(found: list[Row]) -> str:
    value, se = (100 * found[0][key] for key in ("value", "se"))
    return f"{value:.0f} ± {se:.0f} %" if se else share(value / 100)


def middle_share(first: int, last: int) -> float:
    """Return the share of trained times within [first, last]: half are drawn there only, half from all times."""
    return 0.5 + 0.5 * (last - first + 1) / TIMES


def loss_reading(bound: Card) -> str:
    """Describe the mean squared error of the predicted noise at both ends of time."""
    first, last, begin = bound["loss"][0], bound["loss"][-1], bound["edges"][-2]
    return f"The mean squared error of ε̂ is {small(first)} at t = 1 and {small(last)} on average over t ≥ {begin}"


def guidance_reading(card: Card) -> str:
    """Describe the effect of guidance on the predicted class and on the diversity within a class."""
    pairs = [(w, *(format_value(find(card, name, w=w), "%") for name in GUIDED)) for w in (1, 2, 7)]
    phrases = [f"{seen} at w = {w}, with {variety} of the data's variety" for w, seen, variety in pairs]
    return f"A classifier recognises the requested class in {'; '.join(phrases)} (within a class)"


def steps_reading(digits: Card, clothes: Card) -> str:
    """Describe the figures of long and of short runs, and name the better, by a test of all pairs that are listed."""
    blocks = {
        "for digits": (digits, "grey"),
        "for binarised digits": (digits, "binarised"),
        "for clothes": (clothes, "grey"),
    }
    won, result = set(), []
    for figure, name in (("frechet", "Fréchet distance"), ("precision", "precision"), ("recall", "recall")):
        least, each = figure == "frechet", []
        found = {of: [_seeds(*block, figure, way) for way in ("DDIM 50", "DDIM 10")] for of, block in blocks.items()}
        better = _better(found, 3 * len(blocks), least)
        won |= {*better.values()}
        for of, (many, few) in found.items():
            each.append(f"{fmean(many):.3f} and {fmean(few):.3f} {of} ({better[of]})")
        result.append(f"{name} {', '.join(each)}")
    depends = ". Which is better depends on what is counted" if {"fifty", "ten"} <= won else ""
    asked = f". {3 * len(blocks)} pairs were compared"
    reached = format_value(find(digits, "frechet", pixels="grey", way=FLOOR), ".3f")
    floor = f"; as many training digits have a Fréchet distance of {reached}"
    return f"With fifty DDIM steps and with ten, and which is better: {'; '.join(result)}{floor}{asked}{depends}"


def frontier_reading(part: Card) -> str:
    """Describe the Fréchet distance over its floor of DDIM and of second-order solvers."""
    floor = find(part, "frechet", sampler=FLOOR)["value"]
    found = [row for row in rows(part, "frechet") if row["sampler"] in ("ddim", "dpm", "heun")]
    items = []
    for about in (5, 10, 50):
        each = [row for row in found if NEARLY * about <= row["evaluations"] <= about]
        words = [f"{row['title']} {row['value'] / floor:.1f} ± {NORMAL * row['se'] / floor:.1f}" for row in each]
        items += [f"{join_words(words)} in {about} evaluations"] if words else []
    of = f"the Fréchet distance of {part['n']:,} images, over its floor"
    return f"With intervals of 95 %, {of}, is {'; '.join(items)}"


def closer_reading(card: Card) -> str:
    """Describe a case of worse samples with more steps, with fewer images of a clear class; empty if there is none."""
    ten, fifty, real = (_judged(card, way) for way in ("DDIM 10", "DDIM 50", FLOOR))
    if fifty["frechet"] <= ten["frechet"] or not _loses_classes(card):
        return ""
    seen, recall = ([f"{100 * each[name]:.1f} %" for each in (ten, fifty, real)] for name in ("accuracy", "recall"))
    said = (
        "More steps may lose a clear class. A classifier recognises the requested class in "
        f"{seen[0]} of 10,000 images after ten DDIM steps, {seen[1]} after fifty, and {seen[2]} of training images"
    )
    noisy = rows(card["frontier"], "frechet", sampler="ddpm", evaluations=50)
    floor = find(card["frontier"], "frechet", sampler=FLOOR)["value"]
    ratio = f"{noisy[0]['value'] / floor:.1f}" if noisy else ""
    with_noise = f". DDPM, with fresh noise at every step, has {ratio} in 50 evaluations" if noisy else ""
    return f"{said}. Recall is {recall[0]} after ten and {recall[1]} after fifty{with_noise}"


def _judged(card: Card, way: str) -> dict[str, float]:
    """Return the figures of grey samples of one sampler, each a mean of seeds."""
    names = ("frechet", "accuracy", "recall")
    return {name: fmean(row["value"] for row in rows(card["quality"], name, pixels="grey", way=way)) for name in names}


def _loses_classes(card: Card) -> bool:
    """Return whether fewer images of fifty steps than of ten show the requested class, as shares of all images."""
    found = [rows(card["quality"], "accuracy", pixels="grey", way=way) for way in ("DDIM 50", "DDIM 10")]
    counts = [sum(row["n"] for row in each) for each in found]
    shares = [
        verdicts.of_share(sum(row["value"] * row["n"] for row in each), n)
        for each, n in zip(found, counts, strict=True)
    ]
    return verdicts.compare(*shares).sign < 0


def flow_reading(part: Card) -> str:
    """Describe the bound by the probability flow and by the chain, for the same images and the same last step."""
    flow, chain = (find(part, "bits", of=of) for of in ("flow", "chain"))
    gap, coarse = rows(part, "gap")[0], rows(part, "coarse")[0]
    said = (
        f"The probability flow's density can replace the chain but for its last step, from t = 1 to 256 grey levels. "
        f"By Hutchinson's estimate of the trace it is about {flow['value']:.3f} ± {flow['se']:.3f} bits/dim, an "
        f"estimate of a bound. "
        f"The chain's bound is at most {chain['value']:.3f} ± {chain['se']:.3f} of the same {flow['n']} test images. "
        f"Image "
        f"by image the chain's bound lies {gap['value']:.3f} ± {gap['se']:.3f} above the flow's (standard errors, with "
        f"that of the probes). Half as many steps change the flow's by {coarse['value']:.4f}: the solver's error is "
        f"about {small(abs(coarse['value']) / 3)}."
    )
    return said.replace(" -", " −")


def jump_reading(card: Card) -> str:
    """Describe the distance from a jump's end to the end of the teacher's path, from pure noise, for both networks."""
    teacher, student = (find(card, "off_path", of=of, t=TIMES) for of in ("teacher", "student"))
    return (
        f"From pure noise, the student's image lies on average {format_value(student, '.2f')} (L2) from the end of the "
        f"teacher's path, the teacher's x̂₀ {format_value(teacher, '.2f')}"
    )


def frechet_reading(card: Card) -> str:
    """Describe a distilled network's Fréchet distances over that of training images, fewest evaluations first.

    Raises:
        KeyError: if none was measured.
    """
    judged = rows(card["quality"], "frechet", pixels="grey")
    ways = sorted({row["way"] for row in judged} - {FLOOR}, key=lambda way: int(way.split()[0]))
    phrases = [f"{fmean(over_floor(card, 'grey', way)):.1f} in {way}" for way in ways]
    return f"The student's Fréchet distance, over that of training images, is {join_words(phrases)} (means over seeds)"


def _seeds(part: Card, pixels: str, figure: str, way: str) -> list[float]:
    return [row["value"] for row in rows(part, figure, pixels=pixels, way=way)]


def _better(found: Mapping[str, Sequence[Sequence[float]]], asked: int, least: bool) -> dict[str, str]:
    """Return for each block whether its first or its second values are better, of so many pairs asked.

    The values are of few seeds each, so all share one variance: of distances, the relative one.
    """
    each = {(of, way): verdicts.of_values(values) for of, pair in found.items() for way, values in enumerate(pair)}
    means = verdicts.pooled(each, is_log=least)
    signs = {of: verdicts.compare(means[of, 0], means[of, 1], asked).sign for of in found}
    return {
        of: verdicts.ranked(sign, least=least, better="fifty", worse="ten", tie="a tie") for of, sign in signs.items()
    }


def density_reading(card: Card) -> str:
    """Describe the log-density of ODE and SDE samples under the known density."""
    ode, sde, data = (format_value(find(card, "log_density", of=way), ".2f") for way in ("ode", "sde", "data"))
    return f"points of the ODE have log p = {ode} nats on average, of the SDE {sde}, and the data {data}"


def error_reading(found: Card) -> str:
    """Describe the error of the learned noise relative to the exact one, at best and worst: root mean squares."""
    shares = {t: math.sqrt(error / size) for t, error, size in zip(found["levels"], found["error"], found["size"])}
    best, worst = min(shares, key=shares.get), max(shares, key=shares.get)
    return (
        f"the learned score is off by {_per_cent(shares[best])} of the exact one at t = {best} "
        f"and by {_per_cent(shares[worst])} at t = {worst} (root mean squares)"
    )


def _per_cent(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.1 else f"{small(100 * value)} %"


def bound_table(bound: Card) -> str:
    """Return the bound and the loss for each interval of time as a table."""
    return listed(
        [
            {
                "t": low if low == high - 1 else f"{low} … {high - 1}",
                "bound, bits/dim": small(bits),
                ERROR_UNIT: small(loss),
            }
            for (low, high), bits, loss in zip(pairwise(bound["edges"]), bound["bits"], bound["loss"])
        ]
    )


def decision_table(found: Card) -> str:
    """Return a table of images that keep their class when noised to t and denoised again, by both judges."""
    said = (
        f"Of {found['n']} test images, ± standard error, denoised by DDIM with no class given; in the last column with "
        "fresh noise at every step. "
        f"`{found['command']}` · {found['date']}."
    )
    return f"{grid(rows(found, 'kept'), ('t', 'noised to t'), ('judge', JUDGES), _kept)}\n\n{said}"


def guidance_table(card: Card) -> str:
    """Return a table of the effect of guidance, by its scale; at w = 0 there is no class, so no diversity."""

    def word(found: list[Row]) -> str:
        if found[0]["name"] == "accuracy":
            return format_value(found[0], "±")
        return format_value(found[0], ".3f") if found[0]["w"] else "–"

    found = [row for row in rows(card) if "w" in row]
    return f"{grid(found, ('w', 'w'), ('name', GUIDED), word)}\n\n{count_and_seed(found)}"


def toy_table(card: Card) -> str:
    """Return a table of the learned score's error, and the log-density of samples by ODE and SDE."""
    found = card["errors"]
    shown = listed(
        [
            {"t": t, "mean of ‖ε̂ − ε*‖²": small(error), "mean of ‖ε*‖²": small(size)}
            for t, error, size in zip(found["levels"], found["error"], found["size"])
        ]
    )
    reading = f"Of {card['n']:,} points: {density_reading(card)}."
    return f"{shown}\n\n{reading} ε* is exact, as the density is known."


def tables(net: str, title: str, card: Card) -> str:
    """Return a diffusion's evidence as Markdown, or the command that measures missing rows."""
    try:
        said = [evidence(card, TITLES), circumstances(card), bound_table(card["bound"])]
        said += [f"{flow_reading(card['flow'])} {circumstances(card['flow'])}"] if "flow" in card else []
        said += [frontier_table(card["frontier"])] if "frontier" in card else []
        said += [decision_table(card["decided"]) if "decided" in card else "", guidance_table(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {net}` measures the bound and guidance."]
    return "\n\n".join(filter(None, [f"### {title}", *said, quality.table(net, card), training(card)]))


def _distance(found: list[Row]) -> str:
    return f"{found[0]['value']:.2f} ± {found[0]['se']:.2f}"


def frontier_table(part: Card) -> str:
    """Return a table of the Fréchet distance over its floor by sampler and evaluations, with notes on empty cells."""
    floor = find(part, "frechet", sampler=FLOOR)["value"]
    found = [row for row in rows(part, "frechet") if row["sampler"] != FLOOR]
    if not found:
        return ""
    titles = {n: f"{n}" for n in sorted({row["evaluations"] for row in found})}

    def over_floor(cell: list[Row]) -> str:
        return f"{cell[0]['value'] / floor:.1f} ± {cell[0]['se'] / floor:.1f}"

    said = (
        f"Fréchet distance ÷ its floor, ± standard error, by the evaluations of the network that an image takes. Of "
        f"{part['n']:,} images, classes matched, written as what {part['alike']:,} would have: that of few images "
        f"is too large by b / N, and b is estimated from halves of the sets. An empty cell is not measured. "
    )
    return f"{grid(found, ('title', 'sampler'), ('evaluations', titles), over_floor)}\n\n{said}{circumstances(part)}"


def student_tables(net: str, title: str, card: Card) -> str:
    """Return a distilled network's evidence as Markdown, or the command that measures missing rows."""
    judged = [quality.table(net, card)] if "quality" in card else []
    if not card.get("rows"):
        said = [f"Not measured yet: `python -m explorer.evaluate {net}` measures it."]
    else:
        jumps = grid(rows(card, "off_path"), ("t", "jump from t"), ("of", JUMPERS), _distance)
        said = [evidence(card, SEEN), circumstances(card), f"{jumps}\n\n{count_and_seed(rows(card, 'off_path'))}"]
        said += [frontier_table(card["frontier"])] if "frontier" in card else []
    return "\n\n".join([f"### {title}", *said, *judged, training(card)])


def toy_tables(name: str, title: str, card: Card) -> str:
    """Return a score network's evidence as Markdown, or the command that measures missing rows."""
    try:
        said = [toy_table(card), circumstances(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {name}` measures it."]
    return "\n\n".join([f"### {title}, points in the plane", *said, training(card)])
