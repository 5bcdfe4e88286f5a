"""*Four targets*: one network trained live for four targets, with its loss and error by log-SNR."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

import torch

from explorer.data.toys import TOYS
from explorer.fields import Field, OneOf, Real
from explorer.measures.digit_targets import RECORDED_SIDE, recorded_targets, shown_views
from explorer.models.live_targets import LOG_SNRS, TARGET_SEEDS, TARGETS, Targets, coefficients, known_denoiser
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.tabs.flow_matching.shared import CHOICE, MatchingNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows
from explorer.verdicts import Estimate, best_of, of_values

LESSONS = (100, 300, 1_000)
STEPS_TITLES = {each: f"{each:,}" for each in LESSONS}
TAUGHT_TITLES = {"points": "points, live", "digits": "digits, recorded"}
LIVE = {"taught": ["points"]}
TRAINED = Field("trained", OneOf(LESSONS), 300, "the number of training steps")
TrainingSteps = Annotated[int, TRAINED]
TAUGHT = Field("taught", OneOf(("points", "digits")), "points", "what the networks learn")
Taught = Annotated[str, TAUGHT]
SNR = Field("snr", Real(LOG_SNRS[0], LOG_SNRS[-1]), 0, "the log-SNR of the pictures")
TARGET_FRAMES = 20  # without the first
COLOURS = {"data": 3, "noise": 0, "velocity": 9, "edm": "you"}
DASHES = {"data": None, "noise": [2, 3], "velocity": [7, 4], "edm": None}
STYLES = [
    {"label": TARGETS[name], "colour": COLOURS[name]} | ({"dash": dash} if dash else {})
    for name, dash in DASHES.items()
]
ERRORS = {name: Figure(f"log₁₀ error, {title}") for name, title in TARGETS.items()}


DIGITS_WORDS = (
    f" Recorded for digits of {RECORDED_SIDE} × {RECORDED_SIDE} pixels, three seeds each. Errors are from the clean "
    "digit, as a share of the data's spread: what no network can know is part of them."
)


@film
def learn_targets(net: MatchingNet, taught: Taught, trained: TrainingSteps, seed: Seed) -> Script:
    """Film the training of one network for four targets: live on the selected points, recorded on digits."""
    if taught == "digits":
        return digits_film()
    every = trained // TARGET_FRAMES

    def scenes() -> Iterator[Scene]:
        learning = Targets(TOYS[dataset_of(net)], trained, seed)
        for index in range(trained + 1):
            if index:
                learning.step()
            yield min(index, 1), shot(learning) if index % every == 0 else None

    return Script(PLANE, len(TARGETS), TARGET_FRAMES + 1, trained, scenes)


def digits_film() -> Script:
    """Return the film of the recorded training on digits; its last frame has the pictures at each log-SNR."""
    steps = recorded_targets()["steps"]

    def scenes() -> Iterator[Scene]:
        for place, step in enumerate(steps):
            yield 1, digits_shot(place, is_last=step == steps[-1])

    return Script(PLANE, len(TARGETS), len(steps), len(steps), scenes)


@cache
def views_sent() -> list[str]:
    """Return a digit at three resolutions for each log-SNR, as bytes."""
    return [to_bytes(shown_views(snr)) for snr in LOG_SNRS]


def digits_shot(place: int, is_last: bool) -> dict[str, Any]:
    """Return a frame of the record: loss and error of each target by log-SNR after a number of steps."""
    found = recorded_targets()
    by_level = found["targets"][place]
    means = {name: of_values(each["means"]) for name, each in by_level.items()}
    report = targets_report(means, by_level, found["steps"][place], found["steps"][-1], DIGITS_WORDS)
    props = report.to_props()
    props["sides"], props["views"] = found["sides"], views_sent() if is_last else None
    return {"x": PLANE.encode(torch.zeros(0, 2)), "report": props}


def shot(learning: Targets) -> dict[str, Any]:
    """Return a frame: loss and error of each target by log-SNR, and its report."""
    loss, error = learning.measure()
    root = error.sqrt().clamp(min=1e-9).log10()
    means = {name: of_values(root[k].mean(-1).tolist()) for k, name in enumerate(TARGETS)}
    by_level = {
        name: {
            "loss": loss[k].mean(0).tolist(),
            "error": root[k].mean(0).tolist(),
            "se": (root[k].std(0) / TARGET_SEEDS**0.5).tolist(),
        }
        for k, name in enumerate(TARGETS)
    }
    report = targets_report(means, by_level, learning.steps, learning.total)
    return {"x": PLANE.encode(torch.zeros(0, 2)), "report": report.to_props()}


def targets_report(
    means: Mapping[str, Estimate],
    by_level: Mapping[str, Mapping[str, list[float]]],
    step: int,
    total: int,
    also: str = "",
) -> Report:
    """Return the report of a frame after `step` of `total` steps, from the mean log₁₀ error of each target.

    `also` is a further sentence.
    """
    best = best_of(means, least=True)
    words = (
        "All four begin with the same weights; their outputs mean different things, so their errors already differ."
        if step == 0
        else f"{ends_words(by_level)} The loss of each is the mean squared error of its own output, so losses of "
        "different targets do not compare; the error of x̂₁ does."
    ) + also
    return Report(
        [
            FINDING.of(finding(best, means) if step else "Before the first step: equal weights, four meanings."),
            *(each.of(f"{num(means[name].value, 3)} ± {num(means[name].se, 3)}") for name, each in ERRORS.items()),
        ],
        words,
        caption=f"After {step:,} steps." if step else "Before the first step.",
        place=step,
        end=total,
        curves=[[round(means[name].value, 4) for name in TARGETS]],
        row=[
            {"step": step, "target": name, "log-SNR": snr, "loss": by_level[name]["loss"][k]}
            | {"log10 error": by_level[name]["error"][k], "standard error": by_level[name]["se"][k]}
            for name in TARGETS
            for k, snr in enumerate(LOG_SNRS)
        ],
        view={"snrs": [*LOG_SNRS], "targets": by_level},
    )


def finding(best: list[str], means: Mapping[str, Estimate]) -> str:
    """Return the headline: the target of the smallest mean error, or those that tie."""
    if len(best) == 1:
        return f"Smallest mean error with {TARGETS[best[0]]}: {num(10 ** means[best[0]].value, 3)}."
    if len(best) == len(TARGETS):
        return "No target is measurably better than another."
    return f"Smallest mean error, a tie: {', '.join(TARGETS[name] for name in best)}."


def ends_words(by_level: Mapping[str, Mapping[str, list[float]]]) -> str:
    """Describe the errors at both ends of the noise: x̂₁ where there is little, ε̂ where there is much."""
    low, high = ({name: num(10 ** by_level[name]["error"][k], 3) for name in TARGETS} for k in (0, -1))
    return (
        f"At log-SNR {LOG_SNRS[-1]}, hardly any noise, a network of x̂₁ errs by {high['data']} and one of ε̂ by "
        f"{high['noise']}. At {LOG_SNRS[0]}, hardly any signal, it is {low['data']} and {low['noise']}. "
        f"EDM's c_skip and c_out have {high['edm']} and {low['edm']} there."
    )


MODE = Mode(
    "targets",
    "Four targets",
    "understand",
    entry="Parameterisations",
    fields=[TAUGHT, TRAINED, SNR],
    functions=[learn_targets],
    panel=Panel(
        learn_targets,
        [
            [Control(TAUGHT, "segments", "Data", options=TAUGHT_TITLES, also={"digits": {"at": 1}})],
            [replace(CHOICE[0], when=LIVE)],
            [Control(TRAINED, "segments", "Training steps", options=STEPS_TITLES, when=LIVE)],
            [Control(SEED, "seed", when=LIVE)],
            [Control(SNR, "slider", "Log-SNR of the pictures", live=True, when={"taught": ["digits"]})],
        ],
        renews={"at": 1},
        tries=[
            ("Two rings", {"net": "flow-matching-rings", "taught": "points", "trained": 300, "at": 1}),
            ("Digits at three resolutions", {"taught": "digits", "snr": 0, "at": 1}),
        ],
        shows=Shows(
            "One network, four targets, several seeds each: watch the error by log-SNR",
            (FINDING, *ERRORS.values()),
            curves=[
                Curves(
                    "Mean log₁₀ error over the training",
                    "log₁₀ error of x̂₁, mean over log-SNR",
                    170,
                    STYLES,
                    (-1.6, 0.4),
                    (-1.5, -1, -0.5, 0),
                    along="steps",
                )
            ],
            module="flow_matching/targets",
        ),
    ),
    code={"Four targets": [learn_targets.plain, Targets.step, Targets.wanted, coefficients, known_denoiser]},
)
