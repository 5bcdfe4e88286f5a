"""*Three ways*: one prompt, drawn by a diffusion, by tokens in order and by tokens in parallel, on one clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer.fields import Field, OneOf
from explorer.measures.intervals import wilson
from explorer.models.rerank import best_of_each, share_of_best
from explorer.models.scene_judge import SceneJudge
from explorer.models.words_masked import WordsMasked
from explorer.models.words_read import judge_log_probs
from explorer.models.words_tokens import CachedPicture, WordsTokens
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Report, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.running.pauses import pause
from explorer.serving.films import Scene, Script
from explorer.spaces import COLOUR
from explorer.steps import Step, displayed_steps, frame
from explorer.tabs.kit.ask.answers import film, heavy
from explorer.tabs.kit.ask.common import next_step, rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.drawers import BOTH, WAYS, Way
from explorer.tabs.words.networks import SCENE_JUDGE
from explorer.tabs.words.shared import (
    FEW,
    Prompt,
    Reading,
    caption_of,
    ceiling,
    prompt_words,
    read_back,
    tokens_for,
)

OF_EACH = 4  # pictures that each way draws
WAYS_CLOCK = 12  # frames; each shows the same share of every way's steps
BEST = Field("best", OneOf((1, 2, 4, 8)), 1, "how many pictures are drawn for each that is shown")
WAY = Field("way", OneOf(tuple(WAYS)), "order", "the way whose pictures are re-ranked")
BestOf = Annotated[int, BEST]
WayKey = Annotated[str, WAY]
GAN_TITLE = "GAN"
COLUMN_TITLES = [*(way.title for way in WAYS.values()), GAN_TITLE]
NO_GAN = (
    "No network was trained, because the balance of a GAN's two networks needs many trials, and each takes hours here."
)
RIGHT = {key: Figure(f"{way.title}: pictures right", unit=f"of {OF_EACH}", digits=0) for key, way in WAYS.items()}
SECONDS = {key: Figure(f"{way.title}: time on this server", unit="s") for key, way in WAYS.items()}
EVALUATED = {key: Figure(f"{way.title}: evaluations", digits=0) for key, way in WAYS.items()}
TOKENS_LOG_P = Figure("log p(tokens | words) in order, mean", unit="nats", digits=0)
WAYS_HEADS = (
    FINDING,
    *(figures[key] for key in WAYS for figures in (RIGHT, SECONDS, EVALUATED)),
    TOKENS_LOG_P,
)
DRAWING = "The judge reads the pictures after the last step."
LIGHTER = (
    "A step in parallel computes all 144 places. In order, keys and values of earlier places are kept, "
    "so a step computes one."
)
CAVEAT = "The same judge picks and judges, so it hides its own errors."


@dataclass
class Drawn:
    """Pictures of a way so far.

    Arguments:
        way: The way.
        steps: Its steps, still to come.
        step: Newest step; None before the first.
        seconds: Processor time of the steps so far.
    """

    way: Way
    steps: Iterator[Step]
    step: Step | None = None
    seconds: float = 0.0
    readings: Sequence[Reading] = field(default_factory=list)
    log_p: Sequence[float] | None = None

    def go_to(self, index: int) -> int:
        """Take steps until this one is done; return how many they are."""
        before = -1 if self.step is None else self.step.index
        while self.step is None or self.step.index < index:
            self.step, milliseconds = next_step(self.steps)
            self.seconds += milliseconds / 1000
        return self.step.index - before

    @property
    def evaluations(self) -> int:
        """Evaluations of the network so far."""
        return 0 if self.step is None else BOTH * (self.step.index + 1)

    @property
    def hits(self) -> int:
        """Pictures with all that was asked for."""
        return sum(each.is_right for each in self.readings)


@partial(film, threads=1)
def draw_ways(prompt: Prompt, seed: Seed) -> Script:
    """Film four pictures of each way; a frame has the same share of every way's steps."""
    words = prompt_words(prompt)
    known = [way for way in WAYS.values() if not way.missing]
    why = {way.key: way.missing for way in WAYS.values()}

    def scenes() -> Iterator[Scene]:
        tokens = tokens_for(words, OF_EACH)
        all_drawn = [Drawn(way, way.draw(OF_EACH, rng(seed), tokens)) for way in known]
        shown = {way.key: sorted(displayed_steps(way.steps, WAYS_CLOCK)) for way in known}
        for index in range(WAYS_CLOCK):
            cost = sum(each.way.work * each.go_to(shown[each.way.key][index]) for each in all_drawn)
            if index == WAYS_CLOCK - 1:
                finish(all_drawn, words)
            x = torch.cat([each.step.x.cpu() for each in all_drawn if each.step])
            report = report_of(all_drawn, why, index, known_caption=caption_of(words) is not None)
            step = Step(x, index, WAYS_CLOCK, (index + 1) / WAYS_CLOCK)
            yield cost, frame(step, COLOUR) | {"report": report.to_props()}

    whole = sum(way.work * way.steps for way in known)
    return Script(COLOUR, OF_EACH * len(known), WAYS_CLOCK, whole, scenes)


