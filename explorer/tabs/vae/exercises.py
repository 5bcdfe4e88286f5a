"""Exercises on the VAE: its KL term, the reparameterisation, the bound and its gap, and the price of a code."""

import functools
import math

import torch

from explorer import data
from explorer.models.latent import kl_to_prior
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.tabs.foundations.maths import kl as kl_of_gaussians
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.vae import maths


@number("kl-to-prior", "The KL term of a code", state="mode=encode")
def kl_to_the_prior(draw: Draw) -> Number:
    """Ask for the KL of one Gaussian dimension from the prior, by the closed form."""
    mu, sigma = draw.one_of((-1, 1)) * draw.real(0.5, 2.5), draw.real(0.2, 0.8)
    answer = maths.kl(mu, sigma)
    return Number(
        f"For one dimension an encoder outputs μ = {brief(mu)} and σ = {sigma:g}; the prior is N(0, 1). How large is "
        "this dimension's KL term?",
        answer,
        0.01,
        ["KL = −½ (1 + log σ² − μ² − σ²).", f"log σ² = 2 log {sigma:g} = {say(2 * math.log(sigma))}."],
        [
            f"KL = −½ (1 + ({say(2 * math.log(sigma))}) − {say(mu**2, 2)} − {say(sigma**2, 2)}) = {say(answer)} nats.",
            "It is 0 where μ = 0 and σ = 1, and nowhere else.",
        ],
        {"mu": mu, "sigma": sigma},
        unit="nats",
        slips=[
            (-answer, "A KL divergence is never negative: mind the sign in front."),
            (maths.kl(mu, math.sqrt(sigma)), "You used σ as the variance: σ² goes into the formula."),
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
        ],
    )


@number("reparameterise", "A draw by hand", state="mode=encode")
def reparameterise(draw: Draw) -> Number:
    """Ask for z = μ + σ ε, for an encoder with the output log σ²."""
    mu, log_var = draw.real(-2, 2), draw.real(-3, -0.5)
    eps = draw.one_of((-1, 1)) * draw.real(0.5, 2)
    sigma, answer = math.exp(log_var / 2), maths.reparameterise(mu, log_var, eps)
    return Number(
        f"An encoder outputs μ = {brief(mu)} and log σ² = {brief(log_var)}; the draw is ε = {brief(eps)}. What is z?",
        answer,
        0.01,
        ["z = μ + σ ε.", "σ = exp (½ log σ²)."],
        [
            f"σ = exp ({brief(log_var)} ÷ 2) = {say(sigma)}",
            f"z = {brief(mu)} + {say(sigma)} · ({brief(eps)}) = {say(answer)}.",
        ],
        {"mu": mu, "log_var": log_var, "eps": eps},
        slips=[
            (mu + math.exp(log_var) * eps, "You multiplied ε by the variance; it takes the standard deviation."),
            (mu + log_var * eps, "log σ² is not yet σ: take the exponential of half of it."),
        ],
    )


@number("gradient", "The gradient of a draw", state="mode=encode")
def gradient(draw: Draw) -> Number:
    """Ask for the derivative of a loss of z with respect to σ, by the reparameterisation."""
    mu, sigma, target = draw.real(-2, 2), draw.real(0.3, 1.2), draw.real(-1, 1)
    eps = draw.one_of((-1, 1)) * draw.real(0.5, 2)
    off = mu + sigma * eps - target
    if abs(off) < 0.2:  # near a gradient of 0, wrong methods would also be right
        target, off = target - 1, off + 1
    answer = 2 * off * eps
    return Number(
        f"z = μ + σ ε with μ = {brief(mu)}, σ = {sigma:g} and ε = {brief(eps)}; the loss is (z − c)² with "
        f"c = {brief(target)}. What is its derivative with respect to σ?",
        answer,
        0.01,
        ["ε is a number here: it does not depend on σ.", "The chain rule: 2 (z − c) times dz/dσ."],
        [
            f"z = {brief(mu)} + {sigma:g} · ({brief(eps)}) = {say(mu + sigma * eps)} and dz/dσ = ε.",
            f"2 · ({say(off)}) · ({brief(eps)}) = {say(answer)}.",
        ],
        {"mu": mu, "sigma": sigma, "c": target, "eps": eps},
        slips=[
            (2 * off, "That is the derivative with respect to μ, where dz/dμ = 1."),
            (off * eps, "The derivative of a square has a factor of 2."),
        ],
    )


