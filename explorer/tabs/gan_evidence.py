"""What was measured: the card of each GAN as tables, the games in the plane, and figures for the text to quote."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.tabs import parts, quality
from explorer.tabs.trained import share, training

Card = Mapping[str, Any]
Cards = Mapping[str, Card]
UNKNOWN = "(not measured yet)"
DIGITS, CLOTHES, GAME = "gan-mnist", "gan-fashion-mnist", "gan-game"
WAY, RING, HEAPS = "one pass", "ring", 8
LOSS_UNIT = "of the players that move, added"

QUOTES: dict[str, Callable[[Cards], str]] = {
    "latent": lambda cards: str(cards[DIGITS]["latent"]),
    "collapse_reading": lambda cards: collapse_reading(cards[GAME]["figures"][RING]),
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


def collapse_reading(race: Card) -> str:
    """Return how many heaps of the ring each loss covers, seed by seed."""
    told = [f"{', '.join(map(str, counts))} with the {loss} loss" for loss, counts in race["modes"].items()]
    return f"Of {HEAPS} heaps, seed by seed after {race['rounds']:,} rounds, these are covered: {'; '.join(told)}"


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
    return "\n\n".join([title, when, *(race_table(*race) for race in card["figures"].items())])


def race_table(name: str, race: Card) -> str:
    """Return the modes that each loss covers at the end, and its share of points of high quality, seed by seed."""
    seeds = " | ".join(f"seed {seed}" for seed in race["seeds"])
    head = f"{name}, after {race['rounds']:,} rounds:\n\n| loss | {seeds} |\n| :-- |{' --: |' * len(race['seeds'])}"
    rows = [
        f"| {loss} | {' | '.join(f'{modes} modes, {share(good)}' for modes, good in zip(counts, race['good'][loss]))} |"
        for loss, counts in race["modes"].items()
    ]
    return "\n".join([head, *rows])


def _measuring(card: Card) -> str:
    return f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}."
