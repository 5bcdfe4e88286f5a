"""Four targets on digits, recorded, and the same log-SNR at three resolutions."""

import math

import pytest
import torch

from explorer.measures.digit_targets import (
    DIGITS_APART,
    FULL_SIDE,
    RECORDED_AT,
    RECORDED_SEED,
    RECORDED_SIDE,
    RECORDED_SIDES,
    SETTING,
    digits,
    recorded_targets,
    shares,
    shown_views,
    three_views,
)
from explorer.models.live_targets import LOG_SNRS, TARGETS, Examples, Setting, Targets
from explorer.tabs.flow_matching.targets import learn_targets

LOG_4 = math.log(4)
BEGUN = 50  # recorded steps that are trained again


def test_the_mean_of_four_pixels_has_a_log_snr_that_is_log_4_higher():
    """Against the variance of what was added to the clean image."""
    for snr in (-4, 0):
        noised, clean = three_views(snr)
        found = [-math.log(float((x - c).square().mean())) for x, c in zip(noised, clean)]
        assert found[0] == pytest.approx(snr, abs=0.15)
        assert found[1] == pytest.approx(snr + LOG_4, abs=0.3)
        assert found[2] == pytest.approx(snr, abs=0.3)
        assert found[1] - found[2] > LOG_4 - 0.4
    assert shown_views(0).shape == (3, FULL_SIDE, FULL_SIDE)


def test_digits_keep_one_noise_level_a_pixel_at_every_resolution():
    found = {side: digits(side) for side in RECORDED_SIDES}
    assert float(found[FULL_SIDE].train.square().mean().sqrt()) == pytest.approx(1, abs=1e-3)
    for side, examples in found.items():
        assert examples.train.shape[1] == side**2 and len(examples.test) == DIGITS_APART
        assert float(examples.train.mean(0).abs().max()) < 1e-3
    means = found[FULL_SIDE].test.view(-1, RECORDED_SIDE, 2, RECORDED_SIDE, 2).mean((2, 4))
    assert torch.allclose(found[RECORDED_SIDE].test, means.flatten(1), atol=1e-4)


def test_the_record_is_what_its_seed_learns():
    """The first recorded step, by training of its own."""
    found = recorded_targets()
    assert found["seed"] == RECORDED_SEED and found["steps"] == [*RECORDED_AT] and found["snrs"] == [*LOG_SNRS]
    assert found["setting"] == {**vars(SETTING), "names": [*TARGETS]}
    learning = Targets(digits(RECORDED_SIDE), RECORDED_AT[-1], RECORDED_SEED, SETTING)
    for _ in range(BEGUN):
        learning.step()
    for name, measured in shares(learning).items():
        assert measured["error"] == pytest.approx(found["targets"][RECORDED_AT.index(BEGUN)][name]["error"], abs=0.02)


def test_an_untrained_edm_network_knows_the_optimal_linear_part():
    """With F = 0, D = c_skip x, whose error is σ² / (σ² + σ_d²) of the variance for any data."""
    generator = torch.Generator().manual_seed(0)
    data = Examples(*(torch.randn(4_000, 5, generator=generator) for _ in range(2)))
    learning = Targets(data, 1, 0, Setting(seeds=2, tested=4_000, names=("edm",)))
    with torch.no_grad():
        for weight in learning.nets.parameters():
            weight.zero_()
    found = shares(learning)["edm"]["error"]
    expected = [0.5 * math.log10(1 / (1 + math.exp(snr))) for snr in LOG_SNRS]
    assert found == pytest.approx(expected, abs=0.02)


def test_on_digits_data_are_best_at_much_noise_noise_at_little_and_edm_is_poor_nowhere():
    last = recorded_targets()["targets"][-1]
    error = {name: last[name]["error"] for name in TARGETS}
    assert error["data"][0] < error["noise"][0] and error["noise"][-1] < error["data"][-1]
    assert error["edm"][0] <= error["noise"][0] and error["edm"][-1] <= error["data"][-1]


def reached(side: int, error: float) -> float:
    """The log-SNR at which the error of a resolution falls to this, between two that were measured."""
    found = [10**each for each in recorded_targets()["sides"][str(side)]["error"]]
    k = next(k for k, each in enumerate(found) if each < error)
    return LOG_SNRS[k - 1] + (found[k - 1] - error) / (found[k - 1] - found[k])


@pytest.mark.parametrize(("small", "large", "error"), [(7, 14, 0.9), (14, 28, 0.8)])
def test_where_noise_hides_most_the_errors_of_two_resolutions_lie_about_log_4_apart(
    small: int, large: int, error: float
):
    assert reached(small, error) - reached(large, error) == pytest.approx(LOG_4, abs=0.3)


def test_edm_has_the_least_mean_error_but_not_in_the_middle():
    last = recorded_targets()["targets"][-1]
    assert min(TARGETS, key=lambda name: sum(last[name]["means"])) == "edm"
    assert last["data"]["error"][LOG_SNRS.index(0)] < last["edm"]["error"][LOG_SNRS.index(0)]


def test_the_film_of_digits_has_the_recorded_steps_and_the_pictures_at_its_end():
    script = learn_targets.props("flow-matching-moons", "digits", 300, 7)
    frames = [frame for _, frame in script.scenes() if frame]
    assert [frame["report"]["place"] for frame in frames] == [*RECORDED_AT] and len(frames) == script.total
    assert frames[0]["report"]["views"] is None
    assert len(frames[-1]["report"]["views"]) == len(LOG_SNRS)
