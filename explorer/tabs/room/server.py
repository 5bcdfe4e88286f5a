"""Server functions of the VAE with many latents: its latents, bounds by many draws, and recorded runs.

Images are bytes in base64; log-probabilities are in nats, of binary pixels.
"""

import base64
import functools
import math
import os

import torch
from torch import Tensor

from explorer import checkpoints, data
from explorer.card import rows
from explorer.data import shapes
from explorer.device import device_of
from explorer.measures.vae import log_likelihoods
from explorer.models.latent import kl_of_each, log_mean
from explorer.models.small_vae import SmallVAE
from explorer.models.vae import VAE
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes, unpack_bits
from explorer.steps import rounded
from explorer.tabs.kit.answers import heavy, light
from explorer.tabs.kit.common import seeded
from explorer.tabs.kit.fields import Picture, Seed
from explorer.tabs.room.fields import REACH, RUNS, SHAPES, Beta, Net, Rank, Run

FEW, MANY = 7, 31  # values of a latent on the board, and in the mode that moves one latent
DRAWS = 5_000
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_500, 5_000)
AT_ONCE = 500
PRIOR_SEED = 1


@functools.lru_cache(maxsize=8)
def order(net: str) -> tuple[int, ...]:
    """Return the latents of a network by their mean KL over the test split, largest first, as in its card."""
    found = [int(row["latent"]) for row in rows(checkpoints.card_of(net), "kl")]
    return tuple(found) if found else tuple(range(checkpoints.load(net).latent))


def encoded(net: str, picture: Picture) -> tuple[VAE, Tensor, Tensor, Tensor]:
    """Return the network, its input (1, 1, 28, 28), and the mean and width of the code (J,)."""
    model: VAE = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    q = model.encode(x)
    return model, x, q.mean[0], q.stddev[0]


def moved(mu: Tensor, latent: int, places: int) -> Tensor:
    """Return copies of a code (J,) with one latent at evenly spaced values: (places, J)."""
    z = mu.repeat(places, 1)
    z[:, latent] = torch.linspace(-REACH, REACH, places).to(mu)
    return z


@light
def latents(net: Net, picture: Picture) -> dict:
    """Return every latent of a picture, by rank: its mean, its width, its KL, and decoded images with it moved."""
    with torch.no_grad():
        model, x, mu, sigma = encoded(net, picture)
        ranked = list(order(net))
        codes = torch.cat([moved(mu, latent, FEW) for latent in ranked])
        return {
            "x": model.space.encode(x),
            "reconstruction": to_bytes(model.decode(mu.unsqueeze(0)).mean),
            "latents": ranked,
            "mu": rounded(mu[ranked]),
            "sigma": rounded(sigma[ranked]),
            "kl": rounded(kl_of_each(mu, sigma)[ranked]),
            "board": to_bytes(torch.cat([model.decode(part).mean for part in codes.split(AT_ONCE)])),
        }


@light
def one_latent(net: Net, picture: Picture, rank: Rank) -> dict:
    """Decode a picture's code with one latent moved in small steps."""
    with torch.no_grad():
        model, _, mu, _ = encoded(net, picture)
        return {"x": to_bytes(model.decode(moved(mu, order(net)[rank], MANY)).mean)}


@light
def between(net: Net, picture: Picture, other: Picture) -> dict:
    """Decode the linear and the spherical interpolation between two pictures, with the length of each code."""
    model: VAE = checkpoints.load(net)
    pair = [data.read(each, model.space).to(device_of(model)) for each in (picture, other)]
    found = {}
    for name, spherical in (("straight", False), ("spherical", True)):
        (step,) = model.interpolate_steps(*pair, places=9, spherical=spherical)
        found[name] = {"x": to_bytes(step.x), "lengths": rounded(step.numbers["z"].norm(dim=-1))}
    return found


