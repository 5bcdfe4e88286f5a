"""Settings of each family of the playground: densities, losses, and the optimiser that all share."""

import math

import pytest
import torch

from explorer.data.playground import preset_points
from explorer.models import live_density
from explorer.models.game import PENALTY
from explorer.models.learners import LEARNERS
from explorer.models.live_energy import LIVE_EBM_SIGMA, LiveEnergy
from explorer.models.live_gan import LiveGAN
from explorer.models.live_training import LIVE_BETAS, Adam, Rules, Trainee

CHOICES = [(name, place) for name, each in LEARNERS.items() for place in range(len(each.knob.choices))]
OTHERS = [(name, place) for name, place in CHOICES if place != LEARNERS[name].knob.initial]


def drawn(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def trained(name: str, place: int, steps: int) -> Trainee:
    x = preset_points("moons", 0.1, 200, 3, 10).train
    trainee = Trainee(name, x, Rules(width=16, batch=32, own={name: place}))
    for step in range(steps):
        if not trainee.over:
            trainee.step(step / steps)
    return trainee


@pytest.mark.parametrize(("name", "place"), OTHERS)
def test_every_choice_learns_and_its_density_integrates_to_one(name: str, place: int):
    trainee = trained(name, place, 20)
    x = trainee.model.sample(50, generator=drawn(1))
    assert not trainee.broken and x.shape == (50, 2) and bool(x.isfinite().all())
    if LEARNERS[name].mark == "∅" or "steps" in LEARNERS[name].options(place):
        return  # no density, or the same one
    cells, area = live_density.cells(5.0, 400 if "bandwidth" in LEARNERS[name].options(place) else 140)
    mass = float(live_density.log_density(trainee.model, cells).double().exp().sum()) * math.exp(area)
    assert mass == pytest.approx(1, abs=0.02)


def test_a_place_beyond_the_choices_is_the_last_and_none_is_the_usual():
    flow = LEARNERS["flow"]
    assert flow.options(99) == flow.options(len(flow.knob.choices) - 1) != flow.options(None)
    assert flow.options() == [*flow.knob.choices.values()][flow.knob.initial]


@pytest.mark.parametrize("rates", [{}, {"0": 10.0}])
def test_adam_moves_the_weights_as_torch_does(rates: dict):
    ours, theirs = (
        torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.SiLU(), torch.nn.Linear(4, 1)) for _ in range(2)
    )
    theirs.load_state_dict(ours.state_dict())
    groups = [{"params": [*part.parameters()], "lr": 0.01 * rates.get(str(i), 1)} for i, part in enumerate(theirs)]
    adam, torchs = (
        Adam(ours, LIVE_BETAS, rates),
        torch.optim.Adam([each for each in groups if each["params"]], betas=LIVE_BETAS),
    )
    for step in range(5):
        x = torch.randn(8, 3, generator=drawn(step))
        ours(x).square().mean().backward()
        adam.step(0.01)
        torchs.zero_grad()
        theirs(x).square().mean().backward()
        torchs.step()
    for one, other in zip(ours.parameters(), theirs.parameters()):
        torch.testing.assert_close(one, other)


def test_denoising_pulls_towards_the_data_and_cd_compares_with_a_step_away():
    x = preset_points("moons", 0.1, 100, 3, 10).train[:8]
    model = LiveEnergy(16, 0, drawn(0), "dsm")
    loss = model.training_loss(x, {}, generator=drawn(5), label=None)
    eps = torch.randn(x.shape, generator=drawn(5))
    slope = model.net.target(x + LIVE_EBM_SIGMA * eps)[1]
    torch.testing.assert_close(loss, (LIVE_EBM_SIGMA * slope - eps).square().sum(-1).mean() / 2)
    model = LiveEnergy(16, 0, drawn(0), "cd")
    chains = model.chains.clone()
    assert abs(float(model.training_loss(x, {}, generator=drawn(5), label=None).detach())) < 1
    assert torch.equal(model.chains, chains)  # CD starts at the data


def test_the_critic_of_a_wgan_has_the_gradient_of_its_penalised_loss():
    x, model = preset_points("moons", 0.1, 100, 3, 10).train[:8], LiveGAN(16, 0, drawn(0), "wgan-gp")
    loss, generator = model.training_loss(x, {}, generator=drawn(5), label=None), drawn(5)
    found = torch.autograd.grad(loss, [*model.g.parameters(), *model.d.parameters()])
    made = model.g(torch.randn(x.shape, generator=generator))
    of_g = torch.autograd.grad(-model.d(made).mean(), [*model.g.parameters()], retain_graph=True)
    u = torch.rand(len(x), 1, generator=generator)
    between = (u * x + (1 - u) * made).detach().requires_grad_()
    (slope,) = torch.autograd.grad(model.d(between).sum(), between, create_graph=True)
    of_d = model.d(made.detach()).mean() - model.d(x).mean() + PENALTY * (slope.norm(dim=-1) - 1).square().mean()
    true = [*of_g, *torch.autograd.grad(of_d, [*model.d.parameters()])]
    for ours, theirs in zip(found, true):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_a_density_is_shaded_in_shares_of_its_brightest_cell():
    centres = live_density.cells()[0]
    bytes_ = live_density.shade(-8 * (centres - torch.tensor([1.0, 1.5])).square().sum(-1)).view(48, 48)
    row, column = (bytes_ == 255).nonzero().double().mean(0).tolist()
    assert row == pytest.approx(8.5, abs=1) and column == pytest.approx(33.5, abs=1)  # the upper row is first
    assert live_density.shade(torch.full((3_600,), torch.inf)) is None
