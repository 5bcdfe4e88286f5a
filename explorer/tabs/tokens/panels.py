"""Panels of the modes of tokens and of latent diffusion."""

from explorer.tabs.kit.layout.fields import LABEL, SEED
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.tokens import answers, latent, tokens
from explorer.tabs.tokens.fields import LATENT_NETS, PROMISE, STEPS, TOKEN_NETS, W

PANELS = {
    "tokens": Panel(
        tokens.look,
        controls=[],
        tries=tokens.TRIES["tokens"],
        shows=Shows("Tap a token, then another code", answers.HEADS["tokens"], others=True),
        nets=TOKEN_NETS,
    ),
    "surprise": Panel(
        tokens.surprise,
        controls=[],
        tries=tokens.TRIES["surprise"],
        shows=Shows("Which tokens are unlikely under the prior? Tap one", answers.HEADS["surprise"], others=True),
        nets=TOKEN_NETS,
    ),
    "straight": Panel(
        tokens.through,
        controls=[[Control(PROMISE, "slider", "Predicted gain of the step, nats", step=0.5, digits=1)]],
        tries=tokens.TRIES["straight"],
        shows=Shows(
            "Drag the step: what does the copied gradient gain?",
            answers.HEADS["straight"],
            charts=[("What a step down the gradient changes, in nats", 270, "promise")],
            grids=[Grid("The image's tokens and the gradients", 3, rows=2)],
            others=True,
        ),
        nets=TOKEN_NETS,
    ),
    "slow": Panel(
        tokens.race,
        controls=[[Control(SEED, "seed")]],
        tries=tokens.TRIES["slow"],
        shows=Shows(
            "Pixels against tokens, timed on this server",
            answers.HEADS["slow"],
            grids=[Grid(name, 8, rows=6.8, titled=True) for name in answers.IN_TURN.values()],
            details=True,
            waits="This server draws sixteen images in each way, one after the other: 784 pixels each, and 49 tokens…",
        ),
        nets=TOKEN_NETS,
    ),
    "latent": Panel(
        latent.unnoise,
        controls=[
            [Control(SEED, "seed")],
            [Control(LABEL, "class"), Control(STEPS, "number", "Steps")],
            [Control(W, "slider", "Guidance scale w", step=0.25, digits=2, when={"label": range(10)})],
        ],
        tries=latent.TRIES["latent"],
        nets=LATENT_NETS,
    ),
}
