"""The Flow tab's modes of images: what they ask Python and say, held against the model and torch.distributions."""

import base64
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import AffineTransform, Chi2, Normal, TransformedDistribution

from explorer import data
from explorer.lessons.live import InputError
from explorer.measures import compare as compare_measures
from explorer.measures import flow as measures
from explorer.models.image_flow import ImageFlow, on_lattice
from explorer.networks import checkpoints
from explorer.networks.card import find, read, rows
from explorer.numbers.rows import UNKNOWN, Quotes
from explorer.numbers.trained import read_card
from explorer.questions import likelihood
from explorer.tabs.flow import evidence, maths
from explorer.tabs.flow import fifth as flow_fifth
from explorer.tabs.flow import layers as flow_layers
from explorer.tabs.flow import mixed as flow_mixed
from explorer.tabs.flow import shared as flow_shared
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow import tab as flow_tab
from explorer.tabs.flow import typical as flow_typical
from explorer.tabs.flow.layers import LAYERS_GRID
from explorer.tabs.flow.shared import CUTS
from explorer.tabs.kit.layout.family import evidence as family_evidence
from tests import tiny_nets
from tests.address import passed_over
from tests.asking import anything, fields_asked, reads_or_says_why, refuses_in_a_sentence, wait_for
from tests.node import run

