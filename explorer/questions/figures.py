"""Figures of steps for a notebook, by plotly: the film that the page shows, with a slider and a button to play it."""

from collections.abc import Iterable, Sequence

import plotly.graph_objects as go
import torch
from torch import Tensor

from explorer.running.pauses import pausing
from explorer.spaces import Plane, Space, Tokens, Wave
from explorer.spaces.images import SIDE, Images
from explorer.spaces.wave import mu_law_decode
from explorer.steps import Step, displayed_steps

COLUMNS = 8  # images side by side
FIGURES_PIXELS = 84  # size of an image in the figure
FRAME_MS = 60


def plot(steps: Iterable[Step], space: Space) -> go.Figure:
    """Return the steps of a sampler as a figure: every x at each step that a film of the page shows.

    Arguments:
        steps: Result of a question, such as `make.steps(model, 4, seed=7)`.
        space: Space of the model, `model.space`.

    Raises:
        ValueError: if there is no step at all.
    """
    shown = [step for step in pausing(steps) if step.index in displayed_steps(step.total)]
    if not shown:
        raise ValueError("a sampler must yield at least one step")
    frames = [go.Frame(name=f"{step.index + 1}", data=traces(step.x, space)) for step in shown]
    figure = go.Figure(frames[-1].data, frames=frames)
    figure.update_layout(layout(shown[-1].x, space), showlegend=False, margin={"l": 50, "r": 20, "t": 20})
    return figure if len(frames) == 1 else with_player(figure, [f"{step.index + 1}" for step in shown])


def traces(x: Tensor, space: Space) -> list[go.Heatmap | go.Scatter | go.Table]:
    """Return the traces of x (B, *shape) in this space: images side by side, points, waves, or lines of text.

    Raises:
        TypeError: if no figure is known for the space.
    """
    x = x.detach().cpu()
    match space:
        case Images():
            grey = {"colorscale": "gray", "zmin": 0, "zmax": 1, "showscale": False}
            return [go.Heatmap(z=side_by_side(x).numpy(), **grey)]
        case Plane():
            return [go.Scatter(x=x[:, 0].numpy(), y=x[:, 1].numpy(), mode="markers", marker={"size": 4})]
        case Wave():
            seconds = torch.arange(x.shape[1]).numpy() / space.rate
            return [go.Scatter(x=seconds, y=each.numpy(), mode="lines") for each in mu_law_decode(x)]
        case Tokens():
            texts = [space.text(each).replace("\n", "<br>") for each in x]
            return [go.Table(header={"values": ["text"]}, cells={"values": [texts], "align": "left"})]
    raise TypeError(f"no figure is known for x in {space!r}")


def side_by_side(x: Tensor) -> Tensor:
    """Return images (B, 1, 28, 28) in rows of at most `COLUMNS`, the last row filled up with black: (height, width)."""
    columns = min(len(x), COLUMNS)
    rows = -(-len(x) // columns)
    cells = torch.zeros(rows * columns, SIDE, SIDE)
    cells[: len(x)] = x[:, 0]
    return cells.view(rows, columns, SIDE, SIDE).transpose(1, 2).reshape(rows * SIDE, columns * SIDE)


def layout(x: Tensor, space: Space) -> dict:
    """Return axes for x (B, *shape) in this space: equal scales for images and for points."""
    match space:
        case Images():
            columns = min(len(x), COLUMNS)
            rows = -(-len(x) // columns)
            axes = {"xaxis": {"visible": False}, "yaxis": {"visible": False, "autorange": "reversed"}}
            axes["yaxis"] |= {"scaleanchor": "x", "constrain": "domain"}
            return axes | {"width": 70 + max(4, columns) * FIGURES_PIXELS, "height": 160 + rows * FIGURES_PIXELS}
        case Plane():
            ends = [-space.reach, space.reach]
            return {
                "xaxis": {"range": ends, "title": "x₁", "constrain": "domain"},
                "yaxis": {"range": ends, "title": "x₂", "scaleanchor": "x", "constrain": "domain"},
                "width": 500,
                "height": 560,
            }
        case Wave():
            return {"xaxis": {"title": "seconds"}, "yaxis": {"range": [-1, 1], "title": "amplitude"}}
    return {}


def with_player(figure: go.Figure, names: Sequence[str]) -> go.Figure:
    """Return a film with a slider over the names of its frames, at the last one, and a button that plays it."""
    shown = {"mode": "immediate", "frame": {"duration": FRAME_MS, "redraw": True}, "transition": {"duration": 0}}
    marks = [{"method": "animate", "label": each, "args": [[each], shown]} for each in names]
    play = {"method": "animate", "label": "Play", "args": [None, shown]}
    slider = {"steps": marks, "active": len(marks) - 1, "currentvalue": {"prefix": "step "}, "x": 0.15, "len": 0.85}
    button = {"type": "buttons", "buttons": [play], "x": 0.1, "y": 0, "yanchor": "top", "pad": {"t": 40}}
    return figure.update_layout(sliders=[slider], updatemenus=[button | {"showactive": False}])
