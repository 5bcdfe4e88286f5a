"""Sentences, figures and tables about the frames of films that start from pictures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from explorer.steps import Step
from explorer.tabs.kit.layout.fields import Image
from explorer.tabs.kit.numbers.answer import Answer, Figure, Report, Table
from explorer.tabs.kit.numbers.words import num, percent

GREY_PIXELS = Figure("grey pixels, diffusion", unit="%", digits=0)
GREY_VAE = Figure("grey pixels, VAE", unit="%", digits=0)
EVALUATIONS = Figure("network evaluations", digits=0)
TRAVEL_HEADS = (GREY_PIXELS, GREY_VAE, EVALUATIONS)
CHANGE = Figure("change of x̂₀ (rms)", digits=3)
STEP = Figure("step")
NOISE_SIZE = Figure("size of ε̂ (rms)", digits=3)
REVERSE_HEADS = (CHANGE, STEP, NOISE_SIZE, EVALUATIONS)
FEW = 3  # steps up to which the first guess is hardly corrected
PIXELS = 784
GREY = 51 / 255, 204 / 255  # pixels between these are neither nearly black nor nearly white


def levels(x: Tensor) -> Tensor:
    """Return images, of any shape, as the page shows them, in 256 levels between 0 and 1."""
    return (x.clamp(0, 1).cpu().double() * 255).round() / 255


@dataclass
class Reversed:
    """Sentences and figures of every image of a film out of noise, frame by frame.

    Arguments:
        seed: Seed of the noise.
        costs: Network evaluations of each step.
        guesses: Predictions x̂₀ of the frames so far, with their times t.
    """

    seed: int
    costs: Sequence[int]
    guesses: list[tuple[int, Tensor]] = field(default_factory=list)

    def __call__(self, step: Step) -> Report:
        """Describe the next frame."""
        if step.index < 0:
            self.guesses.clear()
            return self.beginning(step)
        time, t, spent = int(step.time), int(step.numbers["t"]), sum(self.costs[: step.index + 1])
        self.guesses.append((t, levels(step.pictures["x0"])))
        sizes = step.numbers["noise_norm"].tolist()
        moved = step.numbers["moved"].tolist() if "moved" in step.numbers else [None] * len(sizes)
        ended = self.ending(step, spent) if time == 0 else [""] * len(sizes)
        images = [
            Report(
                [CHANGE.of(far), STEP.of(f"t = {t} → {time}"), NOISE_SIZE.of(size), EVALUATIONS.of(spent)],
                end or self.underway(t, time, size, far),
                row={"t": t, "s": time, "noise_rms": size, "moved_rms": far},
            )
            for size, far, end in zip(sizes, moved, ended, strict=True)
        ]
        caption = f"Still noisy, at t = {time}" if time else "Finished: no noise is left"
        return Report(caption=caption, view={"images": images})

    def beginning(self, step: Step) -> Report:
        """Describe the noise at the start."""
        words = (
            f"x₁₀₀₀ is pure noise, drawn with seed {self.seed}. At each step the network predicts the "
            "noise; x̂₀ is the image without it."
        )
        image = Report([CHANGE, STEP, NOISE_SIZE, EVALUATIONS.of(0)], words)
        caption = f"Pure noise, at t = {int(step.time)}: ▶ plays, › goes one step"
        return Report(caption=caption, view={"images": [image] * len(step.x)})

    def underway(self, t: int, time: int, size: float, moved: float | None) -> str:
        """Describe an image on its way."""
        change = (
            "; this is its first prediction x̂₀"
            if moved is None
            else f", and its prediction x̂₀ changed by {num(moved, 3)} since the step before"
        )
        return (
            f"From t = {t} to {time}: the predicted noise has size {num(size, 3)} (root mean square; true noise "
            f"has 1){change}. xₜ is still mixed with noise; x̂₀ is the present prediction."
        )

    def ending(self, step: Step, spent: int) -> list[str]:
        """Describe every finished image, and from when on the guess was less than half as far from it as at first."""
        cost = f"Finished after {'one evaluation' if spent == 1 else f'{spent:,} evaluations'} of the network."
        if len(self.guesses) < FEW:
            return [f"{cost} So few steps can hardly correct its first prediction."] * len(step.x)
        away = torch.stack([away_from(guess, levels(step.x)) for _, guess in self.guesses])  # (frames, B)
        last = [int((each > each[0] / 2).nonzero().max()) if each[0] > 0 else -1 for each in away.T]
        settled = [self.guesses[min(found + 1, len(away) - 1)][0] for found in last]
        return [
            f"{cost} The first prediction was {num(first)} (L2) away from the final image, that at t = {t} less than "
            "half as far."
            for first, t in zip(away[0].tolist(), settled, strict=True)
        ]


def name_of(picture: Image) -> str:
    """Return what a sentence calls a picture."""
    return "the test image" if picture[0] == "test" else "your drawing"


def away_from(x: Tensor, picture: Tensor) -> Tensor:
    """L2 distance of each image from one `picture` (1, 1, 28, 28): (B, 1, 28, 28) to (B,)."""
    return (x - picture).flatten(1).norm(dim=-1)


def spread(x: Tensor) -> float:
    """Compute the mean L2 distance of two of several images (B, 1, 28, 28)."""
    return float(torch.pdist(x.flatten(1).double()).mean())


def middle_answer(step: Step, picture: Tensor, name: str, start: int, alpha: float) -> Report:
    """Describe answers at a step, from a picture (1, 1, 28, 28) noised to `start`, where ᾱ is `alpha`."""
    x, time = levels(step.x), step.time
    away, among = away_from(x, picture), spread(x)
    mean = num(float(away.mean()))
    left = (
        f"At t = {start} the signal-to-noise ratio is {num(alpha / (1 - alpha), 3)}. There xₜ is "
        f"{num(math.sqrt(alpha))} (√ᾱ) times {name} plus {num(math.sqrt(1 - alpha))} times the noise."
    )
    if time > 0:
        said = (
            f"By t = {time} the four lie {mean} (L2) from {name} on average and {num(among)} from each other, "
            "including the noise that is left."
        )
    else:
        close = among < float(away.mean())
        verdict = "agree with each other more than with it" if close else "differ from each other more than from it"
        said = (
            f"The four answers lie {mean} (L2) from {name} on average and {num(among)} from each other: they {verdict}."
        )
    table = [
        {"answer": k, "start": start, "L2 distance from the picture": value} for k, value in enumerate(away.tolist(), 1)
    ]
    figures = [
        ("mean L2 to picture", num(float(away.mean()))),
        ("L2 of each", ", ".join(map(num, away.tolist()))),
    ]
    return Report(words=f"{left} {said}", view={"figures": figures, "table": Table(table)})


def seams(x: Tensor, kept: Tensor) -> Tensor | None:
    """Compute the mean difference of neighbours of which one is kept: (B, 1, 28, 28) to (B,); None without any.

    Shapes: `kept` (1, 28, 28).
    """
    parts = []
    for axis in (-1, -2):
        count = x.shape[axis] - 1
        cut = kept.narrow(axis, 0, count) != kept.narrow(axis, 1, count)
        parts.append(x.diff(dim=axis).abs()[:, cut])
    found = torch.cat(parts, dim=1)
    return found.mean(1) if found.shape[1] else None


def complete_answer(step: Step, picture: Tensor, kept: Tensor, name: str, resamples: int) -> Report:
    """Describe answers to what is missing of a picture, of which the pixels `kept`, (1, 28, 28), are known.

    Shapes: `picture` (1, 1, 28, 28).
    """
    x, time = levels(step.x), step.time
    away, among, count = away_from(x, picture), spread(x), int(kept.sum())
    mean, jumps, own = num(float(away.mean())), seams(x, kept), seams(picture, kept)
    same = bool(((x * 255).round() == (picture * 255).round())[:, kept].all())
    if time > 0:
        words = (
            f"At t = {time} the answers are still noisy. They lie {mean} (L2) from the rest of {name} and {num(among)} "
            f"from each other. At each step only noised values of the {count} kept pixels are put back."
        )
    else:
        unchanged = ", and no answer changes one of them" if same else ""
        words = f"{count} pixels are kept{unchanged}; the other {PIXELS - count} are filled in."
        words = "Nothing is kept: this is plain sampling." if count == 0 else words
        words += f" The answers lie {mean} (L2) from the rest of {name}, and {num(among)} from each other."
        if own is not None:
            again = "without resampling" if resamples == 1 else f"with {resamples} rounds a step"
            words += (
                f" Across the seam neighbours differ by {percent(float(jumps.mean()), 1)} of white {again}; in {name} "
                f"by {percent(float(own.mean()), 1)}."
            )
    jumped = [None] * len(x) if jumps is None else jumps.tolist()
    table = [
        {
            "answer": k,
            "pixels kept": count,
            "resamples": resamples,
            "L2 distance from the real rest": value,
            "jump at the seam": jump,
        }
        for k, (value, jump) in enumerate(zip(away.tolist(), jumped, strict=True), 1)
    ]
    figures = [
        ("mean L2 to real rest", num(float(away.mean()))),
        ("L2 of each", ", ".join(map(num, away.tolist()))),
        ("L2 between them", num(among)),
    ]
    return Report(words=words, view={"figures": figures, "table": Table(table)})


def inversion_answer(step: Step, each: int) -> Report:
    """Describe two images on their way to noise, by steps of `each` evaluations."""
    at = f"t = {step.time:,}"
    return Report(
        [GREY_PIXELS.unknown, GREY_VAE.unknown, EVALUATIONS.of(each * (step.index + 1))],
        caption="The two images, before any step." if step.time == 0 else f"Inverting: both images at {at}.",
        words=f"Both images are on their way to noise, at {at}. DDIM, run from image to noise, has added the "
        "noise that the network predicted.",
    )


def grey(x: Tensor) -> list[float]:
    """Compute the share of grey pixels of each image (B, 1, 28, 28)."""
    return ((x > GREY[0]) & (x < GREY[1])).flatten(1).double().mean(1).tolist()


def travel_answer(step: Step, noises: Tensor, ends: Tensor, vae: Tensor | None, before: int) -> Report:
    """Describe images between two noises on their way down; at time 0 beside the path of the VAE.

    Arguments:
        step: Step of the images of the path.
        noises: The two noises, (2, 1, 28, 28).
        ends: The two images that became them, (2, 1, 28, 28).
        vae: Images along the VAE's line, (n, 1, 28, 28); None without a VAE.
        before: Evaluations of the way up.
    """
    x, time, spent = levels(step.x), step.time, EVALUATIONS.of(before + step.index + 1)
    cosine = torch.cosine_similarity(*noises.flatten(1).double(), dim=0)
    sizes = " and ".join(num(value) for value in noises.flatten(1).double().square().mean(1).sqrt().tolist())
    turned = (
        f"The two noises are {num(math.degrees(math.acos(max(-1, min(1, float(cosine))))), 0)}° apart, independent "
        f"ones 90°. Their root mean square is {sizes} (pure noise: 1)."
    )
    if time > 0:
        return Report(
            [GREY_PIXELS.unknown, GREY_VAE.unknown, spent],
            f"{turned} Nine noises between them are being denoised, at t = {time:,}.",
            caption=f"Denoising nine noises: t = {time:,}.",
        )

    def distances(path: Tensor) -> tuple[str, str]:
        missed = away_from(path[[0, -1]], ends)
        return " and ".join(map(num, missed.tolist())), num(float(path.diff(dim=0).flatten(1).norm(dim=-1).max()))

    missed, jump = distances(x)
    said = f"{turned} Decoded again, the two ends lie {missed} (L2) from their images"
    if vae is None:
        said += "."
    else:
        by_vae, uneven = distances(vae)
        said += (
            f", the VAE's, of two numbers each, {by_vae}. The largest change between neighbours is {jump} on the upper "
            f"path and {uneven} on the lower."
        )
    own, other = grey(x), [] if vae is None else grey(vae)
    places = range(len(own))
    stops = [
        Answer([GREY_PIXELS.of(100 * own[k]), GREY_VAE.of(100 * other[k]) if other else GREY_VAE.unknown, spent])
        for k in places
    ]
    table = [
        {"place": k / places[-1], "grey pixels, diffusion": own[k], "grey pixels, VAE": other[k] if other else None}
        for k in places
    ]
    return Report(
        words=said,
        caption="Finished: nine interpolated noises, denoised.",
        view={"stops": stops, "table": Table(table)},
    )
