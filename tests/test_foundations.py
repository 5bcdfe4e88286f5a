"""Calculations of the Foundations in the browser and below the stage, held against other methods."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal, kl_divergence

from explorer.tabs.foundations import maths
from explorer.tabs.foundations.tab import TAB
from tests.node import run

DATA = torch.tensor([2.0, 3.0, 5.0], dtype=torch.float64)
LIKELIHOOD = 'const m = await load("foundations/likelihood_of.js");\n'
DIVERGENCE = 'const m = await load("foundations/divergence_of.js");\n'
X = torch.linspace(-40, 40, 16_001, dtype=torch.float64)
WEIGHT = st.floats(0.005, 1)
GAUSSIANS = [(0.5, 1.0), (-2.5, 0.7), (3.0, 0.35), (-1.0, 4.0)]


def real(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize(("mu", "sigma"), [(1, 1), (10 / 3, 1.2472), (-2, 0.3), (8, 4)])
def test_the_terms_are_those_of_torch_and_add_up(mu: float, sigma: float):
    terms, total = run(LIKELIHOOD + "return [m.termsOf(mu, sigma), m.logLikelihood(mu, sigma)];", mu=mu, sigma=sigma)
    expected = Normal(real(mu), sigma).log_prob(DATA)
    assert terms == pytest.approx(expected.tolist()) and total == pytest.approx(float(expected.sum()))


def test_the_best_mean_is_ten_thirds_and_the_best_width_that_of_the_data():
    found = run(LIKELIHOOD + "return [m.MEAN, m.bestSigma(m.MEAN)];")
    assert found == pytest.approx([10 / 3, math.sqrt(14 / 9)])
    mu = torch.linspace(-2, 8, 10_001, dtype=torch.float64)
    likelihood = Normal(mu[:, None], 0.8).log_prob(DATA).sum(1)
    assert float(mu[likelihood.argmax()]) == pytest.approx(found[0], abs=1e-3)


@pytest.mark.parametrize(("sigma", "tau"), [(1, 1), (0.5, 2), (3, 0.3)])
def test_the_map_is_where_likelihood_and_prior_are_greatest_and_the_penalty_is_the_prior(sigma: float, tau: float):
    body = LIKELIHOOD + "return [m.mapOf(sigma, tau), m.penalty(2.2, tau), m.penalty(0, tau)];"
    found, at, nought = run(body, sigma=sigma, tau=tau)
    mu = torch.linspace(-2, 8, 100_001, dtype=torch.float64)
    prior = Normal(real(0), tau)
    together = Normal(mu[:, None], sigma).log_prob(DATA).sum(1) + prior.log_prob(mu)
    assert found == pytest.approx(float(mu[together.argmax()]), abs=2e-4)
    assert at - nought == pytest.approx(float(prior.log_prob(real(0)) - prior.log_prob(real(2.2))))
    assert maths.map_mean(sigma, tau) == pytest.approx(found)


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.lists(WEIGHT, min_size=4, max_size=4), st.integers(0, 3), st.floats(0.01, 0.97)),
        min_size=10,
        max_size=10,
    )
)
def test_the_cross_entropy_is_the_entropy_and_the_kl_of_torch(cases: list[tuple[list[float], int, float]]):
    body = (
        LIKELIHOOD
        + """const { shares, withShare } = await load("foundations/shares.js");
    return cases.map(([weights, index, value]) => {
      const q = shares(weights);
      return { q, moved: withShare(q, index, value), ...m.crossEntropy(m.TRUE, q) };
    });"""
    )
    for found, (weights, index, value) in zip(run(body, cases=cases), cases, strict=True):
        p, q = Categorical(real(0.5, 0.25, 0.125, 0.125)), Categorical(real(*weights))
        assert found["q"] == pytest.approx(q.probs.tolist())
        assert found["entropy"] == pytest.approx(float(p.entropy()))
        assert found["kl"] == pytest.approx(float(kl_divergence(p, q)), abs=1e-9)
        assert [found["cross"], sum(found["terms"])] == pytest.approx(2 * [found["entropy"] + found["kl"]])
        moved, others = found["moved"], [i for i in range(4) if i != index]
        assert sum(moved) == pytest.approx(1) and moved[index] == value
        ratios = [moved[i] / found["q"][i] for i in others]
        assert ratios == pytest.approx(3 * ratios[:1])


def mixture(gap: float) -> MixtureSameFamily:
    return MixtureSameFamily(Categorical(real(0.6, 0.4)), Normal(real(-gap / 2, gap / 2), 0.7))


def integrated(gap: float, mean: Tensor, log_width: Tensor, goal: str) -> Tensor:
    """A divergence by an integral over places ten times as close."""
    p, q = mixture(gap).log_prob(X), Normal(mean, log_width.exp()).log_prob(X)
    middle = torch.logaddexp(p, q) - math.log(2)

    def kl(a: Tensor, b: Tensor) -> Tensor:
        return torch.where(a > -600, a.exp() * (a - b), 0).sum() * (X[1] - X[0])

    return {
        "forward": lambda: kl(p, q),
        "reverse": lambda: kl(q, p),
        "js": lambda: (kl(p, middle) + kl(q, middle)) / 2,
    }[goal]()


@pytest.mark.parametrize("gap", [0.0, 2.0, 5.0, 8.0])
def test_the_divergences_are_those_of_another_integral(gap: float):
    body = DIVERGENCE + "const p = m.tableOf(gap); return qs.map(([mean, s]) => m.divergences(p, { m: mean, s }));"
    for found, (mean, width) in zip(run(body, gap=gap, qs=GAUSSIANS), GAUSSIANS, strict=True):
        expected = {each: float(integrated(gap, real(mean), real(width).log(), each)) for each in found}
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert 0 <= found["js"] <= math.log(2) and min(found["forward"], found["reverse"]) >= 0


def test_with_both_modes_in_one_place_the_divergences_are_those_of_two_gaussians():
    body = DIVERGENCE + "const p = m.tableOf(0); return qs.map(([mean, s]) => m.divergences(p, { m: mean, s }));"
    p = Normal(real(0), 0.7)
    for found, (mean, width) in zip(run(body, qs=GAUSSIANS), GAUSSIANS, strict=True):
        q = Normal(real(mean), width)
        assert found["forward"] == pytest.approx(float(kl_divergence(p, q)), abs=1e-8)
        assert found["reverse"] == pytest.approx(float(kl_divergence(q, p)), abs=1e-8)
        assert maths.kl(0, 0.7, mean, width) == pytest.approx(found["forward"], abs=1e-8)


def test_the_jensen_shannon_divergence_is_nought_of_equals_and_log_two_of_strangers():
    body = DIVERGENCE + "return m.divergences(m.tableOf(gap), q).js;"
    assert run(body, gap=0, q={"m": 0, "s": 0.7}) == pytest.approx(0, abs=1e-9)
    assert run(body, gap=8, q={"m": 30, "s": 0.3}) == pytest.approx(math.log(2), abs=1e-6)


def test_masses_are_those_of_the_cumulative_distributions():
    body = DIVERGENCE + "return m.massBetween(m.tableOf(5), { m: 0.5, s: 1.2 }, [-1.25, 1.25]);"
    q = Normal(real(0.5), 1.2)
    ends = real(-1.25), real(1.25)
    expected = [float(each.cdf(ends[1]) - each.cdf(ends[0])) for each in (mixture(5), q)]
    assert list(run(body).values()) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("goal", ["forward", "reverse", "js"])
@pytest.mark.parametrize("start", GAUSSIANS)
def test_a_descent_only_goes_down_and_in_small_steps(goal: str, start: tuple[float, float]):
    body = DIVERGENCE + "return m.descend(m.tableOf(5), { m: start[0], s: start[1] }, goal, 60);"
    path = run(body, start=start, goal=goal)
    assert (path[0]["m"], path[0]["s"]) == pytest.approx(start)
    assert len(path) <= 61
    for one, next_ in zip(path, path[1:]):
        assert next_["value"] < one["value"]
        assert math.hypot(next_["m"] - one["m"], math.log(next_["s"] / one["s"])) <= 0.25 + 1e-9


@pytest.mark.parametrize("gap", [3.0, 5.0])
@pytest.mark.parametrize("goal", ["forward", "reverse", "js"])
def test_every_end_of_a_descent_is_a_minimum(gap: float, goal: str):
    """The slope is nought there, and the curvature above it both ways, by autograd."""
    ends = run(DIVERGENCE + "return m.minima(m.tableOf(gap), gap, goal);", gap=gap, goal=goal)
    assert len(ends) == {3.0: 1, 5.0: 1 if goal == "forward" else 3}[gap]
    for end in ends:
        place = real(end["m"], math.log(end["s"]))
        slope = torch.autograd.functional.jacobian(lambda at: integrated(gap, at[0], at[1], goal), place)
        bent = torch.autograd.functional.hessian(lambda at: integrated(gap, at[0], at[1], goal), place)
        assert slope.norm() < 0.03 and torch.linalg.eigvalsh(bent).min() > 0.01, end


@pytest.mark.parametrize("gap", [2.0, 5.0, 8.0])
def test_the_forward_kl_is_least_at_the_mean_and_the_width_of_the_mixture(gap: float):
    body = DIVERGENCE + 'return [m.momentsOf(gap), m.minima(m.tableOf(gap), gap, "forward")[0]];'
    moments, end = run(body, gap=gap)
    p = mixture(gap)
    assert (moments["m"], moments["s"]) == pytest.approx((float(p.mean), float(p.stddev)))
    assert (end["m"], end["s"]) == pytest.approx((moments["m"], moments["s"]), abs=0.02)


def test_far_modes_leave_the_reverse_kl_two_minima():
    ends = run(DIVERGENCE + 'return m.minima(m.tableOf(8), 8, "reverse");')
    assert [end["value"] for end in ends] == pytest.approx([-math.log(0.6), -math.log(0.4)], abs=1e-3)


def test_the_live_formulas_are_right_and_say_which_input_is_wrong():
    assert "-13.257" in maths.show_likelihood(1, 1, 1) and "2.500" in maths.show_likelihood(1, 1, 1)
    assert maths.log_normal(2, 1, 0.5) == pytest.approx(float(Normal(real(1), 0.5).log_prob(real(2))))
    assert "0.443" in maths.show_divergence(0, 1, 1, 2) and "1.307" in maths.show_divergence(0, 1, 1, 2)
    for wrong in (maths.show_likelihood(1, 0, 1), maths.show_divergence(0, 1, 0, -1), maths.show_gap(0, 1, 0.5)):
        assert "wanted a number from 0.001 to 1,000" in wrong
    assert "w is 2" in maths.show_gap(1, 1, 2)


@settings(max_examples=10)
@given(st.lists(st.tuples(st.floats(0.1, 6), st.floats(0.1, 6), st.floats(0, 1)), min_size=10, max_size=10))
def test_jensens_gap_is_that_of_two_means_and_never_below_nought(cases: list[tuple[float, float, float]]):
    body = 'const m = await load("foundations/jensen_of.js"); return cases.map((each) => m.jensen(...each));'
    for found, (a, b, w) in zip(run(body, cases=cases), cases, strict=True):
        x, weights = real(a, b), real(w, 1 - w)
        above, below = float((weights @ x).log()), float(weights @ x.log())
        assert [found["above"], found["below"]] == pytest.approx([above, below], abs=1e-12)
        assert found["gap"] == pytest.approx(above - below, abs=1e-12) and found["gap"] > -1e-12
        assert maths.gap(a, b, w) == pytest.approx(found["gap"], abs=1e-9)


def test_the_guess_of_jensens_gap_is_right_for_small_spreads():
    found = run('return (await load("foundations/jensen_of.js")).jensen(2.9, 3.1, 0.3);')
    assert found["guess"] == pytest.approx(found["gap"], rel=0.03)


IMPORTANCE = 'const m = await load("foundations/importance_of.js");\n'
SEEN = [(2.5, 0.3), (-1, 1.5), (0, 0.05)]


@pytest.mark.parametrize(("x", "noise"), SEEN)
def test_the_exact_value_and_the_posterior_are_those_of_an_integral_over_z(x: float, noise: float):
    exact, found = run(IMPORTANCE + "return [m.exactLogP(x, noise), m.posteriorOf(x, noise)];", x=x, noise=noise)
    z = torch.linspace(-9, 9, 200_001, dtype=torch.float64)
    joint = (Normal(real(0), 1).log_prob(z) + Normal(z, noise).log_prob(real(x))).exp()
    p = float(torch.trapezoid(joint, z))
    mean = float(torch.trapezoid(z * joint, z)) / p
    variance = float(torch.trapezoid((z - mean) ** 2 * joint, z)) / p
    assert math.exp(exact) == pytest.approx(p, rel=1e-6)
    assert found == pytest.approx({"mean": mean, "sd": math.sqrt(variance)}, abs=1e-5)


@pytest.mark.parametrize(("x", "noise"), SEEN)
def test_each_draw_of_the_posterior_weighs_the_exact_value(x: float, noise: float):
    how = {"draws": 4, "seed": 7, "times": 1}
    body = IMPORTANCE + "return m.repeated({ x, noise }, [m.posteriorOf(x, noise)], how)[0][0];"
    found = run(body, x=x, noise=noise, how=how)
    assert found["log"] == pytest.approx(float(Normal(real(0), math.hypot(1, noise)).log_prob(real(x))))
    assert found["ess"] == pytest.approx(4) and found["se"] == pytest.approx(0, abs=1e-12)


def test_estimate_error_and_effective_size_are_those_of_torchs_weights():
    body = (
        IMPORTANCE
        + """const { gaussians } = await load("kit/plane/random.js");
    const how = { draws: 40, seed: 3, times: 1 };
    const [[found]] = m.repeated({ x: 1.2, noise: 0.4 }, [{ mean: 0.5, sd: 0.8 }], how);
    return [Array.from({ length: how.draws }, gaussians(how.seed)), found];"""
    )
    noise, found = run(body)
    z = 0.5 + 0.8 * real(*noise)
    w = Normal(z, 0.4).log_prob(real(1.2)) + Normal(real(0), 1).log_prob(z) - Normal(real(0.5), 0.8).log_prob(z)
    w = w.exp()
    expected = {"log": w.mean().log(), "se": w.std() / math.sqrt(40), "ess": w.sum() ** 2 / w.square().sum()}
    assert found == pytest.approx({key: float(value) for key, value in expected.items()})


def test_the_estimate_is_right_on_average_and_its_logarithm_too_low_less_so_with_more_draws():
    body = IMPORTANCE + "return m.repeated({ x: 1, noise: 0.5 }, [m.PRIOR, { mean: 0.8, sd: 0.6 }], how);"
    exact = float(Normal(real(0), math.hypot(1, 0.5)).log_prob(real(1)))
    lows = []
    for draws in (3, 30):
        found = run(body, how={"draws": draws, "seed": 3, "times": 4000})
        for each in found:
            p = real(*(one["log"] for one in each)).exp()
            assert abs(float(p.mean()) - math.exp(exact)) < 4 * float(p.std()) / math.sqrt(4000)
        lows.append([exact - float(p.log().mean()) for p in (real(*(o["log"] for o in each)).exp() for each in found)])
    assert all(low > 0 for pair in lows for low in pair)
    assert lows[1][0] < lows[0][0] / 3 and lows[0][1] < lows[0][0] / 3, "the proposal is better than the prior"


def test_the_tour_says_how_estimates_by_thirty_draws_of_the_prior_spread():
    z = torch.randn(200_000, 30, generator=torch.Generator().manual_seed(0))
    log_p = Normal(z, 0.3).log_prob(torch.tensor(2.5)).logsumexp(1) - math.log(30)
    ratio = (log_p - Normal(0.0, math.hypot(1, 0.3)).log_prob(torch.tensor(2.5))).exp()
    step = (TAB.folder / "tour.md").read_text(encoding="utf-8").split("title: Thirty draws of the prior")[1]
    said = step.split("\n---")[1]
    assert "obs=2.5&noise=0.3&pm=0&ps=1&draws=30" in step
    low, high = float((ratio < 1).float().mean()), float((ratio > 1).float().mean())
    assert f"{low:.0%} of the".replace("%", " %") in said
    assert 0.4 < float((ratio < 0.1).float().mean()) / low < 0.5, "nearly half of these by more than a factor of ten"
    assert float((ratio > 5).float().mean()) < 0.05 * high, "nearly all by less than a factor of five"
    assert f"by {-float(ratio.log().mean()):.1f} nats" in said
    ess = (log_p := Normal(z, 0.3).log_prob(torch.tensor(2.5))).logsumexp(1).mul(2) - (2 * log_p).logsumexp(1)
    assert 1 < float(ess.exp().median()) < 2, "about one counts"


def test_a_proposal_is_wide_enough_where_the_squared_weight_can_be_integrated():
    body = IMPORTANCE + "return sds.map((sd) => m.isWide({ mean: 0, sd }, { mean: 1, sd: 0.5 }));"
    assert run(body, sds=[0.3, 0.35, 0.36, 2]) == [False, False, True, True]


def test_what_is_counted_is_what_numpy_counts():
    body = IMPORTANCE + "return [m.counted(values, [-2, 2], 4), m.meanOf(values)];"
    counts, mean = run(body, values=[-3, -2, -1.5, 0, 1.99, 2, 7])
    assert counts == {"counts": [2, 0, 1, 1], "before": 1}
    values = real(-3, -2, -1.5, 0, 1.99, 2, 7)
    assert mean == pytest.approx({"mean": float(values.mean()), "se": float(values.std()) / math.sqrt(7)})


BAYES = 'const m = await load("foundations/bayes_of.js");\n'


@settings(max_examples=10)
@given(st.lists(st.lists(WEIGHT, min_size=6, max_size=6), min_size=10, max_size=10))
def test_what_follows_from_a_table_is_what_torch_makes_of_it(weights: list[list[float]]):
    joints = [(real(*each) / sum(each)).view(3, 2) for each in weights]
    result = run(BAYES + "return joints.map(m.answers);", joints=[joint.flatten().tolist() for joint in joints])
    for found, joint in zip(result, joints, strict=True):
        assert found["px"] == pytest.approx(joint.sum(1).tolist())
        assert found["py"] == pytest.approx(joint.sum(0).tolist())
        for x in range(3):
            assert found["yGivenX"][x] == pytest.approx(Categorical(joint[x]).probs.tolist())
            rule = [found["xGivenY"][y][x] * found["py"][y] / found["px"][x] for y in range(2)]
            assert rule == pytest.approx(found["yGivenX"][x]), "Bayes' rule"


def test_x_is_drawn_as_often_as_the_table_says():
    draws = run(BAYES + "return m.drawn([0.2, 0.5, 0.3], 7, 20_000);")
    assert [draws.count(x) / 20_000 for x in range(3)] == pytest.approx([0.2, 0.5, 0.3], abs=0.015)
    assert draws[:6] == run(BAYES + "return m.drawn([0.2, 0.5, 0.3], 7, 6);")


@pytest.mark.parametrize(("with_decay", "equal"), [(torch.optim.SGD, True), (torch.optim.AdamW, False)])
def test_an_l2_penalty_is_weight_decay_under_plain_sgd_and_not_under_adam(with_decay: type, equal: bool):
    penalised = torch.optim.SGD if with_decay is torch.optim.SGD else torch.optim.Adam
    ends = []
    for optimiser, penalty, more in ((penalised, 0.1, {}), (with_decay, 0.0, {"weight_decay": 0.1})):
        w = real(3.0, -0.5).requires_grad_()
        steps = optimiser([w], lr=0.05, **more)
        for _ in range(20):
            steps.zero_grad()
            (((w - real(1.0, 10.0)) * real(1.0, 5.0)).square().sum() / 2 + penalty * w.square().sum() / 2).backward()
            steps.step()
        ends.append(w.detach())
    assert torch.allclose(*ends) == equal
    for name in ("tour.md", "maths.md"):
        text = (TAB.folder / name).read_text(encoding="utf-8")
        assert "plain SGD" in text and "weight decay" in text and "Adam" in text
