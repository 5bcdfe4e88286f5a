"""Server functions of the sound tab: a film of a sound, the bits of a recording, and the probability of each digit."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from explorer.data.spoken_digits import DIGITS, SPEAKERS
from explorer.measures import sound_rivals
from explorer.measures.sound import rival_bits
from explorer.models.wavenet import WaveNet
from explorer.networks import card, checkpoints
from explorer.questions import codefile
from explorer.running.pauses import pausing
from explorer.serving.films import Scene, Script
from explorer.spaces import SOUND
from explorer.spaces.packing import to_bytes
from explorer.spaces.wave import mu_law_decode
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film, frames, heavy, light, stop
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.compressing import compress_answer
from explorer.tabs.kit.layout.fields import File, Seed
from explorer.tabs.kit.numbers.answer import Answer, Table
from explorer.tabs.sound import charts, words
from explorer.tabs.sound.charts import BLOCK
from explorer.tabs.sound.fields import CODED, NETS, Depth, Digit, Dilated, Given, Own, SoundNet, Speaker, Temperature
from explorer.tabs.sound.recordings import NET, label_of, recording

BITS = math.log(2)  # nats
WINDOW, HOP = 128, 40  # samples of a spectrum, and from one to the next
RANGE = 60  # decibels from the loudest to black


def keep_last_prediction(step: Step) -> Step:
    """Keep the prediction of a step's last sample only."""
    return replace(step, numbers=dict(step.numbers) | {"p": step.numbers["p"][:, -1]})


