"""Sentences about generated images, places between their codes, snapshots of a training, and a search for an image."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.models.gan import STARTS
from explorer.networks.card import Card, Row, find
from explorer.tabs.kit.layout.fields import MOST_CLASSES
from explorer.tabs.kit.layout.panel import Curves
from explorer.tabs.kit.numbers.answer import Figure, Report
from explorer.tabs.kit.numbers.words import num, percent, with_article

SEEN = 0.005  # share of a class that is told
SHORT = 0.7  # as a share of the usual length: fewer than one in a thousand drawn codes is shorter
GOAL = "It was trained to give real images more than 1 and generated ones less than −1"


def usual(card: Card) -> str:
    """Return the mean scores on the card, as the end of a sentence; nothing if they were not measured."""
    try:
        real, made = (find(card, name)["value"] for name in ("score_real", "score_made"))
    except KeyError:
        return ""
    return f": on average {num(real)} for real test images and {num(made)} for generated ones"


def image(number: int, name: str, score: float, seed: int, card: Card) -> str:
    """Describe an image of the grid."""
    return (
        f"Image {number} of seed {seed} was asked to be {with_article(name)}. It took one pass of the generator. "
        f"The discriminator gives it {num(score)}. {GOAL}{usual(card)}. A score is no probability."
    )


def mixture(shares: Mapping[str, float]) -> str:
    """Return “a 7”, or “60 % 7, 40 % 1” for a mixture of classes, by their shares."""
    seen = sorted(((share, name) for name, share in shares.items() if share >= SEEN), reverse=True)
    if len(seen) == 1:
        return with_article(seen[0][1])
    return ", ".join(f"{percent(share)} {name}" for share, name in seen)


def place(u: float, v: float, score: float, length: float, latent: int) -> str:
    """Describe a place in the plane through three codes; `length` is that of its code of `latent` numbers."""
    usually = math.sqrt(latent)
    met = ": the generator hardly ever received one so short" if length < SHORT * usually else ""
    return (
        f"The code is A + {num(u)} (B − A) + {num(v)} (C − A). It is {num(length, 1)} long, where drawn "
        f"codes are about {num(usually, 1)} long{met}. The discriminator gives the image {num(score)}."
    )


def step(at: int, scores: Sequence[float], lengths: Sequence[float], angle: float, ends: Sequence[int]) -> str:
    """Describe a frame between two images; `angle` lies between the codes of its ends, in radians."""
    least = min(range(len(scores)), key=scores.__getitem__)
    return (
        f"The codes of image {ends[0] + 1} and image {ends[1] + 1} are {math.degrees(angle):.0f}° apart (two drawn at "
        f"random: about 90°). The film turns from one to the other, so that no code on it is short: here "
        f"{num(lengths[at], 1)}. The discriminator gives this frame {num(scores[at])}, and the least, "
        f"{num(scores[least])}, to frame {least}."
    )


def snapshot_report(row: Mapping[str, Any], index: int, scores: Sequence[float]) -> Report:
    """Return the report of a snapshot of the training, by the log and by the scores of its sixteen images."""
    when = f"After {row['images']:,} images" if row["images"] else "Before the first image"
    kind = (
        " These weights are the average of those of the last steps: what every other mode uses."
        if row.get("averaged")
        else ""
    )
    mean, of_d, of_g = sum(scores) / len(scores), row["discriminator"], row["generator"]
    words = (
        f"{when} the discriminator’s loss is {num(of_d)} on held-out images: it is 2 if every "
        f"score is 0, and 0 if all images are separated. The generator’s, minus the mean score of its "
        f"images, is {num(of_g)}. Then it gave these sixteen {num(mean)} "
        f"on average.{kind} Neither loss says how good the images are: each is measured against the other "
        "network at that snapshot."
    )
    averaged = ", averaged" if row.get("averaged") else ""
    return Report(
        [MEAN_SCORE.of(mean), LOSS_D.of(of_d), LOSS_G.of(of_g)],
        words,
        caption=f"{row['images']:,} images seen (epoch {num(row['epoch'])}{averaged})",
        place=index,
        curves=[[of_d], [of_g]],
        row={"epoch": row["epoch"], "images": row["images"]}
        | {"loss of the discriminator": of_d, "loss of the generator": of_g}
        | {f"score of image {k}": score for k, score in enumerate(scores, 1)},
    )


def search(first: Row, last: Row, class_name: str, name: str) -> str:
    """Describe a finished search for a picture called `name`, by the numbers of its first and of its last frame."""
    before, after = first["error"][0], last["error"][0]
    return (
        f"Gradient descent on z from {len(last['errors'][0])} starts: the nearest image that it found to {name} is "
        f"{with_article(class_name)}, and its pixels are {num(after, 3)} off (root mean square; white is 1), "
        f"{num(100 * after / before, 0)} % of where it began. The discriminator gives it "
        f"{num(last['score'][0])}. The error that remains is what the generator cannot output, or what this search "
        f"did not find. The "
        "error is no likelihood: it says how near the closest image lies, not how often such images are drawn."
    )


def searching(index: int, error: float) -> str:
    """Describe a frame of the search."""
    when = f"After {index} step{'' if index == 1 else 's'}" if index else "The best of the draws, before any step"
    return f"{when}: error {num(error, 3)}"


MEAN_SCORE = Figure("mean score of the sixteen; above 0: real")
LOSS_D, LOSS_G = Figure("discriminator’s loss"), Figure("generator’s loss")
LEARNED = (MEAN_SCORE, LOSS_D, LOSS_G)
PLAYERS = [
    Curves(
        f"The {player}’s loss at each snapshot",
        f"{player}’s loss: {meaning}",
        188,
        [{"colour": "ink"}],
        along="snapshots",
    )
    for player, meaning in (
        ("discriminator", "0 separates all, 2 none"),
        ("generator", "the lower, the more D is fooled"),
    )
]
LOG_P, PER_DIMENSION = Figure("log p(x)"), Figure("bits per dimension")
LEFT = Figure("error left over (rms)", digits=3)
CLASS = Figure("generated as")
SCORE = Figure("discriminator’s score")
EVALUATIONS = Figure("evaluations of G, forward", digits=0)
SEARCHED = (LOG_P, PER_DIMENSION, LEFT, CLASS, SCORE, EVALUATIONS)
LINES = max(STARTS, MOST_CLASSES)
CANNOT = "∅ cannot say"
ERRORS = Curves(
    "The error of every start, step by step",
    "error (rms) of every start; the best is bold",
    180,
    [*LINES * [{"colour": "quiet", "width": 1}], {"colour": "ink", "width": 2.5}],
    includes=(0,),
    along="steps",
)


def search_report(shot: Row, first: Row, class_name: str, name: str, evaluations: int) -> Report:
    """Describe a frame of the search for a picture called `name`; `first` are the numbers of its start."""
    numbers, index = shot["numbers"], shot["index"]
    (error,), (score,), (each,) = numbers["error"], numbers["score"], numbers["errors"]
    caption, over = searching(index, error), index == shot["total"] - 1
    found = [
        LOG_P.of(CANNOT),
        PER_DIMENSION.of(CANNOT),
        LEFT.of(error),
        CLASS.of(class_name),
        SCORE.of(score),
        EVALUATIONS.of((index + 1) * evaluations),
    ]
    starts = {f"error of start {k}": value for k, value in enumerate(each, 1)}
    return Report(
        found,
        search(first, numbers, class_name, name) if over else "",
        caption=caption,
        place=index,
        end=shot["total"] - 1,
        curves=[[*each, *(LINES - len(each)) * [None], error]],
        row={"step": index, "error left over (rms)": error, "class": class_name, "score": score} | starts,
    )
