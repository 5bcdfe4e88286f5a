"""A step of a sampler, and what collects steps into a film the browser can play."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Step:
    """One step of any sampler. The last step's image *is* the sample.

    Arguments:
        image: The images so far, in [0, 1], with shape (B, 1, 28, 28).
        index: Which step this is, from 0.
        total: How many steps there will be.
        caption: What happened, in a few words.
        numbers: What is worth showing beside the picture, by name.
    """

    image: Tensor
    index: int
    total: int
    caption: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


def last(steps: Iterable[Step]) -> Step:
    """Run a sampler to its end.

    Raises:
        ValueError: if there was no step at all.
    """
    step = None
    for step in steps:
        pass
    if step is None:
        raise ValueError("a sampler must yield at least one step")
    return step


def to_bytes(images: Tensor) -> str:
    """Images in [0, 1] as base64 of unsigned bytes, row by row."""
    levels = images.detach().cpu().mul(255).round().clamp(0, 255).to(torch.uint8)
    return base64.b64encode(levels.numpy().tobytes()).decode("ascii")


def film(steps: Iterable[Step]) -> dict:
    """Collect steps into one payload for the film stage.

    Shapes: `frames` holds T × B × 28 × 28 bytes in base64; `shape` says so.
    """
    taken = list(steps)
    frames = torch.stack([step.image for step in taken]).squeeze(2)  # (T, B, 28, 28)
    return {
        "shape": list(frames.shape),
        "frames": to_bytes(frames),
        "captions": [step.caption for step in taken],
        "numbers": [dict(step.numbers) for step in taken],
    }
