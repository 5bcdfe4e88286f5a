"""A visitor's own sound before it is asked about: its channels, its rate, and the word in it."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.spaces.wave import mu_law_decode
from explorer.tabs.sound.recordings import recording
from tests.node import run

RATE, LONGEST = 8_000, 8_000
WORD = """
const { monoOf, resampled, SoundError, wordOf } = await load("sound/heard.js");
try {
  const channels = given.map((each) => Float32Array.from(each, (value) => value ?? NaN));
  return [...wordOf(resampled(monoOf(channels), from, rate), rate, longest)];
} catch (error) {
  if (!(error instanceof SoundError)) throw error;
  return error.message;
}
"""


@cache
def spoken(digit: int = 3, speaker: str = "theo") -> np.ndarray:
    amplitude = mu_law_decode(recording(digit, speaker)[0]).numpy()
    return 0.25 * amplitude / np.abs(amplitude).max()


def heard(*channels: np.ndarray, rate: int = RATE) -> np.ndarray | str:
    given = [[None if np.isnan(each) else float(each) for each in channel] for channel in channels]
    found = run(WORD, given=given, rate=RATE, longest=LONGEST, **{"from": rate})
    return found if isinstance(found, str) else np.array(found)


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE))


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Largest correlation of two sounds over all shifts."""
    return np.correlate(a, b, "full").max() / np.sqrt((a @ a) * (b @ b))


@pytest.mark.parametrize("digit", range(10))
def test_a_word_is_whole_at_full_volume_and_without_the_silence_around_it(digit: int):
    word = spoken(digit)
    found = heard(np.concatenate([quiet(0.3), word, quiet(0.4)]))
    assert np.abs(found).max() == pytest.approx(1)
    assert likeness(found, word) > 0.99 and len(found) <= len(word) + 0.05 * RATE


@pytest.mark.parametrize("offset", [0.4, -0.3])
def test_a_constant_offset_changes_nothing(offset: int):
    plain = np.concatenate([quiet(0.3), spoken(), quiet(0.4)])
    assert np.allclose(heard(plain + offset), heard(plain), atol=1e-5)


@pytest.mark.parametrize("samples", [1, 8, 40, 120])
@pytest.mark.parametrize("gap", [0.02, 0.1, 1.2])
def test_a_click_before_the_word_is_none_of_it(samples: int, gap: float):
    click = np.ones(samples) * (-1) ** np.arange(samples)
    found = heard(np.concatenate([quiet(0.1), click, quiet(gap), spoken(), quiet(0.1)]))
    assert likeness(found, spoken()) > 0.98 and np.abs(found).max() == pytest.approx(1)


def test_a_loud_click_after_the_word_is_none_of_it():
    click = np.ones(60) * (-1) ** np.arange(60)
    found = heard(np.concatenate([spoken(), quiet(0.1), click, quiet(0.1)]))
    assert likeness(found, spoken()) > 0.98


@pytest.mark.parametrize(
    "channels", [(1, -1), (1, 0), (0, 1), (1, 1), (1, -0.9)], ids=["antiphase", "left", "right", "both", "nearly"]
)
def test_stereo_is_heard_however_its_channels_lie(channels: tuple[float, ...]):
    found = heard(*(each * spoken() for each in channels))
    assert abs(likeness(found, spoken())) > 0.99


@pytest.mark.parametrize(
    ("samples", "said"),
    [([np.nan, *spoken()], "no numbers"), ([0.9], "shorter than 50 ms"), ([], "shorter than 50 ms")]
    + [([0.0] * 4_000, "Nothing can be heard"), ([0.7] * 4_000, "Nothing can be heard")],
    ids=["not a number", "one sample", "none", "silence", "offset alone"],
)
def test_what_is_no_word_is_said_in_a_sentence(samples: list[float], said: str):
    assert said in heard(np.array(samples))


def test_an_infinite_sample_is_no_number():
    body = "const { monoOf } = await load('sound/heard.js');"
    body += "try { monoOf([Float32Array.of(0, 1 / zero)]); } catch (error) { return error.message; }"
    assert "no numbers" in run(body, zero=0)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_another_rate_is_converted_without_aliases(rate: int):
    seconds = np.arange(round(0.5 * rate)) / rate
    for hertz, gain in ((300, 1), (1_000, 1), (3_000, 1), (5_000, 0), (7_000, 0)):
        body = "return [...(await load('sound/heard.js')).resampled(Float32Array.from(given), rate, 8000)];"
        found = np.array(run(body, given=np.sin(2 * np.pi * hertz * seconds).tolist(), rate=rate))
        wanted = gain * np.sin(2 * np.pi * hertz * np.arange(len(found)) / RATE)
        assert len(found) == 4_000 and np.abs(found - wanted)[300:-300].max() < 0.01


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1, 1, width=32), min_size=400, max_size=1_200), st.integers(1, 2))
def test_whatever_is_heard_is_a_sound_within_bounds_or_a_sentence(samples: list[float], channels: int):
    found = heard(*[np.array(samples)] * channels)
    assert isinstance(found, str) or (0 < len(found) <= LONGEST and np.abs(found).max() <= 1)
