"""*IWAE*: the bound with more and more draws."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from explorer.measures.vae import log_likelihoods
from explorer.models.latent import log_mean, log_weights
from explorer.models.vae import VAE
from explorer.networks import checkpoints
from explorer.networks.card import Card, Row
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Details, Figure, Table
from explorer.numbers.words import num, percent
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae_room.shared import BESIDE, DIGIT, VaeNet, encode, measured, one
from explorer.verdicts import compare, of_figure

SHOWN_COUNTS = (1, 5, 50, 500, 5_000)
FEWEST = 10  # draws from the prior for which the chart has room
BOUND = Figure("−log p(x) by 5,000 draws", unit="nats")
ONE_DRAW = Figure("−ELBO, one draw", unit="nats")
GAINED = Figure("gained by more draws", unit="nats")
FROM_PRIOR = Figure("from the prior, 5,000 draws", unit="nats")
ERRORS = {"bound": "value", "standard error": "se"}
IWAE_DRAWS = 5_000
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_500, 5_000)
IWAE_AT_ONCE = 500
PRIOR_SEED = 1
HEADS = (FINDING, BOUND, ONE_DRAW, GAINED, FROM_PRIOR)


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
            FINDING.of(f"More draws bring the bound {num(gain)} nats closer."),
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
        | {f"{k:,}": cell(next((row for row in each if row["k"] == k), None)) for k in SHOWN_COUNTS}
        for of, each in (("encoder", iwae), ("prior", naive))
    ]
    means = [
        {"k": f"test images, {of}"} | {f"{k:,}": cell(one(card, name, k=k)) for k in SHOWN_COUNTS}
        for of, name in (("encoder", "-iwae"), ("prior", "-naive"))
    ]
    return lines + means


@heavy
def bounds(net: VaeNet, picture: Picture, seed: Seed) -> Answer:
    """Estimate log p(x) of one picture by k draws, for growing k: from the encoder's posterior, and from the prior."""
    with torch.no_grad():
        model, x, _, _ = encode(net, picture)
        generator = rng(seed)
        parts = range(0, IWAE_DRAWS, IWAE_AT_ONCE)
        drawn = torch.cat([model.log_weights(x, IWAE_AT_ONCE, generator=generator)[:, 0] for _ in parts]).double().cpu()
        naive = torch.cat([log_likelihoods(model, x, z)[:, 0] for z in prior_codes(model).split(IWAE_AT_ONCE)])
        weights = drawn.softmax(0)
    found = by_count(drawn), by_count(naive.double().cpu())
    worth = {"effective": float(1 / weights.square().sum()), "largest": float(weights.max())}
    said = iwae_answer(checkpoints.card_of(net), *found, **worth)
    view = {"iwae": found[0], "naive": found[1]} | worth
    return said | Answer(strips=[], pictures={"x": model.space.encode(x)}, view=view)


def prior_codes(model: VAE) -> Tensor:
    """Draw the codes of naive Monte Carlo from the prior, the same for every picture: (DRAWS, J)."""
    return torch.randn(IWAE_DRAWS, model.latent, generator=rng(PRIOR_SEED)).to(next(model.parameters()))


def by_count(log_weights: Tensor) -> list[dict[str, float]]:
    """Return the logarithm of the mean of k weights for growing k, with standard errors, from log-weights (K,) in nats.

    The weights form K / k groups. The value is the mean of the groups' logarithms, and the error comes from their
    spread. With fewer than three groups, the error is that of the logarithm of the mean of all, by the delta method.
    """
    found = []
    for k in COUNTS:
        groups = log_mean(log_weights.view(-1, k).T)  # (K / k,)
        se = float(groups.std() / math.sqrt(len(groups))) if len(groups) > 2 else delta_error(log_weights)
        found.append({"k": k, "value": float(groups.mean()), "se": se, "groups": len(groups)})
    return found


def delta_error(log_weights: Tensor) -> float:
    """Return the standard error of the logarithm of a mean of weights, from their logarithms (k,)."""
    weights = (log_weights - log_weights.max()).exp()
    return float(weights.std() / weights.mean() / math.sqrt(len(weights)))


MODE = Mode(
    "iwae",
    "IWAE",
    "test",
    functions=[bounds],
    panel=Panel(
        bounds,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("A plain 1", DIGIT | {"img": 330}),
            ("A strange 2", DIGIT | {"img": 29}),
            ("A boot", {"net": "vae-fashion-mnist", "img": 1, "draw": None, "source": None}),
        ],
        shows=Shows(
            "How close to log p(x) is the bound with more draws?",
            HEADS,
            charts=[("Bounds on −log p(x) from the encoder, by k draws", 270), ("With draws from the prior", 220)],
            details=True,
            waits="10,000 codes are decoded…",
        ),
    ),
    code={
        "IWAE": [bounds.plain, log_weights, log_mean, by_count],
    },
)
