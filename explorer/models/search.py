r"""Search for a code: a network that only decodes is asked for an image by gradient descent on its input z.

Each code goes its own way from its own start, by Adam with a step that shrinks to nothing; what counts is the best
place that it has been to. The loss may have many valleys, so an image has several starts and the best end wins.

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
        z: The best code of each image, (n, d).
        loss: What it reaches, (n,).
        start: From which of the k starts it came, (n,).
        losses: What every start has reached, (n, k).
    """

    z: Tensor
    loss: Tensor
    start: Tensor
    losses: Tensor


def best_starts(pool: Tensor, losses: Tensor, k: int) -> Tensor:
    """The k best codes of a pool (P, d) for each image by their losses (n, P), best first: (n, k, d)."""
    return pool[losses.topk(k, largest=False).indices]


def search_steps(
    starts: Tensor, loss: Callable[[Tensor], Tensor], *, steps: int, rate: float = 0.1, reach: float = math.inf
) -> Iterator[Found]:
    """Adam on every start by itself; yields `steps` + 1 times, first where nothing has moved yet.

    Shapes: `starts` (n, k, d); `loss` takes codes (n k, d), those of an image together, and returns (n k,).

    Arguments:
        steps: How often the codes are moved.
        rate: The size of the first moves; it falls to nothing as half a cosine.
        reach: The greatest length that a code may have; a longer one is shortened.
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