@torch.no_grad()
def finish(all_drawn: Sequence[Drawn], words: Sequence[str]) -> None:
    """Have the judge read the finished pictures, and compute log p of the tokens that were drawn in order."""
    for each in all_drawn:
        assert each.step is not None
        each.readings = read_back(each.step.x, words)
        model = each.way.model()
        if isinstance(model, WordsTokens):
            z = each.step.numbers["tokens"]
            each.log_p = model.log_probs(z, tokens_for(words, OF_EACH).to(z.device)).sum(1).tolist()


def report_of(all_drawn: Sequence[Drawn], why: dict[str, str | None], index: int, known_caption: bool) -> Report:
    """Describe a frame: the headline, all figures, a row for each way, and the columns of the page."""
    is_last = index == WAYS_CLOCK - 1
    by_key = {each.way.key: each for each in all_drawn}
    numbers = [FINDING.of(finding(by_key) if is_last else DRAWING)]
    for key in WAYS:
        each = by_key.get(key)
        hits = each.hits if each and is_last and known_caption else None
        numbers += [RIGHT[key].of(hits) if hits is not None else RIGHT[key].unknown]
        numbers += [SECONDS[key].of(each.seconds) if each else SECONDS[key].unknown]
        numbers += [EVALUATED[key].of(each.evaluations) if each else EVALUATED[key].unknown]
    log_p = next((each.log_p for each in all_drawn if each.log_p), None)
    numbers += [TOKENS_LOG_P.of(sum(log_p) / len(log_p)) if log_p else TOKENS_LOG_P.unknown]
    columns = [column_of(way, by_key.get(key), why[key], is_last, known_caption) for key, way in WAYS.items()]
    columns.append({"title": GAN_TITLE, "why": NO_GAN, "facts": [], "readings": []})
    words = LIGHTER if {"order", "parallel"} <= by_key.keys() else ""
    share = percent((index + 1) / WAYS_CLOCK)
    caption = "The finished pictures" if is_last else f"{share} of each way's steps"
    rows = [row_of(each, (index + 1) / WAYS_CLOCK, is_last and known_caption) for each in all_drawn]
    return Report(numbers, words if is_last else DRAWING, caption, row=rows, view={"columns": columns})


def row_of(each: Drawn, share: float, is_read: bool) -> dict[str, Any]:
    """Return a row of the table to keep."""
    return {
        "way": each.way.title,
        "share of steps": share,
        "evaluations": each.evaluations,
        "seconds": each.seconds,
        "right": each.hits if is_read else None,
        "log p of the tokens": sum(each.log_p) / len(each.log_p) if each.log_p else None,
    }


def column_of(way: Way, each: Drawn | None, why: str | None, is_last: bool, known_caption: bool) -> dict[str, Any]:
    """Return what stands above and under the pictures of a way."""
    if each is None or each.step is None:
        return {"title": way.title, "why": why, "facts": [], "readings": []}
    facts = [f"step {each.step.index + 1} of {way.steps}", f"{each.evaluations} evaluations", f"{num(each.seconds)} s"]
    if is_last:
        facts += [f"{each.hits} of {OF_EACH} right"] if known_caption else []
        cannot = f"log p: cannot, because {way.model().cannot['log_prob']}"
        facts += [f"log p of the tokens: {num(sum(each.log_p) / OF_EACH, 0)} nats" if each.log_p else cannot]
    readings = [
        {
            "words": reading.words,
            "right": None if reading.wrong is None else reading.is_right,
            "more": f"{num(each.log_p[place], 0)} nats" if each.log_p else "",
        }
        for place, reading in enumerate(each.readings)
    ]
    return {"title": way.title, "why": None, "facts": facts, "readings": readings}


def finding(by_key: dict[str, Drawn]) -> str:
    """Return the headline: the ratio of the times of both kinds of tokens, or how many ways are missing."""
    missing = len(WAYS) - len(by_key)
    if missing:
        verb = "is" if missing == 1 else "are"
        return f"{FEW[missing].title()} of three ways {verb} not trained yet."
    order, parallel = by_key["order"].seconds, by_key["parallel"].seconds
    if order > parallel:
        return f"Tokens in order took {num(order / parallel, 1)} times as long as in parallel."
    return f"Tokens in parallel took {num(parallel / order, 1)} times as long as in order."


