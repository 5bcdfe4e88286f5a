"""A class presses the same button: waiting questions are answered in batches, and nobody notices."""

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from explorer.serving import work
from explorer.serving.desk import Desk
from explorer.tabs.autoregressive import generate as autoregressive_generate
from explorer.tabs.kit.ask.answers import heavy
from tests import tiny_nets
from tests.asking import wait_for, wait_until


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("nets"))))
        yield


def together(ask, questions: list[dict]) -> list[dict]:
    async def a_class() -> list[dict]:
        return await asyncio.gather(*map(ask, questions))

    return wait_for(a_class())


def floats(text: str) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32)


def question(net: str, seed: int, **other) -> dict:
    return {"net": net, "seed": seed, "count": 1, "label": None, "temperature": 1, "order": 0} | other


def test_visitors_who_wait_share_a_batch_and_get_their_own_images():
    questions = [question("pixelcnn-mnist", seed, label=seed % 10, temperature=0.5 + 0.2 * seed) for seed in range(6)]
    questions += [question("pixelcnn-mnist", 50, count=16), question("made-mnist", 3, order=2)]
    alone = [autoregressive_generate.generate.props(**each) for each in questions]
    sizes = []

    def many(asked: list[dict]) -> list[dict]:
        wait_until(lambda: len(sizes) > 0 or len(shared._jobs) == len(questions))  # the first round waits for everybody
        sizes.append(len(asked))
        return autoregressive_generate.draw_together(asked)

    shared = Desk()
    batch = replace(autoregressive_generate.TOGETHER, function=many)
    ask = heavy(autoregressive_generate.generate.plain, batch=batch, desk=shared)
    found = together(ask, questions)
    assert sum(sizes) == len(questions)
    assert len(sizes) <= 3, "the first round, then one of each network for all who came meanwhile"
    for one, other in zip(alone, found, strict=True):
        assert other["values"] == one["values"] and other["order"] == one["order"]
        log_prob, expected = (floats(each["log_prob"]) for each in (other, one))
        torch.testing.assert_close(log_prob, expected, rtol=1e-3, atol=1e-3)


def test_a_round_takes_no_more_than_there_is_room_for():
    sizes = []

    def many(asked: list[dict]) -> list[dict]:
        sizes.append(sum(each["count"] for each in asked))
        return [{"seed": each["seed"]} for each in asked]

    batch = replace(autoregressive_generate.TOGETHER, function=many, most=16)
    ask = heavy(autoregressive_generate.generate.plain, batch=batch, desk=Desk())
    found = together(ask, [question("pixelcnn-mnist", seed, count=16) for seed in range(5)])
    assert [each["seed"] for each in found] == list(range(5))
    assert sizes == [16] * 5


def test_one_question_that_cannot_be_answered_spoils_no_other():
    ask = heavy(autoregressive_generate.generate.plain, batch=autoregressive_generate.TOGETHER, desk=Desk())
    found = together(ask, [question("made-mnist", seed, label=4 if seed == 1 else None) for seed in range(4)])
    assert "without labels" in found[1]["error"]
    assert all(len(base64.b64decode(found[seed]["values"])) == 784 for seed in (0, 2, 3))
    assert "without labels" in wait_for(ask(question("made-mnist", 1, label=4)))["error"]


def test_who_comes_when_the_line_is_full_is_told_so_at_once():
    items = []

    def many(asked: list[dict]) -> list[dict]:
        wait_until(lambda: len(items) == 2)
        return [{"seed": each["seed"]} for each in asked]

    batch = replace(autoregressive_generate.TOGETHER, function=many, most=4)
    ask = heavy(autoregressive_generate.generate.plain, batch=batch, desk=Desk(waiting=3))

    async def visit(asked: dict) -> dict:
        answered = await ask(asked)
        items.extend([answered] if "error" in answered else [])
        return answered

    found = together(visit, [question("pixelcnn-mnist", seed) for seed in range(6)])
    assert [each.get("error") for each in found] == [None] * 4 + [work.BUSY] * 2
    assert wait_for(ask(question("pixelcnn-mnist", 9))) == {"seed": 9}
