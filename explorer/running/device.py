"""Device that runs the work: the best one of this machine, or a GPU borrowed for one call on a Space."""

import functools
import os
from collections.abc import Callable
from itertools import chain
from typing import Any

import torch
from torch import nn

_borrowed = False  # set in a process that has borrowed a GPU


def is_lent() -> bool:
    """True on a Space with ZeroGPU, where a process of its own borrows a GPU for a call."""
    return bool(os.environ.get("SPACES_ZERO_GPU"))


def best_device() -> torch.device:
    """Return CUDA if available and not merely lent, else the CPU. Apple's MPS lacks float64, which bounds need."""
    ours = torch.cuda.is_available() and (_borrowed or not is_lent())
    return torch.device("cuda" if ours else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Return the device of a model; models that are fitted without gradients have only buffers."""
    return next(chain(model.parameters(), model.buffers())).device


def gpu(function: Callable) -> Callable:
    """Run `function` under `spaces.GPU` on a Space with ZeroGPU; leave it unchanged elsewhere.

    It must load its networks itself, and pays only for seconds of work: a GPU takes seconds to be borrowed.
    """
    if not is_lent():
        return function
    import spaces

    @functools.wraps(function)
    def borrowing(*args: Any, **kwargs: Any) -> Any:
        global _borrowed
        _borrowed = True
        return function(*args, **kwargs)

    return spaces.GPU(borrowing)
