"""Two shared questions: what lies between two x, and what a network drew while it learnt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from explorer import data
from explorer.models.spherical import angle_between, spherical_path
from explorer.models.vae import VAE
from explorer.networks import checkpoints
from explorer.questions import Cannot, interpolate, learn
from explorer.questions import make as making
from explorer.spaces import PLANE
from explorer.steps import last
from explorer.tabs.kit.ask import questions
from tests import tiny_nets

A, B = ("test", 12, "mnist"), ("test", 40, "mnist")


class Shift(nn.Module):
    """A model whose code of a point is the point moved by one."""

    space = PLANE

    def encode(self, x: Tensor) -> Tensor:
        return x + 1

    def decode(self, z: Tensor) -> Tensor:
        return z - 1


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("nets")
    tiny_nets.write(folder)
    tiny_nets.write_gans(folder)
    tiny_nets.write_diffusions(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        yield folder


def between(net: str) -> list[dict]:
    return [frame for _, frame in questions.ask_interpolate.props(net, A, B).scenes() if frame]


def test_a_way_through_codes_is_straight_and_has_both_ends():
    a, b = torch.tensor([[0.0, 1.0]]), torch.tensor([[2.0, -1.0]])
    x = last(interpolate.steps(Shift(), a, b)).x
    torch.testing.assert_close(x[0], a[0])
    torch.testing.assert_close(x[-1], b[0])
    torch.testing.assert_close(x, torch.stack([torch.linspace(0, 2, 9), torch.linspace(1, -1, 9)], dim=-1))


def test_a_way_on_a_sphere_stays_on_it_and_its_angle_grows_evenly():
    a, b = torch.nn.functional.normalize(torch.randn(2, 50, generator=torch.Generator().manual_seed(0)), dim=-1)
    path = spherical_path(a, b, 9)
    torch.testing.assert_close(path.norm(dim=-1), torch.ones(9))
    whole = angle_between(a, b)
    assert [angle_between(a, x) for x in path] == pytest.approx([whole * k / 8 for k in range(9)], abs=1e-3)


@pytest.mark.parametrize("toy", ["moons", "eight-gaussians"])
def test_the_ends_of_a_diffusions_way_are_the_points_that_were_asked_for(toy: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(checkpoints.ROOT / "pretrained"))
    a, b = data.load(toy, "test").points[:2].split(1)
    *_, end = interpolate.steps(checkpoints.load(f"score-{toy}"), a, b)
    assert end.index + 1 == end.total == 200
    torch.testing.assert_close(end.x[[0, -1]], torch.cat([a, b]), atol=0.06, rtol=0)


def test_a_vaes_way_is_the_decoded_line_between_two_means(nets: Path):
    model = checkpoints.load("beta-vae-mnist")
    (frame,) = between("beta-vae-mnist")
    a, b = (data.read(each, model.space) for each in (A, B))
    half = model.decode((model.encode(a, 1.0).mean + model.encode(b, 1.0).mean) / 2, 1.0).mean
    assert (model.space.decode(frame["x"])[4] - half[0]).abs().max() <= 1 / 255


def test_a_gans_way_comes_nearer_to_both_ends_while_it_searches(nets: Path):
    model, frames = checkpoints.load("gan-mnist"), between("gan-mnist")
    ends = torch.cat([data.read(each, model.space) for each in (A, B)])
    first, final = ((model.space.decode(each["x"])[[0, -1]] - ends).square().sum() for each in (frames[0], frames[-1]))
    assert final < first
    assert frames[-1]["numbers"]["evaluations"] == 51 * model.interpolating_evaluations


@pytest.mark.deep
def test_a_diffusions_way_is_made_of_as_many_evaluations_as_were_promised(nets: Path):
    script = questions.ask_interpolate.props("diffusion-mnist", A, B)
    evaluations, frames = zip(*script.scenes())
    assert sum(evaluations) == script.evaluations == 200 and script.count == 9
    assert len([frame for frame in frames if frame]) == script.total


def test_who_has_nothing_between_two_images_says_so(nets: Path):
    with pytest.raises(Cannot, match="cannot, because an autoregressive model has no latent variable"):
        questions.ask_interpolate.props("pixelcnn-mnist", A, B)


def test_watching_it_learn_draws_the_same_seed_at_every_moment(nets: Path):
    script = questions.ask_learn.props("gan-mnist", 7, 3)
    frames = [frame for _, frame in script.scenes()]
    assert [frame["index"] for frame in frames] == [0, 1] and script.evaluations == 2
    for k, frame in enumerate(frames):
        model = checkpoints.snapshot("gan-mnist", k)
        x = last(making.steps(model, making.together(model), 7, 3)).x[:4]
        assert frame["x"] == model.space.encode(x)
    assert frames[0]["x"] != frames[1]["x"]


def test_watching_a_vae_learn_has_the_means_of_its_pixels():
    model = VAE(latent=2, fine=4, coarse=4, narrow=2, hidden=8, blocks=(1, 1)).eval()
    (step,) = learn.steps([model], 1, 4, 7)
    z = torch.randn(4, 2, generator=torch.Generator().manual_seed(7))
    torch.testing.assert_close(step.pictures["mean"], model.decode(z).mean.detach())
    assert {*step.x.unique().tolist()} <= {0.0, 1.0}


@pytest.mark.parametrize("net", ["pixelcnn-mnist", "beta-vae-mnist"])
def test_who_kept_no_whole_network_on_the_way_says_so(nets: Path, net: str):
    with pytest.raises(Cannot, match="no snapshot of its training was kept"):
        questions.ask_learn.props(net, 7, None)
