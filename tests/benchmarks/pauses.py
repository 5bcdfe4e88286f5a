"""The longest CPU time that each server function takes without a pause: `python -m tests.benchmarks.pauses [NAME]`."""

import sys

import torch

from explorer.tabs.kit.work import FILMS
from tests import pauses

NEAR = 0.06  # seconds: what took as long is measured again


def size(found: pauses.Watch) -> float:
    """The longest gap, or of a film the longest step."""
    return found.step_longest or found.longest


def main() -> None:
    """Print a line for each function: its lane, and of its worst question the gap, the whole time and the place."""
    torch.set_num_threads(1)
    pauses.warm()
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, (tab, ask) in pauses.declared().items():
        if wanted not in name:
            continue
        worst = None
        for case in pauses.cases(tab, ask):
            best = pauses.watched(ask, case)
            if best is None:
                continue
            if size(best) > NEAR:
                best = min(best, pauses.watched(ask, case), key=size)
            best.case = {
                key: value for key, value in case.items() if isinstance(value, str | int) and len(str(value)) < 30
            }
            if worst is None or size(best) > size(worst):
                worst = best
        if worst is None:
            print(f"{name:40} {ask.lane.name:6} no question could be answered", flush=True)
            continue
        step = f"step {1000 * worst.step_longest:6.0f}" if ask.lane is FILMS else " " * 11
        print(
            f"{name:40} {ask.lane.name:6} gap {1000 * worst.longest:6.0f} {step} of {1000 * worst.spent:6.0f} ms "
            f"{worst.pauses:6} pauses  {worst.where[:150]}  {worst.case}",
            flush=True,
        )


if __name__ == "__main__":
    main()
