"""Questions for any model of any family: its methods answer, or a reason says why it has none.

No question depends on a family's name. A property of one family is an attribute of its model.

In a notebook, `plot` shows the steps of a question as a figure:

    from explorer.networks.checkpoints import load
    from explorer.questions import make, plot

    model = load("pixelcnn-mnist")
    plot(make.steps(model, 4, seed=7), model.space)
"""

from explorer.models.model import Model
from explorer.questions.figures import plot

__all__ = ["Cannot", "because", "plot", "reason"]


class Cannot(ValueError):
    """A model cannot answer; the message gives the model's own reason."""


def reason(model: Model, capability: str) -> str:
    """Return the reason why a model lacks a capability: its own if it gives one."""
    return getattr(model, "cannot", {}).get(capability, "this family has no way to do it")


def because(model: Model, capability: str) -> str:
    """Return the statement that a model lacks a capability, with the reason."""
    return f"cannot, because {reason(model, capability)}"
