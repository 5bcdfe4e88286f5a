"""Questions of the GAN's stage: images, planes, films, snapshots and searches are those of the models themselves."""

import base64
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.gan import GAN
from explorer.models.spherical import spherical_weights
from explorer.networks import checkpoints
from explorer.spaces.packing import to_bytes
from explorer.steps import last
from explorer.tabs.gan import cannot as gan_cannot
from explorer.tabs.gan import generate as gan_generate
from explorer.tabs.gan import learn as gan_learn
from explorer.tabs.gan import shared as gan_shared
from tests import tiny_nets

NET, STEPS = "gan-mnist", 12
ASK = {"net": NET, "seed": 7, "label": None}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tiny_nets.write_gans(tmp_path_factory.mktemp("nets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        patch.setattr(gan_cannot, "SEARCH_STEPS", STEPS)
        yield folder


@pytest.fixture(scope="module")
def model(nets: Path) -> GAN:
    return checkpoints.load(NET)


def rng(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(answer: dict) -> Tensor:
    """The images (n, 784) of an answer, as bytes."""
    return torch.frombuffer(bytearray(base64.b64decode(answer["x"])), dtype=torch.uint8).view(-1, 784)


def same(answer: dict, x: Tensor) -> None:
    """The images are these, but for a grey level where two batches round otherwise."""
    wanted = x.flatten(1).mul(255).round()
    assert images(answer).shape == wanted.shape and float((images(answer) - wanted).abs().max()) <= 1


@pytest.mark.parametrize("label", [None, 3])
def test_the_grid_is_the_models_own_sample_scored_as_its_classes(model: GAN, label: int | None):
    answer = gan_generate.generate.props(**ASK | {"label": label})
    wanted = None if label is None else torch.full((16,), label)
    step = last(model.sample_steps(16, generator=rng(), label=wanted))
    assert answer["x"] == to_bytes(step.x) and answer["labels"] == step.numbers["label"].tolist()
    assert answer["scores"] == pytest.approx(model.score(step.x, step.numbers["label"]).tolist(), abs=1e-4)
    assert label is None or set(answer["labels"]) == {label}


def test_another_seed_is_another_grid():
    assert gan_generate.generate.props(**ASK)["x"] != gan_generate.generate.props(**ASK | {"seed": 8})["x"]


@pytest.mark.parametrize(("u", "v", "corner"), [(0.0, 0.0, 2), (1.0, 0.0, 5), (0.0, 1.0, 11)])
@pytest.mark.parametrize("label", [None, 3])
def test_the_corners_of_the_plane_are_images_of_the_grid(u: float, v: float, corner: int, label: int | None):
    how = ASK | {"label": label}
    grid = gan_generate.generate.props(**how)
    answer = gan_generate.plane.props(**how, corners=(2, 5, 11), u=u, v=v)
    assert float((images(answer)[0].float() - images(grid)[corner].float()).abs().max()) <= 1
    assert answer["scores"] == pytest.approx([grid["scores"][corner]], abs=1e-3)


def test_inside_the_plane_codes_and_classes_are_mixed_alike(model: GAN):
    codes, drawn = gan_shared.grid_of(model, 7, None)
    answer = gan_generate.plane.props(**ASK, corners=(2, 5, 11), u=0.3, v=0.5)
    chosen, weights = [2, 5, 11], torch.tensor([0.2, 0.3, 0.5])
    z = weights @ codes[chosen]
    shares = torch.zeros(10)
    for label, weight in zip(drawn[chosen].tolist(), weights):
        shares[label] += weight
    same(answer, model.generate(z.unsqueeze(0), shares.unsqueeze(0)))
    assert answer["length"] == pytest.approx(float(z.norm()), abs=1e-4)


def test_beyond_the_third_side_a_class_has_no_negative_share(model: GAN):
    _, shares = gan_generate.mix(model, 7, None, (2, 5, 11), torch.tensor([[-0.6, 0.8, 0.8]]))
    labels = gan_shared.grid_of(model, 7, None)[1]
    assert float(shares.min()) == 0 and float(shares.sum()) == pytest.approx(1)
    only = {int(labels[5]), int(labels[11])}
    assert {index for index, share in enumerate(shares[0].tolist()) if share} == only


def test_the_sheet_is_the_plane_place_by_place():
    sheet = gan_generate.sheet.props(**ASK, corners=(2, 5, 11))
    assert sheet["side"] == 9 and images(sheet).shape == (81, 784) and len(sheet["scores"]) == 81
    for row, column in ((0, 0), (2, 5), (8, 8)):
        one = gan_generate.plane.props(**ASK, corners=(2, 5, 11), u=column / 8, v=row / 8)
        place = 9 * row + column
        assert float((images(one)[0].float() - images(sheet)[place].float()).abs().max()) <= 1
        assert one["scores"][0] == pytest.approx(sheet["scores"][place], abs=1e-3)


def test_the_film_between_two_images_turns_on_the_sphere(model: GAN):
    grid = gan_generate.generate.props(**ASK)
    answer = gan_generate.between.props(**ASK, pair=(4, 9))
    first, last_one = images(answer)[0].float(), images(answer)[-1].float()
    assert float((first - images(grid)[4].float()).abs().max()) <= 1
    assert float((last_one - images(grid)[9].float()).abs().max()) <= 1
    z = gan_shared.grid_of(model, 7, None)[0][[4, 9]].double()
    cosine = float(torch.nn.functional.cosine_similarity(*z, dim=0))
    assert answer["angle"] == pytest.approx(math.acos(cosine), abs=1e-6)
    lengths = z.norm(dim=-1)
    assert answer["lengths"][0] == pytest.approx(float(lengths[0]), abs=1e-4)
    assert answer["lengths"][-1] == pytest.approx(float(lengths[1]), abs=1e-4)
    assert min(answer["lengths"]) > 0.97 * float(lengths.min())  # a straight line would pass at 0.7 of it
    assert len(answer["scores"]) == len(answer["lengths"]) == gan_generate.GENERATE_PATH


def test_equal_steps_turn_by_equal_angles():
    a, b = torch.tensor([1.0, 0]).double(), torch.tensor([math.cos(2), math.sin(2)]).double()
    path = spherical_weights(2.0, torch.linspace(0, 1, 5, dtype=torch.float64)) @ torch.stack([a, b])
    torch.testing.assert_close(torch.atan2(path[:, 1], path[:, 0]), torch.linspace(0, 2, 5, dtype=torch.float64))
    same_place = spherical_weights(0.0, torch.tensor([0.5]).double()) @ torch.stack([a, a])
    torch.testing.assert_close(same_place[0], a)


def test_a_snapshot_draws_the_same_codes_with_its_own_weights(nets: Path):
    now = gan_generate.generate.props(**ASK)
    script = gan_learn.training.props(**ASK)
    before, after = (frame for _, frame in script.scenes())
    assert script.total == 2 and [after[key] for key in ("x", "scores")] == [now[key] for key in ("x", "scores")]
    kept = checkpoints.read_json(nets / NET / "snapshots" / "log.json")["snapshots"][0]
    other = checkpoints.build(checkpoints.read_json(nets / NET / "config.json")).eval()
    checkpoints.load_weights(other, nets / NET / "snapshots" / kept["file"], sha256=kept["sha256"])
    step = last(other.sample_steps(16, generator=rng()))
    same(before, step.x)
    scores = other.score(step.x, step.numbers["label"])
    assert before["scores"] == pytest.approx(scores.tolist(), abs=1e-3)
    assert before["names"] == [str(label) for label in now["labels"]] and before["x"] != now["x"]
    mean = f"{float(scores.mean()):.2f}".replace("-", "−")
    words = before["report"]["words"]
    assert words.startswith("Before the first image") and f"these sixteen {mean} on average" in words
    assert before["report"]["row"]["score of image 3"] == before["scores"][2]


@pytest.mark.parametrize("label", [None, 4])
def test_the_search_is_the_models_own_frame_by_frame(model: GAN, label: int | None):
    script = gan_cannot.search.props(**ASK | {"label": label}, picture=("test", 12, "mnist"))
    evaluations, frames = zip(*script.scenes())
    shown = [frame for frame in frames if frame]
    assert len(shown) == script.total and sum(evaluations) == script.evaluations
    assert script.evaluations == (STEPS + 1) * (1 + len(shown[0]["numbers"]["errors"][0]))
    x = data.bundled_images("mnist").images[12].view(1, 1, 28, 28).float() / 255
    wanted = None if label is None else torch.tensor([label])
    steps = [
        s
        for s in model.invert_steps(x, generator=rng(), label=wanted, steps=STEPS)
        if s.index % gan_cannot.STEPS_BETWEEN_FRAMES == 0
    ]
    assert [frame["index"] for frame in shown] == [step.index for step in steps]
    for frame, step in ((shown[0], steps[0]), (shown[-1], steps[-1])):
        assert frame["pictures"] == {"target": to_bytes(x), "left": to_bytes((step.x - x).abs())}
        assert frame["x"] == to_bytes(step.x) and frame["numbers"]["label"] == step.numbers["label"].tolist()
        for name in ("error", "errors"):
            assert np.array(frame["numbers"][name]) == pytest.approx(step.numbers[name].numpy(), abs=1e-5)
        score = float(model.score(step.x, step.numbers["label"]))
        assert frame["numbers"]["score"] == pytest.approx([score], abs=1e-4)
        left = (images(frame)[0] / 255 - x.flatten()).square().mean().sqrt()
        assert frame["numbers"]["error"] == pytest.approx([float(left)], abs=2e-3)
    assert shown[-1]["index"] == STEPS and shown[-1]["numbers"]["error"] < shown[0]["numbers"]["error"]


def test_a_network_without_snapshots_has_an_empty_history():
    assert len(checkpoints.snapshots_of(NET)["history"]) == 2
    assert checkpoints.snapshots_of("gan-fashion-mnist") == {"snapshots": [], "history": []}
