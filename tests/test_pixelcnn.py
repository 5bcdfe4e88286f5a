"""The PixelCNN against autograd, enumeration and its own naive sampler."""

import copy
import itertools
import math
from functools import cache

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models import raster
from explorer.models.made import MADE
from explorer.models.masks import earlier_pixels, receptive_field
from explorer.models.pixelcnn import PixelCNN
from explorer.models.pixelrnn import PixelRNN
from explorer.models.raster import PIXELS, RasterModel
from explorer.networks import checkpoints
from explorer.spaces.images import Images

GREY, BINARY = 256, 2


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def untrained(levels: int, **arguments) -> PixelCNN:
    """A network whose every weight, the places' too, is random, so that nothing cancels by chance."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        net = PixelCNN(channels=8, levels=levels, components=3, **arguments).eval()
        with torch.no_grad():
            for weight in net.parameters():
                weight.add_(0.3 * torch.randn_like(weight))
    return net.requires_grad_(False)


def untrained_made() -> MADE:
    """A network of few hidden units, whose straight connections carry what these leave out."""
    made = MADE(widths=(40, 40)).eval().requires_grad_(False)
    made.straight.weight.normal_(std=0.1, generator=rng())
    return made


def images(levels: int, n: int = 2) -> Tensor:
    return torch.randint(levels, (n, 1, 28, 28), generator=rng(2)) / (levels - 1)


def untrained_rnn() -> PixelRNN:
    """A network whose every weight is random."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        net = PixelRNN(hidden=4, layers=2, head=6).eval().requires_grad_(False)
        for weight in net.parameters():
            weight.add_(0.6 * torch.randn_like(weight))
    return net


NETWORKS = {
    "binary": untrained(BINARY),
    "grey": untrained(GREY),
    "MADE": untrained_made(),
    "PixelRNN": untrained_rnn(),
}


@pytest.fixture(params=NETWORKS)
def net(request: pytest.FixtureRequest) -> RasterModel:
    return NETWORKS[request.param]


def test_changing_a_pixel_never_changes_a_prediction_at_or_before_it(net: RasterModel):
    net, x = copy.deepcopy(net).double(), images(net.levels, 1).double()
    with torch.no_grad():
        before = net.parameters_of(x)[0]
        for part in torch.arange(0, PIXELS, 3).split(56):  # of every row and every column some
            changed = x.repeat(len(part), 1, 1, 1).flatten(1)
            changed[range(len(part)), part] = 1 - changed[range(len(part)), part]
            after = net.parameters_of(changed.view(-1, 1, 28, 28))
            for row, pixel in enumerate(part.tolist()):
                moved = (after[row] - before).abs().amax(-1)
                assert moved[: pixel + 1].max() < 1e-9, pixel
                assert pixel == PIXELS - 1 or moved.max() > 0, pixel


@pytest.mark.parametrize("which", range(4))
def test_made_sees_every_earlier_pixel_of_its_order_and_nothing_else(which: int):
    made = copy.deepcopy(NETWORKS["MADE"]).double().in_order(which)
    x = torch.rand(1, 1, 28, 28, generator=rng(), dtype=torch.float64).round().requires_grad_()
    parameters = made.parameters_of(x)
    for pixel in (0, 13, 400, 771, 783):
        (gradient,) = torch.autograd.grad(parameters[0, pixel, 0], x, retain_graph=True)
        assert torch.equal(gradient[0, 0] != 0, earlier_pixels(pixel, made.order))


def test_every_earlier_pixel_inside_the_stated_field_can_change_the_prediction():
    net = untrained(BINARY).double()
    x = images(BINARY, 1).double().requires_grad_()
    parameters = net.parameters_of(x)
    for pixel in (0, 27, 28, 30, 14 * 28 + 14, 20 * 28, 23 * 28 + 27, 783):
        (gradient,) = torch.autograd.grad(parameters[0, pixel, 0], x, retain_graph=True)
        seen = gradient[0, 0] != 0
        assert torch.equal(seen, receptive_field(pixel, net.dilations))
        assert not seen.flatten()[pixel:].any()


