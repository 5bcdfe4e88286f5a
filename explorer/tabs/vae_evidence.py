"""What was measured: the card of each VAE as tables, and as figures for the text to quote."""

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from explorer.tabs import parts

Card = Mapping[str, Any]
UNKNOWN = "(not measured)"
COLLAPSED = 0.05  # nats


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
    return {name: _quote(read, card) for name, read in QUOTES.items()}


def _quote(read: Callable[[Card], str], card: Card) -> str:
    try:
        return read(card)
    except (KeyError, ValueError):
        return UNKNOWN


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
    """Return distortion, rate and objective at the reported β, beside networks trained for that β alone."""
    marks = parts.MARKS
    head = f"| β | D {marks['estimate']} | R {marks['exact']} | D + βR | dedicated | ratio |\n" + "| --: " * 6 + "|"
    return "\n".join([head, *(_beta_row(card, beta, row) for beta, row in card["figures"].items())])


def _beta_row(card: Card, beta: str, row: Mapping[str, float]) -> str:
    dedicated, ratio = card.get("dedicated", {}).get(beta), card.get("ratios", {}).get(beta)
    cells = [parts.number(row[key], row[f"{key}_se"]) for key in ("distortion", "rate", "objective")]
    cells += [parts.number(dedicated["objective"], dedicated["objective_se"]) if dedicated else "–"]
    cells += [f"{ratio:.3f}" if ratio else "–"]
    return f"| {beta} | {' | '.join(cells)} |"


def build(cards: Mapping[str, Card]) -> None:
    """Lay out one column a data set."""
    with gr.Row(elem_classes="evidence"):
        for title, card in cards.items():
            with gr.Column(min_width=340):
                parts.prose(f"### {title}\n\n{tables(card)}")


def tables(card: Card) -> str:
    """Return the tables of a card as Markdown, or how to measure what it lacks."""
    try:
        return _tables(card)
    except KeyError as missing:
        return (
            f"The card of these weights lacks {missing}: measure them with "
            "`python -m explorer.evaluate` and the name of the checkpoint."
        )


def _tables(card: Card) -> str:
    made = f"`{card['command']}` · {card['date']} · torch {card['torch']} · {card['device']}"
    fed = f"Test images are fed after `{card['binarisation']}`."
    return (
        f"{parts.evidence_table(headline(card))}\n\n"
        f"In nats per image, N = {card['n']:,}, seed {card['seed']}:\n\n{by_beta(card)}\n\n"
        "Dedicated: the same widths, trained for that β alone. "
        f"{fed} Weights: sha256 `{card['sha256'][:12]}`. {made}"
    )
