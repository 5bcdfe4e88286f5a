"""*Guidance*: one noise, drawn under more and less guidance by a class."""

from typing import Annotated

import torch

from explorer.fields import Bytes, Field
from explorer.models.raster import PIXELS
from explorer.models.samplers import Denoiser
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.tabs.diffusion.shared import CLOTHES, DIGITS, FEWER, DiffusionNet, reverse
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

EXAMPLE_CLASS = 3  # that guidance draws while no class is chosen
EightImages = Annotated[bytes, Field("images", Bytes(8 * PIXELS), title="eight images")]
GUIDANCE = {
    "films": "Guidance, step by step",
    "doing": "{title} draws",
    "unmeasured": "Accuracy and diversity of this network are not measured yet.",
    "measured": "Accuracy is {none.accuracy.value:1%} at w = 0 and {strong.accuracy.value:1%} at w = 7. At w = 1 it is "
    "{plain.accuracy.value:1%} of {n} draws. Their features vary {plain.diversity.value} times as much as "
    "those of test images of the class at w = 1, and {strong.diversity.value} times at w = 7.",
    "way": "At t = {t:0} the eight xₜ lie {plain.apart} (L2) apart at w = 1 and {strong.apart} at w = 7.",
    "images": "The eight images here lie {plain.apart} (L2) apart at w = 1 and {strong.apart} at w = 7.",
    "seen": "The classifier recognises {name} in {plain.hits:0} of these 8 at w = 1 and in {strong.hits:0} at w = 7.",
}
GUIDANCE_ROWS = [
    ("classified as asked, w = {w:0}", "{accuracy.value:1%}", "of {n}"),
    ("diversity, w = {w:0}", "{diversity.value}", "times test images"),
]


def classify(net: DiffusionNet, images: EightImages) -> Answer:
    """Return the predicted class of each of eight images, by the classifier of the network's data set."""
    classifier = checkpoints.load(f"classifier-{dataset_of(net)}")
    x = LEVELS.from_levels(images).view(-1, *LEVELS.shape)
    with torch.no_grad():
        return Answer(view={"classes": classifier(x.to(device_of(classifier))).argmax(-1).tolist()})


MODE = Mode(
    "guidance",
    "Guidance",
    "play",
    entry="Steering",
    functions=[light(classify)],
    panel=Panel(
        reverse,
        [[Control(SEED, "seed")], [Control(LABEL, "class", initial=EXAMPLE_CLASS)]],
        more=[FEWER],
        says=GUIDANCE,
        rows=GUIDANCE_ROWS,
    ),
    tries=[
        ("Threes", DIGITS | {"label": 3}),
        ("Sandals", {"net": CLOTHES, "label": 5, "at": None}),
        ("Shirts, often taken for other clothes", {"net": CLOTHES, "label": 6, "seed": 7, "at": None}),
    ],
    code={
        "Guidance": [Denoiser.guided_noise, classify],
    },
)
