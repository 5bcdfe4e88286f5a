"""Evidence of the GANs: the card of each network and the games in the plane as tables, and sentences to quote."""

from collections.abc import Callable, Mapping
from statistics import fmean

from explorer import verdicts
from explorer.measures.quality import FLOOR
from explorer.networks.card import Card
from explorer.networks.card import rows as rows_of
from explorer.numbers import quality, rows
from explorer.numbers.rows import share
from explorer.numbers.trained import training
from explorer.tabs.gan.maths import divergence_of_modes

Cards = Mapping[str, Card]
GAN_DIGITS, GAME = "gan-mnist", "gan-game"
LOSSES = {
    "saturating": "saturating loss",
    "non-saturating": "non-saturating loss",
    "wgan-gp": "WGAN-GP loss",
}
_NUMBERS = {2: "the first two", 3: "all three"}
BASELINES = {"ring": "evenly along the ring", "one mode": "one mode alone", "data": "the data themselves"}
GAN_MEASURED = (
    "Modes covered · Jensen–Shannon divergence from the data in nats, by 5,000 points. A mode is covered if at least "
    "half of its share of the points lies within 3σ; the divergence is that of the shares of squares of 2σ, at most "
    "log 2 ≈ 0.693. A game has settled once the mean divergence of the seeds over 500 rounds is within 0.01 of that "
    "over the 500 before."
)

READINGS: dict[str, Callable[[Cards], str]] = {
    "latent": lambda cards: str(cards[GAN_DIGITS]["latent"]),
    "collapse_reading": lambda cards: collapse_reading(cards[GAME]["figures"]),
    "steps_reading": lambda cards: steps_reading(cards[GAME]["figures"]),
    "divergence_of_modes": lambda cards: f"{divergence_of_modes(4, 8):.2f}",
    "baseline_reading": lambda cards: baseline_reading(cards[GAME]["figures"]),
    "better_d": lambda cards: better_d(cards[GAME]["figures"]),
    "coverage_reading": lambda cards: coverage_reading(cards[GAN_DIGITS]),
    "early_reading": lambda cards: early_reading(cards[GAN_DIGITS]["history"]),
    "early_short": lambda cards: early_reading(cards[GAN_DIGITS]["history"], short=True),
}
TITLES = {
    "score_real": "D(x, y) of real test images",
    "score_made": "D(G(z, y), y) of as many generated ones",
    "accuracy": "the classifier recognises the requested class",
    "slope": "slope of D(x, y) at real test images",
    "diversity": "variance within a class ÷ that of test images",
}


def quotes(cards: Cards) -> rows.Quotes:
    """Return the quotes of tour and maths; by default they refer to the network of digits."""
    return rows.Quotes(cards, GAN_DIGITS, READINGS)


def early_reading(history: list[Card], short: bool = False) -> str:
    """Describe the discriminator's loss at the start, after an epoch and at the end, before weights are averaged.

    `short` leaves the start out.
    """
    played = [row for row in history if "averaged" not in row]
    middle = [row for row in played if row["epoch"] >= 1][0]
    if short:
        ends = [f"{row['discriminator']:.2f}" for row in (middle, played[-1])]
        return f"The discriminator's loss is {ends[0]} after an epoch and {ends[1]} at the end"
    phrases = [f"{row['discriminator']:.2f} after {row['images']:,} images" for row in (played[0], middle, played[-1])]
    return f"The discriminator's loss is {phrases[0]}, {phrases[1]} and {phrases[2]}"


def collapse_reading(grid: Card) -> str:
    """Describe, per loss, the number of cells with all modes covered by every seed, and the best and worst cells."""
    played = {loss: [cell["losses"][loss] for cell in grid["cells"]] for loss in losses_of(grid)}
    items = [_range(loss, cells, grid["of"]) for loss, cells in played.items()]
    settled = [cell["settled"] for cells in played.values() for cell in cells]
    return (
        f"Over {len(grid['cells'])} settings, five seeds each, {'; '.join(items)}. {settled.count(False)} of these "
        f"{len(settled)} games had not settled when they were ended. The divergence counts the shape of modes, too"
    )


def steps_reading(grid: Card) -> str:
    """Describe the mean number of modes covered by each loss, by the number of D-steps, over rates and seeds.

    The sentence names those that tie with the first; all pairs are compared for each number of steps.
    """
    items = []
    for steps in sorted({cell["dsteps"] for cell in grid["cells"]}):
        cells = [cell["losses"] for cell in grid["cells"] if cell["dsteps"] == steps]
        modes = {loss: [found for cell in cells for found in cell[loss]["modes"]] for loss in losses_of(grid)}
        ranked = sorted(modes, key=lambda loss: -fmean(modes[loss]))
        listed = ", ".join(f"{fmean(modes[loss]):.1f} {LOSSES[loss].removesuffix(' loss')}" for loss in ranked)
        first = verdicts.best_of({loss: verdicts.of_values(found) for loss, found in modes.items()})
        items.append(f"with {steps}: {listed}{f' ({_NUMBERS[len(first)]} tie)' if len(first) > 1 else ''}")
    asked = verdicts.pairs_of(len(losses_of(grid)))
    return f"modes covered on average over rates and seeds, {asked} pairs compared each: {'; '.join(items)}"


