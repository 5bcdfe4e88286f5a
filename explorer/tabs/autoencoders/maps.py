"""Server functions about the plane of codes with two numbers: the map, random codes, and the encoder's sensitivity."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.measures.autoencoder import OTHER, SURE, draw_codes, from_equal, spread, top_class
from explorer.models.autoencoder import Autoencoder
from explorer.models.beta_vae import BetaVAE
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.spaces.packing import pack
from explorer.steps import round_numbers
from explorer.tabs.autoencoders import answers
from explorer.tabs.autoencoders.fields import CONTRACTED, ELLIPSES, KINDS, OF_TWO, SPARSE, MapNet, Prior
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer, Table

Found = dict[str, Any]
DRAWN = 300  # codes drawn in the mode of the prior–posterior mismatch
SHOWN = 12  # decoded images of them
NEARLY_ALL = 0.995  # of the codes along an axis, which the map shows
ROOM = 1.08  # of the view, beyond these


def family_of(net: str) -> str:
    """Return the family of an autoencoder, which is the start of its name."""
    return net.split(f"-{dataset_of(net)}")[0]


def map_of(z: Tensor, labels: Sequence[int], *others: Tensor) -> Found:
    """Describe a map of codes (N, 2): the codes with their labels, and the square that holds nearly all points.

    Shapes: `others` (M, 2), further points of the map.
    """
    places = torch.cat([z, *others]).float()
    low, high = (torch.quantile(places, share, dim=0) for share in (1 - NEARLY_ALL, NEARLY_ALL))
    return {
        "codes": pack(z, torch.float32),
        "labels": [*labels],
        "middle": round_numbers((low + high) / 2),
        "half": ROOM * float((high - low).max()) / 2,
    }


@heavy
@torch.no_grad()
def map_codes(net: MapNet, picture: Picture) -> Answer:
    """Encode the bundled test images and a picture, and reconstruct the picture by each of the four autoencoders."""
    model, dataset = checkpoints.load(net), dataset_of(net)
    images, x = data.display_split(dataset), data.read(picture, LEVELS).to(device_of(model))
    z = model.encode(images.pixels().to(device_of(model)))
    rivals = [checkpoints.load(f"{family}-{dataset}") for family in (*OF_TWO, SPARSE)]
    rebuilt = torch.cat([rival.reconstruct(x) for rival in rivals])
    errors = (rebuilt - x).square().flatten(1).sum(-1).tolist()
    view = {
        "map": map_of(z, images.labels.tolist()),
        "spread": spread(z),
        "mean": round_numbers(z.mean(0)),
        "own": round_numbers(model.encode(x)[0]),
        "errors": errors,
    }
    table = [
        {"test image": i, "class": label, "z1": z1, "z2": z2}
        for i, (label, (z1, z2)) in enumerate(zip(images.labels.tolist(), z.tolist(), strict=True))
    ]
    return Answer(
        table=Table(table),
        grids=[{"images": LEVELS.encode(rebuilt)} | answers.rebuilt_captions(errors)],
        pictures={"x": LEVELS.encode(x)},
        view=view,
    ) | answers.map_answer(KINDS.get(family_of(net), "chosen"), z.mean(0).tolist(), errors)


@heavy
@torch.no_grad()
def hole(net: MapNet, prior: Prior, seed: Seed) -> Answer:
    """Draw codes for an autoencoder and for the VAE with two latents, and classify the decoded images."""
    model: Autoencoder = checkpoints.load(net)
    dataset = dataset_of(net)
    vae: BetaVAE = checkpoints.load(f"{OTHER}-{dataset}")
    images = data.display_split(dataset)
    own = model.encode(images.pixels())
    others = vae.encode(data.binary_display_images(dataset), 1.0).mean
    z = {
        "own": draw_codes(prior, DRAWN, own, rng(seed)),
        "vae": draw_codes(prior, DRAWN, others, rng(seed)),
    }
    found = {
        "own": _drawn(dataset, model.decode, z["own"]),
        "vae": _drawn(dataset, lambda codes: vae.decode(codes, 1.0).mean, z["vae"]),
    }
    kind = KINDS.get(family_of(net), "chosen")
    names = {"own": f"The {kind} autoencoder", "vae": "The VAE, β = 1"}
    strips = [
        {"name": names[which], "images": each["images"], "says": f"the first {SHOWN}"} for which, each in found.items()
    ]
    table = [
        {"network": which, "draw": i, "z1": z1, "z2": z2, "class seen": label}
        for which, each in found.items()
        for i, ((z1, z2), label) in enumerate(zip(z[which].tolist(), each["classes"], strict=True))
    ]
    plane = map_of(own, images.labels.tolist(), z["own"])
    drawn = {"drawn": pack(z["own"], torch.float32), "classes": found["own"]["classes"]}
    centre = LEVELS.encode(model.decode(torch.zeros(1, 2)))
    return answers.draws_answer(kind, prior, found["own"], found["vae"], data.classes_of(dataset)) | Answer(
        table=Table(table),
        grids=[{"images": centre, "words": "one image"}],
        strips=strips,
        pictures={"out": centre},
        view=found | {"maps": [plane | drawn]},
    )


def _drawn(dataset: str, decode: Callable[[Tensor], Tensor], z: Tensor) -> Found:
    judge = checkpoints.load(f"classifier-{dataset}")
    images = decode(z)
    share, classes = top_class(judge, images)
    kl, se = from_equal(classes, judge.head.out_features)
    return {
        "classes": classes.tolist(),
        "kl": kl,
        "se": se,
        "sure": float((share >= SURE).double().mean()),
        "images": LEVELS.encode(images[:SHOWN]),
    }


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
    said = answers.contractive_answer(plain, other, [LEVELS.encode(x[None]) for x in marked])
    return said | Answer(view={"maps": maps})


def _ellipses(model: Autoencoder, images: data.Split) -> Found:
    x = images.pixels().to(device_of(model))
    with torch.no_grad():
        z = model.encode(x)
    axes, angles = ellipses_of(model.jacobian(x[:ELLIPSES]).detach())
    ellipses = round_numbers(torch.cat([axes, angles[:, None]], 1))
    return {
        "map": map_of(z, images.labels.tolist()) | {"ellipses": ellipses},
        "axes": axes.tolist(),
        "spread": spread(z),
    }


def ellipses_of(jacobian: Tensor) -> tuple[Tensor, Tensor]:
    """Return the singular values (B, 2) of Jacobians (B, 2, D), the larger first, and the angle of its axis (B,)."""
    values, vectors = torch.linalg.eigh(jacobian @ jacobian.transpose(1, 2))
    longer = vectors[:, :, 1]
    return values.flip(-1).clamp(min=0).sqrt(), torch.atan2(longer[:, 1], longer[:, 0])
