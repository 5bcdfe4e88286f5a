"""A discriminator of patches: it scores many overlapping parts of an image instead of the whole.

Reference: Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2017, section 3.2.2,
https://arxiv.org/abs/1611.07004
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import channels_last
from explorer.models.unet import Norm

PATCHES_SEEN = 18  # side of the patch that one score depends on


class PatchDiscriminator(nn.Module):
    """Network from an image to 7×7 scores; each depends on a patch of 18×18 pixels.

    Arguments:
        channels: Widths at 14×14, 7×7 and 7×7.
        inputs: Number of input channels.
    """

    def __init__(self, channels: Sequence[int], inputs: int = 1):
        super().__init__()
        fine, middle, coarse = channels
        self.first = nn.Conv2d(inputs, fine, 4, stride=2, padding=1)
        self.second = nn.Conv2d(fine, middle, 4, stride=2, padding=1)
        self.third = nn.Conv2d(middle, coarse, 3, padding=1)
        self.norms = nn.ModuleList([Norm(middle), Norm(coarse)])
        self.head = nn.Conv2d(coarse, 1, 1)
        channels_last(self)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, inputs, 28, 28) in [0, 1]; the result (B, 1, 7, 7)."""
        h = F.leaky_relu(self.first((2 * x - 1).contiguous(memory_format=torch.channels_last)), 0.2)
        for conv, norm in zip((self.second, self.third), self.norms):
            h = F.leaky_relu(norm(conv(h)), 0.2)
        return self.head(h).float()
