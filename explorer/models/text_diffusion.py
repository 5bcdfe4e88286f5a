r"""Masked discrete diffusion of texts: characters are masked one by one, and a transformer learns to unmask them.

Notation: T characters; m the number of masked ones; $x_M$ the masked characters and $x_K$ the known ones. The absorbing
chain of `d3pm.py` masks each character at its own time, uniform in [0, 1], and a masked character stays masked. In
continuous time two characters never change together. So the chain is an order of the characters, and all T! orders are
equally likely. The reverse process is an autoregressive model in any order:

$$ \log p(x) \;\ge\; \sum_{m=1}^{T} \mathbb{E}_{M : |M| = m} \frac{1}{m} \sum_{k \in M} \log p(x_k \mid x_K) $$

The network is the one of `transformer.py` without its causal mask. A masked character is its additional symbol. Each
position sees the known characters on both sides, so a gap is filled to fit both.

References:
    Austin et al., Structured Denoising Diffusion Models in Discrete State-Spaces, 2021,
    https://arxiv.org/abs/2107.03006
    Hoogeboom et al., Autoregressive Diffusion Models, 2022, https://arxiv.org/abs/2110.02037
    Sahoo et al., Simple and Effective Masked Diffusion Language Models, 2024, https://arxiv.org/abs/2406.07524
    Chang et al., MaskGIT: Masked Generative Image Transformer, 2022, https://arxiv.org/abs/2202.04200 (by confidence)
"""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from explorer.models.d3pm import intervals
from explorer.models.levels import draw_level, entropy, temper
from explorer.models.sampled import Sampled
from explorer.models.text import check_filters, excerpts
from explorer.models.transformer import Trunk
from explorer.models.velocity import spread_steps
from explorer.models.whole import check_count
from explorer.spaces import TEXT, Tokens
from explorer.steps import Number, Step

MASKED_TEXT_ORDERS = (
    "random",
    "left",
    "confident",
)  # "left": from left to right; "confident": most confident character first
TEXT_STEPS = 64  # default of a sampler: two characters for each step of a text of 128
MASKED_TEXT_AT_ONCE = 32  # masks of one text that are evaluated together


