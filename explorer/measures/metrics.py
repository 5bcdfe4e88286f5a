"""Distances between generated and real images, in the features of a classifier of the same data set.

Figures for different numbers of images cannot be compared: always use as many generated images as there are real ones.

References:
    Salimans et al., Improved Techniques for Training GANs, 2016, https://arxiv.org/abs/1606.03498
    Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, https://arxiv.org/abs/1706.08500
    Bińkowski et al., Demystifying MMD GANs, 2018, https://arxiv.org/abs/1801.01401
    Kynkäänniemi et al., Improved Precision and Recall Metric, 2019, https://arxiv.org/abs/1904.06991
    Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, 2020, https://arxiv.org/abs/2002.09797
"""

import torch
from torch import Tensor, nn

NEIGHBOURS = 3  # of precision and recall
AROUND = 5  # neighbours of density and coverage
METRICS_CHUNK = 1_000
METRICS_BLOCK = 1_000  # most features of one estimate of the kernel distance


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


def kernel_distance(real: Tensor, made: Tensor) -> float:
    r"""Squared maximum mean discrepancy of two sets of features, without bias; so it may be negative.

    The kernel is $k(a, b) = (a \cdot b / F + 1)^3$. Of large sets it is the mean over random blocks of `METRICS_BLOCK`.

    Shapes: `real` (N, F), `made` (N, F).

    Reference: Bińkowski et al. 2018, equation 4; section 4 for the kernel and the blocks.
    """
    from torchmetrics.image.kid import KernelInceptionDistance

    size = min(METRICS_BLOCK, len(real), len(made))
    how = {"subsets": len(real) // size, "subset_size": size}
    distance = KernelInceptionDistance(feature=_Given(real.shape[1]), **how).set_dtype(torch.float64)
    distance.update(real.double(), real=True)
    distance.update(made.double(), real=False)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return float(distance.compute()[0])


def inception_score(logits: Tensor) -> float:
    r"""Inception score of images with these logits (N, classes): from 1 to the number of classes, higher is better.

    $\exp \mathbb{E}_x \mathrm{KL}(p(y \mid x) \,\|\, p(y))$

    Reference: Salimans et al. 2016, section 4.
    """
    from torchmetrics.image.inception import InceptionScore

    score = InceptionScore(feature=_Given(logits.shape[1]), splits=1)
    score.update(logits)
    with torch.random.fork_rng(devices=[]):  # it shuffles, which changes nothing within one split
        return float(score.compute()[0])


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


def density_coverage(real: Tensor, made: Tensor) -> tuple[float, float]:
    """Return density and coverage of generated points.

    Density is the mean number of real neighbourhoods that hold a generated point, divided by `AROUND`; coverage is the
    share of real neighbourhoods that hold one at all. The neighbourhood of a real point reaches to its fifth nearest
    real neighbour.

    Shapes: `real` (N, F), `made` (M, F).

    Reference: Naeem et al. 2020, section 3.2.
    """
    far, held, covered = reach(real, AROUND), 0, torch.zeros(len(real), dtype=torch.bool)
    for part in made.split(METRICS_CHUNK):
        holds = torch.cdist(part, real) < far
        held, covered = held + int(holds.sum()), covered | holds.any(0).cpu()
    return held / (AROUND * len(made)), float(covered.double().mean())


def nearest_distance(real: Tensor, made: Tensor) -> Tensor:
    """Return the Euclidean distance of each image (M, …) to the nearest of the real ones (N, …): (M,)."""
    real = real.flatten(1)
    return torch.cat([torch.cdist(part, real).amin(-1) for part in made.flatten(1).split(METRICS_CHUNK)])


def class_distance(real: Tensor, made: Tensor, classes: int) -> float:
    """Return the total variation of two sets' class shares, labels (N,) and (M,): 0 equal, 1 disjoint."""
    shares = [labels.bincount(minlength=classes).double() / len(labels) for labels in (real, made)]
    return float((shares[0] - shares[1]).abs().sum() / 2)


def reach(points: Tensor, neighbours: int = NEIGHBOURS) -> Tensor:
    """Return the distance of each point (N, F) to its third, or other, nearest neighbour in the same set: (N,)."""
    nearest = [torch.cdist(part, points).kthvalue(neighbours + 1).values for part in points.split(METRICS_CHUNK)]
    return torch.cat(nearest)  # the nearest of all is the point itself


def within(points: Tensor, others: Tensor, reach: Tensor) -> Tensor:
    """Return whether each point (N, F) lies within the `reach` (M,) of any of the others (M, F): (N,) booleans."""
    return torch.cat([(torch.cdist(part, others) <= reach).any(-1) for part in points.split(METRICS_CHUNK)])


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
