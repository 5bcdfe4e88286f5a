"""Scenes that a network draws from captions, to be measured; each finished measurement is kept until weights change.

A thousand scenes take a core some minutes. So each kind of captions at each guidance is measured on its own, and its
rows are stored at once. An evaluation that was stopped goes on where it was.
"""

import hashlib
from collections.abc import Callable

import torch
from torch import Tensor, nn

from explorer.measures.common import load_or_measure
from explorer.models.words_diffusion import WordsDiffusion
from explorer.models.words_masked import WordsMasked
from explorer.models.words_tokens import WordsTokens
from explorer.networks import checkpoints
from explorer.running.device import device_of

DRAWN_AT_ONCE = 100
Drawer = WordsDiffusion | WordsTokens | WordsMasked
OWN_GUIDANCE: dict[type, float] = {WordsDiffusion: 4.0, WordsMasked: 3.0, WordsTokens: 2.0}
"""Guidance at which a network draws unless told otherwise."""


def own_guidance(model: nn.Module) -> float:
    """Return the guidance at which a network is measured first."""
    return OWN_GUIDANCE[type(model)]


@torch.no_grad()
def draw(model: Drawer, tokens: Tensor, guidance: float, seed: int) -> Tensor:
    """Draw a scene for each caption (N, 13): (N, 3, 48, 48) on the CPU, rounded to 256 levels."""
    generator = torch.Generator().manual_seed(seed)
    parts = [part.to(device_of(model)) for part in tokens.split(DRAWN_AT_ONCE)]
    drawn = [model.sample(len(part), generator=generator, tokens=part, guidance=guidance).cpu() for part in parts]
    return (255 * torch.cat(drawn)).round() / 255


def kept_rows(asked: dict[str, float | str], nets: list[nn.Module], measure: Callable[[], list[dict]]) -> list[dict]:
    """Return the rows of one measurement; measure them unless they are kept for the same weights.

    Arguments:
        asked: Setting of the measurement, which also names its file.
        nets: The networks that are measured or judge, with their parts.
        measure: Function that measures the rows.
    """
    weights = "-".join(weights_key(net) for net in nets)
    path = checkpoints.RUNS / "words" / weights / f"{'-'.join(map(str, asked.values()))}.json"
    return load_or_measure(asked | {"weights": weights}, path, lambda: {"rows": measure()})["rows"]


def weights_key(net: nn.Module) -> str:
    """Return a short text that differs between networks of different weights; those of the codec count, too."""
    found = hashlib.sha256()
    for part in (net, *getattr(net, "_codec", [])):
        for name, value in part.state_dict().items():
            found.update(name.encode() + value.detach().cpu().numpy().tobytes())
    return found.hexdigest()[:12]
