"""Damages of a set of images, each with a strength from 0, which leaves the set as it is, to 1.

A damage first chooses the images of the set, and then paints over them; most do one of the two. All random choices come
from a generator. A larger strength adds to what a smaller one does, with the same choices.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

SIGMA = 3.0  # of the widest blur, in pixels
DAMAGES_NOISE = 0.6  # standard deviation of the strongest noise
FADED, GREY = 0.75, 0.35  # contrast that is lost, and grey that is added
FEWEST = 10  # different images that are left by *few images, copied*
RAREST = 0.02  # frequency of the rarest class over that of the most frequent one


@dataclass(frozen=True)
class Sets:
    """Two sets of real images that share none, and spare images.

    Arguments:
        images: All images (M, 1, 28, 28) in [0, 1].
        labels: Their classes (M,).
        real: Indices of the reference set, which stands for the training images: (N,).
        fresh: Indices of the set that is damaged: (N,).
        spare: Indices of all other images.
    """

    images: Tensor
    labels: Tensor
    real: Tensor
    fresh: Tensor
    spare: Tensor

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.labels.max()) + 1


Choice = Callable[[Sets, float, torch.Generator], Tensor]
Paint = Callable[[Tensor, float, torch.Generator], Tensor]


@dataclass(frozen=True)
class Damage:
    """Damage of a set.

    Arguments:
        title: Displayed name.
        choose: Returns the indices (N,) of the images of the damaged set; the fresh ones unless given.
        paint: Paints over these images (N, 1, 28, 28); nothing unless given.
    """

    title: str
    choose: Choice = lambda sets, strength, generator: sets.fresh
    paint: Paint = lambda x, strength, generator: x

    def indices(self, sets: Sets, strength: float, seed: int) -> Tensor:
        """Return the indices of the images of the damaged set: (N,)."""
        return self.choose(sets, strength, torch.Generator().manual_seed(seed)) if strength else sets.fresh

    def apply(self, x: Tensor, strength: float, seed: int) -> Tensor:
        """Return the damaged images: (N, 1, 28, 28), as the result."""
        return self.paint(x, strength, torch.Generator().manual_seed(seed)) if strength else x

    def damaged_set(self, sets: Sets, strength: float, seed: int) -> Tensor:
        """Return the images of the damaged set: (N, 1, 28, 28)."""
        return self.apply(sets.images[self.indices(sets, strength, seed)], strength, seed)


def split(images: Tensor, labels: Tensor, n: int, generator: torch.Generator) -> Sets:
    """Split images (M, 1, 28, 28) of classes (M,) at random: n for reference, n to damage, the others to spare.

    Raises:
        ValueError: If there are fewer than 2 n images.
    """
    if len(images) < 2 * n:
        raise ValueError(f"two sets of {n} images need {2 * n}, not {len(images)}")
    order = torch.randperm(len(images), generator=generator)
    return Sets(images, labels, order[:n], order[n : 2 * n], order[2 * n :])


def blur(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Blur images (N, 1, 28, 28) by a Gaussian of up to `SIGMA` pixels; beyond the edges is black."""
    sigma = SIGMA * strength
    reach = int(3 * SIGMA)
    places = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    weights = torch.exp(-places.square() / (2 * sigma**2))
    weights = weights / weights.sum()
    across = F.conv2d(x, weights.view(1, 1, 1, -1), padding=(0, reach))
    return F.conv2d(across, weights.view(1, 1, -1, 1), padding=(reach, 0)).clamp(0, 1)


