"""Questions of the comparison: its pictures and numbers are those of each family's own tab for the same state."""

import base64
import functools
import math
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.measures import compare
from explorer.networks import checkpoints
from explorer.serving.films import Script
from explorer.spaces import LEVELS
from explorer.spaces.packing import to_bytes, unpack_bits
from explorer.steps import Step
from explorer.tabs.autoregressive import complete as autoregressive_complete
from explorer.tabs.autoregressive import generate as autoregressive_generate
from explorer.tabs.autoregressive import score as autoregressive_score
from explorer.tabs.compare import real as compare_real
from explorer.tabs.diffusion import complete as diffusion_complete
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.gan import generate as gan_generate
from explorer.tabs.kit.ask import likely, questions
from explorer.tabs.vae import encode as vae_encode
from explorer.tabs.vae import sample as vae_sample
from tests import tiny_nets

TEST = ("test", 12, "mnist")
TOP = bytes([255] * 49 + [0] * 49)
RASTERS = ("pixelcnn-mnist", "made-mnist")
NETS = (*RASTERS, "beta-vae-mnist", "diffusion-mnist", "gan-mnist")
GANS = {"gan-mnist": {"latent": 8, "generator": [8, 8, 8], "discriminator": [8, 8, 8]}}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(folder)))
        tiny_nets.write(folder, GANS, jitter=0.1)
        tiny_nets.write_diffusions(folder)
        yield


def run(script: Script) -> list[dict]:
    """The frames of a film, which are as many as were promised, as were the evaluations."""
    evaluations, frames = zip(*script.scenes())
    frames = [frame for frame in frames if frame]
    assert len(frames) == script.total
    assert sum(evaluations) == script.evaluations == frames[-1]["numbers"]["evaluations"]
    return frames


def images(text: str, levels: int = 255) -> Tensor:
    """Images as bytes, (n, 784), on the scale from 0 to 255."""
    raw = torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8).view(-1, 784)
    return raw.long() * 255 // levels


@functools.cache
def film(net: str, label: int | None = None) -> list[dict]:
    return run(questions.ask_make.props(net, 7, label))


def made(net: str, label: int | None = None) -> Tensor:
    return images(film(net, label)[-1]["x"])


@pytest.mark.parametrize(
    ("net", "label"), [("pixelcnn-mnist", 3), pytest.param("made-mnist", None, marks=pytest.mark.deep)]
)
def test_a_raster_draws_what_its_own_tab_draws(net: str, label: int | None):
    own = autoregressive_generate.generate.props(net, 7, 16, label, 1.0, 0)
    assert torch.equal(made(net, label), images(own["values"], 1)[:4])


def test_the_vae_draws_what_its_own_tab_draws():
    own = vae_sample.sample.props("mnist", 1.0, 7)["bits"]
    assert torch.equal(made("beta-vae-mnist"), images(own)[:4])


@pytest.mark.parametrize("label", [None, 3])
def test_the_gan_draws_what_its_own_tab_draws(label: int | None):
    own = gan_generate.generate.props("gan-mnist", 7, label)
    assert torch.equal(made("gan-mnist", label), images(own["x"])[:4])


@pytest.mark.parametrize("label", [pytest.param(None, marks=pytest.mark.deep), 3])
def test_the_diffusion_draws_what_its_own_tab_draws(label: int | None):
    script = diffusion_shared.reverse.props("diffusion-mnist", 7, 16, label, 1.0, "ddim", 50, 0.0)
    own = [frame for _, frame in script.scenes() if frame][-1]
    assert (made("diffusion-mnist", label) - images(own["x"])[:4]).abs().max() <= 1


@pytest.mark.parametrize("net", RASTERS)
def test_an_exact_value_is_that_of_the_tab(net: str):
    found, own = questions.ask_likelihood.props(net, TEST), autoregressive_score.score.props(net, TEST, "map")
    assert found["kind"] == "exact" and found["se"] is None and found["space"] == "binary"
    assert found["nats"] == pytest.approx(own["total"], rel=1e-6)
    assert found["bits_per_dim"] == pytest.approx(-own["total"] / (784 * math.log(2)), rel=1e-6)


def test_a_bound_is_that_of_the_tab():
    found, own = questions.ask_likelihood.props("beta-vae-mnist", TEST), vae_encode.encode.props("mnist", 1.0, 12, 7)
    assert found["kind"] == "bound"
    assert found["nats"] == pytest.approx(own["elbo"], rel=1e-6)
    assert found["se"] == pytest.approx(own["elbo_se"], rel=1e-3)


