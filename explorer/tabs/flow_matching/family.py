"""*One family of paths*: the curves α, σ and ε of a path, bent by hand, with its ODE and its SDE."""

from explorer.fields import Field, OneOf, Reals
from explorer.numbers.answer import FINDING
from explorer.tabs.flow_matching.shared import CHOICE, TIME
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

ALPHA_KNOTS, SIGMA_KNOTS, EPSILON_KNOTS = 3, 2, 3  # values between the ends of each curve
FAMILY_STEPS = (5, 10, 20, 50)
NAMED_PATHS = {
    "rectified": "rectified flow",
    "trigonometric": "trigonometric",
    "vp": "VP (DDPM)",
    "ve": "VE",
}
PATH = Field("path", OneOf(tuple(NAMED_PATHS)), "rectified", "the path")
BENT = Field(
    "bent",
    Reals((("what is added to α", -1, 1),) * ALPHA_KNOTS + (("what is added to σ", -1, 1),) * SIGMA_KNOTS),
    (0,) * (ALPHA_KNOTS + SIGMA_KNOTS),
    "what is added to α and σ",
)
EPSILON = Field(
    "epsilon", Reals((("the noise ε", 0, 2),) * EPSILON_KNOTS), (0.4,) * EPSILON_KNOTS, "the noise ε of the SDE"
)
EULER = Field("euler", OneOf(FAMILY_STEPS), 20, "the number of steps of both solvers")
SAYS = {
    "alike": "Neither solver's points can be told from fresh data.",
    "ode": "In {steps:0} steps the ODE's points miss the marginal.",
    "sde": "In {steps:0} steps the SDE's points miss the marginal.",
    "both": "In {steps:0} steps both solvers miss the marginal.",
    "marginals": "Shaded: the exact density at t = {t}, the same for the ODE and for every noise ε.",
    "straight": "The ODE's paths are {longer:1%} longer than straight lines; bending α or σ changes them.",
    "plane": "{title} at t = {t}: left the points of the ODE, right those of the SDE, over their exact density.",
    "fast": "Euler's steps end {error:3} from exact ones (root mean square).",
}
ROWS = [
    FINDING.of("{finding}"),
    ("ODE: D² to fresh points", "{d.ode.value:4} ± {d.ode.se:4}", ""),
    ("SDE: D² to fresh points", "{d.sde.value:4} ± {d.sde.se:4}", ""),
    ("other fresh points: D²", "{d.fresh.value:4} ± {d.fresh.se:4}", ""),
    ("extra path length", "{longer:1%}", ""),
    ("error of Euler's steps", "{error:3}", "RMS"),
    ("log-SNR at t", "{words.snr}", "nats"),
    ("your point", "{point:p}", ""),
    ("data x̂₁", "{words.data:p}", ""),
    ("noise ε̂", "{words.noise:p}", ""),
    ("velocity v", "{words.velocity:p}", ""),
    ("score ∇log p", "{words.score:p}", ""),
]
EIGHT = {"net": "flow-matching-eight-gaussians"}

MODE = Mode(
    "family",
    "One family of paths",
    "play",
    fields=[PATH, BENT, EPSILON, EULER],
    panel=Panel(
        None,
        [
            CHOICE,
            [Control(PATH, "segments", "Path", options=NAMED_PATHS, also=dict.fromkeys(NAMED_PATHS, {"bent": None}))],
            [Control(TIME, "slider", "Time t", step=0.02, digits=2, initial=1, live=True)],
            [Control(EULER, "segments", "Euler steps", options={each: str(each) for each in FAMILY_STEPS})],
            [Control(SEED, "seed")],
        ],
        says=SAYS,
        rows=ROWS,
    ),
    tries=[
        (
            "Much noise, same marginal",
            EIGHT | {"path": "trigonometric", "epsilon": [2, 2, 2], "euler": 50, "time": 0.6},
        ),
        ("Much noise, few steps", EIGHT | {"path": "trigonometric", "epsilon": [2, 2, 2], "euler": 5, "time": 1}),
        ("Noise that explodes: VE", EIGHT | {"path": "ve", "euler": 10, "time": 1}),
        ("A bent path", EIGHT | {"bent": [0.5, 0.4, 0, 0.4, 0.5], "euler": 20, "time": 1}),
    ],
)
