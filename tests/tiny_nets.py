"""Checkpoints of the networks' names and kinds, small enough to draw with in a test."""

from pathlib import Path

import torch

from explorer.models import NETWORKS
from explorer.networks import checkpoints

MODELS = {
    "pixelcnn-mnist": {"channels": 8, "dilations": [1, 2], "levels": 2, "classes": 10},
    "pixelcnn-fashion-mnist": {"channels": 8, "dilations": [1, 2], "levels": 256, "classes": 10, "components": 5},
    "made-mnist": {"widths": [24, 24]},
}
DIFFUSIONS = {
    "diffusion-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8},
    "diffusion-fashion-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8},
    "consistency-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8},
    "score-moons": {"width": 8},
    "score-rings": {"width": 8},
    "score-eight-gaussians": {"width": 8},
}

FLOWS = {
    name: {"channels": [4, 4, 4, 4, 4], "blocks": [1, 1, 1, 1, 1]} for name in ("flow-mnist", "flow-fashion-mnist")
}

VELOCITIES = {"flow-matching-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8}}

GANS = {
    name: {"latent": 8, "generator": [8, 8, 8], "discriminator": [4, 8, 8], "classes": 10}
    for name in ("gan-mnist", "gan-fashion-mnist")
}
STYLEGANS = {
    name: {"latent": 8, "width": 8, "depth": 1, "generator": [8, 8, 4], "discriminator": [4, 4, 8]}
    for name in ("stylegan-mnist", "stylegan-fashion-mnist")
}
PAIRED = {"pix2pix-fashion-mnist": {"source": "outline", "generator": [8, 8, 8], "discriminator": [8, 8, 8]}}
TOKENS = {
    "vqvae-mnist": {"codes": 8, "dim": 4, "channels": 8, "blocks": 1, "prior_width": 16, "prior_layers": 1},
    "vqvae-fashion-mnist": {"codes": 8, "dim": 4, "channels": 8, "blocks": 1, "prior_width": 16, "prior_layers": 1}
    | {"levels": 256},
}
VAES = {"vae-mnist": {"latent": 32, "fine": 4, "coarse": 4, "narrow": 2, "hidden": 8, "blocks": [0, 1]}}
RECURRENT = {"pixelrnn-mnist": {"hidden": 4, "layers": 1, "head": 4}}
IMAGES = ("mnist", "fashion-mnist")
LATENT_DIFFUSIONS = {
    f"latent-diffusion-{of}": {"code": 16, "channels": [4, 4, 8], "width": 16, "layers": 1} for of in IMAGES
}
AUTOENCODERS = {
    f"{kind}autoencoder-{of}": {"hidden": [8], "latent": 2}
    for kind in ("", "denoising-", "contractive-")
    for of in IMAGES
} | {f"sparse-autoencoder-{of}": {"units": 64, "active": 25} for of in IMAGES}
CODES = TOKENS | LATENT_DIFFUSIONS | AUTOENCODERS
DISCRETE = {net: {"channels": [8, 8, 8], "classes": 10, "embedding": 8} for net in ("d3pm-mnist", "uniform-d3pm-mnist")}
ENERGIES = {"rbm-mnist": {"hidden": 30}, "ebm-mnist": {"channels": [4, 4, 4, 4], "steps": 20}}


def write(folder: Path, models: dict[str, dict] = MODELS, jitter: float = 0.3) -> Path:
    """Write all of them with random weights, large enough that what they predict depends on what they see."""
    torch.manual_seed(0)
    for name, arguments in models.items():
        family = max((family for family in NETWORKS if name.startswith(f"{family}-")), key=len)
        dataset = name.removeprefix(f"{family}-")
        training = {"seed": 0, "epochs": 1, "batch_size": 8}
        config = {"family": family, "dataset": dataset, "model": arguments, "training": training}
        model = checkpoints.build(config)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(jitter * torch.randn_like(parameter))
        sha256 = checkpoints.save_weights(model, folder / name / "model.safetensors")
        checkpoints.write_json(folder / name / "config.json", config)
        run = {"command": f"python -m explorer.train {name}", "date": "2026-01-02", "minutes": 0.1, "torch": "2"}
        run |= {"device": "cpu", "parameters": sum(p.numel() for p in model.parameters()), "losses": [9.5, 9.25]}
        checkpoints.write_json(folder / name / "card.json", {"sha256": sha256, "training": run})
    return folder


def write_diffusions(folder: Path) -> Path:
    """Write the diffusions and the score networks, and lay the real VAE and the real classifier beside them."""
    write(folder, DIFFUSIONS, jitter=0.1)
    for name in ("beta-vae-mnist", "classifier-mnist"):
        (folder / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    return folder


def write_gans(folder: Path) -> Path:
    """Write the GANs, the digits' with two snapshots of its training: another network, and the one it became."""
    write(folder / "before", {"gan-mnist": GANS["gan-mnist"]}, jitter=0.1)
    write(folder, GANS, jitter=0.2)
    kept = folder / "gan-mnist" / "snapshots" / "00.safetensors"
    kept.parent.mkdir()
    (folder / "before" / "gan-mnist" / "model.safetensors").rename(kept)
    files = [("00.safetensors", folder / "before" / "gan-mnist"), ("../model.safetensors", folder / "gan-mnist")]
    rows = [{"epoch": at, "step": 860 * at, "images": 55_040 * at} for at in (0, 1)]
    snapshots = [
        {"file": name, "sha256": checkpoints.read_json(where / "card.json")["sha256"]} | row
        for (name, where), row in zip(files, rows)
    ]
    history = [row | {"discriminator": 2.0 - row["epoch"], "generator": -0.5} for row in rows]
    checkpoints.write_json(kept.parent / "log.json", {"snapshots": snapshots, "history": history, "losses": []})
    return folder
