"""The small families that learn points of the plane side by side: one entry each.

A family is a class `Family(width, generator)` with `training_loss` or `fit_steps`, `sample`, and one of `log_prob`,
`energy`, or `elbo`, or none of them. Nothing else is asked of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from explorer.models.live_autoregressive import LiveAutoregressive
from explorer.models.live_codes import LiveCodes
from explorer.models.live_diffusion import LiveDiffusion
from explorer.models.live_energy import LiveEnergy
from explorer.models.live_flow import LiveFlow
from explorer.models.live_gan import LiveGAN
from explorer.models.live_kernels import LiveKernels
from explorer.models.live_matching import LiveMatching
from explorer.models.live_mixture import LiveMixture
from explorer.models.live_vae import LiveVAE


@dataclass(frozen=True)
class Learner:
    """A family of the playground.

    Arguments:
        family: Class of its models.
        group: Its answer for p(x): "exact", "bound", "ratio" or "none".
        mark: The mark of its −log p(x): "=" exact, "≤" an upper bound, "≈" by a numerical integral, "∅" none.
        rate: Usual learning rate of Adam; 0 for a family that is fitted without gradients.
        slow: Whether its density takes long, and is computed only now and then.
    """

    family: Callable[[int, torch.Generator], nn.Module]
    group: str
    mark: str
    rate: float = 0.0
    slow: bool = False

    @property
    def title(self) -> str:
        """Displayed name."""
        return self.family.title


LEARNERS = {
    "autoregressive": Learner(LiveAutoregressive, "exact", "=", 0.005),
    "flow": Learner(LiveFlow, "exact", "=", 0.005),
    "vae": Learner(LiveVAE, "bound", "≤", 0.008, slow=True),
    "codes": Learner(LiveCodes, "exact", "=", 0.005),
    "diffusion": Learner(LiveDiffusion, "bound", "≈", 0.01, slow=True),
    "matching": Learner(LiveMatching, "bound", "≈", 0.01, slow=True),
    "energy": Learner(LiveEnergy, "ratio", "≈", 0.005),
    "gan": Learner(LiveGAN, "none", "∅", 0.002),
    "mixture": Learner(LiveMixture, "exact", "="),
    "kernels": Learner(LiveKernels, "exact", "="),
}
