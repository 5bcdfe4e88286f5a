"""*Which words?*: networks that draw from words read a picture: the words of one slot compete, the others are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import verdicts
from explorer.data import SCENES
from explorer.data.captions import Caption
from explorer.data.glyphs import TINTS
from explorer.data.scenes import GROUND_LEVELS
from explorer.fields import Bytes, Field, OneOf
from explorer.measures.words import SCENE_JUDGE
from explorer.models.scene_judge import SceneJudge
from explorer.models.words_read import (
    candidates,
    diffusion_errors,
    judge_log_probs,
    posterior,
    token_log_probs,
    velocity_errors,
    word_of,
)
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.spaces import COLOUR
from explorer.spaces.colour import COLOUR_SIDE
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.drawers import ordered
from explorer.tabs.words.networks import ORDERED, WORDS_UNTRAINED
from explorer.tabs.words.shared import EXAMPLE, Example, Prompt, caption_of, drawer, prompt_words, tokens_for

SLOT_TITLES = {
    **{f"{part}-{k}": f"{part.title()} {k}" for k in (1, 2, 3) for part in ("object", "colour", "count")},
    "relation": "Relation",
    "ground": "Ground",
}
PICTURES_OF = {"test": "test scene", "made": "drawn by the diffusion", "own": "draw it yourself"}
PAINT_SIDE = 24  # cells of a drawing on a side, each of 2×2 pixels
PAINTS = GROUND_LEVELS | TINTS
"""Colours of the pad, in the order of their numbers."""
READ_OF = Field("of", OneOf(tuple(PICTURES_OF)), "test", "which picture is read")
SLOT = Field("slot", OneOf(tuple(SLOT_TITLES)), "object-1", "the open slot of the caption")
PAINT = Field("paint", Bytes(PAINT_SIDE**2 // 2), None, "the visitor's drawing", optional=True)
ReadOf = Annotated[str, READ_OF]
Slot = Annotated[str, SLOT]
Paint = Annotated[bytes | None, PAINT]
SURELY = 0.999  # a word's probability is never 1; beyond this it is told as more than 99 %
DRAWN_OF_PROMPT = 4  # pictures that Prompt draws, the first of which is read
SHOWN_WORDS = 4  # of each reader
OF_TOKENS = Figure("p(word | picture) by Bayes")
ODDS = Figure("log-odds to the second word", unit="nats", digits=1)
OF_JUDGE = Figure("the judge's probability of its word")
GAP = Figure("diffusion: error of the second word beyond the first", unit="squared error", digits=1)
MEASURED = Figure("test scenes whose object the tokens read", unit="%", digits=1)
READ_HEADS = (FINDING, OF_TOKENS, ODDS, OF_JUDGE, GAP, MEASURED)
FOR, AGAINST = (0, 150, 136), (200, 40, 80)
NO_CAPTION = "Write the prompt as a whole caption first, such as “a red cat on grass”: one of its words is left open."
Bar = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A picture (1, 3, 48, 48) with the caption whose slot is open; the caption is its own, or the visitor's."""

    x: Tensor
    caption: Caption
    is_own: bool


def painted(paint: bytes | None) -> Tensor:
    """Return a drawing of 24×24 cells as a picture (1, 3, 48, 48); without one, plain grass."""
    grass = [*PAINTS].index("grass")
    cells = [half for byte in paint for half in (byte >> 4, byte & 15)] if paint else [grass] * PAINT_SIDE**2
    palette = torch.tensor([*PAINTS.values()]) / 255
    x = palette[torch.tensor(cells) % len(palette)].view(PAINT_SIDE, PAINT_SIDE, 3).permute(2, 0, 1)
    return x.repeat_interleave(2, 1).repeat_interleave(2, 2)[None]


@lru_cache(maxsize=16)
@torch.no_grad()
def drawn_picture(prompt: str, seed: int) -> Tensor:
    """Return the first picture that the diffusion draws of a prompt, as *Prompt* does: (1, 3, 48, 48)."""
    tokens = tokens_for(prompt_words(prompt), DRAWN_OF_PROMPT)
    return drawer().sample(DRAWN_OF_PROMPT, generator=rng(seed), tokens=tokens)[:1].cpu()


