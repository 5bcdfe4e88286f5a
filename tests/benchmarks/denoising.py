"""Speed of denoising: beside bare passes of the network, and beside diffusers driving the same network."""

import time
from collections.abc import Callable

import torch
from diffusers import DDIMScheduler

from explorer.models.diffusion import Diffusion
from explorer.networks import checkpoints
from explorer.steps import last
from tests.benchmarks.rows import Row

NET = "diffusion-mnist"
COUNT, STEPS, ROUNDS = 16, 50, 5


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ours(model: Diffusion) -> None:
    """Sample by DDIM as the page does, every step with its numbers."""
    last(model.ddim_steps(COUNT, generator=torch.Generator().manual_seed(0), steps=STEPS))


@torch.no_grad()
def bare(model: Diffusion) -> None:
    """As many passes of the network, and nothing else."""
    x = model.noise(COUNT, torch.Generator().manual_seed(0))
    for t in model.schedule.times(STEPS)[:-1]:
        model.predict_noise(x, t)


@torch.no_grad()
def theirs(model: Diffusion) -> None:
    """Sample by DDIM with the scheduler of diffusers around the same network."""
    scheduler = DDIMScheduler(model.schedule.total, timestep_spacing="trailing")
    scheduler.set_timesteps(STEPS)
    x = model.noise(COUNT, torch.Generator().manual_seed(0))
    for t in scheduler.timesteps:
        x = scheduler.step(model.predict_noise(x, int(t) + 1), t, x).prev_sample


def denoising() -> list[Row]:
    """Take turns, so that what else the machine does falls on all three alike; compare the fastest rounds."""
    model = checkpoints.load(NET, "cpu")
    ways = {"ours": ours, "bare": bare, "theirs": theirs}
    for way in ways.values():
        way(model)
    rounds = [{name: seconds(lambda way=way: way(model)) for name, way in ways.items()} for _ in range(ROUNDS)]
    best = {name: min(each[name] for each in rounds) for name in ways}
    return [
        Row(f"{COUNT} images, {STEPS} steps of DDIM", f"{best['ours']:.2f} s", "≤ 2 s"),
        Row("… over bare passes of the network", f"{best['ours'] / best['bare'] - 1:+.1%}", "≤ 5 %"),
        Row("… over diffusers with the same network", f"{best['ours'] / best['theirs'] - 1:+.1%}", "≤ 0 %"),
    ]
