"""Server functions of the text tab: what they draw and say is what the model says, and bad input is refused."""

import base64
import itertools
import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.models.text_diffusion import TextDiffusion
from explorer.models.transformer import Transformer
from explorer.networks import checkpoints
from explorer.spaces import TEXT
from explorer.tabs.text import exercises as text_exercises
from explorer.tabs.text import shared as text_shared
from explorer.tabs.text import tab as text_tab
from explorer.tabs.text import unmask as text_unmask
from explorer.tabs.text.attention import ATTENTION_READ
from explorer.tabs.text.exercises import SPEECH
from explorer.tabs.text.tab import TAB
from tests.asking import wait_for, watched

NGRAM = "ngram-shakespeare"
ASK = {each.__name__: each for each in text_tab.TAB.functions}
GOOD = {"net": NGRAM, "seed": 7, "prompt": "ROMEO:\n", "length": 100, "temperature": 1, "top_k": 65, "top_p": 1}
LOOK = {"read": SPEECH, "layer": 3, "head": 4}
FILM = {"seed": 7, "order": "random", "steps": 8, "temperature": 1, "again": []}
GAPS = {"text": "To be ____ not", "seed": 7, "order": "random", "steps": 4, "temperature": 1}


def text_of(frame: dict) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(frame["x"])), dtype=torch.uint8).long()


@pytest.fixture
def diffusion(monkeypatch: pytest.MonkeyPatch) -> TextDiffusion:
    torch.manual_seed(0)  # the desk remembers films, so each test has the same network
    model = TextDiffusion(width=16, layers=1, heads=2, context=128).eval()
    load = checkpoints.load
    monkeypatch.setattr(checkpoints, "load", lambda net: model if net == text_shared.DIFFUSION else load(net))
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


def test_a_single_gap_is_told_as_one():
    say = text_shared.Filled(masked=1)
    before, after = say("", 1, 0.0), say("a", 0, -1.0)
    assert before.caption.startswith("1 character is masked;")
    assert after.words.startswith("The masked character is drawn, ")


def test_the_film_of_unmasking_is_what_the_model_samples_and_ends_without_a_mask(diffusion: TextDiffusion):
    for order in ("random", "left", "confident"):
        wanted = FILM | {"order": order}
        begun, frames, _ = wait_for(watched(ASK, "unmask", wanted))
        assert (text_of(frames[0]) == TEXT.size).all()
        assert [int(frame["time"]) for frame in frames] == [*range(128, -1, -16)] and len(frames) == begun["total"]
        drawn = diffusion.sample(1, generator=torch.Generator().manual_seed(7), steps=8, order=order)[0]
        assert (text_of(frames[-1]) == drawn).all() and (drawn < TEXT.size).all()
        fresh = [place for frame in frames[1:] for place in frame["numbers"]["new"][0]]
        assert sorted(fresh) == [*range(128)] and (fresh == sorted(fresh)) == (order == "left")


def test_a_seed_draws_the_same_text_again_and_another_one_does_not(diffusion: TextDiffusion):
    ends = [
        text_of(list(text_unmask.unmask.props(**_taken(FILM | {"seed": seed})).scenes())[-1][1]) for seed in (7, 7, 8)
    ]
    assert (ends[0] == ends[1]).all() and (ends[0] != ends[2]).any()


def _taken(wanted: dict) -> dict:
    return wanted | {"again": tuple(wanted["again"])}


def test_characters_that_are_masked_again_are_drawn_given_all_the_others(diffusion: TextDiffusion):
    again = [3, 90, 40]
    whole = text_of(wait_for(watched(ASK, "unmask", FILM))[1][-1])
    begun, frames, _ = wait_for(watched(ASK, "unmask", FILM | {"again": again, "steps": 8}))
    assert [int(frame["time"]) for frame in frames] == [3, 2, 1, 0] and begun["total"] == 4
    start, end = text_of(frames[0]), text_of(frames[-1])
    assert (start == TEXT.size).nonzero()[:, 0].tolist() == sorted(again) and (end < TEXT.size).all()
    kept = torch.ones(128, dtype=torch.bool).index_fill(0, torch.tensor(again), False)
    assert (start[kept] == whole[kept]).all() and (end[kept] == whole[kept]).all()
    place = frames[-1]["numbers"]["new"][0][0]
    masked = torch.arange(128).unsqueeze(0) == place
    p = diffusion.log_probs(end.unsqueeze(0), masked)[0, place]
    assert frames[-1]["numbers"]["log_prob"][0] == pytest.approx(float(p), abs=1e-4)


