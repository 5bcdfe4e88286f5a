"""Server functions of the sound tab: what they draw and say is what the model says, and bad input is refused."""

import base64
import math

import pytest
import torch

from explorer.data import spoken_digits
from explorer.models.wavenet import WaveNet
from explorer.networks import checkpoints
from explorer.spaces import SOUND
from explorer.spaces.wave import mu_law_decode
from explorer.tabs.kit.ask.answers import frames
from explorer.tabs.sound import cached as sound_cached
from explorer.tabs.sound import recordings as sound_recordings
from explorer.tabs.sound import score as sound_score
from explorer.tabs.sound import tab
from explorer.tabs.sound.recordings import NET
from explorer.tabs.sound.tab import TAB
from tests.asking import wait_for, watched

ASK = {each.__name__: each for each in TAB.functions}
SAID = {"net": NET, "digit": 3, "speaker": "theo"}
RACE = {"time_cache": sound_cached.time_cache, "frames": frames}
GOOD = SAID | {"seed": 7, "temperature": 1, "given": 0}
LABEL = torch.tensor([43])


def levels_of(text: str) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8).long().unsqueeze(0)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> WaveNet:
    torch.manual_seed(0)
    model = WaveNet(channels=4, skips=4, layers=3).eval().requires_grad_(False)
    monkeypatch.setattr(checkpoints, "load", lambda net: model)
    return model


def test_one_test_recording_of_each_digit_by_each_speaker_ships():
    bundled = spoken_digits.bundled_recordings()
    assert sorted(bundled.labels.tolist()) == list(range(60)) and all(len(each) > 1_000 for each in bundled.sounds)


def test_a_sound_is_what_the_model_draws_and_each_chart_is_its_prediction(model: WaveNet):
    _, frames, _ = wait_for(watched(ASK, "speak", GOOD))
    drawn = model.sample(1, generator=torch.Generator().manual_seed(7), label=LABEL)
    assert len(frames) == 100 and torch.equal(levels_of(frames[-1]["x"]), drawn)
    log_p = model.log_probs(drawn, LABEL)[0]
    for frame in frames[::33]:
        place = int(frame["time"])
        assert frame["numbers"]["p"][0] == pytest.approx(log_p[place].exp().tolist(), abs=1e-4)
        given = log_p[place - 39 : place + 1].gather(-1, drawn[0, place - 39 : place + 1, None])[:, 0]
        assert frame["numbers"]["log_prob"][0] == pytest.approx(given.tolist(), abs=1e-3)


@pytest.mark.parametrize("given", [*(pytest.param(given, marks=pytest.mark.deep) for given in (50, 100)), 200])
def test_a_real_beginning_is_kept(model: WaveNet, given: int):
    _, frames, _ = wait_for(watched(ASK, "speak", GOOD | {"given": given}))
    real = sound_recordings.recording(3, "theo")[:, : 8 * given]
    assert torch.equal(levels_of(frames[-1]["x"])[:, : real.shape[1]], real)
    assert frames[0]["time"] == real.shape[1] + 39 and frames[-1]["time"] == SOUND.length - 1


def test_the_bits_of_a_recording_are_what_the_conditionals_say(model: WaveNet):
    answer = wait_for(ASK["score"](SAID))
    x = levels_of(answer["levels"])
    assert torch.equal(x, sound_recordings.recording(3, "theo"))
    log_p = model.conditionals(x, LABEL)[0]
    assert answer["bits"] == pytest.approx((-log_p / math.log(2)).tolist(), abs=0.006)
    assert answer["nats"] == pytest.approx(float(log_p.double().sum()), rel=1e-4)
    shape = answer["spectrogram"]
    assert len(base64.b64decode(shape["power"])) == shape["rows"] * shape["columns"]


