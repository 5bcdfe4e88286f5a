"""Where the work runs: the best device of this machine, and a GPU borrowed for one call on a Space."""

import os
from collections.abc import Callable
from itertools import chain

import torch
from torch import nn


def best_device() -> torch.device:
    """CUDA if there is one, else the CPU: Apple's MPS has no float64, in which flows and bounds are computed."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Where a model is; one that is fitted without gradients has buffers alone."""
    return next(chain(model.parameters(), model.buffers())).device


def gpu(function: Callable) -> Callable:
    """Run `function` under `spaces.GPU` on a Hugging Face Space with ZeroGPU; leave it as it is elsewhere."""
    if os.environ.get("SPACES_ZERO_GPU"):
        import spaces

        return spaces.GPU(function)
    return function
