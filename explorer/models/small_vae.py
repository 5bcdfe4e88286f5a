r"""Small VAEs that are trained side by side: one objective at several settings, and a decoder that sees pixels.

$$ p_\theta(x \mid z) = \prod_i p_\theta(x_i \mid x_{w(i)}, z) $$

where $w(i)$ are the pixels before i, in raster order, in a square window around it. The side of the window is the
decoder's *reach*. With a reach of 1 it sees no pixels, and z must carry all dependence between pixels. A larger window
makes z less necessary: encoding what the window already predicts costs rate and gains nothing (posterior collapse).

References:
    Bowman et al., Generating Sentences from a Continuous Space, 2016, https://arxiv.org/abs/1511.06349
    Chen et al., Variational Lossy Autoencoder, 2017, https://arxiv.org/abs/1611.02731
    van den Oord et al., Pixel Recurrent Neural Networks, 2016, https://arxiv.org/abs/1601.06759 (the masked kernel)
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Independent

from explorer.models.layers import channels_last
from explorer.models.vae import GaussianVAE, pixels
from explorer.spaces.images import PIXELS, SIDE

SMALL_VAE_SPREAD = 4  # features of z for every pixel if the decoder sees others


class Window(nn.Conv2d):
    """A convolution over the part of a square window that precedes its centre in raster order."""

    before: Tensor

    def __init__(self, channels: int, reach: int):
        super().__init__(1, channels, reach, padding=reach // 2)
        before = torch.arange(reach**2) < reach**2 // 2
        self.register_buffer("before", before.view(1, 1, reach, reach).float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, 1, 28, 28); the result (B, channels, 28, 28)."""
        return F.conv2d(x, self.weight * self.before, self.bias, padding=self.padding)


class SmallVAE(GaussianVAE):
    """VAE with two hidden layers in the encoder and the decoder; the decoder may see pixels in a window.

    Arguments:
        latent: Number J of latents.
        hidden: Width of the hidden layers.
        reach: Side of the window, an odd number; 1 contains no pixel.
        channels: Width of the layers over the window.
    """

    def __init__(self, latent: int = 32, hidden: int = 256, reach: int = 1, channels: int = 16):
        super().__init__()
        self.latent, self.reach = latent, reach
        self.encoder = nn.Sequential(nn.Flatten(), *mlp(PIXELS, hidden, 2 * latent))
        self.spread = 1 if reach == 1 else SMALL_VAE_SPREAD
        self.decoder = nn.Sequential(
            *mlp(latent, hidden, self.spread * PIXELS), nn.Unflatten(-1, (self.spread, SIDE, SIDE))
        )
        if reach > 1:
            self.window = Window(channels, reach)
            self.of_code = nn.Conv2d(self.spread, channels, 1)
            self.mix = nn.Sequential(nn.SiLU(), nn.Conv2d(channels, channels, 1), nn.SiLU(), nn.Conv2d(channels, 1, 1))
        channels_last(self)

    def pixels_given(self, z: Tensor, x: Tensor) -> Independent:
        r"""Distribution of every pixel given z (B, J) and the pixels of x (B, 1, 28, 28) in the decoder's window."""
        spread = self.decoder(z)
        return pixels(spread if self.reach == 1 else self.mix(self.of_code(spread) + self.window(x)))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        r"""Log-likelihood $\log p_\theta(x \mid z)$ in nats: images (B, 1, 28, 28) and codes (B, J) to (B,)."""
        return self.pixels_given(z, x).log_prob(x)

    @torch.no_grad()
    def draw(self, z: Tensor, *, generator: torch.Generator) -> Tensor:
        """Draw an image for each code (B, J), pixel by pixel if the decoder sees pixels: (B, 1, 28, 28)."""
        x = z.new_zeros(len(z), *self.space.shape)
        noise = torch.rand(x.shape, generator=generator).to(x)
        if self.reach == 1:
            return (noise < self.pixels_given(z, x).mean).float()
        from_code = self.of_code(self.decoder(z))
        for place in range(PIXELS):
            row, column = divmod(place, SIDE)
            p = self.mix(from_code[:, :, row, column, None, None] + self.window_output(x, row, column)).sigmoid()
            x[:, 0, row, column] = (noise[:, 0, row, column] < p.flatten()).float()
        return x

    def window_output(self, x: Tensor, row: int, column: int) -> Tensor:
        """Output of the window's convolution at one position: (B, 1, 28, 28) to (B, channels, 1, 1)."""
        half = self.reach // 2
        around = F.pad(x, (half,) * 4)[:, :, row : row + self.reach, column : column + self.reach]
        return F.conv2d(around, self.window.weight * self.window.before, self.window.bias)


def mlp(inputs: int, hidden: int, outputs: int) -> list[nn.Module]:
    """Return the layers of an MLP with two hidden layers."""
    return [
        nn.Linear(inputs, hidden),
        nn.SiLU(),
        nn.Linear(hidden, hidden),
        nn.SiLU(),
        nn.Linear(hidden, outputs),
    ]
