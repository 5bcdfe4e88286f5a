"""*Which words?*: Bayes over one slot agrees with enumeration, paired errors with the formula, and slots are whole."""

import math
from pathlib import Path

import pytest
import torch

from explorer import verdicts
from explorer.data import SCENES
from explorer.data.captions import COLOUR_WORDS, GROUNDS, OBJECTS, RELATIONS, parse, tokens_of
from explorer.data.glyphs import TINTS
from explorer.measures import word_bayes
from explorer.models.words_diffusion import between
from explorer.models.words_read import (
    LEFT_WORDS,
    NO_COLOUR,
    candidates,
    diffusion_errors,
    posterior,
    token_log_probs,
    velocity_errors,
    word_of,
)
from explorer.models.words_tokens import WordsTokens
from explorer.networks import checkpoints
from explorer.spaces import COLOUR
from explorer.tabs.words import drawers, networks, reads
from explorer.tabs.words.reads import PAINTS, by_tokens, compared, painted, read_words, slot_in, words_with_slots
from tests.node import call
from tests.test_findings import assert_short
from tests.test_words_ways import ALL, nets  # noqa: F401

BOTH = parse("two red cats left of a dog on grass")


def ask(**changed: object):
    usual = {"example": 33, "of": "test", "prompt": "a red cat on grass", "seed": 7, "paint": None, "slot": "object-1"}
    return read_words.plain(**usual | changed)


@pytest.mark.parametrize(
    ("slot", "place", "words"),
    [
        ("object", 0, [name for name in OBJECTS if name != "dog"]),
        ("object", 1, [name for name in OBJECTS if name != "cat"]),
        ("colour", 1, [NO_COLOUR, *COLOUR_WORDS]),
        ("count", 0, ["a", "two", "three"]),
        ("relation", 0, [*RELATIONS]),
        ("ground", 0, [*GROUNDS]),
    ],
)
def test_every_word_of_a_slot_competes_and_the_rest_of_the_caption_stays(slot: str, place: int, words: list[str]):
    found = candidates(BOTH, slot, place)
    assert [each.word for each in found] == words
    assert len({str(each.caption) for each in found}) == len(words)
    for word, caption in found:
        assert word_of(caption, slot, place) == word
        for other, index in (("object", 0), ("object", 1), ("count", 1), ("colour", 0), ("ground", 0)):
            if (other, index) != (slot, place) and other != slot:
                assert word_of(caption, other, index) == word_of(BOTH, other, index)
    assert str(BOTH) in {str(each.caption) for each in found}


def test_bayes_is_the_share_of_the_likelihoods_by_enumeration():
    """A tiny network over 3 tokens of 2 codes: p(z | c) by a product of its conditionals, p(c | z) by hand."""
    torch.manual_seed(1)
    model = WordsTokens(codes=2, tokens=3, width=16, heads=2, blocks=2).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape))
    z, captions = torch.tensor([[1, 0, 1]]), [each.caption for each in candidates(BOTH, "ground")]
    likelihood = []
    for caption in captions:
        p, prompt = 1.0, model.trunk.read(torch.tensor([tokens_of(caption.words)]))
        for i in range(3):
            p *= float(model.logits(z, prompt)[0, i].softmax(-1)[z[0, i]].detach())
        likelihood.append(p)
    found = posterior(token_log_probs(model, z, captions).sum(1)).tolist()
    assert found == pytest.approx([p / sum(likelihood) for p in likelihood], rel=1e-4)
    assert max(found) - min(found) > 1e-3


def test_paired_errors_are_those_of_each_caption_alone_at_the_same_noise():
    model = checkpoints.load("words-diffusion")
    captions = [each.caption for each in candidates(BOTH, "ground")]
    generator = torch.Generator().manual_seed(0)
    latents, eps = torch.randn(1, 4, 12, 12, generator=generator), torch.randn(2, 4, 12, 12, generator=generator)
    t = torch.tensor([0.3, 0.8])
    found = velocity_errors(model, latents, captions, eps, t)
    with torch.no_grad():
        for k, caption in enumerate(captions):
            prompt = model.trunk.read(torch.tensor([caption.tokens] * 2))
            v = model.velocity(between(eps, latents, t), t, prompt)
            wanted = torch.nn.functional.mse_loss(v, latents - eps, reduction="none").sum((1, 2, 3))
            torch.testing.assert_close(found[:, k], wanted, rtol=1e-3, atol=1e-2)


def test_the_diffusion_leaves_few_words_in_the_order_of_their_errors():
    model = checkpoints.load("words-diffusion")
    captions = [each.caption for each in candidates(BOTH, "ground")]
    latents = torch.randn(1, 4, 12, 12, generator=torch.Generator().manual_seed(3))
    order, errors = diffusion_errors(model, latents, captions, torch.Generator().manual_seed(0))
    assert len(set(order)) == LEFT_WORDS and errors.mean(0).tolist() == sorted(errors.mean(0).tolist())


def test_paired_differences_are_compared_by_the_one_rule():
    base = 40 * torch.randn(26, 1, generator=torch.Generator().manual_seed(0)) + 500
    noise = torch.randn(26, 4, generator=torch.Generator().manual_seed(1))
    told = compared([0, 1, 2, 3], base + noise + torch.tensor([0.0, 9, 10, 11]))
    assert not told.is_tie and told.excess[0].value == pytest.approx(9, abs=1.5)
    same = base + noise
    assert compared([0, 1, 2, 3], same[:, same.mean(0).argsort()]).is_tie
    one = verdicts.of_values((noise[:, 1] - noise[:, 0] + 9).tolist())
    low, high = (float(each) for each in reads.interval(one)[1:-1].split(", "))
    half = float(torch.distributions.StudentT(25.0).sample((400_000,)).abs().quantile(0.95)) * one.se
    assert (high - low) / 2 == pytest.approx(half, rel=0.05)


