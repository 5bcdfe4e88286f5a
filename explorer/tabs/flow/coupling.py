"""*One coupling*: one coupling, whose scale and shift the visitor bends."""

from explorer.fields import Field, Flag, OneOf
from explorer.tabs.flow.shared import CHOICE, _curve
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

MASK = Field("mask", OneOf(("one", "same", "turns")), "one", "the couplings")
NICE = Field("nice", Flag(), False, "whether every area is kept")
COUPLING = {
    "formula": "y₂ = {scale}{x.1} {shift} = {y.1}",
    "shifted": "s is 0, so x₂ is only shifted, here by t = {first.t}.",
    "scaled": "x₂ is scaled by {factor} and shifted by {first.t}.",
    "one": "x₁ stays as it is, so the Jacobian is triangular, with a 0 above. Its determinant is the product of the "
    "diagonal, whatever ∂y₂/∂x₁ = {jacobian.1.0} is.",
    "same": "Twice the same mask: x₂ is transformed again, and x₁ of no point has moved. More such layers would not "
    "change the distribution of x₁ either.",
    "turns": "First x₁ transforms x₂, then the new x₂ transforms x₁: both have moved. Each of the two Jacobians is "
    "triangular. Their product is not, with {jacobian.0.1} above, but its determinant is the product of both "
    "diagonals.",
    "area": "The area of the square goes from {before:3} to {after:3}, a factor of {times}; in its middle "
    "det J is {det}.",
    "undone": "The inverse takes as many steps: (y₂ − t) · e^−s. It evaluates s and t once more and never inverts "
    "them. The largest error of all 400 points is {error:b}.",
}
COUPLING_ROWS = [
    ("log |det J| here", "{logDet}", "nats"),
    ("det J", "{det:3}", ""),
    ("area of the square before", "{before:3}", ""),
    ("area after", "{after:3}", ""),
]
MASKS = {"one": "one", "same": "two, same mask", "turns": "two, in turns"}


MODE = Mode(
    "coupling",
    "One coupling",
    "understand",
    fields=[
        MASK,
        NICE,
        Field("s", _curve("s", 1.5), (-0.6, -0.6, 0.5, -0.7, 0.6, 0.3, 0.0), "the curve of the scale"),
        Field("t", _curve("t", 2), (1.2, 0.6, -0.4, -1.0, 0.5, 1.3, 0.2), "the curve of the shift"),
        Field("undone", Flag(), False, "whether it is undone"),
    ],
    panel=Panel(
        None,
        controls=[
            CHOICE,
            [Control(NICE, "segments", "Kind", options={True: "NICE: s = 0", False: "RealNVP"})],
            [
                Control(
                    MASK,
                    "segments",
                    "Couplings",
                    options=MASKS,
                    also=dict.fromkeys(MASKS, {"undone": False}),
                )
            ],
        ],
        shows=Shows("Drag s and t: x₁ sets the scale and shift of x₂"),
        says=COUPLING,
        rows=COUPLING_ROWS,
    ),
    tries=[
        ("NICE: every area stays", {"nice": True, "mask": "one", "undone": False}),
        ("The same mask twice", {"nice": False, "mask": "same", "undone": False}),
        ("In turns, and undone", {"nice": False, "mask": "turns", "undone": True}),
    ],
)
