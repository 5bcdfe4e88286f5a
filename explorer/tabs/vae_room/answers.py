"""Charts, numbers, sentences and tables of the modes' answers."""

import math
from collections.abc import Sequence
from typing import Any

from explorer.networks.card import Card, Row, find, rows
from explorer.tabs.kit.numbers.words import num, percent, ticks, with_names
from explorer.tabs.vae_room.fields import LATENTS, REACH
from explorer.verdicts import compare, of_figure

Answer = dict[str, Any]
UNUSED = 0.05  # nats
STILL = 8  # of 255 grey levels: a change that is hardly visible
SHOWN = (1, 5, 50, 500, 5_000)
FEWEST = 10  # draws from the prior for which the chart has room
COLLAPSED = 1  # nats
BESIDE = 3  # the class whose colour a curve has beside one in ink
HEADS = {
    "traverse": ("KL of this latent, this picture", "its mean μ here", "its width σ here", "KL on average"),
    "iwae": ("−log p(x) by 5,000 draws", "−ELBO, one draw", "gained by more draws", "from the prior, 5,000 draws"),
    "collapse": ("KL: information in z", "−ELBO", "used latents"),
    "runs": ("KL: information in z", "−ELBO", "−bound by 50 draws", "used latents"),
    "paths": (
        "length of z halfway along the line",
        "length of z halfway along the arc",
        "length of a typical draw, √J",
        "L2 distance of the two middle images",
    ),
}


