"""What anybody may ask of a model, whatever its family: by the methods that it has, and in words where it has none.

No question knows a family's name. What only the family can say of itself it says as an attribute of its model.
"""

from torch import nn


class Cannot(ValueError):
    """A model cannot answer; the message says why, as the model does."""


def reason(model: nn.Module, capability: str) -> str:
    """Why a model cannot do something, as it says itself if it does."""
    return getattr(model, "cannot", {}).get(capability, "this family has no way to do it")


def because(model: nn.Module, capability: str) -> str:
    """That a model cannot do something, and why."""
    return f"cannot, because {reason(model, capability)}"
