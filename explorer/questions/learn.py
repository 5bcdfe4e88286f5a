"""Watch it learn: what a network made of one seed at the moments of its training that were kept."""

from collections.abc import Iterable, Iterator

from torch import nn

from explorer.questions import make
from explorer.steps import Step


def steps(moments: Iterable[nn.Module], total: int, n: int, seed: int, label: int | None = None) -> Iterator[Step]:
    """The steps to n x that a network draws from one seed at each of its moments; `time` is the moment's number.

    Raises:
        Cannot: if a class is asked for and the network knows none.
    """
    for index, model in enumerate(moments):
        for step in make.steps(model, n, seed, label):
            yield Step(step.x, index, total, index)