def test_the_posterior_is_bayes_rule_over_ten_likelihoods(model: WaveNet):
    answer = wait_for(ASK["which"](SAID))
    x = levels_of(answer["levels"])
    nats = model.log_prob(x.expand(10, -1), 40 + torch.arange(10)).double()
    assert answer["nats"] == pytest.approx(nats.tolist(), rel=1e-4)
    assert answer["posterior"][-1] == pytest.approx(nats.softmax(0).tolist(), abs=5e-3)
    assert answer["places"][-1] == x.shape[1] and len(answer["places"]) == len(answer["posterior"])


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("speak", {"digit": 10}, "the digit must be a number from 0 to 9"),
        ("speak", {"speaker": "nobody"}, "the speaker must be one of"),
        ("speak", {"given": 70}, "the given beginning, in milliseconds must be one of"),
        ("speak", {"temperature": 0}, "the temperature must be a number from 0.1 to 1.5"),
        ("score", {"digit": None}, "the digit must be a number"),
        ("which", {"speaker": 3}, "the speaker must be one of"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(model: WaveNet, name: str, wrong: dict, said: str):
    assert said in wait_for(ASK[name](GOOD | wrong))["error"]


def test_every_preset_sets_what_the_address_knows():
    known = {field.key: field for field in TAB.fields}
    for panel in TAB.panels.values():
        for _, patch in panel.tries:
            for key, value in patch.items():
                assert value is None or known[key].check(value) == value


def test_the_tab_names_its_network():
    assert [net.name for net in TAB.shown()] == [NET]


@pytest.mark.parametrize("question", ["score", "which"])
def test_an_own_sound_is_answered_like_the_same_recording(model: WaveNet, question: str):
    own = base64.b64encode(bytes(sound_recordings.recording(3, "theo")[0].tolist())).decode()
    mine, recorded = wait_for(ASK[f"{question}_own"](SAID | {"own": own})), wait_for(ASK[question](SAID))
    assert mine.keys() == recorded.keys()
    spoken = {"words", "charts", "each"}  # of a recording they name the digit
    assert all(mine[key] == recorded[key] for key in mine.keys() - spoken)


@pytest.mark.parametrize("own", [None, "", "?", 7, base64.b64encode(bytes(8_001)).decode(), "A" * 100_000])
def test_what_is_no_sound_of_at_most_a_second_is_refused(model: WaveNet, own: object):
    answer = wait_for(ASK["score_own"](SAID | {"own": own}))
    assert answer == {"error": "the sound, a µ-law level for each sample, must be 160 to 8,000 bytes in base64"}


def test_an_own_sound_is_made_as_loud_as_the_speakers_recordings_usually_are():
    peaks = tab.peaks()
    for speaker, peak in peaks.items():
        found = sorted(
            float(mu_law_decode(sound_recordings.recording(digit, speaker)).abs().max()) for digit in range(10)
        )
        assert found[4] - 1e-3 <= peak <= found[5] + 1e-3
    assert peaks["theo"] < 0.1 < peaks["jackson"]


def test_with_queues_and_without_them_one_sound_is_drawn(model: WaveNet):
    begun, found, _ = wait_for(watched(RACE, "time_cache", SAID | {"seed": 7}))
    assert len(found) == begun["total"] == sound_cached.CACHED_FRAMES
    prefix = sound_recordings.recording(3, "theo")[:, : model.receptive_field]
    together = sound_cached.TOGETHER
    u = torch.rand(
        1, prefix.shape[1] + together * (sound_cached.CACHED_FRAMES + 1), generator=torch.Generator().manual_seed(7)
    )
    *_, last = model.draw_steps(u, sound_recordings.label_of(3, "theo"), prefix=prefix, cached=False)
    assert found[-1]["x"] == SOUND.encode(last.x)
    assert [frame["time"] for frame in found] == [
        prefix.shape[1] + together * (place + 2) - 1 for place in range(sound_cached.CACHED_FRAMES)
    ]


@pytest.mark.deep
def test_without_queues_a_sample_takes_many_times_as_long():
    _, found, _ = wait_for(watched(RACE, "time_cache", SAID | {"seed": 8}))
    fast, slow = (sum(frame["numbers"][way] for frame in found) for way in ("cached", "naive"))
    assert slow > 5 * fast


def test_what_is_said_of_a_digit_is_true_of_the_answer():
    answer = wait_for(ASK["which"](SAID))
    best = max(range(10), key=answer["nats"].__getitem__)
    assert answer["words"].startswith(f"Bayes' rule says {best}, ")
    assert ("which is right" in answer["words"]) == (best == SAID["digit"])


def test_the_stretch_that_costs_most_is_the_one_with_the_largest_sum():
    bits = [0.0] * 1_000
    bits[400:560] = [1.0] * 160
    assert sound_score.costliest(bits) == 1000 * 400 / 8_000
    assert "best rival, xz, needs 2.00" in sound_score.bits_words("WaveNet", bits, {"xz": 2.0, "FLAC’s method": 3.0})
