"""Order of figures: ties, floors, pixels and bounds, in the table, in its advice and in *How likely?*"""

from typing import Any

import pytest

from explorer.measures.quality import FLOOR
from explorer.networks.card import row
from explorer.numbers import ranking, words
from explorer.tabs.compare import advice as advising
from explorer.tabs.compare.columns import COLUMNS
from explorer.tabs.compare.provenance import provenance
from explorer.tabs.kit.ask import likely
from tests.node import run

EXACT, BOUND = "exact", "bound"


def family(title: str, kind: str | None = None, nats: float = 0, **quality: Any) -> dict:
    """A family that takes part, with a likelihood and with samples that were judged: `grey` and `binarised`."""
    rows = [each | {"pixels": pixels} for pixels, found in quality.items() for each in found]
    card = {"nll": {"value": nats, "se": 0.4, "n": 10}} if kind else {}
    can = {"likelihood": kind, "label": True}
    same = {"net": title, "title": title, "space": "binary", "can": can, "cannot": {}, "tab": title, "latent": None}
    judge = {"n": 10_000, "classifier": "judge", "command": "measured"}
    return same | {"card": card | ({"quality": {"rows": rows} | judge} if rows else {})}


def judged(recall: list[float], floor: float = 0.9, **figures: list[float]) -> list[dict]:
    floors = {"frechet": 1.0, "recall": floor, "accuracy": 0.99, "use": 0.985}
    runs = {"frechet": [5, 5], "recall": recall} | figures
    return [row(*each, way=FLOOR) for each in floors.items()] + [
        row(name, value, seed=seed, way="a way") for name, values in runs.items() for seed, value in enumerate(values)
    ]


def advice(need: str, families: list[dict]) -> dict:
    words, found = advising.advice(need, families)
    return {"words": words, "best": [family["title"] for family in found]}


def best(column: str, families: list[dict]) -> list[str]:
    figures = {family["title"]: found for family in families if (found := COLUMNS[column].read(family))}
    return ranking.best(figures, COLUMNS[column].better)


def test_on_a_logarithmic_axis_nothing_lies_below_the_least_positive_value():
    place = ranking.axis([{"value": 0.0}, {"value": 1.0}, {"value": 100.0}], is_log=True)
    assert [place(value) for value in (0.0, 1.0, 10.0, 100.0)] == [0, 0, 0.5, 1]


def test_a_difference_inside_the_spread_of_the_seeds_is_a_tie():
    close = [
        family("A", binarised=judged([0.60, 0.64])),
        family("B", binarised=judged([0.61, 0.62])),
        family("C", binarised=judged([0.30, 0.31])),
    ]
    assert best("recall", close) == ["A", "B"]
    found = advice("recall", close)
    assert found["best"] == ["A", "B"] and "A tie: the difference is within their errors." in found["words"]
    close[1] = family("B", binarised=judged([0.69, 0.70]))
    assert best("recall", close) == ["A", "B"], "4.3 errors of a variance with 3 degrees of freedom; 3 pairs need 4.9"
    close[1] = family("B", binarised=judged([0.72, 0.73]))
    assert best("recall", close) == ["B"] and advice("recall", close)["best"] == ["B"]


def test_nobody_is_better_than_real_images_are():
    full = [family("A", binarised=judged([0.93, 0.93])), family("B", binarised=judged([0.97, 0.97]))]
    found = advice("recall", full)
    assert found["best"] == ["A", "B"] and "as good as real training images, which reach 90.0 %" in found["words"]
    assert best("recall", full) == [], "nobody is better than anybody"


def test_figures_of_other_pixels_are_not_ranked():
    mixed = [
        family("A", grey=judged([0.5, 0.5])),
        family("B", grey=judged([0.4, 0.4])),
        family("C", binarised=judged([0.8, 0.8])),
    ]
    found = advice("recall", mixed)
    assert found["best"] == ["A"] and "judged grey" in found["words"]
    assert found["words"].endswith("Not compared, because they were measured differently: 80.0 % (C) binarised.")
    assert best("recall", mixed) == ["A"]


