"""*One word changed*: two prompts from one noise, with and without the attention of the words that they share."""

from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer import verdicts
from explorer.data.captions import Caption
from explorer.data.scenes import regions
from explorer.fields import Field, Real, Text
from explorer.models.prompt_to_prompt import aligned, change_words, keeping
from explorer.models.words import CrossAttention
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, percent
from explorer.spaces import COLOUR
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.networks import DRAWER
from explorer.tabs.words.shared import (
    EULER,
    PROMPT_LONGEST,
    WORDS_GUIDANCE,
    Area,
    Euler,
    Guidance,
    Prompt,
    caption_of,
    drawer,
    prompt_words,
    read_back,
    stands_out,
)

TO = Field("to", Text(PROMPT_LONGEST), "a yellow dog left of a blue car on grass", "the changed prompt")
KEPT_SHARE = Field("hold", Real(0, 1), 0.5, "the share of steps with kept attention", "0 keeps none, 1 keeps all")
To = Annotated[str, TO]
KeptShare = Annotated[float, KEPT_SHARE]
CHANGED_NOISES = 2
WAYS = ("attention free", "attention kept")
ABOUT_AS_MUCH = 1.05  # ratio of two changes below which they count as equal
CHANGES = {
    (where, way): Figure(f"change {where} the object's box, {way}", unit="% of full scale", digits=1)
    for where in ("inside", "outside")
    for way in WAYS
}
CHANGED_HEADS = (FINDING, *CHANGES.values())


def place_of_change(before: Caption | None, after: Caption | None) -> Area | None:
    """Return the part of the picture whose phrase alone differs between two captions; None if there is no such one."""
    if before is None or after is None or len(before.phrases) != len(after.phrases):
        return None
    if (before.relation, before.ground) != (after.relation, after.ground):
        return None
    differs = [one != other for one, other in zip(before.phrases, after.phrases)]
    if sum(differs) != 1:
        return None
    x, y, width, height = regions(before)[differs.index(True)]
    return slice(y, y + height), slice(x, x + width)


def box_around(pictures: Tensor, place: Area, ground: str) -> Area:
    """Return the box, within a part of several pictures (k, 3, 48, 48), of all that stands out from the ground in any.

    It is the whole part if nothing does.
    """
    rows, columns = place
    there = stands_out(pictures, ground).any(0)[rows, columns]
    if not there.any():
        return place
    down, right = there.any(1).nonzero().flatten().tolist(), there.any(0).nonzero().flatten().tolist()
    return (
        slice(rows.start + down[0], rows.start + down[-1] + 1),
        slice(columns.start + right[0], columns.start + right[-1] + 1),
    )


def mean_changes(before: Tensor, after: Tensor, box: Area) -> tuple[float, float]:
    """Return the mean absolute change of two pictures (3, 48, 48) inside a box and outside, in per cent of white."""
    change, inside = 100 * (after - before).abs().mean(0), torch.zeros(before.shape[1:], dtype=torch.bool)
    inside[box] = True
    return float(change[inside].mean()), float(change[~inside].mean()) if not inside.all() else 0.0


def finding(is_same: bool, means: dict[tuple[str, str], float] | None) -> str:
    """Return the headline, by how much less the rest changes with kept attention."""
    if is_same:
        return "Both prompts are the same, and so are the pictures."
    if means is None:
        return "The change is not one object alone, so no box is measured."
    free, kept = (means["outside", way] for way in WAYS)
    if kept == 0:
        return "With kept attention nothing else changes."
    if free == 0:
        return "Only with kept attention the rest changes."
    ratio = max(free / kept, kept / free)
    if ratio < ABOUT_AS_MUCH:
        return "With kept attention the rest changes as much."
    side = verdicts.sized(kept - free, larger="more", smaller="less")
    return f"With kept attention the rest changes {num(ratio, 1)} times {side}."


