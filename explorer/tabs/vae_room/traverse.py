"""*Traverse*: one latent is moved from end to end, and the decoder shows what it holds."""

import functools
from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, Real, Whole
from explorer.models.latent import kl_of_each
from explorer.networks import checkpoints
from explorer.networks.card import Card, rows
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.vae_room.shared import (
    DIGIT,
    LATENTS,
    REACH,
    VAE_ROOM_FEW,
    VAE_ROOM_MANY,
    VaeNet,
    encode,
    one,
    traverse,
)

THREE = DIGIT | {"img": 108}
RANK = Field("rank", Whole(0, LATENTS - 1), 0, "the latent", "By its mean KL, the largest first")
Rank = Annotated[int, RANK]
UNUSED = 0.05  # nats
STILL, BLACK_TO_GREY = 8, 128  # of 255 grey levels: a change that is hardly visible, and one from black to grey
KL_HERE = Figure("KL of this latent, this picture", unit="nats")
MEAN, WIDTH = Figure("its mean μ here"), Figure("its width σ here")
KL_MEAN = Figure("KL on average", unit="nats")
HEADS = (FINDING, KL_HERE, MEAN, WIDTH, KL_MEAN)


def costs_of(card: Card) -> list[float]:
    """Return the mean KL of every latent by rank, as the card has it."""
    return [row["value"] for row in rows(card, "kl")] or [0.0] * LATENTS


def latent_bars(costs: Sequence[float], rank: int) -> Chart:
    """Return the chart of the mean KL of every latent, of which one is chosen."""
    top = max(0.5, *costs)
    return Chart(
        x=Axis(
            unit="latents",
            ends=[0, len(costs)],
            ticks=[0.5, len(costs) / 2 - 0.5, len(costs) - 0.5],
            names=["1", str(len(costs) // 2), str(len(costs))],
        ),
        y=Axis("KL of each latent in nats", "mean of all test images", ends=[0, top]),
        bars=[{"x0": k, "x1": k + 1, "y": y, "colour": "you" if k == rank else "quiet"} for k, y in enumerate(costs)],
        cursor=rank + 0.5,
        words=f"latent {rank + 1} of {len(costs)} costs {num(costs[rank])} nats",
    )


def moved_words(rank: int, change: int) -> str:
    """Return the headline: what happens to the image while a latent is moved, by the largest change of a pixel."""
    what = "changes nothing you can see" if change < STILL else "redraws the image" if change >= BLACK_TO_GREY else ""
    return f"Moving latent {rank + 1} {what or 'changes the image a little'}."


def traverse_answer(card: Card, rank: int, mu: list[float], sigma: list[float], kl: list[float], change: int) -> Answer:
    """Describe one latent of a picture.

    Arguments:
        card: Card of the network.
        rank: Rank of the latent by its mean KL.
        mu: Means of all latents by rank; their widths are `sigma`, and their KLs `kl`.
        change: Largest change of a pixel while the latent is moved, of 255 grey levels.
    """
    costs, active = costs_of(card), one(card, "active")
    said = [
        f"{active['value']:.0f} of {len(costs)} latents carry something; the others are unused." if active else "",
        f"Latent {rank + 1} is encoded at {num(mu[rank])} ± {num(sigma[rank])} and costs {num(kl[rank])} of "
        f"{num(sum(kl), 1)} nats of KL.",
        f"No pixel changes by more than {change} of 255 grey levels from −3 to 3."
        if change < STILL
        else f"From −3 to 3 some pixel changes by {change} of 255 grey levels.",
        "The decoder does not use it, so the encoder leaves it at the prior, 0 ± 1, where it is free."
        if costs[rank] < UNUSED
        else "",
    ]
    table = [
        {
            "rank": k + 1,
            "mean": mu[k],
            "width": sigma[k],
            "KL of this picture, nats": kl[k],
            "mean KL over the test images, nats": costs[k],
        }
        for k in range(len(mu))
    ]
    return Answer(
        [
            FINDING.of(moved_words(rank, change)),
            KL_HERE.of(kl[rank]),
            MEAN.of(mu[rank]),
            WIDTH.of(sigma[rank]),
            KL_MEAN.of(costs[rank]),
        ],
        " ".join(filter(None, said)),
        Table(table),
        charts=[latent_bars(costs, rank)],
        stops={
            "z": [(round(z / 5, 1), round(z / 5, 1)) for z in range(-5 * round(REACH), 5 * round(REACH) + 1)],
            "rank": [(k + 0.5, k) for k in range(len(costs))],
        },
    )


@functools.lru_cache(maxsize=8)
def order(net: str) -> tuple[int, ...]:
    """Return the latents of a network by their mean KL over the test split, largest first, as in its card."""
    found = [int(row["latent"]) for row in rows(checkpoints.card_of(net), "kl")]
    return tuple(found) if found else tuple(range(checkpoints.load(net).latent))


@light
def one_latent(net: VaeNet, picture: Picture, rank: Rank) -> Answer:
    """Decode a picture's code with one latent moved in small steps, and describe all latents of the picture."""
    with torch.no_grad():
        model, x, mu, sigma = encode(net, picture)
        ranked = list(order(net))

        def images(which: int, places: int) -> Tensor:
            return model.decode(traverse(mu, ranked[which], places)).mean

        frames = images(rank, VAE_ROOM_MANY)
        change = int((255 * (frames.amax(0) - frames.amin(0))).max())
        parts = {"mu": mu, "sigma": sigma, "kl": kl_of_each(mu, sigma)}
        codes = {part: round_numbers(each[ranked]) for part, each in parts.items()}
        names = {"chosen": rank, "used most": 0, "used least": len(ranked) - 1}
        costs = costs_of(checkpoints.card_of(net))
        strips = [
            {
                "name": f"Latent {which + 1}, {name}: {costs[which]:.2f} nats on average",
                "images": to_bytes(images(which, VAE_ROOM_FEW)),
                "says": f"latent {which + 1} from −3 to 3",
                "sets": [{"rank": which, "z": z} for z in range(-round(REACH), round(REACH) + 1)],
            }
            if name == "chosen" or which != rank
            else {}
            for name, which in names.items()
        ]
        said = traverse_answer(checkpoints.card_of(net), rank, **codes, change=change)
        view = {"x": to_bytes(frames), "latents": ranked} | codes
        return said | Answer(strips=strips, pictures={"x": model.space.encode(x)}, view=view)


MODE = Mode(
    "traverse",
    "Traverse",
    "look",
    fields=[RANK, Field("z", Real(-REACH, REACH), None, "where the latent is moved to")],
    functions=[one_latent],
    panel=Panel(
        one_latent,
        controls=[],
        tries=[
            ("The latent that is used most", THREE | {"rank": 0, "z": -3}),
            ("One that is not used", THREE | {"rank": 31, "z": 3}),
            ("A boot's first latent", {"net": "vae-fashion-mnist", "img": 1, "rank": 0, "z": 2}),
        ],
        shows=Shows(
            "Choose a latent by its bar, then move it",
            HEADS,
            charts=[("What every latent costs on average", 330, "rank")],
            strips=[(7, 80, True)] * 3,
        ),
    ),
    code={
        "Traverse": [one_latent.plain, kl_of_each],
    },
)
