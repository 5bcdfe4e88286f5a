"""Muon: orthogonalisation against the singular value decomposition, and AdamW for the other weights."""

import pytest
import torch
from torch import nn

from explorer.models.muon import Muon, hidden_matrices, orthogonalise


@pytest.mark.parametrize("shape", [(24, 24), (16, 48), (48, 16)])
def test_a_matrix_is_orthogonalised_as_its_singular_vectors_say(shape: tuple[int, int]):
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(shape, generator=generator)
    u, s, v = torch.linalg.svd(matrix, full_matrices=False)
    found = orthogonalise(matrix)
    rotated = u.T @ found @ v.T
    assert (rotated - rotated.diagonal().diag()).abs().max() < 0.06  # the singular vectors stay, up to bfloat16
    well = s > 0.1 * s[0]
    assert ((rotated.diagonal()[well] > 0.6) & (rotated.diagonal()[well] < 1.25)).all()


def test_a_step_of_muon_is_the_orthogonalised_momentum():
    weight = nn.Parameter(torch.randn(8, 4, generator=torch.Generator().manual_seed(1)))
    before, gradient = weight.detach().clone(), torch.randn(8, 4, generator=torch.Generator().manual_seed(2))
    optimiser = Muon([{"params": [weight], "lr": 0.1, "muon": True}], (0.9, 0.99), weight_decay=0.5)
    weight.grad = gradient
    optimiser.step()
    expected = before * (1 - 0.1 * 0.5) - 0.1 * 2**0.5 * orthogonalise(gradient)
    torch.testing.assert_close(weight.detach(), expected, rtol=0, atol=0.02)


def test_other_weights_follow_adamw():
    weights = [nn.Parameter(torch.linspace(-1, 1, 6)) for _ in range(2)]
    ours = Muon([{"params": weights[:1], "lr": 0.01}], (0.8, 0.95), weight_decay=0.1)
    theirs = torch.optim.AdamW(weights[1:], lr=0.01, betas=(0.8, 0.95), weight_decay=0.1)
    generator = torch.Generator().manual_seed(0)
    for _ in range(5):
        weights[0].grad = weights[1].grad = torch.randn(6, generator=generator)
        ours.step()
        theirs.step()
    torch.testing.assert_close(weights[0], weights[1])


def test_the_kernels_of_a_convolution_are_one_matrix():
    convolution, generator = nn.Conv2d(4, 8, 3), torch.Generator().manual_seed(3)
    before, gradient = convolution.weight.detach().clone(), torch.randn(8, 4, 3, 3, generator=generator)
    optimiser = Muon([{"params": [convolution.weight], "lr": 0.1, "muon": True}], (0.9, 0.99), weight_decay=0.0)
    convolution.weight.grad = gradient
    optimiser.step()
    change = (before - convolution.weight.detach()).reshape(8, 36) / 0.1
    torch.testing.assert_close(change, orthogonalise(gradient.reshape(8, 36)), rtol=0, atol=0.02)
    u, _, v = torch.linalg.svd(gradient.reshape(8, 36), full_matrices=False)
    assert (u.T @ change @ v.T).diagonal().mean() > 0.8


def test_only_the_matrices_of_the_named_parts_follow_muon():
    layers = nn.Linear(4, 4), nn.LayerNorm(4), nn.Conv2d(1, 2, 3)
    net = nn.ModuleDict({"body": nn.Sequential(*layers), "head": nn.Linear(4, 2)})
    assert [id(each) for each in hidden_matrices(net, ())] == []
    body = nn.Module()
    body.body, body.head = net["body"], net["head"]
    assert [id(each) for each in hidden_matrices(body, ["body"])] == [id(layers[0].weight), id(layers[2].weight)]
    assert [id(each) for each in hidden_matrices(body, ["body.2"])] == [id(layers[2].weight)]
