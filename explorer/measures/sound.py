"""Measures of the models of sound.

Every sample of a test recording is predicted from those before it, given the recording's digit and speaker. Means are
over samples. Standard errors are over recordings, because neighbouring samples are not independent.
"""

from dataclasses import asdict
from math import log, sqrt
from pathlib import Path
from time import thread_time

import numpy as np
import torch
from rich.progress import track
from torch import Tensor

from explorer.data import Recordings
from explorer.data.spoken_digits import DIGITS, SPEAKERS
from explorer.measures import sound_classifier, sound_rivals
from explorer.measures.archivers import xz_size
from explorer.measures.coded import FILES, measure_codes
from explorer.measures.common import Load, mean_row
from explorer.measures.raster import TENTHS, calibration
from explorer.models.wavenet import WaveNet
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces import SOUND
from explorer.spaces.wave import mu_law_decode

SOUND_UNIT = "bits/sample"
HEARD = 120  # test recordings whose digit is inferred
MOMENT = 80  # samples from one posterior to the next, 10 ms
SOUND_HELD_OUT = 3  # every third held-out recording chooses the settings of the linear predictor
SIX, STRETCH = 6, 160  # the digit that hisses, and the samples of a part that is judged as hiss or vowel
HISS, VOICED = 0.4, 0.25  # changes of sign for each sample: more in a hiss, fewer in a vowel
SILENT, LOUD = 0.005, 0.3  # loudness above which there is a hiss or a vowel, of that of the loudest part
SPOKEN, JUDGE = 5, "classifier-digits"  # sounds of every digit by every speaker, and who judges them
SOUND_TIMED = 40  # samples that are drawn to measure time


@torch.no_grad()
def costs(model: WaveNet, recordings: Recordings) -> list[Tensor]:
    """Compute −log p of every sample of each recording, given its digit and speaker, in nats: a list of (T,)."""
    device = device_of(model)
    pairs = zip(recordings.sounds, recordings.labels.split(1))
    return [-model.conditionals(x.long()[None].to(device), label.to(device))[0].double().cpu() for x, label in pairs]


def objectives(model: WaveNet, held_out: Recordings, training: dict) -> list[float]:
    """Return −log p of the held-out recordings in nats a sample."""
    return [float(torch.cat(costs(model, held_out)).mean())]


def per_sample(name: str, totals: Tensor, lengths: Tensor, kind: str, **more: object) -> dict:
    """Return a row with the mean over all samples, and its standard error over recordings.

    Shapes: `totals` (N,), the sum over each recording; `lengths` (N,).
    """
    mean = float(totals.sum() / lengths.sum())
    spread = (totals - mean * lengths) / lengths.double().mean()
    return row(name, mean, kind=kind, se=float(spread.std() / sqrt(len(totals))), n=len(totals), **more)


