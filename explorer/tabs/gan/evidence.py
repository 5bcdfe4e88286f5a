"""What was measured: the card of each GAN as tables, the games in the plane, and figures for the text to quote."""

import math
from collections.abc import Callable, Mapping
from statistics import fmean, stdev
from typing import Any

from explorer.tabs.gan.maths import lost_modes
from explorer.tabs.kit import parts, quality
from explorer.tabs.kit.trained import share, training

Card = Mapping[str, Any]
Cards = Mapping[str, Card]
UNKNOWN = "(not measured yet)"
DIGITS, CLOTHES, GAME = "gan-mnist", "gan-fashion-mnist", "gan-game"
WAY = "one pass"
LOSS_UNIT = "of the players that move, added"
SURE = 2  # standard errors
LOSSES = {
    "saturating": "saturating loss",
    "non-saturating": "non-saturating loss",
    "wgan-gp": "WGAN-GP loss",
}
BASELINES = {"ring": "evenly along the ring", "one mode": "one mode alone", "data": "the data themselves"}
MEASURED = (
    "Modes covered · Jensen–Shannon divergence from the data in nats, by 5,000 points. A mode is covered if at least "
    "half of its share of the points lies within 3σ; the divergence is that of the shares of squares of 2σ, at most "
    "log 2 ≈ 0.693. A game has settled once the mean divergence of the seeds over 500 rounds is within 0.01 of that "
    "over the 500 before."
)

QUOTES: dict[str, Callable[[Cards], str]] = {
    "latent": lambda cards: str(cards[DIGITS]["latent"]),
    "collapse_reading": lambda cards: collapse_reading(cards[GAME]["figures"]),
    "collapse_short": lambda cards: collapse_short(cards[GAME]["figures"]),
    "steps_reading": lambda cards: steps_reading(cards[GAME]["figures"]),
    "lost_modes": lambda cards: f"{lost_modes(4, 8):.2f}",
    "baseline_reading": lambda cards: baseline_reading(cards[GAME]["figures"]),
    "score_reading": lambda cards: score_reading(cards[DIGITS]["figures"]),
    "slope": lambda cards: f"{cards[DIGITS]['figures']['slope']['value']:.1f} on average",
    "class_reading": lambda cards: class_reading(cards[DIGITS]["figures"]),
    "variety": lambda cards: share(cards[DIGITS]["figures"]["diversity"]),
    "fashion_variety": lambda cards: share(cards[CLOTHES]["figures"]["diversity"]),
    "frechet_reading": lambda cards: frechet_reading(cards[DIGITS]["quality"]),
    "recall_reading": lambda cards: recall_reading(cards[DIGITS]["quality"]),
    "early_reading": lambda cards: early_reading(cards[DIGITS]["history"]),
}


def figures(cards: Cards) -> dict[str, str]:
    """Return the figures that lesson and maths quote; what a card does not hold is said to be unmeasured."""
    return parts.quoted(QUOTES, cards, UNKNOWN)


def signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def score_reading(found: Card) -> str:
    """Return what the discriminator thinks of real and of generated images."""
    real, made = (signed(found[name]["value"]) for name in ("score_real", "score_made"))
    return f"The digits' discriminator gives real test images {real} on average, and generated ones {made}"


def class_reading(found: Card) -> str:
    """Return how often the class asked for is seen, and how varied the images of a class are."""
    seen, variety = share(found["accuracy"]["value"]), share(found["diversity"])
    return (
        f"A classifier sees the digit that was asked for in {seen}, with {variety} of the data's variety within a class"
    )


def frechet_reading(found: Card) -> str:
    """Return the Fréchet distance of the samples beside its floor."""
    reached, floor = quality.mean(found["ways"][WAY]["frechet"]), found["floor"]["frechet"]
    return (
        f"The Fréchet distance of 10,000 generated digits to the test images is {parts.number(reached)}; "
        f"as many training images have {parts.number(floor)}"
    )


