"""*Three ways*: three networks on one clock, with exact log p and re-ranking; a network that is missing says so."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from explorer.data.captions import parse, tokens_of
from explorer.measures import word_drawing
from explorer.models.rerank import best_of_each, share_of_best
from explorer.models.scene_judge import SceneJudge, answers_of
from explorer.models.words_read import judge_log_probs
from explorer.networks import checkpoints
from explorer.spaces import COLOUR
from explorer.tabs.words import drawers, networks
from explorer.tabs.words.drawers import WAYS
from explorer.tabs.words.tab import list_nets
from explorer.tabs.words.ways import OF_EACH, WAYS_CLOCK, draw_ways, rerank
from tests.test_findings import assert_short

CAT = "a yellow cat on grass"
SIZE = {"width": 16, "heads": 2, "blocks": 1}
NEEDED = ("autoencoder-scenes", "vqvae-scenes", "judge-scenes")


def write(folder: Path, name: str) -> None:
    """A tiny network of random weights, as a checkpoint."""
    config = {"family": name, "dataset": "scenes", "model": SIZE, "training": {}}
    torch.manual_seed(3)
    model = checkpoints.build(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    sha256 = checkpoints.save_weights(model, folder / name / "model.safetensors", torch.float32)
    checkpoints.write_json(folder / name / "config.json", config)
    checkpoints.write_json(folder / name / "card.json", {"sha256": sha256, "training": {}})


@pytest.fixture
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a folder of the real codecs and judge, and of tiny drawers of these names."""

    def make(*names: str) -> Path:
        for name in NEEDED:
            (tmp_path / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
        for name in names:
            write(tmp_path, name)
        monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
        return tmp_path

    return make


ALL = [way.net for way in WAYS.values()]


def film(prompt: str = CAT) -> list[dict]:
    return [frame for _, frame in draw_ways.plain(prompt, 7).scenes()]


def test_every_way_ends_at_its_own_sample_and_has_done_the_same_share_at_each_frame(nets):
    nets(*ALL)
    script = draw_ways.plain(CAT, 7)
    costs, frames = zip(*script.scenes(), strict=True)
    assert len(frames) == script.total == WAYS_CLOCK and sum(costs) == script.evaluations
    x = COLOUR.decode(frames[-1]["x"]).unflatten(0, (3, OF_EACH))
    tokens = torch.tensor(tokens_of(CAT.split())).expand(OF_EACH, -1)
    for drawn, way in zip(x, WAYS.values(), strict=True):
        few = {} if way.key == "order" else {"steps": way.steps}
        sample = way.model().sample(
            OF_EACH, generator=torch.Generator().manual_seed(7), tokens=tokens, guidance=way.guidance, **few
        )
        assert torch.equal(drawn, COLOUR.decode(COLOUR.encode(sample)))
    for k, frame in enumerate(frames):
        for column, way in zip(frame["report"]["columns"], WAYS.values(), strict=False):
            step = -(-(k + 1) * way.steps // WAYS_CLOCK)
            assert column["facts"][:2] == [f"step {step} of {way.steps}", f"{2 * step} evaluations"]


def test_log_p_is_the_sum_over_the_drawn_tokens_in_order_and_others_say_why_they_have_none(nets):
    nets(*ALL)
    last = film()[-1]["report"]
    model, tokens = drawers.ordered(), torch.tensor(tokens_of(CAT.split())).expand(OF_EACH, -1)
    u = torch.rand(OF_EACH, 144, generator=torch.Generator().manual_seed(7))
    *_, (z, _) = model.token_steps(u, tokens, word_drawing.own_guidance(model))
    with torch.no_grad():
        wanted = [
            sum(float(model.logits(z, model.trunk.read(tokens))[k, i].log_softmax(-1)[z[k, i]]) for i in range(144))
            for k in range(OF_EACH)
        ]
    rows = [row for row in last["row"] if row["way"] == "Tokens in order"]
    assert rows[0]["log p of the tokens"] == pytest.approx(sum(wanted) / OF_EACH, rel=1e-4)
    diffusion, order, parallel, gan = last["columns"]
    assert all(each["more"].endswith("nats") for each in order["readings"])
    for column in (diffusion, parallel):
        assert column["facts"][-1].startswith("log p: cannot, because")
    assert gan["why"].startswith("No network was trained, because") and gan["facts"] == []


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (ALL[:1], "Two of three ways are not trained yet."),
        (ALL[:2], "One of three ways is not trained yet."),
        (ALL, " times as long as "),
    ],
)
def test_a_network_that_is_missing_says_so_and_the_others_draw(nets, here: list[str], said: str):
    nets(*here)
    last = film()[-1]["report"]
    text = last["numbers"][0][1]
    assert said in text
    assert_short(text)
    missing = [column["title"] for column in last["columns"] if column["why"] == networks.WORDS_UNTRAINED]
    assert missing == [way.title for way in WAYS.values() if way.net not in here]
    assert COLOUR.decode(film()[-1]["x"]).shape[0] == OF_EACH * len(here)
    assert {each.name for each in list_nets()} == {*networks.WORDS_NETS, networks.ORDERED, *here}
    answer = rerank.plain(CAT, 7, "parallel", 2)
    assert (answer.view["images"] is None) == (networks.PARALLEL not in here)
    assert answer.words


