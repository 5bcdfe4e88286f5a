r"""Autoencoders: a code from which an image can be reconstructed, learned with four objectives.

Notation: image $x \in [0, 1]^{784}$, encoder $z = f(x)$, decoder $\hat x = g(z)$; both are deterministic.

| kind | minimises the mean of | so that |
| --- | --- | --- |
| plain | $\frac{1}{2} \|g(f(x)) - x\|^2$ | two numbers keep as much of an image as possible |
| denoising | $\frac{1}{2} \|g(f(x + \sigma \epsilon)) - x\|^2$ | noised images are mapped back to the data |
| contractive | the plain one $+ \lambda \|\partial z / \partial x\|_F^2 / \operatorname{Var} z$ | codes change less |
| sparse | the plain one, of the k largest of many units | few units are active, each for one feature |

None of them is a model of p(x): without a distribution of codes, they cannot sample a code.

References:
    Hinton & Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, 2006
    Vincent et al., Stacked Denoising Autoencoders, 2010, https://jmlr.org/papers/v11/vincent10a.html
    Rifai et al., Contractive Auto-Encoders, 2011, https://icml.cc/2011/papers/455_icmlpaper.pdf
    Makhzani & Frey, k-Sparse Autoencoders, 2014, https://arxiv.org/abs/1312.5663
    Gao et al., Scaling and evaluating sparse autoencoders, 2024, https://arxiv.org/abs/2406.04093 (dead units)
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from explorer.models.layers import NamedLayers
from explorer.models.model import Model
from explorer.spaces import LEVELS
from explorer.steps import Number, Step

NO_DENSITY = "an autoencoder only learns to rebuild images: nothing in it says how probable one is"
NO_SAMPLE = "nothing says where codes lie, so there is no distribution to draw a code from"


def dense(widths: Sequence[int]) -> nn.Sequential:
    """Return linear layers of these widths, with SiLU between them."""
    layers = [part for pair in zip(widths, widths[1:]) for part in (nn.Linear(*pair), nn.SiLU())]
    return nn.Sequential(*layers[:-1])


def half_square(x: Tensor, other: Tensor) -> Tensor:
    """Half the squared distance of images (B, 1, 28, 28): −log N(x; other, I) up to a constant, in nats: (B,)."""
    return (x - other).square().flatten(1).sum(-1) / 2


class Autoencoder(Model):
    """Autoencoder with an encoder to a few numbers and a decoder back.

    Arguments:
        hidden: Widths between the pixels and the code; the decoder has them in reverse.
        latent: Dimension of the code.
    """

    title, space = "Autoencoder", LEVELS
    loss_unit = "half the squared error"
    represents = "the code"
    numbers = {"moved": Number("how far the image moved", "", curve=True)}
    cannot = {
        "log_prob": NO_DENSITY,
        "sample": NO_SAMPLE,
        "label": "an autoencoder is trained without labels, and makes nothing to ask a class of",
        "complete": "it was never shown an image with a part missing",
    }

    def __init__(self, hidden: Sequence[int] = (512, 256), latent: int = 2):
        super().__init__()
        widths = [self.space.dim, *hidden, latent]
        self.latent = latent
        self.encoder, self.decoder = dense(widths), dense(widths[::-1])

    def encode(self, x: Tensor) -> Tensor:
        """Encode images (B, 1, 28, 28), noised ones included: (B, latent)."""
        return self.encoder(x.flatten(1))

    def features(self, x: Tensor) -> Tensor:
        """Features for a linear probe, the code: (B, 1, 28, 28) to (B, latent)."""
        return self.encode(x)

    def decode(self, z: Tensor) -> Tensor:
        """Decode codes (B, latent) to images (B, 1, 28, 28) in [0, 1]."""
        return self.decoder(z).sigmoid().unflatten(-1, self.space.shape)

    def reconstruct(self, x: Tensor) -> Tensor:
        r"""Reconstruct $\hat x = g(f(x))$ of images (B, 1, 28, 28)."""
        return self.decode(self.encode(x))

    @torch.no_grad()
    def error(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        r"""Squared error $\|\hat x - x\|^2$ of images (B, 1, 28, 28); `seen` replaces x as the input: (B,)."""
        return 2 * half_square(self.reconstruct(x if seen is None else seen), x)

    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Squared reconstruction error (B,) of images (B, 1, 28, 28); it needs no random draws."""
        return self.error(x)

    def jacobian(self, x: Tensor, create_graph: bool = False) -> Tensor:
        r"""Jacobian $\partial z / \partial x$ at images (B, 1, 28, 28), by a backward pass for each number of the code.

        Shapes: (B, latent, 784).
        """
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            z = self.encode(x)
            rows = [
                torch.autograd.grad(each.sum(), x, retain_graph=True, create_graph=create_graph)[0].flatten(1)
                for each in z.unbind(-1)
            ]
        return torch.stack(rows, 1)

    @torch.no_grad()
    def return_steps(self, x: Tensor, steps: int) -> Iterator[Step]:
        """Reconstruct images (B, 1, 28, 28) repeatedly, each time from the last result; the first step is the input."""
        moved = x.new_zeros(len(x))
        for index in range(steps + 1):
            yield Step(x, index, steps + 1, index, numbers={"moved": moved})
            rebuilt = self.reconstruct(x)
            moved, x = (rebuilt - x).flatten(1).norm(dim=-1), rebuilt

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of half the squared error; `x` is (B, 1, 28, 28)."""
        return half_square(self.reconstruct(x), x).mean()


class DenoisingAutoencoder(Autoencoder):
    """Autoencoder that reconstructs images from inputs with Gaussian noise."""

    title = "Denoising autoencoder"

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of half the squared error between x and its reconstruction from x + σε, with the recipe's `noise` σ.

        Shapes: `x` (B, 1, 28, 28); `label` is not used.

        Reference: Vincent et al. 2010, §3.1.
        """
        noised = x + recipe["noise"] * torch.randn(x.shape, generator=generator).to(x)
        return half_square(self.reconstruct(noised), x).mean()


