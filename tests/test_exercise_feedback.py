"""Feedback of exercises on typical mistakes, each of which is computed here once more."""

import math

import numpy as np
import pytest

from tests.test_exercise_answers import exercise


def test_the_feedback_on_draws_of_the_prior_names_the_mistake_that_gives_the_number():
    for seed in range(60):
        task = exercise("vae-room", "prior-draws").task(seed)
        alone = 1 / task.given["share"]
        reasons = {
            sum([alone] * task.given["latents"]): "adds the draws that each latent takes alone",
            alone: "That is one latent",
        }
        assert task.answer == pytest.approx(math.prod([alone] * task.given["latents"]))
        for value, words in reasons.items():
            assert words in task.check(value)[1], (seed, value)


def test_the_feedback_on_precision_and_recall_names_every_mistake_that_gives_the_number():
    several = 0
    for seed in range(60):
        task = exercise("compare", "coverage").task(seed)
        real, made, asked = (task.given[name] for name in ("real", "samples", "asked"))
        shares = {"precision": within_reach(made, real), "recall": within_reach(real, made)}
        points, others = (made, real) if asked == "precision" else (real, made)
        mistakes = {
            "the other of the two": shares["recall" if asked == "precision" else "precision"],
            "the share out of reach": 1 - shares[asked],
            "need not be the same": sum(each in (real if asked == "precision" else made) for each in points)
            / len(points),
        }
        assert task.answer == pytest.approx(shares[asked])
        for value in mistakes.values():
            named = {words for words in mistakes if words in task.check(value)[1]}
            assert named == {words for words, each in mistakes.items() if abs(each - value) <= 0.005}, (seed, value)
            several += len(named) > 1
    assert several > 5


def within_reach(points: list[int], others: list[int]) -> float:
    x, y = np.array(points)[:, None], np.array(others)
    reach = np.sort(np.abs(y[:, None] - y), axis=1)[:, 1]
    return float((np.abs(x - y) <= reach).any(1).mean())