def test_a_test_scene_is_read_by_the_diffusion_and_the_judge_as_its_caption_says():
    hits, n = {"diffusion": 0, "judge": 0}, 4
    scenes = SCENES.load("test")
    for example in range(n):
        answer = ask(example=example)
        said = scenes.layout(example).caption.phrases[0].object
        rows = {row["word"]: row for row in answer.table.rows}
        hits["diffusion"] += rows[said]["diffusion excess error"] == 0
        hits["judge"] += max(rows, key=lambda word: rows[word]["judge p"]) == said
        assert_short(answer.numbers[0].text)
    assert min(hits.values()) >= n - 1


def test_tokens_read_where_they_are_trained_and_the_evidence_adds_up_to_the_log_odds(nets):  # noqa: F811
    nets(*ALL)
    answer = ask()
    assert "by Bayes" in answer.numbers[0].text and answer.view["evidence"]
    assert sum(row["tokens p"] for row in answer.table.rows) == pytest.approx(1)
    captions = [each.caption for each in candidates(SCENES.load("test").layout(33).caption, "object")]
    found = by_tokens(SCENES.load("test")[33:34].pixels(), captions)
    assert float(found.evidence.sum()) == pytest.approx(math.log(found.p[0] / found.p[1]), abs=1e-3)
    assert [*found.p] == sorted(found.p, reverse=True)


def test_without_the_tokens_the_others_still_read_and_it_is_said(nets):  # noqa: F811
    nets(ALL[0])
    answer = ask()
    assert answer.numbers[0].text.startswith("The diffusion reads")
    assert networks.WORDS_UNTRAINED in answer.words and answer.view["evidence"] is None
    assert networks.WORDS_UNTRAINED in answer.view["lists"][0]["name"] and answer.view["lists"][0]["rows"] == []
    assert drawers.ordered() is None and reads.share_read() is None


def test_words_lead_to_their_slots_and_a_missing_slot_to_the_first_object():
    found = dict(words_with_slots(BOTH))
    assert found == {
        **{"two": "count-1", "red": "colour-1", "cats": "object-1", "left of": "relation", "a": "count-2"},
        **{"dog": "object-2", "on": None, "grass": "ground"},
    }
    single = parse("a cat on sky")
    for slot in ("object-2", "relation", "count-3"):
        assert slot_in(single, slot) == ("object", 0)
    assert slot_in(single, "ground")[0] == "ground" and slot_in(BOTH, "colour-2") == ("colour", 1)


def test_a_drawing_has_two_cells_a_byte_and_any_bytes_are_a_picture():
    cells = bytes([16 * 6 + 1] * 288)  # red and grey in turn
    x = painted(cells)
    assert x.shape == (1, *COLOUR.shape) and [*PAINTS][6] == "red" and [*PAINTS][1] == "grey"
    assert (255 * x[0, :, 0, 0]).round().tolist() == list(TINTS["red"])
    assert torch.equal(x[0, :, 0, 0], x[0, :, 1, 1]) and not torch.equal(x[0, :, 0, 0], x[0, :, 0, 2])
    assert painted(bytes([255] * 288)).isfinite().all() and painted(None).flatten(2).std(2).max() < 1e-6


def test_a_picture_that_was_made_is_the_first_of_prompt_and_no_caption_is_asked_for():
    x = COLOUR.decode(ask(of="made").view["x"])
    model, tokens = checkpoints.load("words-diffusion"), torch.tensor(tokens_of(["a", "red", "cat", "on", "grass"]))
    sample = model.sample(4, generator=torch.Generator().manual_seed(7), tokens=tokens.expand(4, -1))
    assert torch.equal(x, COLOUR.decode(COLOUR.encode(sample[:1])))
    assert ask(of="made", prompt="red").words == reads.NO_CAPTION


def test_the_rows_of_a_card_are_shares_of_test_scenes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(checkpoints, "RUNS", tmp_path)
    monkeypatch.setattr(word_bayes, "READ_SLOTS", ("ground",))
    right = {"always": lambda x, captions: 0, "judge": word_bayes.judge_reader(checkpoints.load("judge-scenes"))}
    rows = {row["by"]: row for row in word_bayes.read_rows(right, 12)}
    captions = [SCENES.load("test").layout(k).caption for k in range(12)]
    assert rows["always"]["value"] == sum(each.ground == GROUNDS[0] for each in captions) / 12
    assert rows["judge"]["value"] >= 11 / 12 and rows["judge"]["n"] == 12
    assert word_bayes.readings_by_words(torch.nn.Identity(), checkpoints.load("judge-scenes"), 0) == []


def test_the_browser_packs_the_cells_that_the_server_paints():
    cells = [k % len(PAINTS) for k in range(24 * 24)]
    bytes_of = [*call("words/paint.js", "packed", cells).values()]
    again = call("words/paint.js", "unpacked", bytes_of)
    assert again == cells and len(bytes_of) == 288
    x = (255 * painted(bytes(bytes_of))[0, :, ::2, ::2]).round().flatten(1).T.tolist()
    assert x == [list(map(float, [*PAINTS.values()][cell])) for cell in cells]
