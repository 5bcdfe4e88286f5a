"""Server functions of the diffusion: films of samplers, computed while they are watched, and the VAE's path.

A frame is a step of the sampler, as in `denoise_steps`; frame 0 is its start. A long run shows about a hundred of its
steps.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor, nn

from explorer import data
from explorer.models.diffusion import Diffusion
from explorer.models.schedule import Schedule
from explorer.models.solvers import SAMPLERS, sample_steps
from explorer.models.spherical import spherical_path
from explorer.networks import checkpoints
from explorer.running import joint
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.spaces import LEVELS
from explorer.steps import Step, frame
from explorer.tabs.diffusion import answers
from explorer.tabs.diffusion.fields import (
    TIMES,
    Count,
    DiffusionNet,
    EightImages,
    Eta,
    Few,
    Moment,
    Painted,
    Resamples,
    Sampler,
    Scale,
    Start,
    Steps,
    Who,
)
from explorer.tabs.diffusion.walks import walks
from explorer.tabs.kit.ask.answers import film, frames, light, stop
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Label, Other, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer, Report

Tell = Callable[[Step], Report]
MOST = 100  # frames of a walk, without its start
ANSWERS, PATH = 4, 9
REFINEMENTS = 3  # additional evaluations of an inverted step
BETA = 1.0  # of the VAE in the comparison of paths


def passes(label: int | None, w: float) -> int:
    """Return the network evaluations of a guided step."""
    return 1 if label is None or w in (0, 1) else 2


def frame_steps(schedule: Schedule, times: list[int]) -> set[int]:
    r"""Return the steps between the times that become frames: all up to a hundred, else a hundred with the last.

    They are spaced evenly in the mean of two progress measures, the time and $\sqrt{\bar\alpha_t}$, as images change
    late and noise changes early.
    """
    steps = len(times) - 1
    if steps <= MOST:
        return set(range(steps))
    signal = schedule.alphas_cumprod[times].sqrt()
    time = torch.tensor(times, dtype=torch.float64)
    come = sum((each - each[0]) / (each[-1] - each[0]) for each in (signal, time)) / 2
    wanted = torch.linspace(0, 1, MOST + 1, dtype=torch.float64)[1:]
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
    if steps > MOST:
        raise ValueError(f"the number of steps must be at most {MOST} here")
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
    return script(model, start, count, model.schedule.times(steps), spent, answers.Reversed(seed, spent))


@film
def jump(
    net: DiffusionNet, seed: Seed, count: Count, label: Label, who: Who, evaluations: Few, moment: Moment
) -> Script:
    """Film the predictions of a few evaluations: those of DDIM's steps, or the student's jumps.

    The student is a snapshot of its distillation, or the final network. Both start from the same noise.
    """
    teacher = checkpoints.load(net)
    model = teacher if who == "teacher" else snapshot_of(student_of(net), moment)

    def roll() -> Iterator[Scene]:
        generator = rng(seed)
        x_t = teacher.noise(count, generator)
        how = {"generator": generator, "label": labels(label, count), "steps": evaluations, "x_t": x_t}
        yield 0, frame(Step(teacher.to_space(x_t), -1, evaluations, TIMES), teacher.space)
        for step in model.sample_steps(count, **how):
            guess = replace(step, x=step.pictures["x0"], pictures={})
            yield 1, frame(guess, teacher.space, ["t"])

    return Script(teacher.space, count, 1 + evaluations, evaluations, roll, joint.network_of(model), count)


def student_of(net: str) -> str:
    """Return the name of the network distilled from a diffusion.

    Raises:
        ValueError: if none was distilled.
    """
    student = net.replace("diffusion", "consistency")
    if not checkpoints.exists(student):
        raise ValueError(f"no network was distilled from {net}: choose the digits")
    return student


def snapshot_of(student: str, moment: int | None) -> nn.Module:
    """Load a snapshot of a distilled network, numbered from 0, or the final network for None.

    Raises:
        ValueError: if there is no such snapshot.
    """
    return checkpoints.load(student) if moment is None else checkpoints.snapshot(student, moment)


@film
def middle(
    net: DiffusionNet, picture: Picture, start: Start, seed: Seed, label: Label, w: Scale, steps: Steps
) -> Script:
    """Film a picture noised four times to the time `start`, and denoised from there."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps), start)
    own = data.read(picture, model.space)

    def begin() -> tuple[Tensor, Iterable[Step]]:
        generator = rng(seed)
        noise = model.noise(ANSWERS, generator)
        x = model.schedule.add_noise(model.from_space(own.to(noise)), noise, start)
        how = {"x_t": x, "start": start, "label": labels(label, ANSWERS), "guidance_scale": w}
        return x, model.ddim_steps(ANSWERS, generator=generator, steps=steps, **how)

    def tell(step: Step) -> Report:
        return answers.middle_answer(
            step, own, answers.name_of(picture), start, float(model.schedule.alphas_cumprod[start])
        )

    return script(model, begin, ANSWERS, times, [passes(label, w)] * steps, tell)


