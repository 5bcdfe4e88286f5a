"""The consistency model: its boundary, what it learns from, and how it jumps."""

import pytest
import torch
from torch import Tensor

from explorer.models.consistency import Consistency
from explorer.models.diffusion import Diffusion
from explorer.steps import last
from tests.test_samplers import seeded

SMALL = {"channels": (8, 8, 16), "embedding": 16}
RECIPE = {"hops": [5, 10], "epoch": 1.5, "label_dropout": 0.0}


@pytest.fixture(scope="module")
def teacher() -> Diffusion:
    torch.manual_seed(0)
    model = Diffusion(**SMALL)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


@pytest.fixture
def student(teacher: Diffusion) -> Consistency:
    model = Consistency(**SMALL)
    model.learn_from(teacher)
    return model.eval()


def images(n: int = 4) -> Tensor:
    return torch.rand(n, 1, 28, 28, generator=seeded(5))


def test_at_time_0_a_jump_stays_where_it_is(student: Consistency):
    assert torch.equal(student.jump(images(), 0), images())


def test_it_begins_as_the_teachers_guess(student: Consistency, teacher: Diffusion):
    x, label = torch.randn(4, 1, 28, 28, generator=seeded()), torch.tensor([1, 2, 3, 10])
    for t in (1, 300, 1000):
        guess = teacher.schedule.predict_x0(x, teacher.predict_noise(x, t, label), t, clip=False)
        torch.testing.assert_close(student.jump(x, t, label), guess, rtol=1e-3, atol=1e-3 if t < 1000 else 2e-2)


def test_the_teacher_is_no_part_of_the_student(student: Consistency, teacher: Diffusion):
    assert {name.split(".")[0] for name in student.state_dict()} == {"network"}
    student.network.head.weight.data.add_(1)
    assert not torch.equal(student.network.head.weight, teacher.network.head.weight)


def test_the_neighbour_is_the_teachers_step_of_ddim(student: Consistency, teacher: Diffusion):
    x, label = torch.randn(3, 1, 28, 28, generator=seeded()), torch.tensor([4, 5, 6])
    times, to = torch.tensor([1000, 450, 60]), torch.tensor([900, 350, 0])
    found = student.taught(x, times, to, label)
    for index, (t, s) in enumerate(zip(times.tolist(), to.tolist())):
        one, y = x[index : index + 1], label[index : index + 1]
        eps = teacher.predict_noise(one, t, y)
        wanted = teacher.schedule.ddim_step(one, eps, t, s, torch.zeros_like(one))
        torch.testing.assert_close(found[index : index + 1], wanted, rtol=1e-4, atol=1e-4)


def test_who_says_the_same_all_along_a_path_has_no_loss(student: Consistency, monkeypatch: pytest.MonkeyPatch):
    """Where all data are one image, every path ends there: who says so is right, and the mean with x is not."""
    image = 2 * images(1).expand(8, -1, -1, -1) - 1

    def knows(x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        alpha = student.schedule.alpha(t, x_t)
        return (x_t - alpha.sqrt() * image) / (1 - alpha).sqrt()

    def loss() -> float:
        given = {"generator": seeded(), "label": torch.zeros(8, dtype=torch.long)}
        return float(student.training_loss((image + 1) / 2, RECIPE, **given))

    monkeypatch.setattr(student.teacher[0], "predict_noise", knows)
    monkeypatch.setattr(student, "jump", lambda x_t, t, label: image)
    assert loss() == pytest.approx(0, abs=1e-6)
    monkeypatch.setattr(student, "jump", lambda x_t, t, label: (image + x_t) / 2)
    assert loss() > 1


def test_only_the_first_of_two_neighbours_is_taught(student: Consistency):
    student.requires_grad_(True)
    label = torch.arange(4)
    student.training_loss(images(), RECIPE, generator=seeded(), label=label).backward()
    moved = [parameter.grad for parameter in student.parameters() if parameter.grad is not None]
    assert moved and any(float(each.abs().sum()) > 0 for each in moved)
    assert all(parameter.grad is None for parameter in student.teacher[0].parameters())


def test_hops_grow_shorter_with_the_epochs(student: Consistency, monkeypatch: pytest.MonkeyPatch):
    gaps = []

    def look(x_t: Tensor, t: Tensor, s: Tensor, label: Tensor) -> Tensor:
        gaps.append(int((t - s).max()))
        return x_t

    monkeypatch.setattr(student, "taught", look)
    for epoch in (0.5, 1.0, 7.0):
        given = {"generator": seeded(), "label": torch.zeros(32, dtype=torch.long)}
        student.training_loss(images(32), RECIPE | {"epoch": epoch}, **given)
    assert gaps == [200, 100, 100]


def test_one_evaluation_is_a_jump_from_the_noise_and_more_go_on_from_new_noise(student: Consistency):
    noise, label = student.noise(2, seeded(1)), torch.tensor([3, 5])
    one = student.sample(2, generator=seeded(2), steps=1, x_t=noise, label=label)
    assert torch.equal(one, student.shown(student.jump(noise, 1000, label).clamp(-1, 1)))
    steps = list(student.sample_steps(2, generator=seeded(2), steps=4, x_t=noise, label=label))
    assert [(int(step.numbers["t"]), step.time) for step in steps] == [(1000, 750), (750, 500), (500, 250), (250, 0)]
    assert torch.equal(steps[0].pictures["x0"], one) and not torch.equal(steps[-1].x, one)
    other = last(student.sample_steps(2, generator=seeded(3), steps=4, x_t=noise, label=label))
    assert not torch.equal(steps[-1].x, other.x)


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 101}, {"label": torch.tensor([3, 11])}])
def test_bad_input_is_said_in_words(student: Consistency, wrong: dict):
    with pytest.raises(ValueError, match="must be"):
        student.sample(2, generator=seeded(), **wrong)
