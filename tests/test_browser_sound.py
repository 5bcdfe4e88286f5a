"""Sounds in a real browser: what is heard and what is saved are the samples on screen."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer.spaces.wave import mu_law_decode
from explorer.tabs.sound.recordings import recording
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


OLD = """
const { OfflineAudioContext: Newer, BaseAudioContext: Base, AudioContext } = globalThis;
globalThis.rates = [];
const least = (rate) => {
  if (rate < 22050) throw new DOMException("The browser's own words", "NotSupportedError");
  rates.push(rate);
};
globalThis.webkitOfflineAudioContext = function (channels, length, rate) {
  least(rate);
  const context = new Newer(channels, length, rate);
  return { decodeAudioData: (bytes, done, fail) => void context.decodeAudioData(bytes).then(done, () => fail(null)) };
};
delete globalThis.OfflineAudioContext;
const { createBuffer } = Base.prototype;
Base.prototype.createBuffer = function (channels, length, rate) {
  least(rate);
  return createBuffer.call(this, channels, length, rate);
};
globalThis.webkitAudioContext = AudioContext;
delete globalThis.AudioContext;
"""


def sound_file(path: Path, amplitude: np.ndarray) -> Path:
    """A WAV file with floating-point samples, at 8,000 a second."""
    body = amplitude.astype("<f4").tobytes()
    head = struct.pack("<IHHIIHH", 16, 3, 1, 8_000, 32_000, 4, 32)
    size = struct.pack("<I", 20 + len(head) + len(body))
    path.write_bytes(b"RIFF" + size + b"WAVEfmt " + head + b"data" + struct.pack("<I", len(body)) + body)
    return path


def test_a_browser_that_knows_no_low_rate_reads_and_plays_a_sound(page: Page, app_url: str, tmp_path: Path):
    page.add_init_script(OLD)
    page.add_init_script(HEARD)
    TAB.open(page, app_url, "mode=digit&speaker=theo")
    spoken = mu_law_decode(recording(3, "theo")[0]).numpy()
    TAB.panel(page).locator("input[type=file]").set_input_files(sound_file(tmp_path / "three.wav", spoken))
    TAB.wait_until(page, "x.mode().answer?.isCurrent && x.mode().answer.asked.own")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Bayes' rule says 3.")
    page.get_by_role("button", name="Listen", exact=True).click()
    page.wait_for_function("heard.length === 1")
    assert page.evaluate("rates[0]") == 44_100 and page.evaluate("heard[0][1]") >= 22_050


OWN_WORDS = "The browser's own words"
REFUSALS = {
    "NotAllowedError": "is not allowed",
    "NotFoundError": "No microphone was found",
    "NotReadableError": "Another program uses the microphone",
    "UnknownError": "did not start",
}
BROKEN = {
    "text.wav": (lambda path: path.write_bytes(b"hello " * 50), "cannot read this file as sound"),
    "empty.wav": (lambda path: path.write_bytes(b""), "cannot read this file as sound"),
    "large.wav": (lambda path: path.write_bytes(bytes(1_000_001)), "larger than 1 MB"),
    "one.wav": (lambda path: sound_file(path, np.array([0.9])), "shorter than 50 ms"),
    "offset.wav": (lambda path: sound_file(path, np.full(4_000, 0.5)), "Nothing can be heard"),
}


def test_whatever_fails_is_said_in_the_words_of_the_page(page: Page, app_url: str, tmp_path: Path):
    TAB.open(page, app_url, "mode=digit&speaker=theo")
    says = TAB.panel(page).locator(".own-says")
    record = page.get_by_role("button", name="Record a second")
    refuse = """(name) => navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("The browser's own words", name);
    }"""
    for name, said in REFUSALS.items():
        page.evaluate(refuse, name)
        record.click()
        expect(says).to_contain_text(said)
        assert OWN_WORDS not in says.inner_text()
    silent = "() => navigator.mediaDevices.getUserMedia = async () => ({ getTracks: () => [] })"
    page.evaluate(silent)  # a stream that the recorder does not take
    record.click()
    expect(says).to_have_text("The recording failed. Open a file instead.")
    page.evaluate("delete globalThis.MediaRecorder")
    record.click()
    expect(says).to_contain_text("This browser cannot record sound")
    for name, (write, said) in BROKEN.items():
        write(tmp_path / name)
        TAB.panel(page).locator("input[type=file]").set_input_files(tmp_path / name)
        expect(says).to_contain_text(said)
