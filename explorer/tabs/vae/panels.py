"""Panels of the VAE's modes whose controls are declared."""

from explorer.tabs.kit.fields import SEED
from explorer.tabs.kit.panel import Control, Panel, Shows
from explorer.tabs.vae import answers, server
from explorer.tabs.vae.fields import PIXELS, Q

PANELS = {
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
        rows=answers.draw_numbers(None),
    ),
    "interpolate": Panel(None, [], rows=[("fewest codes near, {name}", "{near:0}", "of 2,000")]),
}
TRIES = {mode: panel.tries for mode, panel in PANELS.items() if panel.tries}
