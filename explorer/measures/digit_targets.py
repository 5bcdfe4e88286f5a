"""Four targets of one network on digits, and one target at three resolutions: loss and error by log-SNR, recorded.

`python -m explorer.digit_targets` trains the networks on the digits that come with the app, and writes
`explorer/bundled/digit-targets.json`. It has the seed and the setting, but no weights.

Pixels are those of the smaller image, each the mean of a square of pixels. The mean image is subtracted, and all are
divided by the standard deviation of a pixel of 28 × 28. So one σ means the same noise a pixel at every resolution. An
error is divided by the data's variance at its resolution: 1 is the error of a network that knows nothing of x.
"""

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.data.images import BUNDLED
from explorer.data.neighbours import training_index
from explorer.models.live_targets import LOG_SNRS, TARGETS, Examples, Setting, Targets

RECORDED_FILE = BUNDLED / "digit-targets.json"
RECORDED_SET, RECORDED_SEED = "mnist", 7
RECORDED_SIDE, RECORDED_SIDES = 14, (7, 14, 28)
RECORDED_AT = (0, 50, 100, 200, 400, 1_000)  # training steps that are measured
DIGITS_APART = 300  # digits that no network learns from: the last ones of the index
RECORDED_DIGITS = 4  # decimal places of the record
FULL_SIDE = 28
SHOWN_DIGIT = 8  # test image that is shown at three resolutions
SETTING = Setting(seeds=3, width=256, batch=128, rate=0.001, tested=DIGITS_APART, quick=1.0)


def pooled(images: Tensor, side: int) -> Tensor:
    """Return images (N, 1, 28, 28) at a lower resolution, each pixel the mean of a square: (N, 1, side, side)."""
    return F.avg_pool2d(images, FULL_SIDE // side)


def digits(side: int) -> Examples:
    """Return the digits of the app at a resolution, as vectors (N, side²)."""
    images = training_index(RECORDED_SET).images(slice(None))
    train, test = images[:-DIGITS_APART], images[-DIGITS_APART:]
    scale = float((train - train.mean(0)).square().mean().sqrt())
    mean = pooled(train.mean(0, keepdim=True), side)
    return Examples(*((pooled(each, side) - mean).div(scale).flatten(1) for each in (train, test)))


def shares(learning: Targets) -> dict[str, Any]:
    """Return loss, and error as a share of the data's variance, by target and log-SNR, with the error's interval."""
    loss, error = learning.measure()
    share = error / (learning.dims * learning.spread**2)
    root = share.sqrt().clamp(min=1e-9).log10()
    return {
        name: {
            "loss": rounded(loss[k].mean(0)),
            "error": rounded(root[k].mean(0)),
            "se": rounded(root[k].std(0) / learning.setting.seeds**0.5),
            "means": rounded(root[k].mean(-1)),
        }
        for k, name in enumerate(learning.setting.names)
    }


def rounded(values: Tensor) -> list[float]:
    """Return numbers as they are recorded."""
    return [round(value, RECORDED_DIGITS) for value in values.tolist()]


def training(side: int, names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Train networks at a resolution, and yield each recorded step with its measurement."""
    setting = Setting(**vars(SETTING) | {"names": names})
    learning = Targets(digits(side), RECORDED_AT[-1], RECORDED_SEED, setting)
    for step in range(RECORDED_AT[-1] + 1):
        if step:
            learning.step()
        if step in RECORDED_AT:
            yield step, shares(learning)


def record() -> None:
    """Train all networks and write the record."""
    films = {side: [*training(side, tuple(TARGETS) if side == RECORDED_SIDE else ("edm",))] for side in RECORDED_SIDES}
    found = {
        "seed": RECORDED_SEED,
        "setting": vars(SETTING) | {"names": [*SETTING.names]},
        "snrs": [*LOG_SNRS],
        "steps": [*RECORDED_AT],
        "targets": [measured for _, measured in films[RECORDED_SIDE]],
        "sides": {str(side): film[-1][1]["edm"] for side, film in films.items()},
    }
    RECORDED_FILE.write_text(json.dumps(found, indent=1), encoding="utf-8")


@cache
def recorded_targets() -> dict[str, Any]:
    """Return the record."""
    return json.loads(RECORDED_FILE.read_text(encoding="utf-8"))


def three_views(snr: float, index: int = SHOWN_DIGIT, seed: int = RECORDED_SEED) -> tuple[list[Tensor], list[Tensor]]:
    """Return a test digit at one log-SNR a pixel, noised and clean, from −1 to 1: three of (1, 1, side, side) each.

    They are 28 × 28 pixels; the same noised image at 14 × 14, where four noises are averaged, so that its log-SNR is
    log 4 higher; and 14 × 14 pixels with fresh noise, at the first log-SNR.
    """
    generator = torch.Generator().manual_seed(seed)
    clean = data.bundled_images(RECORDED_SET).images[index : index + 1].float() * 2 - 1
    small, sigma = pooled(clean, RECORDED_SIDE), math.exp(-snr / 2)
    full = clean + sigma * torch.randn(clean.shape, generator=generator)
    again = small + sigma * torch.randn(small.shape, generator=generator)
    return [full, pooled(full, RECORDED_SIDE), again], [clean, small, small]


def shown_views(snr: float) -> Tensor:
    """Return the noised images as they are shown, scaled as on a variance preserving path: (3, 28, 28) in [0, 1]."""
    alpha = 1 / math.sqrt(1 + math.exp(-snr))
    noised, _ = three_views(snr)
    return torch.cat([F.interpolate((alpha * each + 1) / 2, FULL_SIDE)[0] for each in noised]).clamp(0, 1)
