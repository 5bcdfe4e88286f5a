"""Claims of the tour of the autoregressive networks beyond the cards' figures, held against the networks."""

from functools import cache
from urllib.parse import parse_qs

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.raster import PIXELS, RasterModel
from explorer.networks import checkpoints
from explorer.tabs.autoregressive import tab as autoregressive

pytestmark = pytest.mark.deep
THREE = 108
IMAGES = 100
LESSON = (autoregressive.TAB.folder / "tour.md").read_text(encoding="utf-8")


@cache
def network(name: str = "pixelcnn-mnist") -> RasterModel:
    return checkpoints.load(name, "cpu")


def digits() -> Tensor:
    return data.bundled_binary_images("mnist")[:IMAGES].view(-1, 1, 28, 28)


def log_probs(x: Tensor, name: str = "pixelcnn-mnist") -> Tensor:
    with torch.no_grad():
        return torch.cat([network(name).log_prob(part) for part in x.split(50)])


def set_by_the_lesson(key: str) -> int:
    """The one value that the lesson's steps give this key."""
    lines = [line.partition(":")[2].strip() for line in LESSON.splitlines() if line.startswith(("state:", "after:"))]
    (value,) = {values for line in lines for values in parse_qs(line).get(key, []) if values != "406"}
    return int(value)


def test_the_image_of_the_tour_is_a_3():
    assert set_by_the_lesson("img") == THREE
    assert int(data.bundled_images("mnist").labels[THREE]) == 3


def test_the_first_pixel_is_expected_to_be_black_though_an_eighth_of_all_is_white():
    with torch.no_grad():
        white = network().parameters_of(torch.zeros(1, 1, 28, 28))[0, set_by_the_lesson("pixel"), 0].sigmoid()
    assert white < 0.01
    assert abs(data.bundled_binary_images("mnist").mean() - 1 / 8) < 0.02


def test_most_of_the_surprise_is_where_ink_begins_or_ends():
    x = digits()
    with torch.no_grad():
        surprise = -network()(x).log_prob(x)
    left, above = torch.zeros_like(x), torch.zeros_like(x)
    left[..., 1:], above[:, :, 1:] = x[..., :-1], x[:, :, :-1]
    turns = (x != left) | (x != above)
    assert surprise[turns].sum() > 0.6 * surprise.sum()
    assert turns.float().mean() < 0.2


def test_the_changed_pixel_changes_some_later_ones_and_none_before():
    pixel, level = divmod(set_by_the_lesson("over"), 256)
    assert pixel // 28 == 4, "the fifth row"
    drawn = network().sample(1, generator=torch.Generator().manual_seed(7)).flatten(1)
    assert drawn[0, pixel] != level
    prefix = drawn[:, : pixel + 1].clone()
    prefix[0, pixel] = level
    other = network().sample(1, generator=torch.Generator().manual_seed(7), prefix=prefix).flatten(1)
    changed = (other != drawn)[0].nonzero().flatten().tolist()
    assert changed[0] == pixel
    assert 1 < len(changed) < (PIXELS - pixel) / 2


def test_the_changed_pixel_is_one_that_would_hardly_have_been_drawn():
    pixel, _ = divmod(set_by_the_lesson("over"), 256)
    drawn = network().sample(1, generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        assert network()(drawn).probs.flatten()[pixel] < 0.2


def test_an_empty_page_is_likelier_than_the_3():
    empty, three = torch.zeros(1, 1, 28, 28), data.bundled_binary_images("mnist")[THREE].view(1, 1, 28, 28)
    assert log_probs(empty) > log_probs(three)


def test_digits_are_likelier_than_clothes_to_the_network_of_clothes():
    sets = {
        name: data.bundled_images(name)[:IMAGES].pixels().view(-1, 1, 28, 28) for name in ("mnist", "fashion-mnist")
    }
    found = {name: log_probs(x, "pixelcnn-fashion-mnist") for name, x in sets.items()}
    assert found["mnist"].mean() > found["fashion-mnist"].mean()


def test_the_less_is_kept_of_the_3_the_more_its_completions_differ():
    x = data.bundled_binary_images("mnist")[THREE].view(1, 1, 28, 28)

    def drawn(rows: int) -> Tensor:
        prefix = x.flatten(1)[:, : 28 * rows].expand(8, -1)
        return network().sample(8, generator=torch.Generator().manual_seed(7), prefix=prefix).view(8, 28, 28)

    half, fewer = drawn(14), drawn(6)
    assert (fewer[:, :6] == x[0, 0, :6]).all()
    assert len({bytes(each.byte().numpy().tobytes()) for each in fewer}) == 8
    assert fewer.float().var(0).sum() > half.float().var(0).sum()
