"""Chains that walk on an energy over the plane: their rules, their moves, and what is kept of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.measures.plane_energy import assign_modes
from explorer.models.chains import FAR, KERNELS, State, ladder, start, swap, temper
from explorer.models.plane_energy import HOTTEST, Energy
from explorer.tabs.kit.ask.common import rng

WALK_APART = 0.04  # standard deviation of the starts of chains around a dropped place
RUNGS = 5  # temperatures of parallel tempering
EVALUATIONS = {"langevin": 1, "mala": 1, "hmc": 10, "walk": 1}  # of the network, for a move of a chain


@dataclass(frozen=True)
class Rules:
    """Rules of a walk: kernel, step ε, temperature, number of chains, remedy for slow mixing, and number of moves."""

    kernel: str = "langevin"
    eps: float = 0.1
    temp: float = 1
    chains: int = 50
    cure: str = "none"
    length: int = 1_000

    @property
    def rungs(self) -> list[float]:
        """Temperatures of the replicas, the last one that of the chains."""
        return [self.temp * each for each in ladder(HOTTEST, RUNGS)] if self.cure == "tempering" else [self.temp]

    def heat(self, move: int) -> float:
        """Temperature of a move; annealed chains cool down until half of the moves are made."""
        if self.cure != "annealing":
            return self.temp
        return self.temp * HOTTEST ** max(0.0, 1 - 2 * (move - 1) / self.length)

    @property
    def cost(self) -> int:
        """Evaluations of the network for a move of a chain."""
        return EVALUATIONS[self.kernel] * len(self.rungs)


@dataclass(frozen=True)
class Walked:
    """Chains after a move: their places `x` and the rejected proposals, (B, 2) and (R, 4); places of hotter replicas.

    `inside` counts the chains in a mode of the data, `crossings` arrivals in another mode so far, `accepted` the
    accepted proposals; `lost` is the chain that has diverged, with the reason.
    """

    move: int
    x: Tensor
    rejected: Tensor
    hot: Tensor
    temperature: float
    inside: int = 0
    crossings: int = 0
    accepted: int = 0
    lost: tuple[int, str] | None = None


def trajectory(energy: Energy, dataset: str, rules: Rules, drops: Sequence, seed: int) -> Iterator[Walked]:
    """Make chains walk from the dropped places; yield their start and every move, until one has diverged."""
    generator, count = rng(seed), rules.chains
    places = torch.tensor(drops, dtype=torch.float32)
    begun = places[torch.arange(count) % len(places)] + WALK_APART * torch.randn(count, 2, generator=generator)
    tempers = rules.cure == "tempering"
    last, crossings, accepted = assign_modes(dataset, begun), 0, 0
    x, state, before = begun.repeat(len(rules.rungs), 1), None, None
    yield Walked(0, begun, torch.zeros(0, 4), torch.zeros(0, 2), rules.heat(1), int((last >= 0).sum()))
    for move in range(1, rules.length + 1):
        heat = rules.heat(move)
        each = torch.tensor(rules.rungs if tempers else [heat]).repeat_interleave(count)
        hot = temper(energy.target, each)
        if heat != before:
            state, before = start(hot, x), heat
        step = rules.eps * (each / rules.temp).sqrt()[:, None] if rules.cure != "none" else rules.eps
        made = KERNELS[rules.kernel](hot, state, step, generator)
        state, lost = made.state, find_diverged(made.state)
        if tempers and not lost:
            state = exchange(state, each, rules.rungs, move % 2, generator)
        x = state.x
        now = assign_modes(dataset, x[-count:])
        crossings += int(((now >= 0) & (last >= 0) & (now != last)).sum())
        last = torch.where(now >= 0, now, last)
        taken = made.accepted[-count:]
        accepted += int(taken.sum())
        rejected = torch.cat([made.state.x[-count:], made.proposed[-count:]], -1)[~taken]
        yield Walked(move, x[-count:], rejected, x[:-count], heat, int((now >= 0).sum()), crossings, accepted, lost)
        if lost:
            return


def find_diverged(state: State) -> tuple[int, str] | None:
    """Return the first chain that has left the plane or has no energy, with the reason; None if all are well."""
    far = ~(state.x.abs().amax(-1) < FAR)
    gone = (far | ~state.energy.isfinite()).nonzero()
    if not len(gone):
        return None
    chain = int(gone[0])
    return chain, "far" if far[chain] else "energy"


def exchange(state: State, each: Tensor, rungs: Sequence[float], first: int, generator: torch.Generator) -> State:
    """Return replicas after an exchange between neighbouring temperatures; `each` is the temperature of each chain.

    Shapes: `each` (K · B,) and replicas (K · B, 2), for B chains at each of K temperatures.
    """
    t, many = each[:, None], (len(rungs), -1)
    both = torch.cat([state.x, state.gradient * t], -1).view(*many, 4)  # a gradient goes with its place
    energy = (state.energy * each).view(*many).clone()
    swap(both, energy, rungs, first, generator)
    x, gradient = both.view(-1, 4).split(2, -1)
    return State(x, energy.flatten() / each, gradient / t)
