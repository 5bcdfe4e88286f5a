"""Server function of the flow matching tab: noise carried to data by one solver."""

from collections.abc import Iterator

from explorer.models.ode import EVALUATIONS
from explorer.networks import checkpoints
from explorer.questions import Cannot, make
from explorer.running import joint
from explorer.serving.films import Scene, Script
from explorer.steps import frame
from explorer.tabs.flow_matching.fields import Scale, Solver, Steps
from explorer.tabs.flow_matching.travelled import paths, rounds
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import AnyNet
from explorer.tabs.kit.ask.questions import filmed
from explorer.tabs.kit.layout.fields import Label, Seed

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


SERVER_FUNCTIONS = [solve, paths, rounds]
