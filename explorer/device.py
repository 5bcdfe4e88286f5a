"""Where the work runs: the best device of this machine, and a GPU borrowed for one call on a Space."""

import os
from collections.abc import Callable

import torch
from torch import nn


def best_device() -> torch.device:
    """CUDA if there is one, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def device_of(model: nn.Module) -> torch.device:
    """Where a model is."""
    return next(model.parameters()).device


def gpu(function: Callable) -> Callable:
    """Run `function` under `spaces.GPU` on a Hugging Face Space with ZeroGPU; leave it as it is elsewhere."""
    if os.environ.get("SPACES_ZERO_GPU"):
        import spaces

        return spaces.GPU(function)
    return function
