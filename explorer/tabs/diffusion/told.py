"""Sentences, figures and tables about the frames of films that start from pictures."""

import math
from typing import Any

import torch
from torch import Tensor

from explorer.tabs.kit.fields import Image
from explorer.tabs.kit.words import num, percent

Answer = dict[str, Any]
PIXELS = 784
GREY = 51 / 255, 204 / 255  # pixels between these are neither nearly black nor nearly white


def called(picture: Image) -> str:
    """Return what a sentence calls a picture."""
    return "the test image" if picture[0] == "test" else "your drawing"


def away_from(x: Tensor, picture: Tensor) -> Tensor:
    """L2 distance of each image from one: (B, 1, 28, 28) to (B,)."""
    return (x - picture).flatten(1).norm(dim=-1)


def spread(x: Tensor) -> float:
    """Compute the mean L2 distance of two of several images."""
    return float(torch.pdist(x.flatten(1).double()).mean())


def middle(x: Tensor, picture: Tensor, name: str, start: int, time: float, alpha: float) -> Answer:
    """Describe answers that have come to `time`, from a picture noised to `start`, where ᾱ is `alpha`."""
    away, among = away_from(x, picture), spread(x)
    mean = num(float(away.mean()))
    left = (
        f"At t = {start} a share √ᾱ = {num(math.sqrt(alpha))} of {name} is left in xₜ, beside "
        f"{num(math.sqrt(1 - alpha))} of noise: signal to noise {num(alpha / (1 - alpha), 3)}."
    )
    if time > 0:
        said = (
            f"By t = {time} the four lie {mean} (L2) from {name} on average and {num(among)} from each other, what "
            "noise is left in them included."
        )
    else:
        close = among < float(away.mean())
        verdict = "agree with each other more than with it" if close else "differ from each other more than from it"
        said = (
            f"The four answers lie {mean} (L2) from {name} on average and {num(among)} from each other: they {verdict}."
        )
    return {
        "words": f"{left} {said}",
        "figures": [("from the picture", ", ".join(map(num, away.tolist())))],
        "table": [
            ("answer", "start", "L2 distance from the picture"),
            *((k + 1, start, value) for k, value in enumerate(away.tolist())),
        ],
    }


def seams(x: Tensor, kept: Tensor) -> Tensor | None:
    """Compute the mean difference of neighbours of which one is kept: (B, 1, 28, 28) to (B,); None without any."""
    parts = []
    for axis in (-1, -2):
        count = x.shape[axis] - 1
        cut = kept.narrow(axis, 0, count) != kept.narrow(axis, 1, count)
        parts.append(x.diff(dim=axis).abs()[:, cut])
    found = torch.cat(parts, dim=1)
    return found.mean(1) if found.shape[1] else None


def filled(x: Tensor, picture: Tensor, kept: Tensor, name: str, time: float, resamples: int) -> Answer:
    """Describe answers to what is missing of a picture, of which the pixels `kept`, (1, 28, 28), are known."""
    away, among, count = away_from(x, picture), spread(x), int(kept.sum())
    mean, jumps, own = num(float(away.mean())), seams(x, kept), seams(picture, kept)
    same = bool(((x * 255).round() == (picture * 255).round())[:, kept].all())
    if time > 0:
        words = (
            f"At t = {time} the answers are still noisy: {mean} (L2) from the rest of {name} and {num(among)} from "
            f"each other. Of {count} kept pixels nothing but their noised values is put back at each step."
        )
    else:
        unchanged = ", and no answer changes one of them" if same else ""
        words = f"{count} pixels are kept{unchanged}; the other {PIXELS - count} are filled in."
        words = "Nothing is kept: this is plain drawing." if count == 0 else words
        words += f" The answers lie {mean} (L2) from the rest of {name}, and {num(among)} from each other."
        if own is not None:
            again = "without resampling" if resamples == 1 else f"with {resamples} rounds a step"
            words += (
                f" Across the seam neighbours differ by {percent(float(jumps.mean()), 1)} of white {again}; in {name} "
                f"by {percent(float(own.mean()), 1)}."
            )
    jumped = [None] * len(x) if jumps is None else jumps.tolist()
    return {
        "words": words,
        "figures": [
            ("from the real rest", ", ".join(map(num, away.tolist()))),
            ("from each other", num(among)),
        ],
        "table": [
            ("answer", "pixels kept", "resamples", "L2 distance from the real rest", "jump at the seam"),
            *((k + 1, count, resamples, value, jump) for k, (value, jump) in enumerate(zip(away.tolist(), jumped))),
        ],
    }


def upwards(time: float) -> Answer:
    """Describe two images on their way to noise."""
    return {
        "words": f"Both images are on their way up to noise, at t = {time:,}. DDIM, run backwards, has added what "
        "noise the network saw in them.",
    }


def grey(x: Tensor) -> list[float]:
    """Compute the share of grey pixels of each image."""
    return ((x > GREY[0]) & (x < GREY[1])).flatten(1).double().mean(1).tolist()


def between(x: Tensor, noises: Tensor, ends: Tensor, vae: Tensor | None, time: float) -> Answer:
    """Describe images between two noises on their way down; at time 0 beside the path of the VAE.

    Arguments:
        x: Images of the path at `time`.
        noises: The two noises.
        ends: The two images that became them.
        vae: Images of the VAE's path; None if there is none.
        time: Time of the images.
    """
    cosine = torch.cosine_similarity(*noises.flatten(1).double(), dim=0)
    sizes = " and ".join(num(value) for value in noises.flatten(1).double().square().mean(1).sqrt().tolist())
    turned = (
        f"The two noises enclose {num(math.degrees(math.acos(max(-1, min(1, float(cosine))))), 0)}°; two independent "
        f"ones would enclose 90°. Their root mean square is {sizes} (pure noise: 1)."
    )
    if time > 0:
        return {"words": f"{turned} Nine noises between them are on their way down, at t = {time:,}."}

    def measured(path: Tensor) -> tuple[str, str]:
        missed = away_from(path[[0, -1]], ends)
        return " and ".join(map(num, missed.tolist())), num(float(path.diff(dim=0).flatten(1).norm(dim=-1).max()))

    missed, jump = measured(x)
    said = f"{turned} Decoded again, the two ends lie {missed} (L2) from their images"
    if vae is None:
        return {"words": f"{said}.", "grey": [grey(x)]}
    by_vae, uneven = measured(vae)
    return {
        "words": f"{said}, the VAE's, of two numbers each, {by_vae}. The largest change between neighbours is {jump} "
        f"on the upper path and {uneven} on the lower.",
        "grey": [grey(x), grey(vae)],
    }
