"""Server functions of the text tab: what they draw and say is what the model says, and bad input is refused."""

import base64
import math

import pytest
import torch

from explorer import checkpoints
from explorer.models.text_diffusion import TextDiffusion
from explorer.spaces import TEXT
from explorer.tabs.text import server
from explorer.tabs.text.tab import TAB
from tests.asking import wait_for, watched

NGRAM = "ngram-shakespeare"
ASK = {each.__name__: each for each in server.SERVER_FUNCTIONS}
GOOD = {"net": NGRAM, "seed": 7, "prompt": "ROMEO:\n", "length": 100, "temperature": 1, "top_k": 65, "top_p": 1}
GAPS = {"text": "To be ____ not", "seed": 7, "order": "random", "steps": 4, "temperature": 1}


def text_of(frame: dict) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(frame["x"])), dtype=torch.uint8).long()


@pytest.fixture
def diffusion(monkeypatch: pytest.MonkeyPatch) -> TextDiffusion:
    model = TextDiffusion(width=16, layers=1, heads=2, context=128).eval()
    load = checkpoints.load
    monkeypatch.setattr(checkpoints, "load", lambda net: model if net == server.DIFFUSION else load(net))
    return model


def test_a_text_is_what_the_model_draws_and_each_bar_is_its_prediction():
    _, frames, _ = wait_for(watched(ASK, "generate", GOOD))
    model, prefix = checkpoints.load(NGRAM), TEXT.codes(GOOD["prompt"]).unsqueeze(0)
    drawn = model.sample(1, generator=torch.Generator().manual_seed(7), length=100, prefix=prefix)
    assert len(frames) == 100 - len(GOOD["prompt"])
    assert (text_of(frames[-1]) == drawn[0]).all()
    log_p = model.log_probs(drawn)[0]
    for frame in frames[::20]:
        place, numbers = int(frame["time"]), frame["numbers"]
        codes, p = numbers["codes"][0], numbers["p"][0]
        assert codes[-1] == int(drawn[0, place])
        assert p == pytest.approx(log_p[place].exp()[codes].tolist(), abs=1e-3)
        assert numbers["log_prob"][0] == pytest.approx(float(log_p[place, codes[-1]]), abs=1e-2)


def test_another_character_changes_what_follows_and_nothing_before_it():
    """The random numbers stay, so a beginning that ends with the drawn character changes nothing."""
    whole = text_of(wait_for(watched(ASK, "generate", GOOD))[1][-1])
    same = wait_for(watched(ASK, "generate", GOOD | {"prompt": TEXT.text(whole[:40])}))[1]
    assert (text_of(same[-1]) == whole).all()
    other = wait_for(watched(ASK, "generate", GOOD | {"prompt": TEXT.text(whole[:39]) + "Q"}))[1]
    changed = text_of(other[-1]) != whole
    assert not changed[:39].any() and changed[40:].any()


def test_a_gap_is_filled_and_the_rest_is_kept(diffusion: TextDiffusion):
    _, frames, _ = wait_for(watched(ASK, "fill", GAPS))
    assert [int(frame["time"]) for frame in frames] == [4, 3, 2, 1, 0]
    assert TEXT.text(text_of(frames[0])) == GAPS["text"]
    filled = TEXT.text(text_of(frames[-1]))
    assert filled.startswith("To be ") and filled.endswith(" not") and "_" not in filled


def test_surprise_is_what_the_conditionals_say():
    answer = wait_for(ASK["surprise"]({"words": "To be, or not"}))
    x = TEXT.codes("To be, or not").unsqueeze(0)
    by_order = -checkpoints.load(NGRAM).conditionals_by_order(x)[:, 0] / math.log(2)
    assert [each["bits"] for each in answer["orders"]] == [pytest.approx(row.tolist(), abs=1e-3) for row in by_order]
    ngram = next(each for each in answer["models"] if each["title"] == "N-grams")
    assert ngram["bits"] == answer["orders"][-1]["bits"]


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("generate", {"prompt": "naïve"}, "does not know “ï”"),
        ("generate", {"prompt": "a" * 201}, "must have 0 to 200 characters"),
        ("generate", {"prompt": "a" * 100}, "nothing is left to draw"),
        ("generate", {"temperature": 0}, "the temperature must be a number from 0.1 to 2"),
        ("generate", {"net": "beta-vae-mnist"}, "the network must be one of"),
        ("fill", {"text": "whole"}, "nothing is left to fill in"),
        ("fill", {"text": ""}, "must have 1 to 128 characters"),
        ("surprise", {"words": "é"}, "does not know “é”"),
        ("surprise", {"words": 3}, "must have 1 to 500 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(diffusion: TextDiffusion, name: str, wrong: dict, said: str):
    good = {"generate": GOOD, "fill": GAPS, "surprise": {}}[name]
    assert said in wait_for(ASK[name](good | wrong))["error"]


def test_every_preset_sets_what_the_address_knows():
    known = {field.key: field for field in TAB.fields}
    for panel in TAB.panels.values():
        for _, patch in panel.tries:
            for key, value in patch.items():
                assert value is None or known[key].check(value) == value
