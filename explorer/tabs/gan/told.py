"""Sentences about generated images, places between their codes, moments of a training, and a search for an image."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.card import Card, Row, find
from explorer.tabs.kit.words import num, with_article

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
        f"Image {number} of seed {seed} was asked to be {with_article(name)}. One pass of the generator made it. "
        f"The discriminator gives it {num(score)}. {GOAL}{usual(card)}. A score is no probability."
    )


def place(u: float, v: float, score: float, length: float, latent: int) -> str:
    """Describe a place in the plane through three codes; `length` is that of its code of `latent` numbers."""
    usually = math.sqrt(latent)
    met = ": the generator has hardly ever met one so short" if length < SHORT * usually else ""
    return (
        f"The code is A + {num(u)} (B − A) + {num(v)} (C − A). It is {num(length, 1)} long, where drawn "
        f"codes are about {num(usually, 1)} long{met}. The discriminator gives the image {num(score)}."
    )


def step(at: int, scores: Sequence[float], lengths: Sequence[float], angle: float, ends: Sequence[int]) -> str:
    """Describe a frame between two images; `angle` lies between the codes of its ends, in radians."""
    least = min(range(len(scores)), key=scores.__getitem__)
    return (
        f"The codes of image {ends[0] + 1} and image {ends[1] + 1} enclose {math.degrees(angle):.0f}° (two drawn at "
        f"random: about 90°). The film turns from one to the other, so that no code on it is short: here "
        f"{num(lengths[at], 1)}. The discriminator gives this frame {num(scores[at])}, and the least, "
        f"{num(scores[least])}, to frame {least}."
    )


def moment(row: Mapping[str, Any], scores: Sequence[float]) -> str:
    """Describe a moment of the training by what the log has of it, and by the scores of its sixteen images."""
    when = f"After {row['images']:,} images" if row["images"] else "Before the first image"
    kind = (
        " These weights are the average of those of the last steps: what every other mode uses."
        if row.get("averaged")
        else ""
    )
    return (
        f"{when} the discriminator’s loss is {num(row['discriminator'])} on held-out images: 2 is what it pays "
        f"where it gives everything 0, and 0 where it tells all apart. The generator’s, minus the mean score of what "
        f"it makes, is {num(row['generator'])}. Then it gave these sixteen {num(sum(scores) / len(scores))} "
        f"on average.{kind} Neither loss says how good the images are: each is measured against the other player "
        "as it was."
    )


def search(first: Row, last: Row, class_name: str, name: str) -> str:
    """Describe a finished search for a picture called `name`, by the numbers of its first and of its last frame."""
    before, after = first["error"][0], last["error"][0]
    return (
        f"Gradient descent on z from {len(last['errors'][0])} starts: the nearest image that it found to {name} is "
        f"{with_article(class_name)}, and its pixels are {num(after, 3)} off (root mean square; white is 1), "
        f"{num(100 * after / before, 0)} % of where it began. The discriminator gives it "
        f"{num(last['score'][0])}. What is left over the generator cannot make, or this search did not find. The "
        "error is no likelihood: it says how near the closest image lies, not how often such images are drawn."
    )


def searching(index: int, error: float) -> str:
    """Describe a frame of the search."""
    when = f"After {index} step{'' if index == 1 else 's'}" if index else "The best of the draws, before any step"
    return f"{when}: error {num(error, 3)}"


SEARCHED = ("log p(x)", "bits per dimension", "error left over (rms)", "made as", "discriminator’s score")
CANNOT = "∅ cannot say"


def found(numbers: Row, class_name: str) -> list[tuple[str, str]]:
    """Return the numbers of a frame of the search with their names; what a GAN cannot say is among them."""
    return [*zip(SEARCHED, (CANNOT, CANNOT, num(numbers["error"][0], 3), class_name, num(numbers["score"][0])))]
