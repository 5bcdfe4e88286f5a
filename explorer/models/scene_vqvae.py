r"""A VQ-VAE of colour scenes: 12×12 tokens, each the nearest of K entries of a codebook.

Encoder and decoder are those of the autoencoder of scenes, the codebook that of the VQ-VAE of grey images.

$$ L = \| x - D(z_q) \|_1 + \beta \, \| z_e - \operatorname{sg}[e_z] \|^2, \quad
   z_q = z_e + \operatorname{sg}[e_z - z_e] $$

Most positions of a scene show plain ground. So an unused entry is reset to an output with odds in proportion to its
squared error, which is large on glyphs, as k-means++ chooses its centres. An entry of few glyphs is used rarely, and
stays.

References:
    van den Oord et al., Neural Discrete Representation Learning, 2017, https://arxiv.org/abs/1711.00937
    Ramesh et al., Zero-Shot Text-to-Image Generation, 2021, https://arxiv.org/abs/2102.12092 (the first stage)
    Arthur & Vassilvitskii, k-means++: The Advantages of Careful Seeding, 2007
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.layers import channels_last
from explorer.models.model import Model
from explorer.models.scene_autoencoder import LATENT_SIDE, Decoder, Encoder, pixels, signed
from explorer.models.vqvae import Codebook
from explorer.spaces import COLOUR

SCENE_TOKENS = LATENT_SIDE**2
UNUSED_BELOW = 0.02  # share of the mean use, below which an entry is reset


class SceneVQVAE(Model):
    """Autoencoder of scenes to 144 tokens.

    Arguments:
        codes: K, the size of the codebook.
        dim: Dimension of a code.
        channels: Width of encoder and decoder at 12×12.
        commitment: β.
    """

    title = "VQ-VAE of scenes"
    loss_unit = "mean absolute error, and the commitment"
    represents = "the entries of the 144 tokens"
    space = COLOUR
    cannot = {
        "log_prob": "its loss is no likelihood of the pixels",
        "sample": "it has no distribution of tokens to draw from, and reads no words",
        "complete": "it has no distribution of tokens, so nothing tells what the hidden ones may be",
        "interpolate": "its codes are symbols, and nothing lies between two symbols",
        "label": "it reads scenes and not classes",
        "odd": "it has no density of scenes",
        "compress": "it has no distribution of tokens, and a coder needs one",
    }

    def __init__(self, codes: int = 512, dim: int = 16, channels: int = 96, commitment: float = 0.25):
        super().__init__()
        self.commitment = commitment
        self.encoder, self.decoder = Encoder(channels, dim), Decoder(channels, dim)
        self.codebook = Codebook(codes, dim)
        channels_last(self)

    def z_e(self, x: Tensor) -> Tensor:
        """Compute the encoder's outputs: (B, 3, 48, 48) in [0, 1] to (B, 144, dim)."""
        return self.encoder(signed(x)).flatten(2).transpose(1, 2).float()

    def encode(self, x: Tensor) -> Tensor:
        """Encode scenes as tokens, rows from the top: (B, 3, 48, 48) to (B, 144)."""
        return self.codebook.nearest(self.z_e(x))

    def decode(self, tokens: Tensor) -> Tensor:
        """Decode tokens (B, 144) to scenes (B, 3, 48, 48) in [0, 1]."""
        return self.pictures(self.codebook.entries[tokens]).clamp(0, 1)

    def pictures(self, z_q: Tensor) -> Tensor:
        """Decode entries (B, 144, dim) to scenes around [0, 1]: (B, 3, 48, 48)."""
        grid = z_q.transpose(1, 2).unflatten(2, (LATENT_SIDE, LATENT_SIDE))
        return pixels(self.decoder(grid.contiguous(memory_format=torch.channels_last)))

    def reconstruct(self, x: Tensor) -> Tensor:
        """Reconstruct scenes from their tokens: (B, 3, 48, 48), as `x`."""
        return self.decode(self.encode(x))

    def features(self, x: Tensor) -> Tensor:
        """Return the entries of a scene's tokens: (B, 3, 48, 48) to (B, 144 dim)."""
        return self.codebook.entries[self.encode(x)].flatten(1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean absolute error plus β times the mean squared distance to the entries; the entries are updated.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` is not used.
        """
        z_e = self.z_e(x)
        tokens = self.codebook.nearest(z_e)
        entries = self.codebook.entries[tokens]
        error = F.l1_loss(self.pictures(z_e + (entries - z_e).detach()), x)
        if self.training:
            found, odds = z_e.detach().flatten(0, 1), (z_e - entries).detach().square().sum(-1).flatten()
            self.codebook.follow(found, tokens.flatten(), recipe["codes_decay"], generator, UNUSED_BELOW, odds + 1e-9)
        return error + self.commitment * F.mse_loss(z_e, entries)
