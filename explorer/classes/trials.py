"""*Real or made?*: which images each phone judges, and how well a class tells those of each family from test images.

A judgement “made” is a hit on an image that a family generated, and a false alarm on a test image. The sensitivity of
an observer with equal variances is d′ = Φ⁻¹(hit rate) − Φ⁻¹(false alarm rate), 0 for one who guesses. Rates are
corrected log-linearly: half a judgement is added to each of the two answers, so that no rate is 0 or 1.

The judgements of one phone depend on one another, because each student has a criterion of their own. So intervals come
from a bootstrap over phones. Pooled over criteria that differ, d′ is smaller than the mean of the students' own.

References:
    Hautus, Corrections for extreme proportions and their biasing effects on estimated values of d′, 1995
    Macmillan & Creelman, Detection Theory, 2005
"""

import base64
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from explorer.classes.made import DRAWING_BYTES, PHONE_TRIALS
from explorer.classes.room import FEWEST_VOTES

TRIALS_FILE = Path(__file__).parents[1] / "bundled" / "class-trials.json"
TRIAL_REAL = -1  # in place of a family's number
REAL_TRIALS = PHONE_TRIALS // 2
TRIAL_RESAMPLES, TRIAL_SEED, TRIAL_LEVEL = 1_000, 0, 0.95
_QUANTILE = np.vectorize(NormalDist().inv_cdf, otypes=[float])


@cache
def read() -> dict[str, Any]:
    """Return the recorded images: of the test split, and of each family."""
    return json.loads(TRIALS_FILE.read_text(encoding="utf-8"))


@cache
def images() -> list[list[bytes]]:
    """Return the images of each family as packed bits, and at the end the test images."""
    found = read()
    raws = [base64.b64decode(each) for each in (*(one["images"] for one in found["families"]), found["real"])]
    return [[raw[start : start + DRAWING_BYTES] for start in range(0, len(raw), DRAWING_BYTES)] for raw in raws]


def plan(code: str, asked: int, phone: str) -> list[tuple[int, int]]:
    """Return the trials of a phone: the family, `TRIAL_REAL` for a test image, and the number of the image.

    Half of them are test images. The others are of different families, drawn at random. The order is random, too, and
    the same whenever it is asked for.
    """
    chance, sources = random.Random(f"{code} {asked} {phone}"), images()
    families = range(len(sources) - 1)
    made = chance.sample(families, min(PHONE_TRIALS - REAL_TRIALS, len(families)))
    made += chance.choices(families, k=PHONE_TRIALS - REAL_TRIALS - len(made))
    found = [(family, chance.randrange(len(sources[family]))) for family in made]
    found += [(TRIAL_REAL, number) for number in chance.sample(range(len(sources[TRIAL_REAL])), REAL_TRIALS)]
    chance.shuffle(found)
    return found


def sheet(code: str, asked: int, phone: str) -> str:
    """Return the images of a phone's trials as packed bits in base64; their sources are not told."""
    sources = images()
    raw = b"".join(sources[family][number] for family, number in plan(code, asked, phone))
    return base64.b64encode(raw).decode("ascii")


def counts(plans: Sequence[Sequence[int]], answers: Sequence[Mapping[int, int]], families: int) -> np.ndarray:
    """Return for each phone and source the number of judgements, and of “made” among them: (P, families + 1, 2).

    Arguments:
        plans: Source of each trial of each phone, `TRIAL_REAL` for a test image.
        answers: Judgements of each phone by trial, 1 for “made”.
        families: Number of families; the test images come last.
    """
    found = np.zeros((len(plans), families + 1, 2))
    for phone, (sources, judged) in enumerate(zip(plans, answers, strict=True)):
        for trial, answer in judged.items():
            found[phone, sources[trial]] += (1, answer)
    return found


def sensitivity(found: np.ndarray) -> np.ndarray:
    """Return d′ of each family: (…, F), from counts (…, F + 1, 2) of judgements and of “made”, test images last."""
    score = _QUANTILE((found[..., 1] + 0.5) / (found[..., 0] + 1))
    return score[..., :-1] - score[..., -1:]


def interval(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends (F,) of the interval of d′, by a bootstrap over phones, from counts (P, F + 1, 2)."""
    chance, phones = np.random.default_rng(TRIAL_SEED), len(found)
    weights = chance.multinomial(phones, np.full(phones, 1 / phones), TRIAL_RESAMPLES)
    drawn = sensitivity(np.tensordot(weights, found, 1))
    low, high = np.quantile(drawn, [(1 - TRIAL_LEVEL) / 2, (1 + TRIAL_LEVEL) / 2], axis=0)
    return low, high


def judged(code: str, asked: int, answers: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    """Return d′ of each family from the judgements of all phones, beside its Fréchet ratio.

    Arguments:
        code: Code of the room.
        asked: Number of the question.
        answers: Judgements by phone and trial, 1 for “made”.
    """
    families = read()["families"]
    plans = [[family for family, _ in plan(code, asked, phone)] for phone in answers]
    found = counts(plans, [*answers.values()], len(families))
    together = np.stack([found[:, :-1].sum(1), found[:, -1]], 1)
    rows = [
        {key: each[key] for key in ("title", "net", "frechet")} | figures
        for each, figures in zip(families, _figures(found), strict=True)
    ]
    n, alarms = found.sum(0)[-1]
    return {"families": rows, "all": _figures(together)[0], "real": {"n": int(n), "alarms": int(alarms)}}


def _figures(found: np.ndarray) -> list[dict[str, float]]:
    """Return the judgements, the hits and d′ with its interval for each family, from counts (P, F + 1, 2).

    A family with fewer than `FEWEST_VOTES` judgements has their number alone.
    """
    pooled = found.sum(0)
    low, high = interval(found)
    ends = {"value": sensitivity(pooled), "low": low, "high": high}
    return [
        {"n": int(n)}
        | ({"hits": int(hits), **{name: float(each[k]) for name, each in ends.items()}} if n >= FEWEST_VOTES else {})
        for k, (n, hits) in enumerate(pooled[:-1])
    ]
