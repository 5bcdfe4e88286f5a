r"""Generative adversarial networks: a generator and a discriminator that play against each other.

The discriminator learns to score real images above 1 and generated ones below −1; the generator learns to raise the
score of its images. Every layer of the discriminator is divided by its largest singular value, which bounds the rate of
change of its score with the image.

$$ L_D = \mathbb{E}_x[\max(0, 1 - D(x, y))] + \mathbb{E}_z[\max(0, 1 + D(G(z, y), y))], \quad
L_G = -\mathbb{E}_z[D(G(z, y), y)] $$

References:
    Goodfellow et al., Generative Adversarial Nets, 2014, https://arxiv.org/abs/1406.2661
    Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018, https://arxiv.org/abs/1802.05957
    Miyato & Koyama, cGANs with Projection Discriminator, 2018, https://arxiv.org/abs/1802.05637
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from explorer.models.images import check_images
from explorer.models.layers import channels_last
from explorer.models.sampled import Sampled
from explorer.models.search import best_starts, search_steps
from explorer.models.spherical import spherical_path
from explorer.spaces import LEVELS
from explorer.steps import Number, Step

SEARCH_STEPS = 100
GAN_POOL, STARTS = 16, 4
"""Number of candidate draws for the start of a search, and number of starts if the class is known."""


class ClassNorm(nn.Module):
    """Batch normalisation with a scale and a shift for each class.

    Reference: Dumoulin et al., A Learned Representation for Artistic Style, 2017, https://arxiv.org/abs/1610.07629
    """

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale, self.shift = nn.Embedding(classes, channels), nn.Embedding(classes, channels)
        nn.init.ones_(self.scale.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x: Tensor, label: Tensor) -> Tensor:
        """Shapes: `x` (B, C, H, W), `label` (B,) or (B, classes); the result has the shape of `x`."""
        scale, shift = (look_up(each, label).to(x)[:, :, None, None] for each in (self.scale, self.shift))
        return self.norm(x) * scale + shift


class Generator(nn.Module):
    """Network from a code and a class to an image: 7×7, 14×14, 28×28."""

    def __init__(self, latent: int, channels: tuple[int, int, int], classes: int):
        super().__init__()
        coarse, middle, fine = channels
        self.coarse = coarse
        self.start = nn.Linear(latent, coarse * 7 * 7)
        self.norms = nn.ModuleList(ClassNorm(width, classes) for width in (coarse, coarse, middle, fine))
        pairs = ((coarse, coarse), (coarse, middle), (middle, fine))
        self.convs = nn.ModuleList(nn.Conv2d(before, after, 3, padding=1) for before, after in pairs)
        self.head = nn.Conv2d(fine, 1, 3, padding=1)
        channels_last(self)

    def forward(self, z: Tensor, label: Tensor) -> Tensor:
        """Shapes: `z` (B, latent), `label` (B,) or (B, classes); the result (B, 1, 28, 28) in [0, 1]."""
        h = self.start(z).view(len(z), self.coarse, 7, 7).contiguous(memory_format=torch.channels_last)
        for index, (norm, conv) in enumerate(zip(self.norms, self.convs)):
            h = F.relu(norm(h, label))
            h = conv(F.interpolate(h, scale_factor=2.0, mode="nearest") if index else h)
        return torch.sigmoid(self.head(F.relu(self.norms[-1](h, label))).float())


class Discriminator(nn.Module):
    """Score of an image for its class, with every layer divided by its largest singular value."""

    def __init__(self, channels: tuple[int, int, int], classes: int):
        super().__init__()
        fine, middle, coarse = channels
        layers = [nn.Conv2d(1, fine, 3, padding=1), nn.Conv2d(fine, middle, 4, stride=2, padding=1)]
        layers += [nn.Conv2d(middle, coarse, 4, stride=2, padding=1), nn.Conv2d(coarse, coarse, 3, padding=1)]
        self.convs = nn.ModuleList(map(spectral_norm, layers))
        self.head = spectral_norm(nn.Linear(coarse * 7 * 7, 1))
        self.label = nn.Embedding(classes, coarse * 7 * 7)
        spectral_norm(self.label)
        channels_last(self)

    def forward(self, x: Tensor, label: Tensor) -> Tensor:
        """Shapes: `x` (B, 1, 28, 28) in [0, 1], `label` (B,) or (B, classes); the result (B,)."""
        h = self.features(x)
        return (self.head(h).squeeze(-1) + (look_up(self.label, label) * h).sum(-1)).float()

    def of_classes(self, x: Tensor) -> Tensor:
        """Score of an image for each class: (B, 1, 28, 28) in [0, 1] to (B, classes)."""
        h = self.features(x)
        return (self.head(h) + h @ self.label.weight.T).float()

    def features(self, x: Tensor) -> Tensor:
        """Features in which the scores are linear: (B, 1, 28, 28) to (B, channels · 7 · 7)."""
        h = (2 * x - 1).contiguous(memory_format=torch.channels_last)
        for conv in self.convs:
            h = F.leaky_relu(conv(h), 0.1)
        return h.flatten(1)


class GAN(Sampled):
    """Class-conditional generator of 28×28 grey images and the discriminator that trained it.

    Arguments:
        latent: Dimension of a code z.
        generator: Widths of the generator at 7×7, 14×14 and 28×28.
        discriminator: Widths of the discriminator at 28×28, 14×14 and 7×7.
        classes: Number of labels; samples without a label get a random class each.
    """

    title = "GAN"
    loss_unit = "of the players that move, added"
    space = LEVELS
    represents = "what D looks at last, the mean over all places"
    together = 16
    completes, completions = "searched for: gradient descent on z, until what is known comes out", 1
    numbers = {
        "error": Number("error of the best start (root mean square)", curve=True),
        "errors": Number("error of every start (root mean square)", curve=True),
        "label": Number("class of the best start"),
        "labels": Number("class of every start"),
    }
    cannot = {
        "log_prob": "a GAN defines no density: it draws images, and cannot say how likely one is",
        "encode": "a GAN has no encoder: the code of an image can only be searched for",
    }

    def __init__(
        self,
        latent: int = 64,
        generator: tuple[int, int, int] = (128, 64, 32),
        discriminator: tuple[int, int, int] = (32, 64, 128),
        classes: int = 10,
    ):
        super().__init__()
        self.latent, self.classes = latent, classes
        self.generator = Generator(latent, generator, classes)
        self.discriminator = Discriminator(discriminator, classes)

    @property
    def interpolating_evaluations(self) -> int:
        """Generator evaluations for each step between two images: a search step for both, and one for each image."""
        return 2 * self.completing_evaluations + 1

    @property
    def completing_evaluations(self) -> int:
        """Evaluations of the generator for each step of a search: one for every start, and one for the best image."""
        return self.classes + 1

    def generate(self, z: Tensor, label: Tensor) -> Tensor:
        """Generate G(z, y): codes (B, latent) and labels (B,) to images (B, 1, 28, 28) in [0, 1].

        If labels are weights (B, classes), the class parameters are weighted means over the classes.
        """
        return self.generator(z, label)

    def score(self, x: Tensor, label: Tensor) -> Tensor:
        """Score D(x, y), above 0 if images (B, 1, 28, 28) look like real ones of their class (B,): (B,)."""
        return self.discriminator(x, label)

    def features(self, x: Tensor) -> Tensor:
        """Features in which D's score is linear, averaged over all positions: (B, 1, 28, 28) to (B, channels[-1])."""
        return self.discriminator.features(x).unflatten(-1, (-1, 7 * 7)).mean(-1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of both players' losses; each loss has a gradient for its own player only.

        If the recipe gives `discriminator_steps`, the generator is updated once in that many steps on average.
        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        fake = self.generate(self.codes(len(x), generator), label)
        scores = self.score(torch.cat([x, fake.detach()]), label.repeat(2))
        real, made = scores.chunk(2)
        discriminator_loss = F.relu(1 - real).mean() + F.relu(1 + made).mean()
        if float(torch.rand((), generator=generator)) * recipe.get("discriminator_steps", 1) >= 1:
            return discriminator_loss
        with freeze(self.discriminator):
            return discriminator_loss - self.score(fake, label).mean()

    @torch.no_grad()
    def sample_steps(self, n: int, *, generator: torch.Generator, label: Tensor | None = None) -> Iterator[Step]:
        """Generate images in one pass; `numbers` holds their codes `z` (n, latent) and labels `label` (n,)."""
        z, label = self.start(n, generator, label)
        yield Step(self.generate(z, label.to(z.device)), 0, 1, numbers={"z": z, "label": label})

    def start(self, n: int, generator: torch.Generator, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return what `sample_steps` generates from: codes (n, latent), and labels (n,), drawn unless given."""
        z = self.codes(n, generator)
        return z, torch.randint(self.classes, (n,), generator=generator).to(z.device) if label is None else label

    def codes(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw codes z ~ N(0, I) on the CPU: (n, latent)."""
        return torch.randn(n, self.latent, generator=generator).to(next(self.parameters()))

    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        """Anomaly score −max D(x, y) over the classes y of images (B, 1, 28, 28): (B,); it needs no random draws."""
        return -self.discriminator.of_classes(x).amax(-1)

    def invert_steps(
        self, x: Tensor, *, generator: torch.Generator, label: Tensor | None = None, steps: int = SEARCH_STEPS
    ) -> Iterator[Step]:
        """Search for the generated images nearest to given ones (B, 1, 28, 28), by gradient descent on z.

        Without a label every class has one start; with a label the class has several. Each starts from the best of some
        draws. The length of a code is bounded by that of typical draws. Every step's x is the best so far. Its
        `numbers` hold the root mean square residual `error` (B,), the `label` (B,) and the code `z` (B, latent). For
        each start they hold `errors` and `labels`, (B, starts).

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        return self._search(x, torch.ones_like(x, dtype=torch.bool), generator, label, steps)

    @torch.no_grad()
    def interpolate_steps(self, a: Tensor, b: Tensor, places: int, *, steps: int = SEARCH_STEPS // 2) -> Iterator[Step]:
        """Yield images along the sphere between the codes nearest to two images, during the search for these codes.

        The class changes linearly from one to the other. Shapes: `a` and `b` (1, 1, 28, 28); every step's x (places, 1,
        28, 28).
        """
        share = torch.linspace(0, 1, places).to(a).unsqueeze(-1)
        generator = torch.Generator().manual_seed(0)
        for step in self.invert_steps(torch.cat([a, b]), generator=generator, steps=steps):
            start, end = F.one_hot(step.numbers["label"], self.classes).to(a)
            z_a, z_b = step.numbers["z"]
            x = self.generate(spherical_path(z_a, z_b, places), (1 - share) * start + share * end)
            yield replace(step, x=x, numbers={"error": step.numbers["error"].mean()})

    def complete_steps(
        self,
        x: Tensor,
        known: Tensor,
        *,
        generator: torch.Generator,
        label: Tensor | None = None,
        steps: int = SEARCH_STEPS,
    ) -> Iterator[Step]:
        """Run the same search with the error on the known pixels only, which then replace the generated ones.

        Shapes: `x` (B, 1, 28, 28) in [0, 1]; `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        for step in self._search(x, known, generator, label, steps):
            yield replace(step, x=torch.where(known, x, step.x))

    @torch.no_grad()
    def _search(
        self, x: Tensor, known: Tensor, generator: torch.Generator, label: Tensor | None, steps: int
    ) -> Iterator[Step]:
        check_search(x, known, label, self.classes)
        starts, labels = self._starts(x, known, generator, label)
        k, every = starts.shape[1], labels.flatten()
        pixels, weights = (each.repeat_interleave(k, 0) for each in (x, shares(known)))

        def loss(z: Tensor) -> Tensor:
            return ((self.generate(z, every) - pixels).square() * weights).flatten(1).sum(-1)

        searching = search_steps(starts, loss, steps=steps, reach=math.sqrt(self.latent) + 3 * math.sqrt(0.5))
        for index, found in enumerate(searching):
            chosen = labels[torch.arange(len(x)), found.start]
            numbers = {"error": found.loss.sqrt(), "label": chosen, "z": found.z}
            numbers |= {"errors": found.losses.sqrt(), "labels": labels}
            yield Step(self.generate(found.z, chosen), index, steps + 1, index, numbers=numbers)

    def _starts(
        self, x: Tensor, known: Tensor, generator: torch.Generator, label: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the starts of the search, (B, starts, latent), and each start's label (B, starts)."""
        pool, n = self.codes(GAN_POOL, generator), len(x)
        wanted = torch.arange(self.classes) if label is None else label.cpu().unique()
        made = torch.stack(
            [self.generate(pool, y.expand(GAN_POOL).to(pool.device)) for y in wanted]
        )  # (Y, P, 1, 28, 28)
        pairs = zip(x, shares(known))
        left = torch.stack([((made - each).square() * share).flatten(2).sum(-1) for each, share in pairs])  # (B, Y, P)
        if label is None:
            starts = best_starts(pool, left.flatten(0, 1), 1).view(n, self.classes, -1)
            return starts, wanted.to(x.device).expand(n, -1)
        row = torch.searchsorted(wanted, label.cpu())
        starts = best_starts(pool, left[torch.arange(n), row], STARTS)
        return starts, label.to(x.device).unsqueeze(-1).expand(-1, STARTS)


def look_up(table: nn.Embedding, label: Tensor) -> Tensor:
    """Return the rows of labels (B,), or weighted means of rows for weights (B, classes): (B, channels)."""
    return label @ table.weight if label.is_floating_point() else table(label)


def shares(known: Tensor) -> Tensor:
    """Weight of each pixel in a mean over the known pixels of its image: the shape of `known` (B, 1, 28, 28)."""
    return known / known.flatten(1).sum(-1).view(-1, 1, 1, 1)


def check_search(x: Tensor, known: Tensor, label: Tensor | None, classes: int) -> None:
    """Raise ValueError unless the images are valid, each has known pixels, and the labels exist.

    Shapes: `x` and the booleans `known` (B, 1, 28, 28); `label` (B,) or None.
    """
    check_images(x)
    if known.shape != x.shape or known.dtype != torch.bool:
        raise ValueError("known must be booleans of the shape of x")
    if not bool(known.flatten(1).any(-1).all()):
        raise ValueError("no pixel is kept: leave some to search by")
    if label is not None and (label.shape != x.shape[:1] or not bool(((label >= 0) & (label < classes)).all())):
        raise ValueError(f"label must be None or one of 0 to {classes - 1} for each image")


@contextmanager
def freeze(module: nn.Module) -> Iterator[None]:
    """Exclude the module's parameters from gradients computed inside the block."""
    module.requires_grad_(False)
    try:
        yield
    finally:
        module.requires_grad_(True)
