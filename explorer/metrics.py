"""How far generated images lie from real ones, told by the features of a classifier of the same data set.

Figures of different numbers of images cannot be compared: they are always taken of as many as there are real ones.

References:
    Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, https://arxiv.org/abs/1706.08500
    Kynkäänniemi et al., Improved Precision and Recall Metric, 2019, https://arxiv.org/abs/1904.06991
"""

import torch
from torch import Tensor, nn

NEIGHBOURS = 3
CHUNK = 1_000


class _Given(nn.Module):
    """Lets torchmetrics take features as they are, instead of images."""

    def __init__(self, size: int):
        super().__init__()
        self.num_features = size

    def forward(self, features: Tensor) -> Tensor:
        return features


def frechet(real: Tensor, made: Tensor) -> float:
    r"""$\|\mu - \mu'\|^2 + \operatorname{tr}(\Sigma + \Sigma' - 2 (\Sigma \Sigma')^{1/2})$ of two sets of features.

    Shapes: `real` (N, F), `made` (M, F).

    Reference: Heusel et al. 2017, equation 6.
    """
    from torchmetrics.image.fid import FrechetInceptionDistance

    distance = FrechetInceptionDistance(feature=_Given(real.shape[1])).set_dtype(torch.float64)
    distance.update(real.double(), real=True)
    distance.update(made.double(), real=False)
    return float(distance.compute())


def precision_recall(real: Tensor, made: Tensor) -> tuple[float, float]:
    """The share of what is made that lies among the real, and the share of the real that lies among what is made.

    A point lies among others if it is within the distance of one of them to its third nearest neighbour.

    Shapes: `real` (N, F), `made` (M, F).

    Reference: Kynkäänniemi et al. 2019, equations 1 and 2.
    """
    return tuple(
        float(within(*each).double().mean()) for each in ((made, real, reach(real)), (real, made, reach(made)))
    )


def reach(points: Tensor) -> Tensor:
    """The distance of each point (N, F) to its third nearest neighbour among them: (N,)."""
    nearest = [torch.cdist(part, points).kthvalue(NEIGHBOURS + 1).values for part in points.split(CHUNK)]
    return torch.cat(nearest)  # itself is the nearest of all


def within(points: Tensor, others: Tensor, reach: Tensor) -> Tensor:
    """Whether each point (N, F) lies within the `reach` (M,) of any of the others (M, F): (N,) booleans."""
    return torch.cat([(torch.cdist(part, others) <= reach).any(-1) for part in points.split(CHUNK)])


def class_entropy(labels: Tensor, classes: int) -> float:
    """The entropy in nats of how often each class occurs among labels (N,): ln `classes` where all are as frequent."""
    share = labels.bincount(minlength=classes).double() / len(labels)
    return float(torch.special.entr(share).sum())


def kolmogorov_smirnov(a: Tensor, b: Tensor) -> float:
    """The largest difference of two empirical distribution functions of numbers (N,) and (M,): 0 alike, 1 apart.

    Reference: Smirnov, Table for Estimating the Goodness of Fit of Empirical Distributions, 1948
    """
    places = torch.cat([a, b])
    shares = [torch.searchsorted(each.sort().values, places, right=True).double() / len(each) for each in (a, b)]
    return float((shares[0] - shares[1]).abs().max())


def diversity(features: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> float:
    """The variance of features within a class, next to that of real ones: 1 is as varied as the data.

    Shapes: `features` (N, F) with `labels` (N,), `real` (M, F) with `real_labels` (M,).
    """

    def within(each: Tensor, of: Tensor) -> Tensor:
        return torch.stack([each[of == label].double().var(0).sum() for label in of.unique()]).mean()

    return float(within(features, labels) / within(real, real_labels))
