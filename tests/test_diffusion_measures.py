"""Measures of when a class is decided: judges that are shown what they must and must not call kept."""

import pytest
import torch
from torch import Tensor, nn

from explorer import data
from explorer.measures import diffusion as measures
from explorer.models.diffusion import Diffusion
from explorer.networks import checkpoints
from explorer.networks.card import rows

TIMES = (200, 700)


class Blackness(nn.Module):
    """Sees one class in images of little ink and another in those of much."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        ink = x.flatten(1).mean(-1)
        return torch.stack([0.1 - ink, ink - 0.1], dim=-1)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoints, "load", lambda name: Blackness())
    monkeypatch.setattr(measures, "DECIDED", 20)
    monkeypatch.setattr(measures, "DECIDED_AT", TIMES)
    return lambda dataset, split: data.bundled_images(dataset)[:60]


@pytest.fixture(scope="module")
def model() -> Diffusion:
    torch.manual_seed(0)
    return Diffusion(channels=(8, 8, 8), embedding=8).eval()


def kept_when(back, model: Diffusion, few, monkeypatch: pytest.MonkeyPatch) -> dict:
    monkeypatch.setattr(measures, "noise_and_denoise", lambda model, x, t, seed, eta=0: back(x, t))
    return measures.class_retention(model, "mnist", few, seed=0)


def test_what_comes_back_as_it_was_keeps_its_class(model: Diffusion, few, monkeypatch: pytest.MonkeyPatch):
    found = kept_when(lambda x, t: x, model, few, monkeypatch)
    assert [row["t"] for row in rows(found, judge="nearest")] == list(TIMES) and found["n"] == 20
    assert all(row["value"] == 1 for row in found["rows"])


def test_what_comes_back_as_one_image_keeps_only_its_own_class(model: Diffusion, few, monkeypatch: pytest.MonkeyPatch):
    x = few("mnist", "test").pixels()[:20]
    dark = float((x.flatten(1).mean(-1) < 0.1).float().mean())
    found = kept_when(lambda x, t: 0 * x if t == 700 else x, model, few, monkeypatch)
    assert [row["value"] for row in rows(found, judge="classifier")] == [1, pytest.approx(dark)]
    assert rows(found, judge="nearest")[1]["value"] < 0.5


def test_the_bound_is_split_at_the_times_that_are_measured(model: Diffusion, few, monkeypatch: pytest.MonkeyPatch):
    found = kept_when(lambda x, t: x, model, few, monkeypatch)
    assert set(TIMES) < set(found["edges"]) and len(found["bits"]) == len(found["edges"]) - 1
    assert found["edges"][0] == 1 and found["edges"][-1] == 1001


def test_an_image_is_noised_to_the_time_and_walked_back_from_there(model: Diffusion, monkeypatch: pytest.MonkeyPatch):
    """With the true noise as the prediction the image itself comes back."""
    x = data.bundled_images("mnist").pixels()[:2]
    asked = []

    def true_noise(x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        asked.append(int(t))
        assert label is None
        alpha = model.schedule.alpha(t, x_t)
        return (x_t - alpha.sqrt() * model.from_space(x)) / (1 - alpha).sqrt()

    monkeypatch.setattr(model, "predict_noise", true_noise)
    torch.testing.assert_close(measures.noise_and_denoise(model, x, 300, seed=0), x, rtol=0, atol=1e-3)
    assert asked[0] == 300 and len(asked) == 300 / measures.DIFFUSION_STRIDE


def test_the_last_judge_is_shown_what_came_of_fresh_noise(model: Diffusion, few, monkeypatch: pytest.MonkeyPatch):
    def back(model: Diffusion, x: Tensor, t: int, seed: int, eta: float = 0) -> Tensor:
        return 0 * x if eta == 1 else x

    monkeypatch.setattr(measures, "noise_and_denoise", back)
    kept = measures.class_retention(model, "mnist", few, seed=0)
    dark = float((few("mnist", "test").pixels()[:20].flatten(1).mean(-1) < 0.1).float().mean())
    assert [row["value"] for row in rows(kept, judge="classifier")] == [1, 1]
    assert [row["value"] for row in rows(kept, judge="fresh_noise")] == [pytest.approx(dark)] * 2
