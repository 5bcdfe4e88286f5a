"""Typical seeds: of the seeds 0 to 24, the one whose images have the median quality.

The quality of images is the confidence of the classifier of their data set: the mean probability of the most probable
class. The classifier is that of the other measurements of quality.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer.models.classifier import Classifier
from explorer.networks import checkpoints
from explorer.running.device import device_of

TYPICAL_OF = 25  # seeds; an odd number has a median


@torch.no_grad()
def confidence(x: Tensor, dataset: str) -> Tensor:
    """Return the probability of the most probable class of images (N, 1, 28, 28): (N,)."""
    classifier: Classifier = checkpoints.load(f"classifier-{dataset}")
    return classifier(x.to(device_of(classifier))).softmax(-1).amax(-1).cpu()


def median_seed(qualities: Sequence[float]) -> int:
    """Return the seed with the median quality; `qualities` are those of the seeds from 0."""
    return sorted(range(len(qualities)), key=lambda seed: qualities[seed])[len(qualities) // 2]


def shared_seed(qualities: Sequence[Sequence[float]]) -> int:
    """Return the seed at which several families are nearest to their medians, by the mean distance of their quality.

    Arguments:
        qualities: Of each family, those of the seeds from 0.
    """
    of = torch.tensor(qualities)
    return int((of - of.median(-1, keepdim=True).values).abs().mean(0).argmin())
