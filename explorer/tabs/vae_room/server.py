"""Server functions of the VAE with many latents: its latents, bounds by many draws, and recorded runs.

Images are bytes in base64; log-probabilities are in nats, of binary pixels.
"""

import base64
import functools
import math
import os

import torch
from torch import Tensor

from explorer import data
from explorer.data import shapes
from explorer.measures.vae import log_likelihoods
from explorer.models.latent import kl_of_each, log_mean
from explorer.models.small_vae import SmallVAE
from explorer.models.vae import VAE
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import rows
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes, unpack_bits
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Other, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer
from explorer.tabs.vae_room import answers, shape_answers
from explorer.tabs.vae_room.fields import (
    COLLAPSE,
    OBJECTIVES,
    REACH,
    RUNS,
    SHAPES,
    Beta,
    Known,
    Objective,
    Rank,
    Reach,
    VaeNet,
)

FEW, MANY = 7, 31  # values of a latent in a row of images, and as it is moved
PLACES = 9  # between two pictures
DRAWS = 5_000
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_500, 5_000)
AT_ONCE = 500
PRIOR_SEED = 1


@functools.lru_cache(maxsize=8)
def order(net: str) -> tuple[int, ...]:
    """Return the latents of a network by their mean KL over the test split, largest first, as in its card."""
    found = [int(row["latent"]) for row in rows(checkpoints.card_of(net), "kl")]
    return tuple(found) if found else tuple(range(checkpoints.load(net).latent))


def encode(net: str, picture: Picture) -> tuple[VAE, Tensor, Tensor, Tensor]:
    """Return the network, its input (1, 1, 28, 28), and the mean and width of the code (J,)."""
    model: VAE = checkpoints.load(net)
    x = data.read(picture, model.space).to(device_of(model))
    q = model.encode(x)
    return model, x, q.mean[0], q.stddev[0]


def traverse(mu: Tensor, latent: int, places: int) -> Tensor:
    """Return copies of a code (J,) with one latent at evenly spaced values: (places, J)."""
    z = mu.repeat(places, 1)
    z[:, latent] = torch.linspace(-REACH, REACH, places).to(mu)
    return z


@light
def one_latent(net: VaeNet, picture: Picture, rank: Rank) -> Answer:
    """Decode a picture's code with one latent moved in small steps, and describe all latents of the picture."""
    with torch.no_grad():
        model, x, mu, sigma = encode(net, picture)
        ranked = list(order(net))

        def images(which: int, places: int) -> Tensor:
            return model.decode(traverse(mu, ranked[which], places)).mean

        frames = images(rank, MANY)
        change = int((255 * (frames.amax(0) - frames.amin(0))).max())
        parts = {"mu": mu, "sigma": sigma, "kl": kl_of_each(mu, sigma)}
        codes = {part: round_numbers(each[ranked]) for part, each in parts.items()}
        names = {"chosen": rank, "used most": 0, "used least": len(ranked) - 1}
        costs = answers.costs_of(checkpoints.card_of(net))
        strips = [
            {
                "name": f"Latent {which + 1}, {name}: {costs[which]:.2f} nats on average",
                "images": to_bytes(images(which, FEW)),
                "says": f"latent {which + 1} from −3 to 3",
                "sets": [{"rank": which, "z": z} for z in range(-round(REACH), round(REACH) + 1)],
            }
            if name == "chosen" or which != rank
            else {}
            for name, which in names.items()
        ]
        said = answers.traverse_answer(checkpoints.card_of(net), rank, **codes, change=change)
        view = {"x": to_bytes(frames), "latents": ranked} | codes
        return said | Answer(strips=strips, pictures={"x": model.space.encode(x)}, view=view)


