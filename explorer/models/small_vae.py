r"""Small VAEs that are trained side by side: one objective at several settings, and a decoder that sees pixels.

$$ p_\theta(x \mid z) = \prod_i p_\theta(x_i \mid x_{w(i)}, z) $$

where $w(i)$ are those pixels before i, in raster order, that lie in a square window around it: the decoder's *reach*.
With a reach of 1 it sees none, and everything that pixels have in common must come through z. The farther it reaches,
the less it needs z; what it can predict without z costs a rate in z and gains nothing (posterior collapse).

References:
    Bowman et al., Generating Sentences from a Continuous Space, 2016, https://arxiv.org/abs/1511.06349
    Chen et al., Variational Lossy Autoencoder, 2017, https://arxiv.org/abs/1611.02731
    van den Oord et al., Pixel Recurrent Neural Networks, 2016, https://arxiv.org/abs/1601.06759 (the masked kernel)
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Independent

from explorer.models.vae import GaussianVAE, pixels
from explorer.spaces.images import PIXELS, SIDE

SPREAD = 4  # numbers that z gives every pixel where the decoder sees others


class Window(nn.Conv2d):
    """A convolution that sees, of a square window around a pixel, only what comes before it in raster order."""

    def __init__(self, channels: int, reach: int):
        super().__init__(1, channels, reach, padding=reach // 2)
        before = torch.arange(reach**2) < reach**2 // 2
        self.register_buffer("before", before.view(1, 1, reach, reach).float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (B, 1, 28, 28); the result (B, channels, 28, 28)."""
        return F.conv2d(x, self.weight * self.before, self.bias, padding=self.padding)


class SmallVAE(GaussianVAE):
    """Creates a VAE of two hidden layers on either side, whose decoder may see pixels in a window.

    Arguments:
        latent: How many latents J there are.
        hidden: The width of the hidden layers.
        reach: The side of the window, an odd number; 1 holds no pixel.
        channels: The width of the layers that look at the window.
    """

    def __init__(self, latent: int = 32, hidden: int = 256, reach: int = 1, channels: int = 16):
        super().__init__()
        self.latent, self.reach = latent, reach
        self.encoder = nn.Sequential(nn.Flatten(), *mlp(PIXELS, hidden, 2 * latent))
        self.spread = 1 if reach == 1 else SPREAD
        self.decoder = nn.Sequential(
            *mlp(latent, hidden, self.spread * PIXELS), nn.Unflatten(-1, (self.spread, SIDE, SIDE))
        )
        if reach > 1:
            self.window = Window(channels, reach)
            self.of_code = nn.Conv2d(self.spread, channels, 1)
            self.mix = nn.Sequential(nn.SiLU(), nn.Conv2d(channels, channels, 1), nn.SiLU(), nn.Conv2d(channels, 1, 1))
        self.to(memory_format=torch.channels_last)

    def given(self, z: Tensor, x: Tensor) -> Independent:
        r"""Every pixel's distribution given z (B, J) and the pixels of x (B, 1, 28, 28) that the decoder sees."""
        spread = self.decoder(z)
        return pixels(spread if self.reach == 1 else self.mix(self.of_code(spread) + self.window(x)))

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        r"""$\log p_\theta(x \mid z)$ in nats: images (B, 1, 28, 28) and codes (B, J) to (B,)."""
        return self.given(z, x).log_prob(x)

    @torch.no_grad()
    def drawn(self, z: Tensor, *, generator: torch.Generator) -> Tensor:
        """An image of each code (B, J), pixel by pixel where the decoder sees pixels: (B, 1, 28, 28)."""
        x = z.new_zeros(len(z), *self.space.shape)
        noise = torch.rand(x.shape, generator=generator).to(x)
        if self.reach == 1:
            return (noise < self.given(z, x).mean).float()
        from_code = self.of_code(self.decoder(z))
        for place in range(PIXELS):
            row, column = divmod(place, SIDE)
            p = self.mix(from_code[:, :, row, column, None, None] + self.seen(x, row, column)).sigmoid()
            x[:, 0, row, column] = (noise[:, 0, row, column] < p.flatten()).float()
        return x

    def seen(self, x: Tensor, row: int, column: int) -> Tensor:
        """What the window sees around one place: (B, channels, 1, 1)."""
        half = self.reach // 2
        around = F.pad(x, (half,) * 4)[:, :, row : row + self.reach, column : column + self.reach]
        return F.conv2d(around, self.window.weight * self.window.before, self.window.bias)


def mlp(inputs: int, hidden: int, outputs: int) -> list[nn.Module]:
    """Two hidden layers."""
    return [
        nn.Linear(inputs, hidden),
        nn.SiLU(),
        nn.Linear(hidden, hidden),
        nn.SiLU(),
        nn.Linear(hidden, outputs),
    ]
