"""Server function of the landscape in three dimensions."""

from functools import cache

import plotly.graph_objects as go
import torch

from explorer.models.plane_energy import OBJECTIVES, PlaneEnergy
from explorer.networks import checkpoints
from explorer.tabs.energy.fields import VIEW, Objective, PlaneNet, Shows
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.numbers.plots import Plot

SIDE = 81  # points of the surface along each axis
DEEP = 14.0  # nats above the minimum at which the surface is cut


@cache
def log_normaliser(net: str, way: str) -> float:
    """Compute log Z of a network in nats, once."""
    return float(checkpoints.load(net).log_normaliser(way))


@light
@torch.no_grad()
def landscape_surface(net: PlaneNet, way: Objective, shows: Shows) -> dict:
    """Return a plot of the landscape in three dimensions: E minus its minimum, cut at `DEEP` nats, or exp(−E) / Z."""
    model: PlaneEnergy = checkpoints.load(net)
    axis = torch.linspace(-VIEW, VIEW, SIDE)
    x1, x2 = torch.meshgrid(axis, axis, indexing="xy")
    energy = model.energy(torch.stack([x1, x2], -1).view(-1, 2), way).view(SIDE, SIDE)
    height = (energy - energy.min()).clamp(max=DEEP)
    if shows == "density":
        height = (-energy - log_normaliser(net, way)).exp()
    name, unit = ("E above its lowest place", "nats") if shows == "energy" else ("exp(−E) / Z", "per unit of area")
    place = [round(float(each), 4) for each in axis]
    z = [[round(float(each), 3) for each in line] for line in height]
    hover = f"x₁ %{{x:.2f}}, x₂ %{{y:.2f}}<br>%{{z:.2f}} {unit}<extra></extra>"
    figure = go.Figure(go.Surface(x=place, y=place, z=z, hovertemplate=hover, showscale=False))
    figure.update_scenes(xaxis_title="x₁", yaxis_title="x₂", zaxis_title=unit, aspectratio={"x": 1, "y": 1, "z": 0.6})
    figure.update_layout(
        title={"text": f"{name}, {OBJECTIVES[way]}", "x": 0.02, "xref": "container"}, margin={"l": 0, "r": 0, "b": 0}
    )
    low = energy.argmin()
    least = f"({x1.flatten()[low]:.1f}, {x2.flatten()[low]:.1f})"
    learned = f"{name} as a surface over the plane, in {unit}, learned by {OBJECTIVES[way]}"
    words = f"{learned}; the lowest energy lies at {least}."
    return Plot(figure, words).to_props() | {"lowest": float(energy.min())}
