r"""Base class of autoregressive models over characters: the chain rule, one character after another.

$$ \log p(x) = \sum_{t=1}^{T} \log p(x_t \mid x_1, \dots, x_{t-1}) $$

Texts x are (B, T) integers from 0 to V − 1, the places of the characters in an alphabet. All log-probabilities are in
nats. A model reads a text of any length. A sampler draws one character at a time. It may change the distribution first:
it divides the log-probabilities by a temperature, and removes unlikely characters.

References:
    Fan et al., Hierarchical Neural Story Generation, 2018, https://arxiv.org/abs/1805.04833 (top-k)
    Holtzman et al., The Curious Case of Neural Text Degeneration, 2020, https://arxiv.org/abs/1904.09751 (top-p)
"""

from abc import abstractmethod
from collections.abc import Generator, Iterator
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.levels import check_temperature, draw_level, entropy, temper
from explorer.models.sampled import Sampled
from explorer.models.watermark import Mark
from explorer.models.whole import check_count
from explorer.spaces import TEXT, Tokens
from explorer.spaces.tokens import LONGEST
from explorer.steps import Number, Step


class Reader(Protocol):
    """State of a model that has read the beginning of n texts."""

    def read(self, x: Tensor) -> Tensor:
        """Read the next characters (n, k), k may be 0, and return log p of the character after them: (n, V)."""
        ...


class TextModel(Sampled):
    """Base class of the models that predict each character from those before it; a subclass defines `log_probs`."""

    space: Tokens = TEXT
    loss_unit = "nats/character"
    numbers = {
        "log_prob": Number("log p of the character, given those before it", "nats", curve=True),
        "entropy": Number("entropy of the character, given those before it", "nats", curve=True),
        "cut": Number("probability of the removed characters"),
    }
    completes = "continued character by character, given the beginning"
    cannot = {
        "label": "texts have no labels, so it cannot be asked for a class",
        "encode": "an autoregressive model has no latent variable: it knows a character by the characters before it",
        "interpolate": "an autoregressive model has no latent variable in which something could lie between two texts",
    }

    @abstractmethod
    def log_probs(self, x: Tensor, **reading) -> Tensor:
        """Compute log p(· | x_<t) of every character of the alphabet at every position, in nats: (B, T) to (B, T, V).

        A subclass may define options of `reading`, such as an order, or a head that is switched off.
        """

    def conditionals(self, x: Tensor, **reading) -> Tensor:
        """Compute log p(x_t | x_<t) of every character, in nats: (B, T).

        Raises:
            ValueError: if `x` holds other numbers than those of characters.
        """
        self.space.check(x)
        return self.log_probs(x, **reading).gather(-1, x.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, x: Tensor, **reading) -> Tensor:
        """Exact log-probability of each text, given its length, in nats: (B, T) to (B,)."""
        return self.conditionals(x, **reading).sum(-1)

    @abstractmethod
    def reader(self, n: int, **reading) -> Reader:
        """Return the state before the first character of n texts."""

    @torch.no_grad()
    def predictions(self, length: int) -> Generator[tuple[int, Tensor], int, None]:
        """Yield, for a text of `length` characters, each place and log p of every character there: (V,).

        It is a generator that must be sent the true character after each prediction. The operations are the same for
        everybody who sends the same characters, so the predictions are equal to the last bit.
        """
        reader, new = self.reader(1), torch.empty(1, 0, dtype=torch.long)
        for place in range(length):
            symbol = yield place, reader.read(new)[0]
            new = torch.tensor([[symbol]])

    def sample_steps(
        self, n: int, *, generator: torch.Generator, length: int = TEXT.length, prefix: Tensor | None = None, **how
    ) -> Iterator[Step]:
        """Draw n texts of `length` characters, by `draw_steps` from uniform numbers of this generator.

        Each character has its own uniform number, whether it is given or not. So a prefix equal to the drawn characters
        changes nothing.

        Shapes: `prefix` (n, k) or None, k below `length`.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_count(length, "length", LONGEST)
        return self.draw_steps(torch.rand(n, length, generator=generator), prefix=prefix, **how)

    def complete_steps(self, x: Tensor, known: Tensor, *, generator: torch.Generator, **how) -> Iterator[Step]:
        """Draw the characters after the known ones, which must be the first ones, the same in all texts.

        Shapes: `x` (n, T); `known` booleans of that shape, True for characters to keep.

        Raises:
            ValueError: if a later character is known, or all of them: such a model can only continue.
        """
        count = self.check_known(x, known)
        return self.sample_steps(len(x), generator=generator, length=x.shape[1], prefix=x[:, :count], **how)

    @torch.no_grad()
    def draw_steps(
        self,
        u: Tensor,
        *,
        prefix: Tensor | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
        cached: bool = True,
        mark: Mark | None = None,
        **reading,
    ) -> Iterator[Step]:
        """Draw texts character by character: one step for each character that is not given.

        Every step's `time` is its character's place. Its `numbers` hold for each text (n,) the `log_prob` and the
        `entropy` at temperature 1 in nats, and the probability that the filters `cut`; and for each character of the
        alphabet (n, V) the probability `p` at temperature 1, and `q`, from which the character was drawn.

        Arguments:
            u: A number in [0, 1) for each character: (n, T).
            prefix: The first k characters, (n, k); they are kept.
            temperature: Divisor of the log-probabilities, above 0.
            top_k: Number of most likely characters that are kept; all if None.
            top_p: Characters are kept, most likely first, until their probability reaches this share.
            cached: True to reuse the work on earlier characters; False for comparisons.
            mark: Watermark, which changes `q` by the characters before; none if None.
            reading: Options of `log_probs`.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_filters(temperature, top_k, top_p)
        n, length = u.shape
        given = self.check_prefix(prefix, n, length)
        x = torch.full((n, length), self.space.size)
        x[:, : given.shape[1]] = given
        reader = self.reader(n, **reading) if cached else NaiveReader(self, n, **reading)
        new, start = given, given.shape[1]
        for place in range(start, length):
            log_p = reader.read(new).cpu()
            q, cut = filter_probabilities(log_p, temperature, top_k, top_p)
            q = q if mark is None else mark(q, x[:, :place])
            new = draw_level(q.log(), u[:, place]).unsqueeze(-1)
            x[:, place : place + 1] = new
            numbers = {"log_prob": log_p.gather(-1, new)[:, 0], "entropy": entropy(log_p), "cut": cut}
            numbers |= {"p": log_p.exp(), "q": q}
            known = torch.arange(length) <= place
            yield Step(x.clone(), place - start, length - start, place, numbers=numbers, known=known)

    def check_known(self, x: Tensor, known: Tensor) -> int:
        """Return the number of known characters.

        Shapes: `x` and the booleans `known` (n, T).

        Raises:
            ValueError: unless these are the first ones, the same in all texts, and not all of them.
        """
        self.space.check(x)
        if known.shape != x.shape or known.dtype != torch.bool:
            raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
        count = int(known[0].sum())
        if count == x.shape[1] or not bool(known[:, :count].all()) or bool(known[:, count:].any()):
            raise ValueError("this model reads from left to right: it can only continue the first characters")
        return count

    def check_prefix(self, prefix: Tensor | None, n: int, length: int) -> Tensor:
        """Return the first characters (n, k), none if `prefix` is None.

        Raises:
            ValueError: unless they are characters of the alphabet, and fewer than `length`.
        """
        if prefix is None or not prefix.numel():
            return torch.empty(n, 0, dtype=torch.long)
        self.space.check(prefix)
        if len(prefix) != n or prefix.shape[1] >= length:
            raise ValueError(f"prefix must be ({n}, k) with k below {length}, not {tuple(prefix.shape)}")
        return prefix