NET, A, B = "flow-mnist", ("test", 108, "mnist"), ("test", 0, "mnist")
FIELDS = fields_asked(flow_tab.TAB.functions)
ASK = {function.__name__: function for function in flow_tab.TAB.functions}
GOOD = {"net": NET, "seed": 7, "label": None, "temperature": 1.0}
GOOD |= {"picture": {"test": 12, "set": "mnist"}, "other": {"test": 0, "set": "mnist"}}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Small flows that are not the identity, and a network of black and white pixels beside them."""
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(folder, tiny_nets.FLOWS, jitter=0.1)))
        tiny_nets.write(folder, tiny_nets.GANS | {"made-mnist": tiny_nets.MODELS["made-mnist"]})
        (folder / "classifier-mnist").symlink_to(checkpoints.ROOT / "pretrained" / "classifier-mnist")
        yield folder


@pytest.fixture
def model() -> ImageFlow:
    return checkpoints.load(NET)


def bytes_of(payload: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(payload), dtype=np.uint8).reshape(-1, 28, 28).astype(int)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def film(**changed) -> list[dict]:
    asked = {"net": NET, "seed": 7, "label": 3, "temperature": 1.0} | changed
    return [frame for _, frame in flow_layers.layers.props(**asked).scenes()]


# through the layers


def test_the_film_ends_with_the_sample_and_its_exact_density(model: ImageFlow):
    frames, label = film(temperature=0.8), torch.full((LAYERS_GRID,), 3)
    z = 0.8 * torch.randn(LAYERS_GRID, 1, 28, 28, generator=rng(7))
    with torch.no_grad():
        x = model.decode(z, label)
        wanted = model.log_prob(x, label)
    assert (bytes_of(frames[-1]["x"]) == bytes_of(model.space.encode(model.to_space(x, 0)))).all()
    assert frames[-1]["numbers"]["log_prob"] == pytest.approx(wanted.tolist(), abs=0.1)
    assert frames[0]["numbers"]["log_prob"] == pytest.approx(Normal(0, 1).log_prob(z).sum((1, 2, 3)).tolist(), abs=0.1)
    assert frames[0]["numbers"]["squared_length"] == pytest.approx(z.square().sum((1, 2, 3)).tolist(), rel=1e-4)
    assert len(frames) == len(model.transforms) + 1 == frames[0]["total"]
    each, last = frames[-1]["report"]["each"][3], frames[-1]["numbers"]["log_prob"][3]
    added = last - frames[-2]["numbers"]["log_prob"][3]
    assert (
        each["words"].startswith(f"log p(x) = {last:+,.1f} nats")
        and f"{added:+,.1f} nats are of the last layer" in (each["words"])
    )
    assert (
        frames[2]["report"]["each"][0]["numbers"][3][1] == "1 of 784"
        and "begins as" in (frames[0]["report"]["each"][15]["words"])
    )


def test_what_a_frame_calls_drawn_no_later_layer_changes(model: ImageFlow):
    """And what it does not, some later one does."""
    states = [step.numbers["state"] for step in model.sample_steps(2, generator=rng(3))]
    known = [np.unpackbits(np.frombuffer(base64.b64decode(each["known"]), np.uint8)) for each in film()]
    last = states[-2]  # after it pixels are only measured otherwise
    for state, drawn in zip(states[1:-1], known[1:-1]):
        same = (state == last).all(0).flatten().numpy()
        assert same[drawn == 1].all()
        assert not same[drawn == 0].any()
    assert known[0].sum() == known[1].sum() == 0 and known[-1].all()


def test_every_layer_says_what_it_does_in_other_words():
    said = [frame["layer"] for frame in film()]
    assert len(set(said)) == len(said)
    assert said[0] == "z: Gaussian noise" and "no other" in said[2] and said[-1].startswith("background and ink")


# z mixed by scale


def test_the_coarse_pixels_of_a_mixture_are_those_of_whose_coarse_z_it_has():
    found = flow_mixed.mix.props(NET, A, B)
    x = np.concatenate([bytes_of(found["strips"][k]["images"]) for k in (1, 3)])
    _, *rows = found["table"]
    log_prob, parts = [row[2] for row in rows], found["each"]["parts"]
    wanted = [data.bundled_images("mnist").images[index, 0].numpy().astype(int) for _, index, _ in (A, B)]
    for k, stride in enumerate(CUTS):
        kept = on_lattice(stride).numpy()
        assert rows[k][1] == rows[k + len(CUTS)][1] == kept.sum()
        assert (bytes_of(parts[k]["strips"][0]["images"]) == x[k]).all()
        assert (bytes_of(parts[k]["strips"][2]["images"]) == x[k + len(CUTS)]).all()
        assert (x[k][kept] == wanted[0][kept]).all() and (x[k + len(CUTS)][kept] == wanted[1][kept]).all()
    assert (x[0] == wanted[1]).all() and (x[5] == wanted[0]).all() and (x[11] == wanted[1]).all()
    assert not (x[3] == wanted[0]).all() and not (x[3] == wanted[1]).all()
    assert log_prob[0] == pytest.approx(log_prob[11]) and log_prob[5] == log_prob[6]
    far = [np.linalg.norm((x[3] - x[k]) / 255) for k in (5, 0)]
    assert f"{far[0]:.2f} from A and {far[1]:.2f} from B" in parts[3]["words"]
    assert (
        "A, a 3, gives 49 numbers of z; B, a 9, the other 735." in parts[3]["words"] and "B, a 9" in parts[0]["words"]
    )


# the typical set


def test_lengths_are_those_of_z_and_the_mode_is_of_no_seed(model: ImageFlow):
    squared = flow_typical.lengths(NET)
    generator, x = rng(0), data.bundled_images("mnist")[: flow_typical.TESTS].pixels()
    z = torch.cat([model.encode(model.dequantise(part, generator)) for part in x.split(flow_typical.AT_ONCE)])
    assert squared == pytest.approx(z.flatten(1).norm(dim=-1).square().tolist(), rel=1e-4)
    one, other = (flow_typical.typical.props(NET, seed, None)["table"][1:] for seed in (7, 8))
    length = torch.randn(1, 1, 28, 28, generator=rng(7)).square().sum()
    assert [row[1] for row in one] == pytest.approx([float(row[0] ** 2 * length) for row in one], rel=1e-4)
    assert one[0][2] == other[0][2] and one[-1][2] != other[-1][2]
    with torch.no_grad():
        z = 1.5 * torch.randn(1, 1, 28, 28, generator=rng(7))
        assert one[-1][2] == pytest.approx(float(model.log_prob(model.decode(z))), abs=0.1)


def test_a_part_of_the_typical_set_says_how_far_a_temperature_is_from_noise():
    found = flow_typical.typical.props(NET, 7, None)
    [chart], parts = found["charts"], dict(zip(found["each"]["values"], found["each"]["parts"], strict=True))
    assert sum(bar["y"] for bar in chart["bars"]) == pytest.approx(1)
    assert sum(y for _, y in chart["lines"][0]["points"]) / 4 == pytest.approx(1, abs=0.01), "a density, in steps of 10"
    assert parts[0]["charts"][0]["cursor"] == 0 and "19.8 standard deviations short" in parts[0]["words"]
    assert "typical of Gaussian noise" in parts[1]["words"] and parts[1]["strips"] == [{"at": 4}]
    assert parts[1]["charts"][0]["cursor"] == pytest.approx(4 * parts[0.5]["charts"][0]["cursor"])
    places = {value: place for place, value in found["stops"]["temperature"]}
    assert places[0.5] == parts[0.5]["charts"][0]["cursor"]


def test_each_drawn_pixel_stands_for_its_part_of_the_lattice():
    values = torch.arange(784).div(784).tolist()
    known = on_lattice(4).flatten().int().tolist()
    found = run("return [...(await load('flow/lattice.js')).coarsely(values, known)];", values=values, known=known)
    image = np.array(values).reshape(28, 28)
    assert np.array(found).reshape(28, 28) == pytest.approx(np.kron(image[::4, ::4], np.ones((4, 4))), abs=1e-6)
    known = [0] * 784
    assert set(run("return [...(await load('flow/lattice.js')).coarsely(v, known)];", v=values, known=known)) == {0}


# a density beside a probability


def test_a_density_is_the_bound_before_the_volume_of_a_cell(model: ImageFlow):
    found = drawn(5)
    x = data.bundled_images("mnist")[108:109].pixels().expand(flow_fifth.DRAWS, 1, 28, 28)
    with torch.no_grad():
        bound = model.elbo(x, generator=rng(5))
    assert [each - 784 * math.log(256) for each in found] == pytest.approx(bound.tolist(), abs=0.1)
    assert len(set(found)) == flow_fifth.DRAWS, "where a pixel lies in its level matters"
    assert drawn(6) != found


def drawn(seed: int) -> list[float]:
    """Log-densities of the draws of a seed, of pixels in [0, 1]."""
    return [row[1] for row in flow_fifth.density.props(NET, A, seed)["table"][1:]]


@pytest.mark.parametrize("unit", [1, 2, 255, 256])
def test_other_units_are_a_change_of_variables(unit: int):
    """784 independent numbers in [0, 1], measured in other units by torch."""
    base = torch.distributions.Beta(torch.full((784,), 2.0, dtype=torch.float64), 3.0)
    x = base.sample()
    wanted = TransformedDistribution(base, AffineTransform(-1.0, float(unit))).log_prob(unit * x - 1).sum().item()
    here = base.log_prob(x).sum().item()
    assert flow_fifth.in_unit(here, unit) == pytest.approx(wanted, rel=1e-9)
    levels = flow_shared.of_levels(wanted, unit)
    assert levels == pytest.approx(here - 784 * math.log(256)), "the same in every unit"
    assert flow_shared.bits_per_dim(levels) == pytest.approx(-levels / (784 * math.log(2)))


def test_who_may_stand_beside_a_flow_is_who_is_asked_about_the_same_x():
    found = {each["net"]: each for each in flow_fifth.beside.props(NET)["nets"]}
    assert set(found) == {"made-mnist", "gan-mnist"}
    assert not found["made-mnist"]["comparable"] and found["made-mnist"]["kind"] == "exact"
    assert found["gan-mnist"]["comparable"] and found["gan-mnist"]["kind"] is None
    assert "defines no density" in found["gan-mnist"]["why"]


def test_a_network_that_cannot_be_read_stands_nowhere(nets: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(net: str):
        raise checkpoints.CheckpointError("its file is damaged")

    space = checkpoints.load(NET).space
    monkeypatch.setattr(checkpoints, "load", broken)
    found = flow_fifth.stands("made-mnist", space)
    assert found["kind"] is None and not found["comparable"] and "damaged" in found["why"]


def test_a_flow_that_has_a_density_and_a_bound_is_asked_for_the_bound_of_levels(model: ImageFlow):
    x = data.bundled_images("mnist")[12:13].pixels()
    found = likelihood.ask(model, x)
    assert likelihood.kind(model) == found.kind == "bound" and found.draws == likelihood.LIKELIHOOD_DRAWS
    with torch.no_grad():
        bound = model.elbo(x.expand(found.draws, 1, 28, 28), generator=rng(0)).double()
    assert found.nats == pytest.approx(float(bound.mean()), abs=0.01)
    assert found.nats < 0, "no probability is above 1"


def test_the_sentences_say_what_the_numbers_are():
    found = flow_fifth.density_answer([3899.6, 3900.6], "this").to_props()
    first, *_, last = found["each"]["parts"]
    assert "+3,900.1 nats" in first["words"] and "−444.3: 4,344.4 less" in first["words"]
    assert "0.823 bits/dim" in first["words"] and "4,347.4 nats" in last["words"]
    density, volume, bound, bits = [value for _, value, _ in last["numbers"]]
    assert density == bound[2:] + " ± 0.5" == "−447.3 ± 0.5" and bits == "≤ 0.823"
    assert volume.endswith("= 0.0") and found["own"]["nats"] == pytest.approx(3900.1 - 784 * math.log(256))


# what strangers send


@settings(max_examples=100)
@given(key=st.sampled_from(sorted(FIELDS)), value=anything)
def test_nonsense_in_one_place_is_refused_with_a_sentence(key: str, value):
    reads_or_says_why(FIELDS[key].check, value)


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("layers", {"net": "flow-moons"}, "the network of images must be one of flow-mnist"),
        ("layers", {"temperature": 1.6}, "the temperature must be a number from 0 to 1.5"),
        ("mix", {"other": None}, "choose a test image"),
        ("density", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes"),
        ("typical", {"label": 10}, "the class must be a number from 0 to 9"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_that_says_what_is_wanted(name: str, changed: dict, said: str):
    assert said in wait_for(ASK[name](GOOD | changed))["error"]


@pytest.mark.parametrize("argument", [None, [], "x", 3, {}])
def test_what_is_no_question_is_refused_with_a_sentence(argument):
    refuses_in_a_sentence(ASK, argument)


@pytest.mark.parametrize("name", ["mix", "typical", "density", "beside"])
def test_a_plain_question_is_answered_in_json(name: str):
    found = wait_for(ASK[name](GOOD))
    assert "error" not in found
    json.dumps(found, allow_nan=False)


# what is measured, and said of it


def some(dataset: str, split: str) -> data.Split:
    return data.bundled_images(dataset)[:40]


def test_anomalies_and_mixtures_are_measured_of_a_few_images(model: ImageFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(measures, "ODD_IMAGES", 30)
    monkeypatch.setattr(measures, "PAGE_DRAWS", 5)
    found = measures.anomaly(model, "mnist", some, 0)
    assert {(row["by"], row.get("of")) for row in rows(found, "auroc")} == {
        (by, of) for by in evidence.SCORES for of in (None, "blank")
    }
    blank = find(found, "bits_per_dim", of="blank")
    with torch.no_grad():
        x = torch.zeros(200, 1, 28, 28)
        bits = -model.elbo(x, generator=rng(9)).mean() / measures.BITS
    assert blank["value"] == pytest.approx(float(bits), abs=0.02)
    mixed = measures.measure_mixing(model, "mnist", some, 0)
    assert {row["pixels"] for row in rows(mixed, "coarse_seen")} == {4, 16, 49, 196}
    assert all(0 <= row["value"] <= 1 and row["n"] < 40 for row in rows(mixed))


def test_what_is_compared_of_all_families_is_measured_of_a_flow_too(model: ImageFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compare_measures, "IMAGES", 10)
    monkeypatch.setattr(compare_measures, "PAGE_DRAWS", 5)
    found = compare_measures.comparison(model, "mnist", some, 0)
    assert found["sampling"]["evaluations"] == 2 * (len(model.transforms) + 1)
    assert set(found["odd"]["kinds"]) == {"fashion-mnist", "noise", "blank", "rotated", "inverted"}
    x = torch.stack([measures.samplers(model)["temperature 1"](3, rng(0), torch.tensor([1, 2, 3]))])
    assert x.shape == (1, 3, 1, 28, 28)


def test_every_figure_of_the_images_that_the_texts_quote_is_measured(model: ImageFlow, monkeypatch: pytest.MonkeyPatch):
    for name, few in (("ODD_IMAGES", 20), ("PAGE_DRAWS", 3), ("FLOW_SAMPLES", 10), ("AT_ONCE", 5)):
        monkeypatch.setattr(measures, name, few)
    card = measures.figures(model, "mnist", Path(), some, 0, {})
    card |= {name: part(model, "mnist", some, 0) for name, part in measures.PARTS.items()}
    card["quality"] = read(checkpoints.ROOT / "pretrained" / NET / "card.json")["quality"]  # measured of every family
    quotes = Quotes({NET: card}, "flow-moons", evidence.READINGS)
    texts = "".join((flow.TAB.folder / name).read_text(encoding="utf-8") for name in ("tour.md", "maths.md"))
    quoted = [
        each for each in re.findall(r"\{\{([^{}]+)\}\}", texts) if each.startswith(NET) or each in evidence.READINGS
    ]
    assert len(quoted) > 10
    assert not [each for each in quoted if UNKNOWN in quotes[each]]


def card_with(raw: float) -> dict:
    report = {"se": 0.004, "n": 100, "seed": 0, "kind": "estimate"}
    auroc = [
        {"name": "auroc", "value": value, "by": by, **report} | of
        for by in evidence.SCORES
        for value, of in ((raw if by == "raw" else 0.9, {}), (0.0 if by == "raw" else 1.0, {"of": "blank"}))
    ]
    return {"anomaly": {"rows": [*auroc, {"name": "bits_per_dim", "value": 0.05, "of": "blank", **report}]}}


def test_the_readings_say_whom_the_likelihood_fools():
    fooled = flow.evidence.odd_reading({"flow-fashion-mnist": card_with(0.2)})
    assert "images of MNIST have an AUROC of 0.200 ± 0.004 by −log P itself" in fooled
    assert fooled.endswith("the likelihood finds them likelier than its own.")
    assert "is not fooled by them" in evidence.odd_reading({"flow-mnist": card_with(0.999), "flow-moons": {}})
    page = evidence.blank_reading({"flow-moons": {}, "flow-mnist": card_with(0.999)})
    assert "at most 0.050 bits/dim" in page and "0.000 by −log P itself, 1.000 by its distance" in page


def test_the_answers_of_the_tour_are_what_the_card_says():
    card = read(checkpoints.ROOT / "pretrained" / NET / "card.json")
    assert find(card, "coarse_seen", pixels=196)["value"] > 0.9 > find(card, "coarse_seen", pixels=16)["value"]
    mode, drawn = (find(card, "density_bits_per_dim", of=each)["value"] for each in ("mode", "samples"))
    page, tests = (find(card, "bits_per_dim", **of)["value"] for of in ({"of": "blank"}, {}))
    assert page < mode < tests < drawn, "z = 0 is no mode of p(x), and draws are less likely than digits"
    assert find(card, "auroc", by="raw", of="blank")["value"] < 0.1
    assert find(card, "auroc", by="typicality", of="blank")["value"] > 0.9


def test_the_evidence_of_a_family_has_what_was_measured_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(checkpoints.ROOT / "pretrained"))
    said = family_evidence("flow-mnist", "MNIST", read_card("flow-mnist"))
    assert "auroc (by typicality)" in said and "| round trip |" in said and "--only anomaly" in said


def test_the_live_length_is_that_of_chi_squared():
    mean, sd = maths.length(784, 0.5)
    known = Chi2(torch.tensor(784.0))
    assert mean == pytest.approx(0.25 * float(known.mean)) and sd == pytest.approx(0.25 * float(known.stddev), rel=1e-5)
    assert "19.8 standard deviations" in maths.show_length(784, 1)
    assert "every draw is the mode" in maths.show_length(784, 0)
    assert "wanted a whole number" in maths.show_length(3.5, 1)
    with pytest.raises(InputError):
        maths.finite("d", None)


def test_every_step_of_the_tour_and_every_preset_sets_a_state_that_the_address_takes():
    quotes = flow.TAB.quotes({})
    tour = flow.TAB.tour(quotes)
    assert not passed_over(flow.TAB.fields, [step[when] for step in tour for when in ("state", "after")])
    keys = {each.key for each in flow.TAB.fields}
    assert all(set(patch) <= keys for tries in flow.TAB.tries.values() for _, patch in tries)
    assert quotes["odd_reading"] == quotes["blank_reading"] == UNKNOWN