def test_one_masked_character_is_told_in_the_singular():
    found = [text_shared.Filled(1), text_shared.Unmasked(1, order="random", total=1)]
    for each in found:
        assert each("", 1, 0.0).caption.startswith("1 character is masked")
    assert text_shared.Filled(1)("", 1, 0.0).words.startswith("1 character is masked. ")
    assert found[0]("a", 0, -1.0).words.startswith("The masked character is drawn, given the text on both sides.")
    few = text_shared.Filled(2, steps=0)
    assert "; 1 is masked." in few("a", 1, -1.0).words and few("b", 0, -1.0).words.startswith("All 2 masked ch")


def test_the_cost_of_a_finished_text_is_that_of_the_transformer(diffusion: TextDiffusion):
    _, frames, _ = wait_for(watched(ASK, "unmask", FILM))
    x = text_of(frames[-1]).unsqueeze(0)
    cost = -checkpoints.load(text_exercises.TRANSFORMER).log_prob(x) / 128
    assert frames[-1]["numbers"]["judged"] == pytest.approx(float(cost), abs=1e-4)
    assert not any("judged" in frame["numbers"] for frame in frames[:-1])


def test_the_tour_says_of_the_orders_what_was_measured():
    rows = checkpoints.read_json(checkpoints.folder_of(text_shared.DIFFUSION) / "card.json")["samples"]["rows"]
    nats = {(row.get("order"), row.get("steps")): row["value"] for row in rows if row["name"] == "judged"}
    assert nats["random", 8] < nats["confident", 8] and nats["confident", 128] < nats["random", 128]


def attended(**wanted) -> tuple[dict, torch.Tensor]:
    """The answer about a head, and its weights (T, T)."""
    answer = wait_for(ASK["attention"](LOOK | wanted))
    weights = np.frombuffer(base64.b64decode(answer["weights"]), np.float16).reshape(2 * [len(answer["text"])])
    return answer, torch.from_numpy(weights.astype(np.float32))


def bits_without(layer: int, head: int, text: str) -> torch.Tensor:
    """The bits of each character if the part of a head in the sum of its layer is zero, by a hook of its own."""
    model: Transformer = checkpoints.load(text_exercises.TRANSFORMER)
    attention = model.trunk.blocks[layer - 1].attention

    def without(_: nn.Module, given: tuple[Tensor]) -> tuple[Tensor]:
        parts = given[0].unflatten(-1, (attention.heads, -1)).clone()
        parts[:, :, head - 1] = 0
        return (parts.flatten(-2),)

    x = TEXT.codes(text).unsqueeze(0)
    hook = attention.out.register_forward_pre_hook(without)
    try:
        with torch.no_grad():
            log_p = model.trunk(torch.cat([torch.tensor([[TEXT.size]]), x[:, :-1]], dim=1)).log_softmax(-1)
    finally:
        hook.remove()
    return -log_p[0, torch.arange(x.shape[1]), x[0]] / math.log(2)


@pytest.mark.parametrize(("layer", "head"), [(1, 1), (2, 3), (4, 4)])
def test_a_row_of_attention_sums_to_one_and_sees_nothing_to_the_right(layer: int, head: int):
    _, weights = attended(layer=layer, head=head)
    assert weights.sum(-1) == pytest.approx(1, abs=4e-3)  # of up to 96 rounded to 16 bits
    assert (weights.triu(1) == 0).all() and (weights >= 0).all() and weights[0, 0] == 1
    assert weights.max(-1).values.mean() > 0.2
    cut = len(SPEECH) // 2
    _, other = attended(layer=layer, head=head, read=SPEECH[:cut] + "z" * (len(SPEECH) - cut))
    assert (other[: cut + 1] == weights[: cut + 1]).all() and (other[cut + 1] != weights[cut + 1]).any()


