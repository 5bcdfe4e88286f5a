"""*Contractive*: how far codes move when pixels move."""

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Whole
from explorer.measures.autoencoder import rms_from_mean
from explorer.models.autoencoder import Autoencoder
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Each, Figure, Table
from explorer.numbers.words import num
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.steps import round_numbers
from explorer.tabs.autoencoders.shared import CLOTHES, MAPS, OF, PLAIN, Codes, MapNet, map_of, nets_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows
from explorer.verdicts import sized

CONTRACTED = ("autoencoder", "contractive-autoencoder")  # side by side
ELLIPSES = 120  # test images with displayed Jacobians
MOVED_BY = 0.25  # of the vectors by which images move, in `stages/autoencoders/maps.js`
LARGEST = Figure("largest move of the code ÷ spread, plain", digits=3)
SMALLER = Figure("smaller axis ÷ spread, plain", digits=3)
SINGULAR = Figure("singular values here, plain")
SAME = Figure("the same, contractive", digits=3)
MOVES = {"larger": "less than", "smaller": "more than", "tie": "as much as"}
HEADS = (FINDING, LARGEST, SAME, SMALLER, SAME, SINGULAR, SAME)
TRIES = [
    ("A 4", PLAIN | {"mark": 2}),
    ("A slanted 1", PLAIN | {"mark": 8}),
    ("An ankle boot", CLOTHES | {"mark": 1}),
]


def contractive_answer(
    plain: tuple[Sequence[Sequence[float]], float],
    other: tuple[Sequence[Sequence[float]], float],
    images: Sequence[str],
) -> Answer:
    """Describe the ellipses of each marked image.

    Arguments:
        plain: Singular values at each image, and the spread of the codes, of the plain autoencoder.
        other: The same of the contractive one.
        images: The marked images.
    """

    def part(mark: int) -> Answer:
        (longer, shorter), spread = plain[0][mark], plain[1]
        (longer_too, shorter_too), spread_too = other[0][mark], other[1]
        largest, same = LARGEST.of(longer / spread), SAME.of(longer_too / spread_too)
        times = longer / spread * spread_too / longer_too
        wide = max(times, 1 / times)
        return Answer(
            [
                FINDING.of(f"The contractive code moves {wide:.1f} times {sized(times - 1, **MOVES)} the plain one."),
                largest,
                same,
                SMALLER.of(shorter / spread),
                SAME.of(shorter_too / spread_too),
                SINGULAR.of(f"{num(longer)}, {num(shorter)}"),
                SAME.of(f"{num(longer_too)}, {num(shorter_too)}"),
            ],
            grids=[{"images": images[mark], "captions": [f"test image {mark}"], "given": 1}],
            pictures={"x": images[mark]},
            words=f"If the image moves by 1, its plain code moves up to {largest.text} spreads, the contractive "
            f"{same.text}. To first order, each is the larger singular value of ∂z/∂x at test image {mark}, divided "
            f"by the spread of the codes. An ellipse shows where a code moves when its image moves by {MOVED_BY} in "
            f"any direction. Its semi-axes are {MOVED_BY} times the singular values.",
        )

    named = {"autoencoder": plain, "contractive-autoencoder": other}
    table = [
        {"network": name, "test image": i, "longer axis": longer, "shorter axis": shorter}
        for name, (axes, _) in named.items()
        for i, (longer, shorter) in enumerate(axes)
    ]
    marks = range(len(images))
    return Answer(each=Each("mark", [*marks], [part(i) for i in marks]), table=Table(table))


@heavy
def contraction(net: MapNet) -> Answer:
    r"""Return where codes go if images move a little, in every direction, for two autoencoders of a data set.

    $J = \partial z / \partial x$ is the encoder's Jacobian. If an image moves by a vector of length ε in any direction,
    its code moves within an ellipse. The ellipse's semi-axes are ε times the singular values of J, along the
    eigenvectors of $J J^\top$.
    """
    dataset = dataset_of(net)
    images = data.display_split(dataset)
    found = [_ellipses(checkpoints.load(f"{family}-{dataset}"), images) for family in CONTRACTED]
    marked = images.pixels()[:ELLIPSES]
    maps = [each["map"] for each in found]
    plain, other = ((each["axes"], each["spread"]) for each in found)
    said = contractive_answer(plain, other, [LEVELS.encode(x[None]) for x in marked])
    return said | Answer(view={"maps": maps})


def _ellipses(model: Autoencoder, images: data.Split) -> Codes:
    x = images.pixels().to(device_of(model))
    with torch.no_grad():
        z = model.encode(x)
    axes, angles = ellipses_of(model.jacobian(x[:ELLIPSES]).detach())
    ellipses = round_numbers(torch.cat([axes, angles[:, None]], 1))
    return {
        "map": map_of(z, images.labels.tolist()) | {"ellipses": ellipses},
        "axes": axes.tolist(),
        "spread": rms_from_mean(z),
    }


def ellipses_of(jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Return the singular values (B, 2) of Jacobians (B, 2, D), the larger first, and the angle of its axis (B,)."""
    values, vectors = torch.linalg.eigh(jacobian @ jacobian.transpose(1, 2))
    longer = vectors[:, :, 1]
    return values.flip(-1).clamp(min=0).sqrt(), torch.atan2(longer[:, 1], longer[:, 0])


MODE = Mode(
    "contractive",
    "Contractive",
    "understand",
    fields=[Field("mark", Whole(0, ELLIPSES - 1), 42, "the marked test image")],
    functions=[contraction],
    panel=Panel(
        contraction,
        controls=[OF],
        tries=TRIES,
        shows=Shows(
            "Tap an ellipse: how far do codes move when pixels move?",
            HEADS,
            grids=[Grid("The marked image", 1, rows=4.5, place="panel")],
            module=MAPS,
        ),
        nets=nets_of(*CONTRACTED),
    ),
    tries=TRIES,
    code={
        "Contractive": [contraction.plain, Autoencoder.jacobian],
    },
)
