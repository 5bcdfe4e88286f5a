"""*Encode*: where the encoder puts an image, its bounds, the exact posterior and its gradients."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from explorer.fields import Field, Flag, OneOf
from explorer.models.beta_vae import BetaVAE
from explorer.models.latent import draw, kl_to_prior
from explorer.models.posterior import exact_elbo, fit_steps, heat_map, pathwise_gradients
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, pair
from explorer.running.device import device_of
from explorer.spaces.packing import pack_bits, to_bytes
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEEDS, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae.shared import (
    EARLIER,
    PLAIN,
    Beta,
    Found,
    Image,
    Which,
    _image,
    _integrated,
    _model,
    _rounded,
    slow,
)

PART = Field("part", OneOf(("code", "posterior", "gradients")), "code", "what of the encoding is shown")
EPS = Field("eps", SEEDS, 7, "the seed of ε")
ENCODE = EARLIER | {
    "img": "fed: binarised",
    "draw": "fed: ink above half",
    "open": "fed: levels above half",
    "integrating": "Integrating over the plane…",
    "lost": "The integral did not arrive. Choose the image again to ask once more.",
    "step": "step {i:0}: ELBO {elbo:3} nats",
}
Part = dict[str, Any]
"""Tables of an encoded image with their sentence."""
ENCODE_CLOSE = 1e-5  # of two gradients that are called equal
WINDOWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # nats below log p(x) that a bar may show
ENCODE_ROOM = 1.6
BOUND = Figure("−ELBO = D + R, this image", unit="nats")
DISTORTION = Figure("distortion D, this image", unit="nats")
PARTS = {"code": "Bounds", "posterior": "Exact posterior", "gradients": "Gradients"}
IWAE_SAMPLES = BetaVAE.bound_draws
ENCODE_REACH = 2.2  # widths of a Gaussian that a close-up shows
ENCODE_NARROW = 0.7  # of the prior's width
FAINT = 0.02  # of the largest density


def encode_answer(found: Mapping[str, Any], beta: float) -> Answer:
    """Describe an encoded image: its code with the bounds, the gradients, and all figures as a table."""
    lines = {
        f"{name} {axis}": each for name in ("mu", "sigma", "eps", "z") for axis, each in enumerate(found[name] or (), 1)
    }
    costs = ("distortion", "distortion_se", "rate", "elbo", "elbo_se", "iwae", "iwae_se")
    lines |= {f"{name}, nats": found[name] for name in costs}
    return Answer(
        table=Table([{"name": name, "value": value} for name, value in lines.items()]),
        view={
            "parts": {"code": code(found), "gradients": gradients(found, beta)},
            "numbers": [FINDING.of(width_words(found)), bound(found)],
        },
    )


def width_words(found: Mapping[str, Any]) -> str:
    """Return how sure the encoder is, as a sentence: the mean width of the posterior beside the prior's of 1."""
    if "cannot" in found:
        return "The encoder outputs one point, without a width."
    width = math.prod(found["sigma"]) ** (1 / len(found["sigma"]))
    narrower = f"{1 / width:.0f} times narrower than" if width < ENCODE_NARROW else "nearly as wide as"
    return f"The code's Gaussian is {narrower} the prior."


def bound(found: Mapping[str, Any]) -> Figure:
    """Return −ELBO of an image; of an autoencoder, which has none, the distortion."""
    if "cannot" in found:
        return DISTORTION.of(found["distortion"])
    return BOUND.of(_with_error(-found["elbo"], found["elbo_se"]))


def code(found: Mapping[str, Any]) -> Part:
    """Return the tables of a code and of its costs, with a sentence."""
    mu, distortion, error = found["mu"], found["distortion"], found["distortion_se"]
    costs = [("distortion D", _with_error(distortion, error) if error else num(distortion))]
    if "cannot" in found:
        place = ["The code", ["", "z₁", "z₂"], [("z = μ", *(num(value, 3) for value in mu))]]
        words = f"The autoencoder encodes this image as {pair(mu)}, one point without a width. Its pixels cost "
        words += f"{num(distortion)} nats."
        return {"tables": [place, ["What it costs", ["", "nats"], costs]], "cannot": found["cannot"], "words": words}
    names = {"mu": "μ", "sigma": "σ", "eps": "ε", "z": "z = μ + σ ⊙ ε"}
    rows = [(name, *(num(value, 3) for value in found[key])) for key, name in names.items()]
    elbo, iwae = found["elbo"], found["iwae"]
    costs += [
        ("rate R", num(found["rate"])),
        ("ELBO = −D − R", _with_error(elbo, found["elbo_se"])),
        (f"IWAE, k = {found['iwae_k']}", _with_error(iwae, found["iwae_se"])),
    ]
    words = (
        f"The encoder outputs μ = {pair(mu)} and σ = {pair(found['sigma'])}. The code costs "
        f"R = {num(found['rate'])} nats, and the pixels cost D = {num(distortion)}. "
        f"The bound of IWAE is about {iwae - elbo:.1f} nats higher ({found['iwae_k']} draws each)."
    )
    tables = [["How z is drawn", ["", "z₁", "z₂"], rows], ["What it costs", ["", "nats an image"], costs]]
    return {"tables": tables, "words": words}


def _with_error(value: float, error: float) -> str:
    return f"{num(value)} ± {num(error)}"


