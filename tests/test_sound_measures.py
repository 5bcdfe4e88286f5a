"""Rivals of WaveNet: sizes and probabilities of codes without a network, beside independent calculations."""

import lzma

import numpy as np
import pytest
import torch

from explorer.data.spoken_digits import SPEAKERS
from explorer.measures import sound, sound_rivals
from explorer.measures.archivers import sizes
from explorer.measures.sound_rivals import Predictor
from explorer.models.wavenet import WaveNet
from explorer.networks.card import find, rows
from explorer.numbers.rows import join_words
from explorer.spaces import SOUND
from explorer.spaces.wave import mu_law_encode
from explorer.tabs.sound import digit as sound_digit
from explorer.tabs.sound import evidence
from explorer.tabs.sound import score as sound_score
from explorer.tabs.sound.compress import CODED
from explorer.tabs.sound.recordings import NET, recording
from tests.cards import card_of


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, count)


def test_the_linear_predictor_is_a_probability_of_every_level():
    start, weights = np.array([100, 140, 90, 250]), np.array([0.9, -0.2])
    predictor = Predictor(0.9, 1.0)
    last = [predictor.costs(np.append(start, level), weights)[-1] for level in range(256)]
    assert np.exp2(-np.array(last)).sum() == pytest.approx(1, abs=1e-6)
    assert predictor.costs(start, weights)[:2] == pytest.approx(predictor.costs(start[:2], weights))


def voice(count: int) -> np.ndarray:
    """Levels of two damped resonances that a little noise excites: a linear recurrence of amplitudes."""
    rng, a = np.random.default_rng(0), np.zeros(count)
    poles = [0.98 * np.exp(0.3j), 0.95 * np.exp(0.9j)]
    weights = -np.poly([*poles, *np.conj(poles)]).real[1:]
    for t in range(4, count):
        a[t] = weights @ a[t - 4 : t][::-1] + rng.standard_normal()
    return mu_law_encode(torch.from_numpy(a / np.abs(a).max())).numpy()


def test_a_rival_predicts_amplitudes_in_which_a_voice_is_linear():
    levels = voice(3_000)
    y = levels.astype(float) - 128
    of_levels = sound_rivals.before(y, 8) @ sound_rivals.fit(y, 8)
    residuals = [levels - np.rint(128 + of_levels)]
    a = sound_rivals.amplitudes(levels)
    residuals.append(levels - sound_rivals.nearest(sound_rivals.before(a, 8) @ sound_rivals.fit(a, 8)))
    sizes = [sound_rivals.rice_bits(each) for each in residuals]
    assert sizes[1] < 0.9 * sizes[0]
    assert sound_rivals.flac_bits(levels) < 0.95 * sizes[0]
    assert Predictor(0.9, 1.0).bits(levels) < sound_rivals.flac_bits(levels)


def test_the_weights_of_a_predictor_are_paid_for_and_have_12_bits():
    levels = voice(500)
    found = sound_rivals.fit(sound_rivals.amplitudes(levels), 8)
    assert np.array_equal(found * 512, np.rint(found * 512)) and np.abs(found).max() <= 4
    predictor = Predictor(0.9, 1.0)
    orders = [sound_rivals.fit(sound_rivals.amplitudes(levels), order) for order in sound_rivals.RIVALS_ORDERS]
    wanted = min(float(predictor.costs(levels, each).sum()) + 12 * len(each) for each in orders)
    assert predictor.bits(levels) == pytest.approx(wanted + sound_rivals.ORDER)


def test_least_squares_finds_the_weights_of_a_linear_recurrence():
    y = np.zeros(400)
    y[:2] = 1, 3
    for t in range(2, 400):
        y[t] = 1.6 * y[t - 1] - y[t - 2]
    assert sound_rivals.fit(y, 2) == pytest.approx([1.6, -1], abs=5e-3)


def test_a_rice_code_has_its_length_counted_by_hand():
    """Residuals 0, −1, 3 become 0, 1, 6. Parameter 1 takes 2 + 2 + 5 bits, and no other takes fewer."""
    assert sound_rivals.rice_bits(np.array([0, -1, 3])) == 5 + 9


def test_flac_stores_a_straight_line_in_few_bits_and_noise_in_more_than_seven():
    line = np.arange(256)
    assert sound_rivals.flac_bits(line) < 900
    assert sound_rivals.flac_bits(noise(4_000)) > 7 * 4_000


def test_xz_is_one_figure_of_a_recording_wherever_it_stands():
    levels = recording(3, "lucas")[0]
    x = levels[:CODED].unsqueeze(0)
    (beside,) = (each for each in sizes(SOUND, x) if each.title == "xz")
    raw = x[0].numpy().astype(np.uint8).tobytes()
    assert 8 * beside.code / x.shape[1] == sound_score.rivals(x)["xz"]
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]
    assert beside.code == len(lzma.compress(raw, lzma.FORMAT_RAW, filters=filters))


