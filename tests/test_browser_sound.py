"""Sounds in a real browser: what is heard and what is saved are the samples on screen."""

import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer.spaces.wave import mu_law_decode
from explorer.tabs.sound.server import recording
from tests.stage import saved, url_in
from tests.tab import Tab

TAB = Tab("sound", "sound", "speak")
HEARD = """window.heard = [];
const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (...given) {
  const samples = this.buffer.getChannelData(0);
  heard.push([samples.length, this.buffer.sampleRate, Math.max(...samples.map(Math.abs))]);
  return start.apply(this, given);
};"""


def test_the_stretch_that_costs_most_is_where_it_is_said_to_be(page: Page, app_url: str):
    TAB.open(page, app_url, "mode=score")
    TAB.wait_until(page, "x.mode().answer?.isCurrent")
    bits = np.array(TAB.value(page, "x.mode().answer.value.bits"))
    start = np.convolve(bits, np.ones(160), "valid").argmax()
    expect(TAB.panel(page).locator(".seen")).to_contain_text(f"begin at {start / 8:.0f} ms")


@pytest.mark.core
def test_a_recording_is_heard_at_full_volume_and_saved(page: Page, app_url: str, tmp_path: Path):
    page.add_init_script(HEARD)
    TAB.open(page, app_url, "mode=score")
    TAB.wait_until(page, "x.mode().answer?.isCurrent")
    page.get_by_role("button", name="Listen", exact=True).click()
    page.wait_for_function("heard.length === 1")
    ((length, rate, loudest),) = page.evaluate("heard")
    assert loudest == pytest.approx(0.9, abs=1e-6)
    with wave.open(str(saved(page, "Save WAV", tmp_path))) as file:
        assert (file.getnframes(), file.getframerate(), file.getsampwidth()) == (length, rate, 2)


def test_an_own_sound_is_as_loud_as_the_speakers_and_gives_the_digit_of_the_same_recording(
    page: Page, app_url: str, tmp_path: Path
):
    levels = recording(3, "theo")
    amplitude = mu_law_decode(levels[0]).numpy()
    with wave.open(str(tmp_path / "three.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes((20_000 * amplitude / np.abs(amplitude).max()).astype("<i2").tobytes())
    TAB.open(page, app_url, "mode=digit&speaker=theo")
    TAB.panel(page).locator("input[type=file]").set_input_files(tmp_path / "three.wav")
    TAB.wait_until(page, "x.mode().answer?.isCurrent && x.mode().answer.asked.own")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Bayes' rule says 3.")
    assert "own" not in url_in(page)
    TAB.panel(page).get_by_role("button", name="Test recording again").click()
    TAB.wait_until(page, "x.mode().answer?.isCurrent && !x.mode().answer.asked.own")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Bayes' rule says 7, which is right.")