@heavy
@torch.no_grad()
def rerank(prompt: Prompt, seed: Seed, way: WayKey, best: BestOf) -> Answer:
    """Draw four times `best` pictures in one way, and show the best of each group, by the judge."""
    words, chosen = prompt_words(prompt), WAYS[way]
    caption = caption_of(words)
    if chosen.missing or caption is None:
        said = chosen.missing or "This prompt is no whole caption, so the judge cannot rank its pictures."
        return Answer(words=said, view={"images": None})
    model, judge = chosen.model(), checkpoints.load(SCENE_JUDGE)
    assert isinstance(judge, SceneJudge)
    generator, parts = rng(seed), []
    for _ in range(best):
        how = {"tokens": tokens_for(words, OF_EACH), "guidance": chosen.guidance}
        parts.append(model.sample(OF_EACH, generator=generator, **how).cpu())
        pause()
    x = torch.stack(parts, 1).flatten(0, 1)  # the pictures of a group stand together
    scores = judge_log_probs(judge, x.to(device_of(judge)), [caption])[:, 0].cpu()
    readings = read_back(x, words)
    right = [each.is_right for each in readings]
    places = best_of_each(scores.view(OF_EACH, best), best) + best * torch.arange(OF_EACH)
    shown = [readings[int(place)] for place in places]
    return Answer(
        words=rerank_words(chosen, right, share_of_best(scores.tolist(), right, best), best, len(caption.phrases)),
        table=Table([{"picture": k, "score": float(s), "right": r} for k, (s, r) in enumerate(zip(scores, right))]),
        bars=bars_of(scores, right, best),
        view={
            "images": COLOUR.encode(x[places]),
            "readings": [{"words": each.words, "right": each.is_right, "more": ""} for each in shown],
        },
    )


def rerank_words(way: Way, right: Sequence[bool], share: float, n: int, phrases: int) -> str:
    """Return the shares of right pictures without re-ranking and with it, and what they do not tell."""
    known = ceiling(phrases)
    limit = "" if known is None else f" On real scenes it is right in {num(known, 1)} %."
    return (
        f"{way.title}: {len(right)} pictures. Drawn alone, {percent(sum(right) / len(right))} are right; as the best "
        f"of {n}, {percent(share)}. {CAVEAT}{limit}"
    )


def bars_of(scores: Tensor, right: Sequence[bool], most: int) -> dict[str, Any]:
    """Return the expected share of right pictures by how many are drawn for one that is shown."""
    rows = []
    for n in (each for each in (1, 2, 4, 8) if each <= most):
        share = share_of_best(scores.tolist(), right, n)
        low, high = wilson(share * len(right) / n, len(right) / n)
        says = f"95 % interval of so few pictures: {percent(low)} to {percent(high)}"
        rows.append({"title": "one alone" if n == 1 else f"best of {n}", "share": share, "text": percent(share)})
        rows[-1]["says"] = says
    return {"name": "Right by the judge, over all subsets of these pictures", "rows": rows}


RERANKED = {"best": [2, 4, 8]}
TRIED_WAYS = {"seed": 7, "at": None}
MODE = Mode(
    "ways",
    "Three ways",
    "play",
    fields=[BEST, WAY],
    functions=[draw_ways, rerank],
    panel=Panel(
        draw_ways,
        controls=[
            [Control(SEED, "seed")],
            [
                Control(
                    BEST,
                    "segments",
                    "Draw for each picture shown",
                    options={1: "one", 2: "best of 2", 4: "best of 4", 8: "best of 8"},
                )
            ],
            [
                Control(
                    WAY, "list", "Way to re-rank", options={key: way.title for key, way in WAYS.items()}, when=RERANKED
                )
            ],
        ],
        tries=[
            ("Two and one", TRIED_WAYS | {"prompt": "two dogs above a red star on sky", "best": 1}),
            ("Best of 4", TRIED_WAYS | {"prompt": "three pink cats on sand", "best": 4, "way": "diffusion"}),
        ],
        shows=Shows("Type a prompt: three networks draw it, a step at a time", WAYS_HEADS),
    ),
    code={
        "Three ways": [
            WordsTokens.token_steps,
            CachedPicture.logits,
            WordsMasked.walk,
            WordsTokens.log_probs,
            best_of_each,
            share_of_best,
        ],
    },
)
