"""Bars and sentences that stand side by side: one axis for what is compared, and one unit a paragraph."""

import math

from explorer.tabs.autoencoders import told
from tests.node import call, run


def test_the_masses_of_all_objectives_have_one_axis_that_holds_the_largest():
    shares = {"cd": [0.1, 0.9], "pcd": [0.5, 0.5], "sm": [0.3, 0.7], "dsm": [0.6, 0.4]}
    found = call("energy/ways_words.js", "scaleOf", {"shares": shares}, {"pieces": [1, 3]})
    assert found["wanted"] == [0.25, 0.75] and found["top"] == 1.5
    narrow = call("energy/ways_words.js", "scaleOf", {"shares": shares}, {"pieces": [1, 1, 1, 1, 1, 1]})
    assert narrow["top"] == 0.9, "the largest of all four"


def test_the_digits_of_both_networks_have_one_axis_that_holds_the_largest():
    drawn = {"kl": 0.1, "se": 0.01, "sure": 0.5}
    own, vae = ({"classes": classes, **drawn} for classes in ([0, 0, 0, 1], [5, 6, 7, 8]))
    found = told.drawn("plain", "standard", own, vae, [str(label) for label in range(10)])["charts"]
    assert [chart["ys"] for chart in found] == [[0, 3], [0, 3]]
    assert [bar["y"] for bar in found[0]["bars"][:3]] == [3, 1, 0]


def test_gradients_of_objectives_with_units_of_their_own_say_where_their_axis_ends():
    frame = {"found": {"cd": {"kl": 0.1}}, "phases": {"cd": {"positive": 2, "negative": 1.5, "both": 0.5}}}
    assert "on an axis to 3.00: positive phase 2.00" in call("energy/live_words.js", "wayCaption", frame, "cd", 3)


def test_the_sentences_of_an_image_that_is_scored_are_in_nats_alone():
    told = {"name": "a 3", "raster": False, "total": -86.25, "half": 41, "place": "row 3, column 4", "most": 5.1}
    said = call("autoregressive/words.js", "scoreWords", told | {"expected": 80})
    assert "bits" not in said and "log p(x) = −86.25 nats" in said and "alone costs 5.10 nats" in said
    assert "expected 80.00 nats along the way, and the image cost 86.25" in said


def test_the_sentence_of_an_override_is_in_nats_alone():
    body = """const { overrideWords } = await load("autoregressive/words.js");
    const trace = (p) => ({ order: [...Array(784).keys()], logProb: () => Array(784).fill(Math.log(p)),
      logProbSoFar: () => 784 * Math.log(p) });
    const change = { first: 10, before: 0, after: () => 5 };
    return overrideWords({ original: trace(0.5), branch: trace(0.25), change, over: [1], known: 784 });"""
    said = run(body)
    assert "bits" not in said
    assert f"costs {math.log(4):.2f} nats instead of {math.log(2):.2f}" in said