class TextDiffusion(Sampled):
    """Absorbing diffusion of texts of at most C characters.

    Arguments:
        width, layers, heads: Those of the transformer.
        context: C.
        dropout: Share of what a block adds that is dropped in training.
    """

    title = "Masked diffusion of text"
    space: Tokens = TEXT
    loss_unit = "nats/character"
    numbers = {
        "log_prob": Number("log p of the new characters, given those before them", "nats", curve=True),
        "entropy": Number("entropy of the new characters, given those before them", "nats", curve=True),
    }
    completes = "unmasked in any order, given the known characters on both sides"
    cannot = {
        "label": "texts have no labels, so it cannot be asked for a class",
        "log_prob": "each order of the characters gives a likelihood of its own: their mean log bounds it",
        "encode": "a masked text has no code: at the end of its forward process nothing of it is left",
        "interpolate": "at the end of the forward process every text is the same, all masked: nothing lies between",
    }

    def __init__(self, width: int = 160, layers: int = 4, heads: int = 4, context: int = 128, dropout: float = 0.0):
        super().__init__()
        self.context, self.space = context, replace(TEXT, length=context)
        self.trunk = Trunk(width, layers, heads, context, causal=False, dropout=dropout)

    def predict(self, x: Tensor, masked: Tensor) -> Tensor:
        """Compute log p(· | x_K) of every character of the alphabet at every position: (B, T, V).

        Shapes: `x` (B, T) and `masked` booleans (B, T); the network does not see the masked characters.
        """
        return self.trunk(x.masked_fill(masked, self.space.size)).float().log_softmax(-1)

    def log_probs(self, x: Tensor, masked: Tensor) -> Tensor:
        """Compute log p(x_k | x_K) of every masked character k, in nats, and 0 for every other: (B, T)."""
        found = self.predict(x, masked).gather(-1, x.unsqueeze(-1)).squeeze(-1)
        return torch.where(masked, found, 0.0)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        r"""Mean of one term of the bound, $\frac{1}{m} \sum_{k \in M} -\log p(x_k \mid x_K)$, in nats a character.

        The mask sizes m of a batch are spread evenly over 1…C, which reduces the variance of the gradient.

        Shapes: `x` (B, T ≥ C), of which random excerpts of C characters are used.

        Reference: Hoogeboom et al. 2022, algorithm 2.
        """
        part = excerpts(x, self.context, generator)
        size = spread_steps(len(part), 1, self.context, generator).to(x.device)
        masked = random_mask(size, torch.ones_like(part, dtype=torch.bool), generator)
        return -(self.log_probs(part, masked).sum(-1) / size).mean()

    def elbo(self, x: Tensor, *, generator: torch.Generator, draws: int = 16, known: Tensor | None = None) -> Tensor:
        """Unbiased estimate of the lower bound on log p(x), in nats: (B, T) to (B,).

        The mask sizes are divided into `draws` equal intervals, and one mask is drawn from each.

        Arguments:
            known: Booleans (B, T), as many in each text. If given, the bound is on the log-probability of the others,
                given the known characters.
        """
        free = self.unknown(x, known)
        total = torch.zeros(len(x), device=x.device)
        for low, high in intervals(int(free[0].sum()), draws):
            size = torch.randint(low, high, (len(x),), generator=generator).to(x.device)
            masked = random_mask(size, free, generator)
            total = total + (high - low) / size * self.log_probs(x, masked).sum(-1)
        return total

    @torch.no_grad()
    def order_log_prob(self, x: Tensor, order: Tensor) -> Tensor:
        """Exact log p(x) of one text by the chain rule in one order, in nats: ().

        Every order is a separate model; the bound is the mean over orders.

        Shapes: `x` (1, T); `order` (T,), the places in order.

        Raises:
            ValueError: if `x` is no text, or longer than C.
        """
        self.check(x)
        place, total = order.argsort().to(x.device), torch.zeros((), dtype=torch.double)
        for now in torch.arange(len(order), device=x.device).split(MASKED_TEXT_AT_ONCE):
            masked = place >= now.unsqueeze(-1)
            found = self.log_probs(x.expand(masked.shape), masked)
            total += found.gather(-1, order.to(x.device)[now].unsqueeze(-1)).double().sum().cpu()
        return total

    def check(self, x: Tensor) -> None:
        """Raise ValueError unless x (B, T) are texts of at most C characters."""
        self.space.check(x)
        if x.shape[1] > self.context:
            raise ValueError(f"this diffusion knows texts of at most {self.context} characters, not {x.shape[1]}")

    def unknown(self, x: Tensor, known: Tensor | None) -> Tensor:
        """Return the mask of unknown characters, (B, T).

        Raises:
            ValueError: if `known` has the wrong form, covers all characters, or differs in number between the texts.
        """
        self.check(x)
        if known is None:
            return torch.ones_like(x, dtype=torch.bool)
        if known.shape != x.shape or known.dtype != torch.bool:
            raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
        counts = (~known).sum(-1)
        if not bool((counts == counts[0]).all()) or not int(counts[0]):
            raise ValueError("of every text as many characters must be known, and not all")
        return ~known

    def sample_steps(self, n: int, *, generator: torch.Generator, length: int | None = None, **how) -> Iterator[Step]:
        """Unmask n texts of `length` characters, C if None, by `unmask_steps` with this generator's noise.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        length = check_count(self.context if length is None else length, "length", self.context)
        x = torch.zeros(n, length, dtype=torch.long)
        return self.unmask_steps(x, torch.zeros_like(x, dtype=torch.bool), *noise(n, length, generator), **how)

    def complete_steps(self, x: Tensor, known: Tensor, *, generator: torch.Generator, **how) -> Iterator[Step]:
        """Unmask the unknown characters, wherever they are, given all known ones.

        The conditioning is exact, except that characters of one step are drawn independently.

        Shapes: `x` (n, T); `known` booleans of that shape, with the same number in every text.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        self.unknown(x, known)
        when, u = noise(len(x), x.shape[1], generator)
        return self.unmask_steps(x, known, when, u, **how)

    @torch.no_grad()
    def unmask_steps(
        self,
        x: Tensor,
        known: Tensor,
        when: Tensor,
        u: Tensor,
        *,
        steps: int = TEXT_STEPS,
        order: str = "random",
        temperature: float = 1.0,
    ) -> Iterator[Step]:
        """Unmask the unknown characters, spread evenly over the steps; those of one step are drawn independently.

        Every step's `time` is the number of characters masked after it. Its picture `guess` has the most likely
        character at every place that was masked before the step. Its `numbers` are the places of the `new` characters
        (n, k); the sums of their log p and entropy at temperature 1 (n,); and the `confidence` (n, T): the largest
        probability at a place, now if it was masked before the step, when it was drawn if not, and 1 for a given one.

        Arguments:
            when, u: The numbers of `noise`.
            steps: Number of network evaluations; fewer if fewer characters are masked.
            order: One of `MASKED_TEXT_ORDERS`.
            temperature: Divisor of the log-probabilities, above 0.

        Reference: Austin et al. 2021, appendix A.3; Chang et al. 2022, section 3.2 (without its noise).

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_how(steps, order, temperature)
        device = self.trunk.head.weight.device
        x, masked, u, when = x.to(device), ~known.to(device), u.to(device), when.to(device)
        x = x.masked_fill(masked, self.space.size)
        confidence = torch.ones(x.shape, device=device)
        total = max(1, min(steps, int(masked[0].sum())))
        for index in range(total):
            log_p, left = self.predict(x, masked), int(masked[0].sum())
            best, guess = log_p.max(-1)
            confidence = torch.where(masked, best.exp(), confidence)
            new = next_masked(masked, confidence, when, order, left // (total - index))
            drawn = draw_level(temper(log_p, temperature), u)
            x = x.scatter(1, new, drawn.gather(1, new))
            numbers = {"new": new, "confidence": confidence} | step_numbers(log_p, x, new)
            guess = torch.where(masked, guess, x)
            masked = masked.scatter(1, new, False)
            shared = ~masked[0] if bool((masked == masked[:1]).all()) else None
            yield Step(x, index, total, left - new.shape[1], {"guess": guess}, numbers, shared)


def check_how(steps: int, order: str, temperature: float) -> None:
    """Raise ValueError unless there is a step, the order is of `MASKED_TEXT_ORDERS`, and the temperature above 0."""
    check_count(steps, "steps")
    check_filters(temperature, None, 1.0)
    if order not in MASKED_TEXT_ORDERS:
        raise ValueError(f"order must be one of {', '.join(MASKED_TEXT_ORDERS)}, not {order!r}")


def noise(n: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw uniform numbers in [0, 1): for the order of the places (T,), shared by all texts; for characters (n, T)."""
    return torch.rand(length, generator=generator), torch.rand(n, length, generator=generator)


