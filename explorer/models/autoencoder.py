r"""Autoencoders: a code that an image can be rebuilt from, learned in four ways.

Notation: image $x \in [0, 1]^{784}$, encoder $z = f(x)$, decoder $\hat x = g(z)$; both are deterministic.

| kind | minimises the mean of | so that |
| --- | --- | --- |
| plain | $\frac{1}{2} \|g(f(x)) - x\|^2$ | two numbers keep what they can of an image |
| denoising | $\frac{1}{2} \|g(f(x + \sigma \epsilon)) - x\|^2$ | what is off is pulled back to the data |
| contractive | the plain one $+ \lambda \|\partial z / \partial x\|_F^2 / \operatorname{Var} z$ | codes move less |
| sparse | the plain one, of the k largest of many units | few units each say what they find |

None of them is a model of p(x): nothing says where codes lie, so there is nothing to draw a code from.

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

from explorer.spaces import LEVELS
from explorer.steps import Number, Step

NO_DENSITY = "an autoencoder only learns to rebuild images: nothing in it says how probable one is"
NO_SAMPLE = "nothing says where codes lie, so there is no distribution to draw a code from"


def dense(widths: Sequence[int]) -> nn.Sequential:
    """Linear layers of these widths, SiLU between them."""
    layers = [part for pair in zip(widths, widths[1:]) for part in (nn.Linear(*pair), nn.SiLU())]
    return nn.Sequential(*layers[:-1])


def half_square(x: Tensor, other: Tensor) -> Tensor:
    """Half the squared distance of images (B, 1, 28, 28): −log N(x; other, I) but for a constant, in nats: (B,)."""
    return (x - other).square().flatten(1).sum(-1) / 2


class Autoencoder(nn.Module):
    """Creates an encoder to a few numbers and a decoder back.

    Arguments:
        hidden: The widths between the pixels and the code; the decoder has them the other way round.
        latent: How many numbers the code is.
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
        """The codes of images (B, 1, 28, 28), noised ones included: (B, latent)."""
        return self.encoder(x.flatten(1))

    def features(self, x: Tensor) -> Tensor:
        """What a linear layer may read: the code."""
        return self.encode(x)

    def decode(self, z: Tensor) -> Tensor:
        """Images of codes (B, latent): (B, 1, 28, 28) in [0, 1]."""
        return self.decoder(z).sigmoid().unflatten(-1, self.space.shape)

    def reconstruct(self, x: Tensor) -> Tensor:
        r"""$\hat x = g(f(x))$ of images (B, 1, 28, 28)."""
        return self.decode(self.encode(x))

    @torch.no_grad()
    def error(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        r"""$\|\hat x - x\|^2$ of images (B, 1, 28, 28), rebuilt from `seen` where that is not x itself: (B,)."""
        return 2 * half_square(self.reconstruct(x if seen is None else seen), x)

    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """The squared reconstruction error (B,), which draws nothing."""
        return self.error(x)

    def jacobian(self, x: Tensor, create_graph: bool = False) -> Tensor:
        r"""$\partial z / \partial x$ at images (B, 1, 28, 28), by a backward pass for each number of the code.

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
        """Rebuild images (B, 1, 28, 28), rebuild what came, and so on; the first step shown is where that starts."""
        moved = x.new_zeros(len(x))
        for index in range(steps + 1):
            yield Step(x, index, steps + 1, index, numbers={"moved": moved})
            rebuilt = self.reconstruct(x)
            moved, x = (rebuilt - x).flatten(1).norm(dim=-1), rebuilt

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The mean of half the squared error; `x` is (B, 1, 28, 28)."""
        return half_square(self.reconstruct(x), x).mean()


class DenoisingAutoencoder(Autoencoder):
    """Creates an autoencoder that rebuilds images it sees only through Gaussian noise."""

    title = "Denoising autoencoder"

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The mean of half the squared distance of what is rebuilt of x + σε from x, σ being the recipe's `noise`.

        Reference: Vincent et al. 2010, §3.1.
        """
        noised = x + recipe["noise"] * torch.randn(x.shape, generator=generator).to(x)
        return half_square(self.reconstruct(noised), x).mean()


class ContractiveAutoencoder(Autoencoder):
    """Creates an autoencoder whose codes heed small changes of the image little."""

    title = "Contractive autoencoder"
    loss_unit = "half the squared error, and the contraction"

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""The mean of half the squared error, and `contraction` times $\|J\|_F^2 / \operatorname{Var} z$.

        Rifai et al. tie the decoder's weights to the encoder's, else smaller codes and a decoder that enlarges them
        would do. Here the codes' own variance is divided out instead, so that their scale does not matter.

        Reference: Rifai et al. 2011, equations 5 and 6.
        """
        z = self.encode(x)
        spread = (z - z.mean(0)).square().sum(-1).mean()
        contraction = self.jacobian(x, create_graph=True).square().sum((1, 2)).mean() / spread
        return half_square(self.decode(z), x).mean() + recipe["contraction"] * contraction


class SparseAutoencoder(Autoencoder):
    r"""Creates a dictionary: more units than pixels, of which only the k largest of an image say anything.

    $$ z = \operatorname{top}_k \operatorname{ReLU}(W (x - b) + c), \qquad \hat x = b + \sum_j z_j d_j $$

    Arguments:
        units: How many units there are, each with its picture $d_j$, an atom.
        active: k.
    """

    title = "Sparse autoencoder"
    loss_unit = "half the squared error, of dead units too"
    represents = "the units, all but the largest at 0"

    def __init__(self, units: int = 1024, active: int = 25):
        nn.Module.__init__(self)
        self.latent, self.active = units, active
        self.register_buffer("idle", torch.zeros(units), persistent=False)  # images since a unit said anything
        self.encoder, self.decoder = nn.Linear(self.space.dim, units), nn.Linear(units, self.space.dim)
        with torch.no_grad():  # every unit begins by looking for what it draws
            atoms = nn.functional.normalize(torch.randn(units, self.space.dim), dim=-1)
            self.encoder.weight.copy_(atoms)
            self.decoder.weight.copy_(atoms.T)

    def units(self, x: Tensor) -> Tensor:
        """What every unit would say of images (B, 1, 28, 28): (B, units)."""
        return self.encoder(x.flatten(1) - self.decoder.bias).relu()

    def encode(self, x: Tensor) -> Tensor:
        """The units of images (B, 1, 28, 28), all but the k largest of each at 0: (B, units)."""
        return largest(self.units(x), self.active)

    def linear(self, z: Tensor) -> Tensor:
        """The sum of the atoms, which may leave [0, 1]: (B, units) to (B, 1, 28, 28)."""
        return self.decoder(z).unflatten(-1, self.space.shape)

    def decode(self, z: Tensor) -> Tensor:
        """The sum of the atoms where it is grey, black or white where it is beyond: (B, units) to (B, 1, 28, 28)."""
        return self.linear(z).clamp(0, 1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""The mean of half the squared error of the linear sum, and a share of that of dead units alone.

        A unit that was not among the k largest of the last `dead_after` images is dead: it gets no gradient, so it
        stays dead. The `revived` largest dead units of an image learn what its sum leaves over, at the weight
        `auxiliary`.

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


class AutoencoderSizes(nn.Module):
    """Creates autoencoders that differ in the size of their code alone and share no weights.

    Arguments:
        hidden: The widths between the pixels and each code.
        latents: How many numbers each code is.
    """

    title, family, space = "Autoencoders by the size of the code", "autoencoder sizes", LEVELS
    loss_unit = "half the squared error, the sum over all sizes"

    def __init__(self, hidden: Sequence[int] = (256,), latents: Sequence[int] = (2, 8, 32, 64)):
        super().__init__()
        self.sizes = nn.ModuleDict({str(latent): Autoencoder(hidden, latent) for latent in latents})

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """The sum of their losses, of which each weight occurs in one; `x` is (B, 1, 28, 28)."""
        return sum(each.training_loss(x, recipe, generator=generator, label=label) for each in self.sizes.values())


def largest(units: Tensor, k: int) -> Tensor:
    """Units (B, U), all but the k largest of each row at 0."""
    values, where = units.topk(k, dim=-1)
    return torch.zeros_like(units).scatter(-1, where, values)
