"""Scenes in the shared questions, against enumeration or a second way to compute the same."""

import base64
import io
import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from explorer import data
from explorer.data import SCENES
from explorer.data.captions import UnknownWords, tokens_of
from explorer.measures.archivers import saved_size, sizes
from explorer.models.levels import draw_level
from explorer.models.scene_holes import known_codes, paint_over
from explorer.models.words_masked import WordsMasked
from explorer.models.words_tokens import SCENE_PARTICLES, WordsTokens
from explorer.networks import checkpoints
from explorer.questions import Cannot, complete, interpolate, likelihood, lossless, make
from explorer.spaces import BINARY, COLOUR
from explorer.spaces.packing import pack_bits
from explorer.steps import last
from explorer.tabs.compare import lossless as files
from explorer.tabs.compare import scenes as compare_scenes
from explorer.tabs.compare import tab as compare
from explorer.tabs.kit.ask import likely, questions
from explorer.tabs.kit.ask.nets import OF_SCENES, UNTRAINED
from explorer.tabs.kit.layout.fields import DrawnOrTest
from tests.scene_nets import jittered, write_scene_nets

CAT = "a yellow cat left of a blue car on grass"
DOG = "two red dogs on sand"
SCENE = ("test", 3, "scenes")
DRAWERS = ("words-diffusion", "words-tokens", "words-masked")


@pytest.fixture(scope="module", autouse=True)
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(write_scene_nets(tmp_path_factory.mktemp("nets"))))
        yield Path()


@pytest.fixture
def untrained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(write_scene_nets(tmp_path, ("words-diffusion",))))


def ids(text: str) -> Tensor:
    return torch.tensor(tokens_of(text.split()))


def words_ids(text: str) -> Tensor:
    return torch.tensor(tokens_of([each.replace("_", " ") for each in text.replace("left of", "left_of").split()]))


def hidden(left: int, top: int, right: int, bottom: int) -> Tensor:
    """What is known where the codes of a rectangle are hidden: (3, 48, 48)."""
    known = torch.ones(3, 48, 48, dtype=torch.bool)
    known[:, 4 * top : 4 * bottom, 4 * left : 4 * right] = False
    return known


