"""*Watch it learn*: the codes of the test images at each snapshot of the training."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from explorer import data
from explorer.fields import Field, Whole
from explorer.models.replay import Replayed
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.spaces.packing import pack
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Index
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.vae.shared import EARLIER, Beta, Which, net_of, set_of

LEARN = EARLIER | {
    "unreadable": "The snapshots of this data set cannot be read. The other modes still work.",
    "coming": "After {images} images: the codes are on their way.",
}
D, R = Figure("D", unit="nats"), Figure("R", unit="nats")


def training_answer(history: Sequence[Mapping[str, Any]], beta: float) -> Answer:
    """Return the curves of a training by its snapshots, at the measured β whose logarithm is nearest."""
    measured = history[0]["curves"] if history and beta else {}
    key = min(measured, key=lambda each: abs(math.log(float(each) / beta)), default=None)
    costs = [{"loss": row["loss"], **(row["curves"][key] if key else {})} for row in history]
    for cost in costs if key else ():
        cost["objective"] = cost["distortion"] + float(key) * cost["rate"]
    names = {"loss": "held-out loss, averaged over β, nats"}
    title, lead = ("D + βR", "objective") if key else ("held-out loss, averaged over β", "loss")
    if key:
        names = {"objective": f"D + βR at β = {key}, nats", "distortion": "distortion D, nats", "rate": "rate R, nats"}
    near = [("nearest measured", f"β = {key}")] if key and float(key) != beta else []
    objective = Figure(title, unit="nats")
    parts = [[D.of(row["distortion"]), R.of(row["rate"])] if key else [] for row in costs]
    columns = {"loss, nats": "loss", f"D at beta {key}, nats": "distortion", f"R at beta {key}, nats": "rate"}
    view = {
        "moments": [{"images": row["images"], "epoch": row["epoch"]} for row in history],
        "charts": [(name, [row.get(each) for row in costs]) for each, name in names.items()],
        "numbers": [[*near, *((each.name, f"{each.text} {each.unit}") for each in part)] for part in parts],
        "measured": [[objective.of(row[lead]), *near, *part] for row, part in zip(costs, parts, strict=True)],
        "note": f"D and R at β = {key}, the nearest β that was measured, on 5,000 held-out images. Snapshots are dense "
        "in the first epoch and evenly spaced here."
        if key
        else "At β = 0 there is no rate to plot: without a KL term nothing limits the information in a code.",
    }
    table = [
        {"images": row["images"], "epoch": row["epoch"]} | {name: cost.get(each) for name, each in columns.items()}
        for row, cost in zip(history, costs, strict=True)
    ]
    return Answer(table=Table(table), view=view)


def codes_sentence(images: int, spread: float, share: float) -> str:
    """Describe the codes of one snapshot."""
    return (
        f"After {images:,} images the codes lie {num(spread)} from their centre (root mean square). The nearest "
        f"neighbour of {percent(share)} of them has their own class; chance gives 10 %."
    )


@light
def training(dataset: Which, beta: Beta) -> Answer:
    """Return what was recorded of a training, at the measured β nearest to this one, and the files of its decoders."""
    kept = checkpoints.snapshots_of(net_of(dataset))
    files = [each["file"] for each in kept["snapshots"]]
    return training_answer(kept["history"], beta) | Answer(view={"files": files})


@light
def snapshot(dataset: Which, index: Index, beta: Beta) -> Answer:
    """Return the codes of the bundled images by the encoder of one training snapshot."""
    model = checkpoints.snapshot(net_of(dataset), index)
    if isinstance(model, Replayed):
        mu, sigma = model.codes(beta)
    else:  # the last snapshot is the trained network
        with torch.no_grad():
            q = model.encode(data.binary_display_images(set_of(dataset)).to(device_of(model)), beta)
        mu, sigma = q.mean, q.stddev
    labels = data.display_split(set_of(dataset)).labels.to(mu.device)
    apart = torch.cdist(mu, mu).fill_diagonal_(math.inf)
    organised = (labels[apart.argmin(-1)] == labels).float().mean()
    spread = (mu - mu.mean(0)).square().sum(-1).mean().sqrt()
    images = checkpoints.snapshots_of(net_of(dataset))["history"][index]["images"]
    words = codes_sentence(images, float(spread), float(organised))
    return Answer(words=words, view={"mu": pack(mu, torch.float16), "sigma": pack(sigma, torch.float16)})


MODE = Mode(
    "learn",
    "Watch it learn",
    "look",
    fields=[Field("step", Whole(0, 999), None, "the snapshot of the training")],
    functions=[training, snapshot],
    panel=Panel(
        training,
        [],
        shows=Shows(
            "Play the training: the codes leave the origin and form classes",
            [],
            waits="Reading the snapshots kept during training…",
        ),
        says=LEARN,
    ),
)