def gradients(found: Mapping[str, Any], beta: float) -> Part:
    """Return the gradients of D + β·R at one draw: autograd beside the formulas and their terms."""
    if not found["gradients"]:
        return {"tables": [], "cannot": found["cannot"], "words": ""}
    autograd, formula, terms = (found["gradients"][key] for key in ("autograd", "formula", "terms"))
    slope, mu = terms["dDdz"], found["mu"]
    prior = [beta * value for value in mu]
    sides = [beta * (sigma - 1 / sigma) for sigma in found["sigma"]]
    pixels = {"mu": slope, "sigma": [each * eps for each, eps in zip(slope, found["eps"], strict=True)]}
    rows = [
        (
            f"∂/∂{sign}{'₁₂'[axis]}",
            num(autograd[key][axis], 4),
            num(formula[key][axis], 4),
            f"{num(pixels[key][axis], 3)} {'−' if kl[axis] < 0 else '+'} {num(abs(kl[axis]), 3)}",
        )
        for key, sign, kl in (("mu", "μ", prior), ("sigma", "σ", sides))
        for axis in (0, 1)
    ]
    apart = max(abs(a - b) for key in ("mu", "sigma") for a, b in zip(autograd[key], formula[key], strict=True))
    agree = "agree to four digits after the point" if apart < ENCODE_CLOSE else f"differ by {num(apart, 5)} at most"
    words = (
        f"Autograd and the formulas {agree}. On μ the gradient of the pixels is {pair(slope)} and that of the prior "
        f"{pair(prior)}; a step of descent goes against their sum."
    )
    return {
        "formulas": "of D + β·R at this ε:  ∂D/∂z + β μ  and  (∂D/∂z) ⊙ ε + β (σ − 1/σ)",
        "tables": [["Gradients", ["", "autograd", "formula", "its two terms"], rows]],
        "words": words,
    }


def posterior_words(log_px: float, elbo: float, bounds: Mapping[str, float]) -> Answer:
    """Describe log p(x) as a sum of the ELBO and its gap."""
    gap = log_px - elbo
    return Answer(
        view={
            "sum": f"log p(x) = {num(log_px)} = ELBO {num(elbo)} + KL(q‖p) {num(gap)} nats",
            "bar": bar(log_px, [("elbo", "ELBO", elbo), ("kl", "+ KL(q‖p)", gap)], bounds),
        },
        words="Two dimensions can be integrated on a grid, so log p(x) is exact here: the ELBO misses it by "
        f"{num(gap)} nats, which is KL(q‖p). How much of that is the encoder's, and how much any Gaussian's with "
        "upright axes? Fit q and see.",
    )


def gap_parts(log_px: float, amortised: float, best: float, bounds: Mapping[str, float]) -> Answer:
    """Describe the gap's two parts: what a q of one image gains, and what no such q can."""
    amortisation, family = best - amortised, log_px - best
    parts = [("amortisation", "+ amortisation", amortisation), ("family", "+ family", family)]
    return Answer(
        view={"bar": bar(log_px, [("elbo", "ELBO", amortised), *parts], bounds)},
        words=f"Fitting q to this image alone wins {num(amortisation, 3)} nats (the amortisation gap: one encoder "
        f"serves every image). {num(family, 3)} nats remain (the family gap: a Gaussian with upright axes is not the "
        "true posterior).",
    )


def bar(log_px: float, blocks: list[tuple[str, str, float]], bounds: Mapping[str, float]) -> Part:
    """Return log p(x) as a stacked bar of its last nats: blocks with their shares, and the place of the IWAE bound."""
    gaps = [max(0.0, nats) for _, _, nats in blocks[1:]]
    whole = next((width for width in WINDOWS if width >= ENCODE_ROOM * sum(gaps)), 2 * sum(gaps))
    shares = [1 - sum(gaps) / whole, *(gap / whole for gap in gaps)]
    keys = [(kind, name, num(nats)) for kind, name, nats in blocks]
    return {
        "title": f"The last {num(whole, 0)} nats below log p(x), to scale",
        "shares": [(kind, share) for (kind, _, _), share in zip(blocks, shares, strict=True)],
        "keys": [*keys, ("mark", "IWAE", _with_error(bounds["iwae"], bounds["iwae_se"]))],
        "mark": min(1.0, max(0.0, 1 - (log_px - bounds["iwae"]) / whole)),
    }


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
            return Answer(view=shown) | encode_answer(shown, beta)
        shown |= {"sigma": _rounded(q.stddev), "eps": _rounded(eps)}
        shown |= _bounds(model, x, beta)
    shown |= {"gradients": _gradients(model, x, beta, eps)}
    return Answer(view=shown) | encode_answer(shown, beta)


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


def _close_up(heat: Tensor, window: tuple, mu: Tensor, sigma: Tensor) -> Found:
    """Return the square of the plane that contains the mass of a heat map (size, size) and some Gaussians (K, 2)."""
    x0, x1, y0, y1 = window
    row, column = (((heat > FAINT).nonzero().cpu().T + 0.5) / len(heat)).unbind()
    mass = torch.stack([x0 + (x1 - x0) * column, y0 + (y1 - y0) * row], dim=-1)
    corners = torch.cat([mass, (mu - ENCODE_REACH * sigma).cpu(), (mu + ENCODE_REACH * sigma).cpu()])
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
    return posterior_words(grid.log_px, elbo, bounds) | Answer(view=view)


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
    return gap_parts(log_px, amortised, fitted, bounds) | Answer(view=view)


MODE = Mode(
    "encode",
    "Encode",
    "test",
    fields=[PART, EPS, Field("fit", Flag(), False, "whether q is fitted to the image alone")],
    functions=[encode, posterior, fit],
    panel=Panel(
        encode,
        [[Control(PART, "segments", "Shown", options=PARTS)]],
        named={"seed": EPS},
        shows=Shows(
            "Where does the encoder put an image, and how surely?",
            [FINDING, BOUND],
            waits="Click or tap a point on the map, choose a test image, or draw one of your own.",
        ),
        says=ENCODE,
    ),
    code={
        "Encode": [BetaVAE.encode, kl_to_prior, BetaVAE.log_weights],
    },
)