def numbers(mode: str, *values: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Return the numbers of a mode with their names."""
    return with_names(HEADS[mode], values)


def nats(value: float | None, digits: int = 2, se: float | None = None) -> tuple[str, str]:
    """Return a number of nats with its standard error."""
    return (num(value, digits) + (f" ± {num(se, digits)}" if se else ""), "nats")


def costs_of(card: Card) -> list[float]:
    """Return the mean KL of every latent by rank, as the card has it."""
    return [row["value"] for row in rows(card, "kl")] or [0.0] * LATENTS


def one(card: Card, name: str, **setting: float | str) -> Row | None:
    """Return a row of a card; None if it was not measured."""
    try:
        return find(card, name, **setting)
    except KeyError:
        return None


def latent_bars(costs: Sequence[float], rank: int) -> Answer:
    """Return the chart of the mean KL of every latent, of which one is chosen."""
    top = max(0.5, *costs)
    return {
        "xs": [0, len(costs)],
        "ys": [0, top],
        "ticks": {"x": [0.5, len(costs) / 2 - 0.5, len(costs) - 0.5]},
        "names": {"x": ["1", str(len(costs) // 2), str(len(costs))]},
        "name": "KL of each latent in nats, mean of all test images",
        "along": "latents",
        "bars": [
            {"x0": k, "x1": k + 1, "y": y, "colour": "you" if k == rank else "quiet"} for k, y in enumerate(costs)
        ],
        "cursor": rank + 0.5,
        "words": f"latent {rank + 1} of {len(costs)} costs {num(costs[rank])} nats",
    }


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
    head = ("rank", "mean", "width", "KL of this picture, nats", "mean KL over the test images, nats")
    return {
        "charts": [latent_bars(costs, rank)],
        "stops": {
            "z": [(round(z / 5, 1), round(z / 5, 1)) for z in range(-5 * round(REACH), 5 * round(REACH) + 1)],
            "rank": [(k + 0.5, k) for k in range(len(costs))],
        },
        "words": " ".join(filter(None, said)),
        "numbers": numbers("traverse", nats(kl[rank]), (num(mu[rank]), ""), (num(sigma[rank]), ""), nats(costs[rank])),
        "table": [head, *((k + 1, *each) for k, each in enumerate(zip(mu, sigma, kl, costs)))],
    }


def range_of(estimates: Sequence[Row]) -> tuple[float, float]:
    """Return the range of a chart of estimates with two standard errors."""
    ends = [row["value"] + sign * row["se"] for row in estimates for sign in (-2, 2)]
    margin = 0.05 * (max(ends) - min(ends)) + 0.1
    return min(ends) - margin, max(ends) + margin


def band(
    estimates: Sequence[Row], low: float, high: float, colour: str | int, name: str, below: bool = False
) -> list[Answer]:
    """Return estimates by k draws as lines: two standard errors below and above, and the estimate with its name."""

    def line(add: int) -> list[tuple[float, float]]:
        return [(math.log10(row["k"]), min(high, max(low, row["value"] + add * row["se"]))) for row in estimates]

    edges = [{"points": line(add), "colour": colour, "width": 0.7} for add in (-2, 2)]
    return [*edges, {"points": line(0), "colour": colour, "label": name, "below": below}]


def costs_by_draws(estimates: Sequence[Row]) -> list[Row]:
    """Return estimates of log p(x) with their signs turned: of −log p(x)."""
    return [row | {"value": -row["value"]} for row in estimates]


def at_most(number: tuple[str, str]) -> tuple[str, str]:
    """Return a number with its unit as an upper bound."""
    return (f"≤ {number[0]}", number[1])


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
        f"{nats(elbo['value'], 2, elbo['se'])[0]}, the mean of {elbo['groups']:,} single draws.",
        f"Their weights are worth {num(effective, 0)} equal ones; the largest has {percent(largest, 1)} of the sum.",
        f"As many draws from the prior come to {num(plain['value'], 1)}, {num(short, 1)} nats more: hardly any falls "
        "where this picture's codes lie. The standard error does not account for codes that were never drawn."
        if fails
        else f"As many draws from the prior come to {num(plain['value'], 1)}: for this picture they are enough.",
        f"On average a test image costs at most {nats(nll['value'], 2, nll['se'])[0]} nats." if nll else "",
    ]
    shown = [row for row in naive if row["k"] >= FEWEST]
    charts = []
    for name, estimates in (("bound on −log p(x), nats, ± 2 standard errors", iwae), ("the same and", [*iwae, *shown])):
        low, high = range_of(estimates)
        places = [math.log10(k) for k in (1, 100, 5_000)]
        chart = {
            "xs": [0, places[-1]],
            "ys": [low, high],
            "ticks": {"x": places},
            "names": {"x": ["1 draw", "100 (log scale)", "5,000 draws"]},
        }
        if estimates is iwae:
            flat = {"points": [(0, elbo["value"]), (places[-1], elbo["value"])], "colour": "quiet", "dash": [2, 4]}
            lines = [flat | {"label": "−ELBO"}, *band(iwae, low, high, BESIDE, "from the encoder")]
            words = f"by {best['k']:,} draws {num(best['value'])} nats"
        else:
            name = "bound by as many draws from the prior instead, nats"
            lines = [
                *band(shown, low, high, "ink", "from the prior"),
                band(iwae, low, high, BESIDE, "from the encoder")[-1],
            ]
            words = f"from the prior {num(plain['value'])} nats"
        charts.append(chart | {"name": name, "lines": lines, "words": words})
    names = [f"{what} from the {of}, nats" for of in ("encoder", "prior") for what in ("bound", "standard error")]
    table = [(a["k"], a["value"], a["se"], b["value"], b["se"]) for a, b in zip(iwae, naive)]
    return {
        "charts": charts,
        "details": {"head": ["k", *(f"{k:,}" for k in SHOWN)], "rows": draws_table(card, iwae, naive)},
        "numbers": numbers(
            "iwae",
            at_most(nats(best["value"], 2, best["se"])),
            nats(elbo["value"], 2, elbo["se"]),
            nats(gain),
            nats(plain["value"], 1, plain["se"]),
        ),
        "words": " ".join(filter(None, said)),
        "table": [("draws", *names), *table],
    }


def draws_table(card: Card, iwae: list[Row], naive: list[Row]) -> list[list[str]]:
    """Return the estimates of this picture, and the means over test images that the card has, by draws."""

    def cell(row: Row | None) -> str:
        return nats(row["value"], 1, row.get("se"))[0] if row else "–"

    lines = [
        [f"this picture, {of}", *(cell(next((row for row in each if row["k"] == k), None)) for k in SHOWN)]
        for of, each in (("encoder", iwae), ("prior", naive))
    ]
    means = [
        [f"test images, {of}", *(cell(one(card, name, k=k)) for k in SHOWN)]
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
    chart = {
        "xs": [0, last],
        "ys": [0.9 * min(*straight, *spherical), top],
        "ticks": {"x": [0, middle, last]},
        "names": {"x": ["first image", "halfway", "second image"]},
        "name": "length of the code, ‖z‖",
        "lines": lines,
        "words": f"straight {num(straight[middle], 1)} halfway, spherical {num(spherical[middle], 1)} halfway",
    }
    head = ("place", "length of the code, straight", "length of the code, spherical")
    return {
        "charts": [chart],
        "numbers": numbers(
            "paths",
            (num(straight[middle], 1), ""),
            (num(spherical[middle], 1), ""),
            (num(usual, 1), ""),
            (num(apart, 1), ""),
        ),
        "words": f"At the midpoint ‖z‖ is {num(straight[middle], 1)} on the straight path and "
        f"{num(spherical[middle], 1)} on the spherical one. The codes are {num(straight[0], 1)} and "
        f"{num(straight[-1], 1)} long; a draw from the prior is about √{latent} = {num(usual, 1)} long. The images of "
        f"both paths lie {num(apart, 1)} apart on average (L2), where a pixel goes from 0 to 1.",
        "table": [head, *((k + 1, *each) for k, each in enumerate(zip(straight, spherical)))],
    }


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
    last = max(map(reach_of, known))
    charts = []
    for name, key, sign in (("KL in nats", "rate", 1), ("−ELBO in nats", "elbo", -1)):
        points = [(reach_of(each), sign * row[key]["value"]) for each, row in known.items()]
        now = sign * own[key]["value"]
        low, high = (
            (0, 1.1 * max(now, *(y for _, y in points)))
            if key == "rate"
            else padded_range([now, *dict(points).values()])
        )
        charts.append(
            {
                "xs": [1, last],
                "ys": [low, high],
                "ticks": {"x": sorted({1, last // 2, last})},
                "name": f"{name}, by width of window",
                "along": "pixels",
                "lines": [{"points": points, "colour": "ink"}],
                "cursor": reach,
                "dot": [reach, now],
                "words": f"{num(now, 1)} with a window of {reach}",
            }
        )
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
        f"{nats(-own['elbo']['value'], 1, own['elbo']['se'])[0]}.",
        f"Without a window they are {num(none['rate']['value'], 1)} and {num(-none['elbo']['value'], 1)}."
        if reach > 1 and none
        else "",
    ]
    keys = ("rate", "elbo", "iwae", "used")
    head = ("run", "KL, nats", "ELBO, nats", "bound by 50 draws, nats", "used latents")
    return {
        "charts": charts,
        "stops": {"reach": [(reach_of(each), each) for each in known]},
        "numbers": numbers(
            "collapse",
            nats(own["rate"]["value"], 1),
            nats(-own["elbo"]["value"], 1, own["elbo"]["se"]),
            (f"{own['used']['value']:.0f}", ""),
        ),
        "words": " ".join(filter(None, said)) + RECORDED,
        "table": [
            head,
            *((each, *(run_figures(card, each).get(key, {}).get("value") for key in keys)) for each in runs),
        ],
    }


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
        f"With weight 1 for the KL, −ELBO is {nats(-own['elbo']['value'], 1, own['elbo']['se'])[0]} on "
        f"{own['elbo']['n']:,} images. By 50 draws it is {nats(-own['iwae']['value'], 1, own['iwae']['se'])[0]}, "
        f"on {own['iwae']['n']}."
    )
    if run != "plain" and plain:
        words += beside_plain(plain["elbo"], own["elbo"], len(known) - 1)
    table = [
        (
            OBJECTIVES[each][0],
            num(-row["elbo"]["value"], 1),
            num(-row["iwae"]["value"], 1),
            num(row["rate"]["value"], 1),
            f"{row['used']['value']:.0f}",
        )
        for each, row in known.items()
    ]
    counts = [f"{known['plain'][key]['n']:,}" if plain else "" for key in ("elbo", "iwae")]
    head = (
        "run",
        f"negative ELBO of {counts[0]} images, nats",
        f"negative bound by 50 draws of {counts[1]} images, nats",
        "KL, nats",
    )
    return {
        "charts": [history(card, known, run, name), run_bars(card, known, run)],
        "stops": {"run": [*enumerate(known)]},
        "details": {"head": ["", "−ELBO", "−IWAE-50", "KL", "used"], "rows": table},
        "numbers": numbers(
            "runs",
            nats(own["rate"]["value"], 1),
            nats(-own["elbo"]["value"], 1, own["elbo"]["se"]),
            nats(-own["iwae"]["value"], 1, own["iwae"]["se"]),
            (f"{own['used']['value']:.0f}", ""),
        ),
        "words": words + RECORDED,
        "table": [(*head, "used latents"), *table],
    }


def history(card: Card, runs: Sequence[str], run: str, name: str) -> Answer:
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
    return {
        "xs": [1, last],
        "ys": [0, 1.05 * top],
        "ticks": {"x": [1, (1 + last) // 2, last], "y": ticks(0, top)},
        "name": "KL of held-out images, nats",
        "along": "epochs",
        "lines": lines,
        "words": f"{name} ends at {num(lines[-1]['points'][-1][1], 1)}",
    }


def run_bars(card: Card, runs: Sequence[str], run: str) -> Answer:
    """Return the chart of the KL of each latent of a run, on an axis for all runs."""
    rates = card["rates"][run]
    top = max(rate for each in runs for rate in card["rates"][each])
    return {
        "xs": [0, len(rates)],
        "ys": [0, top],
        "ticks": {"x": [0.5, len(rates) - 0.5]},
        "names": {"x": ["1", str(len(rates))]},
        "name": "mean KL of each latent, nats",
        "along": "latents",
        "bars": [{"x0": k, "x1": k + 1, "y": y} for k, y in enumerate(rates)],
        "words": f"from {num(rates[0])} down to {num(rates[-1])}",
    }
