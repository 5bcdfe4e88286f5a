"""What every model that draws x step by step can do besides: the x alone."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from explorer.steps import Number, last


class Sampled(nn.Module):
    """A model with `sample_steps`; one that knows a shorter way to the end of them says its own `sample`."""

    numbers: Mapping[str, Number] = {}
    """What the numbers of its steps are; they have none unless it says so."""
    cannot: Mapping[str, str] = {}
    """Why it lacks a capability, by name, as a clause that stands after “cannot, because”."""

    def sample(self, n: int, *, generator: torch.Generator, **how) -> Tensor:
        """What the last of `sample_steps` shows, which says what else may be given: (n, *shape)."""
        return last(self.sample_steps(n, generator=generator, **how)).x