class ContractiveAutoencoder(Autoencoder):
    """Autoencoder whose codes are insensitive to small changes of the image."""

    title = "Contractive autoencoder"
    loss_unit = "half the squared error, and the contraction"

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of half the squared error, plus `contraction` times $\|J\|_F^2 / \operatorname{Var} z$.

        Rifai et al. tie the decoder's weights to the encoder's. Otherwise smaller codes and a decoder that enlarges
        them would lower the penalty. Here the penalty is divided by the variance of the codes, so their scale does not
        matter.

        Shapes: `x` (B, 1, 28, 28); `label` is not used.

        Reference: Rifai et al. 2011, equations 1 and 7.
        """
        z = self.encode(x)
        spread = (z - z.mean(0)).square().sum(-1).mean()
        contraction = self.jacobian(x, create_graph=True).square().sum((1, 2)).mean() / spread
        return half_square(self.decode(z), x).mean() + recipe["contraction"] * contraction


class SparseAutoencoder(Autoencoder):
    r"""Dictionary with more units than pixels; only the k largest units of an image are active.

    $$ z = \operatorname{top}_k \operatorname{ReLU}(W (x - b) + c), \qquad \hat x = b + \sum_j z_j d_j $$

    Arguments:
        units: Number of units, each with its picture $d_j$, an atom.
        active: k.
    """

    title = "Sparse autoencoder"
    loss_unit = "half the squared error, of dead units too"
    represents = "the units, all but the largest at 0"

    def __init__(self, units: int = 1024, active: int = 25):
        nn.Module.__init__(self)
        self.latent, self.active = units, active
        self.register_buffer("idle", torch.zeros(units), persistent=False)  # images since a unit was last active
        self.encoder, self.decoder = nn.Linear(self.space.dim, units), nn.Linear(units, self.space.dim)
        with torch.no_grad():  # initially, each unit detects its own atom
            atoms = nn.functional.normalize(torch.randn(units, self.space.dim), dim=-1)
            self.encoder.weight.copy_(atoms)
            self.decoder.weight.copy_(atoms.T)

    def units(self, x: Tensor) -> Tensor:
        """Activations of all units for images (B, 1, 28, 28), before the selection: (B, units)."""
        return self.encoder(x.flatten(1) - self.decoder.bias).relu()

    def encode(self, x: Tensor) -> Tensor:
        """Encode images (B, 1, 28, 28) as units, all but the k largest of each at 0: (B, units)."""
        return largest(self.units(x), self.active)

    def linear(self, z: Tensor) -> Tensor:
        """Sum the atoms; the result may leave [0, 1]: (B, units) to (B, 1, 28, 28)."""
        return self.decoder(z).unflatten(-1, self.space.shape)

    def decode(self, z: Tensor) -> Tensor:
        """Sum the atoms and clamp the result to [0, 1]: (B, units) to (B, 1, 28, 28)."""
        return self.linear(z).clamp(0, 1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of half the squared error of the linear sum, plus an auxiliary loss of the dead units.

        A unit that was not among the k largest in the last `dead_after` images is dead: it gets no gradient, so it
        stays dead. The `revived` largest dead units of an image learn its residual, with the weight `auxiliary`.

        Shapes: `x` (B, 1, 28, 28); `label` is not used.

        Reference: Gao et al. 2024, appendix A.2
        """
        units = self.units(x)
        z = largest(units, self.active)
        rebuilt = self.linear(z)
        loss = half_square(rebuilt, x).mean()
        self.idle = torch.where(z.detach().any(0), 0, self.idle + len(x))
        dead = self.idle > recipe["dead_after"]
        if not dead.any():
            return loss
        left = nn.functional.linear(largest(units * dead, recipe["revived"]), self.decoder.weight)
        return loss + recipe["auxiliary"] * half_square(left.view_as(x), (x - rebuilt).detach()).mean()


class AutoencoderSizes(Model):
    """Autoencoders that differ only in the size of their code and share no weights.

    Arguments:
        hidden: Widths between the pixels and each code.
        latents: Dimension of each code.
    """

    title, family, space = "Autoencoders by the size of the code", "autoencoder sizes", LEVELS
    loss_unit = "half the squared error, the sum over all sizes"

    def __init__(self, hidden: Sequence[int] = (256,), latents: Sequence[int] = (2, 8, 32, 64)):
        super().__init__()
        self.sizes = NamedLayers({str(latent): Autoencoder(hidden, latent) for latent in latents})

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of their losses; each weight occurs in one of them; `x` is (B, 1, 28, 28)."""
        losses = (each.training_loss(x, recipe, generator=generator, label=label) for each in self.sizes.values())
        return sum(losses, start=torch.zeros(()))


def largest(units: Tensor, k: int) -> Tensor:
    """Set all but the k largest units of each row to 0: (B, U)."""
    values, where = units.topk(k, dim=-1)
    return torch.zeros_like(units).scatter(-1, where, values)
