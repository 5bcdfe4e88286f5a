r"""WaveNet: each sample of a sound is predicted from those before it by dilated causal convolutions.

Notation: sample $x_t$ is one of 256 µ-law levels; digit and speaker give the condition h. The chain rule is exact:

$$ \log p(x \mid h) = \sum_{t=1}^{T} \log p(x_t \mid x_1, \dots, x_{t-1}, h) $$

Layer k sees its input at two places, $2^k$ samples apart, through a gated unit. What the unit outputs is added to the
layer's input (residual) and to a sum over all layers (skip), from which two layers compute 256 logits:

$$ z = \tanh(W_{f,k} * x + V_{f,k}^\top h) \odot \sigma(W_{g,k} * x + V_{g,k}^\top h) $$

Twelve layers with dilations 1, 2, 4, …, 2,048 see 4,096 samples, 512 ms; without dilation they would see thirteen.
Position t reads sample t − 1; the first reads a start symbol. Before the start, every layer reads 0.

The sampler keeps the last $2^k$ inputs of layer k in a queue. So a new sample costs one column of each layer, whatever
the receptive field is.

References:
    van den Oord et al., WaveNet: A Generative Model for Raw Audio, 2016, https://arxiv.org/abs/1609.03499
    Paine et al., Fast Wavenet Generation Algorithm, 2016, https://arxiv.org/abs/1611.09482 (the queues)
"""

from collections.abc import Generator, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.layers import Layers
from explorer.models.levels import check_temperature, draw_level, entropy, temper
from explorer.models.sampled import Sampled
from explorer.models.whole import check_count
from explorer.running.pauses import pause, pausing
from explorer.spaces import SOUND
from explorer.spaces.wave import LEVELS, WAVE_LONGEST
from explorer.steps import Number, Step

DIGITS, WAVENET_SPEAKERS = 10, 6
START = LEVELS  # symbol before the first sample; in a batch, also what follows the end of a shorter sound


