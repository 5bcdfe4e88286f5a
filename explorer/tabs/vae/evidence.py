"""What was measured: the card of each VAE as tables, and as figures for the text to quote."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer import data
from explorer.tabs.kit import parts
from explorer.tabs.kit.trained import share

Card = Mapping[str, Any]
Terms = Mapping[str, float]
UNKNOWN = "(not measured)"
COLLAPSED = 0.05  # nats
MISSED = 0.1  # of how often a class is seen in decoded test images: below it, draws of the prior miss the class
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
    "gap": lambda card: _with_error(card["bounds"]["exact"], "gap"),
    "gap_n": lambda card: f"{card['bounds']['exact']['n']:,}",
    "page_exact": lambda card: parts.number(-card["bounds"]["blank"]["log_px"]),
    "page_bound": lambda card: parts.number(-card["bounds"]["blank"]["elbo"]["value"]),
    "page_gap": lambda card: parts.number(card["bounds"]["blank"]["gap"]),
    "page_spread": lambda card: parts.number(card["bounds"]["blank"]["elbo"]["spread"]),
    "page_reading": lambda card: _page_reading(card["bounds"]["blank"]),
    "page_share": lambda card: _of_digits(card["bounds"]["blank"]["likelier"]["exact"]),
    "prior_reading": lambda card: prior_reading(card["prior"]),
    "prior_missed": lambda card: _missed_reading(card["prior"]),
    "spread_reading": lambda card: _spread_reading(card["atlas"]["inside"]),
}


def figures(card: Card) -> dict[str, str]:
    """Return the figures that lesson and maths quote; what a card does not hold is said to be unmeasured."""
    return parts.quoted(QUOTES, card, UNKNOWN)


def _with_error(row: Mapping[str, float], name: str) -> str:
    return parts.number(row[name], row[f"{name}_se"])


def _spread_reading(inside: Mapping[str, list[float]]) -> str:
    plain, standard = (share(inside[beta][2]) for beta in "01")
    return f"{plain} of the autoencoder's codes lie inside the third ring, and {standard} of those at β = 1."


def _page_reading(page: Mapping[str, Any]) -> str:
    draws, bound, exact = page["elbo"]["n"], *(_of_digits(page["likelier"][kind]) for kind in ("bound", "exact"))
    return (
        f"By its bound, the mean of {draws:,} draws, it costs {parts.number(-page['elbo']['value'])} nats, less than "
        f"{bound} by theirs. Exactly it costs {parts.number(-page['log_px'])} nats, less than "
        f"{exact} do exactly"
    )


def _of_digits(row: Mapping[str, float]) -> str:
    """Return a share of the first test digits, with its standard error in the same unit."""
    return f"{share(row['value'], row['se'])} of the first {row['n']} test digits"


def prior_reading(prior: Mapping[str, Any]) -> str:
    """Return which classes a classifier sees in what is decoded from draws of the prior, at β = 0 and at β = 1."""
    told = [drawn_reading(prior)]
    if _missed(prior, "0"):
        least = min(prior["0"]["codes"])
        told.append(f"from the codes of as many test images the same decoder draws each class at least {least} times")
    return f"{'; '.join(told)}. At β = 1 it sees {_seen(prior, '1')}."


def drawn_reading(prior: Mapping[str, Any]) -> str:
    """Return which classes draws from the prior miss at β = 0, without the end of the sentence."""
    return f"Of {prior['n']:,} draws from the prior, decoded at β = 0, a classifier sees {_seen(prior, '0')}"


def _seen(prior: Mapping[str, Any], beta: str) -> str:
    draws, names, missed = prior[beta]["draws"], _classes(prior), _missed(prior, beta)
    if not missed:
        return f"every class, {min(draws)} to {max(draws)} times"
    return _listed([f"“{names[which]}” in {draws[which] or 'none'}" for which in missed])


def _missed_reading(prior: Mapping[str, Any]) -> str:
    names = [_classes(prior)[which] for which in _missed(prior, "0")]
    return f"hardly a {_listed(names, 'or')}" if names else "every class"


def _missed(prior: Mapping[str, Any], beta: str) -> list[int]:
    pairs = zip(prior[beta]["draws"], prior[beta]["codes"])
    return [which for which, (draws, codes) in enumerate(pairs) if draws < MISSED * codes]


def _classes(prior: Mapping[str, Any]) -> list[str]:
    return data.CLASSES[prior["classifier"].removeprefix("classifier-")]


def _listed(words: list[str], joint: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def headline(card: Card) -> list[parts.Figure]:
    """Return what is measured once: bounds and exact values at β = 1, and both ends of the slider.

    Every name says of which images a figure is, and a difference is paired: of the same images.
    """
    one, last, zero = card["figures"]["1"], card["figures"]["100"], card["beta_zero"]
    iwae, exact = card["bounds"]["iwae"], card["bounds"]["exact"]
    better, same = f"first {iwae['n']:,} test images", f"first {exact['n']:,} test images"
    rows = [
        ("−ELBO at β = 1, all test images", -one["elbo"], "bound", one["elbo_se"], card["n"]),
        (f"−ELBO at β = 1, {same}", -exact["elbo"], "bound", exact["elbo_se"], exact["n"]),
        (f"−IWAE-{iwae['k']} at β = 1, {better}", -iwae["iwae"], "bound", iwae["iwae_se"], iwae["n"]),
        (f"−log p(x) at β = 1, on a grid, {same}", -exact["log_px"], "exact", exact["log_px_se"], exact["n"]),
        (f"IWAE-{iwae['k']} − ELBO, paired, {better}", iwae["gain"], "estimate", iwae["gain_se"], iwae["n"]),
        (f"log p(x) − ELBO, paired, {same}", exact["gap"], "estimate", exact["gap_se"], exact["n"]),
        *_page_rows(card["bounds"].get("blank")),
        ("distortion at β = 0", zero["distortion"], "exact", zero["distortion_se"], card["n"]),
        ("rate at β = 100", last["rate"], "exact", last["rate_se"], card["n"]),
    ]
    return [parts.Figure(name, value, kind, se=se, n=n, seed=card["seed"]) for name, value, kind, se, n in rows]


def _page_rows(page: Mapping[str, Any] | None) -> list[tuple]:
    if page is None:
        return []
    drawn = page["elbo"]
    return [
        ("−ELBO at β = 1 of a blank page, N draws", -drawn["value"], "bound", drawn["se"], drawn["n"]),
        ("−log p(x) at β = 1 of a blank page, on a grid", -page["log_px"], "exact", None, 1),
    ]


def by_class(card: Card) -> str:
    """Return how often each class is seen in what is decoded from the prior, and from the codes of test images."""
    prior = card["prior"]
    names = _classes(prior)
    rows = [
        f"| β = {beta}, {what} | {' | '.join(map(str, prior[beta][kind]))} |"
        for beta in "01"
        for kind, what in (("draws", "draws from the prior"), ("codes", "codes of test images"))
    ]
    head = f"| decoded from | {' | '.join(names)} |\n| :-- |{' --: |' * len(names)}"
    said = f"Of {prior['n']:,} each, as `{prior['classifier']}` sees them. `{prior['command']}` · {prior['date']}."
    return "\n".join([head, *rows]) + f"\n\n{said}"


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
    return f"{compared} {prior_reading(card['prior'])} {_collapse_reading(card)}"


def _closeness(card: Card, pairs: list[tuple[str, str, Terms]]) -> str:
    ratios = {(beta, mark): card["figures"][beta]["objective"] / alone["objective"] for beta, mark, alone in pairs}
    behind = [f"{beta}{mark} (by {100 * (ratio - 1):.1f} %)" for (beta, mark), ratio in ratios.items() if ratio > 1]
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
        return f"### {title}\n\n{compared}\n\n{by_class(card)}\n\n{_headline(card)}"
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