def picture_of(of: str, example: int, prompt: str, seed: int, paint: bytes | None) -> Picture | None:
    """Return the picture that is read; None if the prompt is no whole caption."""
    if of == "test":
        scenes = SCENES.load("test")
        return Picture(scenes[example : example + 1].pixels(), scenes.layout(example).caption, True)
    caption = caption_of(prompt_words(prompt))
    if caption is None:
        return None
    return Picture(drawn_picture(prompt, seed) if of == "made" else painted(paint), caption, False)


def slot_in(caption: Caption, slot: str) -> tuple[str, int]:
    """Return the part and the phrase of a slot; the first object if the caption has no such slot."""
    part, _, number = slot.partition("-")
    place = int(number or 1) - 1
    has = caption.relation is not None if part == "relation" else place < len(caption.phrases)
    return (part, place) if has else ("object", 0)


def words_with_slots(caption: Caption) -> list[tuple[str, str | None]]:
    """Return the words of a caption, each with the slot that it fills; None for “on”."""
    found: list[tuple[str, str | None]] = []
    for index, phrase in enumerate(caption.phrases, 1):
        if index > 1:
            found.append((caption.relation or "", "relation"))
        parts = ["count", *(["colour"] if phrase.colour else []), "object"]
        found += [(word, f"{part}-{index}") for word, part in zip(phrase.words, parts, strict=True)]
    return [*found, ("on", None), (caption.ground, "ground")]


@dataclass(frozen=True)
class ByTokens:
    """Reading of the tokens: probabilities of the words (N,), most probable first, and the evidence of each token.

    Arguments:
        order: Numbers of the words, most probable first.
        p: Their probabilities in that order.
        evidence: Log p of each token given the first word, less that given the second: (144,) in nats.
    """

    order: Sequence[int]
    p: Sequence[float]
    evidence: Tensor


@torch.no_grad()
def by_tokens(x: Tensor, captions: Sequence[Caption]) -> ByTokens | None:
    """Read a picture by Bayes' rule; None if no network is here that could."""
    model = ordered()
    if model is None:
        return None
    each = token_log_probs(model, model.codec.encode(x.to(device_of(model))), captions).cpu()
    p = posterior(each.sum(1))
    order = p.argsort(descending=True, stable=True).tolist()
    return ByTokens(order, p[order].tolist(), each[order[0]] - each[order[1]])


@dataclass(frozen=True)
class ByDiffusion:
    """Reading of the diffusion: the words that are left, least error first, and what more each other one errs.

    Arguments:
        order: Numbers of the words.
        excess: Mean squared error beyond that of the first, with its paired standard error, for each of the others.
        verdict: Verdict on the second word beside the first.
    """

    order: Sequence[int]
    excess: Sequence[verdicts.Estimate]
    verdict: verdicts.Verdict

    @property
    def is_tie(self) -> bool:
        """Whether chance alone may have put the first word before the second."""
        return not self.verdict.is_different


@torch.no_grad()
def by_diffusion(x: Tensor, captions: Sequence[Caption], seed: int) -> ByDiffusion:
    """Read a picture by the least paired error of the diffusion's velocity."""
    model = drawer()
    order, errors = diffusion_errors(model, model.codec.encode(x.to(device_of(model))), captions, rng(seed))
    return compared(order, errors.cpu())


def compared(order: Sequence[int], errors: Tensor) -> ByDiffusion:
    """Compare paired errors (draws, left) with those of the first word."""
    first, *others = errors.double().unbind(1)
    excess = [verdicts.of_values((other - first).tolist()) for other in others]
    pairs = verdicts.pairs_of(len(order))
    return ByDiffusion(order, excess, verdicts.compare_pairs(others[0].tolist(), first.tolist(), pairs))