@pytest.mark.deep
def test_a_diffusions_bound_is_about_grey_levels():
    found = questions.ask_likelihood.props("diffusion-mnist", TEST)
    assert found["kind"] == "bound" and found["space"] == "levels" and found["se"] > 0
    x = data.bundled_images("mnist").images[12].view(1, 1, 28, 28) / 255
    draws = torch.cat(
        [
            checkpoints.load("diffusion-mnist").elbo(x, generator=torch.Generator().manual_seed(seed))
            for seed in range(40)
        ]
    )
    assert found["nats"] == pytest.approx(float(draws.mean()), abs=4 * (found["se"] + float(draws.std()) / 40**0.5))


def test_a_gan_cannot_say_and_says_why():
    found = questions.ask_likelihood.props("gan-mnist", TEST)
    assert found["kind"] == "cannot" and found["nats"] is None
    assert found["words"].startswith("cannot, because a GAN defines no density")


@pytest.mark.parametrize("net", ["pixelcnn-mnist", "beta-vae-mnist", "diffusion-mnist"])
def test_what_is_unlikely_is_odd(net: str):
    likely, odd = questions.ask_likelihood.props(net, TEST), questions.ask_anomaly.props(net, TEST)
    assert odd["score"] == pytest.approx(-likely["nats"], rel=1e-6)


def test_a_gans_oddness_is_what_its_discriminator_says():
    model = checkpoints.load("gan-mnist")
    x = data.bundled_images("mnist").images[12].view(1, 1, 28, 28) / 255
    with torch.no_grad():
        best = model.score(x.expand(10, -1, -1, -1), torch.arange(10)).max()
    assert questions.ask_anomaly.props("gan-mnist", TEST)["score"] == pytest.approx(-float(best), abs=1e-4)


@pytest.mark.parametrize("net", RASTERS)
def test_a_raster_finishes_as_its_own_tab_does(net: str):
    frames = run(questions.ask_complete.props(net, TEST, TOP, 7, None))
    own = autoregressive_complete.complete.props(net, TEST, 14, 7, None)
    assert torch.equal(images(frames[-1]["x"]), images(own["values"], 1)[:4])


@pytest.mark.deep
def test_a_diffusion_finishes_as_its_own_tab_does():
    frames = run(questions.ask_complete.props("diffusion-mnist", TEST, TOP, 7, 3))
    script = diffusion_complete.complete.props("diffusion-mnist", TEST, TOP, 7, 3, 1.0, 50, 5)
    own = [frame for _, frame in script.scenes() if frame][-1]
    assert torch.equal(images(frames[-1]["x"]), images(own["x"]))
    assert script.evaluations == frames[-1]["numbers"]["evaluations"] == 250


DENOISED = pytest.param("diffusion-mnist", marks=pytest.mark.deep)
"""In the core, the diffusion's own tab is asked what it keeps."""


@pytest.mark.parametrize("net", [DENOISED if net == "diffusion-mnist" else net for net in NETS])
def test_what_is_kept_stays_in_every_way_to_finish(net: str):
    frames = run(questions.ask_complete.props(net, TEST, TOP, 7, None))
    x = questions.network_input(checkpoints.load(net), TEST).flatten()
    kept = (x * 255).round().long()[:392]
    assert (images(frames[-1]["x"])[:, :392] == kept).all()


@pytest.mark.parametrize("net", NETS)
def test_the_clock_of_a_film_goes_forward_to_its_end(net: str):
    frames = film(net)
    assert all(len(base64.b64decode(frame["x"])) == 4 * 784 for frame in frames)
    assert frames[-1]["index"] == frames[-1]["total"] - 1 and frames[-1]["numbers"]["seconds"] > 0
    for before, after in zip(frames, frames[1:]):
        assert before["index"] < after["index"]
        assert before["numbers"]["evaluations"] < after["numbers"]["evaluations"]
        assert before["numbers"]["seconds"] <= after["numbers"]["seconds"]


def test_a_pixel_is_there_once_it_is_drawn():
    for frame in film("made-mnist"):
        there, drawn = unpack_bits(base64.b64decode(frame["known"])).flatten().bool(), frame["numbers"]["evaluations"]
        assert int(there.sum()) == drawn and there[:drawn].all()
    frames = run(questions.ask_complete.props("made-mnist", TEST, TOP, 7, None))
    known = unpack_bits(base64.b64decode(frames[0]["known"]))
    assert int(known.sum()) == 392 + frames[0]["numbers"]["evaluations"]
    assert film("diffusion-mnist")[0]["known"] is None


