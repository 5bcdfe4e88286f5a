r"""Measures of an autoencoder of images: reconstruction error, classes of decoded random codes, local sensitivity.

A classifier assigns every decoded draw to some class. The rows hold the share of each class, and the share of images
that the classifier assigns with confidence. The KL divergence of the shares from equal shares is 0 for ten equally
frequent classes, and ln 10 for a single one.
"""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from explorer import data
from explorer.measures.common import MEASURES_CHUNK, Load, in_chunks, mean_row
from explorer.measures.quality import CHUNK as JUDGED
from explorer.models.autoencoder import Autoencoder, SparseAutoencoder, half_square
from explorer.models.beta_vae import BetaVAE
from explorer.models.classifier import Classifier
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

AUTOENCODER_DRAWS = 10_000
NOISE = 0.5
PRIORS = ("standard", "fitted")
OTHER = "beta-vae"
SURE = 0.9  # the smallest probability of a class that counts as confident


@torch.no_grad()
def objectives(model: Autoencoder, held_out: data.Split, training: dict) -> list[float]:
    """Half the mean squared error of the held-out images, in nats of a Gaussian of unit variance."""
    x = held_out.pixels().to(device_of(model))
    return [float(half_square(model.reconstruct(x), x).double().mean())]


@torch.no_grad()
def figures(model: Autoencoder, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card of an autoencoder."""
    x = load(dataset, "test").pixels().to(device_of(model))
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed)).to(x)
    mean = load(dataset, "train").pixels().mean(0).to(x)
    measured = [
        mean_row("error", errors(model, x)),
        mean_row("error", errors(model, x, x + NOISE * noise), seed=seed, noise=NOISE),
        mean_row("error", 2 * half_square(x, mean), of="the mean image"),
    ]
    if isinstance(model, SparseAutoencoder):
        return {"rows": measured + usage(model, x)}
    codes = in_chunks(x, model.encode)[0]
    measured += hole_rows(dataset, model.decode, codes, seed)
    measured += [
        mean_row("stretch", stretch, rank=rank) for rank, stretch in enumerate(stretches(model, x, codes), start=1)
    ]
    if type(model) is Autoencoder:  # but none of its subclasses
        measured += references(dataset, x, load, seed)
    return {"rows": measured}


def errors(model: Autoencoder, x: Tensor, seen: Tensor | None = None) -> Tensor:
    """Return ‖x̂ − x‖² of images (N, 1, 28, 28), reconstructed from the inputs `seen`, or from x itself: (N,)."""
    pairs = zip(x.split(MEASURES_CHUNK), (x if seen is None else seen).split(MEASURES_CHUNK))
    return torch.cat([model.error(part, other) for part, other in pairs]).double().cpu()


def usage(model: SparseAutoencoder, x: Tensor) -> list[dict]:
    """Measure the number of active units per image (N, 1, 28, 28), and the share of units that any image activates."""
    on = in_chunks(x, lambda part: model.encode(part) > 0)[0]
    ever = on.any(0).double()
    return [
        mean_row("active", on.double().mean(-1), "exact"),
        row("ever_active", float(ever.mean()), "exact", n=len(x)),
    ]


def stretches(model: Autoencoder, x: Tensor, codes: Tensor) -> Tensor:
    r"""Return the singular values of $\partial z / \partial x$ at images, in decreasing order: (2, N).

    They are divided by $\sqrt{\operatorname{Var} z}$, so they do not depend on the scale of the codes.

    Shapes: `x` (N, 1, 28, 28), `codes` (M, 2).
    """
    found = in_chunks(x, lambda part: torch.linalg.svdvals(model.jacobian(part).detach()))[0]
    return (found / rms_from_mean(codes)).T.double()


def rms_from_mean(codes: Tensor) -> float:
    """Return the root mean squared distance of codes (N, latent) from their mean."""
    return float((codes - codes.mean(0)).square().sum(-1).mean().sqrt())


def draw_codes(prior: str, n: int, codes: Tensor, generator: torch.Generator) -> Tensor:
    """Draw codes (n, latent) from N(0, I) if `prior` is "standard", else from a Gaussian fitted to `codes`.

    The fitted Gaussian has the mean and the covariance of `codes` (M, latent).
    """
    z = torch.randn(n, codes.shape[1], generator=generator).to(codes)
    if prior == "standard":
        return z
    return codes.mean(0) + z @ torch.linalg.cholesky(codes.T.cov()).T


def hole_rows(dataset: str, decode: Callable[[Tensor], Tensor], codes: Tensor, seed: int, **setting: str) -> list[dict]:
    """Measure the classes of decoded codes, drawn from each of the two priors.

    Shapes: `codes` (N, latent), to which one prior is fitted; `decode` maps (B, latent) to images (B, 1, 28, 28).
    """
    measured = []
    for prior in PRIORS:
        z = draw_codes(prior, AUTOENCODER_DRAWS, codes, torch.Generator().manual_seed(seed))
        measured += class_rows(dataset, in_chunks(z, decode)[0], seed=seed, prior=prior, **setting)
    return measured


def references(dataset: str, x: Tensor, load: Load, seed: int) -> list[dict]:
    """Measure the classes for the VAE with two latents at β = 1, and for the test images (N, 1, 28, 28) themselves."""
    vae: BetaVAE = checkpoints.load(f"{OTHER}-{dataset}")
    codes = in_chunks(x.cpu(), partial(vae_codes, vae, seed=seed))[0]
    found = hole_rows(dataset, lambda z: vae.decode(z, 1.0).mean, codes, seed, of=OTHER)
    return found + class_rows(dataset, x, of="test images")


def class_rows(dataset: str, x: Tensor, **setting: float | str) -> list[dict]:
    """Measure the share of each class, its KL divergence from equal shares, and the share of confident images.

    Shapes: `x` (N, 1, 28, 28) in [0, 1]. The divergence is in nats.
    """
    judge = checkpoints.load(f"classifier-{dataset}")
    sure, classes = top_class(judge, x.to(device_of(judge)))
    count = judge.head.out_features
    shares = [mean_row("share", classes == label, label=label, **setting) for label in range(count)]
    value, se = from_equal(classes, count)
    return [
        *shares,
        row("kl_from_equal", value, se=se, n=len(x), unit="nats", **setting),
        mean_row("sure", sure >= SURE, **setting),
    ]


def top_class(judge: Classifier, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the largest class probability of images (N, 1, 28, 28), and its class: (N,) and (N,)."""

    def look(part: Tensor) -> tuple[Tensor, ...]:
        return tuple(judge.head(judge.features(part)).softmax(-1).max(-1))

    share, classes = in_chunks(x.to(device_of(judge)), look, JUDGED)
    return share, classes


def from_equal(classes: Tensor, count: int) -> tuple[float, float]:
    r"""Return $\mathrm{KL}(\hat p \| \text{equal})$ of labels (N,) in nats, with its standard error (delta method)."""
    share = classes.bincount(minlength=count).double() / len(classes)
    logs = share.clamp(min=1e-300).log()
    entropy = -float((share * logs).sum())
    variance = float((share * logs.square()).sum()) - entropy**2
    return math.log(count) - entropy, math.sqrt(max(variance, 0) / len(classes))


@torch.no_grad()
def vae_codes(vae: BetaVAE, x: Tensor, seed: int) -> Tensor:
    """Return the VAE's posterior means at β = 1 of grey images (N, 1, 28, 28), binarised first: (N, 2)."""
    return vae.encode(data.binarise(x, seed).to(device_of(vae)), 1.0).mean


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return f"‖x̂ − x‖² {find(card, 'error')['value']:.2f}"
