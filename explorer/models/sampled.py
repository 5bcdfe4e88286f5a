"""Base class of all models that draw x step by step."""

from collections.abc import Mapping

import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.steps import Number, last


class Sampled(Model):
    """A model with `sample_steps`; a subclass may override `sample` with a faster method."""

    numbers: Mapping[str, Number] = {}
    """Descriptions of the numbers of its steps; none by default."""
    cannot: Mapping[str, str] = {}
    """Reason for each missing capability, by name, as a clause after “cannot, because”."""

    def sample(self, n: int, *, generator: torch.Generator, **how) -> Tensor:
        """Draw the last x of `sample_steps`, with the same further arguments: (n, *shape)."""
        return last(self.sample_steps(n, generator=generator, **how)).x