@light
def between(net: VaeNet, picture: Picture, other: Other) -> Answer:
    """Decode the linear and the spherical interpolation between two pictures, with the length of each code."""
    model: VAE = checkpoints.load(net)
    pair = [data.read(each, model.space).to(device_of(model)) for each in (picture, other)]
    images, lengths = {}, {}
    for name, spherical in (("Straight", False), ("Spherical", True)):
        (step,) = model.interpolate_steps(*pair, places=PLACES, spherical=spherical)
        images[name] = step.x
        lengths[name] = round_numbers(step.numbers["z"].norm(dim=-1))
    straight = images["Straight"]
    apart = float((straight - images["Spherical"]).flatten(1).norm(dim=1).mean())
    strips = [{"name": name, "images": to_bytes(x)} for name, x in images.items()]
    pictures = {"x": model.space.encode(pair[0]), "out": to_bytes(straight[PLACES // 2 :][:1])}
    said = answers.paths_answer(model.latent, lengths["Straight"], lengths["Spherical"], apart)
    return said | Answer(strips=strips, pictures=pictures)


@heavy
def bounds(net: VaeNet, picture: Picture, seed: Seed) -> Answer:
    """Estimate log p(x) of one picture by k draws, for growing k: from the encoder's posterior, and from the prior."""
    with torch.no_grad():
        model, x, _, _ = encode(net, picture)
        generator = rng(seed)
        parts = range(0, DRAWS, AT_ONCE)
        drawn = torch.cat([model.log_weights(x, AT_ONCE, generator=generator)[:, 0] for _ in parts]).double().cpu()
        naive = torch.cat([log_likelihoods(model, x, z)[:, 0] for z in prior_codes(model).split(AT_ONCE)])
        weights = drawn.softmax(0)
    found = by_count(drawn), by_count(naive.double().cpu())
    worth = {"effective": float(1 / weights.square().sum()), "largest": float(weights.max())}
    said = answers.iwae_answer(checkpoints.card_of(net), *found, **worth)
    view = {"iwae": found[0], "naive": found[1]} | worth
    return said | Answer(strips=[], pictures={"x": model.space.encode(x)}, view=view)


def prior_codes(model: VAE) -> Tensor:
    """Draw the codes of naive Monte Carlo from the prior, the same for every picture: (DRAWS, J)."""
    return torch.randn(DRAWS, model.latent, generator=rng(PRIOR_SEED)).to(next(model.parameters()))


def by_count(log_weights: Tensor) -> list[dict[str, float]]:
    """Return the logarithm of the mean of k weights for growing k, with standard errors, from log-weights (K,) in nats.

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


def run_images(run: str) -> Answer:
    """Return the images of a recorded run.

    The `strips` are test images with draws from their codes, and draws of the prior; of the `pictures`, `out` is a draw
    from the code of `x`.

    Raises:
        ValueError: if the run was not recorded.
    """
    path = checkpoints.pretrained_folder() / RUNS / "runs" / f"{run}.json"
    if not os.path.exists(path):
        raise ValueError(f"the run “{run}” was not recorded here")
    kept = checkpoints.read_json(path, {"pictures": dict})["pictures"]
    x, drawn, free = (
        unpack_bits(base64.b64decode(kept[name])).view(-1, *BINARY.shape) for name in ("x", "drawn", "free")
    )
    rows = [torch.cat([one, codes]) for one, codes in zip(x.split(1), drawn.split(len(drawn) // len(x)), strict=True)]
    names = {0: "A test image, then five draws from its code", len(rows): "Ten draws from the prior"}
    strips = [
        {"name": names.get(k, ""), "images": BINARY.encode(images), "says": f"row {k + 1}"}
        for k, images in enumerate([*rows, *free.split(len(free) // 2)])
    ]
    return Answer(strips=strips, pictures={"x": BINARY.encode(x[:1]), "out": BINARY.encode(drawn[:1])})


@light
def collapse(run: Reach) -> Answer:
    """Return a run by what its decoder sees: its images, and its figures beside those of the others."""
    return run_images(run) | answers.collapse_answer(cards.of(RUNS), COLLAPSE, run)


@light
def by_objective(run: Objective) -> Answer:
    """Return a run by its objective: its images, and its figures beside those of the others."""
    return run_images(run) | answers.objective_answer(cards.of(RUNS), OBJECTIVES, run)


def shape_vae(beta: str) -> SmallVAE:
    """Load the network of shapes trained with a β, of the first seed."""
    kept = checkpoints.snapshots_of(SHAPES)["snapshots"]
    index = next((index for index, row in enumerate(kept) if f"{row.get('beta', 0):g}" == beta), None)
    if index is None:
        raise ValueError(f"there is no network with β = {beta} here")
    return checkpoints.snapshot(SHAPES, index)


@light
def one_shape(beta: Beta, seed: Seed, known: Known) -> Answer:
    """Draw a shape of the grid by a seed; return its factors, its code, and rows of images with one latent moved each.

    There is a row for each latent that knows most of some factor, and one for the chosen latent.
    """
    model, generator = shape_vae(beta), rng(seed)
    places = torch.stack([torch.randint(levels, (), generator=generator) for levels in shapes.LEVELS.values()])
    factors = shapes.at(places.unsqueeze(0))
    x = data.binarise(shapes.draw(factors).pixels(), seed=seed).to(device_of(model))
    card = cards.of(SHAPES)
    information, named = card["information"][beta], list(shapes.FACTORS)
    order = shape_answers.order_of(information)
    most = [shape_answers.best_two(information, k)[0] for k in range(len(named))]
    with torch.no_grad():
        q = model.encode(x)

        def row(latent: int) -> str:
            return to_bytes(model.decode(traverse(q.mean[0], latent, FEW)).mean)

        strips = [{"name": "Shape, rebuilt", "images": to_bytes(torch.cat([x, model.decode(q.mean).mean]))}]
        for place in sorted({known, *map(order.index, most)}):
            latent = order[place]
            of, chosen = shape_answers.clear_factors(named, information[latent]), place == known
            name = f"{shape_answers.symbol(place)}{', chosen' * chosen}{f': {of}' * bool(of)}"
            strips.append({"name": name, "images": row(latent), "says": f"latent {place + 1} from −3 to 3"})
    view = {
        "factors": round_numbers(factors[0]),
        "mu": round_numbers(q.mean[0].detach()),
        "sigma": round_numbers(q.stddev[0].detach()),
    }
    pictures = {"x": BINARY.encode(x), "out": to_bytes(model.decode(q.mean).mean.detach())}
    return shape_answers.latents_answer(card, named, beta, known) | Answer(strips=strips, pictures=pictures, view=view)


SERVER_FUNCTIONS = [one_latent, between, bounds, collapse, by_objective, one_shape]
