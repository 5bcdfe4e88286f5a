"""Server functions of the autoencoders: codes, decoded draws, repeated reconstruction, and active units."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from explorer import checkpoints, data
from explorer.card import Card
from explorer.data.toys import TOYS
from explorer.device import device_of
from explorer.measures.autoencoder import OTHER, SURE, draw_codes, from_equal, surest
from explorer.models.autoencoder import (
    Autoencoder,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    SparseAutoencoder,
)
from explorer.models.beta_vae import BetaVAE
from explorer.spaces import LEVELS
from explorer.spaces.packing import pack
from explorer.steps import rounded
from explorer.tabs.autoencoders import told
from explorer.tabs.autoencoders.fields import (
    ACTIVE,
    ELLIPSES,
    IMAGE_NETS,
    OF_TWO,
    PLANE_NETS,
    SPARSE,
    SPARSE_NETS,
    MapNet,
    Noise,
    Prior,
)
from explorer.tabs.autoencoders.maths import shrunk
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import heavy, light
from explorer.tabs.kit.common import seeded
from explorer.tabs.kit.fields import Dataset, Picture, Seed
from explorer.tabs.kit.nets import dataset_of, takes

DRAWN = 300  # codes drawn in the mode of the prior–posterior mismatch
SHOWN = 12  # decoded images of them
AGAIN = 8  # reconstructions of an image in a row
KINDS = dict(zip(OF_TWO, ("plain", "denoising", "contractive")))
RETURNING = ("denoising-autoencoder", "autoencoder")


def facts(net: str, card: Card) -> dict[str, Any]:
    """Return the address of an autoencoder's weights; for points also the known density and the noise widths."""
    if not takes(IMAGE_NETS, net) and not takes(PLANE_NETS, net) or "sha256" not in card:
        return {}
    own = {"weights": f"pretrained/{net}/model.safetensors?v={card['sha256'][:12]}"}
    if not takes(PLANE_NETS, net):
        return own
    mixture = TOYS[dataset_of(net)]
    known = {"means": parts.brief(mixture.means.tolist()), "sigma": mixture.sigma}
    return own | {"known": known, "sigmas": list(checkpoints.load(net).sigmas)}


@heavy
def codes(net: MapNet) -> dict:
    r"""Return the codes of the bundled test images, and for the first of them $J J^\top$.

    $J = \partial z / \partial x$ is the encoder's Jacobian. If an image moves by a vector of length ε in any direction,
    its code moves within an ellipse. The ellipse's semi-axes are ε times the singular values of J, along the
    eigenvectors of $J J^\top$.
    """
    model: Autoencoder = checkpoints.load(net)
    images = data.shown(dataset_of(net))
    x = images.pixels().to(device_of(model))
    with torch.no_grad():
        z = model.encode(x)
    jacobian = model.jacobian(x[:ELLIPSES]).detach()
    return {
        "codes": pack(z.cpu(), torch.float32),
        "labels": images.labels.tolist(),
        "mean": rounded(z.mean(0)),
        "covariance": rounded(z.T.cov().flatten()),
        "metric": rounded((jacobian @ jacobian.transpose(1, 2)).flatten()),
    }


@light
@torch.no_grad()
def rebuilt(dataset: Dataset, picture: Picture) -> dict:
    """Reconstruct a picture by each of the four autoencoders; return squared errors, and codes with two dimensions."""
    x = data.read(picture, LEVELS)
    families = [*OF_TWO, SPARSE]
    models = [checkpoints.load(f"{family}-{dataset}") for family in families]
    found = [model.encode(x) for model in models]
    images = [model.decode(z) for model, z in zip(models, found)]
    return {
        "x": LEVELS.encode(x),
        "families": families,
        "images": LEVELS.encode(torch.cat(images)),
        "errors": [float((image - x).square().sum()) for image in images],
        "codes": [rounded(z[0]) if z.shape[1] == 2 else None for z in found],
    }


@heavy
@torch.no_grad()
def hole(net: MapNet, prior: Prior, seed: Seed) -> dict:
    """Draw codes for an autoencoder and for the VAE with two latents, and classify the decoded images."""
    model: Autoencoder = checkpoints.load(net)
    dataset = dataset_of(net)
    vae: BetaVAE = checkpoints.load(f"{OTHER}-{dataset}")
    own = model.encode(data.shown(dataset).pixels())
    others = vae.encode(data.shown_binary(dataset), 1.0).mean
    found = {
        "own": _drawn(dataset, model.decode, draw_codes(prior, DRAWN, own, seeded(seed))),
        "vae": _drawn(dataset, lambda z: vae.decode(z, 1.0).mean, draw_codes(prior, DRAWN, others, seeded(seed))),
    }
    kind = KINDS.get(net.removesuffix(f"-{dataset}"), "chosen")
    names = (f"The {kind} autoencoder", "The VAE, β = 1")
    strips = [
        {"name": name, "images": each["images"], "says": f"the first {SHOWN}"}
        for name, each in zip(names, found.values())
    ]
    table = [
        (which, i, *map(float, z), label)
        for which, each in found.items()
        for i, (z, label) in enumerate(zip(each.pop("z"), each["classes"]))
    ]
    said = told.drawn(kind, prior, found["own"], found["vae"], data.classes_of(dataset))
    return found | said | {"strips": strips, "table": [("network", "draw", "z1", "z2", "class seen"), *table]}


