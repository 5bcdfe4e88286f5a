"""All families of the explorer, by name. A model does not depend on the interface."""

from collections import ChainMap
from typing import cast

from explorer.models.autoencoder import (
    Autoencoder,
    AutoencoderSizes,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    SparseAutoencoder,
)
from explorer.models.beta_vae import BetaVAE
from explorer.models.classifier import Classifier
from explorer.models.consistency import Consistency
from explorer.models.cyclegan import CycleGAN
from explorer.models.d3pm import D3PM
from explorer.models.diffusion import Diffusion
from explorer.models.ebm import EBM
from explorer.models.emoji_flow import EmojiFlow
from explorer.models.flow_matching import FlowMatching
from explorer.models.gan import GAN
from explorer.models.image_flow import ImageFlow
from explorer.models.latent_diffusion import LatentDiffusion
from explorer.models.lstm import LSTM
from explorer.models.made import MADE
from explorer.models.model import Model
from explorer.models.ngram import NGram
from explorer.models.outline_diffusion import OutlineDiffusion
from explorer.models.patch_coupling import PatchCouplingFlow
from explorer.models.pix2pix import Pix2Pix
from explorer.models.pixelcnn import PixelCNN
from explorer.models.pixelrnn import PixelRNN
from explorer.models.plane_denoiser import PlaneDenoiser
from explorer.models.plane_energy import PlaneEnergy
from explorer.models.plane_flow import PlaneFlows
from explorer.models.plane_flow_matching import PlaneFlowMatching
from explorer.models.rbm import RBM
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.scene_judge import SceneJudge
from explorer.models.scene_vqvae import SceneVQVAE
from explorer.models.score import ScoreNet
from explorer.models.small_vae import SmallVAE
from explorer.models.sound_classifier import SoundClassifier
from explorer.models.stylegan import StyleGAN
from explorer.models.tarflow import TarFlow
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Transformer
from explorer.models.uniform_d3pm import UniformD3PM
from explorer.models.vae import VAE
from explorer.models.vqvae import VQVAE
from explorer.models.wavenet import WaveNet
from explorer.models.words_diffusion import WordsDiffusion
from explorer.models.words_masked import WordsMasked
from explorer.models.words_tokens import WordsTokens
from explorer.networks import installed

MODELS: dict[str, type[Model]] = {
    "beta-vae": BetaVAE,
    "vae": VAE,
    "pixelcnn": PixelCNN,
    "made": MADE,
    "pixelrnn": PixelRNN,
    "gan": GAN,
    "stylegan": StyleGAN,
    "flow": ImageFlow,
    "diffusion": Diffusion,
    "consistency": Consistency,
    "flow-matching": FlowMatching,
    "latent-diffusion": LatentDiffusion,
    "d3pm": D3PM,
    "uniform-d3pm": UniformD3PM,
    "energy": PlaneEnergy,
    "rbm": RBM,
    "ebm": EBM,
    "vqvae": VQVAE,
}
ENCODERS: dict[str, type[Model]] = {  # they do not generate images, so Compare leaves them out
    "autoencoder": Autoencoder,
    "denoising-autoencoder": DenoisingAutoencoder,
    "contractive-autoencoder": ContractiveAutoencoder,
    "sparse-autoencoder": SparseAutoencoder,
}
FAMILIES = ChainMap(MODELS, ENCODERS)
"""Families whose models the tabs' questions use."""
WRITERS: dict[str, type[Model]] = {"transformer": Transformer, "lstm": LSTM, "ngram": NGram}
"""Models of text, which predict one character after another."""
SCENE_NETWORKS: dict[str, type[Model]] = {
    "scene-autoencoder": SceneAutoencoder,
    "scene-vqvae": SceneVQVAE,
    "scene-judge": SceneJudge,
    "words-diffusion": WordsDiffusion,
    "words-tokens": WordsTokens,
}
"""Networks of composed scenes: their codes, what reads them back, and what draws them from words."""
NETWORKS: dict[str, type[Model]] = {
    **FAMILIES,
    # and networks that are parts of another, judge it, or are used by their own modes only
    "autoencoder-sizes": AutoencoderSizes,
    "classifier": Classifier,
    "score": ScoreNet,
    "plane-flow": PlaneFlows,
    "tarflow": TarFlow,
    "coupling": PatchCouplingFlow,
    "plane-flow-matching": PlaneFlowMatching,
    "plane-denoiser": PlaneDenoiser,
    "small-vae": SmallVAE,
    # and translations of one image to another
    "pix2pix": Pix2Pix,
    "cyclegan": CycleGAN,
    "outline-diffusion": OutlineDiffusion,
    # and models of text
    **WRITERS,
    "text-diffusion": TextDiffusion,
    # and of sound
    "wavenet": WaveNet,
    "sound-classifier": SoundClassifier,
    # and of composed scenes
    **SCENE_NETWORKS,
    # and of emoji
    "emoji-flow": EmojiFlow,
}
PREPARED: dict[str, type[Model]] = {"words-masked": WordsMasked}
"""A further network that draws scenes from words; its recipe lies in `recipes/` until its weights are here."""
_added = {name: cast(type[Model], family.model) for name, family in installed.load(NETWORKS).items()}
MODELS |= _added
NETWORKS |= _added
