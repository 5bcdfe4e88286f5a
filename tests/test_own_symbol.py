"""A visitor's own sign: what is accepted and kept, the added class, the judge, distances, and a short training."""

import base64

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data import DataError
from explorer.data.neighbours import training_index
from explorer.data.own_signs import SIGNS, accept_drawings, example_drawings
from explorer.models.diffusion import Diffusion
from explorer.models.own_symbol import with_symbol
from explorer.networks import checkpoints
from explorer.networks.own_texts import OWN_SIGNS, OwnSign, Store, TextGoneError
from explorer.questions import learn_symbol
from explorer.questions.learn_symbol import Digits, Judge, SignTask, SignTrainee, apart
from explorer.tabs import sign_keeper
from explorer.tabs.diffusion import symbol
from tests.signs import letters


def raw_of(images: Tensor) -> bytes:
    return (255 * images).round().byte().numpy().tobytes()


@pytest.fixture(scope="module")
def digits() -> Digits:
    index, held = training_index("mnist"), data.display_split("mnist").pixels()[:300]
    classifier = checkpoints.load("classifier-mnist")
    return Digits(classifier, index.images(slice(1_000)), index.labels[:1_000], held)


# drawings


def test_drawings_arrive_as_they_were_sent():
    given = letters("K", 5, 1)
    assert torch.equal(accept_drawings(raw_of(given)).float() / 255, (255 * given).round() / 255)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "these are 0"),
        (bytes(784 * 4), "these are 4"),
        (bytes(784 * 41), "these are 41"),
        (bytes(784 * 5 + 1), "did not arrive"),
        (raw_of(letters("K", 5, 1)) + bytes(784), "Drawing 6 shows hardly any ink"),
        (raw_of(letters("K", 5, 1)) + b"\xff" * 784, "Drawing 6 shows more ink than ground"),
        (raw_of(letters("K", 1, 1)) * 9, "must be different"),
    ],
)
def test_drawings_that_cannot_be_learned_get_their_reason(raw: bytes, reason: str):
    with pytest.raises(DataError, match=reason):
        accept_drawings(raw)


@pytest.mark.parametrize("name", SIGNS)
def test_example_drawings_follow_from_their_seed_and_are_centred(name: str):
    one, other = example_drawings(name, 6, 3), example_drawings(name, 6, 4)
    assert torch.equal(one, example_drawings(name, 6, 3)) and not torch.equal(one, other)
    ink = one[:, 0].float()
    rows = (ink.sum(2) * torch.arange(28)).sum(1) / ink.sum((1, 2))
    assert bool((rows - 13.5).abs().max() < 4)
    for each in ink > 0:
        low, high = each.nonzero().aminmax(dim=0)
        assert 18 <= int((high - low).max()) + 1 <= 22


# the class


def test_old_classes_draw_what_they_drew_before_the_first_step():
    base = checkpoints.load("diffusion-mnist")
    wider, labels = with_symbol(base), torch.tensor([3, 8])
    assert wider.classes == 11 and wider.network.label.weight.shape == (12, 128)
    assert torch.equal(wider.network.label.weight[-1], base.network.label.weight[-1])
    for w in (1.0, 3.0):  # the second asks for the row of “no label” too
        one, two = (learn_symbol.draw(model, labels, 5, w, steps=3) for model in (base, wider))
        assert torch.allclose(one, two, atol=1e-5)


def test_the_trained_network_that_others_use_stays_as_it_is(digits: Digits):
    base = checkpoints.load("diffusion-mnist")
    before = {name: value.clone() for name, value in base.state_dict().items()}
    trainee = SignTrainee(with_symbol(base), SignTask(letters("K", 5, 1), digits, 0.5, 10, 1))
    trainee.step(0.5)
    assert all(torch.equal(value, before[name]) for name, value in base.state_dict().items())
    assert not any(each.requires_grad for each in base.parameters())


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75])
def test_a_batch_has_the_share_of_old_digits(share: float, digits: Digits):
    trainee = SignTrainee(
        with_symbol(checkpoints.load("diffusion-mnist")), SignTask(letters("K", 5, 1), digits, share, 9, 1)
    )
    _, labels = trainee.batch()
    assert int((labels < 10).sum()) == share * 32 and int((labels == 10).sum()) == (1 - share) * 32


# the judge and distances


def test_the_judge_knows_the_sign_and_refuses_what_is_none(digits: Digits):
    drawings, fresh = letters("E", 20, 1), letters("E", 40, 2)
    judge = Judge(digits, drawings, 1)

    def share(x: Tensor) -> float:
        return float((judge.read(x) == 10).float().mean())

    reading = judge.reading()
    assert share(fresh) >= 0.9 and reading.signs >= 17 and reading.drawings == 20
    assert reading.digits <= 0.02 * reading.held
    noise = torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    for bad in (noise, torch.zeros(4, 1, 28, 28), letters("W", 40, 2), fresh.flip(-1), torch.maximum(fresh, noise)):
        assert share(bad) <= 0.1


