"""Charts, numbers, sentences and tables of the modes' answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from explorer.networks.card import Card, Row, find, rows
from explorer.tabs.kit.numbers.answer import Answer, Axis, Chart, Details, Figure, Table
from explorer.tabs.kit.numbers.words import num, percent, ticks
from explorer.tabs.vae_room.fields import LATENTS, REACH
from explorer.verdicts import compare, of_figure

UNUSED = 0.05  # nats
STILL = 8  # of 255 grey levels: a change that is hardly visible
SHOWN = (1, 5, 50, 500, 5_000)
FEWEST = 10  # draws from the prior for which the chart has room
COLLAPSED = 1  # nats
BESIDE = 3  # the class whose colour a curve has beside one in ink
KL_HERE = Figure("KL of this latent, this picture", unit="nats")
MEAN, WIDTH = Figure("its mean μ here"), Figure("its width σ here")
KL_MEAN = Figure("KL on average", unit="nats")
BOUND = Figure("−log p(x) by 5,000 draws", unit="nats")
ONE_DRAW = Figure("−ELBO, one draw", unit="nats")
GAINED = Figure("gained by more draws", unit="nats")
FROM_PRIOR = Figure("from the prior, 5,000 draws", unit="nats")
RATE = Figure("KL: information in z", unit="nats", digits=1)
ELBO = Figure("−ELBO", unit="nats", digits=1)
IWAE = Figure("−bound by 50 draws", unit="nats", digits=1)
USED = Figure("used latents", digits=0)
LINE = Figure("length of z halfway along the line", digits=1)
ARC = Figure("length of z halfway along the arc", digits=1)
TYPICAL = Figure("length of a typical draw, √J", digits=1)
APART = Figure("L2 distance of the two middle images", digits=1)
HEADS = {
    "traverse": (KL_HERE, MEAN, WIDTH, KL_MEAN),
    "iwae": (BOUND, ONE_DRAW, GAINED, FROM_PRIOR),
    "collapse": (RATE, ELBO, USED),
    "runs": (RATE, ELBO, IWAE, USED),
    "paths": (LINE, ARC, TYPICAL, APART),
}


def measured(value: float, digits: int = 2, se: float | None = None) -> str:
    """Return a number with its standard error."""
    return num(value, digits) + (f" ± {num(se, digits)}" if se else "")


def costs_of(card: Card) -> list[float]:
    """Return the mean KL of every latent by rank, as the card has it."""
    return [row["value"] for row in rows(card, "kl")] or [0.0] * LATENTS


def one(card: Card, name: str, **setting: float | str) -> Row | None:
    """Return a row of a card; None if it was not measured."""
    try:
        return find(card, name, **setting)
    except KeyError:
        return None


def latent_bars(costs: Sequence[float], rank: int) -> Chart:
    """Return the chart of the mean KL of every latent, of which one is chosen."""
    top = max(0.5, *costs)
    return Chart(
        x=Axis(
            unit="latents",
            ends=[0, len(costs)],
            ticks=[0.5, len(costs) / 2 - 0.5, len(costs) - 0.5],
            names=["1", str(len(costs) // 2), str(len(costs))],
        ),
        y=Axis("KL of each latent in nats", "mean of all test images", ends=[0, top]),
        bars=[{"x0": k, "x1": k + 1, "y": y, "colour": "you" if k == rank else "quiet"} for k, y in enumerate(costs)],
        cursor=rank + 0.5,
        words=f"latent {rank + 1} of {len(costs)} costs {num(costs[rank])} nats",
    )


def traverse_answer(card: Card, rank: int, mu: list[float], sigma: list[float], kl: list[float], change: int) -> Answer:
    """Describe one latent of a picture.

    Arguments:
        card: Card of the network.
        rank: Rank of the latent by its mean KL.
        mu: Means of all latents by rank; their widths are `sigma`, and their KLs `kl`.
        change: Largest change of a pixel while the latent is moved, of 255 grey levels.
    """
    costs, active = costs_of(card), one(card, "active")
    said = [
        f"Latent {rank + 1} is encoded at {num(mu[rank])} ± {num(sigma[rank])} and costs {num(kl[rank])} of "
        f"{num(sum(kl), 1)} nats of KL.",
        f"No pixel changes by more than {change} of 255 grey levels from −3 to 3."
        if change < STILL
        else f"From −3 to 3 some pixel changes by {change} of 255 grey levels.",
        "The decoder does not use it, so the encoder leaves it at the prior, 0 ± 1, where it is free."
        if costs[rank] < UNUSED
        else "",
        f"Of {len(costs)} latents {active['value']:.0f} are active over the test images." if active else "",
    ]
    table = [
        {
            "rank": k + 1,
            "mean": mu[k],
            "width": sigma[k],
            "KL of this picture, nats": kl[k],
            "mean KL over the test images, nats": costs[k],
        }
        for k in range(len(mu))
    ]
    return Answer(
        [KL_HERE.of(kl[rank]), MEAN.of(mu[rank]), WIDTH.of(sigma[rank]), KL_MEAN.of(costs[rank])],
        " ".join(filter(None, said)),
        Table(table),
        charts=[latent_bars(costs, rank)],
        stops={
            "z": [(round(z / 5, 1), round(z / 5, 1)) for z in range(-5 * round(REACH), 5 * round(REACH) + 1)],
            "rank": [(k + 0.5, k) for k in range(len(costs))],
        },
    )


def range_of(estimates: Sequence[Row]) -> tuple[float, float]:
    """Return the range of a chart of estimates with two standard errors."""
    ends = [row["value"] + sign * row["se"] for row in estimates for sign in (-2, 2)]
    margin = 0.05 * (max(ends) - min(ends)) + 0.1
    return min(ends) - margin, max(ends) + margin


def band(
    estimates: Sequence[Row], low: float, high: float, colour: str | int, name: str, below: bool = False
) -> list[dict[str, Any]]:
    """Return estimates by k draws as lines: two standard errors below and above, and the estimate with its name."""

    def line(add: int) -> list[tuple[float, float]]:
        return [(math.log10(row["k"]), min(high, max(low, row["value"] + add * row["se"]))) for row in estimates]

    edges = [{"points": line(add), "colour": colour, "width": 0.7} for add in (-2, 2)]
    return [*edges, {"points": line(0), "colour": colour, "label": name, "below": below}]


def costs_by_draws(estimates: Sequence[Row]) -> list[Row]:
    """Return estimates of log p(x) with their signs turned: of −log p(x)."""
    return [row | {"value": -row["value"]} for row in estimates]


def iwae_answer(card: Card, iwae: list[Row], naive: list[Row], effective: float, largest: float) -> Answer:
    """Describe upper bounds on −log p(x) by k draws from the encoder, beside naive Monte Carlo from the prior.

    Arguments:
        card: Card of the network.
        iwae: Estimates of log p(x) by weighted draws from the encoder; `naive` by draws from the prior.
        effective: Effective sample size of the weights; the largest has the share `largest` of their sum.
    """
    iwae, naive = costs_by_draws(iwae), costs_by_draws(naive)
    elbo, best, plain, nll = iwae[0], iwae[-1], naive[-1], one(card, "nll")
    gain, short = elbo["value"] - best["value"], plain["value"] - best["value"]
    fails = short > 1 and compare(of_figure(plain), of_figure(best)).sign > 0
    said = [
        f"{best['k']:,} draws at once lower the bound by {num(gain)} nats from −ELBO, "
        f"{measured(elbo['value'], 2, elbo['se'])}, the mean of {elbo['groups']:,} single draws.",
        f"Their weights are worth {num(effective, 0)} equal ones; the largest has {percent(largest, 1)} of the sum.",
        f"As many draws from the prior come to {num(plain['value'], 1)}, {num(short, 1)} nats more: hardly any falls "
        "where this picture's codes lie. The standard error does not account for codes that were never drawn."
        if fails
        else f"As many draws from the prior come to {num(plain['value'], 1)}: for this picture they are enough.",
        f"On average a test image costs at most {measured(nll['value'], 2, nll['se'])} nats." if nll else "",
    ]
    shown = [row for row in naive if row["k"] >= FEWEST]
    table = [
        {"draws": a["k"]}
        | {f"{what} from the encoder, nats": a[key] for what, key in ERRORS.items()}
        | {f"{what} from the prior, nats": b[key] for what, key in ERRORS.items()}
        for a, b in zip(iwae, naive, strict=True)
    ]
    return Answer(
        [
            BOUND.of(f"≤ {measured(best['value'], 2, best['se'])}"),
            ONE_DRAW.of(measured(elbo["value"], 2, elbo["se"])),
            GAINED.of(gain),
            FROM_PRIOR.of(measured(plain["value"], 1, plain["se"])),
        ],
        " ".join(filter(None, said)),
        Table(table),
        charts=[encoder_chart(iwae), prior_chart(iwae, shown, plain)],
        details=Details(draws_rows(card, iwae, naive)),
    )


ERRORS = {"bound": "value", "standard error": "se"}


def by_draws(estimates: Sequence[Row], title: str, note: str = "") -> Chart:
    """Return the axes of a chart of estimates in nats by the number of draws."""
    places = [math.log10(k) for k in (1, 100, 5_000)]
    return Chart(
        x=Axis(ends=[0, places[-1]], ticks=places, names=["1 draw", "100 (log scale)", "5,000 draws"]),
        y=Axis(title, "nats" + note, ends=range_of(estimates)),
    )


def encoder_chart(iwae: Sequence[Row]) -> Chart:
    """Return the bounds by draws from the encoder as a chart, beside −ELBO."""
    chart, elbo, best = by_draws(iwae, "bound on −log p(x)", ", ± 2 standard errors"), iwae[0]["value"], iwae[-1]
    flat = {"points": [(0, elbo), (chart.x.ends[-1], elbo)], "colour": "quiet", "dash": [2, 4], "label": "−ELBO"}
    lines = [flat, *band(iwae, *chart.y.ends, BESIDE, "from the encoder")]
    return replace(chart, lines=lines, words=f"by {best['k']:,} draws {num(best['value'])} nats")


def prior_chart(iwae: Sequence[Row], naive: Sequence[Row], plain: Row) -> Chart:
    """Return the bounds by draws from the prior as a chart, beside those of the encoder."""
    chart = by_draws([*iwae, *naive], "bound by as many draws from the prior instead")
    own, other = (
        band(each, *chart.y.ends, colour, name)
        for each, colour, name in ((naive, "ink", "from the prior"), (iwae, BESIDE, "from the encoder"))
    )
    return replace(chart, lines=[*own, other[-1]], words=f"from the prior {num(plain['value'])} nats")


def draws_rows(card: Card, iwae: list[Row], naive: list[Row]) -> list[dict[str, str]]:
    """Return the estimates of this picture, and the means over test images that the card has, by draws."""

    def cell(row: Row | None) -> str:
        return measured(row["value"], 1, row.get("se")) if row else "–"

    lines = [
        {"k": f"this picture, {of}"}
        | {f"{k:,}": cell(next((row for row in each if row["k"] == k), None)) for k in SHOWN}
        for of, each in (("encoder", iwae), ("prior", naive))
    ]
    means = [
        {"k": f"test images, {of}"} | {f"{k:,}": cell(one(card, name, k=k)) for k in SHOWN}
        for of, name in (("encoder", "-iwae"), ("prior", "-naive"))
    ]
    return lines + means


def paths_answer(latent: int, straight: list[float], spherical: list[float], apart: float) -> Answer:
    """Describe two ways between codes by the lengths of the codes, and how far their images are apart."""
    usual, middle, last = math.sqrt(latent), len(straight) // 2, len(straight) - 1
    top = 1.15 * max(*straight, *spherical, usual)
    shell = [(each, usual) for each in range(last + 1)]
    lines = [
        {
            "points": shell,
            "colour": "quiet",
            "dash": [2, 4],
            "label": f"a draw from the prior, √{latent} = {num(usual, 1)}",
            "at": last // 2,
        },
        {"points": [*enumerate(spherical)], "colour": "ink", "dash": [6, 4], "label": "spherical", "at": middle},
        {"points": [*enumerate(straight)], "colour": BESIDE, "label": "straight", "at": middle, "below": True},
    ]
    chart = Chart(
        x=Axis(ends=[0, last], ticks=[0, middle, last], names=["first image", "halfway", "second image"]),
        y=Axis("length of the code, ‖z‖", ends=[0.9 * min(*straight, *spherical), top]),
        lines=lines,
        words=f"straight {num(straight[middle], 1)} halfway, spherical {num(spherical[middle], 1)} halfway",
    )
    table = [
        {"place": k + 1, "length of the code, straight": line, "length of the code, spherical": arc}
        for k, (line, arc) in enumerate(zip(straight, spherical, strict=True))
    ]
    return Answer(
        [LINE.of(straight[middle]), ARC.of(spherical[middle]), TYPICAL.of(usual), APART.of(apart)],
        f"At the midpoint ‖z‖ is {num(straight[middle], 1)} on the straight path and "
        f"{num(spherical[middle], 1)} on the spherical one. The codes are {num(straight[0], 1)} and "
        f"{num(straight[-1], 1)} long; a draw from the prior is about √{latent} = {num(usual, 1)} long. The images of "
        f"both paths lie {num(apart, 1)} apart on average (L2), where a pixel goes from 0 to 1.",
        Table(table),
        charts=[chart],
    )


def run_figures(card: Card, run: str) -> dict[str, Row]:
    """Return the figures of a run by their names."""
    return {row["name"]: row for row in rows(card, run=run)}


def reach_of(run: str) -> int:
    """Return the side of the decoder's window, from the name of a run."""
    return int(run.split("-")[1])


