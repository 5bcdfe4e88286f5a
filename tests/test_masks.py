"""The receptive fields that the masks state, held against gradients of networks with random weights."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.made import MADE
from explorer.models.masks import (
    earlier_pixels,
    kernel_mask,
    made_connections,
    naive_field,
    receptive_field,
    two_stack_field,
)
from explorer.models.pixelcnn import PixelCNN

CORNERS, EDGES, INNER = (0, 27, 756, 783), (13, 28, 55, 391), (406, 500, 650)
PIXELS = (*CORNERS, *EDGES, *INNER)


@pytest.fixture(scope="module")
def network() -> PixelCNN:
    torch.manual_seed(0)
    model = PixelCNN(channels=6, classes=0).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.3)
    model.last.float()  # as its input is, whatever the rest of the network computes in
    return model


def image() -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(2, (1, 1, 28, 28), generator=generator).double().requires_grad_()


def support(outputs: Tensor, x: Tensor, pixel: int) -> Tensor:
    """Pixels on which the gradient of one pixel's outputs is not zero: (28, 28)."""
    (gradient,) = torch.autograd.grad(outputs.flatten()[pixel], x, retain_graph=True)
    return gradient[0, 0] != 0


def masked(size: int, kind: str, inputs: int, outputs: int) -> nn.Conv2d:
    layer = nn.Conv2d(inputs, outputs, size, padding=size // 2).double()
    with torch.no_grad():
        layer.weight.normal_().mul_(kernel_mask(size, kind))
    return layer


class TwoStacks(nn.Module):
    """A vertical and a horizontal stack of plain convolutions, as large as the masked ones of the naive stack."""

    def __init__(self, kernel: int, layers: int):
        super().__init__()
        half = self.half = kernel // 2
        sizes = [(1, half, half)] + [(4, half + 1, half + 1)] * (layers - 1)
        self.down = nn.ModuleList(nn.Conv2d(c, 4, (rows, kernel)) for c, rows, _ in sizes)
        self.right = nn.ModuleList(nn.Conv2d(c, 4, (1, columns)) for c, _, columns in sizes)
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        half, v, h = self.half, x, x
        for down, right in zip(self.down, self.right):
            v = torch.tanh(down(F.pad(v, (half, half, half, 0)))[:, :, :28])
            h = torch.tanh(right(F.pad(h, (half, 0)))[..., :28]) + v
        return h.sum(1)


def test_the_masks_of_a_small_kernel_by_hand():
    assert kernel_mask(3, "A").int().tolist() == [[1, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert kernel_mask(3, "B").int().tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0]]
    assert [int(kernel_mask(size, "A").sum()) for size in (3, 5, 7)] == [4, 12, 24]


@pytest.mark.parametrize(("size", "kind", "wanted"), [(4, "A", "odd"), (-1, "B", "odd"), (3, "C", '"A" or "B"')])
def test_a_mask_that_is_none_says_what_is_wanted(size: int, kind: str, wanted: str):
    with pytest.raises(ValueError, match=wanted):
        kernel_mask(size, kind)


@pytest.mark.parametrize("blocks", [0, 1, 3, 8])
def test_the_stated_field_is_the_support_of_the_networks_gradient(network: PixelCNN, blocks: int):
    x, kept = image(), network.blocks
    network.blocks = kept[:blocks]
    outputs = network.parameters_of(x)
    network.blocks = kept
    for pixel in PIXELS:
        assert torch.equal(receptive_field(pixel, network.dilations, blocks), support(outputs, x, pixel)), pixel


def test_other_dilations_have_another_field():
    assert receptive_field(500, (1, 1)).sum() < receptive_field(500, (1, 4)).sum()


def test_without_a_block_only_the_left_is_seen():
    seen = receptive_field(500, (1, 2), blocks=0).flatten().nonzero().flatten()
    assert seen.tolist() == list(range(493, 500))


@pytest.mark.parametrize(("kernel", "layers"), [(3, 1), (3, 4), (5, 3), (7, 2)])
def test_the_naive_field_is_the_support_of_stacked_masked_convolutions(kernel: int, layers: int):
    torch.manual_seed(0)
    first, *others = [masked(kernel, "AB"[layer > 0], 1 if layer == 0 else 4, 4) for layer in range(layers)]
    x = image()
    outputs = first(x)
    for layer in others:
        outputs = layer(torch.tanh(outputs))
    for pixel in PIXELS:
        assert torch.equal(naive_field(pixel, kernel, layers), support(outputs.sum(1), x, pixel)), pixel


@pytest.mark.parametrize(("kernel", "layers"), [(3, 1), (3, 4), (5, 3), (7, 2)])
def test_the_field_of_two_stacks_is_the_support_of_their_gradient(kernel: int, layers: int):
    torch.manual_seed(0)
    x = image()
    outputs = TwoStacks(kernel, layers)(x)
    for pixel in PIXELS:
        assert torch.equal(two_stack_field(pixel, kernel, layers), support(outputs, x, pixel)), pixel


def test_the_blind_spot_is_above_at_the_right():
    naive, seen = naive_field(406, 3, 4), two_stack_field(406, 3, 4)
    assert not (naive & ~seen).any()
    blind = (seen & ~naive).nonzero().tolist()
    # each step up by one row goes at most one column right, while what has gone up may not turn right in its row
    assert [row for row, _ in blind] == sorted([13] * 3 + [12] * 2 + [11] * 1)
    assert all(column - 14 > 14 - row for row, column in blind)


def test_one_layer_has_no_blind_spot():
    for pixel in PIXELS:
        assert torch.equal(naive_field(pixel, 5, 1), two_stack_field(pixel, 5, 1))


@pytest.mark.parametrize("which", range(4))
def test_a_path_leads_to_an_output_from_exactly_the_earlier_pixels(which: int):
    made = made_connections(which, (10, 10))
    paths = torch.eye(9)
    for layer in made.layers:
        paths = layer.float() @ paths
    before = made.places.unsqueeze(1) > made.places
    assert torch.equal(paths > 0, before)
    assert torch.equal(made.straight, before)
    assert made.order.tolist() == [int((made.places == place).nonzero()) for place in range(1, 10)]


def test_hidden_numbers_are_those_that_the_masks_were_made_from():
    made = made_connections(2, (8, 12))
    numbers = [made.places, *made.hidden]
    for layer, before, after in zip(made.layers, numbers, numbers[1:]):
        assert torch.equal(layer, after.unsqueeze(1) >= before)
    assert torch.equal(made.layers[-1], made.places.unsqueeze(1) > made.hidden[-1])
    assert {int(number) for each in made.hidden for number in each} == set(range(1, 9))


def test_a_made_reads_the_earlier_pixels_of_its_order():
    torch.manual_seed(0)
    model = MADE(widths=(784, 784)).double().in_order(2)
    nn.init.normal_(model.straight.weight)
    x = image()
    outputs = model.parameters_of(x)
    for pixel in (int(model.order[0]), 300, 783, int(model.order[-1])):
        assert torch.equal(earlier_pixels(pixel, model.order), support(outputs, x, pixel))


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("known", [0, 300])
def test_a_made_that_computes_each_unit_once_predicts_what_the_whole_network_does(which: int, known: int):
    torch.manual_seed(which)
    made = MADE([40, 1000]).in_order(which)
    for parameter in made.parameters():
        nn.init.normal_(parameter, std=0.05)
    image = (torch.rand(2, 784) < 0.3).float()
    whole = made.parameters_of(image.view(2, 1, 28, 28)).detach()
    drawn, order = torch.zeros_like(image), made.order.tolist()
    drawn[:, order[:known]] = image[:, order[:known]]
    predict = made.predictor(drawn, None, known)
    for pixel in order[known:]:
        torch.testing.assert_close(predict(pixel).detach(), whole[:, pixel], rtol=1e-4, atol=1e-4)
        drawn[:, pixel] = image[:, pixel]
