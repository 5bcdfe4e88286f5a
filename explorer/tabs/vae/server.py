"""Server functions of the latent map; each answer is JSON, with pictures as base64."""

import functools
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.data.neighbours import training_index
from explorer.models.beta_vae import BetaVAE
from explorer.models.gaps import Mixture, best_mixture, gap, posterior_table
from explorer.models.latent import draw, kl_to_prior
from explorer.models.posterior import (
    PosteriorGrid,
    exact_elbo,
    fit_steps,
    heat_map,
    log_prior,
    pathwise_gradients,
    posterior_grid,
)
from explorer.models.replay import Replayed
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.packing import pack, pack_bits, to_bytes
from explorer.tabs.kit.ask.answers import THREADS, heavy, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Index, Seed
from explorer.tabs.kit.numbers.answer import Answer
from explorer.tabs.vae import answers
from explorer.tabs.vae.fields import Beta, Image, Pixels, Point, Tap, Which, net_of, set_of

Found = dict[str, Any]
DRAWS = BetaVAE.together
IWAE_SAMPLES = BetaVAE.bound_draws
NEAR = 0.15
NEIGHBOURS = 200
AMONG = 20_000
slow = functools.partial(heavy, threads=THREADS)
REACH = 2.2  # widths of a Gaussian that a close-up shows
FAINT = 0.02  # of the largest density
COMPONENTS = 3  # Gaussians of the mixture
GREY = 0.1  # probability of ink from which a pixel of a mean is grey, up to 1 − GREY
LOWEST = -60_000.0  # nats that float16 can hold
PLAIN = "β = 0 is a plain autoencoder: it has no posterior and defines no density, so there is no rate and no bound."


def _model(dataset: str) -> BetaVAE:
    return checkpoints.load(net_of(dataset))


def _image(dataset: str, image: int | bytes) -> Tensor:
    """Return the network's input, binary pixels (1, 28, 28)."""
    picture = ("test", image, set_of(dataset)) if isinstance(image, int) else ("bits", image)
    return data.read(picture, BINARY)[0]


def _rounded(x: Tensor, digits: int = 6) -> list:
    return [round(float(value), digits) for value in x.flatten()]


@torch.no_grad()
def _codes(model: BetaVAE, images: Tensor, beta: float) -> Tensor:
    parts = (part.to(device_of(model)).float() for part in images.split(1_000))
    return torch.cat([model.encode(part, beta).mean for part in parts])


@functools.lru_cache(maxsize=64)
def _bundled_codes(dataset: str, beta: float) -> Tensor:
    return _codes(_model(dataset), data.binary_display_images(set_of(dataset)), beta)


@functools.cache
def _training_images(dataset: str) -> Tensor:
    """Return the first training images, binarised, as booleans: a quarter of the memory of floats."""
    return data.binarise(training_index(dataset).images(slice(0, AMONG)), seed=0).bool()


@functools.lru_cache(maxsize=16)
def _training_codes(dataset: str, beta: float) -> Tensor:
    """Return the codes (AMONG, 2) of the first training images."""
    return _codes(_model(dataset), _training_images(set_of(dataset)), beta)


@light
def probe(dataset: Which, beta: Beta, z: Point) -> Answer:
    """Return figures at one latent point: prior density, number of encoded neighbours, stretch of the decoder."""
    model = _model(dataset)
    point = torch.tensor(z, device=device_of(model))
    log_density = float(log_prior(point))
    values, directions = model.stretch(point, beta)
    near = (_bundled_codes(dataset, beta) - point).norm(dim=-1) < NEAR
    view = {
        "prior": math.exp(log_density),
        "neighbours": int(near.sum()),
        "radius": NEAR,
        "stretch": _rounded(values),
        "directions": directions.tolist(),
    }
    return Answer(answers.probe_numbers(math.exp(log_density), values.tolist()), view=view)


@light
def encode(dataset: Which, beta: Beta, image: Image, seed: Seed) -> Answer:
    """Return q(z|x), one draw from it with all intermediate values, and the bounds on log p(x)."""
    model = _model(dataset)
    x = _image(dataset, image).unsqueeze(0).to(device_of(model))
    generator = rng(seed)
    with torch.no_grad():
        q = model.encode(x, beta)
        eps = torch.randn(2, generator=generator).to(q.mean)
        z = q.mean[0] + q.stddev[0] * eps
        shown = {
            "bits": pack_bits(x),
            "mu": _rounded(q.mean),
            "z": _rounded(z),
            "reconstruction": to_bytes(model.decode(z.unsqueeze(0), beta).mean),
        }
        if beta == 0:
            nothing = dict.fromkeys(("sigma", "eps", "rate", "elbo", "elbo_se", "iwae", "iwae_se", "gradients"))
            distortion = float(-model.decode(z.unsqueeze(0), beta).log_prob(x))
            shown |= nothing | {"distortion": distortion, "distortion_se": 0.0, "cannot": PLAIN}
            return Answer(view=shown) | answers.encode_answer(shown, beta)
        shown |= {"sigma": _rounded(q.stddev), "eps": _rounded(eps)}
        shown |= _bounds(model, x, beta)
    shown |= {"gradients": _gradients(model, x, beta, eps)}
    return Answer(view=shown) | answers.encode_answer(shown, beta)