@heavy
def bounds(net: Net, picture: Picture, seed: Seed) -> dict:
    """Estimate log p(x) of one picture by k draws, for growing k: from the encoder's posterior, and from the prior."""
    with torch.no_grad():
        model, x, _, _ = encoded(net, picture)
        generator = seeded(seed)
        parts = range(0, DRAWS, AT_ONCE)
        drawn = torch.cat([model.log_weights(x, AT_ONCE, generator=generator)[:, 0] for _ in parts]).double().cpu()
        naive = torch.cat([log_likelihoods(model, x, z)[:, 0] for z in prior_codes(model).split(AT_ONCE)])
        weights = drawn.softmax(0)
    return {
        "x": model.space.encode(x),
        "iwae": by_count(drawn),
        "naive": by_count(naive.double().cpu()),
        "effective": float(1 / weights.square().sum()),
        "largest": float(weights.max()),
    }


def prior_codes(model: VAE) -> Tensor:
    """Draw the codes of naive Monte Carlo from the prior, the same for every picture: (DRAWS, J)."""
    return torch.randn(DRAWS, model.latent, generator=seeded(PRIOR_SEED)).to(next(model.parameters()))


def by_count(log_weights: Tensor) -> list[dict]:
    """Return the logarithm of the mean of k weights for growing k, with standard errors, from log-weights (K,).

    The weights form K / k groups. The value is the mean of the groups' logarithms, and the error comes from their
    spread. With fewer than three groups, the error is that of the logarithm of the mean of all, by the delta method.
    """
    found = []
    for k in COUNTS:
        groups = log_mean(log_weights.view(-1, k).T)  # (K / k,)
        se = float(groups.std() / math.sqrt(len(groups))) if len(groups) > 2 else delta_error(log_weights)
        found.append({"k": k, "value": float(groups.mean()), "se": se, "groups": len(groups)})
    return found


def delta_error(log_weights: Tensor) -> float:
    """Return the standard error of the logarithm of a mean of weights, from their logarithms (k,)."""
    weights = (log_weights - log_weights.max()).exp()
    return float(weights.std() / weights.mean() / math.sqrt(len(weights)))


@light
def recorded(run: Run) -> dict:
    """Return the images of a recorded run: test images, reconstructions, and draws of the prior."""
    path = checkpoints.pretrained_folder() / RUNS / "runs" / f"{run}.json"
    if not os.path.exists(path):
        raise ValueError(f"the run “{run}” is not recorded here: `python -m explorer.evaluate {RUNS}` trains it")
    kept = checkpoints.read_json(path, {"pictures": dict})
    return {"date": kept["date"]} | {
        name: BINARY.encode(unpack_bits(base64.b64decode(bits)).view(-1, *BINARY.shape))
        for name, bits in kept["pictures"].items()
    }


def shape_vae(beta: str) -> SmallVAE:
    """Load the network of shapes trained with a β, of the first seed."""
    kept = checkpoints.snapshots_of(SHAPES)["snapshots"]
    index = next((index for index, row in enumerate(kept) if f"{row.get('beta', 0):g}" == beta), None)
    if index is None:
        raise ValueError(f"there is no network with β = {beta} here: `python -m explorer.evaluate {SHAPES}` trains it")
    return checkpoints.snapshot(SHAPES, index)


@light
def one_shape(beta: Beta, seed: Seed) -> dict:
    """Draw a shape of the grid by a seed; return its factors, its code, and J × 7 images with each latent moved."""
    model, generator = shape_vae(beta), seeded(seed)
    places = torch.stack([torch.randint(levels, (), generator=generator) for levels in shapes.LEVELS.values()])
    factors = shapes.at(places.unsqueeze(0))
    x = data.binarise(shapes.drawn(factors).pixels(), seed=seed).to(device_of(model))
    with torch.no_grad():
        q = model.encode(x)
        codes = torch.cat([moved(q.mean[0], latent, FEW) for latent in range(model.latent)])
        board = model.decode(codes).mean
        rebuilt = model.decode(q.mean).mean
    return {
        "x": BINARY.encode(x),
        "rebuilt": to_bytes(rebuilt),
        "factors": rounded(factors[0]),
        "mu": rounded(q.mean[0]),
        "sigma": rounded(q.stddev[0]),
        "board": to_bytes(board),
    }


SERVER_FUNCTIONS = [latents, one_latent, between, bounds, recorded, one_shape]