def test_the_card_has_the_rivals_of_the_page():
    """Of the recordings that ship with the app, one of each digit and speaker of the 300, within four errors."""
    card = card_of(NET)
    found = [(sound_score.rivals(x), x.shape[1]) for x in (recording(d, s) for d in range(0, 10, 5) for s in SPEAKERS)]
    for by in ("xz", "FLAC’s method", "linear predictor"):
        mean = sum(bits[by] * n for bits, n in found) / sum(n for _, n in found)
        row = find(card, "bits", by=by)
        assert abs(mean - row["value"]) < 4 * row["se"] * (row["n"] / len(found)) ** 0.5
    assert find(card, "bits", by="linear predictor")["value"] < 5.1
    assert find(card, "bits")["value"] < find(card, "bits", by="linear predictor")["value"] - 1


def test_a_mean_over_samples_weighs_recordings_by_their_length():
    found = sound.per_sample("bits", torch.tensor([30.0, 10.0]).double(), torch.tensor([10, 2]), "exact")
    assert found["value"] == pytest.approx(40 / 12) and found["n"] == 2
    alike = sound.per_sample("bits", torch.tensor([20.0, 4.0]).double(), torch.tensor([10, 2]), "exact")
    assert alike["se"] == pytest.approx(0)


def test_calibration_of_moments_is_counted_by_hand_and_its_error_is_over_recordings():
    def sure(p: float, digit: int) -> torch.Tensor:
        return torch.full((10,), (1 - p) / 9, dtype=torch.double).index_fill(0, torch.tensor([digit]), p)

    moments = [
        torch.stack([sure(0.55, 3), sure(0.95, 3), sure(1.0, 3)]),
        torch.stack([sure(0.55, 1), sure(0.97, 4)]),
        torch.stack([sure(0.51, 2)]),
    ]
    found = sound.reliability(moments, torch.tensor([3, 4, 2]))
    assert [(each["n"], each["right"]) for each in found] == [(3, 2), (3, 3)]
    assert found[0]["sure"] == pytest.approx((0.55 + 0.55 + 0.51) / 3)
    gaps = [1 - 2 / 3, 0 - 2 / 3, 1 - 2 / 3]  # of each recording, in the first of the two tenths
    assert found[0]["se"] == pytest.approx(sum(gap**2 for gap in gaps) ** 0.5 / 3)
    assert found[1]["se"] == 0
    twice = sound.reliability([each.repeat(4, 1) for each in moments], torch.tensor([3, 4, 2]))
    assert [each["se"] for each in twice] == pytest.approx([each["se"] for each in found])


def test_the_posterior_after_every_sample_is_that_of_the_samples_so_far():
    model = WaveNet(channels=4, skips=4, layers=3).eval().requires_grad_(False)
    x = SOUND.noise(1, torch.Generator().manual_seed(0))[0, :50]
    found = sound.by_digit(model, x, 2)
    for t in (1, 17, 50):
        for digit in (0, 7):
            alone = float(model.log_prob(x[None, :t], torch.tensor([20 + digit])))
            assert float(found[t - 1, digit]) == pytest.approx(alone, rel=1e-5)


def test_hiss_and_vowel_are_told_apart_by_their_changes_of_sign():
    t = torch.arange(640)
    vowel, hiss = 0.5 * torch.sin(0.2 * t), 0.1 * torch.randn(640, generator=torch.Generator().manual_seed(0))
    levels = mu_law_encode(torch.cat([hiss, vowel, torch.zeros(640), torch.zeros(7)]))
    found = sound.hiss_and_vowel(levels)
    assert [each.nonzero()[:, 0].tolist() for each in found] == [[*range(640)], [*range(640, 1_280)]]


def test_the_tour_tells_of_which_speakers_the_hiss_costs_more():
    """Recomputed from the rows: a t-test of the differences, at 5 % for all six speakers together."""
    limits = {5: 4.851, 4: 6.232, 3: 10.886, 2: 76.39}  # t quantiles at 1 − 0.05 / 12, for n − 1 degrees of freedom
    signs: dict[int, list[str]] = {}
    for row in rows(card_of(NET), "excess"):
        t = row["value"] / row["se"]
        sign = (t > 0) - (t < 0) if abs(t) > limits[row["n"]] else 0
        signs.setdefault(sign, []).append(row["speaker"].title())
    more, fewer, tied = (join_words(signs[each]) for each in (1, -1, 0))
    assert evidence.hiss_reading({NET: card_of(NET)}) == (
        f"The hiss costs more than the vowel of {more}. The hiss costs less than the vowel of {fewer}. "
        f"No difference is measured of {tied}."
    )
    assert "Lucas" in signs[1], "the tour shows his six, in which the hiss costs most"


def test_the_page_says_that_bayes_rule_is_told_the_speaker_and_the_classifier_is_not():
    said = sound_digit.digit_words(3, 3, card_of(NET))
    assert "Told the speaker, it gets" in said and "which is not told the speaker, gets" in said