def test_a_row_is_the_softmax_of_query_times_key_worked_out_by_hand():
    _, weights = attended(layer=1, head=2)
    trunk, t = checkpoints.load(text_exercises.TRANSFORMER).trunk, 40
    symbols = torch.cat([torch.tensor([TEXT.size]), TEXT.codes(SPEECH)[:-1]])
    block = trunk.blocks[0]
    q, k, _ = (block.attention_norm(trunk.embedding(symbols)) @ block.attention.qkv.weight.T).chunk(3, dim=-1)
    width = q.shape[-1] // block.attention.heads
    q, k = (each[:, width : 2 * width].unflatten(-1, (2, -1)) for each in (q, k))  # a pair: coordinates j, j + D_h / 2
    turned = [torch.view_as_complex(each.transpose(1, 2).contiguous()) for each in (q, k)]
    theta = 10_000 ** (-2 * torch.arange(width // 2) / width)
    q, k = (each * torch.polar(torch.ones(len(symbols), width // 2), _angles(len(symbols), theta)) for each in turned)
    scores = (q[t] * k[: t + 1].conj()).real.sum(-1) / width**0.5
    assert weights[t, : t + 1].tolist() == pytest.approx(scores.softmax(-1).tolist(), abs=1e-3)


def _angles(length: int, theta: torch.Tensor) -> torch.Tensor:
    return torch.arange(length).unsqueeze(-1) * theta


@pytest.mark.parametrize(("layer", "head"), [(2, 4), (3, 1), (4, 4)])
def test_what_a_head_costs_is_the_difference_of_the_losses_without_and_with_it(layer: int, head: int):
    answer, _ = attended(layer=layer, head=head)
    whole = -checkpoints.load(text_exercises.TRANSFORMER).conditionals(TEXT.codes(SPEECH).unsqueeze(0))[0] / math.log(2)
    without = bits_without(layer, head, SPEECH)
    assert answer["bits"]["with"] == pytest.approx(whole.tolist(), abs=1e-3)
    assert answer["bits"]["without"] == pytest.approx(without.tolist(), abs=2e-3)
    costs = answer["costs"]
    assert costs[layer - 1][head - 1] == pytest.approx(float((without - whole).mean()), abs=1e-4)


def test_the_presets_and_the_tour_of_attention_are_true_of_the_network():
    costs = torch.tensor(attended()[0]["costs"])
    assert costs.argmax() == 2 * 4 + 3, "layer 3, head 4 costs most"
    assert costs[1, 2] < 0.01, "layer 2, head 3 is of no use"
    shares = {}
    for layer, head in itertools.product(range(1, 6), range(1, 5)):
        _, weights = attended(layer=layer, head=head)
        looked = [("▸" + SPEECH)[int(place)] for place in weights.argmax(-1)]
        shares[layer, head] = looked.count("\n") / len(SPEECH)
    breaks = shares.pop((3, 1))
    assert breaks > 0.45 and max(shares.values()) < 0.2, "layer 3, head 1 alone looks at line breaks"


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
        ("attention", {"read": "a" * (ATTENTION_READ + 1)}, "must have 1 to 200 characters"),
        ("attention", {"read": "<b>"}, "does not know “<”"),
        ("attention", {"layer": 6}, "the layer must be one of 1, 2, 3, 4, 5"),
        ("attention", {"read": ""}, "must have 1 to 200 characters"),
        ("unmask", {"again": [128]}, "each of the characters that are masked again must be a number from 0 to 127"),
        ("unmask", {"steps": 7}, "the number of steps must be one of"),
        ("surprise", {"words": "é"}, "does not know “é”"),
        ("surprise", {"words": 3}, "must have 1 to 500 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(diffusion: TextDiffusion, name: str, wrong: dict, said: str):
    good = {"generate": GOOD, "fill": GAPS, "attention": LOOK, "unmask": FILM}.get(name, {})
    assert said in wait_for(ASK[name](good | wrong))["error"]


def test_every_preset_sets_what_the_address_knows():
    known = {field.key: field for field in TAB.fields}
    for panel in TAB.panels.values():
        for _, patch in panel.tries:
            for key, value in patch.items():
                assert value is None or known[key].check(value) == (tuple(value) if isinstance(value, list) else value)
