"""What was measured: the card of each VAE as tables, and as figures for the text to quote."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.tabs import parts

Card = Mapping[str, Any]
Terms = Mapping[str, float]
UNKNOWN = "(not measured)"
COLLAPSED = 0.05  # nats
REFERENCE = "†"
NOTHING_BESIDE = "No network was trained for one β alone, so there is nothing to compare this one with."
_COLUMNS = (("distortion", 1), ("rate", 1), ("elbo", -1), ("objective", 1))


def _of_beta(key: str, beta: str, sign: int = 1) -> Callable[[Card], str]:
    return lambda card: parts.number(sign * card["figures"][beta][key])


QUOTES: dict[str, Callable[[Card], str]] = {
    "distortion_low": _of_beta("distortion", "0.01"),
    "distortion_one": _of_beta("distortion", "1"),
    "rate_low": _of_beta("rate", "0.01"),
    "rate_one": _of_beta("rate", "1"),
    "rate_ten": _of_beta("rate", "10"),
    "rate_high": _of_beta("rate", "100"),
    "bound_low": _of_beta("elbo", "0.01", sign=-1),
    "bound_one": _of_beta("elbo", "1", sign=-1),
    "collapse_beta": lambda card: f"{min(row['beta'] for row in card['curve'] if row['rate'] < COLLAPSED):.2g}",
    "gap_reading": lambda card: _gap_reading(card["gaps"]),
    "midpoint_reading": lambda card: _midpoint_reading(card["gaps"]["ratio"]),
    "spread_reading": lambda card: _spread_reading(card["atlas"]["inside"]),
}


def figures(card: Card) -> dict[str, str]:
    """Return the figures that lesson and maths quote; what a card does not hold is said to be unmeasured."""
    return parts.quoted(QUOTES, card, UNKNOWN)


def _spread_reading(inside: Mapping[str, list[float]]) -> str:
    plain, standard = (inside[beta][2] for beta in "01")
    return f"{plain:.0%} of the autoencoder's codes lie inside the third ring, and {standard:.0%} of those at β = 1."


def _gap_reading(gaps: Mapping[str, Any]) -> str:
    plain, standard = (parts.number(gaps[f"beta_{beta}"]["midpoint"]) for beta in (0, 1))
    verdict = {
        -1: "nearer than the VAE's, the cartoon turned around",
        0: "no islands here",
        1: "farther, as in the cartoon",
    }[_verdict(gaps["ratio"])]
    return (
        f"Decoded midpoints between classes lie {plain} from the nearest training image at β = 0 "
        f"and {standard} at β = 1 (L2, {gaps['pairs']} pairs), {gaps['ratio']:.2f} times as far: {verdict}."
    )


def _midpoint_reading(ratio: float) -> str:
    role = {-1: "the KL term is no help", 0: "the KL term is not what makes it smooth", 1: "the KL term helps"}
    far = f"Midpoints are {ratio:.2f} times as far from real images at β = 0 as at β = 1"
    return f"{far}, so in this network {role[_verdict(ratio)]}."


def _verdict(ratio: float) -> int:
    """Whether a ratio of distances is below, about or above one, with a tenth for "about"."""
    return (ratio > 1.1) - (ratio < 0.9)


def headline(card: Card) -> list[parts.Figure]:
    """Return what is measured once: bounds at β = 1, both ends of the slider, midpoints between classes."""
    one, last, zero = card["figures"]["1"], card["figures"]["100"], card["beta_zero"]
    iwae, exact, gaps = card["bounds"]["iwae"], card["bounds"]["exact"], card["gaps"]
    rows = [
        ("−log p(x) at β = 1, by the ELBO", -one["elbo"], "bound", one["elbo_se"], card["n"]),
        (f"−log p(x) at β = 1, by IWAE-{iwae['k']}", -iwae["iwae"], "bound", iwae["iwae_se"], iwae["n"]),
        ("−log p(x) at β = 1, on a grid", -exact["log_px"], "exact", exact["log_px_se"], exact["n"]),
        ("log p(x) − ELBO at β = 1, same images", exact["gap"], "estimate", exact["gap_se"], exact["n"]),
        ("distortion at β = 0", zero["distortion"], "exact", zero["distortion_se"], card["n"]),
        ("rate at β = 100", last["rate"], "exact", last["rate_se"], card["n"]),
    ]
    measured = [parts.Figure(name, value, kind, se=se, n=n, seed=card["seed"]) for name, value, kind, se, n in rows]
    for beta in (0, 1):
        row = gaps[f"beta_{beta}"]
        name = f"midpoint to nearest training image, β = {beta}"
        distance = {"unit": "(L2)", "se": row["midpoint_se"], "n": gaps["pairs"], "seed": card["seed"]}
        measured.append(parts.Figure(name, row["midpoint"], "estimate", **distance))
    return measured


def by_beta(card: Card) -> str:
    """Return the terms at the reported β, beside what networks trained for one β alone reach."""
    head = "| β | D | R | −ELBO | D + βR | alone: D + βR | alone: R | ratio |\n" + "| --: " * 8 + "|"
    return "\n".join([head, *(line for beta, row in card["figures"].items() for line in _beta_rows(card, beta, row))])


def _beta_rows(card: Card, beta: str, row: Terms) -> list[str]:
    own = [beta, *(_cell(row, key, sign) for key, sign in _COLUMNS)]
    beside = [_beside(row, *other) for other in _alone(card, beta)] or [["–"] * 3]
    starts = [own] + [[""] * len(own)] * (len(beside) - 1)
    return [f"| {' | '.join(start + cells)} |" for start, cells in zip(starts, beside)]


def _alone(card: Card, beta: str) -> list[tuple[str, Terms]]:
    """What was trained for this β alone, ours first: a mark that tells whose, and what it reaches."""
    published = card.get("reference", {}).get("rows", {})
    found = [("", card.get("dedicated", {}).get(beta)), (REFERENCE, published.get(beta))]
    return [(mark, terms) for mark, terms in found if terms]


def _beside(row: Terms, mark: str, alone: Terms) -> list[str]:
    ratio = f"{row['objective'] / alone['objective']:.3f}"
    return [_cell(alone, "objective") + mark, _cell(alone, "rate") + mark, ratio]


def _cell(row: Terms, key: str, sign: int = 1) -> str:
    error = row.get(f"{key}_se")
    if 0 <= row[key] < 0.001:
        return "< 0.001"
    text = parts.number(sign * row[key], error) if error else f"{row[key]:.1f}"
    return text.replace("± ", "±\u00a0")


def reading(card: Card) -> str:
    """Return what the figures of a card say, in sentences chosen by the figures."""
    pairs = [(beta, mark, alone) for beta in card["figures"] for mark, alone in _alone(card, beta)]
    compared = f"{_closeness(card, pairs)} {_spent(card, pairs)}" if pairs else NOTHING_BESIDE
    return f"{compared} {_gap_reading(card['gaps'])} {_collapse_reading(card)}"


def _closeness(card: Card, pairs: list[tuple[str, str, Terms]]) -> str:
    ratios = {(beta, mark): card["figures"][beta]["objective"] / alone["objective"] for beta, mark, alone in pairs}
    behind = [f"{beta}{mark} (by {ratio - 1:.1%})" for (beta, mark), ratio in ratios.items() if ratio > 1]
    verdict = f"It is behind at β = {', '.join(behind)}." if behind else "It is behind none of them."
    reached = f"{min(ratios.values()):.3f} to {max(ratios.values()):.3f} times the D + βR"
    return f"One network for all β reaches {reached} of networks trained for one β alone. {verdict}"


def _spent(card: Card, pairs: list[tuple[str, str, Terms]]) -> str:
    """How much more rate than the others the network uses at β ≥ 1, and for how much longer it trained."""
    more = {
        f"{beta}{mark}": card["figures"][beta]["rate"] - alone["rate"]
        for beta, mark, alone in pairs
        if float(beta) >= 1
    }
    if not more:
        return ""
    listed = ", ".join(f"{value:+.1f} (β = {name})" for name, value in more.items()).replace("-", "−")
    said = f"Its rate R differs from theirs by {listed} nats."
    epochs = max((alone.get("epochs", 0) for _, _, alone in pairs), default=0)
    ours = card.get("recipe", {}).get("epochs", 0)
    if min(more.values()) > 0 and ours > epochs > 0:
        longer = f"{ours} epochs and our dedicated ones for {epochs}"
        said += f" It spends more, probably because it trained for {longer}."
    return said


def _collapse_reading(card: Card) -> str:
    collapsed = [row["beta"] for row in card["curve"] if row["rate"] < COLLAPSED]
    if not collapsed:
        return f"R falls below {COLLAPSED:g} nats at no measured β."
    return f"R falls below {COLLAPSED:g} nats from β = {min(collapsed):.2g} on: the collapse is complete."


def tables(title: str, card: Card) -> str:
    """Return a card's evidence as Markdown, or how to measure what it lacks."""
    try:
        compared = f"{reading(card)}\n\n{by_beta(card)}\n\n{_whose(card)}"
        return f"### {title}\n\n{compared}\n\n{_headline(card)}"
    except KeyError as missing:
        return (
            f"### {title}\n\nThe card of these weights lacks {missing}: measure them with "
            "`python -m explorer.evaluate` and the name of the checkpoint."
        )


def _whose(card: Card) -> str:
    kinds = f"D {parts.MARKS['estimate']}, R {parts.MARKS['exact']}, −ELBO {parts.MARKS['bound']}"
    said = f"In nats per image, N = {card['n']:,}, seed {card['seed']}: {kinds}."
    if epochs := {row["epochs"] for row in card.get("dedicated", {}).values() if "epochs" in row}:
        said += f" Alone: networks of the same widths, each trained for that β only, {max(epochs)} epochs."
    if source := card.get("reference", {}).get("source"):
        said += f" {REFERENCE} Reference: {source}."
    return f"{said} Ratio: D + βR of this network ÷ that of the one trained alone."


def _headline(card: Card) -> str:
    made = f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}"
    fed = f"Test images are fed after `{card['binarisation']}`."
    return f"{parts.evidence_table(headline(card))}\n\n{fed} Weights: sha256 `{card['sha256'][:12]}`. {made}"
