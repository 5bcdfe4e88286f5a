"""Networks that draw scenes from words: masks, exact log p, the rectified flow, guidance, parallel unmasking."""

import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from explorer.data import SCENES
from explorer.data.captions import parse, tokens_of
from explorer.measures.scene_judge import ATTRIBUTES, exchanged, right, wrong_pictures
from explorer.models import PREPARED, SCENE_NETWORKS
from explorer.models.scene_autoencoder import SceneAutoencoder
from explorer.models.scene_judge import ABSENT, HEADS, SceneJudge, answers
from explorer.models.scene_vqvae import SceneVQVAE
from explorer.models.words import CrossAttention, WordEncoder, drop_words, guided, with_and_without
from explorer.models.words_diffusion import WordsDiffusion, between
from explorer.models.words_masked import WordsMasked, keep, random_masks
from explorer.models.words_tokens import WordsTokens
from explorer.spaces import COLOUR

SIZE = {"width": 16, "heads": 2, "blocks": 2}
RECIPE = {"words_dropout": 0.1, "kl_weight": 1e-4, "codes_decay": 0.9, "noise": 0.1}
RED_CAT = "a red cat on sky"
FAMILIES = SCENE_NETWORKS | PREPARED


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def tokens(*texts: str) -> Tensor:
    return torch.tensor([tokens_of(parse(text).words) for text in texts])


