"""Panels of the VAE's modes."""

from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.kit.numbers.answer import Figure
from explorer.tabs.vae import answers, says, server
from explorer.tabs.vae.fields import EPS, PART, PATH, PIN, PIXELS, Q

PARTS = {"code": "Bounds", "posterior": "Exact posterior", "gradients": "Gradients"}
PATHS = {"straight": "straight", "spherical": "spherical"}
PANELS = {
    "explore": Panel(
        server.probe,
        [],
        named={"z": PIN},
        shows=Shows(
            "Drag the point or use the arrow keys; click or tap pins it",
            [
                Figure("−ELBO = D + R, test images", unit="nats"),
                Figure("z"),
                Figure("−log p(z)", unit="nats"),
                Figure(f"codes within {server.NEAR}"),
            ],
        ),
        says=says.EXPLORE,
        rows=says.EXPLORE_ROWS,
    ),
    "encode": Panel(
        server.encode,
        [[Control(PART, "segments", "Shown", options=PARTS)]],
        named={"seed": EPS},
        shows=Shows(
            "Where does the encoder put an image, and how surely?",
            [answers.BOUND],
            waits="Click or tap a point on the map, choose a test image, or draw one of your own.",
        ),
        says=says.ENCODE,
    ),
    "gaps": Panel(
        server.gaps,
        controls=[[Control(Q, "segments", "Approximate posterior q", options=answers.QS)]],
        tries=[
            ("An encoder that is far off", {"img": 3, "q": "encoder", "hand": None}),
            ("The best Gaussian", {"img": 3, "q": "best", "hand": None}),
            ("Another family", {"img": 8, "q": "mixture", "hand": None}),
        ],
        shows=Shows(
            "Drag q: what makes the gap, encoder or Gaussian?",
            answers.GAP_HEADS,
            waits="Integrating over the plane…",
        ),
        says=says.GAPS,
        rows=answers.BY_HAND,
    ),
    "sample": Panel(
        server.sample,
        controls=[
            [
                Control(SEED, "seed"),
                Control(PIXELS, "segments", "Pixels", options={"means": "means", "bits": "Bernoulli pixels"}),
            ],
        ],
        renews={"tap": None},
        shows=Shows("64 draws from the prior; tap one for the nearest training image", [answers.GREY]),
        says=says.SAMPLE,
    ),
    "learn": Panel(
        server.training,
        [],
        shows=Shows(
            "Play the training: the codes leave the origin and form classes",
            [],
            waits="Reading the snapshots kept during training…",
        ),
        says=says.LEARN,
    ),
    "interpolate": Panel(
        None,
        [[Control(PATH, "segments", "Path", options=PATHS)]],
        shows=Shows("Click or tap two points, or press Enter at them", []),
        says=says.INTERPOLATE,
        rows=says.INTERPOLATE_ROWS,
    ),
}
TRIES = {mode: panel.tries for mode, panel in PANELS.items() if panel.tries}
