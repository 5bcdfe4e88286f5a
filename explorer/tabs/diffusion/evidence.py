"""What was measured: the card of each diffusion and score network as tables, and as figures for the text to quote."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from explorer.tabs.kit import parts, quality
from explorer.tabs.kit.trained import share, training

Card = Mapping[str, Any]
Cards = Mapping[str, Card]
UNKNOWN = "(not measured yet)"
DIGITS, CLOTHES, PIXELCNN, TOY = "diffusion-mnist", "diffusion-fashion-mnist", "pixelcnn-fashion-mnist", "score-moons"
LAST_STEPS = 20  # of 1,000, for which the text says how much of the bound they hold
KEPT, LOST = 0.9, 0.2  # shares that keep their class where it is decided, and where it is still open
TIMES = 1_000
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ERROR_UNIT = "mean squared error of ε̂"


def _bits(net: str) -> Callable[[Cards], str]:
    return lambda cards: f"{cards[net]['figures']['bits_per_dim']['value']:.3f}"


QUOTES: dict[str, Callable[[Cards], str]] = {
    "bits": _bits(DIGITS),
    "fashion_bits": _bits(CLOTHES),
    "pixelcnn_bits": _bits(PIXELCNN),
    "prior_bits": lambda cards: small(cards[DIGITS]["figures"]["bound"]["prior"]),
    "bound_reading": lambda cards: bound_reading(cards[DIGITS]["figures"]["bound"]),
    "decided_short": lambda cards: decided_reading(cards[DIGITS]["decided"], short=True),
    "decided_reading": lambda cards: decided_reading(cards[DIGITS]["decided"]),
    "middle_share": lambda cards: share(middle_share(*cards[DIGITS]["recipe"]["middle"])),
    "loss_reading": lambda cards: loss_reading(cards[DIGITS]["figures"]["bound"]),
    "guidance_reading": lambda cards: guidance_reading(cards[DIGITS]["figures"]["guidance"]),
    "steps_reading": lambda cards: steps_reading(cards[DIGITS]["quality"], cards[CLOTHES]["quality"]),
    "steps_short": lambda cards: steps_reading(cards[DIGITS]["quality"], cards[CLOTHES]["quality"], short=True),
    "recall_reading": lambda cards: recall_reading(cards[DIGITS]["quality"]),
    "density_reading": lambda cards: density_reading(cards[TOY]["figures"]["log_density"]),
    "error_reading": lambda cards: error_reading(cards[TOY]["figures"]),
}


def figures(cards: Cards) -> dict[str, str]:
    """Return the figures that lesson and maths quote; what a card does not hold is said to be unmeasured."""
    return parts.quoted(QUOTES, cards, UNKNOWN)


def small(value: float) -> str:
    """Return a number to two digits, however small it is."""
    if abs(value) >= 1e-3 or not value:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits} · 10{str(int(exponent)).translate(RAISED)}"


def bound_reading(bound: Card) -> str:
    """Return how much of the bound the last steps to the image hold."""
    last = sum(found for (_, high), found in zip(pairwise(bound["edges"]), bound["bits"]) if high <= LAST_STEPS + 1)
    until = max(high for high in bound["edges"] if high <= LAST_STEPS + 1) - 1
    return f"The steps at t ≤ {until}, of a thousand, hold {share(last / sum(bound['bits']))} of the bound"


def decided_reading(found: Card, short: bool = False) -> str:
    """Return between which times an image's class is decided, and what those steps hold of the bound."""
    times, kept = found["times"], found["kept"]["classifier"]
    sure = max((t for t, row in zip(times, kept) if row["value"] >= KEPT), default=times[0])
    lost = min((t for t, row in zip(times, kept) if t > sure and row["value"] <= LOST), default=times[-1])
    pairs = zip(pairwise(found["edges"]), found["bits"])
    between = sum(bits for (low, high), bits in pairs if sure <= low and high <= lost)
    part = share(between / sum(found["bits"]))
    held = f"The class is mostly decided between t = {lost} and t = {sure}, in {part} of the bound"
    shares = {t: _kept(row) for t, row in zip(times, kept)}
    if short:
        return (
            f"{held}: of {found['n']} digits, noised to there and denoised, {shares[lost]} and {shares[sure]} keep it"
        )
    middle = times[(times.index(sure) + times.index(lost)) // 2]
    told = [f"{shares[t]} at t = {t}" for t in (sure, middle, lost)]
    return (
        f"{held}: of {found['n']} test digits that were noised to t and denoised again a classifier saw the same class "
        f"as before in {', '.join(told[:-1])} and {told[-1]}"
    )


def _kept(row: Mapping[str, float]) -> str:
    return f"{100 * row['value']:.0f} ± {100 * row['se']:.0f} %" if row["se"] else share(row["value"])


def middle_share(first: int, last: int) -> float:
    """Return the share of trained times within [first, last]: all of one half, and of the other what falls there."""
    return 0.5 + 0.5 * (last - first + 1) / TIMES


def loss_reading(bound: Card) -> str:
    """Return the mean squared error of the predicted noise at both ends of time."""
    first, last, begin = bound["loss"][0], bound["loss"][-1], bound["edges"][-2]
    return f"The mean squared error of ε̂ is {small(first)} at t = 1 and {small(last)} on average over t ≥ {begin}"


def guidance_reading(found: Mapping[str, Card]) -> str:
    """Return what guidance does to the class that is seen and to the variety within a class."""
    told = [
        f"{share(found[w]['accuracy']['value'])} at w = {w}, with {share(found[w]['diversity'])} of the data's variety"
        for w in ("1", "2", "7")
    ]
    return f"A classifier sees the class that was asked for in {', '.join(told)} within a class"


def steps_reading(digits: Card, clothes: Card, short: bool = False) -> str:
    """Return the figures of long and of short runs, and which are better; ranges over the seeds that meet are a tie."""
    blocks = {"for digits": digits, "for binarised digits": digits["binarised"], "for clothes": clothes}
    if short:
        blocks = {"for digits": digits}
    won, told = set(), []
    for figure, name in (("frechet", "Fréchet distance"), ("precision", "precision"), ("recall", "recall")):
        each = []
        for of, block in blocks.items():
            many, few = (block["ways"][way][figure] for way in ("DDIM 50", "DDIM 10"))
            better = _better(many, few, least=figure == "frechet")
            won.add(better)
            each.append(f"{quality.mean(many):.3f} and {quality.mean(few):.3f} {of} ({better})")
        told.append(f"{name} {', '.join(each)}")
    depends = ". Which is better depends on what is counted" if {"fifty", "ten"} <= won else ""
    floor = f"; as many training digits have a Fréchet distance of {digits['floor']['frechet']:.3f}"
    return (
        f"With fifty DDIM steps and with ten, and which is better: {'; '.join(told)}{'' if short else floor}{depends}"
    )


def _better(many: Sequence[float], few: Sequence[float], least: bool) -> str:
    lower, higher = max(many) < min(few), min(many) > max(few)
    return "fifty" if (lower if least else higher) else "ten" if (higher if least else lower) else "a tie"


def recall_reading(measured: Card) -> str:
    """Return how much of the test images lies among the samples, beside the floor."""
    found, floor = quality.mean(measured["ways"]["DDIM 50"]["recall"]), measured["floor"]["recall"]
    return (
        f"{share(found)} of the test digits lie among 10,000 samples (recall, Kynkäänniemi et al. 2019), where "
        f"{share(floor)} lie among training digits"
    )


def density_reading(found: Mapping[str, float]) -> str:
    """Return how likely the points of both ways down are under the known density."""
    ode, sde, data = (f"{found[name]:.2f}".replace("-", "−") for name in ("ode", "sde", "data"))
    return f"points of the ODE have log p = {ode} nats on average, of the SDE {sde}, and the data {data}"


def error_reading(found: Card) -> str:
    """Return how far the learned noise is from the exact one, relative to it at best and worst: root mean squares."""
    shares = {t: math.sqrt(error / size) for t, error, size in zip(found["levels"], found["error"], found["size"])}
    best, worst = min(shares, key=shares.get), max(shares, key=shares.get)
    return (
        f"the learned score is off by {_per_cent(shares[best])} of the exact one at t = {best} "
        f"and by {_per_cent(shares[worst])} at t = {worst} (root mean squares)"
    )


def _per_cent(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.1 else f"{small(100 * value)} %"


def headline(card: Card) -> list[parts.Figure]:
    """Return the figures of one diffusion that are single numbers."""
    bits, bound = card["figures"]["bits_per_dim"], card["figures"]["bound"]
    rows = [("the bound on −log₂ p(x)", bits["value"], bits["se"])]
    rows += [("of it, x₁₀₀₀ against pure noise", bound["prior"], None)]
    return [parts.Figure(name, value, "bound", "bits/dim", se, bound["n"], card["seed"]) for name, value, se in rows]


def bound_table(card: Card) -> str:
    """Return the bound and the loss, interval by interval of time."""
    bound = card["figures"]["bound"]
    head = f"| t | bound, bits/dim | {ERROR_UNIT} |\n| --: | --: | --: |"
    rows = [
        f"| {low if low == high - 1 else f'{low} … {high - 1}'} | {small(bits)} | {small(loss)} |"
        for (low, high), bits, loss in zip(pairwise(bound["edges"]), bound["bits"], bound["loss"])
    ]
    return "\n".join([head, *rows])


def decided_table(card: Card) -> str:
    """Return how many images keep their class when they are noised to t and denoised again, by both judges."""
    found = card.get("decided")
    if not found:
        return ""
    head = "| noised to t | class kept, by the classifier | by the nearest training image | by the classifier, η = 1 |"
    columns = zip(found["times"], *(found["kept"][judge] for judge in ("classifier", "nearest", "fresh_noise")))
    rows = ["| --: | --: | --: | --: |", *(f"| {t} | {' | '.join(map(_kept, each))} |" for t, *each in columns)]
    said = (
        f"Of {found['n']} test images, ± standard error, denoised by DDIM with no class given; in the last column with "
        "fresh noise at every step. "
        f"`{found['command']}` · {found['date']}."
    )
    return "\n".join([head, *rows]) + f"\n\n{said}"


def guidance_table(card: Card) -> str:
    """Return what guidance does, by its scale; at w = 0 no class is asked for, so none has a variance."""
    head = "| w | class seen ± standard error | N | variance within a class ÷ that of test images |"
    rows = [
        f"| {w} | {parts.number(found['accuracy']['value'], found['accuracy']['se'])} | {found['accuracy']['n']:,} "
        f"| {format(found['diversity'], '.3f') if float(w) else '–'} |"
        for w, found in card["figures"]["guidance"].items()
    ]
    return "\n".join([head, "| --: | --: | --: | --: |", *rows])


def toy_table(card: Card) -> str:
    """Return how far the learned score is from the exact one, and how likely the points of both ways down are."""
    found = card["figures"]
    head = "| t | mean of ‖ε̂ − ε*‖² | mean of ‖ε*‖² |\n| --: | --: | --: |"
    rows = [f"| {t} | {small(e)} | {small(s)} |" for t, e, s in zip(found["levels"], found["error"], found["size"])]
    reading = f"Of {card['n']:,} points: {density_reading(found['log_density'])}."
    return "\n".join([head, *rows]) + f"\n\n{reading} ε* is exact, as the density is known."


def tables(net: str, title: str, card: Card) -> str:
    """Return a diffusion's evidence as Markdown, or how to measure what its card lacks."""
    try:
        said = [parts.evidence_table(headline(card)), _measuring(card), bound_table(card)]
        said += [decided_table(card), guidance_table(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {net}` measures the bound and guidance."]
    return "\n\n".join(filter(None, [f"### {title}", *said, quality.table(net, card), training(card, ERROR_UNIT)]))


def toy_tables(name: str, title: str, card: Card) -> str:
    """Return a score network's evidence as Markdown, or how to measure what its card lacks."""
    try:
        said = [toy_table(card), _measuring(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {name}` measures it."]
    return "\n\n".join([f"### {title}, points in the plane", *said, training(card, ERROR_UNIT)])


def _measuring(card: Card) -> str:
    return f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}."