def randomised(model: nn.Module) -> nn.Module:
    """Give every weight a random value: many start at zero, and would hide a fault."""
    generator = rng(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(0.3 * torch.randn(weight.shape, generator=generator))
    return model.eval()


@pytest.fixture(scope="module")
def tiny() -> WordsTokens:
    """Transformer over 3 tokens of 2 codes, so that all pictures can be counted."""
    return randomised(WordsTokens(codes=2, tokens=3, **SIZE))


def test_words_that_are_filling_are_never_read():
    encoder, attention = randomised(WordEncoder(16, 2)), randomised(CrossAttention(16, 2))
    words, hidden = encoder(tokens(RED_CAT))
    assert hidden.sum() == 13 - 5
    weights = attention.weights(torch.randn(1, 4, 16, generator=rng()), attention.keys(words, hidden))
    torch.testing.assert_close(weights.sum(-1), torch.ones(1, 2, 4))
    assert (weights[..., 5:] == 0).all() and (weights[..., :5] > 0).all()
    other = words.clone()
    other[:, 5:] = 9
    h = torch.randn(1, 4, 16, generator=rng())
    assert torch.equal(attention(h, attention.keys(words, hidden)), attention(h, attention.keys(other, hidden)))
    with torch.no_grad():
        encoder.embedding.weight[0] += 1  # of the filling
    torch.testing.assert_close(encoder(tokens(RED_CAT))[0][:, :5], words[:, :5])


def test_the_attention_is_the_one_that_mixes_the_values():
    attention, words = randomised(CrossAttention(16, 2)), torch.randn(1, 13, 16, generator=rng())
    keys, h = attention.keys(words, torch.arange(13)[None] > 6), torch.randn(1, 5, 16, generator=rng(2))
    mixed = (attention.weights(h, keys) @ keys[1]).transpose(1, 2).flatten(2)
    torch.testing.assert_close(attention(h, keys), attention.out(mixed))


def test_exact_log_p_sums_to_one_over_all_pictures(tiny: WordsTokens):
    every = torch.tensor(list(itertools.product(range(2), repeat=3)))
    words = tokens(RED_CAT).expand(8, -1)
    total = tiny.log_probs(every, words).sum(1).exp()
    torch.testing.assert_close(total.sum(), torch.tensor(1.0))
    assert total.std() > 1e-3
    other = tiny.log_probs(every, tokens("two dogs on grass").expand(8, -1)).sum(1)
    assert (other.exp() - total).abs().max() > 1e-3  # and it depends on the words


def test_no_prediction_depends_on_its_token_or_later_ones():
    model = randomised(WordsTokens(codes=5, tokens=6, **SIZE))
    z, prompt = torch.randint(5, (1, 6), generator=rng()), model.trunk.read(tokens(RED_CAT))
    before = model.logits(z, prompt)
    for place in range(6):
        changed = z.clone()
        changed[0, place] = (z[0, place] + 1) % 5
        same = (model.logits(changed, prompt) - before).abs().amax(-1)[0] < 1e-6
        assert same[: place + 1].all() and not same[place + 1 :].any()


@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_kept_keys_and_values_give_the_log_p_of_the_whole_picture(guidance: float):
    model = randomised(WordsTokens(codes=5, tokens=6, **SIZE))
    words = tokens(RED_CAT, "two dogs left of a car on sand")
    steps = list(model.token_steps(torch.rand(2, 6, generator=rng()), words, guidance))
    z = steps[-1][0]
    given, free = model.logits(torch.cat([z, z]), model.trunk.read(with_and_without(words))).chunk(2)
    expected = (free + guidance * (given - free)).log_softmax(-1).gather(-1, z[..., None])[..., 0]
    torch.testing.assert_close(torch.stack([log_prob for _, log_prob in steps], 1), expected)
    assert (steps[2][0][:, 3:] == -1).all() and torch.equal(steps[2][0][:, :3], z[:, :3])


def test_lines_from_noise_to_latents_have_the_target_as_their_velocity():
    eps, z = torch.randn(2, 3, 4, 12, 12, generator=rng()).unbind(0)
    t = torch.tensor([0.0, 0.4, 1.0])
    points = between(eps, z, t)
    torch.testing.assert_close(points[0], eps[0])
    torch.testing.assert_close(points[2], z[2])
    torch.testing.assert_close((between(eps, z, t + 0.25) - points) / 0.25, z - eps, rtol=0, atol=1e-5)


@pytest.mark.parametrize("steps", [1, 7])
def test_euler_steps_along_the_true_velocity_of_one_scene_end_at_it(steps: int, monkeypatch: pytest.MonkeyPatch):
    """The marginal velocity towards a single point z is (z − z_t) / (1 − t); guidance of two equal fields is none."""
    model = WordsDiffusion(**SIZE)
    wanted = torch.randn(1, 4, 12, 12, generator=rng(3))
    monkeypatch.setattr(model, "velocity", lambda z, t, prompt, kept=None: (wanted - z) / (1 - t.view(-1, 1, 1, 1)))
    *_, (z, _) = model.walk(2, rng(), tokens(RED_CAT, RED_CAT), steps, guidance=4.0)
    torch.testing.assert_close(z, wanted.expand_as(z), rtol=0, atol=1e-5)


def test_the_loss_of_the_diffusion_is_the_error_of_the_velocity(monkeypatch: pytest.MonkeyPatch):
    """The loss is 0 for the true velocity (z − z_t) / (1 − t), and for 0 the mean square of z − ε: 1 + 1."""
    model = WordsDiffusion(**SIZE)
    model.attach(SceneAutoencoder(channels=32))
    z = torch.randn(64, 4, 12, 12, generator=rng(5))
    monkeypatch.setattr(model.codec, "encode", lambda x: z)
    caption = tokens(RED_CAT).expand(64, -1)
    loss = model.training_loss(z, RECIPE, generator=rng(), label=caption)
    assert loss.item() == pytest.approx(2.0, abs=0.05)
    monkeypatch.setattr(model, "velocity", lambda z_t, t, prompt, kept=None: (z - z_t) / (1 - t.view(-1, 1, 1, 1)))
    assert model.training_loss(z, RECIPE, generator=rng(), label=caption).item() < 1e-6


def test_guidance_extrapolates_from_no_words():
    given, free = torch.tensor([3.0, 1.0]), torch.tensor([1.0, 2.0])
    assert torch.equal(guided(given, free, 0.0), free) and torch.equal(guided(given, free, 1.0), given)
    assert guided(given, free, 3.0).tolist() == [7.0, -1.0]
    both = with_and_without(tokens(RED_CAT))
    assert both[1].tolist() == tokens_of([]) and both[0].tolist() == tokens(RED_CAT)[0].tolist()
    dropped = drop_words(tokens(RED_CAT).expand(2_000, -1), 0.1, rng())
    assert (dropped[:, 0] == 1).float().mean().item() == pytest.approx(0.1, abs=0.03)


def test_masks_have_the_shares_of_a_cosine_and_at_least_one_place():
    masks = random_masks(4_000, 144, rng())
    assert masks.any(1).all() and masks.float().mean().item() == pytest.approx(2 / math.pi, abs=0.02)


def test_the_least_confident_tokens_are_masked_again():
    drawn, confidence = torch.tensor([[4, 3, 2, 1]]), torch.tensor([[0.1, torch.inf, -2.0, 0.5]])
    assert keep(drawn, confidence, 2, mask=9).tolist() == [[9, 3, 9, 1]]


def test_what_was_kept_stays_and_all_is_unmasked_at_the_end():
    model = randomised(WordsMasked(codes=5, tokens=20, **SIZE))
    words = tokens(RED_CAT, "two dogs on grass")
    states = [z for z, _ in model.walk(2, rng(), words, steps=5)]
    left = [int((z == 5).sum(1)[0]) for z in states]
    assert left == [int(20 * math.cos(math.pi / 2 * (k + 1) / 5)) for k in range(5)] and left[-1] == 0
    for before, after in itertools.pairwise(states):
        known = before != 5
        assert torch.equal(before[known], after[known])


def test_a_masked_token_is_predicted_from_later_ones_too():
    model = randomised(WordsMasked(codes=5, tokens=6, **SIZE))
    z, prompt = torch.tensor([[5, 1, 2, 3, 4, 0]]), model.trunk.read(tokens(RED_CAT))
    other = z.clone()
    other[0, 5] = 2
    assert (model.logits(z, prompt)[0, 0] - model.logits(other, prompt)[0, 0]).abs().max() > 1e-4


@pytest.mark.parametrize("family", ["words-diffusion", "words-tokens", "words-masked"])
def test_a_drawn_scene_is_the_last_step_and_lies_in_the_space(family: str):
    codec = SceneAutoencoder(channels=32) if family == "words-diffusion" else SceneVQVAE(codes=8, dim=4, channels=32)
    model = randomised(FAMILIES[family](**SIZE, **({} if family == "words-diffusion" else {"codes": 8})))
    model.attach(codec)
    few = {} if family == "words-tokens" else {"steps": 2}
    *_, step = model.sample_steps(1, generator=rng(), tokens=tokens(RED_CAT), **few)
    assert torch.equal(model.sample(1, generator=rng(), tokens=tokens(RED_CAT), **few), step.x)
    assert (
        step.index == step.total - 1 and step.x.shape == (1, *COLOUR.shape) and 0 <= step.x.min() <= step.x.max() <= 1
    )
    assert not [name for name in model.state_dict() if "codec" in name]  # the autoencoder's weights stay its own


@pytest.mark.parametrize("family", FAMILIES)
def test_every_weight_gets_a_gradient(family: str):
    small = SIZE if family.startswith("words") else {"channels": 32}
    model = randomised(FAMILIES[family](**small)).train()
    if hasattr(model, "attach"):
        model.attach(SceneAutoencoder(channels=32) if family == "words-diffusion" else SceneVQVAE(channels=32))
    batch = SCENES.load("any")[:8]
    model.training_loss(batch.pixels(), RECIPE, generator=rng(), label=batch.labels).backward()
    assert not [name for name, weight in model.named_parameters() if weight.grad is None]


def test_latents_are_normalised_by_their_running_mean_and_deviation():
    model, x = SceneAutoencoder(channels=32).train(), SCENES.load("train")[:16].pixels()
    with torch.no_grad():
        mu = model.posterior(x)[0]
        for _ in range(600):
            model.follow(mu)
        z = model.encode(x)
    torch.testing.assert_close(z.mean((0, 2, 3)), torch.zeros(4), rtol=0, atol=0.02)
    torch.testing.assert_close(z.std((0, 2, 3)), torch.ones(4), rtol=0, atol=0.02)


def test_a_scene_has_one_reading_however_it_is_worded():
    one, other = tokens("two red cats left of a dog on sky", "a dog right of two red cats on sky")
    assert torch.equal(answers(one[None]), answers(other[None]))
    three = answers(tokens("a cat below a dog below a car on sand"))[0]
    assert three.tolist()[:2] == [4, 5] and (three != ABSENT).all()
    assert (answers(tokens(RED_CAT))[0, 5:] == ABSENT).all() and len(HEADS) == 11


def test_attributes_are_right_only_if_they_are_of_every_phrase():
    wanted = answers(tokens("a red cat left of a dog on sky", RED_CAT))
    found = wanted.clone()
    found[0, list(HEADS).index("colour 2")] += 1
    found[1, list(HEADS).index("object 3")] = 7  # a phrase that is not there
    measured = right(found, wanted)
    assert measured["colour"].tolist() == measured["all"].tolist() == [0, 1]
    assert all(measured[name].tolist() == [1, 1] for name in ATTRIBUTES if name != "colour")


def test_the_judge_reads_no_phrase_beyond_the_layout():
    judge = randomised(SceneJudge(channels=8, hidden=16))
    found = judge.read(SCENES.load("any")[:32].pixels())
    assert (found[:, 2] != ABSENT).all()
    assert ((found[:, 5] == ABSENT) == (found[:, 0] == 0)).all() and (
        (found[:, 8] == ABSENT) == (found[:, 0] < 3)
    ).all()


def test_wrong_pictures_show_other_scenes_than_their_captions():
    found = wrong_pictures(6)
    real = SCENES.graded("", 6, 2, seed=4)[:].pixels()
    assert all(x.shape == real.shape for x, _ in found.values())
    assert torch.equal(found["blank"][0].flatten(2).std(2), torch.zeros(6, 3))
    assert torch.equal(found["shuffled"][0].flatten(1).sort().values, real.flatten(1).sort().values)
    assert not torch.equal(exchanged(6)[0], SCENES.graded("", 6, 2, seed=5)[:].pixels())
