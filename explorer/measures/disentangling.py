r"""Measures of disentanglement: β-VAEs of shapes with known factors, and the information of latents about factors.

$$ \mathrm{MIG} = \frac{1}{K} \sum_k \frac{1}{H(v_k)} \Big( I(z_{j_k}; v_k) - \max_{j \ne j_k} I(z_j; v_k) \Big),
   \qquad j_k = \arg\max_j I(z_j; v_k) $$

where a code z is drawn from $q(z \mid x)$ for a shape of the grid. The gap is 1 if every factor is known from one
latent alone, and 0 if a second latent is as informative. It does not detect a latent that depends on two factors. As
a baseline, the rows hold the gap of the same codes after a random rotation, which removes their axes.

The networks are trained on random shapes, with several seeds, during the measurement. They are measured on the shapes
of the grid. The weights of the first seed are kept, so that the page can move the latents. Results of the same recipe
are kept, so an interrupted measurement can continue.

Reference: Chen et al., Isolating Sources of Disentanglement in VAEs, 2018, https://arxiv.org/abs/1802.04942 (section 4)
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import fmean

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.data import shapes
from explorer.measures.common import load_or_measure, mean_row
from explorer.measures.vae_runs import USED, terms, train_network
from explorer.networks.card import Card, find, row
from explorer.networks.checkpoints import load_weights, save_weights, write_json

FACTORS_DRAWS = 240  # codes whose densities are computed at once
TURNS = 4  # random rotations of the used latents
Run = dict[str, float | str]


def record(recipe: dict, folder: Path) -> dict:
    """Train and measure the runs that are missing; return the card's figures of all runs."""
    found = [_load_run(run, folder) for run in runs(recipe)]
    first = {each["question"]["kl_weight"]: each for each in found if "sha256" in each}
    snapshots = [
        {"file": f"{each['question']['run']}.safetensors", "sha256": each["sha256"], "beta": beta}
        for beta, each in first.items()
    ]
    write_json(folder / "snapshots" / "log.json", {"snapshots": snapshots, "history": []})
    information = {f"{beta:g}": each["information"] for beta, each in first.items()}
    rows = [one for each in found for one in each["rows"]]
    return {"rows": rows, "information": information, "seconds": round(sum(each["seconds"] for each in found))}


def runs(recipe: dict) -> Iterator[Run]:
    """Yield every β with each of its seeds, with all settings of the run; the first seed of all β comes first."""
    betas = {float(beta): seeds for beta, seeds in recipe["seeds"].items()}
    for seed in range(max(betas.values())):
        for beta in (beta for beta, seeds in betas.items() if seed < seeds):
            named = {"run": f"beta-{beta:g}-seed-{seed}", "kl_weight": beta, "seed": seed}
            yield recipe["model"] | recipe["training"] | named | {"weights": seed == 0}


def _load_run(run: Run, folder: Path) -> dict:
    weights = folder / "snapshots" / f"{run['run']}.safetensors"
    return load_or_measure(run, folder / "runs" / f"{run['run']}.json", lambda: measure_run(run, weights))


@cache
def read(split: str) -> data.Split:
    """Return random shapes, drawn once for all runs."""
    return shapes.load(split)[0]


@cache
def grid() -> tuple[Tensor, Tensor]:
    """Return the shapes of the grid, binarised (N, 1, 28, 28), and the index of each factor's value (N, K)."""
    found, values = shapes.grid()
    return data.binarise(found.pixels(), seed=0), values


