"""*The map*: each family on its branch, drawing from the noise of a seed, or at the year of its paper."""

from collections.abc import Sequence

from explorer.fields import Field, OneOf
from explorer.models import MODELS
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer
from explorer.questions import make
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.steps import last
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.start.facts import BRANCHES, Known
from explorer.tabs.start.noise import map_image, noise_image

ORDER = Field("order", OneOf(("kind", "year")), "kind", "the order of the map, by p(x) or by the year of the paper")
LEAF = Field("leaf", OneOf(tuple(MODELS)), None, "the family that is looked at", optional=True)
BY_YEAR = "Order the families by the year of their papers"
YEARS = (
    "Each family stands at the year of the paper that introduced it. Preprints of the VAE, the first flows, latent "
    "diffusion and flow matching came out a year earlier."
)


@heavy
def ask_leaf(net: AnyNet, seed: Seed) -> Answer:
    """Draw from a family with a seed: its first image, or all points; of a VAE the decoder's mean."""
    model = checkpoints.load(net)
    x = map_image(last(make.steps(model, make.together(model), seed)))
    shown = x if model.space == PLANE else x[:1]
    return Answer(view={"x": model.space.encode(shown.cpu()), "space": model.space.name})


@light
def ask_noise(seed: Seed) -> Answer:
    """Return the noise that some families begin with."""
    return Answer(view={"x": to_bytes(noise_image(seed))})


def count_words(families: Sequence[Known]) -> str:
    """Return what is said of all families of a data set."""
    branches = [each["branch"] for each in families]
    exact, bound, relative, none = (branches.count(branch) for branch in BRANCHES)
    dense = "A flow's exact p(x) is a density of continuous pixels; of grey levels it gives a bound. " * any(
        each.get("density") for each in families
    )
    return (
        f"{exact} families give p(x) exactly, {bound} a bound or an estimate, {relative} ratios, {none} "
        f"nothing. {dense}Text and Sound learned other data. {{drawn:0}} have drawn from "
        "seed {seed:0}. Of a VAE the map shows the decoder's mean: drawn pixel by pixel, samples look rougher."
    )


MODE = Mode(
    "map",
    "The map",
    "look",
    fields=[ORDER, LEAF],
    functions=[ask_leaf, ask_noise],
    panel=Panel(
        None,
        [[Control(ORDER, "toggle", BY_YEAR, options={"kind": "By p(x)", "year": "By year"})]],
        shows=Shows("Drag from the noise to the images, or point at a family", []),
        says={
            "point": "Point at a family and it draws; tap it to open its tab",
            "tap": "Tap a family to open its tab",
            "p of x": "p(x): how likely the model finds the {x} x.",
            "none": "None was trained on these data.",
        },
    ),
    code={"What a family draws": [ask_leaf.plain, make.steps]},
)
