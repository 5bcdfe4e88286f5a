r"""Bits-back coding: a file of about −ELBO / ln 2 bits by a VAE, the ELBO in nats, and back.

Notation: prior $p(z)$, encoder $q(z \mid x)$, decoder $p(x \mid z)$. Each latent is rounded to one of $2^B$ bins of
equal prior mass, so $P(z) = 2^{-B}$; $Q(z \mid x)$ is the mass of $q$ in a bin. z stands in the middle of its bin.

Whoever sends x by z pays $-\log_2 p(x \mid z) - \log_2 P(z)$ bits. But many z would do. So the encoder does not
choose z: it *decodes* z from bits that it has already, by $Q$. The receiver decodes z, then x, and computes $Q$. So it
gets these bits back, and x costs

$$ -\log_2 p(x \mid z) - \log_2 P(z) + \log_2 Q(z \mid x), \qquad \text{on average } -\mathrm{ELBO} / \ln 2 $$

The first x needs bits to begin with. They are drawn from a seed, and the file holds them: this is its overhead. In a
chain of x, each begins with the bits of the one before, and only the first one pays.

References:
    Hinton & van Camp, Keeping the Neural Networks Simple by Minimizing the Description Length of the Weights, 1993
    Townsend, Bird & Barber, Practical Lossless Compression with Latent Variables using Bits Back Coding, 2019,
    https://arxiv.org/abs/1901.04866
"""

import math
from typing import TypeGuard

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Independent

from explorer.models.model import BitsBack, Model, discrete
from explorer.questions.coding import CODING_UNIT, TOTAL, DamagedError, Stack, frequencies
from explorer.running.pauses import pause

BITS_BACK_BINS = 8  # B, bits of a latent
BITS_BACK_SPARE = 8  # bits: a push rounds by 2⁻⁸ of a symbol's cost at most


def can_send_back(model: Model) -> TypeGuard[BitsBack]:
    """True if the model is a VAE with a standard normal prior, Gaussian q(z | x) and independent pixels."""
    return getattr(model, "bits_back", False)


def first_bits(model: BitsBack) -> int:
    """Return the number of bits to begin with: z takes at most B for each latent on average, and 24 must be left."""
    return BITS_BACK_BINS * model.latent + CODING_UNIT + BITS_BACK_SPARE


def first_state(model: BitsBack, seed: int) -> int:
    """Return random bits to begin with, after a 1 that keeps their number."""
    count = first_bits(model)
    drawn = torch.randint(2, (count,), generator=torch.Generator().manual_seed(seed)).tolist()
    return int("1" + "".join(map(str, drawn)), 2)


@torch.no_grad()
def compress(model: BitsBack, x: Tensor, seed: int = 0) -> tuple[bytes, list[float], float]:
    """Encode one x (1, *shape).

    Return the code, −log₂ p(x_i | z) of each symbol, and −log₂ P(z) + log₂ Q(z | x), which may be negative.
    """
    symbols, stack = discrete(model).symbols(x), Stack(first_state(model, seed))
    masses = posterior_masses(model.encode(x))
    found = [frequencies(each) for each in masses]
    z = [stack.pop(each) for each in found]
    log_p = pixel_log_probs(model, z)
    for place, symbol in reversed([*enumerate(symbols)]):
        stack.push(frequencies(log_p[place]), symbol)
    for each in reversed(z):
        stack.push(FLAT, each)
    pause()
    bits = (-log_p.gather(1, torch.tensor(symbols).unsqueeze(1))[:, 0] / math.log(2)).tolist()
    codes = sum(BITS_BACK_BINS + math.log2(int(each[bin]) / TOTAL) for each, bin in zip(found, z))
    return stack.state.to_bytes(-(-stack.state.bit_length() // 8), "big"), bits, codes


@torch.no_grad()
def expand(model: BitsBack, code: bytes, seed: int = 0) -> Tensor:
    """Decode an x: (1, *shape).

    Raises:
        DamagedError: if no encoder would have written this code with this seed.
    """
    stack = Stack(int.from_bytes(code, "big"))
    z = [stack.pop(FLAT) for _ in range(model.latent)]
    x = discrete(model).of_symbols([stack.pop(frequencies(each)) for each in pixel_log_probs(model, z)])
    pause()
    masses = posterior_masses(model.encode(x))
    for each, bin in reversed([*zip(masses, z)]):
        stack.push(frequencies(each), bin)
    if code[:1] == b"\0" or stack.state != first_state(model, seed):
        raise DamagedError("the bits that should come back are others")
    return x


FLAT = np.full(1 << BITS_BACK_BINS, TOTAL >> BITS_BACK_BINS)
"""Frequencies of the bins under the prior."""


def edges() -> Tensor:
    """Return the ends of the bins, from −∞ to ∞: (2^B + 1,)."""
    return torch.special.ndtri(torch.linspace(0, 1, (1 << BITS_BACK_BINS) + 1, dtype=torch.double))


def middles() -> Tensor:
    """Return the median of the prior in each bin: (2^B,)."""
    return torch.special.ndtri((torch.arange(1 << BITS_BACK_BINS, dtype=torch.double) + 0.5) / (1 << BITS_BACK_BINS))


def posterior_masses(q: Independent) -> Tensor:
    """Compute log Q of every bin of every latent of one x, in nats: (J, 2^B)."""
    mean, deviation = (each[0].double().unsqueeze(-1) for each in (q.mean, q.stddev))
    scaled = (edges() - mean) / deviation
    low, high = scaled[:, :-1], scaled[:, 1:]
    low, high = low.where(low < 0, -high), high.where(low < 0, -low)  # the small tail, where nothing cancels
    return (torch.special.ndtr(high) - torch.special.ndtr(low)).clamp(min=0).log()


def pixel_log_probs(model: BitsBack, z: list[int]) -> Tensor:
    """Compute log p of every level of every pixel, given the bins of the latents, in nats: (pixels, 2)."""
    code = middles()[z].unsqueeze(0).to(next(model.parameters()))
    logits = model.decode(code).base_dist.logits.flatten().double()
    return torch.stack([-nn.functional.softplus(logits), -nn.functional.softplus(-logits)], dim=-1)