def next_masked(masked: Tensor, confidence: Tensor, when: Tensor, order: str, count: int) -> Tensor:
    """Return the next `count` masked places in an order: (n, count).

    Shapes: `masked` and `confidence` (n, T); `when` (T,).
    """
    if order == "confident":
        rank = -confidence
    else:
        left = torch.arange(len(when), device=when.device) / len(when)
        rank = (when if order == "random" else left).expand(masked.shape)
    return rank.where(masked, 2.0).argsort(dim=-1, stable=True)[:, :count]


def step_numbers(log_p: Tensor, x: Tensor, new: Tensor) -> dict[str, Tensor]:
    """Return log p and entropy of a step's new characters, each summed: (n,).

    Shapes: `log_p` (n, T, V), `x` (n, T), `new` (n, k).
    """
    at = log_p.gather(1, new.unsqueeze(-1).expand(-1, -1, log_p.shape[-1]))  # (n, k, V)
    found = at.gather(-1, x.gather(1, new).unsqueeze(-1)).squeeze(-1)
    return {"log_prob": found.sum(-1), "entropy": entropy(at).sum(-1)}


def random_mask(size: Tensor, free: Tensor, generator: torch.Generator) -> Tensor:
    """Draw masks of given sizes (B,) among the free places (B, T), uniform over all masks of that size: (B, T)."""
    rank = torch.rand(free.shape, generator=generator).to(free.device).where(free, 2.0)
    return rank.argsort(-1).argsort(-1) < size.unsqueeze(-1)
