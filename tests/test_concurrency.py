"""A class clicks at the same moment: every visitor gets the answer that one alone would get."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from explorer import checkpoints
from explorer.tabs.vae_server import SERVER_FUNCTIONS

VISITORS = 16
ASK = {function.__name__: function for function in SERVER_FUNCTIONS}
MODEL = {"dataset": "mnist", "beta": 1.0}
SLOW = {"encode": 6}
QUESTIONS: dict[str, Callable[[int], dict]] = {
    "probe": lambda visitor: {**MODEL, "z": [math.cos(visitor), math.sin(visitor)]},
    "encode": lambda visitor: {**MODEL, "image": {"test": visitor}, "seed": visitor},
    "sample": lambda visitor: {**MODEL, "seed": visitor},
}


def test_threads_do_not_disturb_each_others_derivatives():
    model = checkpoints.load("beta-vae-mnist")
    places = [torch.tensor([math.cos(visitor), math.sin(visitor)]) for visitor in range(VISITORS)]
    places = [place.to(next(model.parameters()).device) for place in places]
    alone = [model.stretch(place, 1.0)[0] for place in places]
    with ThreadPoolExecutor(VISITORS) as pool:
        together = list(pool.map(lambda place: model.stretch(place, 1.0)[0], places))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(other, one, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", QUESTIONS)
def test_everybody_who_asks_at_once_is_answered(name: str):
    visitors = SLOW.get(name, VISITORS)
    with ThreadPoolExecutor(visitors) as pool:
        answers = list(pool.map(ASK[name], [QUESTIONS[name](visitor) for visitor in range(visitors)]))
    assert not [answer["error"] for answer in answers if "error" in answer]
    assert len({str(answer) for answer in answers}) == visitors
