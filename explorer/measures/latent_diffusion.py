"""Measures of a diffusion of codes: error of the autoencoder, guidance, cost and quality of samples."""

import time
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.compare import one_thread
from explorer.measures.diffusion import PRECISION, guidance
from explorer.measures.frontier import EVALUATIONS, SamplerSteps
from explorer.measures.quality import Draw, drawing
from explorer.models.latent_diffusion import LatentDiffusion
from explorer.models.samplers import Denoiser
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

ROUNDING_IMAGES = 1_000
LATENT_STEPS = (50, 20, 10)
TIMED, LATENT_ROUNDS = 16, 5
SPREAD_OVER = 2_000  # codes whose variance is measured


@torch.no_grad()
def objectives(model: LatentDiffusion, held_out: data.Split, training: dict) -> list[float]:
    """Return the reconstruction error of held-out images, and half the squared error of the predicted v, in nats."""
    generator, split = torch.Generator().manual_seed(0), held_out[:ROUNDING_IMAGES]
    x = split.pixels().to(device_of(model))
    decoded, denoised = model.losses(x, training, generator=generator, label=split.labels.to(x.device))
    return [model.space.dim * float(decoded), model.state_shape[0] / 2 * float(denoised)]


def figures(model: LatentDiffusion, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card except sample quality."""
    return {"rows": [*reconstruction_error(model, load(dataset, "test")), *guidance(model, dataset, load, seed)]}


@torch.no_grad()
def reconstruction_error(model: LatentDiffusion, split: data.Split) -> list[dict]:
    """Measure the mean squared error per pixel of reconstructed test images; and the codes' spread."""

    def there_and_back(x: Tensor) -> tuple[Tensor, Tensor]:
        z = model.encode(x)
        return F.mse_loss(model.decode(z), x, reduction="none").flatten(1).mean(1), z

    errors, codes = in_chunks(split.pixels().to(device_of(model)), there_and_back, 500)
    spread = codes.double().std(0)
    return [
        mean_row("squared_error", errors),
        row("code_sd", float(spread.mean()), n=len(codes)),
        row("code_correlation", float(_correlation(codes.double())), n=len(codes)),
    ]


def _correlation(codes: Tensor) -> Tensor:
    """Return the root mean square of the correlations between different dimensions of the codes."""
    found = torch.corrcoef(codes.T)
    return found[~torch.eye(len(found), dtype=torch.bool)].square().mean().sqrt()


def cost(model: LatentDiffusion, dataset: str, load: Load, seed: int) -> dict:
    """Measure the milliseconds per image on one thread, in batches of 16, of this model and of the pixel diffusion."""
    both = {"codes": model, "pixels": checkpoints.load(f"diffusion-{dataset}").to(device_of(model))}
    found: dict[tuple[str, int], list[float]] = {}
    with one_thread():
        for _ in track(range(LATENT_ROUNDS), "cost"):
            for of, each in both.items():
                for steps in LATENT_STEPS:
                    found.setdefault((of, steps), []).append(_milliseconds(each, steps, seed))
    return {
        "rows": [
            row("milliseconds", min(each), unit="ms", n=LATENT_ROUNDS, of=of, steps=steps)
            for (of, steps), each in found.items()
        ]
    }


def _milliseconds(model: Denoiser, steps: int, seed: int) -> float:
    clock = time.thread_time if device_of(model).type == "cpu" else time.perf_counter
    start = clock()
    model.sample(TIMED, generator=torch.Generator().manual_seed(seed), steps=steps).sum().item()
    return 1000 * (clock() - start) / TIMED


def samplers(model: LatentDiffusion) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    return {f"DDIM {steps}": drawing(model, f"DDIM {steps}", PRECISION, steps=steps) for steps in LATENT_STEPS}


def frontier_samplers(model: LatentDiffusion) -> list[SamplerSteps]:
    """Return DDIM on the codes at each number of evaluations, one per step."""
    title = f"{model.title}, DDIM"
    return [
        SamplerSteps(title, steps, steps, drawing(model, f"{title} {steps}", PRECISION, steps=steps), "ddim")
        for steps in EVALUATIONS
    ]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    error, guided = find(card, "squared_error")["value"], find(card, "accuracy", w=2)["value"]
    return f"squared error {error:.4f} a pixel, class seen at w = 2: {guided:.1%}"


@torch.no_grad()
def few(model: LatentDiffusion, dataset: str, load: Load, seed: int) -> dict:
    """Measure the variance of sampled codes over that of held-out images' codes, averaged over dimensions.

    DDIM is measured at several numbers of steps, and once with fresh noise at every step (η = 1).
    """
    held_out, device = load(dataset, "held-out")[:SPREAD_OVER], device_of(model)
    (codes,) = in_chunks(held_out.pixels().to(device), model.encode, 500)
    variance, label = codes.double().var(0), held_out.labels.to(device)
    found = []
    for steps, eta in ((5, 0), (10, 0), (20, 0), (50, 0), (50, 1)):
        generator, back = torch.Generator().manual_seed(seed), partial(model.schedule.ddim_step, eta=eta)
        *_, (_, z, *_) = model.walk(len(label), back, steps, generator, eta > 0, label=label)
        z = z.double().cpu()
        spread = ((z - z.mean(0)).square() / variance).mean(-1)
        found.append(mean_row("code_spread", spread, seed=seed, steps=steps, eta=eta))
    return {"rows": found}


PARTS = {"cost": cost, "few": few}
