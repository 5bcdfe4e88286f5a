"""A discrete diffusion of bars and stripes of 4×4 pixels, for which p(x₀ | xₜ) needs no network.

States are 0 black, 1 white, 2 masked. Reference: Austin et al. 2021, section 3.
"""

import torch
from torch import Tensor

from explorer.models.transitions import Chain
from explorer.tabs.kit.ask.draws import uniforms

BARS_SIDE = 4
CELLS = BARS_SIDE * BARS_SIDE
MASK = 2


def _patterns() -> Tensor:
    """Return all bars and stripes, whole rows or whole columns that are white: (30, CELLS)."""
    codes, cells = torch.arange(2**BARS_SIDE)[:, None], torch.arange(CELLS)
    rows, columns = ((codes >> place) & 1 for place in (cells // BARS_SIDE, cells % BARS_SIDE))
    return torch.cat([rows, columns[1:-1]])  # an empty and a full image are both


PATTERNS = _patterns()


def weights(chain: Chain, t: int, x_t: Tensor) -> Tensor:
    """Compute p(x₀ | xₜ) of each pattern, all equally likely before: (N, CELLS) to (N, 30); 0 where none fits."""
    found = chain.until(t)[PATTERNS, x_t[:, None]].prod(-1)
    return (found / found.sum(-1, keepdim=True)).nan_to_num(0)


def whites(weight: Tensor, x_t: Tensor) -> Tensor:
    """Compute the probability of white of each pixel of x₀: (N, 30) and (N, CELLS) to (N, CELLS).

    Pixels that must agree may be drawn apart, so that no pattern fits. Then a visible pixel stays, and a masked one is
    white with probability 1/2.
    """
    none = weight.sum(-1, keepdim=True) == 0
    return torch.where(none, torch.where(x_t == MASK, 0.5, x_t.double()), weight @ PATTERNS.double())


def guess(chain: Chain, t: int, x_t: Tensor) -> Tensor:
    """Compute the probability of white of each pixel of x₀: (N, CELLS) to the same shape."""
    return whites(weights(chain, t, x_t), x_t)


def draw(p: Tensor, u: Tensor) -> Tensor:
    """Draw states from their probabilities (…, K) by uniform numbers (…): integers (…)."""
    return (u[..., None] >= p.cumsum(-1)[..., :-1]).sum(-1)


def forwards(chain: Chain, x_0: Tensor, seed: int) -> Tensor:
    """Draw x₀ … x_T by the forward process: (T + 1, CELLS)."""
    noise, found = uniforms(seed, chain.times * CELLS).view(-1, CELLS), [x_0]
    for t, u in enumerate(noise, start=1):
        found.append(draw(chain.step(t)[found[-1]], u))
    return torch.stack(found)


def backwards(chain: Chain, seeds: list[int]) -> Tensor:
    """Draw x_T, independent of x₀, then the pixels of each xₜ₋₁ independently: x₀ first, (T + 1, N, CELLS)."""
    noise = torch.stack([uniforms(seed, (chain.times + 1) * CELLS).view(-1, CELLS) for seed in seeds], dim=1)
    found = [draw(chain.until(chain.times)[0].expand(len(seeds), CELLS, -1), noise[0])]
    for t, u in zip(range(chain.times, 0, -1), noise[1:]):
        white = guess(chain, t, found[0])
        found.insert(0, draw(chain.reverse(found[0], torch.stack([1 - white, white], -1), t), u))
    return torch.stack(found)


def is_pattern(x: Tensor) -> Tensor:
    """Return whether images are bars or stripes: (N, CELLS) to (N,)."""
    return (x[:, None] == PATTERNS).all(-1).any(-1)
