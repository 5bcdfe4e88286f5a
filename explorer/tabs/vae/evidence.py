"""Evidence of the VAEs: each card as tables, and figures for the text to quote."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from explorer import data
from explorer.measures.beta_vae import IWAE_SAMPLES
from explorer.networks.card import NORMAL, Card, Row, find, rows
from explorer.numbers.plots import Plot
from explorer.numbers.rows import Quotes, circumstances, evidence, format_value, join_words, listed, table
from explorer.tabs.kit.layout import parts
from explorer.verdicts import compare, of_figure

Cards = Mapping[str, Card]
VAE_DIGITS = "beta-vae-mnist"
COLLAPSED = 0.05  # nats
MISSED = 0.1  # a class is missed if its frequency among draws is below this share of that among decoded test images
NOTHING_BESIDE = "No network was trained for one β alone, so there is nothing to compare this one with."
TITLES = {
    "-elbo beta=1": "−ELBO at β = 1, all test images",
    "-elbo set=first": "−ELBO at β = 1, first {n:,} test images",
    f"-iwae set=first k={IWAE_SAMPLES}": "−IWAE-{k} at β = 1, first {n:,} test images",
    "-log_px set=first": "−log p(x) at β = 1, on a grid, first {n:,} test images",
    f"gain set=first k={IWAE_SAMPLES}": "IWAE-{k} − ELBO, paired, first {n:,} test images",
    "gap set=first": "log p(x) − ELBO, paired, first {n:,} test images",
    "-elbo set=blank": "−ELBO at β = 1 of a blank page, on a grid",
    "-log_px set=blank": "−log p(x) at β = 1 of a blank page, on a grid",
    "distortion beta=0": "distortion at β = 0",
    "rate beta=100": "rate at β = 100",
    "code": "code by bits back, without its first bits, {n:,} test images",
    '"code above −ELBO"': "that code, above −ELBO",
    '"first bits"': "the first bits of a code",
}
"""Titles state the images of each figure; a difference is paired, that is, of the same images."""

READINGS: dict[str, Callable[[Cards], str]] = {
    "collapse_beta": lambda cards: f"{min(_collapsed(cards[VAE_DIGITS])):.2g}",
    "page_reading": lambda cards: _page_reading(cards[VAE_DIGITS]["bounds"]),
    "prior_reading": lambda cards: prior_reading(cards[VAE_DIGITS]["prior"]),
    "spread_reading": lambda cards: _spread_reading(cards[VAE_DIGITS]),
}


def quotes(cards: Cards) -> Quotes:
    """Return the quotes of tour and maths; by default they refer to the network of digits."""
    return Quotes(cards, VAE_DIGITS, READINGS)


def _spread_reading(card: Card) -> str:
    plain, standard = (format_value(find(card, "inside", beta=beta, radius=3), "%") for beta in (0, 1))
    return f"{plain} of the codes at β = 0 lie inside the third ring, and {standard} of those at β = 1."


def _page_reading(found: Card) -> str:
    bound, exact = (find(found, name, set="blank") for name in ("-elbo", "-log_px"))
    than = [_of_digits(find(found, "likelier", set="blank", by=by)) for by in ("bound", "exact")]
    return (
        f"By its bound it costs {format_value(bound)} nats, less than "
        f"{than[0]} by theirs. Exactly it costs {format_value(exact)} nats, less than "
        f"{than[1]} do exactly"
    )


def _of_digits(row: Row) -> str:
    """Return a share of the first test digits, with its standard error in the same unit."""
    return f"{format_value(row, '± %')} of the first {row['n']} test digits"


def prior_reading(prior: Mapping[str, Any]) -> str:
    """Describe the classes that a classifier assigns to decoded draws of the prior, at β = 0 and at β = 1."""
    items = [draws_reading(prior)]
    if _missed(prior, "0"):
        least = min(prior["0"]["codes"])
        items.append(f"from the codes of as many test images the same decoder draws each class at least {least} times")
    return f"{'; '.join(items)}. At β = 1 it sees {_seen(prior, '1')}."


def draws_reading(prior: Mapping[str, Any]) -> str:
    """Describe the classes that draws from the prior miss at β = 0, without the end of the sentence."""
    return f"Of {prior['n']:,} draws from the prior, decoded at β = 0, a classifier sees {_seen(prior, '0')}"


def _seen(prior: Mapping[str, Any], beta: str) -> str:
    draws, names, missed = prior[beta]["draws"], _classes(prior), _missed(prior, beta)
    if not missed:
        return f"every class, {min(draws)} to {max(draws)} times"
    return join_words([f"“{names[which]}” in {draws[which] or 'none'}" for which in missed])


def _missed(prior: Mapping[str, Any], beta: str) -> list[int]:
    pairs = zip(prior[beta]["draws"], prior[beta]["codes"])
    return [which for which, (draws, codes) in enumerate(pairs) if draws < MISSED * codes]


def _classes(prior: Mapping[str, Any]) -> list[str]:
    return data.classes_of(prior["classifier"].removeprefix("classifier-"))


def by_class(card: Card) -> str:
    """Return a table of predicted classes for decoded draws of the prior, and for decoded codes of test images."""
    prior = card["prior"]
    lines = [
        (f"β = {beta}, {what}", *prior[beta][kind])
        for beta in "01"
        for kind, what in (("draws", "draws from the prior"), ("codes", "codes of test images"))
    ]
    said = f"Of {prior['n']:,} each, as `{prior['classifier']}` sees them. `{prior['command']}` · {prior['date']}."
    return f"{table(('decoded from', *_classes(prior)), lines, left=1)}\n\n{said}"


TERMS = {"D": "distortion", "R": "rate", "−ELBO": "-elbo", "D + βR": "objective"}
"""Figures of a network at its β, by their titles."""


def by_beta(card: Card) -> str:
    """Return a table of the terms at the reported β, with those of networks trained for one β alone."""
    lines = []
    for row in rows(card, "objective", network=None):
        beta, alone = row["beta"], _alone(card, row["beta"])
        own = {title: _cell(find(card, name, beta=beta)) for title, name in TERMS.items()}
        beside = {
            "alone: D + βR": _cell(alone["objective"]) if alone else "–",
            "alone: R": _cell(alone["rate"]) if alone else "–",
            "ratio": f"{_ratio(row, alone):.3f}" if alone else "–",
        }
        lines.append({"β": f"{beta:g}"} | own | beside)
    return listed(lines)


def _alone(card: Card, beta: float) -> dict[str, Row]:
    """Return the figures of the network trained for this β alone; {} if there is none."""
    return {name: row for name in ("objective", "rate") for row in rows(card["dedicated"], name, beta=beta)}


def _ratio(objective: Row, alone: Mapping[str, Row]) -> float:
    return objective["value"] / alone["objective"]["value"]


def _cell(row: Row) -> str:
    return "< 0.001" if 0 <= row["value"] < 0.001 else format_value(row, "±").replace("± ", "±\u00a0")


def reading(card: Card) -> str:
    """Describe the figures of a card, in sentences chosen by the figures."""
    objectives = rows(card, "objective", network=None)
    pairs = [(row, alone) for row in objectives if (alone := _alone(card, row["beta"]))]
    compared = f"{_closeness(pairs)} {_spent(card, pairs)}" if pairs else NOTHING_BESIDE
    return f"{compared} {prior_reading(card['prior'])} {_collapse_reading(card)}"


def _closeness(pairs: list[tuple[Row, dict[str, Row]]]) -> str:
    ratios = {row["beta"]: _ratio(row, alone) for row, alone in pairs}
    behind = [
        f"{row['beta']:g} (by {100 * (ratios[row['beta']] - 1):.1f} %)"
        for row, alone in pairs
        if compare(of_figure(row), of_figure(alone["objective"]), len(pairs)).sign > 0
    ]
    verdict = f"It is behind at β = {', '.join(behind)}" if behind else "It is measured to be behind none of them"
    verdict += f"; {len(pairs)} pairs were compared." if len(pairs) > 1 else "."
    reached = f"{min(ratios.values()):.3f} to {max(ratios.values()):.3f} times the D + βR"
    return f"One network for all β reaches {reached} of networks trained for one β alone. {verdict}"


def _spent(card: Card, pairs: list[tuple[Row, dict[str, Row]]]) -> str:
    """Describe the network's excess rate over dedicated networks at β ≥ 1, and its longer training."""
    rates = {
        row["beta"]: (find(card, "rate", beta=row["beta"]), alone["rate"]) for row, alone in pairs if row["beta"] >= 1
    }
    if not rates:
        return ""
    more = {beta: own["value"] - other["value"] for beta, (own, other) in rates.items()}
    result = ", ".join(f"{value:+.1f} (β = {beta:g})" for beta, value in more.items()).replace("-", "−")
    said = f"Its rate R differs from theirs by {result} nats."
    epochs, ours = max(_epochs(card), default=0), card.get("recipe", {}).get("epochs", 0)
    is_more = all(compare(*map(of_figure, pair), len(rates)).sign > 0 for pair in rates.values())
    if is_more and ours > epochs > 0:
        longer = f"{ours} epochs and our dedicated ones for {epochs}"
        said += f" It spends more, probably because it trained for {longer}."
    return said


