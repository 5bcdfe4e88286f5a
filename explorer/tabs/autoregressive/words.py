"""Numbers and sentences of an image that is scored, in nats."""

import math

import torch
from torch import Tensor

from explorer.models.raster import PIXELS, SIDE
from explorer.tabs.kit.exercises import say
from explorer.tabs.kit.fields import Image
from explorer.tabs.kit.words import headed

HEADS = ("log p(x)", "−log₂ p(x)", "bits per dimension")
PICTURES = {"test": "the test image", "bits": "your drawing", "blank": "the blank page", "noise": "this noise"}


def half_on(costs: Tensor) -> int:
    """Return the smallest number of pixels that hold half of the costs (784,)."""
    held = costs.sort(descending=True).values.cumsum(0)
    return int((held < costs.sum() / 2).sum()) + 1


def scored(log_prob: Tensor, entropy: Tensor, picture: Image, orders: bool) -> dict:
    """Return the numbers and the sentences of an image.

    Arguments:
        log_prob: log p of each pixel given those before it, in nats: (784,).
        entropy: Entropy of each prediction, in nats: (784,).
        picture: The picture, whose kind names it.
        orders: Whether the network knows other orders than that of the raster.
    """
    total, bits = float(log_prob.sum()), -float(log_prob.sum()) / math.log(2)
    most = int(torch.argmin(log_prob))
    figures = ((say(total, 2), "nats"), (say(bits, 2), "bits"), (say(bits / PIXELS, 4), "bits/dim"))
    return {
        "watched": most,
        "numbers": headed(HEADS, figures),
        "words": f"All 784 conditionals of {PICTURES[picture[0]]} come from one pass. Their sum"
        f"{', in raster order,' if orders else ''} is log p(x) = {say(total, 2)} nats: exact, not a bound. Half of it "
        f"lies in {half_on(-log_prob)} pixels, and the most surprising one, row {most // SIDE + 1}, column "
        f"{most % SIDE + 1}, alone costs {say(-float(log_prob[most]), 2)} nats. The network expected "
        f"{say(float(entropy.sum()), 2)} nats along the way, and the image cost {say(-total, 2)}.",
    }