def recall_reading(found: Card) -> str:
    """Return how much of the test images lies among the samples, beside the floor."""
    reached, floor = quality.mean(found["ways"][WAY]["recall"]), found["floor"]["recall"]
    return (
        f"{share(reached)} of the test digits lie among 10,000 samples, where {share(floor)} lie among training digits"
    )


def early_reading(history: list[Card]) -> str:
    """Return the discriminator's loss at the start, after an epoch and at the end, before anything was averaged."""
    played = [row for row in history if "averaged" not in row]
    middle = [row for row in played if row["epoch"] >= 1][0]
    told = [f"{row['discriminator']:.2f} after {row['images']:,} images" for row in (played[0], middle, played[-1])]
    return f"The discriminator's loss is {told[0]}, {told[1]} and {told[2]}"


def collapse_reading(grid: Card) -> str:
    """Return in how many cells of the grid each loss covers all modes with every seed, and its best and worst cells."""
    played = {loss: [cell["losses"][loss] for cell in grid["cells"]] for loss in losses_of(grid)}
    told = [_range(loss, cells, grid["of"]) for loss, cells in played.items()]
    settled = [cell["settled"] for cells in played.values() for cell in cells]
    return (
        f"Over {len(grid['cells'])} settings, five seeds each, {'; '.join(told)}. {settled.count(False)} of these "
        f"{len(settled)} games had not settled when they were ended. The divergence counts the shape of modes, too"
    )


def collapse_short(grid: Card) -> str:
    """Return how many modes each loss covers in its worst and in its best cell, and how many a ring does."""
    told = []
    for loss in losses_of(grid):
        means = [fmean(cell["losses"][loss]["modes"]) for cell in grid["cells"]]
        told.append(f"{min(means):.1f} to {max(means):.1f} by the {LOSSES[loss]}")
    ring = grid["baselines"]["ring"]["modes"]
    covered = f"Modes covered over {len(grid['cells'])} settings: {', '.join(told)}"
    return f"{covered}; points spread evenly along the ring cover {ring}"


def steps_reading(grid: Card) -> str:
    """Return how many modes each loss covers with each number of D-steps, on average over learning rates and seeds.

    The first counts as the best where it is so by two standard errors; else it is said that this cannot be told.
    """
    told = []
    for steps in sorted({cell["dsteps"] for cell in grid["cells"]}):
        cells = [cell["losses"] for cell in grid["cells"] if cell["dsteps"] == steps]
        modes = {loss: [found for cell in cells for found in cell[loss]["modes"]] for loss in losses_of(grid)}
        ranked = sorted(modes, key=lambda loss: -fmean(modes[loss]))
        listed = ", ".join(f"{fmean(modes[loss]):.1f} {LOSSES[loss].removesuffix(' loss')}" for loss in ranked)
        first, second = (modes[loss] for loss in ranked[:2])
        sure = fmean(first) - fmean(second) > SURE * math.hypot(_error(first), _error(second))
        told.append(f"with {steps}: {listed}{'' if sure else ' (the first two too close to tell apart)'}")
    return f"modes covered on average over rates and seeds: {'; '.join(told)}"


def _error(values: list[float]) -> float:
    return stdev(values) / math.sqrt(len(values))


def losses_of(grid: Card) -> list[str]:
    return list(grid["cells"][0]["losses"])


def _range(loss: str, cells: list[Card], modes: int) -> str:
    means = [fmean(cell["modes"]) for cell in cells]
    apart = [fmean(cell["divergence"]) for cell in cells]
    return (
        f"the {LOSSES[loss]} covers between {min(means):.1f} and {max(means):.1f} of {modes} modes on average "
        f"(divergence {min(apart):.2f} to {max(apart):.2f} nats)"
    )


