r"""Search for a code: gradient descent on the input z of a decoder, towards a given image.

Adam moves each code independently from its own start, with a step size that falls to zero. The search keeps the best
code on the path. The loss may have many local minima, so an image has several starts, and the best result is chosen.

References:
    Creswell & Bharath, Inverting the Generator of a GAN, 2016, https://arxiv.org/abs/1611.05644
    Bora et al., Compressed Sensing using Generative Models, 2017, https://arxiv.org/abs/1703.03208
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Found:
    """The best of a search so far.

    Arguments:
        z: Best code of each image, (n, d).
        loss: Its loss, (n,).
        start: Index of its start among the k, (n,).
        losses: Lowest loss from every start, (n, k).
    """

    z: Tensor
    loss: Tensor
    start: Tensor
    losses: Tensor


def best_starts(pool: Tensor, losses: Tensor, k: int) -> Tensor:
    """Return the k best codes of a pool (P, d) for each image by their losses (n, P), best first: (n, k, d)."""
    return pool[losses.topk(k, largest=False).indices]


def search_steps(
    starts: Tensor, loss: Callable[[Tensor], Tensor], *, steps: int, rate: float = 0.1, reach: float = math.inf
) -> Iterator[Found]:
    """Run Adam on every start independently; yield `steps` + 1 times, first before any move.

    Shapes: `starts` (n, k, d); `loss` takes codes (n k, d), those of an image together, and returns (n k,).

    Arguments:
        steps: Number of moves of the codes.
        rate: Initial learning rate; it falls to zero as half a cosine.
        reach: Largest length of a code; a longer one is shortened.
    """
    n, k, _ = starts.shape
    z = starts.detach().flatten(0, 1).clone().requires_grad_()
    adam = torch.optim.Adam([z], lr=rate)
    calming = torch.optim.lr_scheduler.CosineAnnealingLR(adam, max(steps, 1))
    best, lowest = z.detach().clone(), torch.full_like(z[:, 0], math.inf, requires_grad=False)
    for step in range(steps + 1):
        with torch.enable_grad():
            reached = loss(z)
            (z.grad,) = torch.autograd.grad(reached.sum(), z)
        better = reached.detach() < lowest
        best = torch.where(better.unsqueeze(-1), z.detach(), best)
        lowest = torch.where(better, reached.detach(), lowest)
        yield _winners(best.unflatten(0, (n, k)), lowest.view(n, k))
        if step < steps:
            adam.step()
            calming.step()
            z.data.mul_((reach / z.data.norm(dim=-1, keepdim=True)).clamp(max=1))


def _winners(codes: Tensor, losses: Tensor) -> Found:
    loss, start = losses.min(-1)
    return Found(codes[torch.arange(len(codes)), start], loss, start, losses)
