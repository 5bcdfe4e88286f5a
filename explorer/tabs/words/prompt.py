"""*Prompt*: four pictures of a prompt appear step by step, and each word's attention map beside them."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from explorer.data.captions import Caption, UnknownWords
from explorer.fields import Field, Whole
from explorer.models.words import CrossAttention, WordEncoder, guided
from explorer.models.words_diffusion import WordsDiffusion
from explorer.numbers.answer import FINDING, Answer, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces import COLOUR
from explorer.spaces.packing import to_bytes
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.networks import DRAWER
from explorer.tabs.words.own_numbers import formula_numbers
from explorer.tabs.words.shared import (
    CEILING,
    EULER,
    NEGATIVE,
    WORDS_GUIDANCE,
    Area,
    Euler,
    Guidance,
    Negative,
    Prompt,
    Reading,
    caption_of,
    ceiling,
    count_words,
    drawer,
    negative_tokens,
    prompt_words,
    read_back,
    seen_words,
    stands_out,
    tokens_for,
)

PICTURES = 4  # of one prompt
PREVIEW_STEPS = 3
LATER_HALF = 0.5  # share of the steps from which on a noun's attention is averaged
DRAWN_RIGHT = Figure("pictures with all that was asked", unit=f"of {PICTURES}", digits=0)
WORD_EVALUATIONS = Figure("network evaluations so far", digits=0)
ON_OBJECT = Figure("attention of the noun on its object", unit="times its share of the area", digits=1)
PROMPT_HEADS = (FINDING, DRAWN_RIGHT, CEILING, ON_OBJECT, WORD_EVALUATIONS)
UNDERWAY = "The judge reads the pictures after the last step."


@film
def draw_words(prompt: Prompt, without: Negative, guidance: Guidance, steps: Euler, seed: Seed) -> Script:
    """Film four pictures of a prompt: each frame is the scene that the velocity points to, with all attention maps."""
    model, words, negative = drawer(), prompt_words(prompt), negative_tokens(without)
    each = 1 if guidance == 1 else 2

    def scenes() -> Iterator[Scene]:
        attention = []
        walk = model.sample_steps(
            PICTURES,
            generator=rng(seed),
            tokens=tokens_for(words, PICTURES),
            steps=steps,
            guidance=guidance,
            negative=negative,
            maps=True,
        )
        for step in walk:
            attention.append(step.numbers["attention"][..., : max(1, len(words))])
            said = ended(step.x, words, attention) if step.index == steps - 1 else underway(step)
            view = {"maps": to_bytes(attention[-1]), "prompt": words}
            numbers = [*said.numbers, WORD_EVALUATIONS.of(each * (step.index + 1))]
            report = Report(numbers, said.words, caption_at(step), view=view | dict(said.view))
            yield each, frame(step, COLOUR) | {"report": report.to_props()}

    return Script(COLOUR, PICTURES, steps, each * steps, scenes)


def caption_at(step: Step) -> str:
    """Return the text of the player."""
    if step.index == step.total - 1:
        return "The finished pictures"
    return f"Where the velocity points at t = {num(step.time)}"


def underway(step: Step) -> Answer:
    """Describe pictures on their way."""
    numbers = [FINDING.of(UNDERWAY), DRAWN_RIGHT.unknown, CEILING.unknown, ON_OBJECT.unknown]
    words = (
        f"t = {num(step.time)}: the latents are {num(100 * (1 - step.time), 0)} % noise. "
        "What is shown is the scene that the velocity now points to."
    )
    return Answer(numbers, words)


def ended(x: Tensor, words: Sequence[str], attention: Sequence[Tensor]) -> Answer:
    """Describe finished pictures (4, 3, 48, 48): what the judge reads, and where the noun's attention lies.

    Shapes: `attention` (4, blocks, 36, words) of each step.
    """
    caption, readings = caption_of(words), read_back(x, words)
    known = caption is not None
    hits = sum(each.is_right for each in readings)
    later = torch.stack([*attention[int(LATER_HALF * len(attention)) :]]).mean((0, 2))
    numbers = [
        FINDING.of(count_words(hits, len(readings)) if known else "This prompt is no whole caption."),
        DRAWN_RIGHT.of(hits) if known else DRAWN_RIGHT.unknown,
        CEILING.of(ceiling(len(caption.phrases)) if caption else None),
        ON_OBJECT.of(on_object(x, later, caption, words) if caption else None),
    ]
    told = f"The judge reads the first picture as “{readings[0].words}”. {readings[0].verdict} {seen_words(caption)}"
    return Answer(numbers, told.strip(), view={"readings": [shown_reading(each) for each in readings]})


def shown_reading(reading: Reading) -> dict[str, Any]:
    """Return a reading for the page; `right` is None if nothing tells."""
    return {"words": reading.words, "right": None if reading.wrong is None else reading.is_right}


def on_object(x: Tensor, attention: Tensor, caption: Caption, words: Sequence[str]) -> float | None:
    """Compute a noun's share of attention in its object's box, over the box's share of the area.

    The mean over pictures whose object stands out; None without any, or if there are several phrases.

    Shapes: `x` (n, 3, 48, 48); `attention` (n, 36, words), whose mean over positions is that of the noun.
    """
    if len(caption.phrases) > 1:
        return None
    of_noun = attention[..., words.index(caption.phrases[0].words[-1])].unflatten(1, (6, 6))
    found = [
        ratio
        for picture, weights in zip(x.cpu(), of_noun.cpu(), strict=True)
        if (ratio := in_box(weights, box_of(picture, caption.ground))) is not None
    ]
    return sum(found) / len(found) if found else None


def box_of(picture: Tensor, ground: str) -> Area | None:
    """Return the box of all that stands out from the ground in a picture (3, 48, 48); None if nothing does."""
    there = stands_out(picture, ground)
    if not there.any():
        return None
    rows, columns = there.any(1).nonzero().flatten().tolist(), there.any(0).nonzero().flatten().tolist()
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def in_box(weights: Tensor, box: Area | None) -> float | None:
    """Return the share of weights (6, 6) in a box of pixels, over the box's share of the area."""
    if box is None:
        return None
    each = weights.repeat_interleave(8, 0).repeat_interleave(8, 1)
    inside = each[box]
    return float(inside.sum() / each.sum() / (inside.numel() / each.numel()))


