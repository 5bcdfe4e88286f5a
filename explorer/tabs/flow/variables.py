"""*Change of variables*: the change of variables in one dimension."""

from explorer.fields import Field, OneOf, Real
from explorer.tabs.flow.shared import _curve
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

BASE = Field("base", OneOf(("gaussian", "uniform")), "gaussian", "the density of x")
MARK = Field("mark", Real(-3, 3), 0.5, "the marked x")
VARIABLES = {
    "flat": "below 1, so the same mass is packed closer",
    "steep": "above 1, so it is spread out",
    "words": "The strip at x = {x} is {wide} wide and becomes {high} high: the slope there is {change}. The density "
    "goes from {before:3} to {after:3}, a factor of 1 ÷ {slope}. Between −2 and 2 the curve is flattest at x = "
    "{flattest.x}: densities become {denser:1} times as large. It is steepest at x = {steepest.x}: they become "
    "{thinner} times as large. The total is preserved: the area under p(y), summed over y, is {area:4}.",
    "straightened": "The curve of this link falls somewhere, so it has no inverse; it is drawn so that it rises.",
}
VARIABLES_ROWS = [
    ("y = f(x)", "{y}", ""),
    ("f′(x)", "{slope:3}", ""),
    ("p(x)", "{before:3}", ""),
    ("p(y) = p(x) ÷ f′(x)", "{after:3}", ""),
    ("area under p(y)", "{area:4}", ""),
]


MODE = Mode(
    "variables",
    "Change of variables",
    "understand",
    fields=[BASE, MARK, Field("bend", _curve("y", 3), (-2.6, -2.2, -1.6, 0.2, 1.4, 1.8, 2.7), "the curve")],
    panel=Panel(
        None,
        controls=[
            [Control(BASE, "segments", "Density of x", options={"gaussian": "Gaussian", "uniform": "uniform"})],
            [Control(MARK, "slider", "The marked x", step=0.05, digits=2, live=True)],
        ],
        shows=Shows("Drag the points of the curve: how does the density change?"),
        says=VARIABLES,
        rows=VARIABLES_ROWS,
    ),
    tries=[
        ("One bump becomes two", {"base": "gaussian", "bend": [-2.2, -1.9, -1.5, 0, 1.5, 1.9, 2.2], "mark": 0}),
        ("Flat in the middle", {"base": "gaussian", "bend": [-3, -1.6, -0.2, 0, 0.2, 1.6, 3], "mark": 0}),
        ("A box, bent", {"base": "uniform", "bend": [-2.6, -2.4, -1.8, 0.4, 1.0, 1.2, 2.6], "mark": -0.5}),
    ],
)