def test_figures_of_fewer_samples_are_not_ranked_among_those_of_more():
    all_of = [("A", 0.5, 10_000), ("B", 0.6, 500), ("C", 0.4, 10_000)]
    uneven = [family(name, binarised=[each | {"n": n} for each in judged([at, at])]) for name, at, n in all_of]
    assert best("recall", uneven) == ["A"]
    found = advice("recall", uneven)
    assert (
        found["best"] == ["A"] and "Not compared, because they were measured differently: 60.0 % (B)" in found["words"]
    )
    assert "binarised, 500 samples" in found["words"]


def test_control_is_quoted_at_a_familys_own_best_setting():
    seen = {"accuracy": [0.97, 0.97]}
    guided = family("guided", grey=judged([0.5, 0.5], **seen), binarised=judged([0.5, 0.5], accuracy=[0.95, 0.95]))
    guided["card"]["settings"] = [
        {"setting": f"w = {w}", "pixels": "grey", "value": value, "se": 0.001, "n": 1000, "diversity": 0.5}
        for w, value in ((2, 0.989), (4, 0.989), (7, 0.5))
    ]
    plain = family("plain", grey=judged([0.5, 0.5], accuracy=[0.975, 0.975]))
    assert "98.9 % at w = 2, next 97.5 % (plain); judged grey." in advice("accuracy", [guided, plain])["words"]
    result = provenance(guided, COLUMNS["accuracy"])
    assert "from 1,000 images at w = 2, judged grey" in result and "vary 0.50 times as much as real ones" in result
    assert "Judged binarised, it is 95.0 %" in result
    assert "right on 99.0 % of real training images" in result


@pytest.mark.parametrize(
    ("families", "winners"),
    [
        ([family("exact", EXACT, 80), family("worse", EXACT, 88)], ["exact"]),
        ([family("exact", EXACT, 80), family("close", EXACT, 80.5)], []),
        ([family("bound", BOUND, 70), family("exact", EXACT, 80)], ["bound"]),
        ([family("bound", BOUND, 90), family("exact", EXACT, 80)], []),
        ([family("bound", BOUND, 70), family("other", BOUND, 80)], []),
        ([family("bound", BOUND, 90), family("exact", EXACT, 80), family("worse", EXACT, 88)], ["exact"]),
    ],
)
def test_a_bound_may_win_and_cannot_lose_in_the_table_as_in_how_likely(families: list[dict], winners: list[str]):
    assert best("likelihood", families) == winners
    rows = [
        {"title": each["title"], "space": each["space"], "kind": each["can"]["likelihood"]}
        | {"nats": -each["card"]["nll"]["value"], "se": 0.4}
        for each in families[:2]
    ]
    said = likely.words_of(rows, "it")
    assert ("than the bound of" in said or "too close together" in said) == (not best("likelihood", families[:2]))


def by_ode(title: str, nats: float, n: int = 10) -> dict:
    """A family whose likelihood an ODE estimates, of n test images, beside a flow's bound on the same."""
    found = family(title, "estimate", nats)
    beside = [{"title": "Flow", "kind": BOUND, "value": nats - 57, "paired": 57.0, "se": 4.5}]
    found["card"]["nll"] |= {"kind": "estimate", "n": n, "solver": 0.4, "probes": 0.5, "beside": beside}
    return found


@pytest.mark.parametrize(
    ("families", "winners"),
    [
        ([by_ode("ode", 90), family("exact", EXACT, 80)], []),
        ([by_ode("ode", 70), family("exact", EXACT, 80)], ["ode"]),
        ([by_ode("ode", 70, n=5), family("exact", EXACT, 80)], []),
        ([by_ode("ode", 90), family("bound", BOUND, 80)], []),
    ],
)
def test_an_odes_estimate_of_a_bound_cannot_lose_and_is_not_ranked_among_others_of_more_images(families, winners):
    assert best("likelihood", families) == winners


