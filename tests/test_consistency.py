"""The consistency model: its boundary, what it learns from, and how it jumps."""

from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from explorer.measures.consistency import teacher_paths
from explorer.models.consistency import Consistency, Paths
from explorer.models.diffusion import Diffusion
from explorer.models.solvers import sample_steps
from explorer.steps import last
from tests.test_samplers import rng

SMALL = {"channels": (8, 8, 16), "embedding": 16}
LABEL = torch.zeros(8, dtype=torch.long)


@pytest.fixture(scope="module")
def teacher() -> Diffusion:
    torch.manual_seed(0)
    model = Diffusion(**SMALL)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


@pytest.fixture(scope="module")
def paths(teacher: Diffusion) -> Paths:
    return teacher_paths(teacher, 6, 20, 0.5, rng())


@pytest.fixture
def student(teacher: Diffusion, paths: Paths) -> Consistency:
    model = Consistency(**SMALL)
    model.learn_from(teacher, paths)
    return model.eval()


def images(n: int = 4) -> Tensor:
    return torch.rand(n, 1, 28, 28, generator=rng(5))


def test_at_time_0_a_jump_stays_where_it_is(student: Consistency):
    assert torch.equal(student.jump(images(), 0), images())


def test_it_begins_as_the_teachers_guess(student: Consistency, teacher: Diffusion):
    x, label = torch.randn(4, 1, 28, 28, generator=rng()), torch.tensor([1, 2, 3, 10])
    for t in (1, 300, 1000):
        guess = teacher.schedule.predict_x0(x, teacher.predict_noise(x, t, label), t, clip=False)
        torch.testing.assert_close(student.jump(x, t, label), guess, rtol=1e-3, atol=1e-3 if t < 1000 else 2e-2)


def test_the_paths_are_no_part_of_the_student(student: Consistency, teacher: Diffusion, paths: Paths):
    assert {name.split(".")[0] for name in student.state_dict()} == {"network"}
    student.network.head.weight.data.add_(1)
    assert not torch.equal(student.network.head.weight, teacher.network.head.weight)
    assert deepcopy(student).paths is paths


def test_the_paths_are_the_teachers_and_some_have_no_label(teacher: Diffusion, paths: Paths):
    """That each step is that of diffusers' solver is held by the tests of the solvers."""
    assert paths.times[0] == 1000 and paths.times[-1] == 0 and len(paths.times) == 21
    label = paths.label[:1]
    way = sample_steps(teacher, "dpm", 1, generator=rng(), steps=20, label=label, x_t=paths.x[:1, 0].float())
    torch.testing.assert_close(last(way).numbers["x_t"], paths.x[:1, -1].float(), rtol=0, atol=0.02)
    many = teacher_paths(teacher, 400, 1, 0.25, rng()).label
    assert 0.15 < float((many == teacher.classes).float().mean()) < 0.35
    assert set(many.tolist()) == {*range(11)}


def test_a_point_between_two_that_are_kept_lies_on_a_step_of_ddim(paths: Paths):
    which = torch.arange(6)
    for place, t in enumerate(paths.times[:-1]):
        found = paths.at(which, torch.full((6,), t))
        torch.testing.assert_close(found, paths.x[:, place].float(), rtol=0, atol=1e-6)
    high, low = paths.x[:, 3].double(), paths.x[:, 4].double()
    a, b, c = (float(paths.schedule.alphas_cumprod[t]) for t in (850, 800, 817))
    eps = (low / b**0.5 - high / a**0.5) / ((1 / b - 1) ** 0.5 - (1 / a - 1) ** 0.5)
    wanted = paths.schedule.ddim_step(high, eps, 850, 817, torch.zeros_like(high), clip=False)
    torch.testing.assert_close(paths.at(which, torch.full((6,), 817)).double(), wanted, rtol=1e-3, atol=1e-4)
    mixed = paths.at(torch.tensor([2, 5]), torch.tensor([1000, 817]))
    torch.testing.assert_close(mixed[1].double(), wanted[5], rtol=1e-3, atol=1e-4)


def test_who_knows_the_ends_of_the_paths_has_no_loss(student: Consistency, monkeypatch: pytest.MonkeyPatch):
    """All paths here end in one image, whatever they pass: who says so is right, and the mean with x_t is not."""
    image = 2 * images(1) - 1
    through = torch.randn(5, 21, 1, 28, 28, generator=rng())
    through[:, -1] = image
    student.paths = replace(student.paths, x=through.half(), label=LABEL[:5])

    def loss() -> float:
        return float(student.training_loss(images(8), {}, generator=rng(), label=LABEL))

    monkeypatch.setattr(student, "jump", lambda x_t, t, label: image.half().float().expand_as(x_t))
    assert loss() == pytest.approx(0, abs=1e-6)
    monkeypatch.setattr(student, "jump", lambda x_t, t, label: (image + x_t) / 2)
    assert loss() > 1


def test_what_is_taught_is_a_jump_for_the_label_of_its_path(student: Consistency, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def look(x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        asked.append((x_t, t, label))
        return x_t

    monkeypatch.setattr(student, "jump", look)
    student.training_loss(images(64), {}, generator=rng(), label=torch.full((64,), 3))
    ((x_t, t, label),) = asked
    assert int(t.min()) >= 1 and int(t.max()) <= 1000 and len(set(t.tolist())) > 50
    for point, time, said in zip(x_t[:8], t[:8], label[:8]):
        where = student.paths.at(torch.arange(6), time.expand(6))
        near = (where - point).abs().flatten(1).amax(1)
        assert float(near.min()) < 1e-6 and said == student.paths.label[near.argmin()]


def test_the_loss_teaches_the_student(student: Consistency):
    student.requires_grad_(True)
    student.training_loss(images(), {}, generator=rng(), label=torch.arange(4)).backward()
    moved = [parameter.grad for parameter in student.parameters() if parameter.grad is not None]
    assert moved and any(float(each.abs().sum()) > 0 for each in moved)


def test_one_evaluation_is_a_jump_from_the_noise_and_more_go_on_from_new_noise(student: Consistency):
    noise, label = student.noise(2, rng(1)), torch.tensor([3, 5])
    one = student.sample(2, generator=rng(2), steps=1, x_t=noise, label=label)
    assert torch.equal(one, student.to_space(student.jump(noise, 1000, label).clamp(-1, 1)))
    steps = list(student.sample_steps(2, generator=rng(2), steps=4, x_t=noise, label=label))
    assert [(int(step.numbers["t"]), step.time) for step in steps] == [(1000, 750), (750, 500), (500, 250), (250, 0)]
    assert torch.equal(steps[0].pictures["x0"], one) and not torch.equal(steps[-1].x, one)
    other = last(student.sample_steps(2, generator=rng(3), steps=4, x_t=noise, label=label))
    assert not torch.equal(steps[-1].x, other.x)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 101}, {"label": torch.tensor([3, 11])}])
def test_bad_input_is_said_in_words(student: Consistency, wrong: dict):
    with pytest.raises(ValueError, match="must be"):
        student.sample(2, generator=rng(), **wrong)
