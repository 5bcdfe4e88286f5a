"""Panels of the modes of the autoencoders."""

from explorer.tabs.autoencoders import answers, maps, networks, plane, sizes
from explorer.tabs.autoencoders.fields import (
    CONTRACTED,
    EXACT,
    KINDS,
    LATENTS,
    NOISE,
    OF_TWO,
    PLANE_NETS,
    PRIOR,
    SIGMA,
    SIZES,
    SPARSE_NETS,
    WHERE,
)
from explorer.tabs.kit.layout.fields import POINTS, SEED
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows

MAPS = "autoencoders/maps"  # module
SETS = {"mnist": "MNIST", "fashion-mnist": "Fashion"}
OF = [Control(POINTS, "dataset", "Images of", options=SETS)]
KIND = [Control(POINTS, "family", "Autoencoder", options={family: KINDS[family] for family in OF_TWO})]
WIDTHS = {k: f"{sigma:g}" for k, sigma in enumerate(plane.SIGMAS)}


def nets_of(*families: str) -> list[str]:
    """Return the networks of some families on each data set of images."""
    return [f"{family}-{dataset}" for family in families for dataset in SETS]


PANELS = {
    "map": Panel(
        maps.map_codes,
        controls=[OF, KIND],
        tries=networks.TRIES["map"],
        shows=Shows(
            "Move over the map: the decoder draws what lies there",
            answers.HEADS["map"],
            grids=[Grid("■ Yours, rebuilt (squared error)", 1, rows=7.6, place="side", titled=True)],
        ),
        nets=nets_of(*OF_TWO),
    ),
    "hole": Panel(
        maps.hole,
        controls=[
            OF,
            KIND,
            [
                Control(
                    PRIOR,
                    "segments",
                    "Codes from",
                    options={prior: name for prior, (name, _) in answers.PRIORS.items()},
                )
            ],
            [Control(SEED, "seed")],
        ],
        tries=networks.TRIES["hole"],
        shows=Shows(
            "Draw codes at random, and count the classes of their images",
            answers.HEADS["hole"],
            charts=[("Classes of the autoencoder's images", 150), ("Classes of the VAE's images", 150)],
            strips=[(12, 56), (12, 56)],
            grids=[Grid("Decoded at (0, 0)", 1, rows=8, place="panel", titled=True)],
            beside=True,
            module=MAPS,
        ),
        nets=nets_of(*OF_TWO),
    ),
    "contractive": Panel(
        maps.contraction,
        controls=[OF],
        tries=networks.TRIES["contractive"],
        shows=Shows(
            "Tap an ellipse: how far do codes move when pixels move?",
            answers.HEADS["contractive"],
            grids=[Grid("The marked image", 1, rows=4.5, place="panel")],
            module=MAPS,
        ),
        nets=nets_of(*CONTRACTED),
    ),
    "dictionary": Panel(
        networks.units,
        controls=[OF],
        tries=networks.TRIES["dictionary"],
        shows=Shows(
            "Tap an atom to remove or amplify it",
            answers.HEADS["dictionary"],
            grids=[
                Grid("Your picture and the sum", 2, rows=2.2),
                Grid("Atoms by activation", 9, rows=6.4, titled=True, sets="unit"),
            ],
        ),
        nets=SPARSE_NETS,
    ),
    "pull": Panel(
        None,
        controls=[[Control(WHERE, "segments", "Where", options={"plane": "Points", "images": "Images"})]],
        shows=Shows("Drop points or noise an image, and watch repeated reconstruction"),
        parts={"plane": "dropped", "images": "returning"},
    ),
    "dropped": Panel(
        plane.residual_field,
        controls=[
            [Control(POINTS, "points", "This mode is about points; the two moons are shown.")],
            [Control(SIGMA, "slider", "Noise σ", options=WIDTHS, live=True)],
        ],
        more=[
            [
                Control(
                    EXACT, "segments", "Exact score", options={"noised": "of the noised data", "clean": "of the data"}
                )
            ]
        ],
        shows=Shows("", answers.HEADS["dropped"]),
        nets=PLANE_NETS,
    ),
    "returning": Panel(
        networks.returning,
        controls=[OF, [Control(NOISE, "slider", "Noise σ", step=0.05, digits=2)], [Control(SEED, "seed")]],
        shows=Shows(
            "",
            answers.HEADS["returning"],
            charts=[("Squared distance from the image without noise", 270)],
            strips=[(9, 84), (9, 84)],
        ),
        nets=nets_of("denoising-autoencoder", "autoencoder"),
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
            answers.HEADS["sizes"],
            charts=[("The classifier's confidence by the size of the code", 170, "latents")],
            strips=[(8, 76)] * 4,
            details=True,
        ),
    ),
}
