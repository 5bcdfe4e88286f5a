"""Measures of a β-VAE: rate–distortion curve, bounds, exact log p(x), draws of the prior, atlas of codes."""

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import torch
from rich.progress import track
from safetensors.torch import save_file
from torch import Tensor

from explorer import data
from explorer.measures.coded import image_files
from explorer.measures.common import MEASURES_CHUNK, Load, Measured, in_chunks, mean_and_error, mean_row
from explorer.measures.quality import Draw, in_parts
from explorer.models.beta_vae import BetaVAE
from explorer.models.posterior import exact_elbo, posterior_grid
from explorer.models.replay import Replayed, between
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row, rows
from explorer.running.device import device_of

SNAPSHOT_EPOCHS = (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1, 2, 4, 10, 30)
SNAPSHOT_BETAS = (0.01, 1.0, 4.0, 10.0, 100.0)
A_DECADE, HALVINGS = 4, 5  # values of β per decade at first for a snapshot's codes; most halvings of an interval
Codes = tuple[Tensor, Tensor]  # means and log widths, each (N, 2)
REPORTED = (0.01, 0.1, 1.0, 4.0, 10.0, 20.0, 100.0)
EDGES, PER_DECADE = (0.0, 0.875, 1.625), (8, 16, 32, 16)  # of log10 β
IWAE_SAMPLES = 500
BOUNDED = 200  # images whose ELBO, IWAE bound and exact log p(x) are compared
BETA_VAE_PAGE_DRAWS = 1_000
BETA_VAE_DRAWN = 1_000
KINDS = {"distortion": "estimate", "rate": "exact", "elbo": "bound", "objective": "estimate"}


def measured_betas(model: BetaVAE) -> list[float]:
    """Return the β of the curve and the atlas, most dense where the codes change fastest."""
    low, high = math.log10(model.beta_min), math.log10(model.beta_max)
    edges = [low, *(edge for edge in EDGES if low < edge < high), high]
    exponents = [
        start + index / a_decade
        for start, end, a_decade in zip(edges, edges[1:], PER_DECADE)
        for index in range(round((end - start) * a_decade))
    ]
    return [round(10**exponent, 6) for exponent in [*exponents, high]]


def dedicated_recipe(recipe: dict, beta: float) -> dict:
    """Return the recipe of a network for one β alone."""
    training = recipe["training"]
    return recipe | {
        "model": recipe["model"] | {"spread": 0.0},
        "training": training | {"beta": beta, **training["dedicated"]},
    }


@torch.no_grad()
def held_out_terms(model: BetaVAE, held_out: data.Split) -> list[tuple[float, float, float]]:
    """Return β, distortion and rate on the held-out images at `SNAPSHOT_BETAS`, always with the same noise."""
    x = data.binarise(held_out.pixels(), seed=0).to(device_of(model))
    generator = torch.Generator().manual_seed(0)
    measured = []
    for beta in SNAPSHOT_BETAS:
        distortion, rate = model.distortion_rate(x, beta, generator=generator)
        measured.append((beta, distortion.double().mean().item(), rate.double().mean().item()))
    return measured


def objectives(model: BetaVAE, held_out: data.Split, training: dict) -> list[float]:
    """Return D + βR on the held-out images, in nats, at each β of the snapshots."""
    return [distortion + beta * rate for beta, distortion, rate in held_out_terms(model, held_out)]


def progress(model: BetaVAE, held_out: data.Split, training: dict) -> dict:
    """Measure distortion and rate on the held-out images at `SNAPSHOT_BETAS`, and the mean training loss."""
    curves, losses = {}, []
    for beta, distortion, rate in held_out_terms(model, held_out):
        curves[f"{beta:g}"] = {"distortion": round(distortion, 3), "rate": round(rate, 4)}
        losses.append((distortion + beta * rate) / (1 + beta) ** training["balance"])
    return {"loss": round(sum(losses) / len(losses), 3), "curves": curves}