def _bounds(model: BetaVAE, x: Tensor, beta: float) -> Found:
    """Return bounds on log p(x) of an image; their noise is fixed, so they do not depend on the displayed ε."""
    generator = rng(0)
    q = model.encode(x, beta)
    z = draw(q.expand((IWAE_SAMPLES,)), generator)
    distortion, rate = -model.decode(z, beta).log_prob(x), kl_to_prior(q.mean, q.stddev)
    error = float(distortion.std() / math.sqrt(len(distortion)))
    log_weights = model.log_weights(x, beta, IWAE_SAMPLES, generator=generator)[:, 0]
    weights = (log_weights - log_weights.max()).exp()
    return {
        "distortion": float(distortion.mean()),
        "distortion_se": error,
        "rate": float(rate[0]),
        "elbo": float(-distortion.mean() - rate[0]),
        "elbo_se": error,
        "iwae": float(weights.mean().log() + log_weights.max()),
        "iwae_se": float(weights.std() / weights.mean() / math.sqrt(IWAE_SAMPLES)),  # by the delta method
        "iwae_k": IWAE_SAMPLES,
    }


def _gradients(model: BetaVAE, x: Tensor, beta: float, eps: Tensor) -> Found:
    found = pathwise_gradients(model, x[0], beta, eps)
    rounded = {way: {name: _rounded(value) for name, value in found[way].items()} for way in found}
    return rounded | {"terms": {"dDdz": rounded["formula"].pop("z")}}


def _integrated(dataset: str, beta: float, image: int | bytes) -> tuple[BetaVAE, Tensor, PosteriorGrid]:
    """Return the network, an image (1, 28, 28), and the integral of its posterior."""
    model = _model(dataset)
    x = _image(dataset, image).to(device_of(model))
    return model, x, posterior_grid(model, x, beta)


def _close_up(heat: Tensor, window: tuple, mu: Tensor, sigma: Tensor) -> Found:
    """Return the square of the plane that contains the mass of a heat map (size, size) and some Gaussians (K, 2)."""
    x0, x1, y0, y1 = window
    row, column = (((heat > FAINT).nonzero().cpu().T + 0.5) / len(heat)).unbind()
    mass = torch.stack([x0 + (x1 - x0) * column, y0 + (y1 - y0) * row], dim=-1)
    corners = torch.cat([mass, (mu - REACH * sigma).cpu(), (mu + REACH * sigma).cpu()])
    low, high = corners.amin(0), corners.amax(0)
    x, y = ((low + high) / 2).tolist()
    return {"x": x, "y": y, "half": 0.55 * float((high - low).max())}


@slow
def posterior(dataset: Which, beta: Beta, image: Image) -> Answer:
    """Compute log p(x) and p(z|x) by integration on a grid, and their gaps from the encoder's posterior."""
    if beta == 0:
        return Answer(view={"cannot": PLAIN})
    model, x, grid = _integrated(dataset, beta, image)
    heat, window = heat_map(model, x, grid, beta)
    with torch.no_grad():
        q = model.encode(x.unsqueeze(0), beta)
        mu, sigma = q.mean[0], q.stddev[0]
        elbo = exact_elbo(model, x, mu, sigma, beta)
        bounds = _bounds(model, x.unsqueeze(0), beta)
    view = {
        "log_px": grid.log_px,
        "elbo": elbo,
        "kl_q_p": grid.log_px - elbo,
        "heat": to_bytes(heat),
        "size": heat.shape[0],
        "extent": list(window),
        "close": _close_up(heat, window, q.mean, q.stddev),
    }
    return answers.posterior(grid.log_px, elbo, bounds) | Answer(view=view)


@slow
def fit(dataset: Which, beta: Beta, image: Image) -> Answer:
    """Fit q to this image alone; the gain is the amortisation gap, and the rest is the gap of the Gaussian family."""
    if beta == 0:
        return Answer(view={"cannot": PLAIN})
    model, x, grid = _integrated(dataset, beta, image)
    found = [*fit_steps(model, x, beta)]
    steps = [{"mu": _rounded(mu), "sigma": _rounded(sigma), "elbo": elbo} for mu, sigma, elbo in found]
    log_px = grid.log_px
    amortised, fitted = steps[0]["elbo"], steps[-1]["elbo"]
    heat, window = heat_map(model, x, grid, beta)
    with torch.no_grad():
        bounds = _bounds(model, x.unsqueeze(0), beta)
    shown = [torch.stack([each[part] for each in found]) for part in (0, 1)]
    view = {
        "steps": steps,
        "close": _close_up(heat, window, *shown),
        "amortised": amortised,
        "fitted": fitted,
        "log_px": log_px,
        "amortisation_gap": fitted - amortised,
        "family_gap": log_px - fitted,
    }
    return answers.gap_parts(log_px, amortised, fitted, bounds) | Answer(view=view)


