"""Words about the histograms: they follow from the figures, whichever way these point."""

import math
from typing import Any

import pytest

from explorer.networks import checkpoints
from explorer.tabs.autoregressive.score import bayes, histogram, histograms, ruling
from explorer.tabs.autoregressive.verdict import area, verdict
from tests.node import call


def measured(auroc: float, flagged: float, blank: float) -> dict[str, Any]:
    """Histograms of a network of MNIST, as its card has them; `blank` is the share of test images above it."""
    return {
        "edges": [10, 100, 1000],
        "threshold": -150.0,
        "sets": {
            "mnist": {"counts": [90, 10], "value": -80.0, "n": 100, "auroc": 0.5, "flagged": 0.01},
            "fashion-mnist": {"counts": [1, 99], "value": -300.0, "n": 100, "auroc": auroc, "flagged": flagged},
            "noise": {"counts": [0, 100], "value": -900.0, "n": 100, "auroc": 1.0, "flagged": 1.0},
            "blank": {"counts": [1, 0], "value": -20.0, "n": 1, "auroc": blank, "flagged": float(blank > 0.99)},
        },
    }


def test_a_set_that_is_less_likely_is_said_to_be():
    text = verdict("mnist", measured(auroc=0.997, flagged=0.96, blank=1.0))
    assert "flags 96.0 % of Fashion-MNIST and 100 % of noise, and flags the blank page too" in text
    assert "An image of MNIST is more likely than one of Fashion-MNIST in 99.7 % of pairs (AUROC 0.997)." in text
    assert "less likely than 100 % of MNIST's test images" in text
    assert "fails" not in text
    assert "typical" not in text


def test_a_set_that_is_more_likely_is_said_to_escape():
    text = verdict("mnist", measured(auroc=0.08, flagged=0.004, blank=0.25))
    assert "flags 0.4 % of Fashion-MNIST and 100 % of noise, but lets the blank page pass" in text
    assert "Here likelihood fails" in text
    assert "more likely than MNIST in 92.0 % of pairs (AUROC 0.080)" in text
    assert "99.6 % of Fashion-MNIST would pass" in text
    assert "more likely than 75.0 % of MNIST's test images" in text
    assert "typical" in text


def test_a_picture_is_flagged_above_the_threshold_alone():
    drawing, test, other = ("bits", b""), ("test", 1, "mnist"), ("test", 1, "fashion-mnist")
    assert ruling("mnist", -150, -150.1, drawing) == "above the threshold of 150.0: flagged"
    assert ruling("mnist", -150, -150.0, drawing) == "below the threshold of 150.0: it passes"
    assert ruling("mnist", -150, -200, test).endswith("flagged, though it is one of MNIST's own")
    assert ruling("mnist", -150, -90, test).endswith("it passes")
    assert ruling("mnist", -150, -90, other).endswith("it passes, though it comes from Fashion-MNIST")
    assert ruling("mnist", -150, -20, ("blank",)).endswith("it passes, though nothing is on it")
    assert ruling("mnist", -150, -20, ("noise", 7)).endswith("it passes, though it is noise")


def test_an_area_is_never_rounded_to_all_or_none():
    areas = [call("autoregressive/distribution.js", "share", area) for area in (0, 0.0004, 0.9996, 1)]
    assert areas == [area(each) for each in (0, 0.0004, 0.9996, 1)] == ["0.000", "<0.001", ">0.999", "1.000"]


def test_a_chart_marks_the_picture_and_scales_each_set_to_its_own_peak():
    found = measured(auroc=0.997, flagged=0.96, blank=0.25)
    chart = histogram("MNIST", "mnist", found, -160).to_props()
    assert chart["cursor"] == pytest.approx(math.log10(160)) and "Your picture has 160.0" in chart["words"]
    assert chart["xs"] == pytest.approx([1, 3]), "the less likely, the further to the right"
    peaks = [max(y for _, y in area["points"]) for area in chart["areas"]]
    assert peaks == [1, 1, 1]
    flagged = next(line for line in chart["lines"] if line.get("dash"))
    assert flagged["points"][0][0] == pytest.approx(math.log10(150))


def test_what_is_measured_is_told_and_what_is_not_is_said(monkeypatch: pytest.MonkeyPatch):
    cards = {"pixelcnn-mnist": {"histograms": measured(auroc=0.997, flagged=0.96, blank=0.25)}}
    monkeypatch.setattr(checkpoints, "card_of", lambda net: cards.get(net, {}))
    result = histograms({"pixelcnn-mnist": -160, "pixelcnn-fashion-mnist": -1234.5}, ("blank",)).to_props()
    assert "Under the MNIST network the blank page has −log p(x) = 160.0 nats, above the threshold" in result["words"]
    assert " 1,234.5 nats; the card of this network has no histograms" in result["words"]
    assert len(result["charts"]) == 1 and len(result["table"]) == 1 + 4 * 2
    assert ("MNIST network: Fashion-MNIST test", "300.0", "0.997", "96.0 %") in result["details"]["rows"]


def test_bayes_rule_names_the_most_probable_and_the_true_class():
    posterior = [0.0] * 8 + [0.0004, 0.9996]
    result = bayes("pixelcnn-mnist", ("test", 8, "mnist"), [-90.0] * 10, posterior).to_props()
    assert "is most probably 9: p > 0.999. Its true class is 1, with p = 0.000" in result["words"]
    (true,) = (row for row in result["bars"]["rows"] if "✓" in row["title"])
    assert true["title"] == "1 ✓" and result["bars"]["rows"][8]["text"] == "<0.001"
