"""Recorded trainings of the presets, so that a class sees them at once.

`python -m explorer.tabs.playground.recorded` trains every family on every preset with the usual settings, as the page
does when it is asked, and keeps what was seen at each moment. Samples are kept in cells of a grid, in the order of the
cells; they are spread evenly within their cells again when they are shown.
"""

import io
import json
import lzma
import math
from collections.abc import Mapping, Sequence
from functools import cache

import torch
from torch import Tensor

from explorer.data import BUNDLED
from explorer.data.packed import decompress
from explorer.data.playground import LEVELS, PRESETS, preset_points
from explorer.models.learners import LEARNERS
from explorer.models.live_density import CUT, MODELS_SIDE, REACH
from explorer.models.live_training import Rules
from explorer.questions import learn_live
from explorer.questions.learn_live import SAMPLES, Look, Snapshot
from explorer.running.pauses import pausing
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.playground.shared import STEPS, N

FILE = BUNDLED / "playground.xz"
STATES = [
    *((data, N.default, STEPS.default) for data in PRESETS),
    ("moons", min(N.kind.choices), max(STEPS.kind.choices)),
]
"""The recorded trainings: a preset with its usual noise, the number of its points, and that of the steps."""
SHADED = (MODELS_SIDE - 2 * CUT) ** 2
FIGURES = (
    *("steps", "cost", "loss", "distance", "distance_se", "memorised", "nll", "over", "unsolved"),
    *("kl", "kl_error", "back", "astray", "modes", "missed"),
)


def task(data: str, n: int, steps: int) -> tuple:
    """Return what a recorded training depends on, in the order of the server's question."""
    usual = Rules()
    rules = usual.width, usual.deeper, usual.rate, usual.batch, SEED.default
    return data, None, PRESETS[data].noise, n, steps, *rules


def recorded_looks(names: Sequence[str], asked: tuple, own: Mapping[str, int]) -> dict[str, list[Look]]:
    """Return the recorded looks of those families whose training with these settings is recorded."""
    looks = trainings().get(asked, {})
    usual = [name for name in names if LEARNERS[name].options(own.get(name)) == LEARNERS[name].options()]
    return {name: looks[name] for name in usual if name in looks}


@cache
def trainings() -> dict[tuple, dict[str, list[Look]]]:
    """Read the recorded looks of each family, by what the training depends on; none if there is no file."""
    if not FILE.exists():
        return {}
    head, _, body = decompress(FILE).partition(b"\n")
    rest, spread = io.BytesIO(body), torch.Generator().manual_seed(0)
    known: dict[tuple, dict[str, list[Look]]] = {}
    for data, n, steps, name, looks in pausing(json.loads(head)):
        known.setdefault(task(data, n, steps), {})[name] = [unpack_look(look, rest, spread) for look in looks]
    return known


def figures(look: Look) -> dict[str, float | bool]:
    """Return the figures of a look that were measured, and whether it has samples and a density."""
    report = {name: getattr(look, name) for name in FIGURES}
    measured = {name: value for name, value in report.items() if value is not None and math.isfinite(value)}
    return measured | {"x": look.x is not None, "shade": look.shade is not None}


def cells_of(x: Tensor) -> Tensor:
    """Return the cells of points (N, 2) in the grid of the densities, in their order: (2, N)."""
    place = ((x / REACH + 1) / 2 * LEVELS).clamp(0, LEVELS - 1).long()
    order = (LEVELS * place[:, 0] + place[:, 1]).argsort()
    return place[order].T


def pack_look(look: Look) -> bytes:
    """Return the cells of the samples, the first coordinates as differences, and then the density."""
    parts = []
    if look.x is not None:
        first, second = cells_of(look.x)
        parts += [first.diff(prepend=torch.zeros(1, dtype=torch.long)), second]
    if look.shade is not None:
        parts.append(look.shade)
    return b"".join(bytes(part.tolist()) for part in parts)


def read(rest: io.BytesIO, size: int) -> Tensor:
    """Read the next bytes (size,)."""
    return torch.frombuffer(bytearray(rest.read(size)), dtype=torch.uint8)


def unpack_look(figures: dict, rest: io.BytesIO, spread: torch.Generator) -> Look:
    """Read the next look, with these figures; `spread` draws the places of the samples within their cells."""
    x = shade = None
    if figures.pop("x"):
        first, second = (read(rest, SAMPLES).long() for _ in range(2))
        place = torch.stack([first.cumsum(0), second], -1)
        x = ((place + torch.rand(SAMPLES, 2, generator=spread)) / LEVELS * 2 - 1) * REACH
    if figures.pop("shade"):
        shade = read(rest, SHADED)
    return Look(x, **figures, shade=shade)


def record() -> None:
    """Train every family on every preset, and write the file."""
    head, body = [], bytearray()
    for data, n, steps in STATES:
        points = preset_points(data, PRESETS[data].noise, n, SEED.default)
        done = learn_live.steps([*LEARNERS], points, Rules(seed=SEED.default), steps)
        seen = [each for each in done if isinstance(each, Snapshot)]
        for name in LEARNERS:
            looks = [snapshot.looks[name] for snapshot in seen]
            head.append([data, n, steps, name, [figures(look) for look in looks]])
            body += b"".join(pack_look(look) for look in looks)
    FILE.write_bytes(lzma.compress(json.dumps(head).encode() + b"\n" + bytes(body), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    torch.set_num_threads(1)
    record()
