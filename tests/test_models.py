"""What every model of the explorer promises, whatever its family."""

import base64

import pytest
import torch

from explorer import checkpoints
from explorer.measures import MEASURES
from explorer.models import MODELS, NETWORKS
from explorer.steps import Step, film, last

CHECKPOINTS = sorted(folder.parent.name for folder in checkpoints.pretrained_folder().glob("*/config.json"))


def family_of(name: str) -> str:
    return checkpoints.read_json(checkpoints.folder_of(name) / "config.json")["family"]


FAMILIES = [name for name in CHECKPOINTS if family_of(name) in MODELS]  # the others make no images


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_every_family_has_a_checkpoint():
    assert {family_of(name) for name in CHECKPOINTS} == set(MEASURES) >= set(NETWORKS)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_model_says_what_it_is_fed_and_what_it_cannot_do(name: str):
    model = checkpoints.load(name, "cpu")
    assert model.family and model.pixels in ("binary", "grey")
    for method, reason in model.cannot.items():
        assert not hasattr(model, method)
        assert len(reason) > 20


@pytest.mark.parametrize("name", FAMILIES)
def test_the_last_step_is_the_sample(name: str):
    model = checkpoints.load(name, "cpu")
    steps = list(model.sample_steps(3, generator=seeded()))
    assert [step.index for step in steps] == list(range(steps[0].total))
    assert torch.equal(steps[-1].image, model.sample(3, generator=seeded()))
    assert steps[-1].image.shape == (3, 1, 28, 28)
    assert steps[-1].image.min() >= 0 and steps[-1].image.max() <= 1


@pytest.mark.parametrize("name", FAMILIES)
def test_a_seed_reproduces_the_picture_and_another_does_not(name: str):
    model = checkpoints.load(name, "cpu")
    assert torch.equal(model.sample(3, generator=seeded(1)), model.sample(3, generator=seeded(1)))
    assert not torch.equal(model.sample(3, generator=seeded(1)), model.sample(3, generator=seeded(2)))


@pytest.mark.parametrize("name", FAMILIES)
def test_saving_and_loading_changes_nothing(name: str, tmp_path):
    model = checkpoints.load(name, "cpu")
    copy = checkpoints.build(checkpoints.read_json(checkpoints.folder_of(name) / "config.json"))
    sha256 = checkpoints.save_weights(model, tmp_path / "model.safetensors", torch.float32)
    checkpoints.load_weights(copy, tmp_path / "model.safetensors", sha256=sha256)
    assert torch.equal(copy.eval().sample(3, generator=seeded()), model.sample(3, generator=seeded()))


def test_a_film_holds_every_step():
    images = [torch.full((2, 1, 28, 28), level) for level in (0.0, 0.5, 1.0)]
    steps = [Step(image, index, 3, caption=str(index), numbers={"i": index}) for index, image in enumerate(images)]
    payload = film(steps)
    assert payload["shape"] == [3, 2, 28, 28]
    frames = torch.frombuffer(bytearray(base64.b64decode(payload["frames"])), dtype=torch.uint8).view(3, -1)
    assert frames.unique(dim=1).flatten().tolist() == [0, 128, 255]
    assert payload["captions"] == ["0", "1", "2"]
    assert last(steps) is steps[-1]


def test_a_sampler_without_steps_is_an_error():
    with pytest.raises(ValueError, match="at least one step"):
        last([])