def collapse_answer(card: Card, runs: Sequence[str], run: str) -> Answer:
    """Describe what is left in z, for a decoder that sees a window of the pixels around."""
    own, none, reach = run_figures(card, run), run_figures(card, "reach-1"), reach_of(run)
    known = {each: run_figures(card, each) for each in runs if run_figures(card, each) and not each.endswith("free")}
    rates = {reach_of(each): row["rate"]["value"] for each, row in known.items()}
    bounds = {reach_of(each): -row["elbo"]["value"] for each, row in known.items()}
    rate, bound = own["rate"]["value"], -own["elbo"]["value"]
    charts = [
        by_window("KL in nats", rates, reach, rate, (0, 1.1 * max(rate, *rates.values()))),
        by_window("−ELBO in nats", bounds, reach, bound, padded_range([bound, *bounds.values()])),
    ]
    left = "Images of one code are nearly one image."
    if own["rate"]["value"] < COLLAPSED:
        left = (
            "The posterior has collapsed: z carries almost no information, and images of one code differ as any two do."
        )
    elif reach > 1:
        left = "Images of one code share the information that z still carries."
    said = [
        "This decoder sees no pixel: all dependence between pixels must come through z."
        if reach == 1
        else f"This decoder sees {(reach**2 - 1) // 2} pixels before each pixel, of a window of {reach} × {reach}.",
        "Every latent may use half a nat at no cost (free bits)." if run.endswith("free") else "",
        left,
        f"The KL is {num(own['rate']['value'], 1)} nats in {own['used']['value']:.0f} used latents, and −ELBO "
        f"{measured(-own['elbo']['value'], 1, own['elbo']['se'])}.",
        f"Without a window they are {num(none['rate']['value'], 1)} and {num(-none['elbo']['value'], 1)}."
        if reach > 1 and none
        else "",
    ]
    table = [
        {"run": each}
        | {column: run_figures(card, each).get(key, {}).get("value") for column, key in RUN_COLUMNS.items()}
        for each in runs
    ]
    return Answer(
        [RATE.of(rate), ELBO.of(measured(bound, 1, own["elbo"]["se"])), USED.of(own["used"]["value"])],
        " ".join(filter(None, said)) + RECORDED,
        Table(table),
        charts=charts,
        stops={"reach": [(reach_of(each), each) for each in known]},
    )


