"""Live formula below the stage of the discrete diffusion: Bayes' rule for one pixel."""

import torch

from explorer.lessons.live import InputError, align, finite, live, tex
from explorer.models.transitions import Chain

MOST_PIXELS = 1000


def before(kind: str, times: int, t: int, x_0: int, x_t: int) -> list[float]:
    r"""Return $q(x_{t-1} \mid x_t, x_0)$ of a pixel: black, white, and masked if that is a state."""
    return Chain(kind, times).posterior(torch.tensor(x_t), torch.tensor(x_0), t).tolist()


@live("One step before, with your numbers", ("steps T", 8, 1), ("time t", 4, 1))
def show_before(times: float | None, t: float | None) -> str:
    """Return a formula of the probabilities that a masked or a flipped pixel had its clean value one step before."""
    times, t = finite("T", times, 1, MOST_PIXELS), finite("t", t, 1, MOST_PIXELS)
    if times != int(times) or t != int(t):
        raise InputError("T and t count steps; wanted whole numbers.")
    if t > times:
        raise InputError(f"t is {t:g}, and the chain ends at T = {times:g}.")
    masked = before("absorbing", int(times), int(t), 1, 2)
    formula = align(
        rf"q(x_{{t-1}} = x_0 \mid x_t = \text{{mask}}, x_0) &= 1 / t = {tex(masked[1], 3)}",
        rf"q(x_{{t-1}} = x_0 \mid x_t \ne x_0, x_0) &= {tex(before('uniform', int(times), int(t), 1, 0)[1], 3)}"
        r"\quad \text{(uniform)}",
    )
    return f"{formula}\n\nThe first does not depend on T: each of the t steps may equally well have masked the pixel."