@torch.no_grad()
def displayed_part(model: BetaVAE, dataset: str) -> Replayed:
    """Keep the displayed part of a snapshot: its decoder, and its codes of the bundled images at any β."""
    x = data.binary_display_images(dataset).to(device_of(model))

    def at(exponent: float) -> Codes:
        q = model.encode(x, min(max(10**exponent, model.beta_min), model.beta_max))
        return q.mean.cpu(), q.stddev.log().cpu()

    found = refine(at, math.log10(model.beta_min), math.log10(model.beta_max))
    mu, log_sigma = (torch.stack(parts) for parts in zip(*found.values()))
    made = Replayed(model.decoder, len(found), len(x))
    made.exponents, made.sigma = torch.tensor([*found]), log_sigma.exp()
    made.mu = torch.cat([model.encode(x, 0.0).mean.cpu().unsqueeze(0), mu])
    return made


def refine(at: Callable[[float], Codes], low: float, high: float) -> dict[float, Codes]:
    """Return codes by log10 β in increasing order, dense enough to interpolate.

    An interval is halved until the interpolation error is below float16 rounding, `HALVINGS` times at most.
    """
    found = {float(place): at(float(place)) for place in torch.linspace(low, high, 1 + round(A_DECADE * (high - low)))}
    gaps = list(itertools.pairwise(found))
    for _ in range(HALVINGS):
        middles = {sum(gap) / 2: (gap, at(sum(gap) / 2)) for gap in gaps}
        missed = {place: (gap, codes) for place, (gap, codes) in middles.items() if strays(found, place, *codes)}
        found = dict(sorted((found | {place: codes for place, (_, codes) in missed.items()}).items()))
        gaps = [half for place, ((a, b), _) in missed.items() for half in ((a, place), (place, b))]
    return found


def strays(found: dict[float, Codes], place: float, mu: Tensor, log_sigma: Tensor) -> bool:
    """Return True if the RMS interpolation error at a place exceeds half the rounding error of float16.

    Shapes: `mu` and `log_sigma` (N, 2), as both parts of the codes found.
    """
    guessed = between([*found], place, *(torch.stack(parts) for parts in zip(*found.values())))
    missed = [_rms(guess - codes) for guess, codes in zip(guessed, (mu, log_sigma))]
    return missed[0] > _rms(mu.half() - mu) / 2 or missed[1] > _rms(log_sigma.exp().half() / log_sigma.exp() - 1) / 2


def _rms(values: Tensor) -> float:
    return float(values.square().mean().sqrt())


