"""Server functions of the tab of words: they draw and say what the networks say, and odd prompts are refused."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from explorer.data import SCENES
from explorer.data.captions import WORDS, UnknownWords, parse, tokens_of
from explorer.fields import of
from explorer.models.prompt_to_prompt import aligned, change_words, keeping
from explorer.models.scene_judge import answers_of
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import checkpoints
from explorer.questions import inspect
from explorer.spaces import COLOUR
from explorer.spaces.packing import of_bytes
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.words import changed, maths, own_numbers, prompt
from explorer.tabs.words.shared import (
    PROMPT,
    WORDS_GUIDANCE,
    caption_of,
    described,
    prompt_words,
    tokens_for,
    vocabulary,
)
from tests.node import run

TINY = {"autoencoder": "autoencoder-scenes", "latents": 4, "width": 32, "heads": 2, "blocks": 3, "patch": 2}
CAT = "a yellow cat left of a blue car on grass"
DOG = "a yellow dog left of a blue car on grass"
FEW = 3  # steps


@pytest.fixture(scope="module", autouse=True)
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The real autoencoder and judge, and a tiny drawer with random weights."""
    folder, real = tmp_path_factory.mktemp("nets"), checkpoints.ROOT / "pretrained"
    for name in ("autoencoder-scenes", "judge-scenes"):
        (folder / name).symlink_to(real / name)
    torch.manual_seed(3)
    config = {"family": "words-diffusion", "dataset": "scenes", "model": TINY, "training": {}}
    model = checkpoints.build(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    sha256 = checkpoints.save_weights(model, folder / "words-diffusion" / "model.safetensors", torch.float32)
    checkpoints.write_json(folder / "words-diffusion" / "config.json", config)
    checkpoints.write_json(folder / "words-diffusion" / "card.json", {"sha256": sha256, "training": {}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        yield folder


def drawer() -> WordsDiffusion:
    return checkpoints.load("words-diffusion")


def rng(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def tokens(text: str, n: int) -> Tensor:
    return torch.tensor(tokens_of(prompt_words(text))).expand(n, -1)


def film(text: str, without: str = "", guidance: float = 4.0, steps: int = FEW) -> list[dict[str, Any]]:
    return [frame for _, frame in prompt.draw_words.plain(text, without, guidance, steps, 7).scenes()]


def weights_of(module: torch.nn.Module, h: Tensor, keys: tuple) -> Tensor:
    """Attention weights by torch: what attention returns of values that are one-hot."""
    k, _, hidden = keys
    q = module.query(h).unflatten(-1, (module.heads, -1)).transpose(1, 2)
    one_hot = torch.eye(k.shape[2]).expand(*k.shape[:2], -1, -1)
    return F.scaled_dot_product_attention(q, k, one_hot, attn_mask=~hidden)


def test_the_maps_are_the_networks_own_attention_and_add_up_to_one_over_the_words():
    seen: list[Tensor] = []
    blocks = [block.to_words for block in drawer().trunk.blocks]
    hooks = [
        block.register_forward_hook(lambda module, given, _: seen.append(weights_of(module, *given[:2])))
        for block in blocks
    ]
    try:
        frames = film(CAT)
    finally:
        for hook in hooks:
            hook.remove()
    words = prompt_words(CAT)
    per_step = [seen[at : at + len(blocks)] for at in range(0, len(seen), len(blocks))]
    assert len(frames) == len(per_step) == FEW
    for frame, found in zip(frames, per_step):
        maps = of_bytes(frame["report"]["maps"], (len(blocks), 36, len(words)))
        wanted = torch.stack([each[:4].mean(1) for each in found], 1)[..., : len(words)]
        torch.testing.assert_close(maps, wanted, rtol=0, atol=0.51 / 255)
        torch.testing.assert_close(wanted.sum(-1), torch.ones(4, len(blocks), 36))
        assert frame["report"]["prompt"] == words


@pytest.mark.parametrize("guidance", [1.0, 4.0])
def test_the_last_picture_of_the_film_is_the_sample(guidance: float):
    last = film(CAT, guidance=guidance)[-1]
    sample = drawer().sample(4, generator=rng(), tokens=tokens(CAT, 4), steps=FEW, guidance=guidance)
    assert last["x"] == COLOUR.encode(sample)


def test_negative_words_take_the_place_of_no_words_in_the_formula_of_guidance():
    model, negative = drawer(), torch.tensor(tokens_of(["blue", "car"]))
    step = next(iter(model.sample_steps(2, generator=rng(), tokens=tokens(CAT, 2), steps=4, negative=negative)))
    z, t = model.noise(2, rng()), torch.zeros(2)
    with torch.no_grad():
        given, away = (
            model.velocity(z, t, model.trunk.read(each)) for each in (tokens(CAT, 2), negative.expand(2, -1))
        )
    torch.testing.assert_close(step.numbers["z"], z + (away + 4.0 * (given - away)) / 4, rtol=1e-4, atol=1e-4)
    assert film(CAT, without="blue car")[-1]["x"] != film(CAT)[-1]["x"]


def test_the_same_prompt_gives_the_same_picture_exactly_whatever_is_kept():
    words = prompt_words(CAT)
    x = change_words(drawer(), 2, generator=rng(), before=words, after=words, steps=FEW, share=1.0)
    assert torch.equal(x[0], x[2]) and torch.equal(x[0], x[1])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_pictures_of_two_prompts_are_their_samples_of_one_noise_unless_attention_is_kept(share: float):
    both = {"before": prompt_words(CAT), "after": prompt_words(DOG)}
    x = change_words(drawer(), 2, generator=rng(), **both, steps=FEW, share=share)
    for found, text in zip(x[:2], (CAT, DOG)):
        sample = drawer().sample(2, generator=rng(), tokens=tokens(text, 2), steps=FEW)
        torch.testing.assert_close(found, sample, rtol=0, atol=1e-4)
    assert torch.allclose(x[1], x[2], atol=1e-5) == (share == 0)


@pytest.mark.parametrize(
    ("after", "places"),
    [
        (DOG, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ("a cat left of a blue car on grass", [0, 2, 3, 4, 5, 6, 7, 8]),
        ("a yellow cat left of a big blue car on grass", [0, 1, 2, 3, 4, None, 5, 6, 7, 8]),
        ("a yellow cat on grass", [0, 1, 2, 7, 8]),
    ],
)
def test_words_are_aligned_with_those_before(after: str, places: list[int | None]):
    before = CAT.replace("left of", "left_of").split()
    assert aligned(before, after.replace("left of", "left_of").split()) == places


def test_kept_weights_are_those_of_the_shared_words_and_add_up_to_one():
    before, after = prompt_words("a red cat on sky"), prompt_words("a cat on sky")
    weights = torch.rand(12, 2, 36, 13).softmax(-1)
    weights[..., 5:] = 0
    weights[2:, ..., 4:] = 0
    found = keeping(before, after, 2)(weights)
    shared = weights[:2][..., [0, 2, 3, 4]]
    torch.testing.assert_close(found[4:6, ..., :4], shared / shared.sum(-1, keepdim=True))
    others = [0, 1, 2, 3, *range(6, 12)]
    assert torch.equal(found[others], weights[others])


HOSTILE = {
    "x" * 3_000: "must have 0 to 200 characters",
    "a cat " * 30: "at most 13 words",
    "a <img src=x onerror=alert(1)> cat": "leave out “<”",
    "a cat\0 on grass": "U\\+0000",
    "a cat\x1b[2J": "U\\+001B",
    "two cats \u202e on grass": "U\\+202E",
    "3 cats": "write numbers as “two” or “three”, and leave out “3”",
    "a 🐈 on grass": "leave out “🐈”",
    "anything": "unknown: “anything”",
    "一只猫": "unknown: “一只猫”",
    "a red kat": "“kat” \\(nearest: hat",
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_a_hostile_prompt_is_refused_by_name(text: str, said: str):
    good = {"prompt": CAT, "to": DOG, "without": "", "guidance": 4, "steps": 1, "seed": 7, "hold": 0.5}
    functions = (prompt.draw_words, changed.change_word)
    for ask, key in itertools.product(functions, ("prompt", "without", "to")):
        known = of(ask.plain)
        if key not in known:
            continue
        with pytest.raises(ValueError, match=said):
            found = ask.plain(**arguments(known, good | {key: text}))
            list(found.scenes())


@given(st.text(max_size=40))
def test_any_text_is_words_or_refused_in_a_short_sentence(text: str):
    try:
        assert all(word in WORDS for word in prompt_words(text))
    except ValueError as error:
        assert 10 < len(str(error)) < 1_000


def test_a_preview_names_unknown_words_and_the_nearest_and_draws_the_known_ones():
    found = prompt.preview.props("a red hatt", "", 4.0, 7)
    assert found["unknown"]["hatt"][0] == "hat" and "x" not in found
    assert prompt.preview.props("3 cats", "", 4.0, 7)["problem"].startswith("a prompt has words alone")
    found = prompt.preview.props("a red hat", "", 4.0, 7)
    assert found["problem"] is None and COLOUR.decode(found["x"]).shape == (4, 3, 48, 48)


@pytest.mark.parametrize("index", range(30))
def test_what_the_judge_answers_is_described_as_a_caption_of_the_same_answers(index: int):
    caption = SCENES.load("any").layout(index).caption
    said = parse(described(answers_of(caption)))
    assert answers_of(said) == answers_of(caption)


def test_a_real_scene_is_read_as_it_is():
    layout = next(each for each in map(SCENES.load("test").layout, range(50)) if len(each.caption.phrases) == 1)
    x = torch.from_numpy(layout.draw())[None] / 255
    (reading,) = prompt.read_back(x, layout.caption.words)
    assert reading.is_right and reading.verdict == "All of it was asked for."
    (other,) = prompt.read_back(x, ["three", "red", "keys", "on", "black"])
    assert not other.is_right and other.verdict.startswith("Wrong: object")
    (free,) = prompt.read_back(x, ["red"])
    assert free.wrong is None and not free.is_right


def test_attention_on_the_object_is_one_if_uniform_and_largest_if_it_lies_in_the_box():
    box = slice(16, 32), slice(8, 24)
    inside = torch.zeros(6, 6)
    inside[2:4, 1:3] = 1
    assert prompt.in_box(torch.ones(6, 6), box) == pytest.approx(1)
    assert prompt.in_box(inside, box) == pytest.approx(9)
    assert prompt.in_box(inside, None) is None


def test_the_box_of_an_object_is_that_of_its_glyph():
    scenes = SCENES.load("test")
    layouts = [each for each in map(scenes.layout, range(60)) if len(each.placed) == 1]
    assert len(layouts) > 5
    for layout in layouts:
        picture, box = torch.from_numpy(layout.draw()) / 255, layout.placed[0].box
        rows, columns = prompt.box_of(picture, layout.caption.ground)
        assert box.y <= rows.start and rows.stop <= box.y + box.height
        assert box.x <= columns.start and columns.stop <= box.x + box.width
    blank = torch.tensor((165, 215, 140)).view(3, 1, 1).expand(3, 48, 48) / 255
    assert prompt.box_of(blank, "grass") is None


def test_the_place_of_a_change_is_the_part_of_the_phrase_that_differs():
    def place(before: str, after: str) -> tuple | None:
        return changed.place_of_change(caption_of(prompt_words(before)), caption_of(prompt_words(after)))

    assert place(CAT, DOG) == (slice(0, 48), slice(0, 24))
    assert place(CAT, CAT.replace("blue", "pink")) == (slice(0, 48), slice(24, 48))
    assert place("a cat on sky", "two cats on sky") == (slice(0, 48), slice(0, 48))
    for after in (CAT, CAT.replace("grass", "sky"), CAT.replace("left of", "above"), "a cat on grass", "red"):
        assert place(CAT, after) is None


def test_the_mean_change_inside_and_outside_is_that_of_numpy():
    before, after = (torch.rand(3, 48, 48, generator=rng(seed)) for seed in (0, 1))
    change = np.abs(after.numpy() - before.numpy()).mean(0)
    inside = change[4:20, 10:30].sum()
    found = changed.mean_changes(before, after, (slice(4, 20), slice(10, 30)))
    assert found == pytest.approx((100 * inside / 320, 100 * (change.sum() - inside) / (48 * 48 - 320)), rel=1e-5)


def test_an_answer_about_a_changed_word_has_its_pictures_its_boxes_and_its_means():
    found = changed.change_word.props(CAT, DOG, 0.5, 4.0, FEW, 7)
    assert len(found["x"]) == 3 and all(COLOUR.decode(each).shape == (2, 3, 48, 48) for each in found["x"])
    before, free, kept = (COLOUR.decode(each) for each in found["x"])
    left, top, right, bottom = found["boxes"][1]
    assert 0 <= left < right <= 24 and 0 <= top < bottom <= 48
    rows = [dict(zip(found["table"][0], row)) for row in found["table"][1:]]
    for row, after in zip(rows[2:], (free, kept)):
        change = (after[1] - before[1]).abs().mean(0)
        assert row["inside"] == pytest.approx(100 * float(change[top:bottom, left:right].mean()), abs=0.3)
    assert len(found["readings"]) == 6


@pytest.mark.parametrize(
    ("free", "kept", "said"),
    [(6.0, 2.0, "3.0 times less"), (2.0, 5.0, "2.5 times more"), (2.0, 2.05, "as much"), (2.0, 0.0, "nothing else")],
)
def test_the_headline_is_how_much_less_the_rest_changes(free: float, kept: float, said: str):
    means = {("outside", way): value for way, value in zip(changed.WAYS, (free, kept))}
    assert said in changed.finding(False, means)
    assert len(changed.finding(False, means).split()) <= 12


@given(st.lists(st.floats(-20, 20), min_size=3, max_size=3))
def test_the_live_weights_are_the_softmax_of_torch(scores: list[float]):
    wanted = torch.tensor(scores, dtype=torch.double).softmax(0)
    assert maths.attention_weights(*scores) == pytest.approx(wanted.tolist(), abs=1e-9)


def test_the_live_formulas_have_their_values_and_name_what_is_wrong():
    assert r"0.200 + 4.000 \cdot (0.600 - 0.200) = 1.800" in maths.show_words_guidance(0.6, 0.2, 4)
    assert "g is 99" in maths.show_words_guidance(0, 0, 99)
    assert "second score is empty" in maths.show_attention(0, None, 0, 0)
    assert r"{e^{0.000} + e^{0.000} + e^{0.000} + e^{0.000}} = 0.250" in maths.show_attention(0, 0, 0, 0)


def test_the_live_formulas_give_the_attention_and_the_velocity_of_the_prompt():
    """The softmax of the boxes is the attention that a step keeps, and both velocities are the network's."""
    found = own_numbers.formula_numbers.props(CAT, "", 4.0, 7)
    boxes, words = found["boxes"], prompt_words(CAT)
    step = next(drawer().sample_steps(1, generator=rng(), tokens=tokens(CAT, 1), steps=20, guidance=1.0, maps=True))
    z = drawer().noise(1, rng())
    kept: list[Tensor] = []
    v = drawer().velocity(z, torch.zeros(1), drawer().trunk.read(tokens(CAT, 1)), kept)
    assert torch.allclose(step.numbers["attention"][0, 0], kept[0][0].mean(0), atol=1e-5)
    weights = kept[0][0, 0, own_numbers.OWN_POSITION, : len(words)]
    largest = weights.topk(3)
    scores = [boxes[name] for name in own_numbers.OWN_SCORES]
    assert maths.attention_weights(*scores)[:3] == pytest.approx(largest.values.tolist(), abs=2e-3)
    assert found["words"] == [words[place] for place in largest.indices.tolist()]
    free = drawer().velocity(z, torch.zeros(1), drawer().trunk.read(tokens_for([], 1)))
    at = own_numbers.OWN_LATENT
    assert boxes["v with words"] == pytest.approx(float(v[0][at]), abs=1e-3)
    assert boxes["v without"] == pytest.approx(float(free[0][at]), abs=1e-3)


def test_a_prompt_that_cannot_be_read_leaves_the_boxes():
    for text in ("a catt on grass", "<b>", "a cat"):
        assert own_numbers.formula_numbers.props(text, "", 4.0, 7)["boxes"] is None


def test_the_formulas_begin_with_the_numbers_of_the_default_prompt(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(checkpoints.ROOT / "pretrained"))
    found = own_numbers.formula_numbers.props(PROMPT.default, "", WORDS_GUIDANCE.default, SEED.default)["boxes"]
    begun = dict(zip(own_numbers.OWN_SCORES + own_numbers.OWN_VELOCITY, maths.OWN_ATTENTION + maths.OWN_GUIDED))
    assert begun == pytest.approx(found, abs=5e-3)


PHRASE = 'const { wordsIn, isKnown, pressed } = await load("words/phrase.js");'
TYPED = [
    CAT,
    DOG,
    "Two CATS, on grass!",
    "a kat",
    "3 cats",
    "a cat\0",
    "left of",
    "a cat left  of a dog",
    "é",
    "",
    "anything",
]


def test_the_browser_reads_the_same_words_as_the_server():
    body = f"{PHRASE} return texts.map((text) => [wordsIn(text), isKnown(text, vocabulary)]);"
    found = run(body, texts=TYPED, vocabulary=vocabulary())
    for text, (words, known) in zip(TYPED, found, strict=True):
        try:
            assert prompt_words(text) == words and known, text
        except UnknownWords as error:
            assert not known and set(error.unknown) <= set(words), text
        except ValueError:
            assert not known, text


@pytest.mark.parametrize(
    ("text", "word", "chosen", "after"),
    [
        ("", "two", None, "two"),
        ("two", "cat", None, "two cats"),
        ("two red cats", "a", 0, "a red cat"),
        ("a cat", "apple", 1, "an apple"),
        ("a cat", "grass", None, "a cat on grass"),
        (CAT, "above", 3, "a yellow cat above a blue car on grass"),
        (CAT, "dog", 2, DOG),
        (CAT, "sky", 8, "a yellow cat left of a blue car on sky"),
    ],
)
def test_a_pressed_word_takes_the_place_of_the_chosen_one_or_comes_last(text: str, word: str, chosen, after: str):
    body = f"{PHRASE} return pressed(text, word, chosen, vocabulary);"
    assert run(body, text=text, word=word, chosen=chosen, vocabulary=vocabulary()) == after


def test_the_drawer_can_be_looked_into_with_a_caption_in_place_of_none():
    model = drawer()
    run_of_step = inspect.record(model, "make", seed=7, step=1)
    given = tokens("a yellow cat on grass", 4)
    _, step = itertools.islice(model.sample_steps(4, generator=rng(), tokens=given), 2)
    assert inspect.ways(model) == ["make"] and run_of_step.steps == 20
    torch.testing.assert_close(run_of_step.root.output, step.x[:1])
