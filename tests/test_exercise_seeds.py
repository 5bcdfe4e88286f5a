"""Every exercise with many seeds: one answer is right, and neither a typical mistake nor a hint gives it."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal

from explorer.lessons import exercises
from explorer.lessons.exercises import Choice, Draw, Exercise, Number, Setting, Task
from explorer.tabs.kit.layout import fields as kit
from tests.test_exercises import EACH, KNOWN, TABS, every, initial

SEEDS = (*range(1, 400), kit.SEEDS.low, kit.SEEDS.high)
STAGED = {SEEDS[0], SEEDS[-1]}
"""The seeds with which a stage is asked for its answers, which takes a server's time."""
SAID = re.compile(r"(?<![\w.])−?\d[\d,]*(?:\.\d+)?")
X = torch.linspace(-12, 12, 1_201, dtype=torch.float64)


def numbers_in(*texts: str) -> Iterator[tuple[str, float]]:
    """The numbers in texts as they are written, and as they are read."""
    for found in SAID.findall(" ".join(texts)):
        yield found, float(found.replace("−", "-").replace(",", ""))


NETWORK = {"in-use", "cheaper", "one-clock", "mistake", "cheap"}
"""Exercises of which every draw asks a network, or all cards."""
FEW = (*SEEDS[:100], SEEDS[-1])


@cache
def tasks(exercise: Exercise) -> Sequence[tuple[int, Task]]:
    """An exercise with each of the seeds."""
    return [(seed, exercise.task(seed)) for seed in (FEW if exercise.name in NETWORK else SEEDS)]


def first(exercise: Exercise, seed: int) -> Any:
    """The exercise as a seed draws it at first."""
    return exercise.make(Draw(exercise.name, seed))


LIVE = {"rate-fails", "gan-wins", "vae-beats-flow"}
"""They train at every question; in the core each is answered once, where any right answer is taken."""


@pytest.mark.parametrize(
    ("tab", "exercise"),
    [
        pytest.param(*each.values, id=each.id, marks=pytest.mark.deep if each.values[1].name in LIVE else ())
        for each in EACH
    ],
)
def test_one_answer_is_right_and_the_worked_answer_has_it(tab: Any, exercise: Exercise):
    for seed, task in tasks(exercise):
        if isinstance(task, Number):
            assert task.check(task.answer)[0]
            assert any(task.check(value)[0] for _, value in numbers_in(*task.worked)), (seed, task.answer, task.worked)
        elif isinstance(task, Choice):
            choices = task.to_props()["choices"]
            assert len(set(choices)) == len(choices) == len(task.order)
            right = [place for place in range(len(choices)) if task.check(place)[0]]
            assert right == [task.answer] and choices[task.answer] == task.right
        elif seed in STAGED:
            right, said = task.check(task.solved)
            assert right, (seed, said)
            assert not task.check(initial(tab, exercise))[0], seed


@every
def test_no_number_is_both_right_and_a_typical_mistake(tab: Any, exercise: Exercise):
    for seed, task in tasks(exercise):
        for value, _ in getattr(task, "slips", ()):
            for typed in (value - task.within, value, value + task.within):
                right, said = task.check(typed)
                assert not right, (seed, task.answer, value)
                fitting = [why for slip, why in task.slips if task.takes(typed, slip)]
                assert all(why in said for why in fitting), (seed, typed, "one of several mistakes was named alone")
            assert any(said.endswith(why) for _, why in task.slips)


@every
def test_no_hint_gives_the_answer(tab: Any, exercise: Exercise):
    for seed, task in tasks(exercise):
        if isinstance(task, Number):
            asked = {written for written, _ in numbers_in(task.question)}
            items = [(written, value) for written, value in numbers_in(*task.hints) if written not in asked]
            given = [written for written, value in items if "." in written and task.check(value)[0]]
            assert not given, (seed, task.answer, task.hints)
        elif isinstance(task, Choice):
            assert not any(text.rstrip(".").lower() in hint.lower() for hint in task.hints for text in (task.right,))
        elif isinstance(task, Setting):
            solved = {f"{each:g}" for each in task.solved.values() if isinstance(each, float) and each % 1}
            assert not solved & {written for written, _ in numbers_in(*task.hints)}, (seed, task.hints)


