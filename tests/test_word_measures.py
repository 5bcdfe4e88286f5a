"""Measures of scenes drawn from words: known-bad pictures, exchanged colours, boxes of objects, and maps of words."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from explorer.data import SCENES
from explorer.data.captions import parse, tokens_of
from explorer.data.held_out import grade
from explorer.data.scenes import Box, lay_out
from explorer.measures import word_drawing, word_maps, word_reading, words
from explorer.measures.common import mean_row
from explorer.measures.scene_judge import exchanged, readings, right, wrong_pictures
from explorer.measures.word_drawing import draw, kept_rows, weights_key
from explorer.measures.word_maps import concentration, drawn_with_maps, kind_of_word, map_rows, object_box
from explorer.measures.word_reading import PROMPT_KINDS, binding_captions, outcome, outcome_rows
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.scene_judge import SceneJudge, answers
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import checkpoints
from explorer.networks.card import find
from tests.test_words import randomised, rng

JUDGED = 60  # scenes
RECIPES = Path(__file__).parents[1] / "recipes"
BOTH = "a red cat left of a blue car on grass"


def wanted(text: str) -> list[int]:
    return answers(torch.tensor([parse(text).tokens]))[0].tolist()


@pytest.fixture(scope="module")
def judge() -> Iterator[SceneJudge]:
    """The trained judge, which ships with the recipes."""
    with pytest.MonkeyPatch.context() as patch:
        if not checkpoints.exists("judge-scenes"):
            patch.setenv("EXPLORER_PRETRAINED", str(RECIPES))
        yield checkpoints.load("judge-scenes")


@pytest.fixture(scope="module")
def tiny() -> WordsDiffusion:
    """A diffusion with random weights and a random autoencoder."""
    model = randomised(WordsDiffusion(width=16, heads=2, blocks=2))
    model.attach(randomised(SceneAutoencoder(channels=32)))
    return model


def test_real_scenes_reach_the_ceiling_of_the_judge_and_wrong_ones_do_not(judge: SceneJudge):
    for key in ("seen-1", "a-1", "d-2"):
        split = PROMPT_KINDS[key].scenes(JUDGED)[:]
        shares = right(readings(judge, split.pixels()), answers(split.labels))
        ceiling = find(checkpoints.card_of("judge-scenes"), "all", captions=key[:-2], phrases=int(key[-1]))["value"]
        assert float(shares["all"].mean()) >= ceiling - 0.08, key
    for fault, (x, labels) in wrong_pictures(JUDGED).items():
        found = right(readings(judge, x), answers(labels))
        assert float(found["all"].mean()) < 0.05, fault


def test_captions_of_a_kind_have_its_grade_and_phrases():
    for kind in PROMPT_KINDS.values():
        captions = [kind.scenes(10).layout(index).caption for index in range(10)]
        assert {len(each.phrases) for each in captions} == {kind.phrases}
        assert {grade(each) for each in captions} == {
            frozenset() if kind.captions == "seen" else frozenset(kind.captions)
        }
    beside = {key: kind.beside.key for key, kind in PROMPT_KINDS.items() if kind.beside}
    assert beside == {"a-1": "seen-1", "b-1": "seen-1", "c-1": "seen-1", "g-1": "seen-1"} | {
        "d-2": "seen-2",
        "e-2": "seen-2",
    }


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (BOTH, "right"),
        ("a blue car right of a red cat on sky", "right"),
        ("a blue car left of a red cat on sky", "right"),  # places are no matter of colours
        ("a blue cat left of a red car on grass", "exchanged"),
        ("a red car left of a blue cat on grass", "exchanged"),
        ("a red cat left of a red car on grass", "other"),
        ("a red cat left of a car on grass", "other"),
        ("a red cat left of a blue dog on grass", "missing"),
        ("a red cat on grass", "missing"),
        ("a bird above a red cat above a blue car on grass", "right"),
    ],
)
def test_whose_colour_is_whose(drawn: str, expected: str):
    assert outcome(wanted(drawn), wanted(BOTH)) == expected


def test_exchanged_colours_are_read_as_exchanged(judge: SceneJudge):
    x, labels = exchanged(2 * JUDGED)
    pairs = [(found, asked) for found, asked in zip(readings(judge, x).tolist(), answers(labels).tolist())]
    outcomes = [outcome(*pair) for pair in pairs]
    assert outcomes.count("right") == 0 and outcomes.count("exchanged") >= 0.9 * len(outcomes)
    rows = outcome_rows(outcomes, guidance=4.0)
    assert sum(each["value"] for each in rows) == pytest.approx(1)
    assert find({"rows": rows}, "binding", outcome="exchanged", guidance=4.0)["n"] == 2 * JUDGED


def test_prompts_of_bindings_have_two_single_objects_in_two_colours():
    captions = binding_captions(12)
    assert len({str(each) for each in captions}) == 12 and not [each for each in captions if grade(each)]
    for first, second in (each.phrases for each in captions):
        assert first.count == second.count == 1 and None not in (first.colour, second.colour)
        assert first.colour != second.colour


def test_the_box_of_an_object_is_the_one_that_it_was_drawn_in():
    """The glyph is cropped to what is not fully transparent; its faintest pixels are not told from the ground."""
    chance, away = random.Random(5), []
    for caption in word_maps.single_captions(40):
        layout = lay_out(caption, chance)
        found, true = object_box(torch.from_numpy(layout.draw()) / 255), layout.placed[0].box
        if found is None:
            continue  # a white object on white
        away.append(max(abs(found.x - true.x), abs(found.y - true.y), abs(found.width - true.width)))
    assert len(away) >= 36 and sum(away) / len(away) < 1.5 and sorted(away)[len(away) // 2] <= 1
    assert object_box(torch.full((3, 48, 48), 0.5)) is None


def test_even_attention_has_the_concentration_1_and_attention_in_the_box_that_of_its_area():
    box, inside = Box(8, 16, 16, 24), torch.zeros(6, 6)
    inside[2:5, 1:3] = 1
    assert concentration(torch.ones(6, 6), box) == pytest.approx(1)
    assert concentration(inside, box) == pytest.approx(48 * 48 / (16 * 24))
    assert concentration(1 - inside, box) == pytest.approx(0)
    assert concentration(torch.ones(6, 6), Box(3, 5, 21, 22)) == pytest.approx(1)  # of patches that it cuts, a part


def test_maps_are_those_of_the_network_that_draws(tiny: WordsDiffusion):
    """The scene is that of `sample`; the weights of a position add up to 1 over words; the filling has none."""
    tokens = torch.tensor([parse("a red cat on sky").tokens, parse(BOTH).tokens])
    for guidance in (1.0, 3.0):
        x, maps = drawn_with_maps(tiny, tokens, guidance, seed=3)
        torch.testing.assert_close(x, tiny.sample(2, generator=rng(3), tokens=tokens, guidance=guidance))
        assert maps.shape == (2, 13, 6, 6)
        torch.testing.assert_close(maps.sum(1), torch.ones(2, 6, 6))
        assert (maps[0, 5:] == 0).all() and (maps[0, :5] > 0).all()


def test_maps_are_the_mean_of_the_later_steps(tiny: WordsDiffusion, monkeypatch: pytest.MonkeyPatch):
    """Weights that tell their step and their block: 0.1 t in the first block, 0.2 t in the second."""

    def velocity(z: Tensor, t: Tensor, prompt: list, kept: list[Tensor]) -> Tensor:
        kept += [scale * t.view(-1, 1, 1, 1).expand(-1, 2, 36, 13) for scale in (0.1, 0.2)]
        return torch.zeros_like(z)

    monkeypatch.setattr(tiny, "velocity", velocity)
    _, maps = drawn_with_maps(tiny, torch.tensor([parse(BOTH).tokens]), 4.0, seed=0, steps=4)
    torch.testing.assert_close(maps, torch.full((1, 13, 6, 6), 0.15 * (0.5 + 0.75) / 2))


def test_rows_of_maps_are_by_the_kind_of_word():
    assert [kind_of_word(word) for word in parse("two red cats on grass").words] == [
        *(None, "colour", "object"),
        *(None, "ground"),
    ]
    caption = parse("a red ball on white")
    x = torch.ones(2, 3, 48, 48)
    x[:, 1:, 8:24, 8:24] = 0
    maps = torch.ones(2, 13, 6, 6)
    maps[:, 2, 1:3, 1:3] = 3  # “ball”: 12 of 44 parts inside a ninth of the area
    rows = {each["word"]: each for each in map_rows([caption, caption], x, maps) if each["name"] == "concentration"}
    assert rows["object"]["value"] == pytest.approx(9 * 12 / 44) and rows["object"]["n"] == 2
    assert rows["colour"]["value"] == rows["ground"]["value"] == pytest.approx(1)
    assert find({"rows": map_rows([caption, caption], x, maps)}, "box_share", word="object")["value"] == (
        pytest.approx(1 / 9)
    )


def test_what_was_measured_is_kept_until_weights_change(
    tiny: WordsDiffusion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "RUNS", tmp_path)
    counted: list[int] = []

    def measure() -> list[dict]:
        counted.append(1)
        return [mean_row("all", torch.tensor([0.0, 1.0]))]

    asked = {"part": "faithfulness", "guidance": 4.0, "n": 2}
    first = kept_rows(asked, [tiny], measure)
    assert kept_rows(asked, [tiny], measure) == first and len(counted) == 1
    kept_rows(asked | {"n": 3}, [tiny], measure)
    other = randomised(SceneAutoencoder(channels=32))
    with torch.no_grad():
        next(other.parameters())[0] += 1
    changed = WordsDiffusion(width=16, heads=2, blocks=2)
    changed.load_state_dict(tiny.state_dict())
    changed.attach(tiny.codec)
    assert weights_key(changed) == weights_key(tiny)
    changed.attach(other)
    assert weights_key(changed) != weights_key(tiny)
    kept_rows(asked, [changed.eval()], measure)
    assert len(counted) == 3


def test_a_card_has_every_kind_and_guidance_with_its_number_of_prompts(
    tiny: WordsDiffusion, judge: SceneJudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checkpoints, "RUNS", tmp_path)
    monkeypatch.setattr(words.checkpoints, "load", lambda name: judge)
    monkeypatch.setattr(word_reading, "MAIN_PROMPTS", 3)
    monkeypatch.setattr(word_reading, "OTHER_PROMPTS", 2)
    monkeypatch.setattr(words, "FEWER_PROMPTS", 2)
    monkeypatch.setattr(word_drawing, "DRAWN_AT_ONCE", 2)
    monkeypatch.setattr(tiny, "sample", lambda n, **asked: torch.rand(n, 3, 48, 48, generator=asked["generator"]))
    card = words.figures(tiny, "scenes", tmp_path, None, 0, {}) | {
        "guidances": words.other_guidances(tiny, "scenes", None, 0)
    }
    for kind in PROMPT_KINDS.values():
        for guidance in words.WORD_GUIDANCES:
            row = find(card, "all", captions=kind.captions, phrases=kind.phrases, guidance=guidance)
            assert row["n"] == (2 if guidance != 4 or kind.key not in word_reading.MAIN_KINDS else 3)
            assert row["value"] < 0.6, "noise shows no scene"
    assert "of scenes with one phrase" in words.headline(card)


def test_noise_of_the_same_seed_does_not_depend_on_the_guidance(tiny: WordsDiffusion):
    tokens = torch.tensor([tokens_of([])] * 3)
    one, other = (draw(tiny, tokens, guidance, seed=1) for guidance in (1.0, 8.0))
    torch.testing.assert_close(one, other, atol=2 / 255, rtol=0)  # without words, guidance changes nothing
    assert SCENES.graded("", 3)[:].labels.tolist() == SCENES.graded("", 300)[:3].labels.tolist()