@number("gap", "The gap of the bound", state="mode=encode&img=12&part=posterior")
def gap(draw: Draw) -> Number:
    """Ask for log p(x) − ELBO with a known posterior."""
    x, noise = draw.real(1, 3), draw.one_of((0.5, 1))
    variance = noise**2 / (1 + noise**2)
    mean, sd = x / (1 + noise**2), math.sqrt(variance)
    m, s = round(mean + draw.one_of((-1, 1)) * draw.real(0.3, 0.8), 1), draw.one_of((0.3, 0.5, 0.9))
    answer = kl_of_gaussians(m, s, mean, sd)
    return Number(
        f"z has the prior N(0, 1), and x given z has N(z, {noise:g}²). x = {x:g} is observed, and the encoder "
        f"outputs q(z | x) = N({brief(m)}, {s:g}²). By how much does the ELBO fall short of log p(x)?",
        answer,
        0.01,
        [
            "The gap is KL(q(z | x) ‖ p(z | x)).",
            f"The posterior is N(x ÷ (1 + {noise:g}²), {noise:g}² ÷ (1 + {noise:g}²)); the second is its variance.",
        ],
        [
            f"p(z | x) has the mean {say(mean)} and the width √{say(variance)} = {say(sd)}.",
            f"KL = log ({say(sd)} ÷ {s:g}) + ({s:g}² + ({brief(m)} − {say(mean)})²) ÷ (2 · {say(variance)}) − ½ "
            f"= {say(answer)} nats.",
        ],
        {"x": x, "noise": noise, "m": m, "s": s},
        unit="nats",
        slips=[
            (kl_of_gaussians(mean, sd, m, s), "That is KL(p(z | x) ‖ q(z | x)), the other way round."),
            (maths.kl(m, s), "That is the KL to the prior, a term of the ELBO; the gap is the KL to the posterior."),
        ],
    )


@choice("collapse", "An encoder without information", state="mode=explore&beta=100")
def collapse(draw: Draw) -> Choice:
    """Ask how posterior collapse shows in the bound."""
    return Choice(
        "After training, q(z | x) is the prior N(0, I) for every x. What follows?",
        "The KL term is 0, and z carries no information about x.",
        {
            "The bound is tight, whatever the decoder does.": "It is tight only if p(z | x) is the prior, too: if the "
            "decoder ignores z. A decoder that uses z would leave a gap.",
            "The ELBO is the highest that it can be.": "One of its two terms is at its best; the other, the "
            "reconstruction, has no help from z.",
            "New images can no longer be drawn.": "They can: the decoder gets draws of the prior, as always. But "
            "training rewarded no use of z.",
        },
        ["The rate is the mean KL term, and it bounds the information of z about x."],
        [
            "KL(q(z | x) ‖ p(z)) = 0 if and only if q(z | x) = p(z). If that holds for every x, a draw z of the "
            "encoder is independent of x.",
            "The best that a decoder can do is then to give every z the same p(x), as the map shows at β = 100.",
        ],
        draw.order(4),
    )


@functools.cache
def _images(dataset: str) -> torch.Tensor:
    return data.bundled_binary_images(dataset)


@functools.lru_cache(maxsize=256)
def rate(dataset: str, beta: float) -> float:
    """Return the mean KL to the prior over the test images on the map, in nats."""
    model = checkpoints.load(f"beta-vae-{dataset}")
    with torch.no_grad():
        q = model.encode(_images(dataset).to(device_of(model)), beta)
    return float(kl_to_prior(q.mean, q.stddev).mean())


SOLVES = {0.2: 22.0, 1: 18.0, 2: 15.0}


@setting("price", "The price of a code", reads="data beta", state="mode=explore")
def price(draw: Draw) -> Setting:
    """Ask for a β at which the rate lies between two bounds."""
    low, high = draw.one_of(((0.2, 1), (1, 2), (2, 3)))

    def holds(data: str, beta: float) -> tuple[bool, str]:
        if beta == 0:
            return False, "at β = 0 there is no posterior, so there is no rate"
        found = rate(data, beta)
        said = f"over the 2,000 images at β = {beta:.3g} R is {say(found)} nats"
        return low < found < high, said

    return Setting(
        f"Drag β until the codes of the 2,000 images on the map cost between {low:g} and {high:g} nats on average. "
        "This rate R is the mean of KL(q(z | x) ‖ N(0, I)).",
        holds,
        {"data": "mnist", "beta": SOLVES[low]},
        ["R stands beside the slider: it falls while β grows.", "Look between β = 10 and β = 40."],
        [
            f"At β = {SOLVES[low]} a code costs {say(rate('mnist', SOLVES[low]), 2)} nats: each nat of it costs β "
            "nats of distortion, so a code carries only what saves more than that.",
        ],
    )


EXERCISES = (kl_to_the_prior, reparameterise, gradient, gap, collapse, price)
