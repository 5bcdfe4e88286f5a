"""Learn a text: an n-gram model, a transformer from random weights, and a trained one that is continued, on one clock.

The last tenth of the text is held out. The models learn the end of what comes before it, as much as is asked for. The
clock counts seconds of training, the same for both transformers: processor time of the training's thread, so that other
work on a busy machine changes nothing. At each look, a model is measured by its bits a character on held-out text, and
draws a sample. The weights of the look with the fewest bits are kept (early stopping). So the held-out text also
chooses the look, and the figure of the kept one is slightly optimistic.

References:
    Prechelt, Early Stopping – But When?, 1998
    Howard & Ruder, Universal Language Model Fine-tuning for Text Classification, 2018, https://arxiv.org/abs/1801.06146
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.own_text import OwnNGram, continued, fresh
from explorer.models.text import TextModel
from explorer.models.transformer import Transformer, shift
from explorer.running.pauses import pause
from explorer.spaces import Tokens
from explorer.verdicts import Estimate

TEXT_HELD = 0.1  # share of the text that is held out
MARKS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)  # shares of the seconds at which a look is taken
TEXT_READ, TEXT_BEFORE, MOST_WINDOWS = 256, 64, 32  # characters of a window, those that do not count, and windows
TEXT_SAMPLED, TEXT_REAL = 120, 8  # characters of a sample; passages of held-out text for comparison
TEXT_BATCH, TEXT_RATE, WARM, TEXT_DECAY, CLIP = 8, 1e-3, 0.03, 0.1, 1.0
DROPOUT = 0.3  # of the continued network, which would learn a short text by heart; as in its own training
SMALL = {"width": 128, "layers": 3, "heads": 4, "context": 256}  # of the transformer from scratch
BITS = math.log(2)  # nats
COUNT_BYTES = 24  # of an entry of a table of counts
NAMES = {"ngram": "N-gram", "scratch": "From scratch", "continued": "Shakespeare, continued"}


@dataclass(frozen=True)
class Copied:
    """Longest part of a sample that the training text holds: its place there, its place in the sample, its length."""

    place: int
    start: int
    length: int


@dataclass(frozen=True)
class Look:
    """A model at one time of its training.

    Arguments:
        seconds: Seconds of training by now.
        steps: Steps by now.
        bits: Bits a character on held-out text, with its standard error over windows.
        sample: Drawn characters.
        copied: Longest part of the sample that the training text holds.
        loss: Mean bits a character on the batches since the last look; None before the first.
    """

    seconds: float
    steps: int
    bits: Estimate
    sample: str
    copied: Copied
    loss: float | None = None


@dataclass(frozen=True)
class Moment:
    """Looks at all models at one place on the clock, and for each the index of the kept one."""

    index: int
    time: float
    looks: Mapping[str, Look]
    kept: Mapping[str, int]


@dataclass(frozen=True)
class Text:
    """A text (N,) with its parts: the training text, and windows of the held-out tenth.

    Arguments:
        codes: Numbers of the characters.
        space: Alphabet of the text.
        share: Share of the training text that is used, its end.
    """

    codes: Tensor
    space: Tokens
    share: float = 1.0

    @cached_property
    def cut(self) -> int:
        """Place of the first held-out character."""
        return len(self.codes) - round(TEXT_HELD * len(self.codes))

    @cached_property
    def train(self) -> Tensor:
        """Training text."""
        return self.codes[self.cut - max(2, round(self.share * self.cut)) : self.cut]

    @cached_property
    def windows(self) -> tuple[Tensor, Tensor]:
        """Windows (W, 256) of held-out text, and which of their characters count, each of them once.

        Each window begins with at least `TEXT_BEFORE` characters that do not count. A long text has `MOST_WINDOWS`
        windows, evenly spaced.
        """
        size = min(TEXT_READ, len(self.codes))
        firsts = [*range(self.cut, len(self.codes), size - TEXT_BEFORE)]
        if len(firsts) > MOST_WINDOWS:
            firsts = [firsts[round(k * (len(firsts) - 1) / (MOST_WINDOWS - 1))] for k in range(MOST_WINDOWS)]
        starts = torch.tensor([min(first - TEXT_BEFORE, len(self.codes) - size) for first in firsts])
        places = starts.unsqueeze(-1) + torch.arange(size)
        return self.codes[places], places >= torch.tensor(firsts).unsqueeze(-1)

    def copied(self, sample: Tensor) -> Copied:
        """Return the longest part of a sample (T,) that the training text holds."""
        return longest_copy(sample.numpy(), self.train.numpy())

    def real_copies(self, length: int = TEXT_SAMPLED) -> float:
        """Return the mean length of the longest copied part of held-out passages of this length."""
        held = self.codes[self.cut :]
        length = min(length, len(held))
        starts = np.linspace(0, len(held) - length, TEXT_REAL).astype(int)
        return float(np.mean([self.copied(held[start : start + length]).length for start in starts]))


def longest_copy(sample: np.ndarray, text: np.ndarray) -> Copied:
    """Return the longest part of a sample (T,) that occurs in a text (N,); the first of several.

    The row of T rows holds, for each place of the text, the length of the common part that ends there.
    """
    found, run = Copied(0, 0, 0), np.zeros(len(text) + 1, np.int32)
    for end, code in enumerate(sample, 1):
        run[1:] = np.where(text == code, run[:-1] + 1, 0)
        last = int(run.argmax())
        if run[last] > found.length:
            length = int(run[last])
            found = Copied(last - length, end - length, length)
    return found


@torch.no_grad()
def measure(model: TextModel, text: Text) -> Estimate:
    """Return the bits a character on the held-out windows of a text, with the standard error over windows."""
    windows, counted = text.windows
    return estimate([-model.conditionals(part) for part in windows.split(TEXT_BATCH)], counted)


def estimate(nats: Sequence[Tensor], counted: Tensor) -> Estimate:
    """Return the mean of the costs that count, in bits, with its standard error over windows.

    Shapes: `nats`, parts of (W, T); `counted` (W, T).
    """
    costs = torch.cat([*nats]).double() / BITS * counted
    total, sums, sizes = float(costs.sum()), costs.sum(1), counted.sum(1)
    mean = total / int(sizes.sum())
    spread = float((sums - mean * sizes).square().sum())
    w = len(sums)
    return Estimate(mean, math.sqrt(spread * w / max(1, w - 1)) / int(sizes.sum()), w)


def best_order(model: OwnNGram, text: Text) -> tuple[int, Estimate]:
    """Return the order of an n-gram model with the fewest bits on the held-out windows, and these bits."""
    windows, counted = text.windows
    found = [estimate([-nats], counted) for nats in model.conditionals_by_order(windows)]
    best = min(range(len(found)), key=lambda order: found[order].value)
    return best, found[best]


@dataclass
class Trainee:
    """A transformer in training, with what was kept of it.

    Arguments:
        model: Transformer.
        text: Text to learn.
        generator: Random stream of the batches.
        clock: Returns seconds.
    """

    model: Transformer
    text: Text
    generator: torch.Generator
    clock: Callable[[], float] = time.thread_time
    steps: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)

    def __post_init__(self):
        weights = [*self.model.parameters()]
        groups = [
            {"params": [each for each in weights if each.ndim == 2], "weight_decay": TEXT_DECAY},
            {"params": [each for each in weights if each.ndim != 2], "weight_decay": 0.0},
        ]
        self.adam = torch.optim.AdamW(groups, lr=TEXT_RATE, betas=(0.9, 0.99))
        self.length = min(self.model.context, len(self.text.train))

    def step(self, progress: float) -> None:
        """Make one step, `progress` of the way through the training: random excerpts, AdamW, a rate that falls to 0."""
        begun = self.clock()
        for group in self.adam.param_groups:
            group["lr"] = TEXT_RATE * min(1.0, (progress + 1e-3) / WARM) * (1 - progress)
        train = self.text.train
        starts = torch.randint(len(train) - self.length + 1, (TEXT_BATCH, 1), generator=self.generator)
        part = train[starts + torch.arange(self.length)]
        with torch.autocast("cpu", torch.bfloat16, enabled=halves()):
            logits = self.model.trunk(shift(part, self.text.space.size))
        loss = F.cross_entropy(logits.flatten(0, 1).float(), part.flatten())
        self.adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.adam.step()
        self.steps += 1
        self.losses.append(float(loss.detach()) / BITS)
        self.seconds += self.clock() - begun

    def loss(self) -> float | None:
        """Return the mean loss since the last call, in bits a character."""
        losses, self.losses = self.losses, []
        return sum(losses) / len(losses) if losses else None


def halves() -> bool:
    """Return whether this processor multiplies matrices of 16-bit floats (bfloat16) faster than those of 32 bits."""
    known = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in known)


def take_look(model: TextModel, text: Text, seed: int, bits: Estimate | None = None, **reading: Any) -> Look:
    """Measure a model and draw a sample, always from the same random numbers."""
    bits = bits or measure(model, text)
    pause()
    generator, x = torch.Generator().manual_seed(seed), torch.empty(1, 0)
    for step in model.sample_steps(1, generator=generator, length=TEXT_SAMPLED, **reading):
        x = step.x
        pause()
    return Look(0.0, 0, bits, text.space.text(x[0]), text.copied(x[0]))


@dataclass(frozen=True)
class Done:
    """A piece of work that is done, in seconds of training."""

    seconds: float


@dataclass
class Learned:
    """What a training leaves: the n-gram model with its order, and the kept weights of the transformers."""

    ngram: OwnNGram | None = None
    order: int = 0
    weights: dict[str, dict[str, Tensor]] = field(default_factory=dict)
    shapes: dict[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Bytes of memory: of the weights, in 16 bits, and of the counts."""
        counted = sum(len(each.grams) + len(each.contexts) for each in self.ngram.counts) if self.ngram else 0
        weights = [each for one in self.weights.values() for each in one.values()]
        return sum(2 * each.numel() for each in weights) + COUNT_BYTES * counted

    def transformer(self, name: str, space: Tokens) -> Transformer:
        """Return a transformer with the kept weights."""
        model = Transformer(**self.shapes[name], space=space)
        model.load_state_dict({key: each.float() for key, each in self.weights[name].items()})
        return model.eval()


