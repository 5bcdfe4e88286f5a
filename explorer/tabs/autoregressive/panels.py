"""Panels of the autoregressive tab that are declared in Python."""

from explorer.tabs.autoregressive import server
from explorer.tabs.kit.panel import Panel

TEST = {"kind": "test", "source": None, "draw": None}

PANELS = {
    "score": Panel(
        server.score,
        controls=[],
        tries=[
            (
                "A boot, to the digits' network",
                TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30, "part": "histograms"},
            ),
            (
                "A digit, to Fashion's",
                TEST | {"net": "pixelcnn-fashion-mnist", "set": "mnist", "img": 33, "part": "histograms"},
            ),
            ("Nothing at all", {"kind": "blank", "part": "histograms"}),
            ("Which class is noise?", {"kind": "noise", "net": "pixelcnn-mnist", "part": "bayes"}),
        ],
    ),
    "compress": Panel(
        server.compress,
        controls=[],
        tries=[
            ("A boot, by the digits' network", TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30}),
            ("A boot, by Fashion's network", TEST | {"net": "pixelcnn-fashion-mnist", "set": None, "img": 30}),
            ("Nothing at all", {"net": "pixelcnn-mnist", "kind": "blank"}),
            ("Noise", {"net": "pixelcnn-mnist", "kind": "noise"}),
        ],
    ),
}
