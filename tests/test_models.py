"""Contract of every model of the explorer, whatever its family."""

import base64
import itertools
from functools import cache

import numpy as np
import pytest
import torch

from explorer import data
from explorer.measures import MEASURES
from explorer.models import ENCODERS, MODELS, NETWORKS
from explorer.networks import checkpoints
from explorer.questions import Cannot, make
from explorer.spaces import BINARY, LEVELS, PLANE
from explorer.steps import Step, frame, last

CHECKPOINTS = sorted([*checkpoints.names(), *checkpoints.elsewhere])


def family_of(name: str) -> str:
    return checkpoints.read_json(checkpoints.folder_of(name) / "config.json")["family"]


FAMILIES = [name for name in CHECKPOINTS if family_of(name) in MODELS]  # the others are asked nothing
MAKERS_AND_ENCODERS = {**MODELS, **ENCODERS}
REPRESENTING = [name for name in CHECKPOINTS if hasattr(MAKERS_AND_ENCODERS.get(family_of(name)), "represents")]


def some(names: list[str], *deep: str) -> list:
    """Mark networks `deep`: those named, and those of a family of which another comes first that is built alike."""
    seen, found = set(), []
    for name in names:
        recipe = checkpoints.read_json(checkpoints.folder_of(name) / "config.json")
        kind = recipe["family"], recipe["model"].get("levels"), *recipe["model"]
        found.append(pytest.param(name, marks=pytest.mark.deep) if name in deep or kind in seen else name)
        seen.add(kind)
    return found


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@cache
def walked(name: str) -> tuple[list[int], Step]:
    """The indices of the steps to two samples of seed 0, and the last step, with which several tests compare theirs."""
    indices = []
    for step in checkpoints.load(name, "cpu").sample_steps(2, generator=rng()):
        indices.append(step.index)
    return indices, step


def test_every_family_has_a_checkpoint():
    assert {family_of(name) for name in CHECKPOINTS} == set(MEASURES) | set(NETWORKS)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_model_says_what_it_is_fed_and_what_it_cannot_do(name: str):
    model = checkpoints.load(name, "cpu")
    assert model.title and model.space in (BINARY, LEVELS, PLANE)
    for method, reason in model.cannot.items():
        assert not hasattr(model, method)
        assert len(reason) > 20, f"{name} says why not in a clause that stands after “cannot, because”, not “{reason}”"


@pytest.mark.parametrize("name", [name for name in CHECKPOINTS if family_of(name) in MAKERS_AND_ENCODERS])
def test_who_is_asked_to_draw_draws_or_says_why_it_cannot(name: str):
    model = checkpoints.load(name, "cpu")
    if hasattr(model, "sample_steps"):
        assert next(make.steps(model, 1, seed=0)).index == 0
        return
    with pytest.raises(Cannot, match="^cannot, because ") as refused:
        make.steps(model, 1, seed=0)
    assert model.cannot["sample"] in str(refused.value)


@pytest.mark.parametrize("name", some(FAMILIES, "d3pm-mnist"))  # a tiny one is walked elsewhere
def test_the_steps_are_counted_and_end_at_what_the_space_holds(name: str):
    model = checkpoints.load(name, "cpu")
    indices, step = walked(name)
    assert indices == list(range(step.total))
    assert step.x.shape == (2, *model.space.shape)
    assert model.space == PLANE or (step.x.min() >= 0 and step.x.max() <= 1)


@pytest.mark.parametrize("name", some(FAMILIES))
def test_another_seed_draws_another_picture(name: str):
    model = checkpoints.load(name, "cpu")
    one, other = (model.sample_steps(2, generator=rng(seed)) for seed in (0, 1))
    assert any(not torch.equal(a.x, b.x) for a, b in zip(one, other))


@pytest.mark.parametrize("name", some(FAMILIES))
def test_a_copy_that_was_saved_and_loaded_draws_the_same(name: str, tmp_path):
    model = checkpoints.load(name, "cpu")
    copy = checkpoints.build(checkpoints.read_json(checkpoints.folder_of(name) / "config.json"))
    sha256 = checkpoints.save_weights(model, tmp_path / "model.safetensors", torch.float32)
    checkpoints.load_weights(copy, tmp_path / "model.safetensors", sha256=sha256)
    ours, theirs = (each.sample_steps(2, generator=rng()) for each in (model, copy.eval()))
    for one, other in itertools.islice(zip(ours, theirs), 20):
        assert torch.equal(one.x, other.x)


@pytest.mark.parametrize("name", some([name for name in FAMILIES if "sample" in vars(MODELS[family_of(name)])]))
def test_a_sample_that_is_drawn_in_its_own_way_is_the_last_step(name: str):
    assert torch.equal(checkpoints.load(name, "cpu").sample(2, generator=rng()), walked(name)[1].x)


@pytest.mark.parametrize("name", REPRESENTING)
@torch.no_grad()
def test_what_a_layer_may_read_is_of_each_image_by_itself(name: str):
    model = checkpoints.load(name, "cpu")
    dataset = checkpoints.read_json(checkpoints.folder_of(name) / "config.json")["dataset"]
    x = (data.bundled_binary_images(dataset) if model.space == BINARY else data.bundled_images(dataset).pixels())[:4]
    found = model.features(x).flatten(1)
    assert len(found) == 4 and found.isfinite().all() and len(model.represents) > 5
    torch.testing.assert_close(model.features(x[1:2]).flatten(1), found[1:2], rtol=1e-3, atol=1e-3)
    assert torch.cdist(found, found).fill_diagonal_(1).min() > 1e-2


@pytest.mark.parametrize("name", some(FAMILIES, "d3pm-mnist"))  # a tiny one is walked elsewhere
def test_a_step_says_what_its_model_declares(name: str):
    model, (_, step) = checkpoints.load(name, "cpu"), walked(name)
    for result in (*model.numbers.values(),):
        assert result.title and result.unit in ("", "nats")
    assert step.pictures.keys() <= {"x0", "x1", "p", "mean"}
    assert all(x.shape == step.x.shape for x in step.pictures.values())
    assert step.known is None or step.known.shape == model.space.shape
    found = frame(step, model.space, model.numbers)
    torch.testing.assert_close(model.space.decode(found["x"]), step.x.cpu(), rtol=0, atol=0.5 / 255 + 1e-6)
    assert all(np.isfinite(each).all() for each in found["numbers"].values())


def test_a_frame_holds_the_first_of_what_a_step_says():
    x = torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1, 1).expand(3, 1, 28, 28)
    known = torch.arange(784).view(1, 28, 28) < 9
    step = Step(x, 4, 7, 12, {"x0": 1 - x}, {"each": torch.tensor([1 / 3, 2, 3]), "all": torch.tensor(5)}, known)
    found = frame(step, LEVELS, ("each", "all", "none"), {"more": torch.tensor([7, 8, 9])}, count=2)
    assert (found["index"], found["total"], found["time"]) == (4, 7, 12)
    assert found["numbers"] == {"each": [0.33333, 2.0], "all": 5, "more": [7, 8]}
    for payload, levels in ((found["x"], {0, 128}), (found["pictures"]["x0"], {255, 128})):
        raw = base64.b64decode(payload)
        assert len(raw) == 2 * 784 and set(raw) == levels
    assert base64.b64decode(found["known"])[:3] == bytes([255, 128, 0])


def test_a_sampler_without_steps_is_an_error():
    with pytest.raises(ValueError, match="at least one step"):
        last([])