class NaiveReader:
    """Reader that runs the whole model on the whole text for every new character.

    Arguments:
        memory: Number of last characters that are kept, if the model depends on no more; all if None.
        reading: Options of the model's `log_probs`.
    """

    def __init__(self, model: TextModel, n: int, memory: int | None = None, **reading):
        self.model, self.memory, self.reading = model, memory, reading
        self.text = torch.empty(n, 0, dtype=torch.long)

    def read(self, x: Tensor) -> Tensor:
        """Read the next characters (n, k), and return log p of the character after them: (n, V)."""
        self.text = torch.cat([self.text, x], dim=1)
        if self.memory is not None:
            self.text = self.text[:, max(0, self.text.shape[1] - self.memory) :]
        whole = F.pad(self.text, (0, 1))  # nothing depends on the last character
        return self.model.log_probs(whole, **self.reading)[:, -1]


def excerpts(x: Tensor, length: int, generator: torch.Generator) -> Tensor:
    """Cut a random excerpt of `length` characters out of each text: (B, T) to (B, length)."""
    start = torch.randint(x.shape[1] - length + 1, (len(x), 1), generator=generator)
    return x.gather(1, (start + torch.arange(length)).to(x.device))


def check_filters(temperature: float, top_k: int | None, top_p: float) -> None:
    """Raise ValueError unless the temperature is above 0, top-k a whole number from 1 or None, top-p in (0, 1]."""
    check_temperature(temperature)
    if not 0 < top_p <= 1:
        raise ValueError(f"top_p must be a number above 0 and at most 1, not {top_p!r}")
    if top_k is not None:
        check_count(top_k, "top_k")


def filter_probabilities(log_p: Tensor, temperature: float, top_k: int | None, top_p: float) -> tuple[Tensor, Tensor]:
    """Return the filtered probabilities q (n, V), and the tempered probability of the removed characters (n,).

    The temperature comes first. Top-k keeps the k most likely characters. Top-p keeps the smallest set of most likely
    characters whose tempered probability is at least `top_p`. Both filters apply to the tempered distribution.

    Shapes: `log_p` (n, V).

    Reference: Fan et al. 2018 (top-k); Holtzman et al. 2020, equations 2 and 3 (top-p).
    """
    p = temper(log_p, temperature).exp()
    ranked, order = p.sort(dim=-1, descending=True, stable=True)
    kept = ranked.cumsum(-1) - ranked < top_p  # the probability of more likely characters is still too small
    kept &= torch.arange(p.shape[-1]) < (top_k or p.shape[-1])
    q = p.where(torch.zeros_like(p, dtype=torch.bool).scatter(-1, order, kept), 0.0)
    total = q.sum(-1, keepdim=True)
    return q / total, (1 - total[:, 0]).clamp(min=0)
