"""*Watch it learn*: the snapshots of the training, by samples of one seed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from explorer import data
from explorer.fields import Field, Whole
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.tabs.gan.shared import GRID, GanNet, grid_of, images_and_scores
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

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
        [
            FINDING.of(f"The discriminator takes these for {'real' if mean > 0 else 'generated'}."),
            MEAN_SCORE.of(mean),
            LOSS_D.of(of_d),
            LOSS_G.of(of_g),
        ],
        words,
        caption=f"{row['images']:,} images seen (epoch {num(row['epoch'])}{averaged})",
        place=index,
        curves=[[of_d], [of_g]],
        row={"epoch": row["epoch"], "images": row["images"]}
        | {"loss of the discriminator": of_d, "loss of the generator": of_g}
        | {f"score of image {k}": score for k, score in enumerate(scores, 1)},
    )


@film
def training(net: GanNet, seed: Seed, label: Label) -> Script:
    """Film the sixteen images of a seed by each kept snapshot of a training, scored by its own discriminator."""
    history = checkpoints.snapshots_of(net)["history"]
    if not history:
        raise ValueError(f"of {net} no snapshots were kept")

    def scenes() -> Iterator[Scene]:
        for index, row in enumerate(history):
            model = checkpoints.snapshot(net, index)
            z, drawn = grid_of(model, seed, label)
            found = images_and_scores(model, z, drawn.to(z.device)).view
            names = [data.classes_of(dataset_of(net))[label] for label in drawn.tolist()]
            report = snapshot_report(row, index, found["scores"])
            yield 1, {**found, "names": names, "report": report.to_props()}

    return Script(checkpoints.load(net).space, GRID, len(history), len(history), scenes)


MODE = Mode(
    "learn",
    "Watch it learn",
    "look",
    fields=[Field("frame", Whole(0, 99), None, "the snapshot of the training")],
    functions=[training],
    panel=Panel(
        training,
        controls=[[Control(SEED, "seed")], [Control(LABEL, "class")]],
        tries=[
            ("Before the first image", {"frame": 0}),
            ("A fifth of an epoch", {"frame": 3}),
            ("Sixteen threes", {"label": 3}),
        ],
        shows=Shows("Sixteen codes during training; tap an image to follow it", LEARNED, curves=PLAYERS),
    ),
    code={
        "Watch it learn": [training.plain, checkpoints.snapshot],
    },
)
