"""Cost of the playground and quality of its families: `python -m tests.benchmarks.playground [preset] [steps]`.

Prints the seconds to the first moment and to the last, once on the clock and once of computing, and the figures of
every family. Other work on the machine makes the seconds on the clock longer.
"""

import sys
import time

import torch

from explorer.data.playground import PRESETS, preset_points
from explorer.models import chance
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Rules
from explorer.questions import learn_live

POINTS, SEED, NINE = 1_000, 7, [name for name in LEARNERS if name != "kernels"]


def words(value: float | None) -> str:
    """A figure to three places, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def main(preset: str = "moons", total: str = "2000") -> None:
    """Train nine families on one thread, and print what it took and what they learned."""
    torch.set_num_threads(1)
    points = preset_points(preset, PRESETS[preset].noise, POINTS, SEED)
    for _ in learn_live.steps(NINE, points, Rules(seed=0), 1):
        pass  # imports, and what torch prepares at its first use
    clock, computing, first = time.perf_counter(), time.process_time(), None
    for moment in learn_live.steps(NINE, points, Rules(seed=SEED), int(total)):
        spent = f"{time.perf_counter() - clock:.1f} s, of computing {time.process_time() - computing:.1f} s"
        if moment:
            first, last = first or spent, moment
    limit = chance.limit(points)
    print(f"{preset}, {total} steps: first moment {first}; all {spent}; limit {limit:.4f}")
    for name, look in last.looks.items():
        figures = {
            "D²": look.distance,
            "copies": look.memorised,
            "−log p": look.nll,
            "KL": look.kl,
            "KL back": look.back,
            "astray": look.astray,
        }
        phrase = "  ".join(f"{key} {words(value)}" for key, value in figures.items())
        print(f"{name:15} {look.steps:5} steps of {1000 * look.cost:.2f} ms  {phrase}")


if __name__ == "__main__":
    main(*sys.argv[1:])
