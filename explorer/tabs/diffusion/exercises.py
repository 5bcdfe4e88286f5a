"""Exercises on diffusion, and the signal that a schedule leaves at a time."""

import functools
from pathlib import Path

from explorer.lessons.written import read
from explorer.models.guided import drawn_variance, promised_variance
from explorer.models.schedule import Schedule
from explorer.tabs.diffusion.maths import closed_form, weight_of_second

TIMES = 1_000


@functools.cache
def alpha_bar_at(schedule: str, t: int) -> float:
    """Return ᾱₜ of a schedule."""
    return float(Schedule(schedule, TIMES).alphas_cumprod[t])


def time_below(schedule: str, level: float) -> int:
    """Return the first time at which ᾱₜ is below a level."""
    return next(t for t in range(TIMES) if alpha_bar_at(schedule, t) < level)


GIVEN = {
    "TIMES": TIMES,
    "alpha_bar_at": alpha_bar_at,
    "closed_form": closed_form,
    "drawn_variance": drawn_variance,
    "promised_variance": promised_variance,
    "time_below": time_below,
    "weight_of_second": weight_of_second,
}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