def better_d(grid: Card) -> str:
    """Describe the modes that each loss covers with one step of D a round and with five, over rates and seeds."""
    items = []
    for loss in losses_of(grid):
        one, five = (
            [found for cell in grid["cells"] if cell["dsteps"] == steps for found in cell["losses"][loss]["modes"]]
            for steps in (1, 5)
        )
        sign = verdicts.compare(
            verdicts.of_values(five), verdicts.of_values(one), comparisons=len(losses_of(grid))
        ).sign
        said = verdicts.sized(sign, larger="more", smaller="fewer", tie="no measurable difference")
        items.append(f"{LOSSES[loss]} {fmean(one):.1f} and {fmean(five):.1f} ({said})")
    return (
        f"Of {grid['of']} modes, with one step of $D$ a round and with five, G covers by the {'; by the '.join(items)}"
    )


def coverage_reading(card: Card) -> str:
    """Describe the recall of the samples beside that of training images, with the verdict of a test of two shares."""
    found = [rows_of(card["quality"], "recall", pixels="grey", way=way) for way in ("one pass", FLOOR)]
    made, real = ([row["value"] for row in each] for each in found)
    n = found[0][0]["n"]
    sign = verdicts.compare(*(verdicts.of_share(fmean(each) * n, n) for each in (made, real))).sign
    said = verdicts.sized(sign, larger="more than", smaller="fewer than", tie="not measurably other than")
    return (
        f"{100 * fmean(made):.1f} % of {n:,} test digits lie among as many samples of this GAN, {said} the "
        f"{100 * fmean(real):.1f} % among training digits"
    )


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
    """Describe the figures of points spread evenly along the ring."""
    ring = grid["baselines"]["ring"]
    return (
        f"Points spread evenly along the ring have {share(ring['near'])} of them near a mode, cover {ring['modes']} of "
        f"{grid['of']} and are {ring['divergence']:.2f} nats away"
    )


def learning_table(history: list[Card]) -> str:
    """Return both players' losses on held-out images at the snapshots as a table; empty without a history."""
    if not history:
        return ""
    return rows.listed(
        [
            {
                "images seen": f"{row['images']:,}{', averaged' if 'averaged' in row else ''}",
                "loss of the discriminator": f"{row['discriminator']:.2f}",
                "loss of the generator": f"{row['generator']:.2f}".replace("-", "−"),
            }
            for row in history
        ]
    )


def tables(net: str, title: str, card: Card) -> str:
    """Return a GAN's evidence as Markdown, or the command that measures missing rows."""
    try:
        said = [rows.evidence(card, TITLES), rows.circumstances(card)]
    except KeyError:
        said = [f"Not measured yet: `python -m explorer.evaluate {net}` measures the scores and the classes."]
    said += [quality.table(net, card), learning_table(card.get("history", [])), training(card)]
    return "\n\n".join([f"### {title}", *filter(None, said)])


def game_tables(card: Card) -> str:
    """Return the figures of the games in the plane, or the command that measures them."""
    title = "### The game in the plane"
    if "figures" not in card:
        return f"{title}\n\nNot measured yet: `python -m explorer.evaluate {GAME}` plays and measures it."
    grid = card["figures"]
    tables = [baseline_table(grid), *(loss_table(loss, grid) for loss in losses_of(grid))]
    return "\n\n".join([title, rows.circumstances(card), GAN_MEASURED, *tables])


def baseline_table(grid: Card) -> str:
    """Return the figures of points with known faults as a table."""
    lines = [
        {
            "points": BASELINES[name],
            "modes covered": f"{row['modes']} of {grid['of']}",
            "within 3σ": share(row["near"]),
            "divergence, nats": f"{row['divergence']:.3f}",
        }
        for name, row in grid["baselines"].items()
    ]
    return rows.listed(lines, left=1)


def loss_table(loss: str, grid: Card) -> str:
    """Return a table of a loss in every cell: modes covered and divergence by seed, and the round of settling."""
    head = ["D-steps", "rate of D", "rate of G", *(f"seed {seed}" for seed in grid["seeds"]), "settled"]
    lines = [_cell_line(cell, cell["losses"][loss]) for cell in grid["cells"]]
    return f"The {LOSSES[loss]}:\n\n{rows.table(head, lines)}"


def _cell_line(cell: Card, found: Card) -> list[str]:
    each = [f"{modes} · {apart:.2f}" for modes, apart in zip(found["modes"], found["divergence"])]
    settled = f"{'by' if found['settled'] else 'not by'} {found['rounds']:,}"
    return [str(cell["dsteps"]), f"{cell['lrd']:g}", f"{cell['lrg']:g}", *each, settled]
