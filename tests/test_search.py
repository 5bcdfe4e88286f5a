"""The search for codes: gradient descent from several starts, and what the VAE completes with it."""

import math

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.beta_vae import BetaVAE
from explorer.models.posterior import posterior_grid
from explorer.models.search import Found, best_starts, search_steps
from explorer.networks import checkpoints
from explorer.steps import last

TARGET = torch.tensor([1.0, -2.0])


def bowl(z: Tensor) -> Tensor:
    return (z - TARGET).square().sum(-1)


def searched(starts: Tensor, loss=bowl, **how) -> list[Found]:
    return list(search_steps(starts, loss, **{"steps": 200, "rate": 0.3} | how))


def two_valleys(z: Tensor) -> Tensor:
    """Valleys at −1, the deeper one, and at 1."""
    x = z[:, 0]
    return (x.square() - 1).square() + 0.2 * x


def test_it_finds_the_bottom_of_a_bowl():
    found = searched(torch.zeros(3, 2, 2))
    assert len(found) == 201
    torch.testing.assert_close(found[-1].z, TARGET.expand(3, 2), atol=0.02, rtol=0)


def test_the_first_step_has_not_moved_and_none_is_worse_than_the_one_before():
    starts = torch.randn(4, 3, 2, generator=torch.Generator().manual_seed(1))
    found = searched(starts)
    assert torch.equal(found[0].losses, bowl(starts.flatten(0, 1)).view(4, 3))
    losses = torch.stack([each.loss for each in found])
    assert bool((losses[1:] <= losses[:-1]).all()) and bool((losses[-1] < losses[0]).all())


def test_what_is_told_is_the_best_start_and_its_code():
    starts = torch.tensor([[[1.3], [-0.7]], [[0.8], [1.2]]])
    end = searched(starts, two_valleys, steps=80, rate=0.1)[-1]
    assert end.start[0] == 1 and bool((end.z[0] < 0).all()) and bool((end.z[1] > 0).all())
    torch.testing.assert_close(two_valleys(end.z), end.loss)
    torch.testing.assert_close(end.losses.min(-1).values, end.loss)


def test_each_start_goes_its_own_way():
    starts = torch.randn(4, 2, 2, generator=torch.Generator().manual_seed(2))
    together, alone = searched(starts)[-1], searched(starts[1:2])[-1]
    torch.testing.assert_close(together.z[1], alone.z[0])


def test_no_code_goes_beyond_the_reach():
    found = searched(torch.zeros(1, 1, 2), reach=1.5)
    lengths = torch.stack([each.z.norm(dim=-1) for each in found])
    assert float(lengths.max()) <= 1.5 + 1e-6
    nearest = (float(TARGET.norm()) - 1.5) ** 2
    assert nearest - 1e-5 <= float(found[-1].loss) <= 1.1 * nearest


def test_without_steps_there_is_the_start_alone():
    (only,) = searched(torch.ones(1, 1, 2), steps=0)
    assert torch.equal(only.z, torch.ones(1, 2))


def test_gradients_are_wanted_inside_alone():
    with torch.no_grad():
        for _ in search_steps(torch.zeros(1, 1, 2), bowl, steps=2):
            assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_the_best_starts_are_those_of_the_least_loss():
    pool = torch.arange(5.0).unsqueeze(-1)
    losses = torch.tensor([[3.0, 1, 2, 5, 4], [0, 9, 8, 7, 1]])
    assert best_starts(pool, losses, 2).squeeze(-1).tolist() == [[1, 2], [0, 4]]


@pytest.fixture(scope="module")
def vae() -> BetaVAE:
    return checkpoints.load("beta-vae-mnist", "cpu")


def halves(n: int = 2) -> tuple[Tensor, Tensor]:
    x = data.bundled_binary_images("mnist")[:n]
    known = torch.zeros_like(x, dtype=torch.bool)
    known[:, :, :14] = True
    return x, known


def completed(vae: BetaVAE, x: Tensor, known: Tensor, seed: int = 0, **how) -> list:
    return list(vae.complete_steps(x, known, generator=torch.Generator().manual_seed(seed), **how))


def test_the_vae_keeps_what_is_known_and_says_the_joint_density_of_its_answer(vae: BetaVAE):
    x, known = halves()
    steps = completed(vae, x, known, steps=20)
    assert [step.index for step in steps] == list(range(21)) and steps[0].total == 21
    end = steps[-1]
    assert torch.equal(end.x[known], x[known])
    means = vae.decode(end.numbers["z"], 1.0).mean
    torch.testing.assert_close(end.x[~known], means[~known])
    log_pixels = torch.where(x > 0, means, 1 - means).log().where(known, torch.zeros(()))
    z = end.numbers["z"]
    wanted = log_pixels.sum((1, 2, 3)) - 0.5 * z.square().sum(-1) - math.log(2 * math.pi)
    torch.testing.assert_close(end.numbers["log_joint"], wanted, atol=2e-3, rtol=1e-4)
    assert bool((end.numbers["log_joint"] >= steps[0].numbers["log_joint"]).all())


def test_where_all_is_known_the_search_comes_near_the_best_code_there_is(vae: BetaVAE):
    x = data.bundled_binary_images("mnist")[:1]
    found = last(
        vae.complete_steps(x, torch.ones_like(x, dtype=torch.bool), generator=torch.Generator().manual_seed(0))
    )
    best = float(posterior_grid(vae, x[0], 1.0).log_joint.max())
    assert float(found.numbers["log_joint"]) == pytest.approx(best, abs=1.0)


def test_a_seed_reproduces_the_completion(vae: BetaVAE):
    x, known = halves()
    one, again = (completed(vae, x, known, seed=5, steps=3)[-1].x for _ in range(2))
    assert torch.equal(one, again)


def test_a_plain_autoencoder_has_no_prior_to_search_with(vae: BetaVAE):
    with pytest.raises(ValueError, match="β = 0"):
        completed(vae, *halves(), beta=0.0)
