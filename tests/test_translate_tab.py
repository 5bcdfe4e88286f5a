"""The tab of translations: what its questions answer, with networks of the real names and shapes, untrained."""

import base64
from pathlib import Path

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.sources import bold, outline, skeleton, thin
from explorer.networks import checkpoints
from explorer.spaces.packing import pack_bits
from explorer.tabs.translate import evidence, tab
from explorer.tabs.translate import many as translate_many
from explorer.tabs.translate import paired as translate_paired
from explorer.tabs.translate import permutes as translate_permutes
from explorer.tabs.translate import unpaired as translate_unpaired
from explorer.tabs.translate import weight as translate_weight
from explorer.tabs.translate.networks import (
    BOLD,
    GARMENTS,
    NETS,
    NETWORKS_DIFFUSION,
    NETWORKS_DIGITS,
    TERMS,
    WEIGHTS,
    net_with,
)

REAL = checkpoints.ROOT / "pretrained"
SMALL = {"generator": [8, 8, 8], "discriminator": [8, 8, 8]}
SMALLER = {"generator": [8, 8], "discriminator": [8, 8, 8], "blocks": 1}
RUN = {"command": "python -m explorer.train it", "date": "2026-01-02", "minutes": 0.1, "torch": "2", "device": "cpu"}


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory):
    """Every network of the tab with small widths and random weights, and the real classifiers."""
    folder = tmp_path_factory.mktemp("nets")
    for name in NETS:
        config = checkpoints.read_json(REAL / name / "config.json")
        sizes = {"pix2pix": SMALL, "cyclegan": SMALLER, "outline-diffusion": {"channels": [8, 8, 8], "embedding": 8}}
        config["model"] |= sizes[config["family"]]
        torch.manual_seed(len(name))
        model = checkpoints.build(config)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.2 * torch.randn_like(parameter))
        sha256 = checkpoints.save_weights(model, folder / name / "model.safetensors")
        checkpoints.write_json(folder / name / "config.json", config)
        training = RUN | {"parameters": 1, "losses": [2.0, 1.0]}
        checkpoints.write_json(folder / name / "card.json", {"sha256": sha256, "training": training})
    for name in ("classifier-mnist", "classifier-fashion-mnist"):
        (folder / name).symlink_to(REAL / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        yield folder


def images(payload: str) -> Tensor:
    raw = bytearray(base64.b64decode(payload))
    return torch.frombuffer(raw, dtype=torch.uint8).view(-1, 1, 28, 28).float() / 255


def sample(dataset: str, index: int) -> Tensor:
    return data.bundled_images(dataset)[index : index + 1].pixels()


@pytest.mark.parametrize(
    ("net", "dataset", "kind"), [(GARMENTS, "fashion-mnist", outline), (NETWORKS_DIGITS, "mnist", skeleton)]
)
def test_a_test_image_is_translated_from_its_source(net: str, dataset: str, kind):
    found = translate_paired.translate_paired.props(net, ("test", 3, dataset), 7)
    x = sample(dataset, 3)
    assert torch.equal(images(found["source"]), kind(x))
    torch.testing.assert_close(images(found["real"]), x, atol=0.003, rtol=0)
    assert found["difference"] == pytest.approx(float((images(found["made"]) - x).abs().mean()), abs=0.003)
    assert len(found["patches"]) == 49 and all(0 <= patch <= 1 for patch in found["patches"])
    assert found["real_as"]["name"] in data.CLASSES[dataset] and 0 < found["made_as"]["share"] <= 1


def test_a_drawing_is_thinned_and_has_no_real_image():
    stroke = torch.zeros(1, 28, 28)
    stroke[:, 5:23, 8:11] = 1
    found = translate_paired.translate_paired.props(GARMENTS, ("bits", base64.b64decode(pack_bits(stroke))), 7)
    assert torch.equal(images(found["source"]), skeleton(stroke[None]))
    assert not {"real", "real_as", "difference"} & found.keys()


def test_the_seed_is_the_noise_of_a_translation():
    one, again, other = (
        translate_paired.translate_paired.props(GARMENTS, ("test", 3, "fashion-mnist"), seed)["made"]
        for seed in (1, 1, 2)
    )
    assert one == again != other


def test_every_weight_translates_the_same_outline():
    found = translate_weight.weights.props(("test", 3, "fashion-mnist"), 7, 10)
    made = torch.cat([images(each) for each in found["made"]])
    assert found["weights"] == [0, 1, 10, 100] and found["chosen"] == 10 and found["epochs"] == [2] * 4
    alone = translate_paired.translate_paired.props(GARMENTS, ("test", 3, "fashion-mnist"), 7)
    assert torch.equal(made[3], images(alone["made"])[0]) and not torch.equal(made[0], made[3])
    assert found["differences"][3] == pytest.approx(alone["difference"], abs=1e-4)


def test_the_spread_is_the_mean_over_all_pairs_of_answers():
    x = torch.rand(4, 1, 28, 28)
    pairs = [(x[i] - x[j]).abs().mean() for i in range(4) for j in range(i)]
    assert translate_many.mean_difference(x) == pytest.approx(float(torch.stack(pairs).mean()), rel=1e-5)
    found = translate_many.many.props(("test", 3, "fashion-mnist"), 7)["families"]
    for family in found.values():
        assert len(family["made"]) == translate_many.DRAWN and family["spread"] > 0


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_digit_is_converted_translated_and_brought_back(way: str):
    found = translate_unpaired.translate_unpaired.props(BOLD, ("test", 3, "mnist"), way)
    x = sample("mnist", 3)
    source, target = (thin(x), bold(x)) if way == "there" else (bold(x), thin(x))
    torch.testing.assert_close(images(found["source"]), source, atol=0.003, rtol=0)
    torch.testing.assert_close(images(found["target"]), target, atol=0.003, rtol=0)
    assert found["terms"].keys() == TERMS.keys()
    for term, each in found["terms"].items():
        model = checkpoints.load(net_with(BOLD, term))
        there, back = (model.there, model.back) if way == "there" else (model.back, model.there)
        with torch.no_grad():
            torch.testing.assert_close(images(each["made"]), there(source), atol=0.003, rtol=0)
            assert each["cycle"] == pytest.approx(float((back(there(source)) - source).abs().mean()), abs=1e-4)
            assert each["identity"] == pytest.approx(float((there(target) - target).abs().mean()), abs=1e-4)
            assert each["difference"] == pytest.approx(float((there(source) - target).abs().mean()), abs=1e-4)


def test_what_permutes_is_the_recorded_matrix(small: Path):
    found = translate_permutes.permutes.props(BOLD, "there", "free")
    assert found["matrix"] is None and found["kept"] == dict.fromkeys(TERMS) and "trained" in found["words"]
    assert [name for name, *_ in found["numbers"]][1] == "class kept, without the cycle loss"
    net = net_with(BOLD, "free")
    card = checkpoints.read_json(small / net / "card.json")
    matrix = torch.eye(10).roll(1, 1).tolist()
    rows = [
        {"name": "kept", "value": 0.25, "se": 0.01, "n": 100, "kind": "estimate", "way": way} | more
        for way in ("there", "back")
        for more in ({"of": "source", "value": 0.9}, {})
    ]
    checkpoints.write_json(small / net / "card.json", card | {"rows": rows, "matrix": {"there": matrix, "back": None}})
    found = translate_permutes.permutes.props(BOLD, "there", "free")
    shares = [[cell["share"] for cell in row["cells"]] for row in found["matrix"]["rows"]]
    assert shares == matrix and found["kept"]["free"] == {"value": 0.25, "se": 0.01, "n": 100}
    assert found["kept"]["cycle"] is None
    checkpoints.write_json(small / net / "card.json", card)


def test_each_network_has_a_title_of_its_own_and_says_if_it_is_not_measured():
    titles = tab.titles()
    assert set(titles) == set(NETS) and len(set(titles.values())) == len(NETS)
    assert {*WEIGHTS.values(), NETWORKS_DIGITS, NETWORKS_DIFFUSION} < set(NETS)
    assert evidence.tables("mnist", {"training": {}}) == evidence.UNMEASURED
