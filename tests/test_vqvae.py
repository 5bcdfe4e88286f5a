"""Tokens: what the bound bounds, what the cache repeats, what goes straight through, and what particles find."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from explorer.models import vqvae
from explorer.models.levels import LogisticMixture, draw_level
from explorer.models.prior import Cache, TokenPrior
from explorer.models.vqvae import TOKENS, VQVAE, Codebook, patches, resample, whole

RECIPE = {"codes_decay": 0.9, "rate_weight": 0, "label_dropout": 0.5}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def tiny(levels: int = 2, **how) -> VQVAE:
    torch.manual_seed(0)
    sizes = {"codes": 5, "dim": 3, "channels": 8, "blocks": 1, "prior_width": 16, "prior_layers": 2}
    net = VQVAE(**sizes | {"levels": levels} | how).eval()
    with torch.no_grad():
        for parameter in net.prior.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return net


def images(n: int, seed: int = 0) -> Tensor:
    return (torch.rand(n, 1, 28, 28, generator=rng(seed)) < 0.3).float()


@pytest.fixture
def two_by_two(monkeypatch: pytest.MonkeyPatch) -> VQVAE:
    """A model of 2×2 tokens of 2 codes for 8×8 pixels, whose grids can all be enumerated."""
    monkeypatch.setattr(vqvae, "GRID", 2)
    monkeypatch.setattr(vqvae, "TOKENS", 4)
    net = tiny(codes=2)
    monkeypatch.setattr(type(net.space), "shape", (1, 8, 8))
    return net


def test_the_bound_is_one_term_of_the_sum_over_all_grids(two_by_two: VQVAE, monkeypatch: pytest.MonkeyPatch):
    net, x = two_by_two, images(6)[..., :8, :8]
    monkeypatch.setattr(type(net.space), "check", lambda self, x: None)
    grids = torch.tensor(list(itertools.product(range(2), repeat=4)))
    with torch.no_grad():
        prior = net.prior.log_probs(grids).sum(-1)
        assert prior.exp().sum() == pytest.approx(1, abs=1e-5)
        joint = torch.stack([prior - net.distortion(each.expand(16, 1, 8, 8), grids) for each in x])
        bound = net.elbo(x)
        assert bool((bound <= joint.logsumexp(-1)).all())
        places = (net.encode(x) * torch.tensor([8, 4, 2, 1])).sum(-1)
        torch.testing.assert_close(bound, joint.gather(-1, places.unsqueeze(-1))[:, 0])


@pytest.mark.parametrize("label", [None, torch.tensor([3, 0, 9])])
def test_the_cache_repeats_the_whole_transformer(label: Tensor | None):
    prior, z = tiny().prior, torch.randint(5, (3, TOKENS), generator=rng())
    with torch.no_grad():
        logits, cache = prior(z, label), Cache(prior, prior.label_or_any(label, 3))
        for index in range(TOKENS):
            torch.testing.assert_close(cache.logits(), logits[:, index], atol=1e-5, rtol=1e-4)
            cache.append(z[:, index])


def test_no_token_sees_itself_or_what_comes_after_it():
    prior, z = tiny().prior, torch.randint(5, (1, TOKENS), generator=rng())
    for index in (0, 10, TOKENS - 1):
        other = z.clone()
        other[:, index] = (other[:, index] + 1) % 5
        with torch.no_grad():
            moved = (prior(z) - prior(other)).abs().amax((0, 2)) > 1e-6
        assert not moved[: index + 1].any() and moved[index + 1 :].all()


def test_the_gradient_goes_straight_through():
    net, x = tiny(commitment=0.0).train(), images(4)
    z_e = net.z_e(x)
    z_e.retain_grad()
    entries = net.codebook.entries[net.codebook.nearest(z_e)]
    z_q = (z_e + (entries - z_e).detach()).detach().requires_grad_()
    (wanted,) = torch.autograd.grad(-net.pixels(z_q).log_prob(x).sum(), z_q)
    net.z_e = lambda _: z_e
    net.training_loss(x, RECIPE | {"cycle": 0}, generator=rng(), label=None).backward()
    torch.testing.assert_close(z_e.grad, wanted / 4)


def test_where_outputs_lie_at_their_entries_the_encoder_pays_what_its_tokens_cost():
    net, x = tiny(commitment=0.0), images(4)
    with torch.no_grad():
        z_e = net.z_e(x)
        net.codebook.entries.copy_(30 * torch.randn(5, 3, generator=rng(2)))
        net.z_e = lambda _: net.codebook.entries[net.codebook.nearest(30 * z_e)]
        tokens, losses = net.encode(x), []
        for weight in (0, 0.5, 1):
            recipe = RECIPE | {"cycle": 0, "rate_weight": weight, "codes_decay": 1.0}
            losses.append(float(net.training_loss(x, recipe, generator=rng(), label=None)))
            net.codebook.entries.copy_(30 * torch.randn(5, 3, generator=rng(2)))
        cost = float(net.rate(tokens).mean())
    assert losses[2] - losses[0] == pytest.approx(2 * cost, rel=1e-3)  # the encoder pays it, and the prior learns it
    assert losses[1] - losses[0] == pytest.approx(1.5 * cost, rel=1e-3)


def test_the_second_cycle_leaves_the_codes_alone():
    net, x = tiny().train(), images(4)
    before = net.codebook.entries.clone()
    net.training_loss(x, RECIPE | {"cycle": 1}, generator=rng(), label=torch.zeros(4).long()).backward()
    assert all(each.grad is None for part in (net.encoder, net.decoder) for each in part.parameters())
    assert all(each.grad is not None for each in net.prior.parameters())
    assert torch.equal(before, net.codebook.entries)


def test_entries_become_the_means_of_what_is_nearest_and_the_unused_start_anew():
    torch.manual_seed(0)
    book, generator = Codebook(4, 2), rng(1)
    book.entries.copy_(torch.tensor([[100.0, 100.0], [101.0, 100.0], [99.0, 101.0], [100.0, 99.0]]))  # nobody's
    z = torch.randn(400, 2, generator=generator)
    for _ in range(200):
        book.follow(z, book.nearest(z), 0.9, generator)
    tokens = book.nearest(z)
    means = torch.stack([z[tokens == code].mean(0) for code in range(4)])
    torch.testing.assert_close(book.entries, means, atol=0.02, rtol=0)
    torch.testing.assert_close(book.counts, tokens.bincount(minlength=4).float(), atol=3, rtol=0)
    assert book.counts.min() > 0.2 * 100


def test_all_steps_show_the_tokens_so_far_and_the_prior_says_how_likely_each_is():
    net = tiny()
    steps = list(net.sample_steps(3, generator=rng(), label=torch.tensor([1, 2, 3])))
    tokens = steps[-1].numbers["tokens"]
    assert [int((step.numbers["tokens"] >= 0).sum()) for step in steps] == [3 * (k + 1) for k in range(TOKENS)]
    each = torch.stack([step.numbers["log_prob"] for step in steps], -1)
    torch.testing.assert_close(each, net.prior.log_probs(tokens, torch.tensor([1, 2, 3])), atol=1e-4, rtol=1e-4)
    assert steps[8].known.sum() == 9 * 16 and steps[8].known[0, :8, :28].sum() == 9 * 16


@pytest.mark.parametrize("levels", [2, 256])
def test_what_is_known_stays_and_the_rest_is_in_the_space(levels: int):
    net = tiny(levels)
    x = images(2) if levels == 2 else torch.randint(256, (2, 1, 28, 28), generator=rng()) / 255
    known = torch.zeros_like(x, dtype=torch.bool)
    known[..., 6:20, 5:] = True
    *_, step = net.complete_steps(x, known, generator=rng())
    net.space.check(step.x)
    assert torch.equal(step.x[known], x[known]) and not torch.equal(step.x[~known], x[~known])


def test_particles_find_what_the_kept_tokens_make_likely(two_by_two: VQVAE):
    """Three kept tokens that come last: the first one's posterior by enumeration, and by the particles."""
    net = two_by_two
    with torch.no_grad():
        net.prior.token.weight.mul_(6)
        given = torch.tensor([1, 0, 1])
        grids = torch.stack([torch.cat([torch.tensor([first]), given]) for first in range(2)])
        exact = net.prior.log_probs(grids).sum(-1).softmax(-1)
        blind = float(net.prior.log_probs(grids)[1, 0].exp())
        count, u = 20_000, rng(3)
        cache = Cache(net.prior, torch.full((count,), net.classes))
        token = draw_level(cache.logits().log_softmax(-1), torch.rand(count, generator=u))
        first = token
        cache.append(token)
        for each in given:
            weights = cache.logits().log_softmax(-1)[:, each]
            cache.append(each.expand(count))
            which = resample(weights.view(1, count), torch.rand(1, generator=u))
            cache.choose(which)
            first = first[which]
    assert abs(float(exact[1]) - blind) > 0.05  # what comes later does matter
    assert float(first.float().mean()) == pytest.approx(float(exact[1]), abs=0.015)


