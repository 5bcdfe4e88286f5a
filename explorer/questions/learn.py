"""Watch it learn: samples of one seed from the saved snapshots of a network's training."""

from collections.abc import Iterable, Iterator

from explorer.models.model import Model
from explorer.questions import make
from explorer.steps import Step


def steps(snapshots: Iterable[Model], total: int, n: int, seed: int, label: int | None = None) -> Iterator[Step]:
    """Yield the steps to n x that each snapshot of a network draws from one seed; `time` is the snapshot's number.

    A snapshot that draws pixels from a decoder's `mean` has this mean as a picture, too.

    Raises:
        Cannot: if a class is requested and the network knows none.
    """
    for index, model in enumerate(snapshots):
        for step in make.steps(model, n, seed, label):
            means = {name: x for name, x in step.pictures.items() if name == "mean"}
            yield Step(step.x, index, total, index, means)