def _drawn(dataset: str, decode: Callable[[Tensor], Tensor], z: Tensor) -> dict:
    judge = checkpoints.load(f"classifier-{dataset}")
    images = decode(z)
    share, classes = surest(judge, images)
    kl, se = from_equal(classes, judge.head.out_features)
    return {
        "codes": pack(z.cpu(), torch.float32),
        "z": rounded(z),
        "classes": classes.tolist(),
        "kl": kl,
        "se": se,
        "sure": float((share >= SURE).double().mean()),
        "images": LEVELS.encode(images[:SHOWN]),
    }


@light
@torch.no_grad()
def returning(dataset: Dataset, picture: Picture, noise: Noise, seed: Seed) -> dict:
    """Reconstruct a noisy picture repeatedly by two autoencoders; return its distance from the picture each time."""
    x = data.read(picture, LEVELS)
    noised = x + noise * torch.randn(x.shape, generator=seeded(seed))
    rows = {}
    for family in RETURNING:
        steps = list(checkpoints.load(f"{family}-{dataset}").return_steps(noised, AGAIN))
        images = torch.cat([step.x for step in steps])
        rows[family] = {
            "images": LEVELS.encode(images.clamp(0, 1)),
            "errors": rounded((images - x).square().flatten(1).sum(-1)),
            "moved": rounded(torch.cat([step.numbers["moved"] for step in steps])),
        }
    names = ("Denoising: the noisy image, then rebuilt 1, 2, … 8 times", "Plain: the same")
    strips = [{"name": name, "images": each["images"]} for name, each in zip(names, rows.values())]
    out = LEVELS.encode(images[-1:].clamp(0, 1))
    return {"rows": rows, "strips": strips, "pictures": {"x": LEVELS.encode(x), "out": out}} | told.returned(
        rows, noise
    )


@light
@torch.no_grad()
def units(dataset: Dataset, picture: Picture) -> dict:
    """Return the active units for a picture, the largest first, each with its atom; and the bias."""
    model: SparseAutoencoder = checkpoints.load(f"{SPARSE}-{dataset}")
    x = data.read(picture, LEVELS)
    values, which = model.encode(x)[0].topk(model.active)
    return {
        "charts": [],
        "strips": [],
        "pictures": {"x": LEVELS.encode(x)},
        "units": which.tolist(),
        "values": rounded(values),
        "of": model.latent,
        "atoms": pack(model.decoder.weight.T[which].contiguous(), torch.float32),
        "bias": pack(model.decoder.bias, torch.float32),
    }


NETS = [*IMAGE_NETS, *PLANE_NETS]
MODES = {
    "map": "One map",
    "hole": "Random codes",
    "pull": "Denoising",
    "contractive": "Contractive",
    "dictionary": "Sparse",
}
FUNCTIONS = [codes, rebuilt, hole, returning, units]
CODE = {
    "Four autoencoders, as trained": [
        Autoencoder.training_loss,
        DenoisingAutoencoder.training_loss,
        ContractiveAutoencoder.training_loss,
        SparseAutoencoder.encode,
    ],
    "One map": [rebuilt.plain, Autoencoder.encode, Autoencoder.decode],
    "Random codes": [hole.plain, draw_codes, from_equal],
    "Denoising": [returning.plain, Autoencoder.return_steps],
    "Contractive": [codes.plain, Autoencoder.jacobian],
    "Sparse": [units.plain],
    "This page": [shrunk],
}
PLAIN = {"net": "autoencoder-mnist"}
CLOTHES = {"net": "autoencoder-fashion-mnist"}
PICTURE = {"img": 8, "draw": None, "source": None}
DICTIONARY = PICTURE | {"net": SPARSE_NETS[0]}
TRIES = {
    "map": [
        ("The same place, contractive", {"net": "contractive-autoencoder-mnist", "z": [0, 0]}),
        ("A strange 2, rebuilt by all", PLAIN | {"img": 29, "draw": None, "source": None}),
        ("Clothes", CLOTHES | {"z": [0, 0]}),
    ],
    "hole": [
        ("From a Gaussian fitted to the codes", PLAIN | {"prior": "fitted", "seed": 7}),
        ("The contractive one, fitted", {"net": "contractive-autoencoder-mnist", "prior": "fitted", "seed": 7}),
        ("Clothes, fitted", CLOTHES | {"prior": "fitted", "seed": 7}),
    ],
    "pull": [
        (
            "Six points come back",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 2, "exact": "noised"}
            | {"drops": [-2, 1.5, -1, -1.6, 0, 2, 1.2, -2, 2.2, 0.6, 0, 0]},
        ),
        (
            "σ too large for the data's own score",
            {"where": "plane", "net": "denoising-autoencoder-moons", "sigma": 4, "exact": "clean", "drops": []},
        ),
        (
            "A noisy image returns",
            PICTURE | {"net": "denoising-autoencoder-mnist", "where": "images", "noise": 0.6, "seed": 7},
        ),
    ],
    "contractive": [
        ("A 4", PLAIN | {"mark": 2}),
        ("A slanted 1", PLAIN | {"mark": 8}),
        ("An ankle boot", CLOTHES | {"mark": 1}),
    ],
    "dictionary": [
        ("The loudest atom, removed", DICTIONARY | {"unit": 0, "gains": [0, *[1] * (ACTIVE - 1)]}),
        ("Only five atoms", DICTIONARY | {"unit": 0, "gains": [1] * 5 + [0] * (ACTIVE - 5)}),
        ("One atom, three times as loud", DICTIONARY | {"unit": 1, "gains": [1, 3, *[1] * (ACTIVE - 2)]}),
    ],
}
