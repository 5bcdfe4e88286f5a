"""One step: each objective's loss beside its definition, one clock for all, and what a short training reaches."""

import pytest
import torch

from explorer.data.toys import TOYS
from explorer.models.live_nets import time_features
from explorer.models.live_one_step import (
    EVALUATED,
    OBJECTIVES_OF_ONE_STEP,
    ONE_STEP_SEEDS,
    OneStep,
    averaged,
    end_of,
    mean_target,
    time_slopes,
)
from explorer.tabs.flow_matching.one_step import RANKED, Judge, learn_one_step, moment, nearest_finding
from explorer.verdicts import Estimate

EIGHT = TOYS["eight-gaussians"]


@pytest.fixture(scope="module")
def trained() -> OneStep:
    learning = OneStep(EIGHT, 1_200, 7)
    learning.advance(600)
    learning.advance(1_200)
    return learning


def test_the_slopes_of_the_features_of_a_time_are_those_of_autograd():
    t = torch.tensor([0.1, 0.5, 0.9])
    _, expected = torch.autograd.functional.jvp(time_features, t, torch.ones(3))
    assert torch.allclose(time_slopes(t), expected, atol=1e-4)


def test_the_target_of_meanflow_has_the_derivative_of_finite_differences(trained: OneStep):
    model, generator = trained.trained["meanflow"], torch.Generator().manual_seed(0)
    x, v = (torch.randn(ONE_STEP_SEEDS, 6, 2, generator=generator) for _ in range(2))
    t, r = torch.full((ONE_STEP_SEEDS, 6), 0.3), torch.full((ONE_STEP_SEEDS, 6), 0.8)
    step = 1e-3
    with torch.no_grad():
        change = (model.at(x + step * v, t + step, r) - model.at(x - step * v, t - step, r)) / (2 * step)
    assert torch.allclose(mean_target(model, x, v, t, r), v + 0.5 * change, atol=0.02, rtol=0.01)


def test_the_mean_velocity_of_a_known_field_satisfies_the_identity():
    """x' = a x: the mean velocity is x (e^{a (r − t)} − 1) / (r − t), of which v + (r − t) du/dt is u itself."""
    a, r = 0.7, torch.tensor(0.9, dtype=torch.float64)

    def u(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return x * ((a * (r - t)).exp() - 1) / (r - t)

    x, t = torch.tensor(1.3, dtype=torch.float64), torch.tensor(0.2, dtype=torch.float64)
    _, change = torch.autograd.functional.jvp(u, (x, t), (a * x, torch.ones_like(t)))
    assert float(a * x + (r - t) * change) == pytest.approx(float(u(x, t)))


def test_an_end_at_the_last_time_is_the_point_itself(trained: OneStep):
    x = torch.randn(ONE_STEP_SEEDS, 4, 2)
    for name in ("distill", "consistency"):
        assert torch.equal(end_of(trained.trained[name], x, torch.ones(ONE_STEP_SEEDS, 4)), x)


def test_all_objectives_have_spent_the_same_on_the_clock(trained: OneStep):
    for spent in trained._costs.values():
        assert 1_200 <= spent <= 1_205
    learning = OneStep(EIGHT, 400, 7)
    learning.advance(100)
    assert learning._taught is None and learning.trained["distill"].adam.steps == 0
    learning.advance(400)
    states, _ = learning._taught
    paid = learning.trained["flow"].adam.steps * 3
    assert paid >= 400 and learning.trained["reflow"].adam.steps * 3 < 400 - 0.35 * 400


def test_the_teacher_ends_where_its_own_ode_ends(trained: OneStep):
    states, theta = trained._taught
    assert states.shape[1:] == (ONE_STEP_SEEDS, 2_048, 2)
    model = trained.trained["flow"]
    model.mean.copy_(theta)
    fine = states[0, :, :50]
    with torch.no_grad(), averaged(model):
        for k in range(400):
            t = torch.full(fine.shape[:2], (k + 0.5) / 400)
            fine = fine + model.at(fine, t, t) / 400
    assert float((fine - states[-1, :, :50]).norm(dim=-1).median()) < 0.05


def test_one_evaluation_of_the_four_is_nearer_than_one_of_the_flow(trained: OneStep):
    judge = Judge(EIGHT, 7)
    assert abs(judge.floor.value) < 4 * judge.floor.se + 0.002
    found = {
        name: {n: judge.distances(judge.ends(trained, name, n)).value for n in EVALUATED}
        for name in OBJECTIVES_OF_ONE_STEP
    }
    assert all(found[name][1] < found["flow"][1] / 4 for name in RANKED)
    assert found["flow"][4] < found["flow"][1] / 4


def test_a_film_begins_before_the_first_step_and_the_same_seed_gives_the_same():
    films = [[f for _, f in learn_one_step.props("flow-matching-moons", 750, 7).scenes()][:3] for _ in range(1)]
    learning = OneStep(TOYS["moons"], 750, 7)
    judge = Judge(TOYS["moons"], 7)
    assert films[0][0] == moment(learning, judge)
    learning.advance(50)
    assert films[0][1] == moment(learning, judge)


def test_nearest_is_named_only_where_the_rule_finds_it():
    equal = {name: Estimate(0.01, 0.001, 5) for name in RANKED}
    assert "no objective" in nearest_finding(equal)
    assert (
        nearest_finding(equal | {"reflow": Estimate(0.001, 1e-4, 5), "flow": equal["distill"]})
        == "Nearest in one evaluation: reflow."
    )