def steps(
    text: Text,
    base: Transformer,
    seconds: float,
    seed: int,
    learned: Learned,
    clock: Callable[[], float] = time.thread_time,
) -> Iterator[Moment | Done]:
    """Train the models, each for so many seconds, and yield every moment, and each piece of work in between.

    Arguments:
        text: Text to learn.
        base: Transformer that is continued.
        seconds: Seconds of training of each transformer.
        seed: Seed of new weights, batches and samples.
        learned: Filled with what is kept.
        clock: Returns seconds.
    """
    streams = [torch.Generator().manual_seed(4 * seed + k) for k in range(4)]
    begun = clock()
    learned.ngram = OwnNGram(text.train, text.space)
    learned.order, bits = best_order(learned.ngram, text)
    look = take_look(learned.ngram, text, seed, bits, order=learned.order)
    counted = replace(look, seconds=clock() - begun, steps=1)
    shape = {"width": base.trunk.head.in_features, "layers": len(base.trunk.blocks), "context": base.context}
    shape["heads"] = base.trunk.blocks[0].attention.heads
    learned.shapes |= {"scratch": SMALL, "continued": shape}
    trainees = {
        "scratch": Trainee(fresh(text.space, streams[0], **SMALL), text, streams[1], clock),
        "continued": Trainee(continued(base, text.space, streams[2], DROPOUT), text, streams[3], clock),
    }
    kept: dict[str, tuple[float, int]] = {}
    for index, mark in enumerate(MARKS):
        looks = {"ngram": counted}
        for name, trainee in trainees.items():
            yield from _train(trainee, mark * seconds, seconds)
            trainee.model.eval()
            looks[name] = replace(
                take_look(trainee.model, text, seed),
                seconds=trainee.seconds,
                steps=trainee.steps,
                loss=trainee.loss(),
            )
            if name not in kept or looks[name].bits.value < kept[name][0]:
                kept[name] = looks[name].bits.value, index
                learned.weights[name] = {key: each.half() for key, each in trainee.model.state_dict().items()}
        yield Moment(index, mark * seconds, looks, {"ngram": 0} | {name: each for name, (_, each) in kept.items()})


def _train(trainee: Trainee, until: float, seconds: float) -> Iterator[Done]:
    """Train up to a time; yield after each step."""
    trainee.model.train()
    while trainee.seconds < until:
        before = trainee.seconds
        trainee.step(min(1.0, before / seconds))
        pause()
        yield Done(trainee.seconds - before)
