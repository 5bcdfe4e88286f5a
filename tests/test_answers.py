"""Server functions: whatever a stranger sends, the answer is JSON and a sentence, never an exception."""

import asyncio
import base64
import json
import math
import threading
import time
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import data
from explorer.networks import checkpoints
from explorer.serving import desk, work
from explorer.serving.desk import Desk
from explorer.spaces.packing import pack_bits, unpack_bits
from explorer.tabs.autoregressive import tab as autoregressive_tab
from explorer.tabs.autoregressive.slow import time_cache
from explorer.tabs.kit.ask.answers import answer, heavy, light
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.vae.tab import MODES
from tests.asking import fields_asked, functions_of, wait_for
from tests.desks import ONE_WORKER

OWN = [*functions_of(autoregressive_tab.MODES), nearest]
OWN.remove(time_cache)


def waiting(function: Callable) -> Callable[[object], dict]:
    """A server function that can be called without an event loop."""
    return lambda argument: wait_for(function(argument))


SERVER_FUNCTIONS = functions_of(MODES)
FIELDS = fields_asked(SERVER_FUNCTIONS + OWN)
ASK = {function.__name__: waiting(function) for function in SERVER_FUNCTIONS}
GOOD = {
    "dataset": "mnist",
    "beta": 1.0,
    "z": [0.3, -1.2],
    "image": {"test": 12},
    "picture": {"test": 12},
    "seed": 7,
    "index": 0,
    "pixels": "bits",
    "tap": 5,
}
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", [name for name in ASK if name != "gaps"])  # which are tested for themselves
def test_a_good_question_is_answered_in_json(name: str):
    answer = ASK[name](GOOD)
    assert "error" not in answer
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("name", ASK)
def test_a_plain_autoencoder_answers_or_says_why_it_cannot(name: str):
    answer = ASK[name](GOOD | {"beta": 0})
    assert "error" not in answer
    json.dumps(answer, allow_nan=False)
    if name in ("posterior", "fit"):
        assert "plain autoencoder" in answer["cannot"]


named = st.dictionaries(st.sampled_from(["test", "bits", "pixels", "kind", "set", "seed"]), anything, max_size=3)


@settings(max_examples=150)
@given(key=st.sampled_from(sorted(FIELDS)), value=anything | named)
def test_nonsense_in_one_place_is_refused_with_a_sentence(key: str, value):
    try:
        hash(FIELDS[key].check(value))  # answers are remembered by it
    except ValueError as error:
        assert len(str(error)) > 10


@pytest.mark.parametrize("argument", [None, [], "x", 3, {}, {"dataset": "cifar"}])
def test_what_is_no_question_is_refused_with_a_sentence(argument):
    for ask in ASK.values():
        assert len(ask(argument)["error"]) > 10


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 101, "1", True, None])
def test_a_beta_out_of_range_is_refused(value):
    assert "β must be a number from 0 to 100" in ASK["probe"](GOOD | {"beta": value})["error"]


def test_a_desk_has_as_many_threads_as_it_was_given():
    def threads(seed: Seed) -> dict:
        return {"threads": torch.get_num_threads()}

    for count in (1, 2, 1):
        assert waiting(light(threads, threads=count, desk=Desk()))({"seed": 1}) == {"threads": count}


def test_our_own_fault_is_owned_up_to():
    def broken(seed: Seed) -> dict:
        raise KeyError("inside")

    assert waiting(light(broken))({"seed": 1}) == {"error": work.BROKEN}


def test_a_failure_is_not_remembered():
    calls = []

    def broken_once(seed: Seed) -> dict:
        calls.append(seed)
        if len(calls) == 1:
            raise RuntimeError("only now")
        return {"seed": seed}

    ask = waiting(light(broken_once))
    assert ask({"seed": 1}) == {"error": work.BROKEN}
    assert ask({"seed": 1}) == ask({"seed": 1}) == {"seed": 1}
    assert calls == [1, 1]


def slowly(calls: list[int]) -> tuple[Callable, threading.Event]:
    """A function that answers only once it is let go."""
    go = threading.Event()

    def slow(seed: Seed) -> dict:
        calls.append(seed)
        go.wait(20)
        return {"seed": seed}

    return slow, go


def test_who_would_wait_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desk, "WAIT_SECONDS", 0.05)
    slow, go = slowly([])
    assert waiting(light(slow, desk=Desk()))({"seed": 1}) == {"error": work.BUSY}
    go.set()


