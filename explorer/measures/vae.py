"""Measures of a VAE with tens of latents: its bounds, the latents that it uses, and naive Monte Carlo."""

import math
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.coded import image_files
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.quality import Draw, in_parts
from explorer.models.latent import log_mean
from explorer.models.vae import VAE
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

SNAPSHOT_EPOCHS = (0, 0.2, 1, 5)
VAE_DRAWS = (1, 5, 50, 500)  # k
VAE_EVERY = 20  # one in 20 test images gets a bound of 500 draws
MORE, VAE_FEWER = 5_000, 40  # draws of a tighter bound, and number of its images
NAIVE = (*VAE_DRAWS, 5_000, 50_000)
ACTIVE = 0.01  # smallest variance over the test images of an active latent's mean
VAE_CHUNK, VAE_AT_ONCE = 500, 1_000
PRIOR_SEED = 1  # of naive Monte Carlo


@torch.no_grad()
def held_out_terms(model: VAE, held_out: data.Split) -> tuple[float, Tensor]:
    """Return the mean distortion of held-out images and the mean KL of each latent (J,), in nats, with fixed noise."""
    x = data.binarise(held_out.pixels(), seed=0).to(device_of(model))
    generator = torch.Generator().manual_seed(0)
    distortion, rates = in_chunks(x, lambda part: model.terms(part, generator=generator), VAE_CHUNK)
    return float(distortion.double().mean()), rates.double().mean(0)


def objectives(model: VAE, held_out: data.Split, training: dict) -> list[float]:
    """Return minus the ELBO of the held-out images, in nats."""
    distortion, rates = held_out_terms(model, held_out)
    return [distortion + float(rates.sum())]


def progress(model: VAE, held_out: data.Split, training: dict) -> dict:
    """Measure distortion and rate of the held-out images, and minus their ELBO, in nats."""
    distortion, rates = held_out_terms(model, held_out)
    rate = float(rates.sum())
    return {"loss": round(distortion + rate, 3), "distortion": round(distortion, 3), "rate": round(rate, 3)}


@torch.no_grad()
def figures(model: VAE, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card of a VAE."""
    x = data.binarise(load(dataset, "test").pixels(), seed=seed).to(device_of(model))
    generator = torch.Generator().manual_seed(seed)
    distortion, rates = in_chunks(x, lambda part: model.terms(part, generator=generator), VAE_CHUNK)
    (mu,) = in_chunks(x, lambda part: model.encode(part).mean, VAE_CHUNK)
    elbo, of = (-distortion - rates.sum(-1)).double(), {"unit": "nats", "seed": seed}
    found = weights(model, x[::VAE_EVERY], VAE_DRAWS[-1], generator)
    gain = log_mean(found) - elbo[::VAE_EVERY]
    best = mean_row("nll", -elbo, "bound", **of)
    more = weights(model, x[::VAE_EVERY][:VAE_FEWER], MORE, generator)
    return {
        "rows": [
            best | {"value": best["value"] - float(gain.mean()), "se": reduced_error(elbo, gain)},
            mean_row("elbo", elbo, "bound", **of),
            mean_row("rate", rates.sum(-1), "exact", **of),
            mean_row("distortion", distortion, **of),
            *(mean_row("iwae", grouped_bound(found, k), "bound", **of, k=k) for k in VAE_DRAWS),
            mean_row("gain", gain, **of, k=VAE_DRAWS[-1]),
            mean_row("gain", log_mean(more) - log_mean(found)[:VAE_FEWER], **of, k=MORE, over=VAE_DRAWS[-1]),
            *latent_usage(rates, mu, seed),
            *naive(model, x[::VAE_EVERY], seed),
        ]
    }


def reduced_error(elbo: Tensor, gain: Tensor) -> float:
    """Return the standard error of the mean bound of all images (N,), from its gain over the ELBO on fewer (M,).

    The estimate is the mean ELBO of all images plus the mean gain of M images.
    """
    both = torch.stack([elbo[::VAE_EVERY], gain]).cov()
    n, m = len(elbo), len(gain)
    return math.sqrt(max(0.0, float(elbo.var() / n + both[1, 1] / m + 2 * both[0, 1] / n)))


def weights(model: VAE, x: Tensor, k: int, generator: torch.Generator) -> Tensor:
    """Return the log-weights of k draws for every image (N, 1, 28, 28), in nats: (k, N) in float64."""
    parts = [model.log_weights(part, k, generator=generator).cpu() for part in track(x.split(1), f"{k} draws")]
    return torch.cat(parts, dim=1).double()


def grouped_bound(log_weights: Tensor, k: int) -> Tensor:
    """Return the bound of k draws per image, averaged over the groups of k in its log-weights (K, N): (N,)."""
    groups = log_weights.unflatten(0, (-1, k)).transpose(0, 1)  # (k, groups, N)
    return log_mean(groups).mean(0)


def latent_usage(rates: Tensor, mu: Tensor, seed: int) -> list[dict]:
    """Measure the KL of every latent in decreasing order, from the rates (N, J); and the number of active latents.

    A latent is active if its mean (N, J) varies with the image (Burda et al. 2016, section 5).
    """
    order = rates.double().mean(0).argsort(descending=True).tolist()
    active = int((mu.double().var(0) > ACTIVE).sum())
    of = {"seed": seed}
    each = [mean_row("kl", rates[:, j], "exact", unit="nats", **of, latent=j) for j in order]
    return [*each, row("active", active, "exact", n=len(mu), **of)]


def naive(model: VAE, x: Tensor, seed: int) -> list[dict]:
    """Estimate log p(x) of images (N, 1, 28, 28) by draws from the prior alone; all images share the draws.

    The estimate is too low on average, like the bound: both are logarithms of unbiased means.
    """
    generator, found = torch.Generator().manual_seed(PRIOR_SEED), []
    for _ in track(range(0, NAIVE[-1], VAE_AT_ONCE), "naive"):
        z = torch.randn(VAE_AT_ONCE, model.latent, generator=generator).to(x)
        found.append(log_likelihoods(model, x, z).cpu())
    log_likelihood = torch.cat(found)
    of = {"unit": "nats", "seed": seed}
    return [mean_row("naive", log_mean(log_likelihood[:k]).double(), **of, k=k) for k in NAIVE]


def log_likelihoods(model: VAE, x: Tensor, z: Tensor) -> Tensor:
    r"""Return $\log p(x_n \mid z_i)$ of every image (N, 1, 28, 28) at every code (k, J), in nats: (k, N)."""
    logits = torch.cat([model.decode(part).base_dist.logits for part in z.split(VAE_CHUNK)]).flatten(1)
    return logits @ x.flatten(1).T - torch.nn.functional.softplus(logits).sum(-1, keepdim=True)


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll, elbo, active = find(card, "nll"), find(card, "-elbo"), find(card, "active")
    tight = f"−log p(x) at most {nll['value']:.2f} ± {nll['se']:.2f} nats by {VAE_DRAWS[-1]} draws"
    return f"{tight}, −ELBO {elbo['value']:.2f} ± {elbo['se']:.2f}, {active['value']} latents active"


def samplers(model: VAE) -> dict[str, Draw]:
    """Return the sampler whose samples are evaluated; the model takes no labels."""

    def draw(n: int, generator: torch.Generator, label: None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"one pass": in_parts(draw, VAE_CHUNK, "one pass")}


PARTS = {"files": image_files}
