"""*Generate*: one character after another, drawn from what the network predicts."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, OneOf, Real, Text, Whole
from explorer.models.text import TextModel, filter_probabilities
from explorer.networks import checkpoints
from explorer.numbers.answer import Figure, Report
from explorer.numbers.words import num
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.shared import BITS, STRONGEST, TEMPERATURE, Temperature, TextNet, name_of

PROMPT = Field("prompt", Text(200), "ROMEO:\n", "the beginning")
LENGTH = Field("length", OneOf((100, 200, 400)), 200, "how many characters the text has")
TOP_K = Field("k", Whole(1, TEXT.size), TEXT.size, "top-k", "How many of the likeliest characters are kept")
TOP_P = Field("p", Real(0.05, 1), 1, "top-p", "Characters are kept until their probability reaches this share")
Prompt = Annotated[str, PROMPT]
Length = Annotated[int, LENGTH]
TopK = Annotated[int, TOP_K]
TopP = Annotated[float, TOP_P]
NOW = Figure("surprise", unit="bits")
ENTROPY = Figure("expected surprise (entropy)", unit="bits")
ALL_DRAWN = Figure("all drawn characters", unit="bits/character")
CUT = Figure("cut away", unit="%")
GENERATE_HEADS = (NOW, ENTROPY, ALL_DRAWN, CUT)
BOLD = {"temperature": 1, "k": TOP_K.default, "p": 1, "at": None}
GENERATE_LISTED = 12  # characters of a prediction that a frame lists
NAMED = ("log_prob", "entropy", "cut", "codes", "p", "q")


@dataclass
class Drawn:
    """Text about the characters that a network draws one after another; call it once for each."""

    bits: list[float] = field(default_factory=list)

    def __call__(self, place: int, total: int, character: str, log_prob: float, entropy: float, cut: float) -> Report:
        """Return the figures and sentences of the character that is drawn now, number `place`; nats."""
        cost = -log_prob / BITS
        self.bits.append(cost)
        return Report(
            [NOW.of(cost), ENTROPY.of(entropy / BITS), ALL_DRAWN.of(fmean(self.bits)), CUT.of(100 * cut)],
            caption=f"{place + 1} of {total} characters",
            view={"tint": round(min(1, cost / STRONGEST), 2), "counter": f"{place + 1}/{total}"},
            words=f"“{name_of(character)}” had a probability of {num(100 * math.exp(log_prob))} %. That is "
            f"{num(cost)} bits of surprise. Take another one from the list, and the network goes on from there with "
            "the same random numbers.",
            row={"place": place + 1, "character": character, "bits": cost, "entropy_bits": entropy / BITS},
        )


def list_likeliest(step: Step, drawn: Tensor) -> Step:
    """Replace the distribution over the alphabet by its `GENERATE_LISTED` likeliest characters and the drawn one.

    Shapes: `drawn` (n,); the new numbers `codes`, `p` and `q` are (n, LISTED + 1).
    """
    p, q = step.numbers["p"], step.numbers["q"]
    codes = torch.cat([p.topk(GENERATE_LISTED).indices, drawn.unsqueeze(-1)], dim=-1)
    found = {"codes": codes, "p": p.gather(-1, codes), "q": q.gather(-1, codes)}
    return replace(step, numbers=dict(step.numbers) | found)


def spoken(steps: Iterable[Step]) -> Iterator[Scene]:
    """Yield every step that draws one character as a frame, with the report of it."""
    drawn = Drawn()
    for step in steps:
        place, (text,) = int(step.time), step.x.cpu()
        numbers = (float(step.numbers[name][0]) for name in ("log_prob", "entropy", "cut"))
        said = drawn(place, len(text), TEXT.text(text[place : place + 1]), *numbers)
        yield 1, frame(list_likeliest(step, step.x[:, place]), TEXT, NAMED) | {"report": said.to_props()}


@film
def generate(
    net: TextNet, seed: Seed, prompt: Prompt, length: Length, temperature: Temperature, top_k: TopK, top_p: TopP
) -> Script:
    """Film a text that a network continues, one character a frame."""
    model: TextModel = checkpoints.load(net)
    prefix = TEXT.codes(prompt).unsqueeze(0)
    total = length - len(prompt)
    if total < 1:
        raise ValueError(f"the beginning has {len(prompt)} characters, and the text {length}: nothing is left to draw")

    def roll() -> Iterator[Scene]:
        how = {"prefix": prefix, "temperature": temperature, "top_k": top_k, "top_p": top_p}
        return spoken(model.sample_steps(1, generator=rng(seed), length=length, **how))

    return Script(TEXT, 1, total, total, roll, joint.network_of(model), 1)


MODE = Mode(
    "generate",
    "Generate",
    "look",
    fields=[
        PROMPT,
        LENGTH,
        TOP_K,
        TOP_P,
        Field("tap", Whole(0, LONGEST), None, "the character that is watched", optional=True),
    ],
    functions=[generate],
    panel=Panel(
        generate,
        named={"top_k": TOP_K, "top_p": TOP_P},
        controls=[
            [Control(PROMPT, "text", "Beginning")],
            [Control(SEED, "seed")],
            [Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2)],
        ],
        more=[
            [Control(TOP_K, "slider", "Top-k: keep the likeliest k")],
            [Control(TOP_P, "slider", "Top-p: keep this probability", step=0.05, digits=2)],
            [Control(LENGTH, "segments", "Characters", options={100: "100", 200: "200", 400: "400"})],
        ],
        tries=[
            ("Temperature 0.2", BOLD | {"temperature": 0.2}),
            ("Temperature 1.8", BOLD | {"temperature": 1.8}),
            ("Top-p 0.5", BOLD | {"p": 0.5}),
        ],
        shows=Shows("", GENERATE_HEADS),
    ),
    code={
        "Generate": [generate.plain, TextModel.draw_steps, filter_probabilities],
    },
)
