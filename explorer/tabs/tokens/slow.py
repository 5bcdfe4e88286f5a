"""*Why slow*: sixteen images drawn by pixels and by tokens, timed on this server."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

import torch

from explorer.measures.quality import over_floor
from explorer.models import pixelrnn
from explorer.models.pixelrnn import RowLSTM
from explorer.models.prior import Cache
from explorer.models.vqvae import TOKENS, VQVAE
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Details, Figure, Table
from explorer.numbers.figures import nll
from explorer.numbers.words import num
from explorer.spaces.images import SIDE
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import timed
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Parts, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.tokens.shared import TOKEN_NETS, Found, TokenNet, rival_of

WAYS = {"pixels": "PixelCNN", "rows": "PixelRNN", "tokens": "Tokens"}
IN_TURN = {way: f"{name}, {'49' if way == 'tokens' else '784 pixels'} in turn" for way, name in WAYS.items()}
FASTER = Figure("how much faster tokens are, on this server", unit="times", digits=1)
TOKEN_STEP = Figure("a step of sixteen images, tokens", unit="ms")
PIXEL_STEP = Figure("the same, pixels", unit="ms")
SLOW_DRAWN = 16
ALL = len(WAYS)
HEADS = (FASTER, TOKEN_STEP, PIXEL_STEP)


@dataclass(frozen=True)
class Reached:
    """Figures of a network, by its card: −log p(x), and the mean Fréchet distance of its samples over its floor."""

    nll: Mapping[str, Any] | None
    frechet: float | None

    @property
    def nats(self) -> str:
        """The likelihood as text, with its kind."""
        return f"{'≤ ' if self.nll['kind'] == 'bound' else '= '}{num(self.nll['value'], 1)}" if self.nll else "–"

    @property
    def distance(self) -> str:
        """The Fréchet distance as text."""
        return "not measured" if self.frechet is None else num(self.frechet, 1)


def waiting_answer(done: int, ways: int) -> Answer:
    """Tell how many of the ways to draw were timed by now."""
    words = f"{done} of {ways} ways to draw are timed, one after the other."
    return Answer([each.unknown for each in HEADS], words)


def race_answer(found: Mapping[str, Mapping[str, Any]], cards: Mapping[str, Reached]) -> Answer:
    """Describe the time of drawing by pixels and by tokens, beside what the networks reach.

    Arguments:
        found: Seconds, steps and threads of each way of `WAYS` that was timed.
        cards: Figures of the networks.
    """
    step = {way: num(1000 * each["seconds"] / each["steps"]) for way, each in found.items()}
    rows = {
        "steps, one after the other": {way: f"{each['steps']:,}" for way, each in found.items()},
        "seconds for sixteen, here": {way: num(each["seconds"]) for way, each in found.items()},
        "a step of sixteen, ms": step,
        "−log p(x), nats": {way: cards[way].nats for way in found},
        "Fréchet ÷ floor (mean)": {way: cards[way].distance for way in found},
    }
    details = [{"": name} | {WAYS[way]: text for way, text in texts.items()} for name, texts in rows.items()]
    table = [{"way": way} | {key: each[key] for key in ("steps", "seconds", "threads")} for way, each in found.items()]
    answer = Answer(details=Details(details), table=Table(table))
    if "pixels" not in found:
        numbers = [FASTER.unknown, TOKEN_STEP.of(step["tokens"]), PIXEL_STEP.unknown]
        return answer | Answer(numbers, "No network of these pixels is here to compare with.")
    pixels, tokens = found["pixels"], found["tokens"]
    faster = num(pixels["seconds"] / tokens["seconds"], 1)
    threads = f"{tokens['threads']} {'thread' if tokens['threads'] == 1 else 'threads'}"
    said = [
        f"Tokens take {num(pixels['steps'] / tokens['steps'], 0)} times fewer steps and are {faster} times as fast "
        f"here, on {threads}.",
        f"A step costs {step['tokens']} ms for sixteen images, where one pixel costs {step['pixels']}: so the time of "
        "a step counts too, not only their number.",
    ]
    if "rows" in found:
        said.append(
            f"A PixelRNN draws as many pixels, {step['rows']} ms each, and needs {cards['rows'].nats} nats. It is "
            "small and was trained for a short time: its rows must wait for each other in training, too."
        )
    if None not in (cards["pixels"].frechet, cards["tokens"].frechet):
        said.append(
            f"In Fréchet distance over that of training images, pixels reach {cards['pixels'].distance} and tokens "
            f"{cards['tokens'].distance}."
        )
    said.append(
        f"−log p(x): {cards['pixels'].nats} nats by pixels, {cards['tokens'].nats} by tokens, whose pixels are "
        "independent once the tokens are drawn."
    )
    numbers = [FASTER.of(faster), TOKEN_STEP.of(step["tokens"]), PIXEL_STEP.of(step["pixels"])]
    return answer | Answer(numbers, " ".join(said))


def recurrent_of(net: str) -> str:
    """Return the name of the PixelRNN, which draws the same images pixel by pixel with the state of the row above."""
    return net.replace("vqvae", "pixelrnn")


@timed
def race(net: TokenNet, seed: Seed, parts: Parts = ALL) -> Answer:
    """Time drawing sixteen images on this server: pixel by pixel with a cache, and token by token.

    The pixels are those of the PixelCNN, and of the PixelRNN if there is one of the data set. The tokens are drawn
    first; with fewer `parts` than ways to draw, the others are still to come.
    """
    nets = {"pixels": rival_of(net), "rows": recurrent_of(net), "tokens": net}
    ways = [way for way, name in nets.items() if checkpoints.exists(name)]
    there = {way: draw_images(nets[way], seed) for way in [*ways[-1:], *ways[:-1]][:parts]}
    found = {way: there[way] for way in ways if way in there}
    waits = {"images": to_bytes(torch.zeros(SLOW_DRAWN, 1, SIDE, SIDE)), "words": "not drawn yet"}
    images = {
        way: {
            "images": each["images"],
            "words": "sixteen images",
            "title": f"{IN_TURN[way]}: {num(each['seconds'], 1)} s for sixteen",
        }
        for way, each in found.items()
    }
    shown = [images.get(way, waits) if way in ways else None for way in nets]
    pictures = {"out": there[ways[-1]]["first"]} if there else {}
    grids = Answer(charts=[], strips=[], grids=shown, pictures=pictures)
    if len(found) < len(ways):
        return grids | Answer(more=True) | waiting_answer(len(found), len(ways))
    return grids | race_answer(found, {way: card_figures(nets[way]) for way in found})


@lru_cache(maxsize=16)
def draw_images(net: str, seed: int) -> Found:
    """Draw sixteen images by one network; return them with the seconds, the steps and the threads that it took."""
    model = checkpoints.load(net)
    start = time.perf_counter()
    x = model.sample(SLOW_DRAWN, generator=rng(seed)).cpu()
    seconds = time.perf_counter() - start
    steps = TOKENS if isinstance(model, VQVAE) else model.space.dim
    images = {"images": to_bytes(x), "first": to_bytes(x[:1])}
    return images | {"seconds": seconds, "steps": steps, "threads": torch.get_num_threads()}


def card_figures(net: str) -> Reached:
    """Return what a card says of a network's likelihood and of its samples."""
    card = checkpoints.card_of(net)
    judged = card.get("quality", {}).get("rows", [])
    ratios = over_floor(card, judged[0]["pixels"]) if judged else []
    return Reached(nll(card, checkpoints.load(net).space) if card else None, fmean(ratios) if ratios else None)


MODE = Mode(
    "slow",
    "Why slow",
    "understand",
    functions=[race],
    panel=Panel(
        race,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("Clothes of 256 levels", {"net": "vqvae-fashion-mnist", "seed": 7}),
        ],
        shows=Shows(
            "Pixels against tokens, timed on this server",
            HEADS,
            grids=[Grid(name, 8, rows=6.8, titled=True) for name in IN_TURN.values()],
            details=True,
            waits="This server draws sixteen images in each way, one after the other: 784 pixels each, and 49 tokens…",
        ),
        nets=TOKEN_NETS,
    ),
    code={
        "Why slow": [race.plain, VQVAE.token_steps, Cache.logits, RowLSTM.forward, pixelrnn.Cache.features],
    },
)