RUN_COLUMNS = {"KL, nats": "rate", "ELBO, nats": "elbo", "bound by 50 draws, nats": "iwae", "used latents": "used"}
"""Figures of a run by the names of their columns."""


def by_window(title: str, values: Mapping[int, float], reach: int, now: float, ends: tuple[float, float]) -> Chart:
    """Return a figure by the width of the decoder's window as a chart; it is `now` at the chosen width."""
    last = max(values)
    return Chart(
        x=Axis(unit="pixels", ends=[1, last], ticks=sorted({1, last // 2, last})),
        y=Axis(title, "by width of window", ends=ends),
        lines=[{"points": [*values.items()], "colour": "ink"}],
        cursor=reach,
        dot=[reach, now],
        words=f"{num(now, 1)} with a window of {reach}",
    )


def padded_range(values: Sequence[float]) -> tuple[float, float]:
    """Return a range with room around some values."""
    room = 0.08 * (max(values) - min(values)) or 1
    return min(values) - room, max(values) + room


RECORDED = " Small networks on MNIST, one seed each, recorded as they were trained."
OBJECTIVES = {
    "plain": ("β = 1", "This is the plain ELBO."),
    "annealed": ("annealed", "The KL has weight 0 at first, and weight 1 from the third epoch on."),
    "free": ("free bits", "Half a nat of KL is free in every latent, so no latent is given up to save it."),
    "beta-0.5": ("β = ½", "The KL counts half, so the network may store more in z than the ELBO rewards."),
    "beta-2": ("β = 2", "The KL counts twice."),
    "beta-4": ("β = 4", "The KL counts four times."),
}


def beside_plain(plain: Row, own: Row, asked: int) -> str:
    """Return how far an ELBO is from that of β = 1, on the same images; so many networks are compared with it."""
    found = compare(of_figure(plain), of_figure(own), asked)
    apart = num(abs(found.difference), 1)
    if not found.is_different:
        return f" Against β = 1 that is {apart} nats apart, a tie. {asked} networks were compared with it."
    return f" That is {apart} nats {'worse' if found.sign > 0 else 'better'} than with β = 1, of one training each."


def objective_answer(card: Card, runs: Sequence[str], run: str) -> Answer:
    """Describe what the same small VAE comes to with one objective, beside the others."""
    known = {each: run_figures(card, each) for each in runs if run_figures(card, each)}
    own, plain = known[run], known.get("plain")
    name, said = OBJECTIVES[run]
    words = (
        f"{said} It spends {num(own['rate']['value'], 1)} nats of KL in {own['used']['value']:.0f} used latents. "
        f"With weight 1 for the KL, −ELBO is {measured(-own['elbo']['value'], 1, own['elbo']['se'])} on "
        f"{own['elbo']['n']:,} images. By 50 draws it is {measured(-own['iwae']['value'], 1, own['iwae']['se'])}, "
        f"on {own['iwae']['n']}."
    )
    if run != "plain" and plain:
        words += beside_plain(plain["elbo"], own["elbo"], len(known) - 1)
    counts = {key: f"{plain[key]['n']:,}" if plain else "" for key in ("elbo", "iwae")}
    columns = {
        "−ELBO": f"negative ELBO of {counts['elbo']} images, nats",
        "−IWAE-50": f"negative bound by 50 draws of {counts['iwae']} images, nats",
        "KL": "KL, nats",
        "used": "used latents",
    }
    lines = {
        OBJECTIVES[each][0]: {
            "−ELBO": num(-row["elbo"]["value"], 1),
            "−IWAE-50": num(-row["iwae"]["value"], 1),
            "KL": num(row["rate"]["value"], 1),
            "used": f"{row['used']['value']:.0f}",
        }
        for each, row in known.items()
    }
    table = [{"run": title} | {columns[key]: value for key, value in line.items()} for title, line in lines.items()]
    return Answer(
        [
            RATE.of(own["rate"]["value"]),
            ELBO.of(measured(-own["elbo"]["value"], 1, own["elbo"]["se"])),
            IWAE.of(measured(-own["iwae"]["value"], 1, own["iwae"]["se"])),
            USED.of(own["used"]["value"]),
        ],
        words + RECORDED,
        Table(table),
        charts=[history(card, known, run, name), run_bars(card, known, run)],
        stops={"run": [*enumerate(known)]},
        details=Details([{"": title} | line for title, line in lines.items()]),
    )


def history(card: Card, runs: Sequence[str], run: str, name: str) -> Chart:
    """Return the chart of the KL of held-out images by epoch; the other runs are grey."""
    lines = [
        {
            "points": [(each["epoch"], each["rate"]) for each in card["histories"][other][1:]],
            "colour": "you" if other == run else "quiet",
            "width": 2.5 if other == run else 1,
        }
        | {"label": OBJECTIVES[other][0]}
        for other in sorted(runs, key=lambda other: other == run)
    ]
    places = [point for line in lines for point in line["points"]]
    last, top = (max(point[axis] for point in places) for axis in (0, 1))
    return Chart(
        x=Axis(unit="epochs", ends=[1, last], ticks=[1, (1 + last) // 2, last]),
        y=Axis("KL of held-out images", "nats", ends=[0, 1.05 * top], ticks=ticks(0, top)),
        lines=lines,
        words=f"{name} ends at {num(lines[-1]['points'][-1][1], 1)}",
    )


def run_bars(card: Card, runs: Sequence[str], run: str) -> Chart:
    """Return the chart of the KL of each latent of a run, on an axis for all runs."""
    rates = card["rates"][run]
    top = max(rate for each in runs for rate in card["rates"][each])
    return Chart(
        x=Axis(unit="latents", ends=[0, len(rates)], ticks=[0.5, len(rates) - 0.5], names=["1", str(len(rates))]),
        y=Axis("mean KL of each latent", "nats", ends=[0, top]),
        bars=[{"x0": k, "x1": k + 1, "y": y} for k, y in enumerate(rates)],
        words=f"from {num(rates[0])} down to {num(rates[-1])}",
    )
