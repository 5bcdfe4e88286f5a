"""The GAN's tour says what will be seen; the very networks of the page must do it."""

import base64
import math
from functools import cache

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data.toys import GAMES
from explorer.measures.game import name_of
from explorer.models.game import Game, Rules
from explorer.models.gan import GAN
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.steps import last
from explorer.tabs.gan import evidence as gan_evidence
from explorer.tabs.gan import generate as gan_generate
from explorer.tabs.gan import shared as gan_shared
from explorer.tabs.gan import tab as gan
from explorer.tabs.gan.maths import best_discriminator
from tests.cards import card_of

NET = "gan-mnist"
STEPS = {step["title"]: step for step in gan.TAB.tour(gan_evidence.quotes({}))}


@cache
def network() -> GAN:
    return checkpoints.load(NET, "cpu")


def answer(title: str) -> str:
    step = STEPS[title]
    return step["choices"][step["answer"]]


def state(title: str) -> dict:
    """The state of a step once it has been answered."""
    return STEPS[title]["state"] | STEPS[title]["after"]


def asked(title: str) -> dict:
    """Grid that a step is about."""
    of = state(title)
    return {"net": NET, "seed": int(of["seed"]), "label": int(of["label"]) if "label" in of else None}


def images(found: dict) -> Tensor:
    raw = torch.frombuffer(bytearray(base64.b64decode(found["x"])), dtype=torch.uint8)
    return raw.view(-1, 1, 28, 28).float() / 255


def grey(x: Tensor) -> float:
    """The share of pixels that are neither black nor white."""
    return float(((x > 0.15) & (x < 0.85)).float().mean())


def test_an_image_takes_one_pass(monkeypatch: pytest.MonkeyPatch):
    assert answer("Work for one image") == "once"
    calls, generate = [], network().generator.forward

    def counted(z: Tensor, label: Tensor) -> Tensor:
        calls.append(len(z))
        return generate(z, label)

    monkeypatch.setattr(network().generator, "forward", counted)
    step = last(network().sample_steps(16, generator=torch.Generator().manual_seed(7)))
    assert calls == [16] and step.total == 1
    assert network().latent == 64 and step.x[0].numel() == 784


def test_in_the_middle_of_three_codes_the_code_is_much_shorter():
    title = "Between three codes"
    assert answer(title) == "much shorter"
    of = state(title)
    corners = tuple(map(int, of["plane"].split(",")))
    z = gan_shared.grid_of(network(), asked(title)["seed"], asked(title)["label"])[0]
    middle = gan_generate.plane.props(**asked(title), corners=corners, u=float(of["u"]), v=float(of["v"]))["length"]
    usual = float(z.norm(dim=-1).mean())
    assert usual == pytest.approx(math.sqrt(network().latent), rel=0.1)
    assert middle == pytest.approx(usual / math.sqrt(3), rel=0.15)


def test_halfway_around_an_image_is_as_black_and_white_as_the_ends():
    title = "Halfway between two codes"
    assert "a 3 of its own" in answer(title) and asked(title)["label"] == 3
    corners = tuple(map(int, state(title)["plane"].split(",")))
    film = gan_generate.between.props(**asked(title), pair=corners[:2])
    x, at = images(film), int(state(title)["at"])
    assert at == (len(x) - 1) // 2
    assert grey(x[at]) < 0.5 * grey((x[0] + x[-1]) / 2)
    found = checkpoints.load("classifier-mnist", "cpu")(x[[0, at, -1]]).argmax(-1)
    assert found.tolist() == [3, 3, 3]


def test_a_search_ends_at_another_3_with_something_left_over():
    title = "What it cannot do"
    assert "nearest image" in answer(title)
    index = int(state(title)["img"])
    x = data.bundled_images("mnist").images[index].view(1, 1, 28, 28).float() / 255
    assert int(data.bundled_images("mnist").labels[index]) == 3
    generator = torch.Generator().manual_seed(int(state(title)["seed"]))
    steps = list(network().invert_steps(x, generator=generator, steps=30))
    first, end = steps[0].numbers, steps[-1].numbers
    assert int(end["label"]) == 3
    assert 0.02 < float(end["error"]) < 0.7 * float(first["error"])


