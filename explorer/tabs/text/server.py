"""Server functions of the text tab: films of texts, and the surprise of each character of a visitor's text."""

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer.models.ngram import NGram
from explorer.models.text import TextModel
from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Transformer
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.running import joint
from explorer.running.pauses import pausing
from explorer.serving.films import Scene, Script
from explorer.spaces import TEXT
from explorer.spaces.packing import pack
from explorer.spaces.tokens import BLANK
from explorer.steps import Step, frame, round_numbers
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.ask.answers import film, frames, heavy, stop
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import File, Seed
from explorer.tabs.kit.numbers.answer import Answer, Table
from explorer.tabs.text import answers
from explorer.tabs.text.fields import (
    DIFFUSION,
    NETS,
    TRANSFORMER,
    Again,
    Gaps,
    HeadOf,
    Layer,
    Length,
    Looked,
    Order,
    Prompt,
    Steps,
    Temperature,
    TextNet,
    TopK,
    TopP,
    Words,
)

LISTED = 12  # characters of a prediction that a frame lists
BITS = math.log(2)  # nats
NGRAM = "ngram-shakespeare"


def list_likeliest(step: Step, drawn: Tensor) -> Step:
    """Replace the distribution over the alphabet by its `LISTED` likeliest characters and the drawn one.

    Shapes: `drawn` (n,); the new numbers `codes`, `p` and `q` are (n, LISTED + 1).
    """
    p, q = step.numbers["p"], step.numbers["q"]
    codes = torch.cat([p.topk(LISTED).indices, drawn.unsqueeze(-1)], dim=-1)
    found = {"codes": codes, "p": p.gather(-1, codes), "q": q.gather(-1, codes)}
    return replace(step, numbers=dict(step.numbers) | found)


Frame = dict[str, Any]
NAMED = ("log_prob", "entropy", "cut", "codes", "p", "q")
OF_GAPS = ("log_prob", "entropy", "confidence", "new")


def spoken(steps: Iterable[Step]) -> Iterator[Scene]:
    """Yield every step that draws one character as a frame, with the report of it."""
    drawn = answers.Drawn()
    for step in steps:
        place, (text,) = int(step.time), step.x.cpu()
        numbers = (float(step.numbers[name][0]) for name in ("log_prob", "entropy", "cut"))
        said = drawn(place, len(text), TEXT.text(text[place : place + 1]), *numbers)
        yield 1, frame(list_likeliest(step, step.x[:, place]), TEXT, NAMED) | {"report": said.to_props()}


def fill_scenes(steps: Iterable[Step], start: Step, tell: answers.Filled) -> Iterator[Scene]:
    """Yield `start` without an evaluation, then every step as a frame, with the report of it."""
    judging = isinstance(tell, answers.Unmasked)

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


@film
def fill(text: Gaps, seed: Seed, order: Order, steps: Steps, temperature: Temperature) -> Script:
    """Film the masked diffusion that fills the gaps of a text, `BLANK` for each masked character."""
    model = checkpoints.load(DIFFUSION)
    known = torch.tensor([[character != BLANK for character in text]])
    if bool(known.all()):
        raise ValueError(f"nothing is left to fill in: write {BLANK} for a character, or tap one to mask it")
    x = TEXT.codes(text.replace(BLANK, " ")).unsqueeze(0)
    total = min(steps, int((~known).sum()))
    start = Step(x.masked_fill(~known, TEXT.size), -1, total + 1, int((~known).sum()), known=known[0])

    def roll() -> Iterator[Scene]:
        how = {"generator": rng(seed), "order": order, "steps": steps, "temperature": temperature}
        return fill_scenes(model.complete_steps(x, known, **how), start, answers.Filled(int((~known).sum())))

    return Script(TEXT, 1, total + 1, total, roll, joint.network_of(model), 1)


