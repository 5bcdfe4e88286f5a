"""Four energies trained live: both parts of what each makes small, by autograd of the whole; and integrals."""

import pytest
import torch

from explorer.data.toys import TOYS
from explorer.measures import plane_energy as measured
from explorer.models.learning import LEARNING_SIGMA, PARTS, Learning, Rules, gradient, norm
from explorer.models.plane_energy import OBJECTIVES, PlaneEnergy, denoising, score_matching
from explorer.tabs.energy import live, objectives


def learning(seed: int = 0, **rules) -> Learning:
    return Learning(TOYS["moons"], Rules(**{"k": 2, "jumps": True} | rules), seed)


def test_the_four_begin_alike_and_the_same_seed_trains_the_same():
    one, again, other = learning(), learning(), learning(seed=1)
    first = [[*way.energy.parameters()] for way in one.ways.values()]
    assert all(torch.equal(a, b) for weights in first[1:] for a, b in zip(first[0], weights))
    for each in (one, again, other):
        each.step()
    ends = [torch.cat([p.flatten() for p in each.ways["pcd"].energy.parameters()]) for each in (one, again, other)]
    assert torch.equal(ends[0], ends[1]) and not torch.equal(ends[0], ends[2])


@pytest.mark.parametrize("way", ["sm", "dsm"])
def test_both_parts_of_a_score_matching_way_add_up_to_its_objective(way: str):
    lesson = learning()
    for _ in range(3):
        lesson.step()
    energy, x = lesson.ways[way].energy, TOYS["moons"].sample(64, torch.Generator().manual_seed(9))
    drawn = torch.Generator()
    drawn.set_state(lesson._batches.get_state())
    eps = torch.randn(x.shape, generator=drawn)
    parts = PARTS[way](lesson, lesson.ways[way], x)
    whole = score_matching(energy, x) if way == "sm" else denoising(energy, x, eps, LEARNING_SIGMA)
    found = [a + b for a, b in zip(*(gradient(part, energy) for part in parts))]
    for ours, true in zip(found, gradient(whole, energy)):
        torch.testing.assert_close(ours, true, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("way", ["cd", "pcd"])
def test_both_phases_are_those_of_data_and_of_negative_samples(way: str):
    lesson = learning()
    lesson.step()
    energy, x = lesson.ways[way].energy, TOYS["moons"].sample(64, torch.Generator().manual_seed(9))
    positive, negative = PARTS[way](lesson, lesson.ways[way], x)
    start, stop = lesson.ways[way].arrows
    assert torch.equal(positive, energy(x).mean())
    assert not torch.equal(start, stop)
    made = {"pcd": lambda: lesson.chains}.get(way)
    if made:
        torch.testing.assert_close(negative, -energy(made()).mean())


def test_a_step_follows_the_sum_of_both_phases():
    lesson = learning()
    lesson.step()
    for way in lesson.ways.values():
        pulled = [p.grad for p in way.energy.parameters()]
        assert norm(pulled) == pytest.approx(way.phases.both, rel=1e-6)
        ends = way.phases.positive, way.phases.negative
        assert abs(ends[0] - ends[1]) <= way.phases.both * (1 + 1e-6) <= sum(ends) * (1 + 2e-6)


def test_the_integrals_of_a_frame_are_those_of_the_card():
    torch.manual_seed(0)
    model = PlaneEnergy()
    for dataset in TOYS:
        (found, surface), true = objectives.evaluate(model.ways["cd"], dataset), measured.of_way(model, "cd", dataset)
        assert found["kl"] == pytest.approx(true["kl"], abs=5e-3)
        assert found["off"] == pytest.approx(true["shares_off"], abs=5e-3)
        assert float(surface.min()) == 0


def test_a_film_has_its_frames_and_is_bounded():
    script = live.learn_objectives.props("energy-moons", 1, False, 7, 300)
    scenes = script.scenes()
    frames = [frame for _, frame in (next(scenes) for _ in range(7)) if frame]
    assert [frame["step"] for frame in frames] == [0, 6] and script.total == 51
    _, frame = frames
    assert frame["phases"].keys() == frame["found"].keys() == frame["report"]["ways"].keys() == OBJECTIVES.keys()
    assert frames[1]["spans"]["dsm"] == [120, 160] and frames[1]["report"]["end"] == 300
    assert len(frames[1]["surfaces"]) == 4 * -(-(4 * objectives.OBJECTIVES_KEPT**2) // 3)
