"""Device that runs the work: the best one of this machine, or a GPU borrowed for one call on a Space."""

import os
from collections.abc import Callable
from itertools import chain

import torch
from torch import nn


def best_device() -> torch.device:
    """Return CUDA if available, else the CPU. Apple's MPS lacks float64, which flows and bounds need."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Return the device of a model; models that are fitted without gradients have only buffers."""
    return next(chain(model.parameters(), model.buffers())).device


def gpu(function: Callable) -> Callable:
    """Run `function` under `spaces.GPU` on a Hugging Face Space with ZeroGPU; leave it unchanged elsewhere."""
    if os.environ.get("SPACES_ZERO_GPU"):
        import spaces

        return spaces.GPU(function)
    return function
