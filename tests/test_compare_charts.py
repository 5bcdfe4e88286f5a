"""Charts over all families: what they are drawn of, and what is said of them to who cannot see them."""

import math
from itertools import combinations

import pytest

from explorer.measures.quality import FLOOR
from explorer.networks.card import row
from explorer.numbers.beside import BESIDE_SIZES, box, overlap
from explorer.tabs.compare import charts


def card(kind: str | None, ratio: float, ms: float, right: float) -> dict:
    judged = [("frechet", 0.5, None, FLOOR), ("frechet", 0.5 * ratio, 0, "a"), ("frechet", 0.6 * ratio, 1, "a")]
    judged += [("frechet", 9.0, 0, "b")]
    quality = [row(name, value, seed=seed, pixels="binarised", way=way) for name, value, seed, way in judged]
    probed = [
        row("accuracy", right, se=0.01, of="codes", labels=100),
        row("accuracy", 0.7, of="pixels", labels=100, se=0),
    ]
    probed += [
        row("accuracy", each, se=0.03, of=of, labels=100)
        for of, each in (("images", 0.6), ("images and samples", right))
    ]
    return {
        "kind": kind,
        "quality": {"rows": quality, "n": 10_000},
        "compare": {"sampling": {"milliseconds": ms}},
        "probe": {"rows": probed, "represents": "its code"},
    }


CARDS = {"One": card("bound", 4, 2.0, 0.9), "Two": card(None, 20, 0.5, 0.5)}


def test_quality_is_set_against_time_with_the_range_of_the_seeds():
    (plot,) = charts.frontier(CARDS)
    one, two = plot.figure.data
    assert (one.name, two.name) == ("≤ bound", "∅ no likelihood")
    assert list(one.x) == [2.0] and list(one.text) == ["One"] and list(two.x) == [0.5]
    assert one.y[0] == pytest.approx((4 + 4.8) / 2) and one.error_y.array[0] == pytest.approx(0.4)
    assert "One 4.40 times the floor at 2.00 ms" in plot.words
    assert not list(charts.frontier({"One": CARDS["One"], "Two": {}}))


def test_a_family_that_was_judged_by_fewer_samples_is_named():
    few = CARDS["Two"] | {"quality": CARDS["Two"]["quality"] | {"n": 2_000}}
    (plot,) = charts.frontier(CARDS | {"Two": few})
    assert "fewer samples, which flatters: Two (2,000)." in plot.words
    (plot,) = charts.frontier(CARDS)
    assert "fewer" not in plot.words


@pytest.mark.parametrize("dataset", ["mnist", "fashion-mnist"])
def test_no_name_lies_over_another_or_outside_and_who_is_missing_is_said(dataset: str):
    cards = charts.cards_of(dataset)
    (plot,) = charts.frontier(cards)
    layout, (width, height) = plot.figure.layout, BESIDE_SIZES[0]
    inside = [
        [(math.log10(value) - low) / (high - low) for each in plot.figure.data for value in getattr(each, axis)]
        for axis, (low, high) in (("x", layout.xaxis.range), ("y", layout.yaxis.range))
    ]
    names, places = (
        [name for each in plot.figure.data for name in getattr(each, of)] for of in ("text", "textposition")
    )
    boxes = [box((x * width, y * height), name, place) for x, y, name, place in zip(*inside, names, places)]
    assert not [(a, b) for a, b in combinations(boxes, 2) if overlap(a, b)]
    assert all(left >= 0 and right <= width and low >= 0 and high <= height for left, right, low, high in boxes)
    missing = {title for title, card in cards.items() if card["draws"]} - set(names)
    said = layout.title.subtitle.text.replace("<br>", " ")
    assert missing and all(title in said and title in plot.words for title in missing) and "judged" in said


def test_what_is_read_from_codes_stands_beside_the_pixels_the_best_first():
    (plot,) = charts.probes(CARDS)
    assert [trace.name for trace in plot.figure.data] == ["One", "Two", "raw pixels"]
    assert plot.figure.data[0].error_y.array[0] == pytest.approx(0.0196)
    assert "One 90.0%, raw pixels 70.0%, Two 50.0%" in plot.words and "of One: its code" in plot.words
    assert not list(charts.probes({"One": {}}))


def test_what_samples_gain_is_the_difference_with_the_error_of_both():
    (plot,) = charts.augmentation(CARDS)
    (few,) = plot.figure.data
    assert list(few.y) == pytest.approx([0.3, -0.1]) and few.error_y.array[0] == pytest.approx(1.96 * 0.03 * 2**0.5)
    assert "One +30.0 points, Two -10.0 points" in plot.words


def test_every_family_of_digits_is_read():
    found = charts.cards_of("mnist")
    assert {"32-latent VAE", "PixelCNN", "GAN", "Diffusion"} <= set(found)
    assert found["PixelCNN"]["kind"] == "exact" and found["GAN"]["kind"] is None


@pytest.mark.parametrize("dataset", ["mnist", "fashion-mnist"])
def test_codes_of_what_makes_nothing_are_set_beside_the_others_and_nothing_else_is(dataset: str):
    found = charts.cards_of(dataset)
    encoders = {"Autoencoder", "Denoising autoencoder", "Contractive autoencoder", "Sparse autoencoder"}
    (plot,) = charts.probes(found)
    assert encoders <= {trace.name for trace in plot.figure.data}
    assert plot.figure.layout.height > 340, "so many names leave nothing of a chart of the usual height"
    judged = [trace for chart in charts.frontier(found) for trace in chart.figure.data]
    assert not encoders & {title for trace in judged for title in trace.text}
    helped = [trace for chart in charts.augmentation(found) for trace in chart.figure.data]
    assert not encoders & {title for trace in helped for title in trace.x}
