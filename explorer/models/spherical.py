"""Paths between two codes: straight, or on a sphere, near which high-dimensional Gaussian noise lies."""

import torch
from torch import Tensor


def straight_path(a: Tensor, b: Tensor, places: int) -> Tensor:
    """Return points at equal distances on the line from a to b (*shape), both ends included: (places, *shape)."""
    return torch.stack([torch.lerp(a, b, place / (places - 1)) for place in range(places)])


def spherical_weights(angle: float, places: Tensor) -> Tensor:
    r"""Return $\frac{\sin((1 - s) \theta)}{\sin \theta}$ and $\frac{\sin(s \theta)}{\sin \theta}$ at places s: (n, 2).

    With these weights, two points of one sphere at an angle θ give the shortest path between them.

    Reference: Shoemake, Animating Rotation with Quaternion Curves, 1985, https://doi.org/10.1145/325334.325242
    """
    theta = torch.tensor(angle, dtype=torch.float64)
    if theta.sin() < 1e-6:
        return torch.stack([1 - places, places], dim=-1)
    return torch.stack([((1 - places) * theta).sin(), (places * theta).sin()], dim=-1) / theta.sin()


def angle_between(a: Tensor, b: Tensor) -> float:
    """Return the angle between two points of any one shape, in radians."""
    return float(torch.cosine_similarity(a.flatten().double(), b.flatten().double(), dim=0).clamp(-1, 1).acos())


def spherical_path(a: Tensor, b: Tensor, places: int) -> Tensor:
    """Return points at equal angles on the arc from a to b (*shape), both ends included: (places, *shape)."""
    weights = spherical_weights(angle_between(a, b), torch.linspace(0, 1, places, dtype=torch.float64))
    return torch.einsum("pk,k...->p...", weights.to(a), torch.stack([a, b]))
