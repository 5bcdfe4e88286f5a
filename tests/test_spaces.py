"""Contract of every space for its x: promises and refusals."""

import base64

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.spaces import BINARY, LEVELS, PLANE, SPACES, Space
from explorer.spaces.packing import pack_bits
from explorer.spaces.plane import Plane
from tests.node import run

NAMES = list(SPACES)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(params=NAMES)
def space(request: pytest.FixtureRequest) -> Space:
    return SPACES[request.param]


def test_noise_is_in_the_space_and_of_its_seed(space: Space):
    x = space.noise(5, rng(1))
    space.check(x)
    assert x.shape == (5, *space.shape) and x[0].numel() == space.dim
    assert torch.equal(x, space.noise(5, rng(1))) and not torch.equal(x, space.noise(5, rng(2)))
    assert torch.equal(space.read("noise", 1), space.noise(1, rng(1)))


def test_what_travels_comes_back(space: Space):
    x = space.noise(7, rng())
    coarse = getattr(space, "reach", 0) / 32_767
    torch.testing.assert_close(space.decode(space.encode(x)), x, rtol=0, atol=coarse + 1e-6)


def test_other_shapes_and_types_are_refused(space: Space):
    x = space.noise(2, rng())
    for wrong in (x[0], x[..., :-1], x.unsqueeze(0), x.long()):
        with pytest.raises(ValueError, match="must be"):
            space.check(wrong)
    with pytest.raises(ValueError, match="“what”"):
        space.read("what")


@pytest.mark.parametrize(("space", "values"), [(BINARY, [0, 1, 1]), (LEVELS, [0, 128, 255])])
def test_an_image_is_read_from_its_levels(space: Space, values: list[int]):
    raw = bytes(values) + bytes(781)
    x = space.read("pixels", raw).flatten()
    assert (x[:3] * (space.levels - 1)).round().tolist() == values
    space.check(x.view(1, 1, 28, 28))


def test_levels_that_a_space_lacks_are_refused():
    with pytest.raises(ValueError, match="levels from 0 to 1, not 2"):
        BINARY.read("pixels", bytes([2]) + bytes(783))
    with pytest.raises(ValueError, match="pixels must be 0 or 1; found 0.5"):
        BINARY.check(torch.full((1, 1, 28, 28), 0.5))
    with pytest.raises(ValueError, match="multiples of 1/255"):
        LEVELS.check(torch.full((1, 1, 28, 28), 0.5))


def test_a_drawing_has_the_same_pixels_in_every_space_of_images():
    x = BINARY.noise(1, rng())
    raw = base64.b64decode(pack_bits(x))
    assert raw == np.packbits(x.numpy().astype(np.uint8)).tobytes()
    assert torch.equal(BINARY.read("bits", raw), x) and torch.equal(LEVELS.read("bits", raw), x)
    assert not LEVELS.read("blank").any()


def test_a_point_is_read_unless_it_is_none():
    assert PLANE.read("point", (1.5, -2)).tolist() == [[1.5, -2]]
    with pytest.raises(ValueError, match="finite"):
        PLANE.read("point", (float("nan"), 0))


def test_points_beyond_the_reach_are_moved_to_it():
    assert PLANE.decode(PLANE.encode(torch.tensor([[9.0, -9.0]]))).tolist() == [[4, -4]]


def test_likelihoods_are_comparable_within_a_space_alone():
    for one in SPACES.values():
        assert [one.comparable(other) for other in SPACES.values()] == [one is other for other in SPACES.values()]
    assert not PLANE.comparable(Plane(reach=2))


@pytest.mark.parametrize("dataset", data.DATASETS)
def test_a_data_set_lies_in_its_space(dataset: str):
    space = data.DATASETS[dataset].space
    if dataset in data.CLASSES:
        space.check(data.bundled_images(dataset).pixels())
    else:
        space.check(data.load(dataset, "held-out").points)


@pytest.mark.parametrize("dataset", data.CLASSES)
def test_a_chosen_test_image_is_that_image_in_either_space(dataset: str):
    grey, binary = (data.read(("test", 12, dataset), space) for space in (LEVELS, BINARY))
    assert torch.equal(grey[0], data.bundled_images(dataset).images[12] / 255)
    assert torch.equal(binary[0], data.bundled_binary_images(dataset)[12])
    assert data.DATASETS[dataset].others != dataset and data.DATASETS[dataset].others in data.CLASSES


def in_browser(space: Space, x: Tensor) -> list[float]:
    """Values as the browser reads them from what is sent."""
    script = 'const { SPACES } = await load("spaces/spaces.js"); return [...SPACES[name].read(new Uint8Array(bytes))];'
    return run(script, name=space.name, bytes=list(base64.b64decode(space.encode(x))))


def test_the_browser_reads_what_was_sent(space: Space):
    x = space.noise(3, rng(4))
    scale = 1 if space == PLANE else 255
    assert in_browser(space, x) == pytest.approx((scale * x).flatten().tolist(), abs=2e-4)
