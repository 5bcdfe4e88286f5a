"""Places that rank: functions of the figures of one trial that say whether the place names a difference.

`PLACES` is the list of them all, with the module of each.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, stdev
from typing import Any
from unittest.mock import patch

from explorer.measures.lab import METRICS, judgements, limit_of
from explorer.measures.lab import verdict as cell_word
from explorer.measures.power import Order
from explorer.measures.strokes import TRAITS
from explorer.measures.text_sizes import power_law
from explorer.models.game import LOSSES as GAMES
from explorer.networks import card as cards
from explorer.networks.card import row
from explorer.numbers import ranking
from explorer.numbers.rows import Quotes
from explorer.tabs.autoregressive import verdict as autoregressive_verdict
from explorer.tabs.compare import advice, columns
from explorer.tabs.diffusion import copies as diffusion_copies
from explorer.tabs.diffusion import evidence as diffusion
from explorer.tabs.flow import evidence as flow
from explorer.tabs.flow_matching import evidence as flow_matching
from explorer.tabs.gan import collapse as gan_collapse
from explorer.tabs.gan import evidence as gan
from explorer.tabs.kit.ask import odd
from explorer.tabs.kit.ask.likelihoods import of_pair
from explorer.tabs.lab import damage as lab_damage
from explorer.tabs.lab import features as lab_features
from explorer.tabs.lab import marks as lab_marks
from explorer.tabs.lab import matrix as lab_matrix
from explorer.tabs.lab import sizes as lab_sizes
from explorer.tabs.style import directions as style_directions
from explorer.tabs.style import mix as style_mix
from explorer.tabs.text import loss as text_loss
from explorer.tabs.tokens import latent as tokens_latent
from explorer.tabs.vae import evidence as vae
from explorer.tabs.vae_room import disentangle as vae_room_disentangle
from explorer.tabs.vae_room import iwae as vae_room_iwae
from explorer.tabs.vae_room import runs as vae_room_runs
from tests.ranking_draws import FAMILIES, IMAGES, Draw, mean_and_error
from tests.ranking_more import MORE


def seeded(draw: Draw, name: str, samples: Callable[[int, bool], list[float]]) -> dict[str, dict[str, Any]]:
    """Families with two seeds of one figure each."""
    found = {}
    for k, family in enumerate(FAMILIES):
        own = [
            row(name, each, seed=seed, way="a way", pixels="grey", n=IMAGES)
            for seed, each in enumerate(samples(2, k == 0))
        ]
        found[family] = {
            "net": family,
            "title": family,
            "can": {"label": True, "likelihood": "exact"},
            "cannot": {},
            "space": "binary",
            "card": {
                "quality": {
                    "rows": [*own, row(name, samples(1, False)[0] * 0 + 1, way="training images", pixels="grey")]
                }
            },
        }
    return found


def column_names(draw: Draw, sort: str, samples: Callable[[int, bool], list[float]]) -> bool:
    column, families = columns.COLUMNS[sort], seeded(draw, sort, samples)
    figures = {net: {k: v for k, v in column.read(each).items() if k != "floor"} for net, each in families.items()}
    return bool(ranking.best(figures, column.better, column.is_log))


def shares_of_seeds(draw: Draw) -> bool:
    return column_names(draw, "recall", lambda n, first: draw.values(n, first, 0.8, 0.01))


def distances_of_seeds(draw: Draw) -> bool:
    return column_names(draw, "frechet", draw.distances)


def take(draw: Draw) -> bool:
    def samples(n: int, first: bool) -> list[float]:
        return draw.values(n, first, 0.8, 0.01)

    words, found = advice.advice("recall", [*seeded(draw, "recall", samples).values()])
    return len(found) < len(FAMILIES) or ("A tie" not in words)


def settings(draw: Draw) -> bool:
    """Families, each at the best of five settings."""

    def best_setting(first: bool) -> dict[str, Any]:
        tried = [draw.share(200, first, 0.8) for _ in range(5)]
        best = max(tried)
        return {"value": best, "se": math.sqrt(best * (1 - best) / 200) or 0.01, "n": 200, "tried": 5, "pixels": "grey"}

    return bool(ranking.best({name: best_setting(name == FAMILIES[0]) for name in FAMILIES[:4]}, "most"))


def likelihoods(draw: Draw) -> bool:
    figures = {name: draw.row("nll", name == FAMILIES[0], 80) | {"space": "binary"} for name in FAMILIES}
    return bool(ranking.best(figures, "least"))


def one_image(draw: Draw) -> bool:
    rows = [
        {"title": t, "nats": 100 + draw.normal(t == "A"), "se": 1.0, "kind": "estimate", "solver": None} for t in "AB"
    ]
    rows.sort(key=lambda each: -each["nats"])
    return "too close" not in of_pair(*rows)


def judged(draw: Draw, name: str, values: Callable[[int, bool], list[float]], way: str) -> list[dict[str, Any]]:
    first = way == "DDIM 50"
    return [
        row(name, each, seed=s, n=IMAGES, pixels=p, way=way)
        for p in ("grey", "binarised")
        for s, each in enumerate(values(2, first))
    ]


def fifty_and_ten(draw: Draw) -> bool:
    def shares(n: int, first: bool) -> list[float]:
        return draw.values(n, first, 0.8, 0.01)

    def block() -> dict[str, Any]:
        kinds = {"frechet": draw.distances, "precision": shares, "recall": shares}
        ways = [
            each for name, of in kinds.items() for way in ("DDIM 50", "DDIM 10") for each in judged(draw, name, of, way)
        ]
        return {"rows": [*ways, row("frechet", 1.0, pixels="grey", way="training images")]}

    said = diffusion.steps_reading(block(), block())
    return "(fifty)" in said or "(ten)" in said


def lost_classes(draw: Draw) -> bool:
    rows = [
        row("accuracy", draw.share(200, way == "DDIM 50"), n=200, pixels="grey", way=way)
        for way in ("DDIM 50", "DDIM 10")
    ]
    return diffusion._loses_classes({"quality": {"rows": rows}})


def games(draw: Draw) -> bool:
    cell = {loss: {"modes": draw.values(10, loss == "wgan-gp", 5)} for loss in gan.LOSSES}
    return "tie)" not in gan.steps_reading({"cells": [{"dsteps": 1, "losses": cell}]})


def race(draw: Draw) -> bool:
    values = {loss: draw.values(3, k == 0, 5) for k, loss in enumerate(GAMES)}
    return "losses tie" not in gan_collapse.lead_words(values, True, ("covers the fewest", "cover the fewest"), "of 8")


def information_gaps(draw: Draw) -> bool:
    own, plain = draw.values(5, True), draw.values(5)
    return "cannot be distinguished" not in vae_room_disentangle.gap_words(own, plain)


def best_information(draw: Draw) -> bool:
    measured = {beta: draw.values(5, beta == "4") for beta in ("0.5", "1", "2", "4", "8")}
    return "pairs were compared" not in vae_room_disentangle.best_beta(measured)


def turned_axes(draw: Draw) -> bool:
    return "not shown" not in vae_room_disentangle.chance_words(draw.values(5, True), draw.values(5))


def directions(draw: Draw) -> bool:
    rows = [draw.row("effect", d == 1, of=t, direction=d) for d in style_directions.INDICES for t in TRAITS]
    strips = [("0", "0") for _ in style_directions.INDICES]
    changes = [
        {t: math.copysign(1, rows[len(TRAITS) * (d - 1) + k]["value"]) for k, t in enumerate(TRAITS)}
        for d in style_directions.INDICES
    ]
    said = style_directions.names_of({"rows": rows}, strips, changes)
    return any(", " in each for each in said)


def mixed_styles(draw: Draw) -> bool:
    rows = [draw.row("taken", k == 0, 0.3, 0.02, level=level) for k, level in enumerate(style_mix.STYLEGAN_LEVELS)]
    with patch.object(cards, "of", lambda net: {"rows": rows}):
        return "a tie" not in style_mix.mix_words("net", "1 %", "2 %")


def odd_kinds(draw: Draw, families: int = 8) -> dict[str, Any]:
    aurocs = {name: 0.5 - draw.normal(name == FAMILIES[0], 0.03) for name in FAMILIES[:families]}
    return {
        name: {"compare": {"odd": {"kinds": {"noise": {"auroc": a, "se": 0.03, "n": 500, "flagged": 0.0}}}}}
        for name, a in aurocs.items()
    }


def odd_families(draw: Draw) -> bool:
    with patch.object(odd, "title_of", str):
        return "less anomalous" in odd.words(odd_kinds(draw), "noise")


def odd_alone(draw: Draw) -> bool:
    ((_, card),) = odd_kinds(draw, 1).items()
    return "Not shown" not in odd.verdict(card["compare"]["odd"]["kinds"]["noise"], "own", "noise")


def odd_flow(draw: Draw) -> bool:
    found = [draw.row("auroc", True, 0.5, 0.03, by=by) for by in flow.SCORES]
    return "does not tell them apart" not in flow._by_score("flow-mnist", {"rows": found})


def sides_of_sets(draw: Draw) -> bool:
    own, other = draw.values(60), draw.values(60, True)
    auroc = fmean(a < b for a in own for b in other)
    return autoregressive_verdict.side_of(auroc, 60, 60) != 0


def dedicated(draw: Draw) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (
            draw.row("objective", beta == 1, 100, beta=beta),
            {name: draw.row(name, middle=100, beta=beta) for name in ("objective", "rate")},
        )
        for beta in (1, 2, 4)
    ]


def behind(draw: Draw) -> bool:
    return "behind none" not in vae._closeness(dedicated(draw))


def spends(draw: Draw) -> bool:
    card = {"rows": [draw.row("rate", True, 100, beta=b) for b in (1, 2, 4)], "recipe": {"epochs": 30}}
    with patch.object(vae, "_epochs", lambda card: [10]):
        return "spends more" in vae._spent(card, dedicated(draw))


def objectives(draw: Draw) -> bool:
    rows = [[draw.row("elbo", plain, -100) for plain in (True, False)] for _ in range(5)]
    return any("a tie" not in vae_room_runs.beside_plain(*pair, len(rows)) for pair in rows)


def prior_draws(draw: Draw) -> bool:
    def estimates(first: bool) -> list[dict[str, Any]]:
        return [{"k": k, "value": -100 - draw.normal(first, 5), "se": 5.0, "groups": 2} for k in (1, 1_000)]

    said = vae_room_iwae.iwae_answer({"rows": []}, estimates(False), estimates(True), 10.0, 0.2).words
    return "they are enough" not in said


def same_images(draw: Draw) -> bool:
    rows = [draw.row("paired", True, of="flow"), draw.row("bits_per_dim", of="flow")]
    return "chance" not in flow_matching.paired_difference({"rows": rows}, "flow")


def codes_and_pixels(draw: Draw) -> bool:
    def setting(of: str, steps: int) -> dict[str, Any]:
        seeds = draw.distances(2, of == "codes")
        return {"of": of, "steps": steps, "ratio": fmean(seeds), "ms": 1.0, "seeds": seeds}

    every = {of: [setting(of, steps) for steps in (10, 50)] for of in ("codes", "pixels")}
    return len(tokens_latent.no_worse(every["codes"][0], *every.values())) < 2


def drift(draw: Draw) -> bool:
    slope, first = draw.row("slope", True), draw.row("excess", True)
    return not ("No drift" in text_loss.steady(slope) and "as much as" in text_loss.since(first))


def floors(draw: Draw, metrics: int) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    names = [*METRICS][:metrics]
    drawn = {name: draw.values(20) for name in names}
    return {name: draw.normal(name == "frechet") for name in names}, {n: (fmean(v), stdev(v)) for n, v in drawn.items()}


def one_metric(draw: Draw) -> bool:
    found, floor = floors(draw, 1)
    return judgements(found, floor, limit=limit_of(20))[0]["verdict"] != "blind"


def nine_metrics(draw: Draw) -> bool:
    found, floor = floors(draw, len(METRICS))
    return "the set may be as real ones are" not in lab_damage.judge_answer(judgements(found, floor), 500, 20).words


def cell(draw: Draw) -> bool:
    return cell_word(1 - draw.share(20, middle=0.5 - 0.45 * bool(draw.shift)), 0.0, 20) == "notices"


def cells(draw: Draw, damages: Sequence[str] = ("blur", "noise", "drop", "shift")) -> list[dict[str, Any]]:
    shares = {(d, m): 1 - draw.share(20, m == "frechet", 0.9) for d in damages for m in METRICS}
    return [
        {"damage": d, "metric": m, "noticed": [s, s, s], "n": 20, "verdict": cell_word(s, 0, 20)}
        for (d, m), s in shares.items()
    ]


def best_metric(draw: Draw) -> bool:
    said = lab_matrix.extreme("metric", [*METRICS], cells(draw), [*METRICS], is_noticed=True)
    return "than any other" not in said


def sizes(draw: Draw) -> bool:
    lines = {"real": [[n, *mean_and_error(draw.values(10, n == 100, 5))] for n in (100, 1_000)]}
    return "depends on the number" in lab_sizes.size_answer(lab_sizes.Sizes("Recall", 100, 10, "test", lines)).words


def drawn_distances(draw: Draw) -> tuple[list[dict[str, float]], list[tuple[float, float]]]:
    """Distances of ten equal damages by two kinds of features, with floors of the pairs that the page measures."""
    found = [{f"damage {k}": 5 + side * draw.normal(k == 0) for k in range(10)} for side in (1, -1)]
    return found, [(5.0, stdev(draw.values(lab_features.FEATURES_PAIRS))) for _ in found]


def flips(draw: Draw) -> bool:
    return bool(lab_features.flips(*drawn_distances(draw)[0], *drawn_distances(Draw(draw.rng))[1]))


def worst(draw: Draw) -> bool:
    (over, _), (floor, _) = drawn_distances(draw)
    return len(lab_features.worst_of(over, lab_features.noise_of(floor, 45))) < 10


def bounds(draw: Draw) -> bool:
    """A bound that equals the best value counts as one below it."""
    return lab_marks.Point(1, lab_marks.EQUAL - draw.normal(True), 1.0, bound=True).mark(0.0) == "≤"


def exponents(draw: Draw) -> bool:
    """Losses that depend on neither size: an exponent's interval without 0."""
    runs = [
        (a, b, math.exp(-0.1 * draw.shift * math.log(a) + draw.normal(width=0.1))) for a in (1, 2, 4) for b in (1, 2, 4)
    ]
    rows = [row(name, value) for run in runs for name, value in zip(("parameters", "characters", "nll"), run)]
    found = cards.rows({"rows": power_law(rows)}, of="parameters")
    low, high = (each["value"] for each in found if each["name"] in ("exponent_low", "exponent_high"))
    return low > 0 or high < 0