def change_sentence(before: Sequence[str], after: Sequence[str], share: float) -> str:
    """Return which words differ, and how long the attention is kept."""
    places = aligned(before, after)
    new = [word for word, place in zip(after, places) if place is None or before[place] != word]
    kept = {place for word, place in zip(after, places) if place is not None and before[place] == word}
    gone = [word for place, word in enumerate(before) if place not in kept]
    return (
        f"{exchange_words(gone, new)} from the same noise. With kept attention, shared words keep their weights "
        f"in the first {percent(share)} of the steps."
    )


def exchange_words(gone: Sequence[str], new: Sequence[str]) -> str:
    """Return which words are out and in, as the beginning of a sentence."""
    out, come = " ".join(gone), " ".join(new)
    if gone and new:
        return f"“{come}” takes the place of “{out}”,"
    if gone or new:
        return f"“{out or come}” is {'left out' if gone else 'added'},"
    return "No word has changed,"


@heavy
@torch.no_grad()
def change_word(prompt: Prompt, to: To, hold: KeptShare, guidance: Guidance, steps: Euler, seed: Seed) -> Answer:
    """Draw two prompts from the same noises, and measure what changed inside the changed object's box, and outside."""
    before, after = prompt_words(prompt), prompt_words(to)
    how = {"before": before, "after": after, "steps": steps, "guidance": guidance, "share": hold}
    x = change_words(drawer(), CHANGED_NOISES, generator=rng(seed), **how).cpu()
    caption = caption_of(before)
    place = place_of_change(caption, caption_of(after))
    boxes = [box_around(x[:, k], place, caption.ground) for k in range(CHANGED_NOISES)] if caption and place else []
    found = [
        {"noise": k + 1, "way": way, "inside": inside, "outside": outside}
        for k, box in enumerate(boxes)
        for way, drawn in zip(WAYS, x[1:, k], strict=True)
        for inside, outside in [mean_changes(x[0, k], drawn, box)]
    ]
    means = (
        {(where, way): sum(row[where] for row in found if row["way"] == way) / CHANGED_NOISES for where, way in CHANGES}
        if found
        else None
    )
    numbers = [figure.of(means[key] if means else None) for key, figure in CHANGES.items()]
    readings = [each.words for words, drawn in zip((before, after, after), x) for each in read_back(drawn, words)]
    view = {
        "x": [COLOUR.encode(each) for each in x],
        "boxes": [[box[1].start, box[0].start, box[1].stop, box[0].stop] for box in boxes],
        "readings": readings,
    }
    headline = FINDING.of(finding(before == after, means))
    return Answer(
        [headline, *numbers], change_sentence(before, after, hold), Table(found) if found else None, view=view
    )


FROM_CAT = {"prompt": "a yellow cat left of a blue car on grass", "hold": 0.5, "steps": 20, "guidance": 4, "seed": 7}
MODE = Mode(
    "changed",
    "One word changed",
    "play",
    fields=[TO, KEPT_SHARE],
    functions=[change_word],
    panel=Panel(
        change_word,
        controls=[
            [Control(SEED, "seed")],
            [Control(KEPT_SHARE, "slider", "Share of steps with kept attention", step=0.05, digits=2)],
            [Control(WORDS_GUIDANCE, "slider", "Guidance", step=0.5, digits=1)],
        ],
        more=[[Control(EULER, "slider", "Steps")]],
        tries=[
            ("Another colour", FROM_CAT | {"to": "a pink cat left of a blue car on grass"}),
            ("Another relation", FROM_CAT | {"to": "a yellow cat above a blue car on grass"}),
            ("One word out", FROM_CAT | {"to": "a cat left of a blue car on grass"}),
        ],
        nets=[DRAWER],
        shows=Shows("Change a word of the second prompt: the noise stays", CHANGED_HEADS),
    ),
    code={"One word changed": [change_word.plain, change_words, keeping, aligned, CrossAttention.forward]},
)
