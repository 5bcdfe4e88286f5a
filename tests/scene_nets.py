"""Tiny networks that draw scenes from words, with random weights, beside the real codes and the real judge."""

from pathlib import Path

import torch

from explorer.models.words import WordsDrawer
from explorer.networks import checkpoints

REAL = ("autoencoder-scenes", "vqvae-scenes", "judge-scenes")
WORDS_TINY = {
    "words-diffusion": {"autoencoder": "autoencoder-scenes", "latents": 4},
    "words-tokens": {"vqvae": "vqvae-scenes", "codes": 512},
    "words-masked": {"vqvae": "vqvae-scenes", "codes": 512},
}


def write_scene_nets(folder: Path, nets: tuple[str, ...] = tuple(WORDS_TINY)) -> Path:
    """Write those of the tiny networks, and lay the real ones beside them."""
    for name in REAL:
        (folder / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    torch.manual_seed(3)
    for name in nets:
        size = {"width": 16, "heads": 2, "blocks": 1}
        config = {"family": name, "dataset": "scenes", "model": WORDS_TINY[name] | size, "training": {}}
        model = jittered(checkpoints.build(config))
        sha256 = checkpoints.save_weights(model, folder / name / "model.safetensors", torch.float32)
        checkpoints.write_json(folder / name / "config.json", config)
        checkpoints.write_json(folder / name / "card.json", {"sha256": sha256, "training": {}})
    return folder


def jittered(model: WordsDrawer) -> WordsDrawer:
    """Move all weights, so that what a network predicts depends on what it sees."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return model.eval()