def generator(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Grids(nn.Module):
    """A codec whose x are the tokens themselves."""

    def encode(self, x: Tensor) -> Tensor:
        return x


def small(family: type) -> WordsTokens | WordsMasked:
    """A network of three tokens of two codes: all that it can draw can be listed."""
    torch.manual_seed(1)
    model = jittered(family(codes=2, tokens=3, width=16, heads=2, blocks=1)).double()
    model.attach(Grids())
    return model


GRIDS = torch.tensor([*itertools.product(range(2), repeat=3)])


def test_probabilities_of_tokens_add_up_to_one_given_any_words():
    model = small(WordsTokens)
    for words in (model.no_words, ids("a red cat on grass")):
        total = model.code_log_prob(GRIDS, words.expand(8, -1)).exp().sum()
        assert total.item() == pytest.approx(1, abs=1e-6)


def test_predictions_of_a_coder_are_those_of_one_evaluation():
    model, words = small(WordsTokens), ids("a red cat on grass")
    for grid in GRIDS:
        predictions, found = model.code_predictions(words), []
        log_p = next(predictions)
        for place, token in enumerate(grid.tolist()):
            found.append(log_p[token])
            if place < 2:
                log_p = predictions.send(token)
        assert torch.stack(found).sum().item() == pytest.approx(
            model.code_log_prob(grid[None], words[None]).item(), abs=1e-5
        )


def test_the_bound_of_masked_tokens_is_the_mean_over_orders_and_below_their_mixture():
    model, words, grid = small(WordsMasked), ids("a red cat on grass"), GRIDS[5]

    def log_p(order: tuple[int, ...]) -> float:
        z, total = torch.full((1, 3), 2), 0.0
        for place in order:
            total += model.logits(z, model.trunk.read(words[None])).log_softmax(-1)[0, place, grid[place]].item()
            z[0, place] = grid[place]
        return total

    each = [log_p(order) for order in itertools.permutations(range(3))]
    draws = 4_000
    found = model.code_elbo(grid.expand(draws, -1), words.expand(draws, -1), generator=generator())
    error = float(found.std() / math.sqrt(draws))
    assert error > 0
    assert found.mean().item() == pytest.approx(np.mean(each), abs=4 * error)
    assert np.mean(each) < np.log(np.mean(np.exp(each)))


def test_a_code_is_known_if_all_its_pixels_are():
    known = hidden(6, 0, 12, 12)[None]
    assert known_codes(known)[0].sum() == 72
    known[0, 0, 0, 0] = False
    assert not known_codes(known)[0, 0, 0] and known_codes(known)[0].sum() == 71


def test_no_code_depends_on_a_hidden_pixel():
    x, known = SCENES.load("test")[3:4].pixels(), hidden(3, 2, 9, 10)[None]
    other = torch.where(known, x, torch.rand(x.shape, generator=generator()))
    assert torch.equal(paint_over(x, known), paint_over(other, known))


def test_the_hidden_part_is_painted_in_the_colour_of_the_ground():
    x, known = SCENES.load("test")[3:4].pixels(), hidden(0, 0, 6, 12)[None]
    ground = data.scenes.GROUND_LEVELS[SCENES.load("test").layout(3).caption.ground]
    assert (255 * paint_over(x, known)[0, :, 0, 0]).round().tolist() == list(ground)


@pytest.mark.parametrize("net", DRAWERS)
@pytest.mark.parametrize("hole", [(6, 0, 12, 12), (4, 4, 8, 8)])
def test_no_known_pixel_changes(net: str, hole: tuple[int, ...]):
    model, known = checkpoints.load(net), hidden(*hole)
    x = SCENES.load("test")[3:4].pixels()
    steps = list(complete.steps(model, x, known, 2, 7, words=words_ids(CAT)))
    assert len(steps) == steps[0].total
    for step in (steps[0], steps[-1]):
        assert torch.equal(step.x[:, known], x.expand_as(step.x)[:, known])
    COLOUR.check((255 * steps[-1].x).round() / 255)


def test_tokens_after_all_known_ones_are_drawn_as_without_a_cache():
    model, known = checkpoints.load("words-tokens"), hidden(0, 11, 12, 12)
    x, words = SCENES.load("test")[3:4].pixels(), words_ids(CAT)
    shown = last(model.complete_steps(x, known[None], generator=generator(), tokens=words[None], guidance=1.0)).x
    u = torch.rand(SCENE_PARTICLES, model.tokens, generator=generator())
    z = model.codec.encode(paint_over(x, known[None]))
    for place in range(132, 144):
        logits = model.logits(z, model.trunk.read(words[None]))[:, place]
        z[:, place] = draw_level(logits.log_softmax(-1), u[:1, place])
    assert torch.equal(shown, torch.where(known, x, model.codec.decode(z)))


def test_known_tokens_after_a_gap_weigh_what_is_drawn():
    """Particles are nearer to the enumerated posterior of one token than draws that ignore what follows."""
    model = checkpoints.load("words-tokens")
    n, place, words = 60, 70, words_ids(CAT)
    x, known = SCENES.load("test")[3:4].pixels(), hidden(10, 5, 11, 6)
    z = model.codec.encode(paint_over(x, known[None]))
    grids = z.repeat(model.codes, 1)
    grids[:, place] = torch.arange(model.codes)
    with torch.no_grad():
        posterior = model.log_probs(grids, words.expand(model.codes, -1)).sum(1).softmax(0)
        prior = model.logits(z, model.trunk.read(words[None]))[0, place].softmax(0)
    many = x.expand(n, -1, -1, -1)
    drawn = model.complete_steps(
        many, known.expand_as(many), generator=generator(), tokens=words.expand(n, -1), guidance=1.0
    )
    shown = last(drawn).x
    with torch.no_grad():
        all_x = torch.where(known, x, model.codec.decode(grids))
    picked = torch.cdist(shown.flatten(1), all_x.flatten(1)).argmin(1)
    score = (posterior.log() - prior.log())[picked].mean()
    under_prior = (prior * (posterior.log() - prior.log())).sum()
    assert score > under_prior + 0.1


@pytest.mark.parametrize(
    ("hole", "exact"),
    [((0, 6, 12, 12), True), ((5, 11, 12, 12), True), ((6, 0, 12, 12), False), ((4, 4, 8, 8), False)],
)
def test_tokens_say_where_they_complete_exactly(hole: tuple[int, ...], exact: bool):
    model = checkpoints.load("words-tokens")
    assert complete.is_exact(model, hidden(*hole)) is exact
    assert complete.is_exact(checkpoints.load("words-diffusion"), hidden(*hole)) is None
    script = questions.ask_complete.plain("words-tokens", SCENE, mask(hole), 7, None)
    assert next(each for _, each in script.scenes() if each)["exact"] is exact


def mask(hole: tuple[int, ...]) -> bytes:
    """A bit for each pixel that is kept, as the browser sends them."""
    return base64.b64decode(pack_bits(hidden(*hole)[0]))


def test_ends_of_a_path_are_what_make_draws():
    model = checkpoints.load("words-diffusion")
    ends = (words_ids(CAT), 7), (ids(DOG), 8)
    path = last(interpolate.words_steps(model, *ends, places=5)).x
    for place, (words, seed) in zip((0, 4), ends):
        drawn = last(make.steps(model, 4, seed, words=words)).x[:1]
        assert torch.allclose(path[place], drawn[0], atol=1e-5)
    assert (path[2] - path[0]).abs().max() > 0.01


def test_the_noise_of_a_path_keeps_its_length_and_goes_by_equal_angles(monkeypatch: pytest.MonkeyPatch):
    model, seen = checkpoints.load("words-diffusion"), []
    monkeypatch.setattr(model, "velocity", lambda z, *_: (seen.append(z), torch.zeros_like(z))[1])
    list(interpolate.words_steps(model, (ids(DOG), 1), (ids(DOG), 2), places=5))
    path = seen[0][:5].flatten(1)
    angles = torch.cosine_similarity(path[1:], path[:-1]).acos()
    assert angles.std() < 1e-3 and angles.min() > 0.1


@pytest.mark.parametrize("net", ["words-tokens", "words-masked", "vqvae-scenes", "judge-scenes"])
def test_who_has_no_path_says_why(net: str):
    model = checkpoints.load(net)
    assert not interpolate.can(model)
    with pytest.raises(Cannot, match="cannot, because"):
        interpolate.steps(model, *SCENES.load("test")[:2].pixels().split(1))


@pytest.mark.parametrize("net", OF_SCENES)
def test_each_missing_ability_has_its_own_reason(net: str):
    column = compare.family_value(net, {"training": {}}, None)
    can, cannot = column["can"], column["cannot"]
    lacks = {"sample", "complete", "interpolate", "odd", "label", "compress"} - {each for each in can if can[each]}
    assert not [each for each in lacks if "has no way to do it" in cannot[each]]
    assert can["likelihood"] or "has no way to do it" not in cannot["log_prob"]


@pytest.mark.parametrize("scene", [0, 3, 8])
@pytest.mark.parametrize("words", [None, CAT])
def test_a_scene_is_read_back_without_loss(scene: int, words: str | None):
    model, x = checkpoints.load("words-tokens"), SCENES.load("test")[scene : scene + 1].pixels()
    given = None if words is None else words_ids(words)
    found = lossless.code(model, x, given)
    assert found.is_exact
    assert 0 <= found.overhead < 8 * lossless.LOSSLESS_HEADER + 16
    tokens = (model.no_words if given is None else given)[None]
    assert found.codes == pytest.approx(-model.code_log_prob(x, tokens).item() / math.log(2), rel=2e-3)
    count = 0 if given is None else int((given > 0).sum())
    assert found.words == pytest.approx(count * math.log2(model.vocabulary), abs=1e-3)


def test_the_residual_coder_alone_is_read_back_and_any_picture_fits():
    x = COLOUR.noise(1, generator())
    levels = lossless.to_levels(x)
    coder = lossless.Counted(lossless.Encoder())
    lossless.pixels(coder, None, levels)
    decoder = lossless.Counted(lossless.Decoder(coder.coder.code(), coder.symbols))
    assert (lossless.pixels(decoder, None, shape=levels.shape) == levels).all()
    assert coder.bits > 6912 * 7.9  # noise has no shorter code


def test_a_damaged_code_is_no_longer_the_scene():
    model, x = checkpoints.load("words-tokens"), SCENES.load("test")[3:4].pixels()
    coder, guess = lossless.Counted(lossless.Encoder()), lossless.decoded(model, model.codec.encode(x)[0])
    lossless.pixels(coder, guess, lossless.to_levels(x))
    code = bytearray(coder.coder.code())
    code[10] ^= 255
    back = lossless.pixels(lossless.Counted(lossless.Decoder(bytes(code), coder.symbols + 9_000)), guess)
    assert not (back == lossless.to_levels(x)).all()


def test_other_tools_keep_the_scene_too():
    x = SCENES.load("test")[3:4].pixels()
    found = {each.title: each.file for each in sizes(COLOUR, x)}
    image = Image.fromarray((255 * x[0]).round().byte().permute(1, 2, 0).numpy())
    for kind, how in (("PNG", {"optimize": True}), ("WEBP", {"lossless": True, "quality": 100, "method": 6})):
        buffer = io.BytesIO()
        image.save(buffer, kind, **how)
        assert found["WebP" if kind == "WEBP" else kind] == buffer.tell() == saved_size(image, kind, **how)
        assert np.array_equal(np.array(Image.open(buffer).convert("RGB")), np.array(image))
    assert found["uncompressed"] == 6912


def test_compress_shows_both_files_and_why_others_have_none():
    answer = files.scene_answer([*OF_SCENES], 9, SCENE)
    titles = [row["title"] for row in answer.view["groups"][0]["rows"]]
    assert {"PNG", "WebP", files.NO_NETWORK} < set(titles) and sum("Tokens from words" in each for each in titles) == 2
    assert "every value is right" in answer.words
    silent = answer.view["silent"]["rows"]
    assert len(silent) == 5 and all(each["words"].startswith("cannot, because") for each in silent)
    waiting = files.scene_answer([*OF_SCENES], 0, SCENE)
    assert waiting.more and waiting.words == ""


def test_likelihood_is_that_of_tokens_with_and_without_words():
    answer = likely.ask_likely.plain(tuple(OF_SCENES), 9, SCENE)
    model, split = checkpoints.load("words-tokens"), SCENES.load("test")[3:4]
    x, y = split.pixels(), split.labels
    rows = {row["title"]: row["text"] for row in answer.view["groups"][0]["rows"]}
    for title, words in (("Tokens from words", y), ("Tokens from words, no words", model.no_words[None])):
        assert rows[title] == f"= {-model.code_log_prob(x, words).item():,.1f}"
    assert rows["Masked tokens from words"].startswith("≤")
    assert {row["net"] for row in answer.view["silent"]["rows"]} == {*OF_SCENES} - {"words-tokens", "words-masked"}
    alone = likely.ask_likely.plain(tuple(OF_SCENES), 9, SCENE, "")
    assert not any("no words" in row["title"] for row in alone.view["groups"][0]["rows"])


def test_a_likelihood_of_codes_is_none_of_pixels():
    model = checkpoints.load("words-tokens")
    assert likelihood.kind(model) is None and likelihood.kind_of_codes(model) == "exact"
    assert likelihood.kind_of_codes(checkpoints.load("words-diffusion")) is None
    with pytest.raises(Cannot):
        likelihood.ask(model, SCENES.load("test")[:1].pixels())
    with pytest.raises(Cannot):
        likelihood.ask_codes(checkpoints.load("vqvae-scenes"), SCENES.load("test")[:1].pixels(), None)


@pytest.mark.parametrize("net", DRAWERS)
def test_make_reads_its_scenes_back(net: str):
    *_, (_, end) = questions.ask_make.plain(net, 7, None, DOG).scenes()
    assert len(end["readings"]) == 4
    assert all(each["words"].split() and isinstance(each["wrong"], list) for each in end["readings"])
    *_, (_, free) = questions.ask_make.plain(net, 7, None, "cat cat").scenes()
    assert all(each["wrong"] is None for each in free["readings"])


def test_words_make_a_difference_and_unknown_ones_are_named():
    first, second = (
        last(make.steps(checkpoints.load("words-diffusion"), 1, 7, words=ids(text))).x for text in (DOG, "a key on sky")
    )
    assert not torch.equal(first, second)
    with pytest.raises(UnknownWords, match="horse"):
        questions.ask_make.plain("words-diffusion", 7, None, "a horse on grass")


def test_a_scene_is_no_x_of_other_networks_and_other_images_none_of_these():
    with pytest.raises(ValueError, match="does not know scenes"):
        data.read(SCENE, BINARY)
    for picture in (("test", 3, "mnist"), ("test", 3, None)):
        with pytest.raises(ValueError, match="scene"):
            data.read(picture, COLOUR)
    drawn = data.read(("words", DOG, 3), COLOUR)
    COLOUR.check(drawn)
    assert torch.equal(drawn, data.read(("words", DOG, 3), COLOUR))
    with pytest.raises(ValueError, match="caption ends with"):
        data.read(("words", "cat", 3), COLOUR)


def test_what_a_stranger_sends_is_refused_by_name():
    kind = DrawnOrTest()
    assert kind.check({"test": 3, "set": "scenes"}, "x") == SCENE
    assert kind.check({"words": DOG, "seed": 3}, "x") == ("words", DOG, 3)
    for wrong in (
        {"words": 3, "seed": 3},
        {"words": "a" * 201, "seed": 3},
        {"words": DOG, "seed": 2**40},
        {"words": DOG},
    ):
        with pytest.raises(ValueError):
            kind.check(wrong, "x")
    with pytest.raises(ValueError, match="2304 bits"):
        COLOUR.flags(b"0" * 98)


def test_a_test_scene_comes_with_its_words():
    answer = compare_scenes.test_scene.plain(SCENE)
    assert answer.words == str(SCENES.load("test").layout(3).caption)
    assert torch.equal(COLOUR.decode(answer.view["x"]), SCENES.load("test")[3:4].pixels())


@pytest.mark.usefixtures("untrained")
def test_networks_that_are_not_trained_say_so():
    found = {net.name: net.content() for net in compare.list_nets()}
    assert "words-tokens" not in found
    columns = {each["net"]: each for each in compare.value(found)["datasets"]["scenes"]["families"]}
    assert [*columns] == [*OF_SCENES]
    assert columns["words-tokens"]["error"] == "Not trained yet: its recipe is there, its weights are not."
    assert columns["words-diffusion"]["error"] is None
    with pytest.raises(Cannot, match="not trained yet"):
        questions.ask_make.plain("words-tokens", 7, None, DOG)
    silent = likely.ask_likely.plain(tuple(OF_SCENES), 9, SCENE).view["silent"]["rows"]
    assert {row["net"] for row in silent if row["words"] == f"{UNTRAINED}."} == {"words-tokens", "words-masked"}
    answer = files.scene_answer([*OF_SCENES], 9, SCENE)
    assert len(answer.view["silent"]["rows"]) == 6 and answer.view["silent"]["open"]
