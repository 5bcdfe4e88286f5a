"""Distances between generated and real images, in the features of a classifier of the same data set.

Figures for different numbers of images cannot be compared: always use as many generated images as there are real ones.

References:
    Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, https://arxiv.org/abs/1706.08500
    Kynkäänniemi et al., Improved Precision and Recall Metric, 2019, https://arxiv.org/abs/1904.06991
"""

import torch
from torch import Tensor, nn

NEIGHBOURS = 3
CHUNK = 1_000


class _Given(nn.Module):
    """Identity network that lets torchmetrics take features directly instead of images."""

    def __init__(self, size: int):
        super().__init__()
        self.num_features = size

    def forward(self, features: Tensor) -> Tensor:
        return features


def frechet(real: Tensor, made: Tensor) -> float:
    r"""Fréchet distance of two sets of features.

    $\|\mu - \mu'\|^2 + \operatorname{tr}(\Sigma + \Sigma' - 2 (\Sigma \Sigma')^{1/2})$

    Shapes: `real` (N, F), `made` (M, F).

    Reference: Heusel et al. 2017, equation 6.
    """
    from torchmetrics.image.fid import FrechetInceptionDistance

    distance = FrechetInceptionDistance(feature=_Given(real.shape[1])).set_dtype(torch.float64)
    distance.update(real.double(), real=True)
    distance.update(made.double(), real=False)
    return float(distance.compute())


def precision_recall(real: Tensor, made: Tensor) -> tuple[float, float]:
    """Return precision and recall of generated points.

    Precision is the share of generated points within the real set; recall is the share of real points within the
    generated set.

    A point lies within a set if, for one of its members, it is no farther away than that member's third nearest
    neighbour.

    Shapes: `real` (N, F), `made` (M, F).

    Reference: Kynkäänniemi et al. 2019, equations 1 and 2.
    """
    return tuple(
        float(within(*each).double().mean()) for each in ((made, real, reach(real)), (real, made, reach(made)))
    )


def reach(points: Tensor) -> Tensor:
    """Return the distance of each point (N, F) to its third nearest neighbour in the same set: (N,)."""
    nearest = [torch.cdist(part, points).kthvalue(NEIGHBOURS + 1).values for part in points.split(CHUNK)]
    return torch.cat(nearest)  # the nearest of all is the point itself


def within(points: Tensor, others: Tensor, reach: Tensor) -> Tensor:
    """Return whether each point (N, F) lies within the `reach` (M,) of any of the others (M, F): (N,) booleans."""
    return torch.cat([(torch.cdist(part, others) <= reach).any(-1) for part in points.split(CHUNK)])


def class_entropy(labels: Tensor, classes: int) -> float:
    """Return the entropy of the class frequencies of labels (N,), in nats; ln `classes` if all are equally frequent."""
    share = labels.bincount(minlength=classes).double() / len(labels)
    return float(torch.special.entr(share).sum())


def kolmogorov_smirnov(a: Tensor, b: Tensor) -> float:
    """Kolmogorov–Smirnov distance of numbers (N,) and (M,): 0 equal, 1 disjoint.

    It is the largest difference of their empirical distribution functions.

    Reference: Smirnov, Table for Estimating the Goodness of Fit of Empirical Distributions, 1948
    """
    places = torch.cat([a, b])
    shares = [torch.searchsorted(each.sort().values, places, right=True).double() / len(each) for each in (a, b)]
    return float((shares[0] - shares[1]).abs().max())


def diversity(features: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> float:
    """Return the within-class variance of features, relative to that of real ones: 1 is as varied as the data.

    Shapes: `features` (N, F) with `labels` (N,), `real` (M, F) with `real_labels` (M,).
    """

    def within(each: Tensor, of: Tensor) -> Tensor:
        return torch.stack([each[of == label].double().var(0).sum() for label in of.unique()]).mean()

    return float(within(features, labels) / within(real, real_labels))