def test_a_full_line_turns_away_at_once_and_the_same_question_is_worked_on_once():
    calls: list[int] = []
    slow, go = slowly(calls)
    ask = answer(slow, ONE_WORKER, desk=Desk(waiting=2))

    async def a_class() -> list[dict]:
        asked = [asyncio.create_task(ask({"seed": seed})) for seed in [1] * 60 + [2, 3, 4, 5]]
        start = time.monotonic()
        done, _ = await asyncio.wait(asked, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        assert done and time.monotonic() - start < 4
        go.set()
        return await asyncio.gather(*asked)

    found = wait_for(a_class())
    assert found[:60] == [{"seed": 1}] * 60
    assert found[60:] == [{"seed": 2}, {"seed": 3}, {"error": work.BUSY}, {"error": work.BUSY}]
    assert sorted(calls) == [1, 2, 3]


def test_slow_questions_do_not_hold_up_quick_ones():
    def quick_one(seed: Seed) -> dict:
        return {"quick": seed}

    slow, go = slowly([])
    house = Desk()
    slowly_answered, quick = heavy(slow, desk=house), light(quick_one, desk=house)

    async def a_class() -> dict:
        held = [asyncio.create_task(slowly_answered({"seed": seed})) for seed in range(60)]
        first = await asyncio.wait_for(quick({"seed": 1}), 10)
        go.set()
        await asyncio.gather(*held)
        return first

    assert wait_for(a_class()) == {"quick": 1}


def test_bits_survive_the_journey():
    x = data.bundled_binary_images("mnist")[7]
    assert torch.equal(unpack_bits(base64.b64decode(pack_bits(x))).view_as(x), x)


def test_the_same_seed_draws_the_same_noise():
    once, again, other = (ASK["encode"](GOOD | {"seed": seed}) for seed in (7, 7, 8))
    assert once["eps"] == again["eps"] != other["eps"]
    for z, mu, sigma, eps in zip(*(once[key] for key in ("z", "mu", "sigma", "eps"))):
        assert z == pytest.approx(mu + sigma * eps, abs=1e-5)


@pytest.mark.parametrize("beta", [0.1, 1.0, 10.0])
def test_autograd_agrees_with_the_formulas(beta: float):
    gradients = ASK["encode"](GOOD | {"beta": beta})["gradients"]
    for part in ("mu", "sigma"):
        assert gradients["autograd"][part] == pytest.approx(gradients["formula"][part], rel=1e-3, abs=1e-3)


def test_the_gaps_add_up():
    answer = ASK["fit"](GOOD)
    whole = answer["amortised"] + answer["amortisation_gap"] + answer["family_gap"]
    assert whole == pytest.approx(answer["log_px"], abs=1e-6)
    assert answer["amortisation_gap"] > 0 and answer["family_gap"] > -0.01


def test_a_snapshot_is_encoded_by_its_own_weights():
    kept = checkpoints.read_json(checkpoints.folder_of("beta-vae-mnist") / "snapshots" / "log.json")["snapshots"]
    first, last = (ASK["snapshot"](GOOD | {"index": index}) for index in (0, len(kept) - 1))
    codes = [torch.frombuffer(bytearray(base64.b64decode(a["mu"])), dtype=torch.float16) for a in (first, last)]
    assert codes[0].abs().mean() < 0.1 * codes[1].abs().mean()
    with torch.no_grad():
        mean = checkpoints.load("beta-vae-mnist", "cpu").encode(data.bundled_binary_images("mnist"), 1.0).mean
    torch.testing.assert_close(codes[1].float().view(-1, 2), mean, atol=3e-3, rtol=3e-3)
    assert "numbered from 0" in ASK["snapshot"](GOOD | {"index": 99})["error"]


def test_the_error_of_iwae_is_how_far_it_strays_from_seed_to_seed():
    result = ASK["encode"](GOOD)
    model, x = (
        checkpoints.load("beta-vae-mnist", "cpu"),
        data.bundled_binary_images("mnist")[GOOD["image"]["test"]].unsqueeze(0),
    )
    seeds = (torch.Generator().manual_seed(seed) for seed in range(1, 31))
    with torch.no_grad():
        found = torch.stack([model.iwae(x, GOOD["beta"], result["iwae_k"], generator=seed) for seed in seeds])
    assert result["iwae_se"] == pytest.approx(float(found.std()), rel=0.6)
    assert abs(result["iwae"] - float(found.mean())) < 4 * result["iwae_se"]
