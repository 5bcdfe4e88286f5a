"""The server functions of the energies of images, by small networks: what they answer is what the models say."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import data
from explorer.networks import checkpoints
from explorer.spaces import BINARY, LEVELS
from explorer.tabs.energy import boltzmann, image, langevin
from explorer.tabs.energy.boltzmann import BOLTZMANN_UNITS
from tests import tiny_nets
from tests.asking import wait_for

NETS = tiny_nets.ENERGIES | {"pixelcnn-mnist": tiny_nets.MODELS["pixelcnn-mnist"]}
TEST = ("test", 8, "mnist")
Q = {"picture": {"test": 8, "set": "mnist"}, "seed": 7, "begin": "noise", "clamp": "none", "longer": 1, "stride": 1}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        tiny_nets.write(folder, NETS, jitter=0.05)
        card = checkpoints.read_json(folder / "rbm-mnist" / "card.json")
        rows = [{"name": "log_z", "value": 500.0, "se": 0.25, "kind": "estimate"}]
        checkpoints.write_json(folder / "rbm-mnist" / "card.json", card | {"rows": rows})
        yield folder


def frames_of(script) -> list[dict]:
    return [each for _, each in script.scenes() if each]


def test_what_the_machine_makes_of_an_image_is_what_the_model_says():
    found = boltzmann.look.props(TEST)
    model, x = checkpoints.load("rbm-mnist"), data.read(TEST, BINARY)
    assert found["free_energy"] == pytest.approx(float(model.free_energy(x)), rel=1e-6)
    assert found["nats"] == pytest.approx(-found["free_energy"] - 500, rel=1e-6) and found["log_z"] == [500.0, 0.25]
    exact = checkpoints.load("pixelcnn-mnist").log_prob(x)
    assert found["exact"] == pytest.approx(float(exact), rel=1e-6)
    assert len(found["on"]) == 30 and len(found["units"]) == BOLTZMANN_UNITS
    assert found["adds"] == sorted(found["adds"], reverse=True)
    blank = model.free_energy(torch.zeros_like(x)) - model.free_energy(x) - x.flatten(1) @ model.visible_bias
    assert float(blank) == pytest.approx(
        float(
            (
                torch.nn.functional.softplus(model.hidden_logits(x.flatten(1)))
                - torch.nn.functional.softplus(model.hidden_bias)
            ).sum()
        ),
        abs=1e-3,
    )
    weights = LEVELS.decode(found["filters"])[0].flatten() - 0.5
    wanted = model.weight[found["units"][0]]
    assert float(torch.corrcoef(torch.stack([weights, wanted]))[0, 1]) > 0.999


@pytest.mark.parametrize(("clamp", "kept"), [("none", np.s_[:0]), ("top", np.s_[:14]), ("left", np.s_[:, :14])])
def test_chains_hold_the_half_that_is_asked_for(clamp: str, kept):
    script = boltzmann.gibbs.props(TEST, 7, "noise", clamp)
    frames = frames_of(script)
    assert len(frames) == script.total and script.count == 4
    x = np.frombuffer(base64.b64decode(frames[-1]["x"]), np.uint8).reshape(4, 28, 28)
    picture = (255 * data.read(TEST, BINARY)[0, 0].numpy()).astype(np.uint8)
    assert all(np.array_equal(each[kept], picture[kept]) for each in x)
    assert not np.array_equal(x[0], x[1]), "every chain has noise of its own"
    energies = checkpoints.load("rbm-mnist").free_energy(BINARY.decode(frames[-1]["x"]))
    assert frames[-1]["numbers"]["energy"] == pytest.approx(energies.tolist(), abs=1e-3)


def test_a_film_down_the_energy_is_the_samplers():
    script = langevin.langevin.props(TEST, 7, "noise", 1, 1.0)
    frames = frames_of(script)
    model = checkpoints.load("ebm-mnist")
    sample = model.sample(4, generator=torch.Generator().manual_seed(7))
    assert np.abs(LEVELS.decode(frames[-1]["x"]).numpy() - sample.numpy()).max() < 0.5 / 255 + 1e-6
    assert len(frames) == script.total and [frames[0]["index"], frames[-1]["index"]] == [0, 20]
    assert langevin.langevin.props(TEST, 7, "noise", 10, 1.0).evaluations == 201
    first = frames_of(langevin.langevin.props(TEST, 7, "picture", 1, 1.0))[0]
    assert np.abs(LEVELS.decode(first["x"])[3].numpy() - data.read(TEST, LEVELS)[0].numpy()).max() < 1e-6


def test_two_energies_are_the_models():
    found = langevin.weigh.props(TEST, 3)
    model = checkpoints.load("ebm-mnist")
    for energy, picture in zip(found["energies"], (TEST, ("test", 3, "mnist"))):
        assert energy == pytest.approx(float(model.energy(data.read(picture, LEVELS))), abs=1e-3)


def test_what_is_shown_begins_at_the_beginning_and_ends_at_the_end():
    for steps in (20, 200, 1000, 2000):
        shown = sorted(image.frame_steps(steps))
        assert shown[0] == 0 and shown[-1] == steps and len(shown) <= image.FILM_FRAMES


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("gibbs", {"picture": None}, "choose a test image or draw one first"),
        ("gibbs", {"clamp": "bottom"}, "which half of the picture is clamped must be one of"),
        ("langevin", {"stride": 99}, "must be a number from 0.5 to 16"),
        ("langevin", {"longer": 2}, "must be one of 1, 10"),
        ("look", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes"),
        ("weigh", {"other": -1}, "the second test image must be a number from 0"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(name: str, changed: dict, said: str):
    asked = {each.__name__: each for each in (*boltzmann.MODE.functions, *langevin.MODE.functions)}
    assert said in wait_for(asked[name](Q | {"other": 3} | changed))["error"]


def test_the_words_of_two_energies_say_which_is_likelier_and_by_how_much():
    words = langevin.ratio_answer(100.0, 110.0, "your drawing").words
    assert "your drawing is 22,026 times as likely as the digit beside it, 10.0 nats, exactly" in words
    words = langevin.ratio_answer(110.0, 100.0, "your drawing").words
    assert "the digit beside it is 22,026 times as likely as your drawing" in words


def test_an_estimate_is_said_with_its_doubt():
    seen = {"on": [0.9, 0.2], "free_energy": -300.0, "nats": -85.0, "log_z": [215.0, 0.25], "exact": -80.0}
    words = boltzmann.machine_sentence(seen)
    assert "1 of 2 hidden units" in words and "−log p(x) ≈ 85.0 ± 0.25 nats, an estimate" in words
    assert "PixelCNN computes 80.0 for the same pixels, exactly" in words
    assert "log Z" not in boltzmann.machine_sentence(seen | {"nats": None})
