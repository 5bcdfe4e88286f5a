"""Server function of the comparison, apart from the shared questions: one image whose family is to be guessed."""

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import Cannot, make
from explorer.spaces import BINARY, PLANE
from explorer.steps import last
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.answer import Answer


@heavy
def one(net: AnyNet, seed: Seed) -> Answer:
    """Draw one image of a family, binarised so that the kind of pixels gives no hint.

    Raises:
        Cannot: if the family draws nothing, or no images.
    """
    model = checkpoints.load(net)
    if model.space == PLANE:
        raise Cannot("cannot, because this network draws points of the plane, not images")
    x = last(make.steps(model, 1, seed)).x.cpu()
    return Answer(view={"x": BINARY.encode(data.binarise(x, data.APART + seed))})


SERVER_FUNCTIONS = [*questions.SERVER_FUNCTIONS, one]
