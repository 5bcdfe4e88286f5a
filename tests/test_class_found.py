"""What a class finds: d′ against observers whose d′ is known, and bits of a forecast against its probabilities."""

import base64
import math
from collections import Counter
from statistics import NormalDist

import numpy as np
import pytest
import torch

from explorer import data
from explorer.classes import passages, trials
from explorer.classes.made import PHONE_TRIALS
from explorer.classes.passages import PASSAGE_CONTEXT, PASSAGE_GUESSED, PASSAGE_KEYS, PASSAGE_SYMBOLS
from explorer.classes.room import FEWEST_VOTES
from explorer.commands import class_tasks
from explorer.networks import card, checkpoints
from explorer.questions import make
from explorer.spaces import TEXT
from explorer.spaces.packing import unpack_bits
from explorer.steps import last
from explorer.tabs.compare.recorded import weights
from explorer.tabs.compare.tab import family_value

TRUE = [0.0, 0.5, 1.0, 2.0]  # d′ of simulated families
normal = NormalDist()


def simulated(chance: np.random.Generator, phones: int, spread: float = 0.0, each: int = 3) -> np.ndarray:
    """Counts of observers with equal variances, d′ of `TRUE`, and criteria at half the largest d′ with a spread."""
    found = np.zeros((phones, len(TRUE) + 1, 2))
    for phone in range(phones):
        criterion = 0.7 + spread * chance.standard_normal()
        for source, mean in enumerate([*TRUE, 0.0]):
            n = 4 * each if source == len(TRUE) else each
            found[phone, source] = n, (mean + chance.standard_normal(n) > criterion).sum()
    return found


def test_d_prime_of_many_observers_is_the_true_one():
    pooled = simulated(np.random.default_rng(1), 4_000).sum(0)
    assert np.allclose(trials.sensitivity(pooled), TRUE, atol=0.06)


def test_rates_of_nought_and_one_are_corrected_log_linearly():
    found = np.array([[10.0, 10], [10, 0], [20, 0]])
    score = normal.inv_cdf
    assert np.allclose(
        trials.sensitivity(found), [score(10.5 / 11) - score(0.5 / 21), score(0.5 / 11) - score(0.5 / 21)]
    )


def test_the_interval_holds_the_true_d_prime_nineteen_times_in_twenty(monkeypatch: pytest.MonkeyPatch):
    """150 classes of 60: a binomial count of at least 0.9, for each family, where 0.95 is wanted."""
    monkeypatch.setattr(trials, "TRIAL_RESAMPLES", 300)
    chance, inside = np.random.default_rng(2), np.zeros(len(TRUE))
    for _ in range(150):
        low, high = trials.interval(simulated(chance, 60))
        inside += (low <= TRUE) & (high >= TRUE)
    assert (inside / 150 > 0.9).all() and (inside / 150 < 0.995).all()


def test_criteria_that_differ_make_the_pooled_d_prime_smaller():
    chance = np.random.default_rng(3)
    alike, different = (trials.sensitivity(simulated(chance, 3_000, spread).sum(0))[3] for spread in (0.0, 1.0))
    assert different < alike - 0.4
    assert different == pytest.approx(2 / math.sqrt(2), abs=0.1)  # criteria add their variance of 1 to that of 1


def test_each_phone_judges_as_many_test_images_as_made_ones_and_the_class_all_families():
    plans = [trials.plan("BCDFH", 1, f"{k:064x}") for k in range(400)]
    families = len(trials.read()["families"])
    for each in plans:
        sources = Counter(family for family, _ in each)
        assert len(each) == PHONE_TRIALS and sources[trials.TRIAL_REAL] == PHONE_TRIALS // 2
        assert len(set(each)) == PHONE_TRIALS and max(sources[k] for k in range(families)) == 1
    seen = Counter(family for each in plans for family, _ in each)
    wanted = 400 * PHONE_TRIALS / 2 / families
    assert all(abs(seen[k] - wanted) < 5 * math.sqrt(wanted) for k in range(families))
    firsts = [each[0][0] == trials.TRIAL_REAL for each in plans]
    assert abs(sum(firsts) - 200) < 50 and plans[0] == trials.plan("BCDFH", 1, f"{0:064x}") != plans[1]


def test_judgements_are_counted_with_the_source_that_was_displayed():
    answers = {f"{k:064x}": {trial: (k + trial) % 2 for trial in range(PHONE_TRIALS)} for k in range(6)}
    found = trials.judged("BCDFH", 3, answers)
    wanted = Counter()
    for phone, judged in answers.items():
        for trial, (family, _) in enumerate(trials.plan("BCDFH", 3, phone)):
            wanted[family, judged[trial]] += 1
    rows = dict(enumerate(found["families"]))
    assert all(rows[k]["n"] == wanted[k, 0] + wanted[k, 1] for k in rows)
    told = {k: each["hits"] for k, each in rows.items() if "hits" in each}
    assert told == {k: wanted[k, 1] for k in rows if rows[k]["n"] >= FEWEST_VOTES} and len(told) < len(rows)
    assert found["all"]["hits"] == sum(wanted[k, 1] for k in rows)
    assert found["real"] == {"n": 60, "alarms": wanted[trials.TRIAL_REAL, 1]}