def figures(model: WaveNet, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure −log p of the test recordings in nats and in bits a sample."""
    test = load(dataset, "test")
    lengths = torch.tensor([len(sound) for sound in test.sounds])
    totals = torch.stack([each.sum() for each in costs(model, test)])
    rows = [
        per_sample("nll", totals, lengths, "exact", unit="nats/sample"),
        per_sample("bits", totals / log(2), lengths, "exact", unit=SOUND_UNIT),
    ]
    return {"rows": rows}


def rivals(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure the bits a sample of codes without a network, one test recording after another.

    The held-out recordings choose the settings of the linear predictor.
    """
    test, linear = load(dataset, "test"), sound_rivals.choose(arrays(load(dataset, "held-out")[::SOUND_HELD_OUT]))
    lengths = torch.tensor([len(sound) for sound in test.sounds])
    found = [rival_bits(sound, linear) for sound in track(arrays(test), "rivals")]
    rows = [
        per_sample("bits", torch.tensor([each[by] for each in found]), lengths, "exact", unit=SOUND_UNIT, by=by)
        for by in found[0]
    ]
    return {"rows": rows, "linear": asdict(linear)}


def rival_bits(levels: np.ndarray, linear: sound_rivals.Predictor | None) -> dict[str, float]:
    """Compute the bits of one recording, levels (T,), by xz without its container, FLAC's method and the predictor."""
    found = {
        "xz": 8.0 * xz_size(levels.astype(np.uint8).tobytes()).code,
        "FLAC’s method": float(sound_rivals.flac_bits(levels)),
    }
    return found | ({"linear predictor": linear.bits(levels)} if linear else {})


def arrays(recordings: Recordings) -> list[np.ndarray]:
    """Return the levels of every recording: a list of (T,)."""
    return [sound.numpy() for sound in recordings.sounds]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    bits = find(card, "bits")
    return f"−log p is {bits['value']:.3f} ± {bits['se']:.3f} bits a sample"


@torch.no_grad()
def by_digit(model: WaveNet, sound: Tensor, speaker: int) -> Tensor:
    """Compute log p(x_1 … x_t | digit, speaker) for each digit after every sample, in nats: levels (T,) to (T, 10)."""
    labels = DIGITS * speaker + torch.arange(DIGITS)
    x = sound.long().expand(DIGITS, -1).to(device_of(model))
    return model.conditionals(x, labels.to(x.device)).double().cpu().cumsum(-1).T


def digits(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure how often the digit with the highest p(x | digit, speaker) is the spoken one, given the speaker.

    A classifier that was trained for it is measured on the same recordings. At the end of a recording, nearly every
    posterior is close to 1. So the calibration is measured while it is heard, after every `MOMENT`.
    """
    test = load(dataset, "test")
    chosen = test[torch.randperm(len(test), generator=torch.Generator().manual_seed(seed))[:HEARD]]
    right, certainty, moments = [], [], []
    for sound, label in zip(chosen.sounds, chosen.labels.tolist()):
        posterior = by_digit(model, sound, label // DIGITS).softmax(-1)
        right.append(float(posterior[-1].argmax() == label % DIGITS))
        certainty.append(float(posterior[-1].max()))
        moments.append(posterior[MOMENT - 1 :: MOMENT])
    tenths = reliability(moments, chosen.labels % DIGITS)
    of, said = {"unit": "", "seed": seed}, sound_classifier.logits(checkpoints.load(JUDGE), chosen).argmax(-1)
    return {
        "rows": [
            mean_row("accuracy", torch.tensor(right), **of),
            mean_row("accuracy", (said.cpu() == chosen.labels % DIGITS).double(), judge=JUDGE, **of),
            mean_row("mean probability", torch.tensor(certainty), **of),
            calibration(tenths),
        ],
        "reliability": {"tenths": tenths, "milliseconds": 1_000 * MOMENT // SOUND.rate},
    }


def reliability(moments: list[Tensor], labels: Tensor) -> list[dict]:
    """Measure how often the most probable digit is right, in tenths of its probability.

    Each tenth has the number of moments, their mean probability, the number of right ones, and the standard error of
    the share of right ones. It is over recordings, because moments of one recording are not independent.

    Shapes: `moments` holds the posteriors (K, 10) of each recording, `labels` (N,).

    Reference: Guo et al., On Calibration of Modern Neural Networks, 2017, https://arxiv.org/abs/1706.04599
    """
    sure, answer = zip(*(each.max(-1) for each in moments))
    right = torch.cat([each == label for each, label in zip(answer, labels)]).double()
    of = torch.repeat_interleave(torch.arange(len(moments)), torch.tensor([len(each) for each in moments]))
    sure = torch.cat(sure)
    tenth = (TENTHS * sure).long().clamp(max=TENTHS - 1)
    found = []
    for inside in (tenth == which for which in tenth.unique()):
        n, share = int(inside.sum()), float(right[inside].mean())
        gaps = torch.zeros(len(moments), dtype=torch.double).index_add(0, of[inside], right[inside] - share)
        sized = {"n": n, "sure": float(sure[inside].mean()), "right": int(right[inside].sum())}
        found.append(sized | {"se": float(gaps.square().sum().sqrt()) / n})
    return found


@torch.no_grad()
def sample_accuracy(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure how often a classifier hears the digit that was asked for, in drawn sounds of every digit and speaker."""
    judge, generator = checkpoints.load(JUDGE), torch.Generator().manual_seed(seed)
    labels = torch.arange(model.classes)
    right = [
        judge(model.sample(len(labels), generator=generator, label=labels).to(device_of(judge))).argmax(-1).cpu()
        == labels % DIGITS
        for _ in range(SPOKEN)
    ]
    return {"rows": [mean_row("heard", torch.cat(right).double(), unit="", seed=seed, judge=JUDGE)]}


def speed(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure the processor time of half a second of sound, from drawing a few samples after 2,000 given ones.

    The naive sampler computes its whole receptive field for every sample.
    """
    prefix, label = SOUND.noise(1, torch.Generator().manual_seed(seed))[:, :2_000], torch.tensor([0])
    found = {}
    for cached in ("yes", "no"):
        steps = model.sample_steps(
            1,
            generator=torch.Generator().manual_seed(seed),
            label=label,
            prefix=prefix,
            length=2_000 + SOUND_TIMED + 1,
            cached=cached == "yes",
        )
        next(steps)  # reads the prefix
        start, times = thread_time(), []
        for _ in steps:
            times.append(SOUND.length * (thread_time() - start))
            start = thread_time()
        found[cached] = torch.tensor(times)
    return {"rows": [mean_row("seconds", each, unit="seconds", cached=cached) for cached, each in found.items()]}


def files(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure the files of the first half seconds of random test recordings, given their digits and speakers."""
    test = load(dataset, "test")
    chosen = test[torch.randperm(len(test), generator=torch.Generator().manual_seed(seed))[:FILES]]
    sounds = (sound[: SOUND.length].long().unsqueeze(0) for sound in chosen.sounds)
    return measure_codes(model, zip(sounds, chosen.labels.tolist()), SOUND_UNIT, seed)


def hisses(model: WaveNet, dataset: str, load: Load, seed: int) -> dict:
    """Measure the bits a sample of hiss and of vowel in each speaker's test recordings of a six.

    Rows `excess` have the hiss minus the vowel of the same recording. Standard errors are over the recordings that
    have both.
    """
    sixes = load(dataset, "test")
    sixes = sixes[sixes.labels % DIGITS == SIX]
    found: dict[int, list[list[float]]] = {}
    for sound, each, label in zip(sixes.sounds, costs(model, sixes), sixes.labels.tolist()):
        parts = hiss_and_vowel(sound)
        if all(part.any() for part in parts):
            found.setdefault(label // DIGITS, []).append([float(each[part].mean()) / log(2) for part in parts])
    rows = []
    for speaker, pairs in found.items():
        hiss, vowel = torch.tensor(pairs, dtype=torch.double).T
        values = {"hiss": hiss, "vowel": vowel, "excess": hiss - vowel}
        rows += [mean_row(name, of, "exact", unit=SOUND_UNIT, speaker=SPEAKERS[speaker]) for name, of in values.items()]
    return {"rows": rows}


def hiss_and_vowel(levels: Tensor) -> tuple[Tensor, Tensor]:
    """Return which samples of a recording (T,) belong to hiss and which to a vowel: two of booleans (T,).

    Both are judged in parts of `STRETCH` samples: the amplitude of a hiss changes its sign often, a vowel is loud.
    """
    a = mu_law_decode(levels.double())[: len(levels) // STRETCH * STRETCH].view(-1, STRETCH)
    loud, turns = a.square().mean(1).sqrt(), (a.sign().diff(dim=1) != 0).double().mean(1)
    hiss = (turns > HISS) & (loud > SILENT * loud.max())
    vowel = (turns < VOICED) & (loud > LOUD * loud.max())
    rest = torch.zeros(len(levels) - a.numel(), dtype=torch.bool)
    return tuple(torch.cat([each.repeat_interleave(STRETCH), rest]) for each in (hiss, vowel))


PARTS = {"rivals": rivals, "hisses": hisses, "digits": digits, "heard": sample_accuracy, "speed": speed, "files": files}