@every
def test_what_is_drawn_again_is_seldom_and_the_rest_stays_as_it_was_drawn(tab: Any, exercise: Exercise):
    if exercise.kind != "number":
        return
    again = [seed for seed, _ in tasks(exercise) if not first(exercise, seed).is_fair]
    assert len(again) < len(tasks(exercise)) / 2, "so a hundred draws are enough"
    for seed, task in tasks(exercise):
        assert (task.given != first(exercise, seed).given) == (seed in again)


def test_a_file_of_answers_is_checked_by_the_numbers_that_were_drawn_again():
    by_name = {each.name: each for each in TABS["discrete-diffusion"].exercises}
    exercise, found = by_name["unmasked"], 0
    for seed in range(1, 400):
        before, task = first(exercise, seed), exercise.task(seed)
        if before.is_fair:
            continue
        found += 1
        for answer, right in ((task.answer, True), (9, False)):
            kept = {"tab": "discrete-diffusion", "exercise": "unmasked", "answer": answer}
            assert [each.right for each in exercises.recheck({"seed": seed, "answers": [kept]}, KNOWN)] == [right]
    assert found > 50


def test_an_exercise_whose_slip_is_always_right_is_refused_in_a_sentence():
    task = Number("1 + 1?", 2, 0.1, ["Count."], ["2."], {}, slips=[(2.05, "Nearly.")])
    hopeless = Exercise("hopeless", "Hopeless", "number", "", lambda draw: task)
    with pytest.raises(RuntimeError, match="hopeless: a slip gives the right answer"):
        hopeless.task(1)


def reverse_kl(p: MixtureSameFamily, place: Tensor) -> Tensor:
    """KL(q ‖ p) by an integral; `place` is the mean and the log-width of q."""
    log_q = Normal(place[0], place[1].exp()).log_prob(X)
    return (log_q.exp() * (log_q - p.log_prob(X))).sum() * (X[1] - X[0])


def least(p: MixtureSameFamily, mean: float, width: float) -> tuple[float, float]:
    """End of Newton's method with backtracking: the divergence and the mean of q."""
    place = torch.tensor([mean, width], dtype=torch.float64)
    place[1] = place[1].log()
    optimiser = torch.optim.LBFGS([place.requires_grad_()], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = reverse_kl(p, place)
        loss.backward()
        return loss

    optimiser.step(closure)
    bent = torch.autograd.functional.hessian(lambda at: reverse_kl(p, at), place.detach())
    assert torch.linalg.eigvalsh(bent).min() > 0, "a minimum, and no saddle"
    place = place.detach()
    return float(reverse_kl(p, place)), float(place[0])


def test_of_the_minima_of_the_reverse_kl_the_one_on_the_larger_mode_is_global_and_a_wide_one_is_local():
    task = next(each for each in TABS["foundations"].exercises if each.name == "which-kl").task(1)
    assert all(each in task.question for each in ("60 %", "40 %", "−2.5", "2.5", "0.7"))
    weights, places = torch.tensor([0.6, 0.4]).double(), torch.tensor([-2.5, 2.5]).double()
    p = MixtureSameFamily(Categorical(weights), Normal(places, torch.tensor(0.7).double()))
    starts = [(mean, width) for mean in (-4.0, -2.5, 0.5, 2.5, 4.0) for width in (0.5, 1.5, 3.0)]
    ends = sorted({(round(value, 3), round(mean, 2)) for value, mean in (least(p, *start) for start in starts)})
    assert [value for value, _ in ends] == pytest.approx([0.51, ends[1][0], ends[2][0]], abs=0.005)
    assert ends[0][1] == pytest.approx(-2.5, abs=0.05), "on the larger mode"
    wide = [(value, mean) for value, mean in ends if abs(mean) < 1]
    assert len(wide) == 1 and wide[0][0] > ends[0][0], "over both: a local minimum, and not the lowest"


def test_which_kl_asks_for_the_global_minimum_and_takes_the_right_one():
    exercise = next(each for each in TABS["foundations"].exercises if each.name == "which-kl")
    asked = set()
    for _, task in tasks(exercise):
        forward = "smallest KL(p ‖ q)" in task.question
        asked.add(forward)
        assert "global minimum" in task.question and forward != ("smallest KL(q ‖ p)" in task.question)
        assert task.right.startswith("It spreads over both" if forward else "It lies on the larger mode")
    assert asked == {True, False}
