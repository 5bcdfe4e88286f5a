"""The small families that learn points of the plane side by side: one entry each.

A family is a class `Family(width, deeper, generator)` with `training_loss` or `fit_steps`, `sample`, and one of
`log_prob`, `energy`, or `elbo`, or none of them. Nothing else is asked of it. A knob names arguments of the class.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
from explorer.models.model import Model


@dataclass(frozen=True)
class Knob:
    """A setting that only one family has.

    Arguments:
        title: Displayed name.
        choices: Arguments of the family's class, by the displayed choice.
        initial: Place of the choice that is usual.
    """

    title: str
    choices: Mapping[str, Mapping[str, object]]
    initial: int = 0


@dataclass(frozen=True)
class Learner:
    """A family of the playground.

    Arguments:
        family: Class of its models.
        group: Answer of its kind for p(x) of images, which gives its colour: "exact", "bound", "ratio" or "none".
        mark: The mark of its −log p(x): "=" exact, "≤" an upper bound, "≈" by a numerical integral, "∅" none.
        rate: Usual learning rate of Adam; 0 for a family that is fitted without gradients.
        slow: Whether its density takes long, and is computed only now and then.
        knob: The setting of its own.
    """

    family: Callable[..., Model]
    group: str
    mark: str
    rate: float = 0.0
    slow: bool = False
    knob: Knob | None = None

    def options(self, place: int | None = None) -> Mapping[str, object]:
        """Return the arguments of a choice of the knob: the usual one without a place, the last one beyond them."""
        if self.knob is None:
            return {}
        choices = [*self.knob.choices.values()]
        return choices[self.knob.initial if place is None else min(place, len(choices) - 1)]

    @property
    def title(self) -> str:
        """Displayed name."""
        return self.family.title


PARTS = Knob("Gaussians", {str(n): {"parts": n} for n in (1, 3, 12)}, 2)
COUPLINGS = Knob(
    "Couplings",
    {
        "1 spline": {"layers": 1},
        "2 splines": {"layers": 2},
        "4 splines": {"layers": 4},
        "2 affine": {"kind": "affine", "layers": 2},
        "8 affine": {"kind": "affine", "layers": 8},
    },
    1,
)
LATENTS = Knob("Latents", {str(n): {"latent": n} for n in (1, 2)}, 1)
CODEBOOK = Knob("Codebook", {str(n): {"codes": n} for n in (4, 8, 32, 64)}, 2)
NOISE_LEVELS = Knob("Noise levels", {str(n): {"steps": n} for n in (2, 5, 30)}, 2)
ODE_STEPS = Knob("Steps of the ODE", {str(n): {"steps": n} for n in (1, 3, 10)}, 2)
OBJECTIVE = Knob(
    "Objective",
    {
        "persistent chains": {"objective": "pcd"},
        "chains of one step": {"objective": "cd"},
        "denoising": {"objective": "dsm"},
    },
)
GAME = Knob("Game", {"usual": {}, "D ten times as fast": {"fast": 10.0}, "WGAN-GP": {"loss": "wgan-gp"}})
COMPONENTS = Knob("Components", {"by units": {}} | {str(n): {"components": n} for n in (1, 4, 30)})
BANDWIDTH = Knob("Bandwidth", {"fitted": {}} | {str(h): {"bandwidth": h} for h in (0.01, 0.1, 0.5)})

LEARNERS = {
    "autoregressive": Learner(LiveAutoregressive, "exact", "=", 0.005, knob=PARTS),
    "flow": Learner(LiveFlow, "exact", "=", 0.005, knob=COUPLINGS),
    "vae": Learner(LiveVAE, "bound", "≤", 0.008, slow=True, knob=LATENTS),
    "codes": Learner(LiveCodes, "bound", "=", 0.005, knob=CODEBOOK),
    "diffusion": Learner(LiveDiffusion, "bound", "≈", 0.01, slow=True, knob=NOISE_LEVELS),
    "matching": Learner(LiveMatching, "bound", "≈", 0.01, slow=True, knob=ODE_STEPS),
    "energy": Learner(LiveEnergy, "ratio", "≈", 0.005, knob=OBJECTIVE),
    "gan": Learner(LiveGAN, "none", "∅", 0.002, knob=GAME),
    "mixture": Learner(LiveMixture, "exact", "=", knob=COMPONENTS),
    "kernels": Learner(LiveKernels, "exact", "=", knob=BANDWIDTH),
}
