"""*Few steps*: a network distilled from another needs few evaluations."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from torch import nn

from explorer.fields import Field, OneOf, Whole
from explorer.models.consistency import Consistency
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING
from explorer.numbers.trained import Card
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame
from explorer.tabs.diffusion.shared import DIGITS, SEEDED, TIMES, Count, DiffusionNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.questions import complete_snapshots
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel

MOMENT = Field("moment", Whole(0, 9), None, "the snapshot of the distillation", optional=True)
Who = Annotated[str, Field("who", OneOf(("teacher", "student")), title="who jumps")]
Few = Annotated[int, Field("evaluations", Whole(1, 50), title="the number of evaluations")]
Moment = Annotated[int | None, MOMENT]
FEW_ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("seconds", "{seconds}", ""), ("L2 to reference", "{away}", "")],
    "teacher": [
        ("one evaluation of the diffusion, L2 away", "{teacher.distance}", ""),
        ("two different images, L2 apart", "{others}", ""),
    ],
}
FEW_ROWS["nearer"] = [FINDING.of("The student's jump ends {times:1} times nearer than the diffusion's.")]
FEW_ROWS["farther"] = [FINDING.of("The student's jump ends farther away than the diffusion's.")]
FEW_ROWS["student"] = [
    ("student's jump, L2 away", "{student.distance}", ""),
    *FEW_ROWS["teacher"],
]
FEW = {
    "films": "Few evaluations, side by side",
    "doing": "{title} draws",
    "teacher": "Left: the diffusion, by DDIM.",
    "student": "Right: a network of the same size, distilled from its paths in {minutes:0} minutes.",
    "mean": "One evaluation of the diffusion ends {teacher.distance} (L2) from where its path ends. It is the mean of "
    "all images that may have led to this noise. Two different images lie {others} apart.",
    "jump": "One jump of the student{after} ends {student.distance} from there.",
    "four": "Four add fresh noise and end at another image, {four.distance} away: that is no error.",
    "way": "At t = {t}, the last prediction in the diffusion's row of four lies {teacher.distance} (L2) from the end "
    "of its path, that in the student's row {student.distance}.",
}
STUDENTS = {"diffusion-mnist": "consistency-mnist"}  # the network distilled from each


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


def snapshot_title(snapshot: Mapping[str, Any]) -> str:
    """Return the title of a snapshot of a distillation."""
    epochs = f"{round(snapshot['epoch'], 2):g}"
    return "averaged" if "averaged" in snapshot else f"{epochs} {'epoch' if epochs == '1' else 'epochs'}"


def student_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about a distilled network: the snapshots of its distillation, and its figures."""
    kept = [] if error else complete_snapshots(net)
    return {
        "error": error,
        "moments": [snapshot_title(each) for each in kept],
        "minutes": card.get("training", {}).get("minutes"),
        "rows": parts.rounded(card.get("rows", [])),
    }


MODE = Mode(
    "few",
    "Few steps",
    "test",
    entry="Samplers",
    fields=[MOMENT],
    functions=[jump],
    panel=Panel(jump, SEEDED, says=FEW, rows=FEW_ROWS),
    tries=[
        ("A 4 at once", DIGITS | {"label": 4, "moment": None}),
        ("Hardly taught", DIGITS | {"moment": 0}),
    ],
    code={
        "Few steps": [jump.plain, Consistency.sample_steps, Consistency.jump],
    },
)
