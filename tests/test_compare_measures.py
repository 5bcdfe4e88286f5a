"""Measures across families: scores in one direction, the AUROC by counting pairs, and their place in the card."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from explorer import data, evaluate
from explorer.measures import compare
from explorer.networks import checkpoints
from explorer.questions import anomaly, likelihood
from explorer.spaces import LEVELS
from explorer.steps import Step, last


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Exact(nn.Module):
    """Gives images of little ink a high probability."""

    space = LEVELS

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def log_prob(self, x: Tensor) -> Tensor:
        return -1 - x.flatten(1).sum(-1)

    def sample_steps(self, n: int, *, generator: torch.Generator):
        for index in range(3):
            yield Step(torch.rand(n, 1, 28, 28, generator=generator), index, 3)

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        return last(self.sample_steps(n, generator=generator)).x


class Unwatched(Exact):
    """Has a shorter way to the end than by steps that can be watched."""

    def sample_steps(self, n: int, *, generator: torch.Generator):
        yield next(super().sample_steps(n, generator=generator))
        raise AssertionError("nobody watches")

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        return torch.rand(n, 1, 28, 28, generator=generator)


class Bound(Exact):
    log_prob = property()  # as if there were none
    evaluations = 2

    def elbo(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        return -x.flatten(1).sum(-1) - torch.rand(len(x), generator=generator)


class Scored(Exact):
    log_prob = property()

    def anomaly_score(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        return x.flatten(1).mean(-1) - 0.5


class Solved(Scored):
    """Has a likelihood by an ODE, too expensive for scores: its own score is taken."""

    estimate_draws = 2

    def log_prob_by_ode(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        raise AssertionError("a score takes the cheaper way")


class Mute(Exact):
    log_prob = property()


def few(dataset: str, split: str) -> data.Split:
    """The bundled test images in the place of the whole split."""
    assert split == "test"
    return data.bundled_images(dataset)[:40]


def pairs(own: Tensor, other: Tensor) -> float:
    """The AUROC by its definition."""
    more = (other.unsqueeze(1) > own).double() + 0.5 * (other.unsqueeze(1) == own).double()
    return float(more.mean())


def test_the_auroc_is_the_share_of_pairs_in_order():
    own, other = (torch.randint(0, 9, (n,), generator=rng(n)).double() for n in (40, 33))
    found = compare.auroc(own, other)
    assert found["auroc"] == pytest.approx(pairs(own, other), abs=1e-12)
    assert compare.auroc(own, own)["auroc"] == pytest.approx(0.5)
    assert compare.auroc(own, own + 100) == {"auroc": 1.0, "se": 0.0}


def test_the_standard_error_of_the_auroc_is_its_spread_over_draws():
    draws = [compare.auroc(*(torch.randn(60, generator=rng(2 * k + i)) + i for i in (0, 1))) for k in range(300)]
    spread = torch.tensor([each["auroc"] for each in draws]).std()
    result = torch.tensor([each["se"] for each in draws]).mean()
    assert float(result) == pytest.approx(float(spread), rel=0.15)


def test_higher_is_odder_whatever_a_model_can_say():
    blank, full = torch.zeros(1, 1, 28, 28), torch.ones(1, 1, 28, 28)
    for model, kind in ((Exact(), "exact"), (Bound(), "bound"), (Scored(), None), (Solved(), "estimate")):
        assert likelihood.kind(model) == kind and anomaly.can_score(model)
        odd, usual = (anomaly.score(model, x, generator=rng()) for x in (full, blank))
        assert odd > usual
    assert float(anomaly.score(Exact(), full, generator=rng())) == 785
    assert anomaly.ask(Solved(), full) == pytest.approx(0.5)
    assert not anomaly.can_score(Mute())


def test_the_kinds_are_what_they_are_called():
    own, kinds = few("mnist", "test").pixels(), compare.kinds_of("mnist", few, seed=0)
    assert list(kinds) == ["fashion-mnist", "noise", "blank", "rotated", "inverted"]
    assert torch.equal(kinds["inverted"], 1 - own) and not kinds["blank"].any()
    assert torch.equal(kinds["rotated"][:, :, 9], own[..., 18]) and len(kinds["blank"]) == 1
    assert 0.49 < float(kinds["noise"].mean()) < 0.51
    assert torch.equal(kinds["fashion-mnist"], few("fashion-mnist", "test").pixels())


@pytest.mark.parametrize(("model", "scale"), [(Exact(), "log"), (Scored(), "linear")])
def test_every_image_is_in_a_bin(model: nn.Module, scale: str):
    found = compare.odd(model, "mnist", few, seed=0)
    assert found["scale"] == scale
    assert sum(found["own"]["counts"]) == found["own"]["n"] == 40
    for kind in found["kinds"].values():
        assert sum(kind["counts"]) == kind["n"] and len(kind["counts"]) == len(found["edges"]) - 1
        assert 0 <= kind["auroc"] <= 1 and 0 <= kind["flagged"] <= 1
    assert found["kinds"]["inverted"]["auroc"] == 1  # more ink than any digit
    assert found["kinds"]["blank"]["auroc"] == 0


class Wavering(Bound):
    """Its bound on a blank page is 10 or 1,000 nats below 0, by chance; on any image with ink it is 100 nats."""

    def elbo(self, x: Tensor, *, generator: torch.Generator) -> Tensor:
        low = torch.rand(len(x), generator=generator) < 0.5
        return -torch.where(x.flatten(1).sum(-1) > 0, 100.0, torch.where(low, 10.0, 1000.0))


def test_the_auroc_of_the_blank_page_is_not_that_of_one_draw_of_its_bound():
    found = [compare.odd(Wavering(), "mnist", few, seed)["kinds"]["blank"] for seed in range(3)]
    assert all(0.3 < each["auroc"] < 0.7 and each["n"] == compare.PAGE_DRAWS for each in found)
    assert compare.odd(Exact(), "mnist", few, seed=0)["kinds"]["blank"]["n"] == 1


def test_drawing_is_counted_step_by_step_and_evaluation_by_evaluation():
    cost = compare.sampling(Bound())
    assert cost["steps"] == 3 and cost["evaluations"] == 6 and cost["milliseconds"] > 0
    assert compare.sampling(Exact())["evaluations"] == 3


def test_what_is_done_only_to_show_a_step_is_not_timed():
    assert compare.sampling(Unwatched())["steps"] == 3


def test_a_model_that_can_not_score_is_still_timed():
    found = compare.comparison(Mute(), "mnist", few, seed=0)
    assert "odd" not in found and found["sampling"]["n"] == 4
    assert "3 evaluations" in compare.compare_headline({"compare": found})


def test_the_card_keeps_everything_else_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = "beta-vae-mnist"
    (tmp_path / name).mkdir()
    for file in checkpoints.folder_of(name).glob("*.*"):
        (tmp_path / name / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    monkeypatch.setattr(data, "load", lambda dataset, split, folder: few(dataset, split))
    before = json.loads((tmp_path / name / "card.json").read_text(encoding="utf-8"))
    before.pop("compare", None)
    evaluate.evaluate(name, None, compare=True)
    after = json.loads((tmp_path / name / "card.json").read_text(encoding="utf-8"))
    found = after.pop("compare")
    assert after == before
    assert found["command"] == f"python -m explorer.evaluate {name} --compare"
    assert found["odd"]["kinds"]["noise"]["auroc"] > 0.99 and found["sampling"]["evaluations"] == 1
    evaluate.evaluate(name, None, compare=True, only="odd")
    again = json.loads((tmp_path / name / "card.json").read_text(encoding="utf-8"))["compare"]
    assert again["odd"].pop("command").endswith("--compare --only odd") and again["sampling"] == found["sampling"]
    assert {key: again["odd"][key] for key in found["odd"]} == found["odd"]
    kept = evaluate._part_to_keep(tmp_path / name, before["sha256"], whole=False)
    assert kept["compare"]["sampling"] == found["sampling"] and "figures" not in kept


def test_the_same_seed_measures_the_same():
    once, again, other = (compare.odd(Bound(), "mnist", few, seed) for seed in (3, 3, 4))
    assert once == again != other
