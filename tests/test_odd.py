"""The anomaly question's charts and words, from the figures of a card."""

import math

import pytest

from explorer.networks import checkpoints
from explorer.numbers.answer import to_props
from explorer.tabs.kit.ask import likely, odd, scores

EDGES = [float(value) for value in range(11)]


def found(auroc: float, se: float = 0.01, n: int = 1_000, flagged: float = 0.3, counts: dict | None = None) -> dict:
    piles = [(counts or {6: 9}).get(place, 0) for place in range(10)]
    return {"auroc": auroc, "se": se, "n": n, "flagged": flagged, "mean": 6.5, "counts": piles}


def card(**kinds: dict) -> dict:
    own = {"counts": [0, 5, 5, 0, 0, 0, 0, 0, 0, 0], "mean": 2.0, "n": 1_000}
    return {"compare": {"odd": {"scale": "linear", "edges": EDGES, "threshold": 3.5, "own": own, "kinds": kinds}}}


@pytest.mark.parametrize(
    ("auroc", "se", "which"),
    [(0.3, 0.01, "fails"), (0.49, 0.01, "unsure"), (0.7, 0.01, "unsure"), (0.9, 0.01, "apart"), (0.47, 0.1, "unsure")],
)
def test_a_kind_fools_a_family_only_if_its_auroc_is_surely_below_a_half(auroc: float, se: float, which: str):
    assert odd.outcome(found(auroc, se)) == which


def test_the_histograms_end_where_no_score_occurs_but_keep_the_threshold_in_sight():
    shown = odd.chart("made-mnist", card(noise=found(0.95)), "noise", 9.0).to_props()
    own, other = (each["points"] for each in shown["areas"])
    assert (
        shown["xs"] == [1, 7] and own[0] == (1, 0) and own[1:3] == [(1, 1), (2, 1)] and other[-3:-1] == [(6, 1), (7, 1)]
    )
    assert shown["cursor"] == 7 and "Your picture has 9.0." in shown["words"], (
        "a score beyond the axis stands at its end"
    )
    near = odd.chart("made-mnist", card(noise=found(0.95, counts={1: 3})), "noise", None).to_props()
    assert near["xs"][-1] >= 3.5, "the dashed line is part of the chart"
    assert "6.5" in shown["words"] and "cursor" not in near
    alone, beside = (
        to_props(odd.card_with("made-mnist", card(noise=found(0.95)), "noise", None, each)) for each in (True, False)
    )
    assert (alone["title"], beside["title"]) == ("", "MADE")
    assert "0.950" not in alone["chart"]["name"], "the AUROC of a network alone is the headline"
    assert beside["chart"]["name"] == "0.950, linear"


def test_a_likelihood_stands_among_the_test_images_where_their_scores_are_likelihoods():
    def cards(*nets: str) -> list[dict]:
        models = {net: checkpoints.load(net) for net in nets}
        return to_props(likely.among_tests({"net": nets[0], "nats": -500.0, "kind": "bound"}, models))

    (card,) = cards("flow-mnist")
    assert card["chart"]["cursor"] == pytest.approx(math.log(500)) and len(card["chart"]["areas"]) == 1
    assert "500 test images" in card["chart"]["name"] and "this picture 500.0" in card["chart"]["words"]
    assert cards("flow-matching-mnist") == [], "its scores are those of a cheaper ODE"
    assert cards("flow-mnist", "made-mnist") == [], "several networks have their bars"


def test_a_logarithmic_axis_has_few_round_values():
    assert scores.round_values(30, 9_000, True) == [50, 500, 5_000] and len(scores.round_values(-2.4, 6.1, False)) <= 3


def test_the_words_name_the_families_that_fail_and_of_one_alone_its_own_figures():
    cards = {"made-mnist": card(noise=found(0.2)), "flow-mnist": card(noise=found(0.7)), "gan-mnist": card()}
    cards |= {"pixelcnn-mnist": card(noise=found(0.99))}
    known = {net: each for net, each in cards.items() if "noise" in odd.kinds_of(each)}
    said = odd.words(known, "noise")
    assert "MADE finds pictures of noise less anomalous" in said and "Flow cannot reliably tell" in said
    assert "PixelCNN" not in said
    alone = odd.words({"flow-mnist": known["flow-mnist"]}, "noise")
    assert "score higher in 70.0 % of pairs" in alone and "flags 30.0 %" in alone
    finding, apart = odd.headline(dict.fromkeys(("pixelcnn-mnist", "flow-mnist"), known["pixelcnn-mnist"]), "noise")
    assert finding.text == "Every family detects pictures of noise." and apart.text == "2"
    assert odd.headline(known, "noise")[0].text.startswith("1 of the families finds pictures of noise more usual")


def test_a_kind_of_one_image_is_flagged_or_missed():
    flagged, missed = (odd.verdict(found(0.95, n=1, flagged=share), "own", "it") for share in (1.0, 0.0))
    assert flagged.endswith("flags them.") and missed.endswith("misses them.")
