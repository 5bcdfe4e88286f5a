"""*How likely?*: the bits of every sample of a recording, beside those of other coders."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from explorer.lessons.exercises import say
from explorer.measures import sound_rivals
from explorer.measures.sound import rival_bits
from explorer.models.wavenet import WaveNet
from explorer.networks import card, checkpoints
from explorer.numbers.answer import Answer, Figure
from explorer.numbers.words import num
from explorer.spaces import SOUND
from explorer.spaces.packing import to_bytes
from explorer.spaces.wave import mu_law_decode
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.sound import charts
from explorer.tabs.sound.charts import Bars
from explorer.tabs.sound.recordings import NET, label_of, recording
from explorer.tabs.sound.shared import BITS, NETS, SAID, Digit, Own, SoundNet, Speaker, bits_table

SCORE_WINDOW, SCORE_HOP = 128, 40  # samples of a spectrum, and from one to the next
SCORE_RANGE = 60  # decibels from the loudest to black
MEAN = Figure("WaveNet", unit="bits/sample")
COST = Figure("−log p of the recording, exactly", unit="nats")
SIZE = Figure("as a file", unit="bytes")
HERE = Figure("at the cursor, over 5 ms", unit="bits/sample")
HEADS = (MEAN, COST, SIZE, HERE)
STRETCH = 160  # samples, 20 ms


def shares(found: Mapping[str, float], own: str) -> Bars:
    """Return the bits a sample of some models as bars, of which `own` is the network's."""
    return {
        "name": "Bits per sample of this recording",
        "rows": [
            {"title": title, "share": each / 8, "text": num(each), "marked": title == own}
            for title, each in sorted((found | {"Raw": 8.0}).items(), key=lambda item: item[1])
        ],
    }


@heavy
def score(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the bits of every sample of a test recording, its spectrogram, and the bits a sample of each rival."""
    return score_of(net, recording(digit, speaker), label_of(digit, speaker))


@heavy
def score_own(own: Own, net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said the digit."""
    return score_of(net, SOUND.read("levels", own), label_of(digit, speaker))


def score_of(net: str, x: Tensor, label: Tensor) -> Answer:
    """Return the bits of every sample of a sound (1, T) given its label, its spectrogram, and its rivals."""
    model: WaveNet = checkpoints.load(net)
    with torch.no_grad():
        nats = model.conditionals(x, label)[0]
    bits = [round(each, 2) for each in (-nats / BITS).tolist()]
    others, title, means = rivals(x), NETS[net], charts.means_of(bits)
    numbers = score_numbers(title, bits, float(nats.sum()))
    here = [Answer([*numbers, HERE.of(mean)]) for mean in means]
    return charts.moments(len(bits), here.__getitem__) | Answer(
        charts=[charts.bits_chart(bits)],
        bars=shares({title: fmean(bits)} | others, title),
        words=bits_words(title, bits, others),
        table=bits_table(x[0], bits),
        view={
            "levels": SOUND.encode(x),
            "bits": bits,
            "nats": round(float(nats.sum()), 2),
            "spectrogram": spectrogram(mu_law_decode(x[0])),
        },
    )


def rivals(x: Tensor) -> Mapping[str, float]:
    """Compute the bits a sample of each rival for one recording (1, T); the predictor has the settings of the card."""
    settings = card.of(NET).get("rivals", {}).get("linear")
    found = rival_bits(x[0].numpy(), sound_rivals.Predictor(**settings) if settings else None)
    return {title: bits / x.shape[1] for title, bits in found.items()}


def spectrogram(amplitude: Tensor) -> Mapping[str, Any]:
    """Compute the power of each frequency over time, 0 to 1 for `SCORE_RANGE` decibels: amplitudes (T,).

    The rows of `power`, a byte each, are times 5 ms apart; the columns are frequencies from 0 to 4 kHz.
    """
    spectra = torch.stft(
        amplitude, SCORE_WINDOW, SCORE_HOP, window=torch.hann_window(SCORE_WINDOW), return_complex=True
    ).abs()
    decibels = 20 * (spectra / spectra.max().clamp(min=1e-6)).clamp(min=1e-6).log10()
    return {
        "rows": spectra.shape[1],
        "columns": spectra.shape[0],
        "power": to_bytes((decibels / SCORE_RANGE + 1).clamp(0, 1).T),
    }


def costliest(bits: Sequence[float]) -> float:
    """Return when the 20 ms begin that cost most bits, in milliseconds."""
    sums = torch.tensor(bits, dtype=torch.double).unfold(0, min(STRETCH, len(bits)), 1).sum(-1)
    return 1000 * int(sums.argmax()) / SOUND.rate


def bits_words(title: str, bits: Sequence[float], rivals: Mapping[str, float]) -> str:
    """Return what a sound costs by a network of that title beside its best rival, and where it costs most."""
    best = min(rivals, key=rivals.__getitem__)
    return (
        f"{title} needs {say(sum(bits) / len(bits), 2)} bits per sample; the best rival, {best}, needs "
        f"{say(rivals[best], 2)}. The 20 ms that cost most begin at {costliest(bits):.0f} ms."
    )


def score_numbers(title: str, bits: Sequence[float], nats: float) -> list[Figure]:
    """Return the numbers of a sound that is scored by the network of this title."""
    mean = fmean(bits)
    return [MEAN.of(mean, name=title), COST.of(-nats), SIZE.of(mean * len(bits) / 8)]


MODE = Mode(
    "score",
    "How likely?",
    "test",
    functions=[score, score_own],
    panel=Panel(
        score,
        controls=[SAID],
        tries=[
            ("A hissing six", {"digit": 6, "speaker": "lucas"}),
            ("A coarse recording", {"digit": 1, "speaker": "nicolas"}),
        ],
        shows=Shows(
            "Each sample costs −log₂ p bits: where are they high?",
            HEADS,
            charts=[("Bits of each sample", 130, "tap")],
            bars="Bits per sample of this recording",
        ),
    ),
    code={
        "How likely?": [score.plain, WaveNet.conditionals, rivals],
    },
)