@film
def unmask(seed: Seed, order: Order, steps: Steps, temperature: Temperature, again: Again) -> Script:
    """Film the masked diffusion that draws a text of nothing but masks.

    With `again`, film how these characters of the finished text are masked again, and drawn given all others. The last
    frame has the cost of the text by another network (`judged`).

    Reference: Austin et al. 2021, appendix A.3; Chang et al. 2022, section 3.2.
    """
    model: TextDiffusion = checkpoints.load(DIFFUSION)
    length = model.context
    if again and max(again) >= length:
        raise ValueError(f"the text has {length} characters, so none is number {max(again) + 1}")
    known = torch.ones(1, length, dtype=torch.bool).index_fill(1, torch.tensor(again, dtype=torch.long), False)
    masked = int((~known).sum()) if again else length
    total, first = min(steps, masked), min(steps, length)

    def roll() -> Iterator[Scene]:
        how = {"generator": rng(seed), "order": order, "steps": steps, "temperature": temperature}
        whole = model.sample_steps(1, **how)
        if not again:
            blank = torch.full((1, length), TEXT.size)
            start = Step(blank, -1, total + 1, length, known=blank[0] < TEXT.size)
            return fill_scenes(whole, start, answers.Unmasked(length, order=order, total=total))
        return redrawn(whole, how)

    def redrawn(whole: Iterator[Step], how: dict) -> Iterator[Scene]:
        for step in whole:
            yield 1, None
        x = step.x.cpu()
        start = Step(x.masked_fill(~known, TEXT.size), -1, total + 1, masked, known=known[0])
        tell = answers.Unmasked(masked, order=order, total=total, again=len(again))
        yield from fill_scenes(model.complete_steps(x, known, **how), start, tell)

    return Script(TEXT, 1, total + 1, total + (first if again else 0), roll, joint.network_of(model), 1)


def judge_cost(x: Tensor) -> float | None:
    """Return −log p of a text (1, T) by the transformer, in nats a character; None if it cannot be loaded."""
    with suppress(checkpoints.CheckpointError):
        judge: TextModel = checkpoints.load(TRANSFORMER)
        return float(-judge.conditionals(x).mean())
    return None


@heavy
def surprise(words: Words) -> Answer:
    """Return the bits of every character of a text by each network, and by each order of the n-grams."""
    x = TEXT.codes(words).unsqueeze(0)
    found = [entry(NETS[net], model.conditionals(x)) for net, model in pausing(available_nets())]
    ngram: NGram = checkpoints.load(NGRAM)
    orders = [entry(f"{k} before", nats) for k, nats in enumerate(ngram.conditionals_by_order(x))]
    view = {"words": words, "models": found, "orders": orders}
    return Answer(view=view) | answers.surprise_answer(words, found, orders)


@heavy
def compress(net: TextNet, words: Words) -> Answer:
    """Return the file of a text by a network, the bits of each character, and the sizes by other tools."""
    found = compressing.compress_answer(net, TEXT.codes(words).unsqueeze(0), "character", NETS[net])
    bits = found.view["bits"]
    rows = [{"character": character, "bits": each} for character, each in zip(words, bits, strict=True)]
    view = {"words": words, "texts": [answers.tinted_text(words, bits)]}
    return Answer(table=Table(rows), view=view) | found


@heavy
def decompress(file: File) -> Answer:
    """Return the text of a file, and the network that compressed it."""
    found, x = codefile.read(file, NETS)
    return Answer(words=TEXT.text(x[0]), view={"net": found.net})


@heavy
def attention(read: Looked, layer: Layer, head: HeadOf) -> Answer:
    """Return one head's attention weights for a text, the bits of its characters with and without this head, and costs.

    `weights` are (T, T), 16-bit floats: row t predicts character t; column s reads the start or character s − 1.
    `costs` are the bits a character that the text costs more if one head is switched off, for each layer and head.

    Reference: Vaswani et al. 2017, equation 1; Voita et al. 2019.
    """
    model: Transformer = checkpoints.load(TRANSFORMER)
    x, one = TEXT.codes(read).unsqueeze(0), (layer - 1, head - 1)
    model.trunk.check_head(one)
    weights = model.attention(x)[(one[0], 0, one[1])].cpu()
    bits = {"with": model.conditionals(x), "without": model.conditionals(x, off=one)}
    found = {name: entry(name, nats)["bits"] for name, nats in bits.items()}
    costs = head_costs(read)
    shown = answers.attention_answer(read, weights, found, costs, (layer, head))
    view = {"text": read, "weights": pack(weights, torch.float16), "bits": found, "costs": round_numbers(costs)}
    return Answer(view=view) | shown


@lru_cache(64)
def head_costs(text: str) -> Tensor:
    """Return how many bits a character a text costs more without each head: (layers, heads)."""
    return checkpoints.load(TRANSFORMER).head_costs(TEXT.codes(text).unsqueeze(0))[0].cpu() / BITS


def available_nets() -> Iterator[tuple[str, TextModel]]:
    """Yield the networks that can be loaded; the notice of the tab names the others."""
    for net in NETS:
        with suppress(checkpoints.CheckpointError):
            yield net, checkpoints.load(net)


def entry(title: str, nats: Tensor) -> answers.Entry:
    """Return a model's bits for each character; `nats` (1, T) are log-probabilities."""
    return {"title": title, "bits": [round(bits, 3) for bits in (-nats[0] / BITS).tolist()]}


SERVER_FUNCTIONS = [generate, unmask, fill, surprise, compress, decompress, attention, frames, stop]