@pytest.mark.parametrize(
    ("net", "calls"),
    [("diffusion-mnist", 50), ("gan-mnist", 1), pytest.param("made-mnist", 784, marks=pytest.mark.deep)],
)
def test_evaluations_are_those_that_the_network_makes(net: str, calls: int, monkeypatch: pytest.MonkeyPatch):
    model, made = checkpoints.load(net), []
    name = next(name for name in ("network", "generator", "layers") if hasattr(model, name))
    network = getattr(model, name)
    network = network[0] if name == "layers" else network
    monkeypatch.setattr(network, "forward", lambda *args, run=network.forward: (made.append(1), run(*args))[1])
    script = questions.ask_make.props(net, 7, None)
    made.clear()
    run(script)
    assert len(made) == calls == script.evaluations
    assert compare.sampling(model)["evaluations"] == calls


@pytest.mark.parametrize(("net", "name"), [("beta-vae-mnist", "decoder"), ("gan-mnist", "generator")])
def test_a_search_evaluates_the_network_as_often_as_is_said(net: str, name: str, monkeypatch: pytest.MonkeyPatch):
    """In every step but the first, which looks at some draws too."""
    rows: list[int] = []
    network = getattr(checkpoints.load(net), name)
    run_it = network.forward
    monkeypatch.setattr(network, "forward", lambda z, *args: (rows.append(len(z)), run_it(z, *args))[1])
    scenes = questions.ask_complete.props(net, TEST, TOP, 7, None).scenes()
    next(scenes)
    rows.clear()
    evaluations, _ = next(scenes)
    assert sum(rows) == evaluations > 1


@pytest.mark.parametrize("net", ["beta-vae-mnist", "made-mnist"])
def test_who_knows_no_classes_says_so(net: str):
    with pytest.raises(ValueError, match="cannot, because this .* was trained without labels"):
        questions.ask_make.props(net, 7, 3)


def test_a_raster_can_only_go_on_from_the_top():
    with pytest.raises(ValueError, match="only the first ones in it can be known"):
        questions.ask_complete.props("pixelcnn-mnist", TEST, bytes(49) + bytes([255] * 49), 7, None)


def test_where_everything_is_kept_there_is_nothing_to_do():
    with pytest.raises(ValueError, match="leave some"):
        questions.ask_complete.props("diffusion-mnist", TEST, bytes([255] * 98), 7, None)


@pytest.mark.parametrize("net", NETS)
def test_an_image_to_be_told_from_a_real_one_is_black_and_white(net: str):
    found = images(compare_real.one.props(net, 3)["x"])
    assert found.shape == (1, 784) and set(found.unique().tolist()) <= {0, 255}
    assert not torch.equal(found, images(compare_real.one.props(net, 4)["x"]))


def test_it_is_not_binarised_with_the_noise_it_was_made_of(monkeypatch: pytest.MonkeyPatch):
    def noise(n: int, *, generator: torch.Generator) -> Iterator[Step]:
        yield Step(torch.rand(n, 1, 28, 28, generator=generator), 0, 1, "noise", {})

    monkeypatch.setattr(checkpoints, "load", lambda net: SimpleNamespace(sample_steps=noise, space=LEVELS))
    found = images(compare_real.one.props("gan-mnist", 3)["x"])
    assert float((found > 0).double().mean()) == pytest.approx(0.5, abs=0.06)  # with the same numbers: 0


def test_binarising_leaves_black_and_white_as_it_is():
    model = checkpoints.load("made-mnist")
    x = model.sample(1, generator=torch.Generator().manual_seed(3))
    assert compare_real.one.props("made-mnist", 3)["x"] == to_bytes(x)


@pytest.mark.parametrize("dataset", ["moons", "rings", "eight-gaussians"])
def test_the_density_that_points_were_drawn_from_is_known(dataset: str):
    mixture, point = data.DATASETS[dataset].mixture, (0.6, -0.4)
    each = torch.distributions.Normal(mixture.means, mixture.sigma).log_prob(torch.tensor(point)).sum(-1)
    shares = torch.distributions.Categorical(logits=torch.zeros(len(each)))
    expected = (each + shares.logits).logsumexp(0)
    assert likely.true_log_density(dataset, ("point", point)) == pytest.approx(float(expected), abs=1e-4)
    assert questions.ask_likelihood.props("gan-mnist", TEST)["known"] is None
