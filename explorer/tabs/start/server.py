"""What the first page asks Python beside the film of a family: the x that this film arrives at."""

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
    """What a family draws from a seed, when it is done: its first image, or all points."""
    model = checkpoints.load(net)
    x = last(make.steps(model, make.together(model), seed)).x
    shown = x if model.space == PLANE else x[:1]
    return {"x": model.space.encode(shown.cpu()), "space": model.space.name}


SERVER_FUNCTIONS = [questions.ask_make, frames, stop, ask_leaf]