@film
def complete(
    net: DiffusionNet,
    picture: Picture,
    known: Painted,
    seed: Seed,
    label: Label,
    w: Scale,
    steps: Steps,
    resamples: Resamples,
) -> Script:
    """Film four completions of the unknown pixels of a picture."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps))
    keep = model.space.flags(known)
    if bool(keep.all()):
        raise ValueError("every pixel is kept: leave some to be filled in")
    own = data.read(picture, model.space)

    def start() -> tuple[Tensor, Iterable[Step]]:
        x = own.expand(ANSWERS, -1, -1, -1).to(device_of(model))
        how = {"label": labels(label, ANSWERS), "steps": steps, "resamples": resamples, "guidance_scale": w}
        walk = model.inpaint_steps(x, keep.expand_as(x).to(x.device), generator=rng(seed), **how)
        return model.noise(ANSWERS, rng(seed)), walk  # the noise at the start of the walk

    def tell(step: Step) -> Report:
        return answers.complete_answer(step, own, keep.view(1, *own.shape[-2:]), answers.name_of(picture), resamples)

    return script(model, start, ANSWERS, times, [resamples * passes(label, w)] * steps, tell)


@film
def travel(net: DiffusionNet, first: Picture, second: Other, steps: Steps) -> Script:
    """Film two images encoded to noise, then nine noises on the path between them decoded, beside the VAE's path."""
    model = checkpoints.load(net)
    times = model.schedule.times(check_steps(steps))
    shown = len(frame_steps(model.schedule, times[::-1])) + len(frame_steps(model.schedule, times))

    def roll() -> Iterator[Scene]:
        own = torch.cat([data.read(each, model.space) for each in (first, second)])
        x, noises, vae = own.to(device_of(model)), [], vae_path(net, first, second)

        def invert() -> Iterator[Step]:
            for step in model.invert_steps(x, steps=steps, refinements=REFINEMENTS):
                noises[:] = step.numbers["x_t"]
                yield step

        each = 1 + REFINEMENTS
        rising = partial(answers.inversion_answer, each=each)
        up = scenes(model, model.from_space(x), invert(), times[::-1], [each] * steps, rising)
        for cost, found in up:
            if found and found["index"] < 0 and vae is not None:
                found["pictures"]["vae"] = model.space.encode(vae)
            yield cost, found
        between = spherical_path(*noises, PATH)
        back = model.ddim_steps(PATH, generator=rng(0), steps=steps, x_t=between, clip=False)
        pair = torch.stack(noises).cpu()
        falling = partial(answers.travel_answer, noises=pair, ends=own, vae=vae, before=each * steps)
        yield from scenes(model, between, back, times, [1] * steps, falling)

    return Script(model.space, PATH, 2 + shown, (2 + REFINEMENTS) * steps, roll)


def vae_path(net: str, first: Picture, second: Picture) -> Tensor | None:
    """Decode nine points on the straight line between the VAE's codes of the same two images; None without a VAE.

    Shapes: (`PATH`, 1, 28, 28) in [0, 1].
    """
    try:
        model = checkpoints.load(f"beta-vae-{dataset_of(net)}")
    except checkpoints.CheckpointError:
        return None
    x = torch.cat([data.read(each, model.space) for each in (first, second)]).to(device_of(model))
    with torch.no_grad():
        a, b = model.encode(x, BETA).mean
        places = torch.linspace(0, 1, PATH).to(a).unsqueeze(-1)
        return model.decode((1 - places) * a + places * b, BETA).mean.cpu()


def classify(net: DiffusionNet, images: EightImages) -> Answer:
    """Return the predicted class of each of eight images, by the classifier of the network's data set."""
    classifier = checkpoints.load(f"classifier-{dataset_of(net)}")
    x = LEVELS.from_levels(images).view(-1, *LEVELS.shape)
    with torch.no_grad():
        return Answer(view={"classes": classifier(x.to(device_of(classifier))).argmax(-1).tolist()})


SERVER_FUNCTIONS = [*(reverse, jump, middle, complete, travel, walks, frames, stop, nearest), light(classify)]
