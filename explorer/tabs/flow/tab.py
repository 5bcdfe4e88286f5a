"""The Flow tab: invertible networks, whose density is exact."""

from pathlib import Path

from explorer.tabs.kit.family import family_tab

NETS = ["flow-moons", "flow-rings", "flow-eight-gaussians", "flow-mnist"]

TAB = family_tab(
    "flow",
    name="flow",
    question="Can a network bend noise into data so that nothing is lost, and every density is known exactly?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
)
