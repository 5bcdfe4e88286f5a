"""Server function of the first page, apart from the film of a family: the film's final x."""

from explorer import checkpoints
from explorer.questions import make
from explorer.spaces import PLANE
from explorer.steps import last
from explorer.tabs.kit import questions
from explorer.tabs.kit.answers import frames, heavy, stop
from explorer.tabs.kit.fields import Seed
from explorer.tabs.kit.nets import Net


@heavy
def ask_leaf(net: Net, seed: Seed) -> dict:
    """Draw from a family with a seed: its first image, or all points."""
    model = checkpoints.load(net)
    x = last(make.steps(model, make.together(model), seed)).x
    shown = x if model.space == PLANE else x[:1]
    return {"x": model.space.encode(shown.cpu()), "space": model.space.name}


SERVER_FUNCTIONS = [questions.ask_make, frames, stop, ask_leaf]