def noise(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Add Gaussian noise of standard deviation up to `DAMAGES_NOISE` to images (N, 1, 28, 28), and clip to [0, 1]."""
    return (x + DAMAGES_NOISE * strength * torch.randn(x.shape, generator=generator).to(x)).clamp(0, 1)


def contrast(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Shift the contrast of images (N, 1, 28, 28): black becomes grey, and white fades."""
    return GREY * strength + (1 - FADED * strength) * x


def mirror(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Mirror a share of the images (N, 1, 28, 28), left to right."""
    return torch.where(_some(len(x), strength, generator).view(-1, 1, 1, 1), x.flip(-1), x)


def halves(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Replace up to the right half of each image (N, 1, 28, 28) by that of another one."""
    others = x[torch.randperm(len(x), generator=generator)]
    width = x.shape[-1]
    kept = width - round(strength * width / 2)
    return torch.cat([x[..., :kept], others[..., kept:]], dim=-1)


def drop(sets: Sets, strength: float, generator: torch.Generator) -> Tensor:
    """Drop up to all classes but one, in random order; other images of the classes that stay take their places.

    Shapes: indices (N,).
    """
    order = torch.randperm(sets.classes, generator=generator)
    dropped = order[: round(strength * (sets.classes - 1))]
    leaving, found = torch.isin(sets.labels[sets.fresh], dropped), sets.fresh.clone()
    found[leaving] = _draw(sets, ~torch.isin(sets.labels, dropped), int(leaving.sum()), generator)
    return found


def one_class(sets: Sets, strength: float, generator: torch.Generator) -> Tensor:
    """Replace a share of the images by images of one class, chosen at random: indices (N,)."""
    label = int(torch.randint(sets.classes, (), generator=generator))
    rank = torch.randperm(len(sets.fresh), generator=generator)
    others = _draw(sets, sets.labels == label, len(rank), generator)[rank]
    return torch.where((rank < strength * len(rank)) & (sets.labels[sets.fresh] != label), others, sets.fresh)


def copies(sets: Sets, strength: float, generator: torch.Generator) -> Tensor:
    """Repeat few images: the number of different ones falls from N to `FEWEST`, by equal ratios: indices (N,)."""
    n = len(sets.fresh)
    kept = max(1, round(n * (FEWEST / n) ** strength))
    return sets.fresh[torch.arange(n) % kept]


def memorise(sets: Sets, strength: float, generator: torch.Generator) -> Tensor:
    """Replace a share of the images by those of the reference set, the training images: indices (N,)."""
    return torch.where(_some(len(sets.fresh), strength, generator), sets.real, sets.fresh)


def imbalance(sets: Sets, strength: float, generator: torch.Generator) -> Tensor:
    """Make some classes rarer than others, in random order, by up to `RAREST`; other images take the free places.

    Shapes: indices (N,).
    """
    labels = sets.labels[sets.fresh]
    one_hot = F.one_hot(labels, sets.classes)
    now, rarity = one_hot.sum(0), torch.randperm(sets.classes, generator=generator)
    shares = now * RAREST ** (strength * rarity / (sets.classes - 1))
    target = _counts(len(labels) * shares / shares.sum())
    number = (one_hot.cumsum(0) * one_hot).sum(-1)  # of an image within its class
    missing = (target - now).clamp(min=0).tolist()
    found = sets.fresh.clone()
    found[number > target[labels]] = torch.cat(
        [_draw(sets, sets.labels == label, count, generator) for label, count in enumerate(missing)]
    )
    return found


def _some(n: int, share: float, generator: torch.Generator) -> Tensor:
    """Return which of n places are chosen: a share of them, more for a larger share: (n,) booleans."""
    return torch.randperm(n, generator=generator) < round(share * n)


def _counts(wanted: Tensor) -> Tensor:
    """Round numbers (K,) to whole ones with the same sum."""
    found = wanted.floor().long()
    found[(wanted - found).argsort(descending=True)[: round(float(wanted.sum())) - int(found.sum())]] += 1
    return found


def _draw(sets: Sets, allowed: Tensor, n: int, generator: torch.Generator) -> Tensor:
    """Draw n images that are allowed (M,): spare ones, then fresh ones, then the same again."""
    pools = [pool[allowed[pool]] for pool in (sets.spare, sets.fresh)]
    found = torch.cat([pool[torch.randperm(len(pool), generator=generator)] for pool in pools])
    return found[torch.arange(n) % len(found)]


DAMAGES: dict[str, Damage] = {
    "blur": Damage("Blur", paint=blur),
    "noise": Damage("Noise", paint=noise),
    "contrast": Damage("Contrast", paint=contrast),
    "mirror": Damage("Mirror images", paint=mirror),
    "halves": Damage("Half of each", paint=halves),
    "drop": Damage("Dropped classes", choose=drop),
    "one": Damage("One class alone", choose=one_class),
    "imbalance": Damage("Class imbalance", choose=imbalance),
    "copies": Damage("Copies of few images", choose=copies),
    "memorise": Damage("Training images", choose=memorise),
}