@slow
def gaps(dataset: Which, beta: Beta, picture: Image) -> Answer:
    """Return the true posterior around its top, and the gaps of three q: the encoder's, the best one, and a mixture."""
    if beta == 0:
        return Answer(answers.GAP_HEADS, PLAIN, view={"cannot": PLAIN})
    model, x, grid = _integrated(dataset, beta, picture)
    with torch.no_grad():
        q = model.encode(x.unsqueeze(0), beta)
    encoder = Mixture(torch.ones_like(q.mean[:, 0]), q.mean, q.stddev)
    extent, log_p = posterior_table(model, x, beta, grid, encoder)
    fits = {name: best_mixture(grid, count, generator=rng(0)) for name, count in (("best", 1), ("mixture", COMPONENTS))}
    lost = grid.log_px - exact_elbo(model, x, q.mean[0], q.stddev[0], beta)
    shown = {"encoder": (encoder, lost)} | {name: (each, float(gap(grid, each))) for name, each in fits.items()}
    said = answers.gaps(grid.log_px, {name: nats for name, (_, nats) in shown.items()})
    whole = {
        "log_px": grid.log_px,
        "log_p": pack(log_p.clamp(min=LOWEST), torch.float16),
        "size": len(log_p),
        "extent": list(extent),
    }
    each = {name: said[name] | Answer(view=_mixture(q, nats)) for name, (q, nats) in shown.items()}
    return Answer(view=each | whole)


def _mixture(q: Mixture, gap: float) -> Found:
    """Return a mixture of Gaussians and its gap in nats."""
    return {
        "weights": _rounded(q.weights),
        "mu": q.mu.tolist(),
        "sigma": q.sigma.tolist(),
        "gap": gap,
    }


@light
def sample(dataset: Which, beta: Beta, seed: Seed) -> Answer:
    """Draw 64 times from the prior: the decoder's means, and one Bernoulli draw of every pixel."""
    model = _model(dataset)
    with torch.no_grad():
        z, means, pixels = model.draw(DRAWS, generator=rng(seed), beta=beta)
    images = {"z": pack(z, torch.float32), "means": to_bytes(means), "bits": to_bytes(pixels)}
    grey = float(((means > GREY) & (means < 1 - GREY)).float().mean())
    return Answer(answers.draw_numbers(grey), answers.draw_words(beta, seed), view=images)


@slow
def nearest_images(dataset: Which, beta: Beta, seed: Seed, tap: Tap, pixels: Pixels) -> Answer:
    """Compare a draw with the nearest training image, and with the training images whose codes lie nearest."""
    model, index = _model(dataset), training_index(set_of(dataset))
    with torch.no_grad():
        z, means, bits = (each[tap] for each in model.draw(DRAWS, generator=rng(seed), beta=beta))
    shown = (means if pixels == "means" else bits).view(1, -1).cpu()
    found = index.nearest(shown.view(1, 28, 28))
    radius, order = (_training_codes(dataset, beta) - z).norm(dim=-1).topk(NEIGHBOURS, largest=False)
    average, decoded = index.images(order.cpu()).mean(0).view(1, -1), means.view(1, -1).cpu()
    images = torch.cat([shown, found.image.view(1, -1), average, decoded])
    near = {"radius": float(radius[-1]), "count": NEIGHBOURS, "among": AMONG, "of": len(index)}
    apart = {"nearest": found.distance, "apart": float((average - decoded).norm())}
    label = data.classes_of(set_of(dataset))[found.label]
    return answers.tap_answer(z.tolist(), label, **near, **apart) | Answer(view={"images": to_bytes(images)})


@light
def training(dataset: Which, beta: Beta) -> Answer:
    """Return what was recorded of a training, at the measured β nearest to this one, and the files of its decoders."""
    kept = checkpoints.snapshots_of(net_of(dataset))
    files = [each["file"] for each in kept["snapshots"]]
    return answers.training_answer(kept["history"], beta) | Answer(view={"files": files})


@light
def snapshot(dataset: Which, index: Index, beta: Beta) -> Answer:
    """Return the codes of the bundled images by the encoder of one training snapshot."""
    model = checkpoints.snapshot(net_of(dataset), index)
    if isinstance(model, Replayed):
        mu, sigma = model.codes(beta)
    else:  # the last snapshot is the trained network
        with torch.no_grad():
            q = model.encode(data.binary_display_images(set_of(dataset)).to(device_of(model)), beta)
        mu, sigma = q.mean, q.stddev
    labels = data.display_split(set_of(dataset)).labels.to(mu.device)
    apart = torch.cdist(mu, mu).fill_diagonal_(math.inf)
    organised = (labels[apart.argmin(-1)] == labels).float().mean()
    spread = (mu - mu.mean(0)).square().sum(-1).mean().sqrt()
    images = checkpoints.snapshots_of(net_of(dataset))["history"][index]["images"]
    words = answers.codes_sentence(images, float(spread), float(organised))
    return Answer(words=words, view={"mu": pack(mu, torch.float16), "sigma": pack(sigma, torch.float16)})


SERVER_FUNCTIONS: list[Callable[[dict], dict]] = [
    *(probe, encode, posterior, fit, gaps, sample, nearest_images, training, snapshot),
]