def baseline_reading(grid: Card) -> str:
    """Return what the measure says of points that are spread evenly along the ring."""
    ring = grid["baselines"]["ring"]
    return (
        f"Points spread evenly along the ring have {share(ring['near'])} of them near a mode, cover {ring['modes']} of "
        f"{grid['of']} and are {ring['divergence']:.2f} nats away"
    )


def headline(card: Card) -> list[parts.Figure]:
    """Return the figures of one GAN that are single numbers."""
    found, seed = card["figures"], card["seed"]
    rows = [
        ("D(x, y) of real test images", found["score_real"]),
        ("D(G(z, y), y) of as many generated ones", found["score_made"]),
        ("the class asked for is the class seen", found["accuracy"]),
        ("slope of D(x, y) at real test images", found["slope"]),
    ]
    figures = [parts.Figure(name, row["value"], "estimate", "", row["se"], row["n"], seed) for name, row in rows]
    variety = "variance within a class ÷ that of test images"
    return [*figures, parts.Figure(variety, found["diversity"], "estimate", "", None, found["accuracy"]["n"], seed)]


def learning_table(history: list[Card]) -> str:
    """Return both players' losses on held-out images at the moments that were kept; empty where there are none."""
    if not history:
        return ""
    head = "| images seen | loss of the discriminator | loss of the generator |\n| --: | --: | --: |"
    rows = [
        f"| {row['images']:,}{', averaged' if 'averaged' in row else ''} | {row['discriminator']:.2f} "
        f"| {signed(row['generator'])} |"
        for row in history
    ]
    return "\n".join([head, *rows])


def tables(net: str, title: str, card: Card) -> str:
    """Return a GAN's evidence as Markdown, or how to measure what its card lacks."""
    try:
        said = [parts.evidence_table(headline(card)), _measuring(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {net}` measures the scores and the classes."]
    said += [quality.table(net, card), learning_table(card.get("history", [])), training(card, LOSS_UNIT)]
    return "\n\n".join([f"### {title}", *filter(None, said)])


def game_tables(card: Card) -> str:
    """Return what was measured of the games in the plane, or how to measure it."""
    title = "### The game in the plane"
    if "figures" not in card:
        return f"{title}\n\nNot measured yet: `python -m explorer.evaluate {GAME}` plays and measures it."
    when = f"`{card['command']}` · {card['date']} · torch {card['torch']}."
    grid = card["figures"]
    return "\n\n".join([title, when, MEASURED, baseline_table(grid), *(loss_table(x, grid) for x in losses_of(grid))])


def baseline_table(grid: Card) -> str:
    """Return the figures of points whose faults are known."""
    head = "| points | modes covered | within 3σ | divergence, nats |\n| :-- | --: | --: | --: |"
    rows = [
        f"| {BASELINES[name]} | {row['modes']} of {grid['of']} | {share(row['near'])} | {row['divergence']:.3f} |"
        for name, row in grid["baselines"].items()
    ]
    return "\n".join([head, *rows])


def loss_table(loss: str, grid: Card) -> str:
    """Return what a loss came to in every cell: modes covered and divergence, seed by seed, and when it had settled."""
    seeds = " | ".join(f"seed {seed}" for seed in grid["seeds"])
    head = f"The {LOSSES[loss]}:\n\n| D-steps | rate of D | rate of G | {seeds} | settled |"
    rows = [_cell_row(cell, cell["losses"][loss]) for cell in grid["cells"]]
    return "\n".join([head, f"| --: | --: | --: |{' --: |' * len(grid['seeds'])} --: |", *rows])


def _cell_row(cell: Card, found: Card) -> str:
    each = " | ".join(f"{modes} · {apart:.2f}" for modes, apart in zip(found["modes"], found["divergence"]))
    settled = f"by {found['rounds']:,}" if found["settled"] else f"not by {found['rounds']:,}"
    return f"| {cell['dsteps']} | {cell['lrd']:g} | {cell['lrg']:g} | {each} | {settled} |"


def _measuring(card: Card) -> str:
    return f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}."