def test_the_probabilities_of_all_images_of_a_3_by_3_network_sum_to_one(monkeypatch: pytest.MonkeyPatch):
    for module in (raster, __import__("explorer.models.pixelcnn", fromlist=["SIDE"])):
        monkeypatch.setattr(module, "SIDE", 3)
    monkeypatch.setattr(raster, "PIXELS", 9)
    monkeypatch.setattr(Images, "shape", (1, 3, 3))
    tiny = untrained(BINARY, dilations=(1, 2)).double()
    every = torch.tensor(list(itertools.product((0.0, 1.0), repeat=9)), dtype=torch.float64).view(-1, 1, 3, 3)
    for label in (None, torch.full((len(every),), 4)):
        log_probs = tiny.log_prob(every, label)
        assert log_probs.exp().sum().item() == pytest.approx(1, abs=1e-9)
    assert log_probs.std() > 0.1


def test_the_distribution_has_the_shape_of_the_image(net: RasterModel):
    x = images(net.levels)
    p = net(x)
    assert isinstance(p, torch.distributions.Distribution)
    assert p.log_prob(x).shape == x.shape
    assert p.log_probs.shape == (*x.shape, net.levels)
    torch.testing.assert_close(net.log_prob(x), p.log_prob(x).sum((1, 2, 3)))


@pytest.mark.parametrize("temperature", [pytest.param(0.5, marks=pytest.mark.deep), 2.0])
def test_log_prob_is_the_sum_over_the_steps(net: RasterModel, temperature: float):
    label = torch.tensor([3, 3]) if net.classes else None
    steps = list(net.sample_steps(2, generator=rng(), label=label, temperature=temperature))
    assert [step.time for step in steps] == net.order.tolist()
    total = sum(step.numbers["log_prob"] for step in steps)
    torch.testing.assert_close(total, net.log_prob(steps[-1].x, label), rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("levels", [BINARY, GREY])
@pytest.mark.parametrize("known", [0, *(pytest.param(known, marks=pytest.mark.deep) for known in (10, 28, 783)), 300])
def test_the_cached_sampler_computes_what_the_naive_one_does(levels: int, known: int):
    net, label = NETWORKS["binary" if levels == BINARY else "grey"], torch.tensor([2, 10])
    x = images(levels).flatten(1)
    with torch.no_grad():
        full = net.parameters_of(x.view(-1, 1, 28, 28), label)
        predict = net.predictor(x, label, known)
        for pixel in range(known, PIXELS):
            torch.testing.assert_close(predict(pixel), full[:, pixel], rtol=1e-4, atol=1e-4)


def test_the_cached_sampler_draws_the_naive_samplers_first_rows():
    net = NETWORKS["binary"]
    naive = net.sample_steps(2, generator=rng(), cached=False)
    rows = [step for step, _ in zip(naive, range(60))]
    for slow, fast in zip(rows, net.sample_steps(2, generator=rng())):
        assert torch.equal(slow.x, fast.x)
        torch.testing.assert_close(fast.numbers["parameters"], slow.numbers["parameters"], rtol=1e-4, atol=1e-4)


@cache
def whole_of(net: RasterModel) -> Tensor:
    """Two images of seed 5."""
    return net.sample(2, generator=rng(5))


@pytest.mark.parametrize("known", [1, 27, 28, 500, 783])
def test_a_prefix_is_kept_exactly_and_the_same_random_numbers_go_on(net: RasterModel, known: int):
    whole = whole_of(net)
    prefix = whole.flatten(1)[:, net.order[:known]]
    for drawn, step in enumerate(itertools.islice(net.sample_steps(2, generator=rng(5), prefix=prefix), 60), 1):
        so_far = net.order[: known + drawn]
        assert step.total == PIXELS - known
        assert torch.equal(step.x.flatten(1)[:, so_far], whole.flatten(1)[:, so_far])


def test_an_override_keeps_the_past_and_changes_what_comes_after(net: RasterModel):
    whole = whole_of(net)[:1].flatten(1)
    known = 200
    prefix = whole[:, net.order[:known]].clone()
    prefix[:, -1] = 1 - prefix[:, -1]
    branch = net.sample(1, generator=rng(5), prefix=prefix).flatten(1)
    assert torch.equal(branch[:, net.order[:known]], prefix)
    assert not torch.equal(branch[:, net.order[known:]], whole[:, net.order[known:]])


def test_one_image_of_many_is_drawn_from_its_own_row_of_random_numbers():
    net = NETWORKS["binary"]
    many = net.sample_steps(5, generator=rng(9))
    generator = rng(9)
    torch.rand(3, PIXELS, generator=generator)
    for alone, step in itertools.islice(zip(net.sample_steps(1, generator=generator), many), 200):
        torch.testing.assert_close(alone.x, step.x[3:4])
    assert step.x[3].any()


def test_steps_hold_no_more_than_the_image_so_far():
    steps = NETWORKS["binary"].sample_steps(1, generator=rng())
    first, second = next(steps), next(steps)
    kept = first.x.clone()
    next(steps)
    assert torch.equal(first.x, kept) and first.x.data_ptr() != second.x.data_ptr()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"temperature": 0}, "temperature must be a number above 0"),
        ({"temperature": -1.0}, "temperature must be a number above 0"),
        ({"temperature": math.nan}, "temperature must be a number above 0"),
        ({"prefix": torch.zeros(1, 784)}, "prefix must be (2, k)"),
        ({"prefix": torch.zeros(2, 784)}, "k below 784"),
        ({"prefix": torch.zeros(2, 28, 28)}, "prefix must be (2, k)"),
        ({"prefix": torch.full((2, 3), 0.4)}, "the prefix must be 0 or 1; found 0.4"),
        ({"label": torch.tensor([3, 11])}, "label must be whole numbers (2,) from 0 to 10"),
        ({"label": torch.tensor([3])}, "label must be whole numbers (2,)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(arguments: dict, said: str):
    with pytest.raises(ValueError) as error:
        next(NETWORKS["binary"].sample_steps(2, generator=rng(), **arguments))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("levels", "x", "said"),
    [
        (BINARY, torch.full((1, 1, 28, 28), 0.5), "pixels must be 0 or 1; found 0.5"),
        (GREY, torch.full((1, 1, 28, 28), 0.501), "multiples of 1/255"),
        (GREY, torch.full((1, 1, 28, 28), 1.5), "multiples of 1/255 from 0 to 1"),
        (BINARY, torch.zeros(1, 28, 28), "(B, 1, 28, 28)"),
        (BINARY, torch.zeros(1, 1, 28, 28, dtype=torch.long), "floating-point"),
    ],
)
def test_images_of_other_levels_or_shapes_are_refused_in_words(levels: int, x: Tensor, said: str):
    with pytest.raises(ValueError) as error:
        NETWORKS["binary" if levels == BINARY else "grey"].log_prob(x)
    assert said in str(error.value)