def test_as_many_copies_go_on_as_a_particle_weighs():
    weights = torch.tensor([[0.5, 0.25, 0.25, 0.0], [0.25] * 4]).log()
    assert resample(weights, torch.tensor([0.5, 0.5])).tolist() == [0, 0, 1, 2, 4, 5, 6, 7]


def test_a_token_is_kept_where_its_whole_patch_is():
    tokens = torch.arange(TOKENS) % 3 == 0
    known = patches(tokens).unsqueeze(0)
    assert torch.equal(whole(known), tokens.unsqueeze(0))
    known[0, 0, 0, 0] = False
    assert whole(known)[0].sum() == tokens.sum() - 1


def test_a_logistic_mixture_draws_what_it_says():
    parameters = torch.tensor([0.3, -0.4, 0.9, -0.2, -1.5, -2.0])
    pixel = LogisticMixture(parameters.expand(200_000, 6))
    x = pixel.draw(torch.rand(200_000, generator=rng()))
    shares = torch.bincount((x * 255).round().long(), minlength=256) / len(x)
    exact = LogisticMixture(parameters).log_probs.exp()
    assert float((shares - exact).abs().sum()) < 0.05
    mean = float((exact * torch.linspace(0, 1, 256)).sum())
    assert float(pixel.mean[0]) == pytest.approx(mean, abs=1e-3) == float(x.mean())


def test_a_prior_without_labels_is_a_mixture_of_nothing_but_itself():
    prior = TokenPrior(4, 2, 0, 8, 1, 2)
    grids = torch.tensor(list(itertools.product(range(2), repeat=4)))
    total = prior.log_probs(grids).sum(-1).logsumexp(0)
    assert float(total) == pytest.approx(0, abs=1e-5) and math.isfinite(float(total))
