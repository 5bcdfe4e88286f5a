"""Checkpoints of the networks' names and kinds, small enough to draw with in a test."""

from pathlib import Path

import torch

from explorer import checkpoints

MODELS = {
    "pixelcnn-mnist": {"channels": 8, "dilations": [1, 2], "levels": 2, "classes": 10},
    "pixelcnn-fashion-mnist": {"channels": 8, "dilations": [1, 2], "levels": 256, "classes": 10, "components": 5},
    "made-mnist": {"widths": [24, 24]},
}
DIFFUSIONS = {
    "diffusion-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8},
    "diffusion-fashion-mnist": {"channels": [8, 8, 8], "classes": 10, "embedding": 8},
    "score-moons": {"width": 8},
    "score-rings": {"width": 8},
    "score-eight-gaussians": {"width": 8},
}


def write(folder: Path, models: dict[str, dict] = MODELS, jitter: float = 0.3) -> Path:
    """Write all of them with random weights, large enough that what they predict depends on what they see."""
    torch.manual_seed(0)
    for name, arguments in models.items():
        family, _, dataset = name.partition("-")
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
    """Write the diffusions and the score networks, and lay the real VAE beside them."""
    write(folder, DIFFUSIONS, jitter=0.1)
    (folder / "beta-vae-mnist").symlink_to(checkpoints.ROOT / "pretrained" / "beta-vae-mnist")
    return folder