def test_the_discriminators_loss_goes_down_and_up():
    assert "down and up" in answer("The discriminator's loss")
    log = checkpoints.snapshots_of(NET)["history"]
    losses = [row["discriminator"] for row in log]
    low = losses.index(min(losses))
    assert 0 < low < len(losses) - 1
    assert losses[low] < 0.5 * losses[0] and losses[-1] > losses[low] + 0.5
    assert int(state("The discriminator's loss")["frame"]) >= len(log) - 1


def test_real_images_score_higher_than_generated_ones():
    assert "real ones" in answer("The discriminator's score")
    card = card_of(NET)
    assert find(card, "score_real")["value"] > find(card, "score_made")["value"]


def test_the_best_discriminator_of_equal_densities_says_one_half():
    assert "one half" in answer("The best discriminator")
    assert best_discriminator(0.2, 0.2) == 0.5


def game_of(title: str, kind: str) -> dict:
    """The recorded film on which a step stands, and which must be there."""
    of = state(title)
    asked = {name: float(of[name]) for name in ("dsteps", "lrd", "lrg")} | {"data": of["data"], "loss": of.get("loss")}
    path = checkpoints.pretrained_folder() / gan.GAME / "runs" / f"{name_of(kind, asked)}.json"
    return checkpoints.read_json(path)


def test_the_step_on_equilibrium_ends_near_it():
    """The last frame covers all modes, and D says about one half on them; it is the one that the step shows."""
    title = "The best discriminator"
    film = game_of(title, "play")
    end = film["frames"][-1]
    assert film["question"]["gseed"] == int(state(title)["gseed"]) and end["round"] == int(state(title)["round"])
    assert end["modes"] == end["of"] == 8
    assert 0 < end["divergence"] < 0.5 * film["frames"][0]["divergence"] and end["gap"] < film["frames"][0]["gap"]


def test_lost_modes_are_found_out_and_the_gradient_is_felt_where_the_points_are():
    """G feels the slope of D at its own points: a point that is not drawn has no share in it."""
    title = "Lost modes"
    assert "penalised" in answer(title) and "only where it puts points" in answer(title)
    assert best_discriminator(1 / 8, 1 / 4) == pytest.approx(4 / 12)
    race = game_of(title, "race")
    place = int(STEPS[title]["state"]["at"]) / 1000
    four, end = (race["frames"][round(at * (len(race["frames"]) - 1))] for at in (place, 1))
    covered = [[frame["modes"][loss][0] for loss in ("saturating", "non-saturating")] for frame in (four, end)]
    assert state(title)["tap"] == "0" and race["question"]["gseed"] == 0
    assert four["round"] == 900 and covered == [[4, 4], [8, 8]], "the case that the step is about"
    lost = [cell["losses"]["non-saturating"]["modes"] for cell in card_of(gan.GAME)["figures"]["cells"]]
    assert any(max(modes) < 8 for modes in lost), "with other settings they do not spread to all"
    game = Game(GAMES["ring"], Rules("non-saturating"), [0])
    far = GAMES["ring"].means[:1]

    def pulled() -> Tensor:
        return game.generator_loss("non-saturating", game.codes)[1]

    before, values = pulled(), game.values
    game.values = lambda x: values(x) + 100 * torch.exp(-((x - far) ** 2).sum(-1) / 0.005)  # another D near a lost mode
    assert float(torch.cdist(game.samples()[0], far).min()) > 1 and torch.allclose(pulled(), before)


def test_the_saturating_gradient_vanishes_and_the_others_do_not():
    assert "vanishes" in answer("Too good an opponent")
    (path,) = (checkpoints.pretrained_folder() / gan.GAME / "runs").glob("face-ring-*.json")
    frames = checkpoints.read_json(path)["frames"]
    first, end = (frames[at]["norms"] for at in (0, -1))
    assert end["saturating"] < 0.1 * first["saturating"]
    assert end["non-saturating"] > 10 * end["saturating"] and end["wgan-gp"] > 10 * end["saturating"]
