"""The PixelRNN against the equations of its paper, computed pixel by pixel in numpy, and against enumeration."""

import copy
import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.models import pixelrnn, raster
from explorer.models.pixelrnn import PixelRNN
from explorer.spaces.images import Images
from tests.test_pixelcnn import untrained_rnn

SIDE = 28


def image(seed: int = 2) -> Tensor:
    return torch.randint(2, (1, 1, SIDE, SIDE), generator=torch.Generator().manual_seed(seed)).double()


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def by_hand(net: PixelRNN, x: np.ndarray) -> np.ndarray:
    """Logits (28, 28): equation 3 of the paper at each place, with nothing shared between places."""
    weights = {name: each.double().numpy() for name, each in net.named_parameters()}
    features = np.zeros((SIDE, SIDE, weights["first.weight"].shape[0]))
    for r, c in itertools.product(range(SIDE), repeat=2):
        features[r, c] = weights["first.bias"]
        for i, j in itertools.product(range(-3, 1), range(-3, 4)):
            if (i < 0 or j < 0) and r + i >= 0 and 0 <= c + j < SIDE:
                features[r, c] += weights["first.weight"][:, 0, i + 3, j + 3] * x[r + i, c + j]
    for k, layer in enumerate(net.layers):
        count, part = (
            layer.hidden,
            {name.split(".", 2)[2]: each for name, each in weights.items() if f"layers.{k}." in name},
        )
        h, cell = np.zeros((SIDE + 1, SIDE + 2, count)), np.zeros((SIDE + 1, SIDE, count))
        for r, c in itertools.product(range(SIDE), repeat=2):
            left = features[r, c - 1] if c else np.zeros(2 * count)
            a = part["input_to_state.weight"] @ np.concatenate([left, features[r, c]]) + part["input_to_state.bias"]
            a = a + part["state_to_state.weight"] @ h[r, c : c + 3].reshape(-1)
            o, f, i, g = (a[gate * count : (gate + 1) * count] for gate in range(4))
            cell[r + 1, c] = sigmoid(f) * cell[r, c] + sigmoid(i) * np.tanh(g)
            h[r + 1, c + 1] = sigmoid(o) * np.tanh(cell[r + 1, c])
        features = features + h[1:, 1:-1] @ part["widen.weight"].T + part["widen.bias"]
    hidden = np.maximum(np.maximum(features, 0) @ weights["head.weight"].T + weights["head.bias"], 0)
    return (hidden @ weights["last.weight"].T + weights["last.bias"])[..., 0]


def test_every_logit_is_that_of_the_equations_by_hand():
    net, x = copy.deepcopy(untrained_rnn()).double(), image()
    found = net.parameters_of(x).view(SIDE, SIDE).numpy()
    np.testing.assert_allclose(found, by_hand(net, x[0, 0].numpy()), rtol=0, atol=1e-10)
    assert found.std() > 0.1


@pytest.mark.parametrize("known", [0, 1, 28, 100, 783])
def test_the_cache_computes_what_a_full_pass_does(known: int):
    net, x = copy.deepcopy(untrained_rnn()).double(), image()
    full = net.parameters_of(x)[0]
    predict = net.predictor(x.flatten(1), None, known)
    for pixel in range(known, SIDE * SIDE):
        assert float((predict(pixel)[0] - full[pixel]).abs().max()) < 1e-9, pixel


def test_a_pixel_sees_a_triangle_above_it_and_a_band_to_its_left():
    """The kernels are followed by hand: the first one, and in each layer two columns of the row, three of the above."""
    net = copy.deepcopy(untrained_rnn()).double()
    x = torch.rand(1, 1, SIDE, SIDE, dtype=torch.double, generator=torch.Generator().manual_seed(0)).round()
    parameters = net.parameters_of(x.requires_grad_())[0, :, 0]
    for r, c in ((0, 0), (2, 5), (10, 14), (14, 27), (20, 0)):
        places = {(r, c)}  # whose features of a layer matter
        for _ in net.layers:
            states = set(places)
            for row in range(r, 0, -1):
                states |= {(i - 1, j + d) for i, j in states if i == row for d in (-1, 0, 1) if 0 <= j + d < SIDE}
            places = {(i, j - d) for i, j in states for d in (0, 1) if j >= d}
        seen = {
            (i + up, j + across)
            for i, j in places
            for up, across in itertools.product(range(-3, 1), range(-3, 4))
            if (up < 0 or across < 0) and i + up >= 0 and 0 <= j + across < SIDE
        }
        (gradient,) = torch.autograd.grad(parameters[r * SIDE + c], x, retain_graph=True)
        assert {tuple(place) for place in gradient[0, 0].nonzero().tolist()} == seen


def test_the_probabilities_of_all_images_of_3_by_3_sum_to_one(monkeypatch: pytest.MonkeyPatch):
    for module in (raster, pixelrnn):
        monkeypatch.setattr(module, "SIDE", 3)
    monkeypatch.setattr(raster, "PIXELS", 9)
    monkeypatch.setattr(Images, "shape", (1, 3, 3))
    every = torch.tensor([*itertools.product((0.0, 1.0), repeat=9)], dtype=torch.double).view(-1, 1, 3, 3)
    log_p = copy.deepcopy(untrained_rnn()).double().log_prob(every)
    assert float(log_p.exp().sum()) == pytest.approx(1, abs=1e-9) and log_p.std() > 0.1


def test_it_was_trained_without_labels_and_says_so():
    with pytest.raises(ValueError, match="without labels"):
        untrained_rnn().parameters_of(image().float(), torch.tensor([3]))