def test_a_damaged_network_is_named_and_the_others_draw(nets):
    folder = nets(*ALL)
    (folder / "words-tokens" / "model.safetensors").write_bytes(b"damaged")
    last = film()[-1]["report"]
    assert "model.safetensors" in last["columns"][1]["why"] and "not trained" in last["numbers"][0][1]
    assert drawers.ordered() is None


def test_the_share_of_the_best_is_the_mean_over_all_subsets():
    generator = torch.Generator().manual_seed(1)
    scores = torch.randn(7, generator=generator).tolist()
    right = [bool(each) for each in torch.randint(2, (7,), generator=generator)]
    for n in range(1, 8):
        picked = [right[max(each, key=scores.__getitem__)] for each in itertools.combinations(range(7), n)]
        assert share_of_best(scores, right, n) == pytest.approx(sum(picked) / len(picked))
    assert share_of_best(scores, right, 1) == pytest.approx(sum(right) / 7)
    table = torch.tensor([[0.0, 2.0, 3.0], [5.0, 1.0, 9.0]])
    assert best_of_each(table, 2).tolist() == [1, 0] and best_of_each(table, 3).tolist() == [2, 2]


def test_the_judges_score_is_the_log_p_of_the_answers_of_a_caption():
    judge = checkpoints.load("judge-scenes")
    assert isinstance(judge, SceneJudge)
    x = torch.rand(3, 3, 48, 48, generator=torch.Generator().manual_seed(0))
    captions = [parse("a red cat on sky"), parse("two cats left of a dog on grass")]
    found = judge_log_probs(judge, x, captions)
    with torch.no_grad():
        logits = judge(x)
    for k, caption in enumerate(captions):
        wanted = sum(
            torch.distributions.Categorical(logits=each).log_prob(torch.tensor(answer))
            for each, answer in zip(logits, answers_of(caption), strict=True)
            if answer >= 0
        )
        torch.testing.assert_close(found[:, k], wanted)


def test_the_shown_pictures_have_the_highest_scores_of_their_groups(nets, monkeypatch: pytest.MonkeyPatch):
    nets(*ALL)
    answer = rerank.plain(CAT, 7, "diffusion", 4)
    scores = torch.tensor([row["score"] for row in answer.table.rows]).view(OF_EACH, 4)
    right = [row["right"] for row in answer.table.rows]
    shown = COLOUR.decode(answer.view["images"])
    judge = checkpoints.load("judge-scenes")
    again = judge_log_probs(judge, shown, [parse(CAT)])[:, 0]
    torch.testing.assert_close(again, scores.amax(1), atol=0.5, rtol=0.05)  # pictures are rounded to bytes
    for row, n in zip(answer.bars["rows"], (1, 2, 4), strict=True):
        assert row["share"] == pytest.approx(share_of_best(scores.flatten().tolist(), right, n))
    assert "picks and judges" in answer.words and json.dumps(answer.to_props()["bars"])


def test_a_prompt_that_is_no_caption_is_drawn_but_not_ranked(nets):
    nets(*ALL)
    assert "no whole caption" in rerank.plain("red", 7, "diffusion", 2).words
    readings = film("red")[-1]["report"]["columns"][0]["readings"]
    assert all(each["right"] is None for each in readings)