def _epochs(card: Card) -> list[int]:
    return [each["epochs"] for each in card["dedicated"]["networks"].values()]


def _collapse_reading(card: Card) -> str:
    if not (betas := _collapsed(card)):
        return f"R falls below {COLLAPSED:g} nats at no measured β."
    return f"R falls below {COLLAPSED:g} nats from β = {min(betas):.2g} on: the collapse is complete."


def _collapsed(card: Card) -> list[float]:
    return [row["beta"] for row in card["curve"] if row["rate"] < COLLAPSED]


def tables(title: str, card: Card) -> str:
    """Return a card's evidence as Markdown, or the command that measures missing rows."""
    try:
        compared = f"{reading(card)}\n\n{by_beta(card)}\n\n{_whose(card)}"
        return f"### {title}\n\n{compared}\n\n{by_class(card)}\n\n{_headline(card)}"
    except KeyError as missing:
        return (
            f"### {title}\n\nThe card of these weights lacks {missing}: measure them with "
            "`python -m explorer.evaluate` and the name of the checkpoint."
        )


def _whose(card: Card) -> str:
    kinds = f"D {parts.MARKS['estimate']}, R {parts.MARKS['exact']}, −ELBO {parts.MARKS['bound']}"
    said = f"In nats per image, N = {card['n']:,}, seed {card['seed']}: {kinds}."
    if epochs := _epochs(card):
        said += f" Alone: networks of the same widths, each trained for that β only, {max(epochs)} epochs."
    return f"{said} Ratio: D + βR of this network ÷ that of the one trained alone."


