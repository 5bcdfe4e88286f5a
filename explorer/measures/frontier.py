r"""Sample quality by number of evaluations: Fréchet distance, precision and recall of each sampler.

Every sampler draws `FRONTIER_IMAGES` images, with classes in the test split's proportions. They are compared with all
test images. The Fréchet distance of N images is biased upwards by about b / N (Chong & Forsyth 2020, section 3). The
constant b differs between samplers; halves of the same images give an estimate. The card holds the distance expected
of `FRONTIER_ALIKE` images, the number that `--quality` draws: $F(N) = F_\infty + b / N$. The *floor* is the distance
of equally many training images. Precision is the share of the drawn images within the set of test images. Recall is
the share of test images within the set of N drawn images. It grows with N, so a recall of 2,000 images is lower than
one of 10,000. Standard errors also come from halves.

References:
    Chong & Forsyth, Effectively Unbiased FID and Inception Score and Where to Find Them, 2020,
    https://arxiv.org/abs/1911.07023
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

import torch
from torch import Tensor

from explorer.measures.common import Load
from explorer.measures.metrics import frechet, reach, within
from explorer.measures.quality import FLOOR, Draw, Judge
from explorer.networks.card import Card, Row, row, rows

EVALUATIONS = (1, 2, 5, 10, 20, 50)
FRONTIER_IMAGES, FRONTIER_ALIKE, SPLITS = 2_000, 10_000, 5


@dataclass(frozen=True)
class SamplerSteps:
    """Sampler at one number of steps.

    Arguments:
        title: Title of the sampler.
        steps: Number of steps.
        evaluations: Number of network evaluations per image.
        draw: Function that draws images.
        name: Name of the sampler in a tab.
    """

    title: str
    steps: int
    evaluations: int
    draw: Draw
    name: str = ""

    @property
    def setting(self) -> dict[str, str | int]:
        """Setting of the rows of this sampler."""
        return {"sampler": self.name or self.title.lower(), "steps": self.steps, "evaluations": self.evaluations}


def frontier(ways: Sequence[SamplerSteps], known: Sequence[Row], dataset: str, load: Load, seed: int) -> Iterator[dict]:
    """Yield the card's part after each sampler that is not `known` yet, the cheapest first; the floor comes first."""
    judge, found = Judge(dataset, load, binary=False), [*known]
    label, radii = in_proportion(judge.test.labels, FRONTIER_IMAGES), reach(judge.real)
    common = {"n": FRONTIER_IMAGES, "alike": FRONTIER_ALIKE, "seeds": [seed], "classifier": f"classifier-{dataset}"}
    if not rows({"rows": found}, "frechet", sampler=FLOOR):
        features, _ = judge.features_and_classes(judge.train[judge.floor_images()].pixels())
        found.append(row("frechet", frechet(judge.real, features), n=len(features), sampler=FLOOR))
        x = judge.train[of_classes(judge.train.labels, label)].pixels()
        others = figures(judge, radii, x, label)[1:]
        found += [row(name, value, se=se, n=FRONTIER_IMAGES, sampler=FLOOR) for name, value, se in others]
    yield {"rows": found} | common
    for way in sorted(ways, key=lambda way: way.evaluations):
        if rows({"rows": found}, "frechet", **way.setting):
            continue
        x = way.draw(FRONTIER_IMAGES, torch.Generator().manual_seed(seed), label)
        for name, value, se in figures(judge, radii, x, label):
            found.append(row(name, value, se=se, n=FRONTIER_IMAGES, seed=seed, title=way.title, **way.setting))
        yield {"rows": found} | common


def figures(judge: Judge, radii: Tensor, x: Tensor, label: Tensor) -> list[tuple[str, float, float]]:
    """Measure images (N, 1, 28, 28): Fréchet distance, recall, precision, accuracy, each with standard error.

    `radii` (M,) are the distances of test images to their third nearest neighbours.
    """
    features, classes = judge.features_and_classes(x)

    def recall(some: Tensor) -> float:
        return float(within(judge.real, some, reach(some)).double().mean())

    shares = {"precision": within(features, judge.real, radii), "seen": classes == label}
    found = [
        ("frechet", as_of_alike(judge.real, features), error(features, partial(frechet, judge.real))),
        ("recall", recall(features), error(features, recall)),
    ]
    for name, each in shares.items():
        each = each.double()
        found.append((name, float(each.mean()), float(each.std() / math.sqrt(len(each)))))
    return found


def as_of_alike(real: Tensor, features: Tensor) -> float:
    """Return the Fréchet distance expected of `FRONTIER_ALIKE` images, from that of N (N, F) and of their halves."""
    n, whole = len(features), frechet(real, features)
    half = fmean(frechet(real, features[first::2]) for first in (0, 1))
    b = n * (half - whole)
    return whole - b / n + b / FRONTIER_ALIKE


def error(features: Tensor, figure: Callable[[Tensor], float]) -> float:
    """Return the standard error of a figure of features (N, F), from its difference between random halves.

    Each of two neighbours goes to a different half, so both halves have the same classes. The variance of the
    difference is twice that of a half, which is twice that of the whole.
    """
    generator, pairs = torch.Generator().manual_seed(0), features.view(len(features) // 2, 2, -1)
    here = torch.arange(len(pairs))
    squares = []
    for _ in range(SPLITS):
        side = (torch.rand(len(pairs), generator=generator) < 0.5).long()
        squares.append((figure(pairs[here, side]) - figure(pairs[here, 1 - side])) ** 2)
    return math.sqrt(fmean(squares) / 4)


def in_proportion(labels: Tensor, n: int) -> Tensor:
    """Return n classes in the proportions of labels (N,), sorted; every k-th of them are in proportion too: (n,)."""
    return labels.sort().values[(torch.arange(n) * len(labels)) // n]


def of_classes(labels: Tensor, wanted: Tensor) -> Tensor:
    """Return indices of items from labels (N,) with the wanted sorted classes (n,), spread over all items: (n,)."""
    found = []
    for label, count in enumerate(wanted.bincount().tolist()):
        places = (labels == label).nonzero()[:, 0]
        found.append(places[(torch.arange(count) * len(places)) // max(1, count)])
    return torch.cat(found)


def frontier_headline(part: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    items = [each for each in rows(part, "frechet") if each["sampler"] != FLOOR]
    return f"{len(items)} ways measured"