def measure_run(run: Run, path: Path) -> dict:
    """Measure one run: its terms, its gap on the grid, and the latents' information; save its weights if wanted."""
    model, _, seconds = train_network(run, read("train"), read("held-out"))
    kept = {}
    if run["weights"]:
        kept["sha256"] = save_weights(model, path)
        load_weights(model, path, sha256=kept["sha256"])  # measure the weights as saved
    x, values = grid()
    distortion, rates = terms(model, x)
    with torch.no_grad():
        q = model.encode(x)
    generator = torch.Generator().manual_seed(0)
    known = information(q.mean, q.stddev, values, generator)
    used = rates.mean(0) > USED
    turns = [
        rotated_gap(q.mean[:, used], q.stddev[:, used], values, generator) for _ in range(TURNS if used.any() else 0)
    ]
    of = {"seed": run["seed"], "beta": run["kl_weight"]}
    return kept | {
        "rows": [
            row("mig", gap(known, values), n=len(x), **of),
            row("mig_turned", fmean(turns or [0.0]), n=len(turns), **of),
            mean_row("rate", rates.sum(-1), "exact", unit="nats", **of),
            mean_row("distortion", distortion, unit="nats", **of),
            row("used", int(used.sum()), "exact", n=len(x), **of),
        ],
        "information": [[round(each, 4) for each in latent] for latent in (known / entropies(values)).tolist()],
        "seconds": round(seconds, 1),
    }


def information(mu: Tensor, sigma: Tensor, values: Tensor, generator: torch.Generator) -> Tensor:
    r"""Estimate the information of each latent about each factor, $I(z_j; v_k)$ in nats: (J, K).

    One code is drawn for every x. Its density is that of the mixture over all x, and over the x with the same value of
    a factor. An estimate may be slightly negative.

    Shapes: `mu` and `sigma` of $q(z \mid x)$ (N, J), `values` (N, K) integers.

    Reference: Chen et al. 2018, equation 5 and appendix C
    """
    mu, sigma = mu.float(), sigma.float()
    z = mu + sigma * torch.randn(mu.shape, generator=generator)
    members = [F.one_hot(of).float() for of in values.T]  # (N, values of the factor), one for each factor
    shares = torch.cat([each / each.sum(0) for each in members], dim=1)
    own = torch.cat(members, dim=1)
    every = shares.new_full((len(mu), 1), 1 / len(mu))
    found = [_of_latent(*each, torch.cat([every, shares], 1), own, values) for each in zip(z.T, mu.T, sigma.T)]
    return torch.stack(found)


def _of_latent(z: Tensor, mu: Tensor, sigma: Tensor, shares: Tensor, own: Tensor, values: Tensor) -> Tensor:
    """Estimate the information of one latent about each factor: (K,)."""
    sums = torch.zeros(values.shape[1], dtype=torch.float64)
    for part in torch.arange(len(z)).split(FACTORS_DRAWS):
        log_density = -(((z[part, None] - mu) / sigma) ** 2) / 2 - sigma.log()  # (draws, N)
        density = (log_density - log_density.amax(1, keepdim=True)).exp() @ shares
        marginal, conditional = density[:, 0], density[:, 1:] * own[part]
        ends = (values.amax(0) + 1).tolist()
        ratios = [each.sum(1) / marginal for each in conditional.split(ends, 1)]
        sums += torch.stack([each.double().log().sum() for each in ratios])
    return sums / len(z)


def entropies(values: Tensor) -> Tensor:
    r"""Return the entropy $H(v_k)$ of every factor in nats, from values (N, K): (K,)."""
    shares = [column.bincount().double() / len(column) for column in values.T]
    return torch.stack([-torch.special.xlogy(each, each).sum() for each in shares])


def gap(known: Tensor, values: Tensor) -> float:
    """Return the mutual information gap, 0 to 1, from the latents' information about factors (J, K) in nats.

    Reference: Chen et al. 2018, equation 6
    """
    unused = known.new_zeros(1, known.shape[1])
    first, second = torch.cat([known, unused, unused]).topk(2, dim=0).values
    return float(((first - second) / entropies(values)).mean())


def rotated_gap(mu: Tensor, sigma: Tensor, values: Tensor, generator: torch.Generator) -> float:
    r"""Return the gap of the same codes after a random rotation of $q(z \mid x)$ (N, J), with `values` (N, K)."""
    turn, _ = torch.linalg.qr(torch.randn(2 * [mu.shape[1]], generator=generator))
    return gap(information(mu @ turn, (sigma.square() @ turn.square()).sqrt(), values, generator), values)


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    gaps = {beta: find(card, "mig", beta=float(beta))["value"] for beta in card["information"]}
    return f"Mutual information gap by β: {', '.join(f'{beta} {each:.2f}' for beta, each in gaps.items())}"
