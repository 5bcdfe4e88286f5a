"""The training on screen as lines of Python for a notebook."""

from collections.abc import Sequence

from explorer.tabs.playground.shared import NAMES, OWN, SIDE_SECONDS


def lines(
    learn: Sequence[int],
    data: str,
    board: bytes | None,
    noise: float,
    n: int,
    steps: int,
    clock: str,
    width: int,
    deeper: bool,
    rate: float,
    batch: int,
    knobs: Sequence[int],
    seed: int,
    taken: str = "",
) -> list[str]:
    """Return the lines that train the Playground's families."""
    names = [NAMES[index] for index in dict.fromkeys(learn)]
    points = f"drawn_points(bytes.fromhex({(board or b'').hex()!r}), {seed})"
    points = points if data == OWN else f"preset_points({data!r}, {noise}, {n}, {seed})"
    seconds = steps * SIDE_SECONDS if clock == "seconds" else 0
    own = dict(zip(NAMES, knobs))
    return [
        f"points = {points}",
        f"rules = Rules({width}, {deeper}, {rate}, {batch}, {seed}, {own!r})",
        f"for done in learn_live.steps({names!r}, points, rules, {steps}, {seconds}):",
        "    if isinstance(done, learn_live.Snapshot):",
        "        print(done.time, {name: look.distance for name, look in done.looks.items()})",
    ]
