"""Panels of the modes of the VAE with many latents."""

from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae_room import answers, server, shape_answers
from explorer.tabs.vae_room.fields import BETA, BETAS, COLLAPSE, REACHED, RUN

DIGIT = {"net": "vae-mnist", "img": 8, "draw": None, "source": None}
WINDOWS = {run: f"{answers.reach_of(run)} × {answers.reach_of(run)}" for run in COLLAPSE}
WINDOWS |= {"reach-1": "none", "reach-11-free": "11 × 11, free bits"}
RUN_ROWS = [*[(6, 110)] * 4, *[(5, 110)] * 2]

PANELS = {
    "traverse": Panel(
        server.one_latent,
        controls=[],
        tries=[
            ("The latent that is used most", DIGIT | {"rank": 0, "z": -3}),
            ("One that is not used", DIGIT | {"rank": 31, "z": 3}),
            ("A boot's first latent", {"net": "vae-fashion-mnist", "img": 1, "rank": 0, "z": 2}),
        ],
        shows=Shows(
            "Choose a latent by its bar, then move it",
            answers.HEADS["traverse"],
            charts=[("What every latent costs on average", 330, "rank")],
            strips=[(7, 80, True)] * 3,
        ),
    ),
    "iwae": Panel(
        server.bounds,
        controls=[[Control(SEED, "seed")]],
        tries=[
            ("A plain 1", DIGIT | {"img": 330}),
            ("A strange 2", DIGIT | {"img": 29}),
            ("A boot", {"net": "vae-fashion-mnist", "img": 1, "draw": None, "source": None}),
        ],
        shows=Shows(
            "How close to log p(x) is the bound with more draws?",
            answers.HEADS["iwae"],
            charts=[("Bounds on −log p(x) from the encoder, by k draws", 270), ("With draws from the prior", 220)],
            details=True,
            waits="10,000 codes are decoded…",
        ),
    ),
    "collapse": Panel(
        server.collapse,
        controls=[[Control(REACHED, "segments", "Pixels that the decoder sees", options=WINDOWS)]],
        named={"run": REACHED},
        tries=[
            ("A decoder that sees no pixel", {"reach": "reach-1"}),
            ("Five rows, and free bits", {"reach": "reach-11-free"}),
        ],
        shows=Shows(
            "The more context the decoder has, the less it uses z",
            answers.HEADS["collapse"],
            charts=[("The KL by the decoder's reach", 285, "reach"), ("−ELBO by the decoder's reach", 285, "reach")],
            strips=RUN_ROWS,
            beside=True,
        ),
    ),
    "runs": Panel(
        server.by_objective,
        controls=[
            [
                Control(
                    RUN, "segments", "Objective", options={run: name for run, (name, _) in answers.OBJECTIVES.items()}
                )
            ]
        ],
        tries=[
            ("β = 4", {"run": "beta-4"}),
            ("Free bits", {"run": "free"}),
            ("KL annealing", {"run": "annealed"}),
        ],
        shows=Shows(
            "Choose an objective; the others stay in grey; ← → choose",
            answers.HEADS["runs"],
            charts=[("The KL of held-out images while training", 285), ("The KL of every latent", 285)],
            strips=RUN_ROWS,
            beside=True,
            details=True,
        ),
    ),
    "disentangle": Panel(
        server.one_shape,
        controls=[
            [Control(BETA, "segments", "Weight β", options={beta: beta for beta in BETAS})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Little pressure", {"beta": "0.5"}),
            ("Four times the KL", {"beta": "4"}),
            ("Too much of it", {"beta": "16"}),
        ],
        shows=Shows(
            "Which factors does each latent encode?",
            shape_answers.HEADS,
            charts=[("The mutual information gap by β", 366, "beta")],
            strips=[(2, 170), *[(7, 110)] * 6],
            matrix="The share of each factor's entropy that a latent encodes",
            beside=True,
        ),
    ),
    "paths": Panel(
        server.between,
        controls=[],
        tries=[
            ("From a 3 to an 8", DIGIT | {"img": 108, "img2": 24}),
            ("From a boot to a dress", {"net": "vae-fashion-mnist", "img": 1, "img2": 2}),
        ],
        shows=Shows(
            "Straight or spherical: which path between two codes?",
            answers.HEADS["paths"],
            charts=[("The length of the codes along both ways", 240)],
            strips=[(9, 84)] * 2,
        ),
    ),
}
TRIES = {mode: panel.tries for mode, panel in PANELS.items()}
