"""The answer of each exercise that is a number, by another way: distributions of torch, sums, autograd, integrals."""

import itertools
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Binomial, Categorical, Geometric, Normal, kl_divergence
from torch.distributions.transforms import AffineTransform
from torch.nn import functional as F

from explorer import data
from explorer.data.labelled import Labelled
from explorer.measures.metrics import AROUND, within
from explorer.models.autoencoder import largest
from explorer.models.guided import SIGMA_MAX, Guidance
from explorer.models.live_targets import coefficients
from explorer.models.schedule import Schedule
from explorer.models.vqvae import Codebook
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.spaces.wave import mu_law_decode
from explorer.tabs import interface
from explorer.tabs.diffusion import exercises as diffusion
from explorer.tabs.diffusion.shared import TIMES
from explorer.tabs.vae.exercises import rate
from tests.blocks import multiplications, permanent, pooled_snr, solved_block
from tests.server import ROOT

TABS = {tab.name: tab for tab in interface.TABS if tab.exercises}
NUMBERS = [(tab, each) for tab in TABS for each in TABS[tab].exercises if each.kind == "number"]
SEEDS = range(1, 31)
Given = Mapping[str, Any]


def real(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def one(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def most(score: Callable[[Tensor], Tensor], low: float, high: float) -> float:
    """Place with the greatest score of many, ever closer."""
    for _ in range(5):
        x = torch.linspace(low, high, 2001, dtype=torch.float64)
        best = int(score(x).argmax())
        low, high = float(x[max(0, best - 2)]), float(x[min(2000, best + 2)])
    return (low + high) / 2


def places_below(layers: int) -> set[int]:
    """The samples that are seen through layers with dilations 1, 2, 4, …, counted back from the newest."""
    seen = {0}
    for layer in range(layers):
        seen |= {place + 2**layer for place in seen}
    return seen


def distance_of_samples(g: Given) -> float:
    """With all pairs, D² on a line is twice the integral of the squared difference of both distribution functions.

    The pairs of a point with itself take half of each sample's spread from it.
    """
    x = torch.linspace(-10, 10, 200_001, dtype=torch.float64)
    a, b, c, d = ((x >= g[name]).double() for name in "abcd")
    step = (a + b - c - d) / 2
    return float(torch.trapezoid(2 * step.square() - (a - b).abs() / 2 - (c - d).abs() / 2, x))


def map_mean(g: Given) -> float:
    prior = Normal(one(0), g["tau"])
    data = real(*g["data"])
    return most(lambda mu: Normal(mu[:, None], g["sigma"]).log_prob(data).sum(1) + prior.log_prob(mu), -1, 10)


def js(p: float, q: float) -> float:
    one_, other = Bernoulli(one(p)), Bernoulli(one(q))
    middle = Bernoulli(one((p + q) / 2))
    return float((kl_divergence(one_, middle) + kl_divergence(other, middle)) / 2)


def slope_in_sigma(g: Given) -> float:
    sigma = one(g["sigma"]).requires_grad_()
    (g["mu"] + sigma * g["eps"] - g["c"]).square().backward()
    return float(sigma.grad)


def lacking(g: Given) -> float:
    """log p(x) less the ELBO, both by integrals over z."""
    z = torch.linspace(-12, 12, 400_001, dtype=torch.float64)
    log_joint = Normal(one(0), 1.0).log_prob(z) + Normal(z, g["noise"]).log_prob(one(g["x"]))
    log_q = Normal(one(g["m"]), g["s"]).log_prob(z)
    evidence = torch.trapezoid(log_joint.exp(), z).log()
    return float(evidence - torch.trapezoid(log_q.exp() * (log_joint - log_q), z))


def affine_density(g: Given) -> float:
    made = torch.distributions.TransformedDistribution(Normal(one(0), 1.0), [AffineTransform(g["b"], g["a"])])
    return float(made.log_prob(one(g["y"])).exp())


def coupled(g: Given) -> float:
    def to_noise(x: Tensor) -> Tensor:
        return torch.stack([x[0], math.exp(g["s"]) * x[1] + g["t"]])

    x = real(g["x1"], g["x2"])
    bent = torch.autograd.functional.jacobian(to_noise, x)
    return float(Normal(one(0), 1.0).log_prob(to_noise(x)).sum() + bent.det().abs().log())


def free_energy(g: Given) -> float:
    v, w, b, c = real(*g["v"]), torch.tensor(g["W"], dtype=torch.float64), real(*g["b"]), real(*g["c"])
    every = [real(*h) for h in itertools.product((0.0, 1.0), repeat=2)]
    return -float(torch.stack([v @ b + h @ c + v @ w @ h for h in every]).logsumexp(0))


def langevin(g: Given) -> float:
    x = one(g["x"]).requires_grad_()
    slope = torch.autograd.grad((x - g["centre"]).square() / (2 * g["width"] ** 2), x)[0]
    return float(x - g["eps"] ** 2 / 2 * slope + g["eps"] * g["noise"])


def slope_of_loss(g: Given) -> float:
    f = one(g["f"]).requires_grad_()
    loss = (1 - f.sigmoid()).log() if g["saturating"] else -f.sigmoid().log()
    return float(torch.autograd.grad(loss, f)[0])


def best_of_game(g: Given) -> float:
    """The most over a discriminator that answers heads and tails apart."""

    def value(p: float, q: float) -> float:
        d = torch.linspace(1e-4, 1 - 1e-4, 200_001, dtype=torch.float64)
        return float((p * d.log() + q * (1 - d).log()).max())

    return value(g["p"], g["q"]) + value(1 - g["p"], 1 - g["q"])


def penalty(g: Given) -> float:
    x, w = real(0.3, -0.7).requires_grad_(), real(*g["w"])
    return float(g["weight"] * (torch.autograd.grad(w @ x, x)[0].norm() - 1) ** 2)


def between_quantiles(g: Given) -> float:
    """W₁ as what lies between two cumulative distributions."""
    x = torch.linspace(-15, 15, 300_001, dtype=torch.float64)
    below = [(real(*g[side])[:, None] <= x).double().mean(0) for side in ("left", "right")]
    return float(torch.trapezoid((below[0] - below[1]).abs(), x))


def tempered(g: Given) -> float:
    return float(Categorical(logits=real(*g["p"]).log() / g["temperature"]).probs[0])


def chain_rule(g: Given) -> float:
    return -float(Bernoulli(real(*g["white"])).log_prob(real(*g["pixels"])).sum())


def rows_above(g: Given) -> float:
    """Reach of a gradient up through masked convolutions."""
    k, side = g["kernel"], 2 * g["layers"] * g["kernel"] + 1
    mask = torch.ones(1, 1, k, k, dtype=torch.float64)
    mask[..., k // 2, k // 2 + 1 :] = mask[..., k // 2 + 1 :, :] = 0
    first = mask.clone()
    first[..., k // 2, k // 2] = 0
    x = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    y = x
    for layer in range(g["layers"]):
        y = torch.conv2d(y, mask if layer else first, padding=k // 2) / k**2
    y[0, 0, side // 2, side // 2].backward()
    return side // 2 - int(x.grad[0, 0].abs().sum(1).nonzero().min())


def still_seen(g: Given) -> float:
    left = math.prod(1 - 1 / (g["times"] - s + 1) for s in range(1, g["t"] + 1))
    return left ** g["pixels"]


def just_masked(g: Given) -> float:
    """By the probabilities of being masked at each step."""
    at, left = [], 1.0
    for s in range(1, g["times"] + 1):
        at.append(left / (g["times"] - s + 1))
        left -= at[-1]
    return at[g["t"] - 1] / sum(at[: g["t"]])


def stays_white(g: Given) -> float:
    steps = [torch.tensor([[1 - b / 2, b / 2], [b / 2, 1 - b / 2]], dtype=torch.float64) for b in g["betas"]]
    return float(torch.linalg.multi_dot(steps)[1, 1])


def guided_variance(g: Given) -> float:
    """By the solver of the guided probability flow, from one standard deviation of noise."""
    parts = (
        Labelled(real(1), real(0)[:, None], real(math.sqrt(g[of])), torch.tensor([0])) for of in ("wanted", "other")
    )
    end = Guidance(*parts).flow(real(SIGMA_MAX)[:, None], one(g["w"]), 96)
    return float(end) ** 2


def posterior_of_two(g: Given) -> float:
    """By Bayes' rule with the densities of torch."""
    likely = Normal(real(0, 1), g["sigma"]).log_prob(one(g["x"])).exp()
    return float(likely[1] / likely.sum())


def chance_of_a_copy(g: Given) -> float:
    """By the midpoints of a fine grid over the disc that reaches to the second nearest point."""
    axis = (torch.arange(2_000, dtype=torch.float64) + 0.5) / 1_000 - 1
    lengths = torch.hypot(axis[:, None], axis)
    return float(100 * (lengths < g["ratio"]).sum() / (lengths < 1).sum())


def score_of_one(g: Given) -> float:
    """Of noise that hides one known x₀, for which the network's ε is exact: by autograd."""
    x = one(0.4).requires_grad_()
    mean = float(x) - math.sqrt(1 - g["alpha"]) * g["eps"]
    log_q = Normal(one(mean), math.sqrt(1 - g["alpha"])).log_prob(x)
    return float(torch.autograd.grad(log_q, x)[0])


def score_of_path(g: Given) -> float:
    """The same of one straight path: x₁ is known, and v is that of the path through x."""
    x = one(g["x"]).requires_grad_()
    point = g["x"] + (1 - g["t"]) * g["v"]
    return float(torch.autograd.grad(Normal(one(g["t"] * point), 1 - g["t"]).log_prob(x), x)[0])


def end_of_path(g: Given) -> float:
    """Solve for both ends of the straight path with this velocity through x at t."""
    path = torch.tensor([[1 - g["t"], g["t"]], [-1.0, 1.0]], dtype=torch.float64)
    return float(torch.linalg.solve(path, real(g["x"], g["v"]))[1])


def bridge_width(g: Given) -> float:
    """By the covariance of a Brownian motion at t, given its end: Σ₁₁ − Σ₁₂² ÷ Σ₂₂."""
    here, end = g["epsilon"] * g["t"], g["epsilon"]
    return math.sqrt(here - here**2 / end)


def coupled_gaussians(g: Given) -> float:
    """By bisection: the off-diagonal entry of the inverse covariance is −1 ÷ ε."""
    low, high = 0.0, g["a"] * g["b"]
    for _ in range(80):
        c = (low + high) / 2
        covariance = torch.tensor([[g["a"] ** 2, c], [c, g["b"] ** 2]], dtype=torch.float64)
        low, high = (c, high) if float(covariance.inverse()[0, 1]) > -1 / g["epsilon"] else (low, c)
    return low


def mean_velocity(g: Given) -> float:
    """By the mean over a fine grid of times."""
    times = torch.linspace(g["t"], g["r"], 10_001, dtype=torch.float64)
    return float(torch.trapezoid(g["a"] + g["b"] * times, times)) / (g["r"] - g["t"])


def log_snr(g: Given) -> float:
    """By tangents for the trigonometric path, whose α ÷ σ is one, and by odds for the straight one."""
    t = torch.tensor(g["t"], dtype=torch.float64)
    ratio = torch.tan(math.pi * t / 2) if g["path"] == "trigonometric" else t.logit().exp()
    return float(ratio.square().log())


def preconditioned(g: Given) -> float:
    """By the coefficients of the model that is trained."""
    skip, out = coefficients("edm", one(g["sigma"]), g["spread"])
    return float(skip * g["x"] + out * g["out"])


def missed(g: Given) -> float:
    x = float(g["x"])
    for _ in range(g["n"]):
        x -= x / g["n"]
    return x - g["x"] / math.e


def gaussian(g: Given) -> float:
    return -float(Normal(real(*g["mu"]), g["sigma"]).log_prob(real(*g["x"])).sum())


def boltzmann(g: Given) -> float:
    return float(Categorical(logits=-real(*g["energies"]) / g["temperature"]).probs[0])


def noised(g: Given) -> float:
    """x₀ and ε turned by the angle whose cosine is the root of ᾱ."""
    angle = math.acos(math.sqrt(g["alpha"]))
    return math.cos(angle) * g["x"] + math.sin(angle) * g["eps"]


def gap_of_two(g: Given) -> float:
    known = np.sort(np.array(g["known"]), axis=0)[::-1]
    entropies = [float(Categorical(torch.ones(level)).entropy()) for level in g["levels"]]
    return float(np.mean((known[0] - known[1]) / entropies))


def straight_through(g: Given) -> float:
    """By autograd, with the difference between entry and z_e held."""
    z_e = one(g["z_e"]).requires_grad_()
    entries = real(*g["entries"])
    z_q = z_e + (entries[(entries - z_e).abs().argmin()] - z_e).detach()
    (g["a"] * z_q - g["x"]).square().backward()
    return float(z_e.grad)


def committed(g: Given) -> float:
    """By the nearest entry of the codebook itself."""
    book, z_e = Codebook(3, 2), torch.tensor([g["z_e"]])
    book.entries.copy_(torch.tensor(g["entries"]))
    return float(g["weight"] * torch.nn.functional.mse_loss(z_e, book.entries[book.nearest(z_e)], reduction="sum"))


def rebuilt(g: Given) -> float:
    """By the model's own choice of the largest."""
    return g["bias"] + float(largest(real(*g["units"])[None], 2)[0] @ real(*g["weights"]))


def covered(g: Given) -> float:
    """By the measure's own test of who is within reach, of the nearest other instead of the third."""
    points = {side: real(*g[side])[:, None] for side in ("real", "samples")}
    near = {side: torch.cdist(x, x).kthvalue(2).values for side, x in points.items()}
    one_, other = ("samples", "real") if g["asked"] == "precision" else ("real", "samples")
    return float(within(points[one_], points[other], near[other]).double().mean())


def denoised(g: Given) -> float:
    """x and σ² times the score of the noised data, by autograd (Tweedie)."""
    x = one(g["x"]).requires_grad_()
    log_p = Normal(real(-g["a"], g["a"]), g["sigma"]).log_prob(x).logsumexp(0)
    return g["x"] + g["sigma"] ** 2 * float(torch.autograd.grad(log_p, x)[0])


def transported(g: Given) -> float:
    """The mean square over which the linear map that is best moves one Gaussian onto the other."""
    (one_, other), (s, t) = np.array(g["means"]), np.array(g["sds"])
    stretch = np.sqrt(np.linalg.eigvals(np.diag(t**2) @ np.linalg.inv(np.diag(s**2))))
    points = np.array(list(itertools.product((-1, 1), repeat=2))) * s  # of mean nought and of these variances
    return float(np.square(points * stretch + other - (points + one_)).sum(1).mean())


def by_ranks(g: Given) -> float:
    """By the sum of ranks of Mann and Whitney."""
    own, others = np.array(g["own"]), np.array(g["others"])
    every = np.concatenate([own, others])
    ranks = [(every < each).sum() + ((every == each).sum() + 1) / 2 for each in others]
    return float((sum(ranks) - len(others) * (len(others) + 1) / 2) / (len(own) * len(others)))


def attended(g: Given) -> float:
    """By torch's attention itself, which reads out the first position alone."""
    q = torch.zeros(1, g["width"], dtype=torch.float64)
    q[0, 0] = 1
    k = torch.zeros(3, g["width"], dtype=torch.float64)
    k[:, 0] = real(*g["scores"])
    return float(torch.nn.functional.scaled_dot_product_attention(q, k, real(1, 0, 0)[:, None]))


def reach(layers: list) -> int:
    """The side of the patch that one number depends on, by the gradient through layers of ones."""
    x = torch.ones(1, 1, 99, 99, requires_grad=True)
    y = x
    for kernel, stride in layers:
        y = F.conv2d(y, torch.ones(1, 1, kernel, kernel), stride=stride)
    y[0, 0, 3, 3].backward()
    return int((x.grad[0, 0].sum(1) > 0).sum())


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The Fréchet distance of two centred Gaussians by the trace of a matrix root: variances along the axes."""
    a, b = np.diag(one).astype(float), np.diag(other).astype(float)
    root = np.sqrt(np.linalg.eigvals(a @ b).real).sum()
    return float(np.trace(a + b) - 2 * root)


ORACLES: dict[tuple[str, str], Callable[[Given], float]] = {
    ("foundations", "map-mean"): map_mean,
    ("foundations", "gaussian-kl"): lambda g: float(
        kl_divergence(Normal(one(g["m"]), g["s"]), Normal(one(g["n"]), g["t"]))
    ),
    ("foundations", "js-of-coins"): lambda g: js(g["p"], g["q"]),
    ("foundations", "bayes"): lambda g: float(Categorical(real(g["cats"][g["at"]], g["dogs"][g["at"]])).probs[0]),
    ("vae-room", "rate"): lambda g: float(
        kl_divergence(Normal(real(*g["mu"]), real(*g["sigma"])), Normal(one(0), 1.0)).sum()
    ),
    ("vae-room", "free-bits"): lambda g: float(real(*g["rates"]).clamp(min=g["free"]).sum()),
    ("vae-room", "many-draws"): lambda g: math.log(np.mean(np.exp(np.array(g["log_weights"])))),
    ("vae-room", "prior-draws"): lambda g: float(
        1 + Geometric(Binomial(g["latents"], one(g["share"])).log_prob(one(g["latents"])).exp()).mean
    ),
    ("vae-room", "gap"): gap_of_two,
    ("tokens", "token-bits"): lambda g: math.log2(g["codes"] ** (g["side"] ** 2)),
    ("tokens", "perplexity"): lambda g: float(Categorical(real(*g["counts"])).perplexity()),
    ("tokens", "straight-through"): straight_through,
    ("tokens", "commitment"): committed,
    ("autoencoders", "contractive"): lambda g: float(
        torch.linalg.svdvals(torch.tensor(g["J"], dtype=torch.float64))[0]
    ),
    ("autoencoders", "k-sparse"): rebuilt,
    ("autoencoders", "denoiser"): denoised,
    ("tokens", "one-grid"): lambda g: (
        -float(Categorical(real(*g["prior"]) * real(*g["likely"])).log_prob(torch.tensor(0)))
    ),
    ("compare", "levels"): lambda g: math.log2(256 / g["span"]) - g["nats"] / 784 * math.log2(math.e),
    ("compare", "frechet"): transported,
    ("compare", "bias"): lambda g: float(np.linalg.solve([[1, 1 / n] for n in g["counts"]], np.array(g["found"]))[0]),
    ("compare", "coverage"): covered,
    ("compare", "auroc"): by_ranks,
    ("compare", "parts"): lambda g: math.log2(math.exp(g["free"] - g["given"])) - math.log2(88 ** g["words"]),
    ("vae", "kl-to-prior"): lambda g: float(kl_divergence(Normal(one(g["mu"]), g["sigma"]), Normal(one(0), 1.0))),
    ("vae", "reparameterise"): lambda g: float(
        AffineTransform(g["mu"], math.sqrt(math.exp(g["log_var"])))(one(g["eps"]))
    ),
    ("vae", "gradient"): slope_in_sigma,
    ("vae", "gap"): lacking,
    ("ar", "chain-rule"): chain_rule,
    ("ar", "tilted"): lambda g: float(
        Categorical(
            logits=real(math.log(g["first"]), math.log(1 - g["first"])) + g["inverse"] * real(*g["rewards"])
        ).probs[0]
    ),
    ("ar", "best-of"): lambda g: float(1 - Binomial(g["n"], one(g["chance"])).log_prob(one(0)).exp()),
    ("ar", "bits"): lambda g: math.log2(math.e) * g["nats"] / g["pixels"],
    ("ar", "tempered"): tempered,
    ("ar", "rows-above"): rows_above,
    ("ar", "gaussian"): gaussian,
    ("text", "bits-per-character"): lambda g: float(np.log2(1 / np.prod(g["p"])) / 4),
    ("text", "file"): lambda g: g["nats"] * g["length"] / math.log(256),
    ("text", "own"): lambda g: float(-np.sum(np.full(g["letters"], 1 / g["letters"]) * np.log2(1 / g["letters"]))),
    ("text", "green"): lambda g: float(
        Binomial(g["count"], torch.tensor(0.5)).mean + g["standard"] * Binomial(g["count"], torch.tensor(0.5)).stddev
    ),
    ("text", "raised"): lambda g: float(
        Categorical(logits=real(math.log(g["share"]) + g["strength"], math.log(1 - g["share"]))).probs[0]
    ),
    ("text", "weight"): attended,
    ("text", "positions"): lambda g: sum(range(1, g["length"] + 1)) / g["length"],
    ("sound", "field"): lambda g: len(places_below(g["layers"])) / g["rate"],
    ("sound", "mu-law"): lambda g: most(lambda y: -(mu_law_decode(255 * (y + 1) / 2) - g["amplitude"]).abs(), 0, 1),
    ("sound", "file"): lambda g: g["bits"] * g["ms"],
    ("sound", "bayes"): lambda g: float(real(g["one"], g["one"] - g["gap"]).softmax(0)[0]),
    ("sound", "queues"): lambda g: sum(len(places_below(layer)) for layer in range(g["layers"])) / g["layers"],
    ("gan", "best-discriminator"): lambda g: most(lambda d: g["p"] * d.log() + g["q"] * (1 - d).log(), 0.001, 0.999),
    ("gan", "value"): best_of_game,
    ("gan", "slope"): slope_of_loss,
    ("gan", "penalty"): penalty,
    ("gan", "wasserstein"): between_quantiles,
    ("flow", "affine"): affine_density,
    ("flow", "coupling"): coupled,
    ("flow", "bits"): lambda g: -math.log2(math.exp(g["nats"] / 784) / 256),
    ("flow", "typical"): lambda g: float(Normal(one(0), g["temperature"]).variance * g["dim"]),
    ("flow", "undo"): solved_block,
    ("diffusion", "alpha-bar"): lambda g: float((1 - real(*g["betas"])).cumprod(0)[-1]),
    ("diffusion", "noised"): noised,
    ("diffusion", "clean-guess"): lambda g: float(
        AffineTransform(math.sqrt(1 - g["alpha"]) * g["eps"], math.sqrt(g["alpha"])).inv(one(g["x_t"]))
    ),
    ("diffusion", "guided"): lambda g: float(torch.lerp(one(g["free"]), one(g["asked"]), float(g["w"]))),
    ("diffusion", "drawn-width"): guided_variance,
    ("diffusion", "softmax-of-points"): posterior_of_two,
    ("diffusion", "chance-copies"): chance_of_a_copy,
    ("diffusion", "score"): score_of_one,
    ("diffusion", "rehearsed"): lambda g: (
        np.ones((g["steps"], 32))[:, : 32 - 32 * g["old"] // 100].sum() / np.ones(g["drawings"]).sum()
    ),
    ("flow-matching", "euler"): lambda g: float(torch.lerp(one(g["noise"]), one(g["point"]), g["t"] + g["h"])),
    ("flow-matching", "end-guess"): end_of_path,
    ("flow-matching", "score"): score_of_path,
    ("flow-matching", "steps"): missed,
    ("flow-matching", "bridge"): bridge_width,
    ("flow-matching", "gaussians"): coupled_gaussians,
    ("flow-matching", "mean-velocity"): mean_velocity,
    ("flow-matching", "boundary"): lambda g: float(torch.lerp(one(g["x"] + g["out"]), one(g["x"]), g["t"])),
    ("flow-matching", "snr"): log_snr,
    ("flow-matching", "precondition"): preconditioned,
    ("flow-matching", "resolution"): pooled_snr,
    ("discrete-diffusion", "absorbed"): still_seen,
    ("discrete-diffusion", "unmasked"): just_masked,
    ("discrete-diffusion", "uniform"): stays_white,
    ("discrete-diffusion", "expected"): lambda g: float(Binomial(g["pixels"], one(g["t"] / g["times"])).stddev),
    ("energy", "boltzmann"): boltzmann,
    ("energy", "free-energy"): free_energy,
    ("energy", "langevin"): langevin,
    ("energy", "metropolis"): lambda g: float(
        real(g["energy"], g["other"]).div(-g["temperature"]).diff().exp().clamp(max=1)
    ),
    ("playground", "distance"): distance_of_samples,
    ("style", "demodulated"): lambda g: float(
        torch.nn.functional.normalize(real(*g["styles"]) * real(*g["weights"]), dim=0)[0]
    ),
    ("style", "truncated"): lambda g: float(torch.lerp(one(g["mean"]), one(g["w"]), g["psi"])),
    ("style", "styles"): lambda g: len(list(itertools.product(range(g["codes"]), repeat=g["levels"]))),
    ("style", "length"): lambda g: float(
        np.trapezoid(g["first"] ** 2 + (2 * g["second"] * np.linspace(0, 1, 2_001)) ** 2, dx=1 / 2_000)
    ),
    ("translate", "paired_loss"): lambda g: float(
        F.softplus(torch.tensor(-math.log(g["p"] / (1 - g["p"])), dtype=torch.double)) + g["weight"] * g["gap"]
    ),
    ("translate", "median"): lambda g: min(g["levels"], key=lambda x: sum(abs(x - other) for other in g["levels"])),
    ("translate", "patch"): lambda g: reach(g["layers"]),
    ("translate", "cycle_loss"): lambda g: float(
        np.square(np.subtract(g["scores"], 1)).sum() + np.dot([g["weight"]] * 2, g["errors"])
    ),
    ("translate", "permutations"): lambda g: permanent([4] * g["many"] + [1] * g["few"]) - 1,
    ("words", "softmax"): lambda g: float(Categorical(logits=real(*g["scores"])).probs[0]),
    ("words", "guidance"): lambda g: float(torch.lerp(one(g["free"]), one(g["given"]), g["strength"])) / g["steps"],
    ("words", "positions"): lambda g: torch.empty(g["steps"], g["layers"], 36, g["words"]).numel(),
    ("words", "renormal"): lambda g: float(Categorical(real(g["weights"][0], g["rest"])).probs[0]),
    ("words", "differs"): lambda g: (
        (g["second"] - g["first"])
        / float((Bernoulli(real(g["first"], g["second"]) / 100).variance * 1e4 / real(g["n"], g["m"])).sum().sqrt())
    ),
    ("words", "tokens"): lambda g: (
        np.zeros((48, 48, 24)).size
        / (g["side"] ** 2 * float(Categorical(torch.ones(g["entries"])).entropy()) / math.log(2))
    ),
    ("words", "picked"): lambda g: 1 - math.comb(g["m"] - g["right"], g["n"]) / math.comb(g["m"], g["n"]),
    ("words", "places"): lambda g: np.ones((g["steps"], g["side"], g["side"])).sum() / np.ones(g["side"] ** 2).sum(),
    ("words", "bayes"): lambda g: float(Categorical(logits=real(*g["logs"])).probs[0]),
    ("words", "calibrate"): lambda g: sum(k / (g["n"] + 1) <= g["percentage"] / 100 for k in range(1, g["n"])),
    ("words", "cost"): lambda g: multiplications(g["larger"], g["d"]) / multiplications(g["t"], g["d"]),
    ("lab", "frechet"): lambda g: g["gap"] ** 2 + apart(*np.square(g["widths"]).reshape(2, 2)),
    ("lab", "inception"): lambda g: float(Categorical(real(*g["parts"])).perplexity()),
    ("lab", "density"): lambda g: float(np.mean(np.array(g["inside"]) / AROUND)),
    ("lab", "coverage"): lambda g: 1 - math.comb(g["n"] - 1, g["around"]) / math.comb(2 * g["n"] - 1, g["around"]),
    ("lab", "enough"): lambda g: float(
        Bernoulli(real(g["low"], g["low"] + g["gap"])).variance.sum() / (g["gap"] / 2.8) ** 2
    ),
}


def test_every_number_has_another_way_to_it():
    assert {(tab, each.name) for tab, each in NUMBERS} == set(ORACLES)


@pytest.mark.parametrize(("tab", "exercise"), NUMBERS, ids=[f"{tab}-{each.name}" for tab, each in NUMBERS])
def test_the_answer_is_what_another_way_gives_of_the_numbers_that_are_shown(tab: str, exercise: Any):
    for seed in SEEDS:
        task = exercise.task(seed)
        found = ORACLES[tab, exercise.name](task.given)
        assert abs(found - task.answer) < task.within / 4, (seed, dict(task.given))


def test_the_times_of_the_diffusion_are_those_of_its_exercise():
    assert diffusion.TIMES == TIMES
    assert diffusion.alpha_bar_at("cosine", 500) == float(Schedule("cosine", TIMES).alphas_cumprod[500])


def test_the_rate_of_the_price_is_the_mean_kl_of_torch_over_the_images_of_the_map():
    with torch.no_grad():
        q = checkpoints.load("beta-vae-mnist").encode(data.bundled_binary_images("mnist"), 18.0).base_dist
    assert rate("mnist", 18.0) == pytest.approx(float(kl_divergence(q, Normal(0.0, 1.0)).sum(-1).mean()), rel=1e-4)
    assert rate("mnist", 15.0) > rate("mnist", 18.0) > rate("mnist", 22.0)


def test_langevin_steps_without_a_refusal_end_as_wide_as_the_exercise_says():
    exercise = next(each for each in TABS["energy"].exercises if each.name == "too-wide")
    eps = exercise.task(2).solved["eps"]
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(200_000, generator=generator)
    for _ in range(200):
        x = x - eps**2 / 2 * x + eps * torch.randn(x.shape, generator=generator)
    right, said = exercise.task(2).holds("langevin", eps)
    assert right and float(x.var()) == pytest.approx(1 / (1 - eps**2 / 4), rel=0.02)


def card_of(net: str) -> Given:
    return json.loads((ROOT / "pretrained" / net / "card.json").read_text(encoding="utf-8"))


def values(net: str, name: str, key: str) -> dict[Any, float]:
    """The mean of the rows of a name by one key of their setting, without the reader of cards."""
    found = [(each[key], each["value"]) for each in card_of(net)["rows"] if each["name"] == name]
    return {of: float(np.mean([value for other, value in found if other == of])) for of in dict(found)}


def right(tab: str, name: str, seed: int, **state: Any) -> bool:
    exercise = next(each for each in TABS[tab].exercises if each.name == name)
    return exercise.task(seed).check(state)[0]


def question(tab: str, name: str, seed: int) -> str:
    return exercise(tab, name).task(seed).question


def exercise(tab: str, name: str) -> Any:
    return next(each for each in TABS[tab].exercises if each.name == name)


def gaps(beta: float) -> list[float]:
    return [row["value"] for row in cards.rows(card_of("vae-shapes"), "mig", beta=beta)]