def test_the_distance_is_the_least_over_all_shifts():
    drawings = letters("W", 3, 1)
    moved = torch.roll(drawings, (2, -1), (-2, -1))
    assert apart(moved, drawings).diagonal().max() < 1e-3
    x = letters("W", 2, 9)
    room = torch.nn.functional.pad(drawings, [2] * 4)
    for b in range(2):
        for n in range(3):
            every = [float(torch.dist(x[b], room[n, :, r : r + 28, c : c + 28])) for r in range(5) for c in range(5)]
            assert float(apart(x, drawings)[b, n]) == pytest.approx(min(every), abs=1e-3)


# training


def learned(digits: Digits, steps: int, rehearsal: float = 0.5, seed: int = 1) -> tuple[list, dict[str, Tensor]]:
    task, kept = SignTask(letters("E", 10, 1), digits, rehearsal, steps, seed), {}
    return [each for each in learn_symbol.steps(checkpoints.load("diffusion-mnist"), task, kept) if each], kept


@torch.no_grad()
def error_of_signs(model: Diffusion) -> float:
    """The error of v for twenty drawings with fixed noise."""
    generator = torch.Generator().manual_seed(5)
    x, t = letters("E", 20, 1), torch.arange(100, 900, 40)
    eps = torch.randn(x.shape, generator=generator)
    return float(model.v_error(model.from_space(x), eps, t, torch.full((20,), 10), 0.0, generator))


def test_a_short_training_follows_from_its_seed_and_lowers_the_loss(digits: Digits, monkeypatch: pytest.MonkeyPatch):
    small = {"SIGN_STEPS": 2, "DIGITS_END": 2, "DIGITS_DRAWN": 2, "SIGN_DRAWN": 2, "SIGN_END": 4, "SIGN_BATCH": 16}
    for name, value in (small | {"SIGN_MARKS": (0.0, 0.2, 1.0)}).items():
        monkeypatch.setattr(learn_symbol, name, value)
    (one, kept), (two, again), (_, other) = learned(digits, 5), learned(digits, 5), learned(digits, 1, seed=2)
    assert [each.step for each in one] == [0, 1, 5]
    assert torch.equal(one[-1].signs, two[-1].signs)
    assert all(torch.equal(kept[name], again[name]) for name in kept)
    assert not all(torch.equal(kept[name], other[name]) for name in kept)
    model = learn_symbol.restored(checkpoints.load("diffusion-mnist"), kept)
    assert torch.equal(learn_symbol.draw(model, [10] * 4, 1), one[-1].signs)
    assert error_of_signs(model) < error_of_signs(with_symbol(checkpoints.load("diffusion-mnist")))


# the mode


def test_a_sign_is_learned_drawn_and_belongs_to_one_key(digits: Digits, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(symbol, "old_digits", lambda: digits)
    for name, value in {"SIGN_STEPS": 2, "DIGITS_END": 10, "SIGN_END": 12}.items():
        monkeypatch.setattr(learn_symbol, name, value)
    key = sign_keeper.keep_sign("", raw_of(letters("E", 8, 1)), "1.2.3.4")["key"]
    other = sign_keeper.keep_sign("", raw_of(letters("K", 8, 1)), "1.2.3.4")["key"]
    with pytest.raises(ValueError, match="press Train"):
        symbol.draw_sign.plain(key, 7, 1.0)
    script = symbol.learn_sign.plain(key, 80, 50, 1)
    monkeypatch.setattr(SignTrainee, "step", lambda self, progress: self.losses.append(1.0))
    frames = [found for _, found in script.scenes() if found]
    assert len(frames) == script.total == len(learn_symbol.SIGN_MARKS)
    assert all(len(base64.b64decode(each["x"])) == 22 * 784 for each in frames)
    answer = symbol.draw_sign.plain(key, 7, 2.0)
    assert len(answer.grids[0]["captions"]) == 24 and len(answer.grids[1]["captions"]) == 10
    with pytest.raises(ValueError, match="press Train"):
        symbol.draw_sign.plain(other, 7, 2.0)
    OWN_SIGNS.close([key, other])
    with pytest.raises(TextGoneError, match="no longer has your drawings"):
        symbol.draw_sign.plain(key, 7, 2.0)


def test_the_store_is_bounded_and_the_address_that_holds_most_loses_first():
    store = Store(1_000_000, 100, 60.0, "Gone.")
    drawings = torch.zeros(5, 1, 28, 28, dtype=torch.uint8)
    first = store.keep(OwnSign(drawings, "1.1.1.1"))
    greedy = [store.keep(OwnSign(drawings, "2.2.2.2")) for _ in range(2)]
    for key in greedy:
        store.learn(key, "network", 600_000)
    assert store.size <= 1_000_000 and store.find(first) and store.find(greedy[1])
    with pytest.raises(TextGoneError, match="Gone"):
        store.find(greedy[0])
