"""Measures of a distilled diffusion: accuracy of the requested class, and error of one jump along a path."""

from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, mean_row
from explorer.measures.frontier import SamplerSteps
from explorer.measures.quality import CHUNK, Draw, drawing
from explorer.models.consistency import Consistency, Paths
from explorer.models.diffusion import Diffusion
from explorer.models.solvers import sample_steps
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.running.device import device_of

CM_STEPS = (4, 2, 1)
SNAPSHOT_EPOCHS = (0.1,)
CM_ROUNDING_IMAGES = 500
CM_SEEN, WATCHED = 2_000, 200  # images drawn for the card and during training, equally many of every class
WALKED = 250  # training paths that are computed at a time
PATHS, CM_PATH = 500, 20  # number of the teacher's paths, and steps of each
AT = (1000, 800, 600, 400, 200)  # start times of a jump
PRECISION = "bfloat16"


def begin(model: Consistency, training: dict) -> None:
    """Start the training from the recipe's teacher, and compute paths of the teacher."""
    teacher, generator = checkpoints.load(training["teacher"]), torch.Generator().manual_seed(training["seed"])
    with torch.autocast(device_of(teacher).type, getattr(torch, PRECISION)):
        paths = teacher_paths(teacher, training["paths"], training["path_steps"], training["label_dropout"], generator)
    model.learn_from(teacher, paths)


def teacher_paths(teacher: Diffusion, n: int, steps: int, label_dropout: float, generator: torch.Generator) -> Paths:
    """Compute n paths of a diffusion in `steps` steps of DPM-Solver++; drop a share `label_dropout` of the labels."""
    x = torch.empty(n, steps + 1, *teacher.space.shape, dtype=torch.float16)
    label = torch.randint(teacher.classes, (n,), generator=generator)
    label = label.where(torch.rand(n, generator=generator) >= label_dropout, teacher.classes)
    for start in track(range(0, n, WALKED), "Paths of the teacher"):
        y = label[start : start + WALKED]
        x_t = teacher.noise(len(y), generator)
        way = sample_steps(teacher, "dpm", len(y), generator=generator, steps=steps, label=y, x_t=x_t)
        points = [x_t, *(step.numbers["x_t"] for step in way)]
        x[start : start + WALKED] = torch.stack(points, 1).half().cpu()
    return Paths(x, label, tuple(teacher.schedule.times(steps)), teacher.schedule)


@torch.no_grad()
def objectives(model: Consistency, held_out: data.Split, training: dict) -> list[float]:
    """Return the training loss, the error of jumps along paths; it is not in nats."""
    generator, split = torch.Generator().manual_seed(0), held_out[:CM_ROUNDING_IMAGES]
    parts = zip(split.pixels().to(device_of(model)).split(CHUNK), split.labels.split(CHUNK))
    losses = [model.training_loss(x, training, generator=generator, label=y) for x, y in parts]
    return [float(torch.stack(losses).mean())]


def progress(model: Consistency, held_out: data.Split, training: dict) -> dict:
    """Measure during training how often the classifier predicts the requested class."""
    classifier = training["teacher"].replace("diffusion", "classifier")
    return {
        f"class seen in {steps}": float(label_agreement(model, classifier, steps, WATCHED).mean()) for steps in (1, 4)
    }


@torch.no_grad()
def label_agreement(model: Consistency, classifier: str, steps: int, n: int) -> Tensor:
    """Return 1 for each of n images that is classified as the requested class, else 0: (n,) in float64."""
    judge, label = checkpoints.load(classifier), torch.arange(model.classes).repeat(n // model.classes)
    x = drawing(model, f"{steps} evaluations", PRECISION, steps=steps)(n, torch.Generator().manual_seed(0), label)
    return (torch.cat([judge(part.to(device_of(judge))).argmax(-1) for part in x.split(CHUNK)]).cpu() == label).double()


def figures(model: Consistency, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card except sample quality."""
    teacher = checkpoints.load(checkpoints.read_json(folder / "config.json")["training"]["teacher"])
    classifier = f"classifier-{dataset}"
    rows = [
        mean_row("seen", label_agreement(model, classifier, steps, CM_SEEN), seed=0, steps=steps) for steps in CM_STEPS
    ]
    return {"rows": rows + off_path(model, teacher, seed)}


@torch.no_grad()
def off_path(model: Consistency, teacher: Diffusion, seed: int) -> list[dict]:
    """Measure the L2 distance from a jump's end to the end of the teacher's path through x_t.

    Both student and teacher are measured.
    """
    label = torch.arange(model.classes).repeat(PATHS // model.classes)
    x = teacher.noise(PATHS, torch.Generator().manual_seed(seed))
    found: dict[tuple[str, int], list[Tensor]] = {}
    for start, y in zip(x.split(CHUNK), label.split(CHUNK)):
        points = {1000: start}
        steps = teacher.ddim_steps(len(y), generator=torch.Generator(), steps=CM_PATH, x_t=start, label=y)
        for step in steps:
            points[step.time] = step.numbers["x_t"]
        for t in AT:
            jumps = {"teacher": teacher.schedule.predict_x0(points[t], teacher.predict_noise(points[t], t, y), t)}
            jumps["student"] = model.jump(points[t], t, y).clamp(-1, 1)
            for of, x0 in jumps.items():
                gap = (model.to_space(x0) - step.x).flatten(1).norm(dim=1)
                found.setdefault((of, t), []).append(gap)
    return [mean_row("off_path", torch.cat(gaps), seed=seed, of=of, t=t) for (of, t), gaps in found.items()]


def samplers(model: Consistency) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    names = {steps: f"{steps} evaluation{'s' * (steps > 1)}" for steps in CM_STEPS}
    return {name: drawing(model, name, PRECISION, steps=steps) for steps, name in names.items()}


def frontier_samplers(model: Consistency) -> list[SamplerSteps]:
    """Return the samplers with one, two and four evaluations."""
    return [
        SamplerSteps(model.title, n, n, drawing(model, f"{n} evaluations", PRECISION, steps=n))
        for n in sorted(CM_STEPS)
    ]


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return "class seen: " + ", ".join(f"{find(card, 'seen', steps=n)['value']:.1%} in {n}" for n in CM_STEPS)
