"""Every family of the explorer, by name. A model knows nothing of the interface."""

from torch import nn

from explorer.models.beta_vae import BetaVAE
from explorer.models.classifier import Classifier
from explorer.models.diffusion import Diffusion
from explorer.models.ebm import EBM
from explorer.models.gan import GAN
from explorer.models.image_flow import ImageFlow
from explorer.models.made import MADE
from explorer.models.pixelcnn import PixelCNN
from explorer.models.plane_energy import PlaneEnergy
from explorer.models.plane_flow import PlaneFlows
from explorer.models.rbm import RBM
from explorer.models.score import ScoreNet

MODELS: dict[str, type[nn.Module]] = {
    "beta-vae": BetaVAE,
    "pixelcnn": PixelCNN,
    "made": MADE,
    "gan": GAN,
    "flow": ImageFlow,
    "diffusion": Diffusion,
    "energy": PlaneEnergy,
    "rbm": RBM,
    "ebm": EBM,
}
NETWORKS = MODELS | {  # and those that make no images, or that no tab shows yet
    "classifier": Classifier,
    "score": ScoreNet,
    "plane-flow": PlaneFlows,
}