def _headline(card: Card) -> str:
    fed = f"Test images are fed after `{card['binarisation']}`."
    return f"{evidence(card, TITLES)}\n\n{fed} Weights: sha256 `{card['sha256'][:12]}`. {circumstances(card)}"


def rate_distortion(card: Card) -> Iterable[Plot]:
    """Yield the rate–distortion curve of this network, with the networks trained for one β alone."""
    curve, found = card.get("curve", []), card.get("dedicated", {}).get("rows", [])
    alone = [
        {"beta": rate["beta"]}
        | {f"{key}{end}": row[of] for key, row in pair for end, of in (("", "value"), ("_se", "se"))}
        for rate in rows({"rows": found}, "rate")
        for pair in [
            [
                ("rate", rate),
                ("distortion", find({"rows": found}, "distortion", beta=rate["beta"], network="dedicated")),
            ]
        ]
    ]
    if not curve:
        return
    figure = go.Figure(
        [_measured("one network, every β", curve, "lines"), _measured("trained for one β", alone, "markers")]
    )
    figure.update_layout(title="Rate and distortion", xaxis_title="rate, nats", yaxis_title="distortion, nats")
    low, high = curve[0], curve[-1]
    ends = [
        f"β = {at['beta']:g} a rate of {at['rate']:.2f} and a distortion of {at['distortion']:.1f}"
        for at in (low, high)
    ]
    phrases = [f"β = {at['beta']:g}: {at['rate']:.2f} and {at['distortion']:.1f}" for at in alone]
    beside = f" Networks trained for one β alone: {'; '.join(phrases)}." if phrases else ""
    yield Plot(figure, f"Rate and distortion in nats, test images: at {ends[0]}, at {ends[1]}.{beside}")


def _measured(name: str, found: list[dict[str, float]], mode: str) -> go.Scatter:
    """Return a trace of rates and distortions with intervals of 95 %, each with its β."""
    around = {
        f"error_{axis}": {"array": [NORMAL * each[f"{key}_se"] for each in found], "thickness": 1, "width": 2}
        for axis, key in (("x", "rate"), ("y", "distortion"))
    }
    x, y = ([each[key] for each in found] for key in ("rate", "distortion"))
    hover = "β = %{text}: rate %{x:.2f}, distortion %{y:.1f}<extra>%{fullData.name}</extra>"
    text = [f"{each['beta']:g}" for each in found]
    return go.Scatter(x=x, y=y, name=name, mode=mode, text=text, hovertemplate=hover, **around)
