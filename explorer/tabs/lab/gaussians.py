"""*Fréchet by hand*: the Fréchet distance of two sets of points, which the browser computes."""

from explorer.fields import Field, OneOf, Real, Reals, Whole
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

MEAN = Field("mean", Reals((("x₁", -4, 4), ("x₂", -4, 4))), (1.5, 1), "the mean of the orange set")
WIDE = Field("wide", Real(0.2, 2.5), 0.9, "the width of the orange set")
NARROW = Field("narrow", Real(0.2, 2.5), 0.9, "the height of the orange set")
TURN = Field("turn", Whole(0, 180), 0, "the turn of the orange set, in degrees")
SHAPE = Field("shape", OneOf(("gaussian", "ring", "two", "uneven")), "gaussian", "the shape of the orange set")
GAUSSIANS = {
    "sum": "The distance is {distance}: {means} from the means and {covariances} from the covariances.",
    "gaussian": "Both sets are Gaussian, so it is 0 only if they are equal.",
    "other": "The shape of the orange set changes neither: the Fréchet distance uses mean and covariance alone.",
}
GAUSSIAN_ROWS = [
    ("Fréchet distance", "{distance}", ""),
    ("of the means", "{means}", ""),
    ("of the covariances", "{covariances}", ""),
    ("kernel distance of the points", "{kernel}", ""),
]
SHAPES = {"gaussian": "Gaussian", "ring": "ring", "two": "two", "uneven": "uneven"}
EQUAL = {"mean": [0, 0], "wide": 1.6, "narrow": 0.7, "turn": 0}


MODE = Mode(
    "gaussians",
    "Fréchet by hand",
    "understand",
    fields=[MEAN, WIDE, NARROW, TURN, SHAPE],
    panel=Panel(
        None,
        controls=[
            [Control(SHAPE, "segments", "Shape of the orange set", options=SHAPES)],
            [Control(WIDE, "slider", "Width", step=0.1, digits=1, live=True)],
            [Control(NARROW, "slider", "Height", step=0.1, digits=1, live=True)],
            [Control(TURN, "slider", "Turn, degrees", step=5, live=True)],
        ],
        shows=Shows("Drag the orange set: the distance has a term of the means and one of the covariances"),
        says=GAUSSIANS,
        rows=GAUSSIAN_ROWS,
    ),
    tries=[
        ("Equal sets", EQUAL | {"shape": "gaussian"}),
        ("Another shape, distance 0", EQUAL | {"shape": "ring"}),
        ("Turned by 90°", EQUAL | {"turn": 90}),
        ("A shape that the kernel sees", EQUAL | {"shape": "uneven"}),
    ],
)
