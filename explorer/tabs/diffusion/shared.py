"""Shared by several modes of diffusion: networks, samplers, and how a walk from noise becomes a film."""

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.fields import Field, OneOf, Real, Whole
from explorer.models.diffusion import Diffusion
from explorer.models.schedule import Schedule
from explorer.models.solvers import SAMPLERS, sample_steps
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.words import num
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import LABEL, SEED, Image, Label, Seed, own_name
from explorer.tabs.kit.layout.panel import Control

TIMES = inspect.signature(Diffusion).parameters["times"].default  # T, at which only noise is left
NET = Field("net", Nets(with_further("diffusion-mnist", "diffusion-fashion-mnist")), "diffusion-mnist", "the network")
W = Field("w", Real(0, 20), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")
SAMPLER = Field("sampler", OneOf(tuple(SAMPLERS)), "ddim", "the sampler")
STEPS = Field("steps", Whole(1, TIMES), 50, "the number of steps")
ETA = Field("eta", Real(0, 1), 0, "η", "How much of DDPM's noise each step of DDIM adds")
TOY = Field("toy", OneOf(tuple(TOYS)), "moons", "the points")
DiffusionNet = Annotated[str, NET]
Toy = Annotated[str, TOY]
Count = Annotated[int, Field("count", OneOf((1, 4, 8, 16)), title="how many images to draw")]
Scale = Annotated[float, W]
Sampler = Annotated[str, SAMPLER]
Steps = Annotated[int, STEPS]
Eta = Annotated[float, ETA]
CLOTHES = "diffusion-fashion-mnist"
TEST = {"draw": None, "source": None}
DIGITS = {"net": "diffusion-mnist", "at": None}
EVALUATIONS = Figure("network evaluations", digits=0)
CHANGE = Figure("change of x̂₀ (rms)", digits=3)
STEP = Figure("step")
NOISE_SIZE = Figure("size of ε̂ (rms)", digits=3)
DIFFUSION_FEW = 3  # steps up to which the first guess is hardly corrected
SAMPLER_TITLES = {name: sampler.title for name, sampler in SAMPLERS.items()}
MOST_FRAMES = 100  # frames of a walk, without its start
MOST = MOST_FRAMES  # steps of a film that several images take
GUIDED = [Control(W, "slider", "Guidance scale w", step=0.25, digits=2, when={"label": range(10)})]
SEEDED = [[Control(SEED, "seed")], [Control(LABEL, "class")]]
FEWER = [Control(STEPS, "number", "Steps", most=MOST)]
Tell = Callable[[Step], Report]
ANSWERS, PATH = 4, 9


def levels(x: Tensor) -> Tensor:
    """Return images, of any shape, as the page shows them, in 256 levels between 0 and 1."""
    return (x.clamp(0, 1).cpu().double() * 255).round() / 255


@dataclass
class Reversed:
    """Sentences and figures of every image of a film out of noise, frame by frame.

    Arguments:
        seed: Seed of the noise.
        costs: Network evaluations of each step.
        schedule: Schedule of the noise.
        guesses: Predictions x̂₀ of the frames so far, with their times t.
    """

    seed: int
    costs: Sequence[int]
    schedule: Schedule
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
                [
                    self.finding(time, spent),
                    CHANGE.of(far),
                    STEP.of(f"t = {t} → {time}"),
                    NOISE_SIZE.of(size),
                    EVALUATIONS.of(spent),
                ],
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
        start = FINDING.of("Pure noise: nothing is drawn yet.")
        image = Report([start, CHANGE, STEP, NOISE_SIZE, EVALUATIONS.of(0)], words)
        caption = f"Pure noise, at t = {int(step.time)}: ▶ plays, › goes one step"
        return Report(caption=caption, view={"images": [image] * len(step.x)})

    def finding(self, time: int, spent: int) -> Figure:
        """Return the headline of an image at a time: what is left of the noise, or what the image cost."""
        if time == 0:
            cost = "One evaluation" if spent == 1 else f"{spent:,} evaluations"
            return FINDING.of(f"{cost} turned noise into an image.")
        first, second = ("image", "noise") if self.schedule.alphas_cumprod[time] > 1 / 2 else ("noise", "image")
        return FINDING.of(f"The {first} outweighs the {second} in xₜ.")

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
        if len(self.guesses) < DIFFUSION_FEW:
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
    return "the test image" if picture[0] == "test" else own_name(picture)


def away_from(x: Tensor, picture: Tensor) -> Tensor:
    """L2 distance of each image from one `picture` (1, 1, 28, 28): (B, 1, 28, 28) to (B,)."""
    return (x - picture).flatten(1).norm(dim=-1)


def mean_distance(x: Tensor) -> float:
    """Compute the mean L2 distance of two of several images (B, 1, 28, 28)."""
    return float(torch.pdist(x.flatten(1).double()).mean())


def nearer_words(away: Tensor, among: float, name: str) -> str:
    """Return whether answers are nearer to each other or to the picture `name`, as a sentence.

    Arguments:
        away: Distances of the answers (B,) from the picture.
        among: Mean distance between two answers.
    """
    near, far = ("each other", name) if among < float(away.mean()) else (name, "each other")
    return f"The answers are closer to {near} than to {far}."


def passes(label: int | None, w: float) -> int:
    """Return the network evaluations of a guided step."""
    return 1 if label is None or w in (0, 1) else 2


def frame_steps(schedule: Schedule, times: list[int]) -> set[int]:
    r"""Return the steps between the times that become frames: all up to a hundred, else a hundred with the last.

    They are spaced evenly in the mean of two progress measures, the time and $\sqrt{\bar\alpha_t}$, as images change
    late and noise changes early.
    """
    steps = len(times) - 1
    if steps <= MOST_FRAMES:
        return set(range(steps))
    signal = schedule.alphas_cumprod[times].sqrt()
    time = torch.tensor(times, dtype=torch.float64)
    come = sum((each - each[0]) / (each[-1] - each[0]) for each in (signal, time)) / 2
    wanted = torch.linspace(0, 1, MOST_FRAMES + 1, dtype=torch.float64)[1:]
    return {min(int(step), steps) - 1 for step in torch.searchsorted(come, wanted - 1e-9)}


def scenes(
    model: Diffusion, x: Tensor, steps: Iterable[Step], times: list[int], costs: Sequence[int], tell: Tell | None = None
) -> Iterator[Scene]:
    """Yield the frames of a sampler from `x`.

    Arguments:
        model: Network that the sampler evaluates.
        x: State at the start, in the network's scale: (n, 1, 28, 28).
        steps: Steps of the sampler.
        times: Times of the steps.
        costs: Evaluations of each step.
        tell: Returns what is said of a step that becomes a frame.
    """
    shown = frame_steps(model.schedule, times)
    start = Step(model.to_space(x), -1, len(times) - 1, times[0])
    for step in itertools.chain([start], steps):
        found = None
        if step.index in shown or step is start:
            found = frame(step, model.space, model.numbers)
            found |= {"report": tell(step).to_props()} if tell else {}
        yield 0 if step is start else costs[step.index], found


def script(
    model: Diffusion,
    start: Callable[[], tuple[Tensor, Iterable[Step]]],
    count: int,
    times: list[int],
    costs: Sequence[int],
    tell: Tell | None = None,
) -> Script:
    """Return a film of one walk through the times; `start` returns its initial state (n, 1, 28, 28) and its steps."""
    total = 1 + len(frame_steps(model.schedule, times))

    def roll() -> Iterator[Scene]:
        return scenes(model, *start(), times, costs, tell)

    return Script(model.space, count, total, sum(costs), roll, joint.network_of(model), count)


def check_steps(steps: int) -> int:
    """Check the number of steps of a walk with several evaluations per step, and return it.

    Raises:
        ValueError: if there are more than `MOST`.
    """
    if steps > MOST_FRAMES:
        raise ValueError(f"the number of steps must be at most {MOST_FRAMES} here")
    return steps


@film
def reverse(
    net: DiffusionNet, seed: Seed, count: Count, label: Label, w: Scale, sampler: Sampler, steps: Steps, eta: Eta
) -> Script:
    """Film images from noise by any sampler; DDIM adds `eta` of DDPM's noise."""
    model, costs = checkpoints.load(net), SAMPLERS[sampler].evaluations(steps)
    if sum(costs) > TIMES:
        raise ValueError(
            f"{SAMPLERS[sampler].title} in {steps:,} steps evaluates the network {sum(costs):,} times: "
            f"at most {TIMES:,} are taken here"
        )

    def start() -> tuple[Tensor, Iterable[Step]]:
        generator = rng(seed)
        how = {"x_t": model.noise(count, generator), "label": labels(label, count), "guidance_scale": w}
        how |= {"generator": generator, "steps": steps}
        return how["x_t"], sample_steps(model, sampler, count, eta=eta, **how)

    spent = [passes(label, w) * cost for cost in costs]
    return script(model, start, count, model.schedule.times(steps), spent, Reversed(seed, spent, model.schedule))