def figures(model: BetaVAE, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of a β-VAE; `earlier` holds the rows of dedicated networks measured before."""
    x = test_images(model, dataset, load, seed)
    dedicated = _dedicated_rows(folder.name, x, earlier.get("dedicated", {"rows": [], "networks": {}}), seed)
    curve = [terms(model, x, beta, seed) for beta in track(measured_betas(model), "rate–distortion")]
    reported = [each for beta in (*REPORTED, 0.0) for each in as_rows(terms(model, x, beta, seed), len(x), seed)]
    objectives = {each["beta"]: each["value"] for each in reported if each["name"] == "objective"}
    ratios = [
        row("ratio", objectives[each["beta"]] / each["value"], n=len(x), seed=seed, beta=each["beta"])
        for each in rows(dedicated, "objective")
    ]
    return {
        "dedicated": dedicated,
        "rows": reported + ratios,
        "curve": curve,
        "atlas": write_atlas(model, dataset, folder / "atlas.safetensors"),
    }


def samplers(model: BetaVAE) -> dict[str, Draw]:
    """Return the sampler whose samples are evaluated; the model takes no labels."""

    def draw(n: int, generator: torch.Generator, label: None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"β = 1": in_parts(draw, MEASURES_CHUNK, "β = 1")}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    one = find(card, "-elbo", beta=1)
    return f"−ELBO at β = 1: {one['value']:.2f} ± {one['se']:.2f} nats"


def _dedicated_rows(name: str, x: Tensor, earlier: dict, seed: int) -> dict:
    """Measure the dedicated networks under runs/, and keep the earlier rows of those that are not there."""
    measured, networks = list(earlier["rows"]), dict(earlier["networks"])
    for folder in sorted(checkpoints.RUNS.glob(f"{name}-dedicated-*")):
        card_path = folder / "card.json"
        if not card_path.exists():
            continue
        config, card = checkpoints.read_json(folder / "config.json"), checkpoints.read_json(card_path)
        network: BetaVAE = checkpoints.build(config)
        checkpoints.load_weights(network, folder / "model.safetensors", sha256=card["sha256"])
        beta = config["training"]["beta"]
        found = terms(network.to(x.device).eval(), x, beta, seed)
        measured = [each for each in measured if each["beta"] != beta]
        measured += as_rows(found, len(x), seed, network="dedicated")
        networks[f"{beta:g}"] = {"training": card["training"], "epochs": config["training"]["epochs"]}
    return {"rows": measured, "networks": networks}


@torch.no_grad()
def terms(model: BetaVAE, x: Tensor, beta: float, seed: int) -> Measured:
    """Measure distortion, rate, ELBO (KL weighted by one) and the objective D + βR, in nats per image.

    At β = 0 only the distortion is measured. Shapes: `x` (N, 1, 28, 28).
    """
    generator = torch.Generator().manual_seed(seed)
    distortion, rate = in_chunks(x, lambda part: model.distortion_rate(part, beta, generator=generator))
    measured = {"beta": beta} | mean_and_error(distortion, "distortion")
    if beta > 0:
        measured |= mean_and_error(rate, "rate") | mean_and_error(-distortion - rate, "elbo")
        measured |= mean_and_error(distortion + beta * rate, "objective")
    return measured


def as_rows(found: Measured, n: int, seed: int, **setting: str) -> list[dict]:
    """Return the terms at one β as rows; without a rate (β = 0) the distortion is exact, as no code is drawn."""
    kinds = KINDS if "rate" in found else {"distortion": "exact"}
    of = {"unit": "nats", "n": n, "seed": seed, "beta": found["beta"]} | setting
    return [row(name, found[name], kind, se=found[f"{name}_se"], **of) for name, kind in kinds.items()]


def test_images(model: BetaVAE, dataset: str, load: Load, seed: int) -> Tensor:
    """Return the binarised test split: (N, 1, 28, 28)."""
    return data.binarise(load(dataset, "test").pixels(), seed=seed).to(device_of(model))


@torch.no_grad()
def bounds(model: BetaVAE, dataset: str, load: Load, seed: int) -> dict:
    """Measure the ELBO, the IWAE bound and the exact log p(x) at β = 1, of test images and of a blank page."""
    generator = torch.Generator().manual_seed(seed)
    x = test_images(model, dataset, load, seed)[:BOUNDED]
    (iwae,) = in_chunks(x, lambda part: model.iwae(part, 1.0, IWAE_SAMPLES, generator=generator))
    (elbo,) = in_chunks(x, lambda part: model.elbo(part, 1.0, generator=generator, samples=20))
    exact = torch.tensor([posterior_grid(model, image, 1.0).log_px for image in track(x, "log p(x)")])
    of = {"unit": "nats", "seed": seed, "set": "first"}
    measured = [
        mean_row("elbo", elbo, "bound", **of),
        mean_row("iwae", iwae, "bound", **of, k=IWAE_SAMPLES),
        mean_row("log_px", exact, "exact", **of),
        mean_row("gain", iwae - elbo, **of, k=IWAE_SAMPLES),
        mean_row("gap", exact - elbo, **of),
    ]
    return {"rows": measured + blank(model, elbo, exact, generator)}


def blank(model: BetaVAE, elbo: Tensor, exact: Tensor, generator: torch.Generator) -> list[dict]:
    """Measure a blank page at β = 1: its ELBO and its log p(x), both exactly, and the spread of single draws, in nats.

    `likelier` is the share of test images with a lower value than the page: by the ELBO (N,), and by log p(x) (N,).
    """
    page = torch.zeros(1, 1, 28, 28, device=device_of(model))
    drawn = model.elbo(page.expand(BETA_VAE_PAGE_DRAWS, -1, -1, -1), 1.0, generator=generator).cpu()
    q = model.encode(page, 1.0)
    bound, log_px = exact_elbo(model, page[0], q.mean[0], q.stddev[0], 1.0), posterior_grid(model, page[0], 1.0).log_px
    of = {"seed": generator.initial_seed(), "set": "blank"}
    return [
        row("elbo", bound, "bound", unit="nats", n=1, **of),
        row("spread", float(drawn.std()), unit="nats", n=BETA_VAE_PAGE_DRAWS, **of),
        row("log_px", log_px, "exact", unit="nats", n=1, **of),
        row("gap", log_px - bound, "exact", unit="nats", n=1, **of),
        mean_row("likelier", elbo < bound, **of, by="bound"),
        mean_row("likelier", exact < log_px, **of, by="exact"),
    ]


@torch.no_grad()
def prior(model: BetaVAE, dataset: str, load: Load, seed: int) -> dict:
    """Count the classes that a classifier assigns to decoded images, at β = 0 and 1.

    The codes are draws of the prior N(0, I), and those of test images.
    """
    classifier = checkpoints.load(f"classifier-{dataset}")
    x = test_images(model, dataset, load, seed)[:BETA_VAE_DRAWN]
    z = torch.randn(BETA_VAE_DRAWN, 2, generator=torch.Generator().manual_seed(seed)).to(x)
    found = {"n": BETA_VAE_DRAWN, "classifier": f"classifier-{dataset}"}
    for beta in (0.0, 1.0):
        images = {"draws": model.decode(z, beta).mean, "codes": model.decode(model.encode(x, beta).mean, beta).mean}
        seen = {name: in_chunks(each, classifier)[0].argmax(-1) for name, each in images.items()}
        found[f"{beta:g}"] = {
            name: each.bincount(minlength=len(data.classes_of(dataset))).tolist() for name, each in seen.items()
        }
    return found


@torch.no_grad()
def write_atlas(model: BetaVAE, dataset: str, path: Path) -> dict:
    """Write the codes of the bundled images at every measured β; return the RMS error of interpolation between them."""
    x = data.binary_display_images(dataset).to(next(model.parameters()).device)
    betas = [0.0, *measured_betas(model)]
    codes = [model.encode(x, beta) for beta in betas]
    mu, sigma = (torch.stack([part.cpu() for part in parts]) for parts in zip(*((q.mean, q.stddev) for q in codes)))
    save_file({"betas": torch.tensor(betas), "mu": mu.half(), "sigma": sigma.half()}, path)
    path.chmod(0o644)
    middles = torch.tensor([(low * high) ** 0.5 for low, high in zip(betas[1:], betas[2:])])
    between = middles[torch.linspace(0, len(middles) - 1, 10).round().long()].tolist()
    strays = {f"{beta:.4g}": _stray(model, x, beta, betas, mu.half().float()) for beta in between}
    inside = [each for beta in (0.0, 1.0) for each in _inside(mu[betas.index(beta)], beta)]
    return {"rows": inside, "measured": len(betas), "betas": strays, "largest_rms": max(strays.values())}


def _inside(mu: Tensor, beta: float) -> list[dict]:
    """Return the share of codes within one, two and three standard deviations of the prior's centre."""
    near = {radius: float((mu.norm(dim=-1) < radius).float().mean()) for radius in (1, 2, 3)}
    return [row("inside", round(share, 4), beta=beta, radius=radius) for radius, share in near.items()]


def _stray(model: BetaVAE, x: Tensor, beta: float, betas: list[float], mu: Tensor) -> float:
    above = next(index for index, value in enumerate(betas) if value > beta)
    share = math.log(beta / betas[above - 1]) / math.log(betas[above] / betas[above - 1])
    between = mu[above - 1] + share * (mu[above] - mu[above - 1])
    return float((model.encode(x, beta).mean.cpu() - between).square().mean().sqrt())


PARTS = {"bounds": bounds, "prior": prior, "files": image_files}
