"""Shared by several modes of text: networks, the tint of characters, and how gaps are filled."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any

from torch import Tensor

from explorer.fields import Field, OneOf, Real, Text
from explorer.models.text import TextModel
from explorer.models.text_diffusion import MASKED_TEXT_ORDERS
from explorer.networks import checkpoints
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import percent
from explorer.serving.films import Scene
from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.nets import apart
from explorer.tabs.text.exercises import LINE, TRANSFORMER

OURS = {TRANSFORMER: "Transformer", "lstm-shakespeare": "LSTM", "ngram-shakespeare": "N-grams"}
NETS = OURS | apart("transformer", "lstm", "ngram")
DIFFUSION = "d3pm-shakespeare"
FILLED = 128  # most characters that the diffusion fills in at once
NET = Field("net", OneOf(tuple(NETS)), TRANSFORMER, "the network")
TEMPERATURE = Field("temperature", Real(0.1, 2), 1, "the temperature", "Below 1 likely characters become likelier")
WORDS = Field("words", Text(LONGEST, 1), title="the text")  # each mode begins with a text of its own
ORDER = Field("order", OneOf(MASKED_TEXT_ORDERS), "random", "the order")
STEPS = Field("steps", OneOf((1, 4, 8, 16, 32, 64, 128)), 64, "the number of steps")
TextNet = Annotated[str, NET]
Temperature = Annotated[float, TEMPERATURE]
Words = Annotated[str, replace(WORDS, default=LINE, optional=True)]
Order = Annotated[str, ORDER]
Steps = Annotated[int, STEPS]
STRONGEST = 8  # bits of the strongest tint
NAMES = {" ": "space", "\n": "line break"}
OF_DRAWN = Figure("surprise of the drawn characters", unit="bits/character")
MASKED = Figure("masked characters", digits=0)
DRAWN = Figure("drawn characters", digits=0)
EVALUATIONS = Figure("network evaluations", digits=0)
FILL_HEADS = (OF_DRAWN, MASKED, DRAWN, EVALUATIONS)
JUDGED = Figure("the transformer's surprise at the end", unit="bits/character")
HOW = {"random": "in a random order", "left": "from left to right", "confident": "the most confident ones first"}
BITS = math.log(2)  # nats
Entry = Mapping[str, Any]
ORDER_TITLES = dict(zip(MASKED_TEXT_ORDERS, ("random", "left to right", "by confidence"), strict=True))
FILMED = (8, 16, 32, 64, 128)  # steps of the film of unmasking
TEXTS = "text/texts"  # module
IN_BITS = math.log(2)  # nats
Frame = dict[str, Any]
OF_GAPS = ("log_prob", "entropy", "confidence", "new")


def name_of(character: str) -> str:
    """Return a character as the page names it."""
    return NAMES.get(character, character)


def tinted_text(text: str, bits: Sequence[float], given: int = 0) -> dict[str, Any]:
    """Return a text with the tints of its characters; the first `given` are not measured."""
    tints = [0 if place < given else round(min(1, cost / STRONGEST), 2) for place, cost in enumerate(bits)]
    return {"characters": text, "tints": tints, "kinds": ["given"] * given}


def masked_sentence(left: int) -> str:
    """Return how many characters are masked."""
    return "1 character is masked" if left == 1 else f"{left} characters are masked"


@dataclass
class Filled:
    """Text about masked characters that become known; call it once for each frame.

    Arguments:
        masked: Number of characters that are masked at first.
        nats: Cost of the characters that are drawn by now.
        steps: Number of steps by now.
    """

    masked: int
    nats: float = 0
    steps: int = -1

    def __call__(self, fresh: str, left: int, log_prob: float) -> Report:
        """Return the figures and sentences after a step: the characters it drew, and how many are masked still."""
        self.steps += 1
        self.nats -= log_prob
        count = self.masked - left
        numbers = [
            OF_DRAWN.of(self.nats / BITS / count if count else None),
            MASKED.of(left),
            DRAWN.of(count or None),
            EVALUATIONS.of(self.steps),
        ]
        return Report(numbers, self.words(fresh, left), self.caption(left))

    def caption(self, left: int) -> str:
        """Return what stands under the text."""
        if not left:
            return "Nothing is masked"
        return f"{masked_sentence(left)}; the grey ones are the network's guesses"

    def words(self, fresh: str, left: int) -> str:
        """Return the sentences."""
        if self.steps == 0:
            return f"{masked_sentence(left)}. The network sees the text on both sides of a gap."
        drew = f"“{name_of(fresh)}”" if len(fresh) == 1 else f"{len(fresh)} characters at once"
        now = f"Step {self.steps} drew {drew}; {left} {'is' if left == 1 else 'are'} masked."
        if not left:
            drawn = "The masked character is" if self.masked == 1 else f"All {self.masked} masked characters are"
            now = f"{drawn} drawn, given the text on both sides."
        return f"{now} Characters of one step do not see each other, so fewer steps fit worse."


@dataclass
class Unmasked(Filled):
    """The same of a text of nothing but masks, or of characters `again` that are drawn again.

    Arguments:
        order: Order in which they are drawn.
        total: Number of steps.
        again: Number of characters that a visitor masked again.
    """

    order: str = ""
    total: int = 0
    again: int = 0
    drawn: str = ""

    def caption(self, left: int) -> str:
        """Return what stands under the text."""
        return masked_sentence(left) if left else "Nothing is masked"

    def words(self, fresh: str, left: int) -> str:
        """Return the sentences."""
        self.drawn += fresh
        if self.again and not left:
            drawn = ", ".join(f"“{name_of(character)}”" for character in self.drawn)
            p = percent(math.exp(-self.nats))
            return f"Given all the others, the network drew {drawn}: a probability of {p}. Tap another one."
        if self.steps == 0:
            return f"{masked_sentence(left)}, and every step draws some of them. Here they come {HOW[self.order]}."
        if left:
            return super().words(fresh, left)
        each = self.masked // self.total
        return (
            f"All {self.masked} characters are drawn, {'one' if each == 1 else each} at a time, {HOW[self.order]}. Tap "
            "one to mask it again."
        )

    def with_cost(self, report: Report, nats: float | None) -> Report:
        """Return the report with the cost of the text by another network, in nats a character, as its first number."""
        return replace(report, numbers=[JUDGED.of(None if nats is None else nats / BITS), *report.numbers])


def fill_scenes(steps: Iterable[Step], start: Step, tell: Filled) -> Iterator[Scene]:
    """Yield `start` without an evaluation, then every step as a frame, with the report of it."""
    judging = isinstance(tell, Unmasked)

    def scene(step: Step, fresh: str, log_prob: float) -> Frame:
        nats = judge_cost(step.x.cpu()) if judging and not step.time else None
        said = tell(fresh, int(step.time), log_prob)
        more = {} if nats is None else {"judged": nats}
        report = tell.with_cost(said, nats) if judging else said
        return frame(step, TEXT, OF_GAPS, more) | {"report": report.to_props()}

    yield 0, scene(start, "", 0)
    for step in steps:
        fresh = TEXT.text(step.x[0].cpu()[step.numbers["new"][0].cpu()])
        yield 1, scene(step, fresh, float(step.numbers["log_prob"][0]))


def judge_cost(x: Tensor) -> float | None:
    """Return −log p of a text (1, T) by the transformer, in nats a character; None if it cannot be loaded."""
    with suppress(checkpoints.CheckpointError):
        judge: TextModel = checkpoints.load(TRANSFORMER)
        return float(-judge.conditionals(x).mean())
    return None


def entry(title: str, nats: Tensor) -> Entry:
    """Return a model's bits for each character; `nats` (1, T) are log-probabilities."""
    return {"title": title, "bits": [round(bits, 3) for bits in (-nats[0] / IN_BITS).tolist()]}