def test_an_odes_estimate_says_both_errors_and_what_others_say_of_the_same_images():
    each = by_ode("ode", 690.0, n=128)
    said = provenance(each, COLUMNS["likelihood"])
    pixels = ranking.basis(COLUMNS["likelihood"].read(each))
    assert pixels == "binary, 128 test images"
    assert "the mean of 128 test images" in said and "an estimate of a bound" in said and "log Z" not in said
    assert (
        "solver is about 0.40 nats" in said
        and "probes' standard error 0.50" in said
        and "Flow's is 57.0 ± 4.5 nats lower" in said
    )


def test_in_how_likely_an_estimate_of_a_bound_proves_nothing_against_its_family():
    def said(first: dict, second: dict) -> str:
        rows = [{"title": title, "space": "levels"} | answer for title, answer in (("A", first), ("B", second))]
        return likely.words_of(rows, "it")

    ode = {"nats": -690.0, "se": 5.0, "kind": "estimate", "solver": 0.4}
    exact = {"nats": -633.0, "se": None, "kind": "exact"}
    assert "which may give it more: its figure is an estimate of a bound" in said(ode, exact)
    ahead = said(ode | {"nats": -600.0}, exact)
    assert "33.0 nats more than B, by an estimate" in ahead and "log Z" not in ahead
    log_z = {"nats": -80.0, "se": 0.1, "kind": "estimate", "solver": None}
    assert "log Z" in said(log_z, {"nats": -90.0, "se": None, "kind": "exact"})


def test_the_use_of_samples_is_ranked_among_the_same_pixels_alone():
    each = [
        family("A", grey=judged([0.5, 0.5], use=[0.9, 0.9])),
        family("B", binarised=judged([0.5, 0.5], use=[0.95, 0.95])),
        family("C", grey=judged([0.5, 0.5], use=[0.8, 0.8])),
    ]
    said = advising.use(each)
    assert "Grey: 90.0 % after those of A and 80.0 % after those of C, against 98.5 %" in said
    assert "Binarised: 95.0 % after those of B" in said


def test_the_advice_names_no_bound_where_exact_values_are_asked_for():
    found = advice("likelihood", [family("bound", BOUND, 70), family("exact", EXACT, 80), family("worse", EXACT, 88)])
    assert found["best"] == ["exact"] and "−log p(x) is 80.0 nats, next 88.0 (worse)." in found["words"]
    assert advice("likelihood", [family("bound", BOUND, 70)])["best"] == []


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [(0.5, 0, "50 %"), (1, 1, "100 %"), (0, 1, "0 %"), (0.9999, 1, "more than 99.9 %"), (0.0001, 1, "less than 0.1 %")]
    + [(0.999, 0, "more than 99 %"), (0.887, 1, "88.7 %")],
)
def test_only_all_is_a_hundred_per_cent(share: float, digits: int, text: str):
    assert run('return (await load("kit/base/format.js")).percent(share, digits)', share=share, digits=digits) == text
    assert words.percent(share, digits) == text


def test_a_share_above_all_has_its_thousands_apart():
    assert words.percent(12.345) == "1,234 %" and words.percent(-0.5) == "−50 %"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.0123, 2, "0.012"), (2.74e-5, 2, "2.7 · 10⁻⁵"), (-2.74e-5, 2, "−2.7 · 10⁻⁵"), (1e-4, 1, "10⁻⁴"), (0, 2, "0")],
)
def test_small_numbers_have_their_power_of_ten(value: float, digits: int, text: str):
    assert run('return (await load("kit/base/format.js")).brief(value, digits)', value=value, digits=digits) == text
    assert words.brief(value, digits) == text


def test_large_probabilities_are_set_as_powers():
    report = {"space": "binary", "se": None, "kind": "exact"}
    said = likely.words_of([report | {"title": "A", "nats": -80.0}, report | {"title": "B", "nats": -140.0}], "it")
    assert "60.0 nats more than B: 10²⁶ times the probability" in said


def test_the_known_density_of_the_data_stands_beside_what_a_family_says():
    row = {"title": "A", "space": "plane", "nats": -3.2, "se": None, "kind": "exact"}
    assert likely.words_of([row | {"known": -3.04}], "it").endswith(
        "costs A 3.2 nats. By the density that the data were drawn from it costs 3.0 nats."
    )
    assert "By the density" not in likely.words_of([row | {"known": None}], "it")
