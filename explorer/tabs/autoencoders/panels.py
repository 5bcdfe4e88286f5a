"""Panels of the modes of the autoencoders whose answers bring what they show."""

from explorer.tabs.autoencoders import networks, sizes, told
from explorer.tabs.autoencoders.fields import LATENTS, NOISE, PRIOR, SIZES
from explorer.tabs.kit.fields import SEED
from explorer.tabs.kit.panel import Control, Panel, Shows

PANELS = {
    "hole": Panel(
        networks.hole,
        controls=[
            [
                Control(
                    PRIOR, "segments", "Codes from", options={prior: name for prior, (name, _) in told.PRIORS.items()}
                )
            ],
            [Control(SEED, "seed")],
        ],
        tries=networks.TRIES["hole"],
        shows=Shows(
            "Draw codes at random, and count which classes come",
            told.HEADS["hole"],
            charts=[("Classes of the autoencoder's images", 150), ("Classes of the VAE's images", 150)],
            strips=[(12, 56), (12, 56)],
            beside=True,
        ),
    ),
    "dictionary": Panel(
        networks.units,
        controls=[],
        tries=networks.TRIES["dictionary"],
        shows=Shows("Tap an atom to remove or amplify it", told.HEADS["dictionary"]),
    ),
    "returning": Panel(
        networks.returning,
        controls=[[Control(NOISE, "slider", "Noise σ", step=0.05, digits=2)], [Control(SEED, "seed")]],
        tries=networks.TRIES["pull"],
        shows=Shows(
            "Noise an image, and watch repeated reconstruction",
            told.HEADS["returning"],
            charts=[("Squared distance from the image without noise", 270)],
            strips=[(9, 84), (9, 84)],
        ),
    ),
    "sizes": Panel(
        sizes.midway,
        controls=[
            [Control(LATENTS, "segments", "Numbers in a code", options={size: size for size in SIZES})],
            [Control(SEED, "seed")],
        ],
        tries=sizes.TRIES["sizes"],
        shows=Shows(
            "How many numbers should a code have?",
            told.HEADS["sizes"],
            charts=[("The classifier's confidence by the size of the code", 170, "latents")],
            strips=[(8, 76)] * 4,
            details=True,
        ),
    ),
}
