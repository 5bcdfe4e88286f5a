"""*Between two*: a way between the codes of two images."""

from explorer.fields import Field, OneOf, Whole
from explorer.numbers.answer import FINDING
from explorer.tabs.kit.layout.fields import TESTS
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

PATH = Field("path", OneOf(("straight", "spherical")), "straight", "the path")
INTERPOLATE = {
    "aim": "Click or tap a point on the map for {end}.",
    "caption": "t = {t}, z = {z:p}",
    "fewest": "Codes near the emptiest point of the middle half: {here.near:0} at {here.name}, {other.near:0} at "
    "{other.name}. Near is within 0.15 of their root-mean-square distance from their centre. Where no code is near, "
    "the decoder was never trained.",
}
INTERPOLATE_ROWS = {
    "crowded": [FINDING.of("The path stays nearer to codes than at {other.name}.")],
    "empty": [FINDING.of("The path crosses emptier space than at {other.name}.")],
    "alike": [FINDING.of("Both paths cross equally empty space.")],
    "fewest": [("fewest codes near, {name}", "{near:0}", "of 2,000")],
}
PATHS = {"straight": "straight", "spherical": "spherical"}


MODE = Mode(
    "interpolate",
    "Between two",
    "look",
    fields=[
        PATH,
        Field("a", TESTS, None, "the test image at one end"),
        Field("b", TESTS, None, "the test image at the other end"),
        Field("frame", Whole(0, 999), 0, "the frame of the film"),
    ],
    panel=Panel(
        None,
        [[Control(PATH, "segments", "Path", options=PATHS)]],
        shows=Shows("Click or tap two points, or press Enter at them", []),
        says=INTERPOLATE,
        rows=INTERPOLATE_ROWS,
    ),
)