@film
def speak(net: SoundNet, digit: Digit, speaker: Speaker, seed: Seed, temperature: Temperature, given: Given) -> Script:
    """Film half a second of sound, 5 ms a frame; a test recording gives its first `given` ms."""
    model: WaveNet = checkpoints.load(net)
    prefix = recording(digit, speaker)[:, : given * SOUND.rate // 1_000] if given else None
    left = SOUND.length - (prefix.shape[1] if given else 0)

    def roll() -> Iterator[Scene]:
        how = {"label": label_of(digit, speaker), "prefix": prefix, "temperature": temperature, "together": BLOCK}
        tell = words.Spoken(SOUND.length - left, share_heard(net))
        for step in model.sample_steps(1, generator=rng(seed), **how):
            nats, entropy = (step.numbers[name][0].tolist() for name in ("log_prob", "entropy"))
            said = {"report": tell(int(step.x[0, int(step.time)]), nats, entropy).to_props()}
            found = frame(keep_last_prediction(step), SOUND, ["log_prob", "entropy", "p"])
            yield min(BLOCK, left - step.index * BLOCK), found | said

    return Script(SOUND, 1, math.ceil(left / BLOCK), left, roll)


def share_heard(net: str) -> float | None:
    """Return how often a classifier hears the digit that was asked for, if that was measured."""
    return next((row["value"] for row in card.rows(checkpoints.card_of(net), "heard")), None)


@heavy
def score(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the bits of every sample of a test recording, its spectrogram, and the bits a sample of each rival."""
    return score_answer(net, recording(digit, speaker), label_of(digit, speaker))


@heavy
def score_own(own: Own, net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said the digit."""
    return score_answer(net, SOUND.read("levels", own), label_of(digit, speaker))


def score_answer(net: str, x: Tensor, label: Tensor) -> Answer:
    """Return the bits of every sample of a sound (1, T) given its label, its spectrogram, and its rivals."""
    model: WaveNet = checkpoints.load(net)
    with torch.no_grad():
        nats = model.conditionals(x, label)[0]
    bits = [round(each, 2) for each in (-nats / BITS).tolist()]
    others, title, means = rivals(x), NETS[net], charts.means(bits)
    numbers = words.score_numbers(title, bits, float(nats.sum()))
    here = [Answer([*numbers, words.HERE.of(mean)]) for mean in means]
    return charts.moments(len(bits), here.__getitem__) | Answer(
        charts=[charts.bits(bits)],
        bars=charts.shares({title: fmean(bits)} | others, title),
        words=words.of_bits(title, bits, others),
        table=bits_table(x[0], bits),
        view={
            "levels": SOUND.encode(x),
            "bits": bits,
            "nats": round(float(nats.sum()), 2),
            "spectrogram": spectrogram(mu_law_decode(x[0])),
        },
    )


def bits_table(x: Tensor, bits: Sequence[float]) -> Table:
    """Return the bits of each sample of a sound (T,) as a table."""
    pairs = zip(x.tolist(), bits, strict=True)
    return Table([{"sample": i, "level": level, "bits": each} for i, (level, each) in enumerate(pairs)])


@heavy
def compress(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the file of the first half second of a test recording, and the sizes by other tools."""
    return file_answer(net, recording(digit, speaker), label_of(digit, speaker))


@heavy
def compress_own(own: Own, net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said the digit."""
    return file_answer(net, SOUND.read("levels", own), label_of(digit, speaker))


def file_answer(net: str, x: Tensor, label: Tensor) -> Answer:
    """Return the file of a sound's first half second given its label, and the sizes by other tools: levels (1, T)."""
    x = x[:, :CODED]
    found = compress_answer(net, x, "sample", NETS[net], int(label))
    bits = found.view["bits"]
    shown = Answer(charts=[charts.bits(bits)], table=bits_table(x[0], bits), view={"levels": SOUND.encode(x)})
    return replace(found, report=None) | found.report | charts.moments(x.shape[1], lambda k: Answer()) | shown


@heavy
def decompress(file: File) -> Answer:
    """Return the sound of a file, and the network, the digit and the speaker with which it was compressed."""
    found, x = codefile.read(file, tuple(NETS))
    digit, speaker = found.label % DIGITS, SPEAKERS[found.label // DIGITS]
    return Answer(view={"levels": SOUND.encode(x), "net": found.net, "digit": digit, "speaker": speaker})


def rivals(x: Tensor) -> Mapping[str, float]:
    """Compute the bits a sample of each rival for one recording (1, T); the predictor has the settings of the card."""
    settings = card.of(NET).get("rivals", {}).get("linear")
    found = rival_bits(x[0].numpy(), sound_rivals.Predictor(**settings) if settings else None)
    return {title: bits / x.shape[1] for title, bits in found.items()}


def spectrogram(amplitude: Tensor) -> Mapping[str, Any]:
    """Compute the power of each frequency over time, 0 to 1 for `RANGE` decibels: amplitudes (T,).

    The rows of `power`, a byte each, are times 5 ms apart; the columns are frequencies from 0 to 4 kHz.
    """
    spectra = torch.stft(amplitude, WINDOW, HOP, window=torch.hann_window(WINDOW), return_complex=True).abs()
    decibels = 20 * (spectra / spectra.max().clamp(min=1e-6)).clamp(min=1e-6).log10()
    return {
        "rows": spectra.shape[1],
        "columns": spectra.shape[0],
        "power": to_bytes((decibels / RANGE + 1).clamp(0, 1).T),
    }


@heavy
def which(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return log p(x | digit, speaker) for each digit in nats, and the posterior after every 5 ms, by Bayes' rule."""
    return log_p_by_digit(net, recording(digit, speaker), speaker, digit)


@heavy
def which_own(own: Own, net: SoundNet, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said it."""
    return log_p_by_digit(net, SOUND.read("levels", own), speaker)


def log_p_by_digit(net: str, x: Tensor, speaker: str, spoken: int | None = None) -> Answer:
    """Return log p of a sound (1, T) for each digit in nats, the posterior after every 5 ms, and what follows."""
    model: WaveNet = checkpoints.load(net)
    with torch.no_grad():
        found = [model.conditionals(x, label_of(other, speaker))[0] for other in pausing(range(DIGITS))]
    sofar = torch.stack(found).double().cumsum(1)  # (10, T)
    places = torch.arange(BLOCK, x.shape[1] + BLOCK, BLOCK).clamp(max=x.shape[1]) - 1
    posterior = [[round(p, 4) for p in row] for row in sofar[:, places].softmax(0).T.tolist()]
    nats, ends = [round(each, 2) for each in sofar[:, -1].tolist()], (places + 1).tolist()
    calibration = words.calibration(checkpoints.card_of(net))

    def part(k: int) -> Answer:
        dot = words.nearest(calibration, max(posterior[k]))
        shown = [{"cursor": charts.ms(ends[k] - 1)}, *([{"dot": dot}] if dot else [])]
        bars = charts.chances(posterior[k], spoken)
        return Answer(charts=shown, bars=bars, numbers=words.of_moment(posterior[k], nats))

    return charts.moments(x.shape[1], part) | Answer(
        charts=[charts.posterior(posterior, ends, spoken), *([calibration] if calibration else [])],
        table=digits_table(sofar[:, -1]),
        words=words.of_digit(int(sofar[:, -1].argmax()), spoken, checkpoints.card_of(net)),
        view={"levels": SOUND.encode(x), "nats": nats, "posterior": posterior, "places": ends},
    )


def digits_table(nats: Tensor) -> Table:
    """Return log p and posterior of each digit as a table: log p (10,) in nats."""
    ends = zip(nats.tolist(), nats.softmax(0).tolist(), strict=True)
    return Table(
        [{"digit": k, "log_p_nats": round(each, 2), "posterior": round(p, 4)} for k, (each, p) in enumerate(ends)]
    )


@light
def layer_inputs(layers: Depth, dilated: Dilated) -> Answer:
    """Return the places that each layer needs for a prediction at 0, from the output down to the samples."""
    rows = [[0]]
    for layer in reversed(range(layers)):
        by = 2**layer if dilated else 1
        rows.append(sorted({place - each for place in rows[-1] for each in (0, by)}))
    return Answer(charts=[], strips=[], view={"rows": rows}) | words.inputs_answer(layers, dilated, rows)


SERVER_FUNCTIONS = [
    layer_inputs,
    speak,
    score,
    score_own,
    compress,
    compress_own,
    decompress,
    which,
    which_own,
    frames,
    stop,
]