@light
@torch.no_grad()
def preview(prompt: Prompt, without: Negative, guidance: Guidance, seed: Seed) -> Answer:
    """Return what a prompt means while it is typed: unknown words, or four pictures of few steps."""
    try:
        words, negative = prompt_words(prompt), negative_tokens(without)
    except UnknownWords as error:
        return Answer(view={"unknown": error.unknown, "problem": str(error)})
    except ValueError as error:
        return Answer(view={"unknown": {}, "problem": str(error)})
    how = {"tokens": tokens_for(words, PICTURES), "guidance": guidance, "negative": negative}
    x = drawer().sample(PICTURES, generator=rng(seed), steps=PREVIEW_STEPS, **how)
    return Answer(view={"unknown": {}, "problem": None, "x": COLOUR.encode(x)})


TRIED = {"without": "", "guidance": 4, "steps": 20, "seed": 7, "at": None, "word": None}
MODE = Mode(
    "prompt",
    "Prompt",
    "look",
    fields=[
        NEGATIVE,
        Field("tap", Whole(0, PICTURES - 1), 0, "the picture that is watched"),
        Field("word", Whole(0, 12), None, "the word whose map is laid over the pictures"),
        Field("layer", Whole(0, 6), 0, "the layer of the maps; 0 is the mean of all"),
    ],
    functions=[draw_words, preview, formula_numbers],
    panel=Panel(
        draw_words,
        controls=[
            [Control(SEED, "seed")],
            [Control(WORDS_GUIDANCE, "slider", "Guidance", step=0.5, digits=1)],
            [Control(NEGATIVE, "text", "Without: negative words")],
        ],
        more=[[Control(EULER, "slider", "Steps")]],
        tries=[
            ("Never seen: a red cat", TRIED | {"prompt": "a red cat on grass"}),
            ("Two and one", TRIED | {"prompt": "two dogs above a red star on sky"}),
            ("Without guidance", TRIED | {"guidance": 1}),
        ],
        nets=[DRAWER],
        shows=Shows("Type, or press words: four pictures follow", PROMPT_HEADS),
    ),
    code={
        "Prompt": [
            draw_words.plain,
            WordsDiffusion.sample_steps,
            WordsDiffusion.walk,
            guided,
            WordEncoder.forward,
            CrossAttention.weights,
        ],
    },
)
