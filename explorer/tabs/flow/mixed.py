"""Images whose z are mixed by scale: the coarse ones of one image, the fine ones of another."""

from collections.abc import Sequence

import torch

from explorer import data
from explorer.models.image_flow import ACROSS, BELOW, RIGHT, on_lattice
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Each, Figure, Table
from explorer.numbers.words import num, with_sign
from explorer.running.device import device_of
from explorer.steps import round_numbers
from explorer.tabs.flow.shared import CUTS, PIXELS, ImageNet, Shot, name_of
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Other, Picture

LOG_P = Figure("log p(x)", unit="nats")
OF_A = Figure("z of A")
FAR = Figure("from A, from B (L2)")
SQUARED_MIX = Figure("‖z‖²", digits=0)
SIDES = ("A coarse, B fine", "B coarse, A fine")
MIX_PLACES = {RIGHT: "right of known ones", BELOW: "below known ones", ACROSS: "between four known ones"}
HALVES = {None: "", 0: ", one half of a checkerboard", 1: ", the other half"}


def mix_answer(
    counts: Sequence[int],
    log_prob: Sequence[float],
    squared: Sequence[float],
    far: Sequence[Sequence[float]],
    images: Sequence[str],
    names: Sequence[str],
) -> Answer:
    """Describe mixtures of the z of two pictures, by how many coarse z are the first's, and the other way round.

    Arguments:
        counts: Numbers of coarse z at each cut.
        log_prob: Log-densities of the mixtures, first those with A's coarse z.
        squared: ‖z‖² of the mixtures.
        far: L2 distances of each mixture with A's coarse z from A and from B.
        images: The mixtures of each side together, then each mixture.
        names: What sentences call A and B.
    """
    (a, b), last = names, len(CUTS) - 1
    own, other = with_sign(log_prob[last]), with_sign(log_prob[0])

    def words(cut: int) -> str:
        count, here = counts[cut], with_sign(log_prob[cut])
        if count == 0:
            return f"Nothing of A, {a}, is taken yet: this is B, {b}. Its log p(x) is {other} nats."
        if count == PIXELS:
            return f"All of z is that of A, and the flow gives back {a}. Its log p(x) is {own} nats."
        return (
            f"A, {a}, gives {count} numbers of z; B, {b}, the other {PIXELS - count}. Those {count} pixels come out as "
            f"they are in A, and the others are drawn to fit. ‖z‖² is {num(squared[cut], 0)}. The image lies "
            f"{num(far[cut][0])} from A and {num(far[cut][1])} from B (L2), and its log p(x) is {here} nats, beside "
            f"A's {own} and B's {other}."
        )

    def strips(cut: int) -> list[Shot]:
        phrase = f"{counts[cut]} numbers of its z are the coarse one's"
        one = [{"images": images[2 + side * len(CUTS) + cut], "says": phrase} for side in (0, 1)]
        return [one[0], {"at": cut}, one[1], {"at": cut}]

    def part(cut: int) -> Answer:
        return Answer(
            [
                LOG_P.of(with_sign(log_prob[cut])),
                OF_A.of(f"{counts[cut]} of {PIXELS}"),
                FAR.of(", ".join(map(num, far[cut]))),
                SQUARED_MIX.of(squared[cut]),
            ],
            words(cut),
            strips=strips(cut),
            pictures={"out": images[2 + cut]},
        )

    says = f"{', '.join(map(str, counts))} z of the coarse one"
    rows = [
        [{"name": name}, {"images": images[side], "says": says, "sets": [{"cut": cut} for cut in range(len(CUTS))]}]
        for side, name in enumerate(SIDES)
    ]
    table = [
        {
            "coarse z of": "AB"[k // len(CUTS)],
            "how many": counts[k % len(CUTS)],
            "log p(x), nats": log_prob[k],
            "squared length of z": squared[k],
        }
        for k in range(len(log_prob))
    ]
    return Answer(
        table=Table(table),
        strips=[*rows[0], *rows[1]],
        stops={"cut": [(cut, cut) for cut in range(len(CUTS))]},
        each=Each("cut", [*range(len(CUTS))], [part(cut) for cut in range(len(CUTS))]),
    )


@heavy
def mix(net: ImageNet, picture: Picture, other: Other) -> Answer:
    """Exchange the z of two pictures: the coarse z of the first with the fine z of the second, and vice versa.

    The cuts go from none of the first picture's z to all of it, and then the other way round.
    """
    model = checkpoints.load(net)
    both = torch.cat([data.read(each, model.space) for each in (picture, other)]).to(device_of(model))
    with torch.no_grad():
        a, b = model.encode(model.dequantise(both, rng(0)))
        masks = torch.stack([on_lattice(stride) for stride in CUTS]).unsqueeze(1).to(a.device)
        z = torch.cat([torch.where(masks, a, b), torch.where(masks, b, a)])
        x = model.decode(z)
        log_prob = model.log_prob(x)
    images, count = model.to_space(x, 0), len(CUTS)
    levels = images.flatten(1).double()
    far = torch.cdist(levels[:count], levels[[count - 1, 0]])
    encode = model.space.encode
    return mix_answer(
        masks.flatten(1).sum(-1).tolist(),
        round_numbers(log_prob),
        round_numbers(z.flatten(1).square().sum(-1)),
        far.tolist(),
        [*map(encode, images.split(count)), *map(encode, images.split(1))],
        [name_of(picture), name_of(other)],
    )