def test_the_recorded_images_are_what_the_networks_draw_and_the_metric_is_that_of_the_card():
    found = trials.read()
    assert (unpack_bits(base64.b64decode(found["real"])).view(-1, 784) == bits("mnist")).all()
    for each in found["families"]:
        assert each["sha"] == weights(each["net"]), f"run python -m explorer.class_tasks {each['net']}"
        assert each["frechet"] == family_value(each["net"], card.of(each["net"]), None)["frechet"]
        assert len(unpack_bits(base64.b64decode(each["images"]))) == 784 * class_tasks.MADE_IMAGES
    (gan,) = [each for each in found["families"] if each["net"] == "gan-mnist"]
    x = last(make.steps(checkpoints.load("gan-mnist"), class_tasks.MADE_IMAGES, class_tasks.MADE_SEED)).x
    again = data.binarise(x, data.APART + class_tasks.MADE_SEED).flatten()
    assert (unpack_bits(base64.b64decode(gan["images"])) != again).float().mean() < 1e-3


def bits(dataset: str) -> torch.Tensor:
    return data.bundled_binary_images(dataset)[: class_tasks.REAL_IMAGES].view(-1, 784)


# guesses


def test_a_forecast_is_a_distribution_that_becomes_the_shares_of_the_votes():
    frequencies = passages.read()["frequencies"]
    assert set(frequencies) == set(PASSAGE_SYMBOLS) and sum(frequencies.values()) == pytest.approx(1)
    for votes in ({}, {"e": 3, "t": 2}, {"e": 3_000_000, "t": 2_000_000}):
        found = passages.forecast(votes, frequencies)
        assert sum(found.values()) == pytest.approx(1) and min(found.values()) > 0
    assert found["e"] == pytest.approx(0.6, abs=1e-5) and found["q"] < 1e-6
    nobody = passages.bits([[]], ["e"], frequencies)
    assert nobody == pytest.approx([-math.log2(frequencies["e"])])


def test_the_bits_of_a_class_that_votes_by_a_known_distribution_are_its_cross_entropy():
    """Characters from p, and votes from q: the mean of the bits tends to −Σ p log₂ q."""
    chance, p, q = np.random.default_rng(0), [0.5, 0.3, 0.2], [0.4, 0.4, 0.2]
    truth = chance.choice(list("abc"), 3_000, p=p).tolist()
    guesses = [chance.choice(list("abc"), 400, p=q).tolist() for _ in truth]
    wanted = -sum(each * math.log2(other) for each, other in zip(p, q))
    assert np.mean(passages.bits(guesses, truth, passages.read()["frequencies"])) == pytest.approx(wanted, abs=0.04)


def test_characters_with_few_guesses_are_left_out_and_capitals_count_as_small_letters():
    text = passages.read()["passages"][0]["text"][PASSAGE_CONTEXT:]
    right = {place: [text[place].lower()] * (FEWEST_VOTES - (place == 1)) for place in range(4)}
    found = passages.compared(right, 0)
    assert [each["place"] for each in found["characters"]] == [0, 2, 3]
    assert all(each["hits"] == each["n"] and each["top"][0][1] == FEWEST_VOTES for each in found["characters"])
    costs = [each["class"] - each["net"] for each in found["characters"]]
    assert found["difference"] == pytest.approx(np.mean(costs))
    assert found["error"] == pytest.approx(np.std(costs, ddof=1) / math.sqrt(3))


def test_the_recorded_bits_are_the_transformers_and_the_passages_new_to_it():
    """Against the product of conditionals: the probability of the guessed end, summed over capitals at one place."""
    known = passages.read()
    model = checkpoints.load(known["net"])
    seen = "".join(TEXT.alphabet[k] for k in data.SHAKESPEARE.load("train+held-out").codes.tolist())
    for each in known["passages"]:
        text = each["text"]
        assert len(text) == PASSAGE_CONTEXT + PASSAGE_GUESSED and text not in seen
        assert set(text[PASSAGE_CONTEXT:].lower()) <= set(PASSAGE_KEYS)
        for place in (0, 7, PASSAGE_GUESSED - 1):
            at = PASSAGE_CONTEXT + place
            both = {text[at], text[at].lower(), text[at].upper()}
            texts = torch.stack([TEXT.codes(text[:at] + one) for one in both])
            p = model.conditionals(texts)[:, -1].double().exp().sum()
            assert each["bits"][place] == pytest.approx(-math.log2(float(p)), abs=2e-3)