def test_made_takes_no_label_and_knows_four_orders():
    made = NETWORKS["MADE"]
    with pytest.raises(ValueError, match="without labels"):
        made.log_prob(images(BINARY), torch.tensor([1, 2]))
    with pytest.raises(ValueError, match="knows 4 pixel orders"):
        made.in_order(4)
    assert all(torch.equal(order.sort().values, torch.arange(PIXELS)) for order in made.orders)


def test_another_order_is_another_density_also_while_forward_is_wrapped_for_training():
    made, x = copy.copy(NETWORKS["MADE"]), images(BINARY, 4)
    made.forward = made.forward  # as a wrapper for mixed precision does it, bound to this very order
    losses = [made.training_loss(x, {"other_orders": share}, generator=rng(), label=None) for share in (0.0, 1.0)]
    torch.testing.assert_close(losses[0], -NETWORKS["MADE"].log_prob(x).mean())
    each = [-NETWORKS["MADE"].in_order(which).log_prob(x).mean() for which in (1, 2, 3)]
    assert any(torch.isclose(losses[1], other) for other in each)
    assert not torch.isclose(losses[0], losses[1], rtol=1e-3)


def test_orders_are_averaged_as_likelihoods():
    made = checkpoints.load("made-mnist", "cpu")
    x = data.bundled_binary_images("mnist")[:20]
    each = torch.stack([made.in_order(which).log_prob(x) for which in range(4)]).double()
    torch.testing.assert_close(made.mixture_log_prob(x).double(), each.exp().mean(0).log(), rtol=0, atol=1e-3)


def test_the_label_is_dropped_for_its_share_of_a_training_batch():
    net, x, label = NETWORKS["binary"], images(BINARY, 8), torch.arange(8)
    anyone, known = -net.log_prob(x).mean(), -net.log_prob(x, label).mean()
    for share, expected in ((1.0, anyone), (0.0, known)):
        loss = net.training_loss(x, {"label_dropout": share}, generator=rng(), label=label)
        torch.testing.assert_close(loss, expected)
    assert not torch.isclose(anyone, known, rtol=1e-4)