class Layer(nn.Module):
    """Dilated causal convolution of width 2 with a gated unit, a residual and a skip connection.

    Reference: van den Oord et al. 2016, equation 2, section 2.5 and figure 4.
    """

    def __init__(self, channels: int, skips: int, dilation: int):
        super().__init__()
        self.dilation, self.channels = dilation, channels
        self.dilated = nn.Linear(2 * channels, 2 * channels)
        self.condition = nn.Embedding(WAVENET_SPEAKERS * DIGITS, 2 * channels)
        self.out = nn.Linear(channels, channels + skips)
        nn.init.zeros_(self.condition.weight)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return the next layer's input and the skip output: (B, T, R), (B, 1, 2R) to (B, T, R), (B, T, S)."""
        past = F.pad(x, (0, 0, self.dilation, 0))[:, : x.shape[1]]
        return self.unit(past, x, condition)

    def unit(self, past: Tensor, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the gated unit from the two places that it reads: (…, R), (…, R) to (…, R), (…, S)."""
        f, g = (self.dilated(torch.cat([past, x], dim=-1)) + condition).chunk(2, dim=-1)
        found = self.out(f.tanh() * g.sigmoid())
        return x + found[..., : self.channels], found[..., self.channels :]


class WaveNet(Sampled):
    """WaveNet of spoken digits, given digit and speaker.

    Arguments:
        channels, skips: Channels R of the residual stream, and S of the skip connections.
        layers, stacks: Layers of a stack, with dilations 1, 2, 4, …, and the number of such stacks.
        excerpt: Largest number of samples of a training excerpt, longer than the receptive field.
    """

    title, space, loss_unit = "WaveNet", SOUND, "nats/sample"
    classes = WAVENET_SPEAKERS * DIGITS
    """Labels are 10 · speaker + digit."""
    numbers = {
        "log_prob": Number("log p of the sample, given those before it", "nats", curve=True),
        "entropy": Number("entropy of the sample, given those before it", "nats", curve=True),
    }
    completes = "continued sample by sample, given the beginning"
    cannot = {
        "encode": "an autoregressive model has no latent variable: it knows a sample by the samples before it",
        "interpolate": "an autoregressive model has no latent variable in which something could lie between two sounds",
    }

    def __init__(self, channels: int = 32, skips: int = 64, layers: int = 10, stacks: int = 1, excerpt: int = 4_096):
        super().__init__()
        self.excerpt = excerpt
        self.embedding = nn.Embedding(LEVELS + 1, channels)
        self.layers = Layers(Layer(channels, skips, 2**k) for _ in range(stacks) for k in range(layers))
        self.hidden, self.head = nn.Linear(skips, skips), nn.Linear(skips, LEVELS)

    @property
    def receptive_field(self) -> int:
        """Number of samples on which a prediction depends."""
        return 1 + sum(layer.dilation for layer in self.layers)

    def forward(self, symbols: Tensor, label: Tensor) -> Tensor:
        """Compute the logits of the sample at every position: symbols up to 256 (B, T), label (B,) to (B, T, 256)."""
        x, total = self.embedding(symbols), torch.zeros(())
        for layer in self.layers:
            x, skip = layer(x, layer.condition(label).unsqueeze(1))
            total = total + skip
        return self.logits(total)

    def logits(self, total: Tensor) -> Tensor:
        """Compute logits from the sum of the skip outputs: (…, S) to (…, 256)."""
        return self.head(self.hidden(total.relu()).relu())

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p of the samples of random excerpts, in nats a sample: (B, T), 256 after the end of a sound.

        Samples that lack a part of their receptive field, because the excerpt begins after them, do not count.
        """
        spare = (x < START).sum(1).sub(self.excerpt - 1).clamp(min=1)
        start = (torch.rand(len(x), generator=generator).to(x.device) * spare).long()
        inputs = F.pad(x, (1, self.excerpt), value=START).gather(1, start.unsqueeze(1) + places(self.excerpt + 1, x))
        inputs, target = inputs[:, :-1], inputs[:, 1:]
        unseen = (start.unsqueeze(1) > 0) & (places(self.excerpt, x) < self.receptive_field - 1)
        counts = (target < START) & ~unseen
        longest = int((target < START).sum(1).max())
        logits = self(inputs[:, :longest], label)[counts[:, :longest]]
        return F.cross_entropy(logits, target[counts])

    def log_probs(self, x: Tensor, label: Tensor) -> Tensor:
        """Compute log p(· | x_<t, h) of the 256 levels at every position, in nats: (B, T), (B,) to (B, T, 256)."""
        return self(F.pad(x[:, :-1], (1, 0), value=START), label).log_softmax(-1)

    def conditionals(self, x: Tensor, label: Tensor) -> Tensor:
        """Compute log p(x_t | x_<t, h) of every sample, in nats: (B, T), (B,) to (B, T).

        Raises:
            ValueError: if `x` holds other numbers than levels.
        """
        self.space.check(x)
        return self.log_probs(x, label).gather(-1, x.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, x: Tensor, label: Tensor) -> Tensor:
        """Exact log-probability of each sound, given its length, digit and speaker, in nats: (B, T), (B,) to (B,)."""
        return self.conditionals(x, label).sum(-1)

    @torch.no_grad()
    def predictions(self, length: int, label: Tensor | None = None) -> Generator[tuple[int, Tensor], int, None]:
        """Yield, for a sound of `length` samples, each place and log p of every level there: (256,).

        It is a generator that must be sent the true level after each prediction, as `TextModel.predictions`.

        Raises:
            ValueError: without a label.
        """
        if label is None:
            raise ValueError("this network needs the digit and the speaker of a sound")
        reader, symbol = Queues(self, label), START
        for place in range(length):
            symbol = yield place, reader.read(torch.tensor([[symbol]]))[0]

    def sample_steps(
        self, n: int, *, generator: torch.Generator, label: Tensor, length: int = SOUND.length, **how
    ) -> Iterator[Step]:
        """Draw n sounds of `length` samples, by `draw_steps` from uniform numbers of this generator.

        Shapes: `label` (n,), 10 · speaker + digit.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_count(length, "length", WAVE_LONGEST)
        return self.draw_steps(torch.rand(n, length, generator=generator), label, **how)

    @torch.no_grad()
    def draw_steps(
        self,
        u: Tensor,
        label: Tensor,
        *,
        prefix: Tensor | None = None,
        temperature: float = 1.0,
        cached: bool = True,
        together: int = 1,
    ) -> Iterator[Step]:
        """Draw sounds sample by sample, one step for every `together` samples that are not given.

        Every step's `time` is the place of its last sample. Its `numbers` hold, for each of its samples (n, k), the
        `log_prob` and the `entropy` in nats, and the probability `p` of the 256 levels (n, k, 256), at temperature 1.

        Arguments:
            u: A number in [0, 1) for each sample: (n, T).
            label: 10 · speaker + digit: (n,).
            prefix: The first samples (n, k), k below T; they are kept.
            temperature: Divisor of the log-probabilities, above 0.
            cached: False to run the network on its whole receptive field for each sample, for comparisons.
            together: Number of samples of a step.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        check_temperature(temperature)
        n, length = u.shape
        x = torch.full((n, length), START)
        begin = 0 if prefix is None else self.check_prefix(prefix, n, length)
        x[:, :begin] = x[:, :0] if prefix is None else prefix
        reader = Queues(self, label) if cached else Naive(self, label)
        log_p = reader.read(F.pad(x[:, :begin], (1, 0), value=START))
        found, total = [], -(-(length - begin) // together)
        for place in range(begin, length):
            x[:, place] = draw_level(temper(log_p, temperature), u[:, place])
            found.append(log_p)
            if len(found) == together or place == length - 1:
                first, p = place + 1 - len(found), torch.stack(found, dim=1)
                drawn = p.gather(-1, x[:, first : place + 1].unsqueeze(-1))[..., 0]
                numbers = {"log_prob": drawn, "entropy": entropy(p), "p": p.exp()}
                known = torch.arange(length) <= place
                yield Step(x.clone(), (first - begin) // together, total, place, numbers=numbers, known=known)
                found = []
            if place < length - 1:
                log_p = reader.read(x[:, place : place + 1])
            pause()

    def check_prefix(self, prefix: Tensor, n: int, length: int) -> int:
        """Return the number of given samples, k of a prefix (n, k).

        Raises:
            ValueError: unless they are levels, and fewer than `length`.
        """
        self.space.check(prefix)
        if len(prefix) != n or prefix.shape[1] >= length:
            raise ValueError(f"prefix must be ({n}, k) with k below {length}, not {tuple(prefix.shape)}")
        return prefix.shape[1]


class Queues:
    """Cached sampling: each layer keeps the inputs that its second tap will read.

    It computes with arrays of NumPy, whose calls cost less than those of modules when a column is all there is to do.

    Reference: Paine et al. 2016.
    """

    def __init__(self, model: WaveNet, label: Tensor):
        self.time, self.channels = 0, model.embedding.weight.shape[1]
        self.embedding, layers = array(model.embedding.weight), model.layers
        half = torch.ones(2 * self.channels).to(model.embedding.weight)
        half[self.channels :] = 0.5  # of the gate: σ(g) = (1 + tanh(g / 2)) / 2
        self.conditions = [array((layer.condition(label) + layer.dilated.bias) * half) for layer in layers]
        self.taps = [array(layer.dilated.weight.T * half) for layer in layers]
        self.outs = [(array(layer.out.weight.T / 2), array(layer.out.bias)) for layer in layers]
        self.last = [(array(layer.weight.T), array(layer.bias)) for layer in (model.hidden, model.head)]
        shape = (len(label), self.channels)
        self.queues = [np.zeros((layer.dilation, *shape), self.embedding.dtype) for layer in layers]
        self.skips = np.zeros((len(label), model.hidden.in_features), self.embedding.dtype)

    def read(self, symbols: Tensor) -> Tensor:
        """Read the next symbols (n, k), k at least 1, and return log p of the sample after them: (n, 256)."""
        for symbol in pausing(symbols.T.numpy()):
            logits = self.column(symbol)
        return torch.from_numpy(logits).log_softmax(-1)

    def column(self, symbol: np.ndarray) -> np.ndarray:
        """Compute one column of the network: symbols (n,) to logits (n, 256)."""
        r = self.channels
        both = np.concatenate([self.embedding[symbol], self.skips], axis=1)  # the residual stream x, the skips so far
        for queue, taps, condition, (out, bias) in zip(self.queues, self.taps, self.conditions, self.outs):
            place, x = self.time % len(queue), both[:, :r]
            fg = np.tanh(np.concatenate([queue[place], x], axis=1) @ taps + condition)
            queue[place] = x
            both = both + ((fg[:, :r] * (1 + fg[:, r:])) @ out + bias)
        self.time += 1
        (hidden, hidden_bias), (head, head_bias) = self.last
        return np.maximum(np.maximum(both[:, r:], 0) @ hidden + hidden_bias, 0) @ head + head_bias


class Naive:
    """Sampling without queues: the whole receptive field is computed again for every sample."""

    def __init__(self, model: WaveNet, label: Tensor):
        self.model, self.label, self.symbols = model, label, torch.empty(len(label), 0, dtype=torch.long)

    def read(self, symbols: Tensor) -> Tensor:
        """Read the next symbols (n, k), and return log p of the sample after them: (n, 256)."""
        self.symbols = torch.cat([self.symbols, symbols], dim=1)
        return self.model(self.symbols[:, -self.model.receptive_field :], self.label)[:, -1].log_softmax(-1)


def array(x: Tensor) -> np.ndarray:
    """Return a contiguous array of a tensor's values, in its shape."""
    return np.ascontiguousarray(x.detach().cpu().numpy())


def places(count: int, like: Tensor) -> Tensor:
    """Return the places 0, 1, …, count − 1 on the device of `like`: (count,)."""
    return torch.arange(count, device=like.device)