def quoted_words(draw: Draw) -> bool:
    card = {"rows": [draw.row("kl", of == "ot", of=of) for of in ("ot", "independent")]}
    said = Quotes({"net": card}, "net", {})["net kl of=ot ? net kl of=independent | rises | is the same | falls"]
    return {"rises": True, "falls": True, "is the same": False}[said]


def copies_of_a_network(draw: Draw) -> bool:
    counts = [round(draw.share(300, first) * 300) for first in (True, False)]
    return diffusion_copies.chance_words(*counts, 300) != "not told from"


def trial_of_two_seeds(draw: Draw) -> bool:
    return Order(least=True, is_log=True).verdict(draw.distances(2, True), draw.distances(2)) != 0


PLACES: Mapping[Callable[[Draw], bool], str] = {
    copies_of_a_network: "tabs/diffusion/copies.py",
    shares_of_seeds: "tabs/compare/table.py",
    distances_of_seeds: "numbers/ranking.py",
    settings: "tabs/compare/columns.py",
    take: "tabs/compare/advice.py",
    likelihoods: "numbers/ranking.py",
    one_image: "tabs/kit/ask/likelihoods.py",
    fifty_and_ten: "tabs/diffusion/evidence.py",
    lost_classes: "tabs/diffusion/evidence.py",
    games: "tabs/gan/evidence.py",
    race: "tabs/gan/collapse.py",
    information_gaps: "tabs/vae_room/disentangle.py",
    best_information: "tabs/vae_room/disentangle.py",
    turned_axes: "tabs/vae_room/disentangle.py",
    directions: "tabs/style/directions.py",
    mixed_styles: "tabs/style/mix.py",
    odd_families: "tabs/kit/ask/odd.py",
    odd_alone: "tabs/kit/ask/odd.py",
    odd_flow: "tabs/flow/evidence.py",
    sides_of_sets: "tabs/autoregressive/verdict.py",
    behind: "tabs/vae/evidence.py",
    spends: "tabs/vae/evidence.py",
    objectives: "tabs/vae_room/runs.py",
    prior_draws: "tabs/vae_room/iwae.py",
    same_images: "tabs/flow_matching/evidence.py",
    codes_and_pixels: "tabs/tokens/latent.py",
    drift: "tabs/text/loss.py",
    one_metric: "measures/lab.py",
    nine_metrics: "tabs/lab/damage.py",
    cell: "measures/lab.py",
    best_metric: "tabs/lab/matrix.py",
    sizes: "tabs/lab/sizes.py",
    trial_of_two_seeds: "measures/power.py",
    flips: "tabs/lab/features.py",
    worst: "tabs/lab/features.py",
    bounds: "tabs/lab/marks.py",
    exponents: "measures/text_sizes.py",
    quoted_words: "numbers/rows.py",
    **MORE,
}
"""Functions that say whether a difference is named, with the module of the place that names it."""