@heavy
def read_words(example: Example, of: ReadOf, prompt: Prompt, seed: Seed, paint: Paint, slot: Slot) -> Answer:
    """Read a picture: p(word | picture) from the tokens, the errors of the diffusion, and the judge's probabilities."""
    picture = picture_of(of, example, prompt, seed, paint)
    if picture is None:
        return Answer([each.unknown for each in READ_HEADS], NO_CAPTION, view={"x": None})
    part, place = slot_in(picture.caption, slot)
    found = candidates(picture.caption, part, place)
    captions, x = [each.caption for each in found], picture.x
    tokens, diffusion = by_tokens(x, captions), by_diffusion(x, captions, seed)
    judged = judge_posterior(x, captions)
    said = word_of(picture.caption, part, place)
    names = [each.word for each in found]
    return Answer(
        figures(names, tokens, diffusion, judged),
        sentence(names, said if picture.is_own else None, tokens, diffusion, judged),
        Table([*rows(names, said, tokens, diffusion, judged)]),
        view={
            "x": COLOUR.encode(x),
            "evidence": COLOUR.encode(evidence_over(x, tokens.evidence)) if tokens else None,
            "legend": legend(names, tokens),
            "words_of": words_with_slots(picture.caption),
            "slot": part if part in ("relation", "ground") else f"{part}-{place + 1}",
            "lists": lists(names, tokens, diffusion, judged),
        },
    )


@torch.no_grad()
def judge_posterior(x: Tensor, captions: Sequence[Caption]) -> Tensor:
    """Probabilities of the words by the judge alone, given that one of them is right: (N,)."""
    judge = checkpoints.load(SCENE_JUDGE)
    assert isinstance(judge, SceneJudge)
    return posterior(judge_log_probs(judge, x.to(device_of(judge)), captions)[0].cpu())


def figures(names: Sequence[str], tokens: ByTokens | None, diffusion: ByDiffusion, judged: Tensor) -> list[Figure]:
    """Return the headline and its figures."""
    first = names[tokens.order[0]] if tokens else names[diffusion.order[0]]
    reader = "Tokens read" if tokens else "The diffusion reads"
    odds = float(tokens.evidence.sum()) if tokens else None
    return [
        FINDING.of(f"{reader} “{first}”" + (f": {percent(min(tokens.p[0], SURELY))} by Bayes." if tokens else ".")),
        OF_TOKENS.of(percent(tokens.p[0], 1)) if tokens else OF_TOKENS.unknown,
        ODDS.of(odds),
        OF_JUDGE.of(percent(float(judged.max()), 1)),
        GAP.of(f"{num(diffusion.excess[0].value, 1)} {interval(diffusion.excess[0])}"),
        MEASURED.of(share_read()),
    ]


def share_read() -> float | None:
    """Return in how many per cent of test scenes the tokens read the object, from the card; None if unmeasured."""
    try:
        return 100 * cards.find(checkpoints.card_of(ORDERED), "read", by="network", slot="object")["value"]
    except (KeyError, checkpoints.CheckpointError):
        return None


def interval(excess: verdicts.Estimate) -> str:
    """Return the 95 % interval of a mean of paired differences, as text."""
    half = verdicts.critical(excess.n - 1) * excess.se
    return f"[{num(excess.value - half, 1)}, {num(excess.value + half, 1)}]"


def sentence(
    names: Sequence[str], said: str | None, tokens: ByTokens | None, diffusion: ByDiffusion, judged: Tensor
) -> str:
    """Return what the others read, and what the caption says."""
    first, second = (names[index] for index in diffusion.order[:2])
    tie = f", not told from “{second}”" if diffusion.is_tie else ""
    parts = [] if tokens else [f"Tokens in order: {WORDS_UNTRAINED}"]
    parts.append(f"The diffusion reads “{first}”{tie}. The judge reads “{names[int(judged.argmax())]}”.")
    parts.append(f"The caption says “{said}”." if said else "A generative model reads what it can draw.")
    return " ".join(parts)


def legend(names: Sequence[str], tokens: ByTokens | None) -> str:
    """Return what the map of the evidence shows."""
    if tokens is None:
        return ""
    first, second = (names[index] for index in tokens.order[:2])
    return f"evidence for “{first}” (green) against “{second}” (red), token by token"


