"""Walks of dropped points from noise to data: by the reverse SDE, and by the probability flow."""

from itertools import pairwise

import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.models.score import ScoreNet
from explorer.networks import checkpoints
from explorer.spaces.packing import pack
from explorer.tabs.diffusion.fields import Drops, Steps, Toy
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.words import num

STREAMS = 7919  # from the seed of one point to that of the next
SAYS = {"sde": "the reverse SDE wandered", "ode": "the probability flow went"}
WAYS = {"both": ("sde", "ode"), "sde": ("sde",), "ode": ("ode",)}


@torch.no_grad()
def trajectories(model: ScoreNet, starts: Tensor, steps: int, seed: int) -> dict[str, Tensor]:
    """Walk from points (N, 2) to data: (steps + 1, N, 2) each way. The walk of a point depends on no other point."""
    streams = [gaussians(seed + STREAMS * i, 2 * steps).view(steps, 2) for i in range(len(starts))]
    sde, ode, schedule = [starts], [starts], model.schedule
    for (t, s), noise in zip(pairwise(schedule.times(steps)), torch.stack(streams, 1).to(starts)):
        learned = model.predict_noise(torch.cat([sde[-1], ode[-1]]), t)
        wandering, flowing = learned.chunk(2)
        sde.append(schedule.ddpm_step(sde[-1], wandering, t, s, noise, clip=False))
        ode.append(schedule.ddim_step(ode[-1], flowing, t, s, noise, clip=False))
    return {"sde": torch.stack(sde), "ode": torch.stack(ode)}


def sentences_of(found: dict[str, Tensor], toy: str) -> dict[str, str]:
    """Describe the finished walks, (steps + 1, N, 2) each way, for each choice of ways."""
    length = {way: float(x.diff(dim=0).norm(dim=-1).sum(0).mean()) for way, x in found.items()}
    density = {way: float(TOYS[toy].log_prob(x[-1].double()).mean()) for way, x in found.items()}

    def sentence(ways: tuple[str, ...]) -> str:
        lengths = ", ".join(f"{SAYS[way]} {num(length[way])}" for way in ways)
        ends = " and ".join(f"{num(density[way])} ({way.upper()})" for way in ways)
        return f"To reach the data {lengths} on average. The mean log p of the ends is {ends}, under the known density."

    return {choice: sentence(ways) for choice, ways in WAYS.items()}


@heavy
def walks(toy: Toy, drops: Drops, steps: Steps, seed: Seed) -> dict:
    """Return both walks of dropped points at every time, and what is said of them."""
    if not drops:
        raise ValueError("drop a point first")
    model = checkpoints.load(f"score-{toy}")
    found = trajectories(model, torch.tensor(drops), steps, seed)
    packed = {way: pack(x, torch.float32) for way, x in found.items()}
    return packed | {"times": model.schedule.times(steps), "words": sentences_of(found, toy)}
