"""A class clicks at the same moment: every visitor gets the answer that one alone would get."""

import asyncio
import base64
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from explorer.networks import checkpoints
from explorer.serving.desk import Desk
from explorer.serving.work import Lane
from explorer.tabs.autoregressive import tab as autoregressive_tab
from explorer.tabs.kit.ask.answers import answer, light
from explorer.tabs.vae import tab as vae_tab
from tests.asking import wait_for

VISITORS = 8
ASK = {
    ask.__name__: ask.plain
    for ask in (*vae_tab.TAB.functions, *autoregressive_tab.TAB.functions)
    if hasattr(ask, "plain")
}
MODEL = {"dataset": "mnist", "beta": 1.0}
NET = {"net": "pixelcnn-mnist", "label": None, "order": 0}
BLANK = base64.b64encode(bytes(784)).decode()
QUESTIONS: dict[str, Callable[[int], dict]] = {
    "probe": lambda visitor: {**MODEL, "z": [math.cos(visitor), math.sin(visitor)]},
    "encode": lambda visitor: {**MODEL, "image": {"test": visitor}, "seed": visitor},
    "sample": lambda visitor: {**MODEL, "seed": visitor},
    "trace": lambda visitor: {**NET, "picture": {"test": visitor, "set": "mnist"}},
    "receptive": lambda visitor: {**NET, "picture": {"test": visitor, "set": "mnist"}, "pixel": 200 + visitor},
    "resume": lambda visitor: {**NET, "seed": visitor, "index": 1, "temperature": 3, "pixels": BLANK, "known": 765},
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
def test_everybody_who_asks_at_once_gets_the_answer_that_one_alone_would_get(name: str):
    questions = [QUESTIONS[name](visitor) for visitor in range(VISITORS)]
    alone = [wait_for(light(ASK[name], desk=Desk())(question)) for question in questions]
    ask = answer(ASK[name], Lane("four", workers=4), desk=Desk())

    async def a_class() -> list[dict]:
        return await asyncio.gather(*map(ask, questions))

    together = wait_for(a_class())
    assert not [found["error"] for found in together if "error" in found]
    assert [_numbers(found) for found in together] == [
        pytest.approx(_numbers(found), rel=1e-2, abs=1e-3) for found in alone
    ]
    assert all(_numbers(found) for found in together) or name == "sample"
    assert len({str(found) for found in together}) == VISITORS


def _numbers(found: dict) -> dict[str, float]:
    numbers = {key: value for key, value in found.items() if isinstance(value, float) and key != "seconds"}
    if "gradient" in found:
        gradient = torch.frombuffer(bytearray(base64.b64decode(found["gradient"])), dtype=torch.float32)
        numbers |= {"most": float(gradient.max()), "sum": float(gradient.sum())}
    return numbers