def lists(names: Sequence[str], tokens: ByTokens | None, diffusion: ByDiffusion, judged: Tensor) -> list[Bar]:
    """Return a list of bars for each reader."""
    found = []
    if tokens:
        probable = [*zip(tokens.order, tokens.p, strict=True)][:SHOWN_WORDS]
        found.append(
            {"name": "Tokens in order: p(word | picture)", "rows": [probability(names, *each) for each in probable]}
        )
    else:
        found.append({"name": f"Tokens in order. {WORDS_UNTRAINED}", "rows": []})
    most = max(each.value for each in diffusion.excess) or 1.0
    excess = [{"title": names[diffusion.order[0]], "share": 0.0, "text": "0", "says": "the least error"}]
    for index, each in zip(diffusion.order[1:], diffusion.excess, strict=True):
        share = max(0.0, each.value / most)
        says = f"95 % interval of the paired difference: {interval(each)}"
        excess.append({"title": names[index], "share": share, "text": f"+{num(each.value, 1)}", "says": says})
    found.append({"name": "Diffusion: squared error beyond the least", "rows": excess})
    ranked = judged.argsort(descending=True, stable=True)[:SHOWN_WORDS].tolist()
    found.append(
        {"name": "The judge: p(word | picture)", "rows": [probability(names, k, float(judged[k])) for k in ranked]}
    )
    return found


def probability(names: Sequence[str], index: int, p: float) -> Bar:
    """Return the row of a word's probability."""
    return {"title": names[index], "share": p, "text": short_percent(p), "says": f"p = {num(p, 4)}"}


def short_percent(p: float) -> str:
    """Return a probability in per cent, short enough for the end of a bar."""
    return "> 99.9 %" if p > 0.999 else "< 0.1 %" if p < 0.001 else percent(p, 1)


def rows(
    names: Sequence[str], said: str, tokens: ByTokens | None, diffusion: ByDiffusion, judged: Tensor
) -> list[dict[str, Any]]:
    """Return a row for every word, to keep."""
    p = dict(zip(tokens.order, tokens.p, strict=True)) if tokens else {}
    more = dict(zip(diffusion.order, [verdicts.Estimate(0.0), *diffusion.excess], strict=True))
    return [
        {
            "word": word,
            "in the caption": word == said,
            "tokens p": p.get(index),
            "diffusion excess error": more[index].value if index in more else None,
            "standard error": more[index].se if index in more else None,
            "judge p": float(judged[index]),
        }
        for index, word in enumerate(names)
    ]


def evidence_over(x: Tensor, evidence: Tensor) -> Tensor:
    """Lay the evidence of each token (144,) over a picture (1, 3, 48, 48) in grey: green for, red against."""
    side = round(len(evidence) ** 0.5)
    weight = (evidence / evidence.abs().max().clamp(min=1e-9)).view(1, side, side)
    weight = weight.repeat_interleave(COLOUR_SIDE // side, 1).repeat_interleave(COLOUR_SIDE // side, 2)
    grey = 0.6 * x[0].mean(0, keepdim=True)
    hue = torch.where(weight > 0, *(torch.tensor(each).view(3, 1, 1) / 255 for each in (FOR, AGAINST)))
    return ((1 - weight.abs()) * grey + weight.abs() * hue)[None]


OF_TEST, OF_SEED = {"of": ["test"]}, {"of": ["made"]}
FIRST_READ = {"of": "test", "slot": "object-1"}
MODE = Mode(
    "reads",
    "Which words?",
    "understand",
    fields=[READ_OF, SLOT, PAINT],
    functions=[read_words],
    panel=Panel(
        read_words,
        controls=[
            [
                Control(
                    READ_OF, "segments", "Picture", options={"test": "test scene", "made": "drawn", "own": "your own"}
                )
            ],
            [Control(EXAMPLE, "number", "Test scene", when=OF_TEST)],
            [Control(SEED, "seed", when=OF_SEED)],
            [Control(SLOT, "list", "Open slot", options=SLOT_TITLES)],
        ],
        tries=[
            ("Which object?", FIRST_READ | {"example": 12}),
            ("Which colour?", {"of": "test", "example": 8, "slot": "colour-1"}),
            ("Which relation?", {"of": "test", "example": 8, "slot": "relation"}),
            ("A drawn picture", {"of": "made", "prompt": "a red cat on grass", "seed": 7, "slot": "colour-1"}),
        ],
        shows=Shows("Tap a word of the caption: it is left open, and three networks read it", READ_HEADS),
    ),
    code={
        "Which words?": [
            read_words.plain,
            token_log_probs,
            posterior,
            diffusion_errors,
            velocity_errors,
            judge_log_probs,
        ],
    },
)
