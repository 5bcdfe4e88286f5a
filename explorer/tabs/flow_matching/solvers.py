"""*Solvers*: what a solver with few steps costs in error."""

from collections.abc import Iterator
from typing import Annotated

from explorer.fields import Field, OneOf, Real, Whole
from explorer.models.ode import EVALUATIONS, SOLVERS, adaptive, euler, heun, heun_to_data
from explorer.models.velocity_field import VelocityField
from explorer.networks import checkpoints
from explorer.questions import Cannot, make
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.steps import frame
from explorer.tabs.kit.ask.asks import CLOCKS
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.ask.questions import filmed
from explorer.tabs.kit.ask.says import RACE
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

MOST = Whole(1, 100)  # steps of a solver
SCALE = Field("w", Real(0, 20), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")
SOLVER = Field("solver", OneOf(tuple(EVALUATIONS)), "euler", "the solver of a row")
STEPS = Field("steps", MOST, 1, "the number of its steps")
Solver = Annotated[str, Field("solver", OneOf(tuple(SOLVERS)), title="the solver")]
Steps = Annotated[int, Field("steps", MOST, title="the number of steps")]
Scale = Annotated[float, SCALE]
SAYS = RACE | {
    "films": "Solvers on one clock",
    "doing": "{title} draws",
    "alike": "With {heun.evaluations:0} evaluations both solvers end equally near.",
    "heun nearer": "With {heun.evaluations:0} evaluations Heun ends nearer than Euler.",
    "euler nearer": "With {heun.evaluations:0} evaluations Euler ends nearer than Heun.",
    "points": "away",
    "images": "of white away",
    "words": "All begin with one noise. A single Euler step ends {one.distance:3} {unit} from 20 steps of Heun (root "
    "mean square). Ten Euler steps, {euler.evaluations:0} evaluations, end {euler.distance:3} away; five of Heun, "
    "{heun.evaluations:0} evaluations, {heun.distance:3}. The adaptive solver chose its steps by its own estimate of "
    "their error, took {adaptive.evaluations:0} evaluations and ended {adaptive.distance:3} away.",
}
SOLVER_ROWS = {
    "columns": [("evaluations", "{cost}", ""), ("server time, s", "{seconds}", ""), ("away (RMS)", "{away}", "")]
} | {
    kind: [("error of {title}", "{distance:3}", unit), ("its evaluations", "{evaluations:0}", "")]
    for kind, unit in (("points", "RMS"), ("images", "of white, RMS"))
}
ADAPTIVE = 3  # expected evaluations of an adaptive solver between two displayed times


@filmed
def solve(net: AnyNet, seed: Seed, label: Label, w: Scale, solver: Solver, steps: Steps) -> Script:
    """Film the samples of a seed by one solver, a frame per step; an adaptive solver is shown at `steps` even times.

    Raises:
        Cannot: if the network is no velocity field, or has no classes and one is requested.
    """
    model = checkpoints.load(net)
    if not hasattr(model, "velocity"):
        raise Cannot("cannot, because it has no velocity field for a solver to follow: choose flow matching")
    together = make.together(model)
    how = make.label_argument(model, label, together) | {"steps": steps, "solver": solver}
    if label is not None:
        how["guidance_scale"] = w
    passes = 2 if label is not None and w not in (0, 1) else 1

    def scenes() -> Iterator[Scene]:
        walk, seconds, before = model.sample_steps(together, generator=rng(seed), **how), 0.0, 0
        for _ in range(steps):
            start = joint.clock()
            step = next(walk)
            seconds += joint.clock() - start
            so_far = passes * int(step.numbers["evaluations_so_far"])
            more = {"evaluations": so_far, "seconds": seconds}
            yield so_far - before, frame(step, model.space, ("speed",), more, count=model.space.together)
            before = so_far

    expected = passes * steps * EVALUATIONS.get(solver, ADAPTIVE)
    return Script(model.space, model.space.together, steps, expected, scenes, joint.network_of(model), together)


MODE = Mode(
    "solvers",
    "Solvers",
    "test",
    fields=[SCALE, SOLVER, STEPS],
    functions=[solve],
    panel=Panel(
        solve,
        [
            CLOCKS,
            [Control(SEED, "seed")],
            [Control(LABEL, "class")],
            [
                Control(SOLVER, "list", "A row of", options={"euler": "Euler", "heun": "Heun"}),
                Control(STEPS, "number", "Steps"),
            ],
            [Control(SCALE, "slider", "Guidance w", step=0.5, digits=1, when={"label": range(10)})],
        ],
        shows=Shows("One noise, different solvers", ()),
        says=SAYS,
        rows=SOLVER_ROWS,
    ),
    tries=[
        ("Eight Gaussians, few steps", {"net": "flow-matching-eight-gaussians"}),
        ("Four guided 3s", {"net": "flow-matching-mnist", "seed": 7, "label": 3, "w": 2}),
    ],
    code={
        "Solvers": [
            solve.plain,
            VelocityField.sample_steps,
            VelocityField.guided_field,
            euler,
            heun,
            heun_to_data,
            adaptive,
        ],
    },
)
