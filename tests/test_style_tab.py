"""The style tab: what is measured of a StyleGAN, the names of directions, and the answers of its server functions."""

import base64
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.measures import strokes
from explorer.measures import stylegan as measures
from explorer.models.classifier import Classifier
from explorer.models.spherical import spherical_path
from explorer.models.stylegan import LEVEL_OF, StyleGAN
from explorer.networks import checkpoints
from explorer.networks.card import find, row
from explorer.numbers.rows import format_value
from explorer.tabs.style import directions as style_directions
from explorer.tabs.style import mix as style_mix
from explorer.tabs.style import noise as style_noise
from explorer.tabs.style import path as style_path
from explorer.tabs.style import truncate as style_truncate
from explorer.tabs.style.directions import names_of
from tests import tiny_nets

DIGITS = "stylegan-mnist"
TINY = {"latent": 6, "width": 16, "depth": 2, "generator": (6, 5, 4), "discriminator": (4, 5, 6)}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def model() -> StyleGAN:
    torch.manual_seed(0)
    return StyleGAN(**TINY).eval()


@pytest.fixture
def judge() -> Classifier:
    torch.manual_seed(1)
    return Classifier(channels=(4, 6, 8)).eval()


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny network of digits beside a tiny classifier; nothing was measured of it."""
    tiny_nets.write(tmp_path, {DIGITS: TINY, "classifier-mnist": {"channels": [4, 6, 8]}})
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    checkpoints._loaded.clear(), style_directions.directions_of.cache_clear()
    yield tmp_path
    checkpoints._loaded.clear(), style_directions.directions_of.cache_clear()


def pixels(answer: dict, shown: str | None = None) -> np.ndarray:
    images = answer["pictures"][shown] if shown else answer["grids"][0]["images"]
    return np.frombuffer(base64.b64decode(images), np.uint8).reshape(-1, 784)


def bar(degrees: float, thick: float, length: float = 8.0) -> Tensor:
    """A straight bar of grey levels that leans to the right by some degrees, drawn by its distance from a segment."""
    y, x = torch.meshgrid(torch.arange(28) - 13.5, torch.arange(28) - 13.5, indexing="ij")
    along = torch.tensor([math.sin(math.radians(degrees)), -math.cos(math.radians(degrees))])
    place = (x * along[0] + y * along[1]).clamp(-length, length)
    far = ((x - place * along[0]).square() + (y - place * along[1]).square()).sqrt()
    return (thick / 2 + 0.5 - far).clamp(0, 1)[None, None]


@pytest.mark.parametrize("degrees", [-30, 0, 15, 40])
def test_the_slant_of_a_bar_is_its_angle(degrees: float):
    assert float(strokes.slant(bar(degrees, 2.0, 9.0))) == pytest.approx(degrees, abs=1.5)


@pytest.mark.parametrize("thick", [2.0, 4.0])
def test_the_thickness_of_a_bar_is_measured_whatever_its_length(thick: float):
    for length in (6.0, 10.0):
        found = float(strokes.thickness(bar(0, thick, length)))
        area, outline = 2 * length * thick + math.pi * thick**2 / 4, 4 * length + math.pi * thick
        assert found == pytest.approx(2 * area / outline, rel=0.15)


def test_width_and_height_are_those_of_the_ink_and_leaning_changes_only_the_slant():
    x = torch.rand(3, 1, 28, 28, generator=rng(2)).square()
    y, across = np.mgrid[:28, :28].astype(float)
    for index in range(3):
        ink = x[index, 0].double().numpy()
        high = np.sqrt(np.cov(y.ravel(), aweights=ink.ravel(), ddof=0))
        cov = np.cov(across.ravel(), y.ravel(), aweights=ink.ravel(), ddof=0)
        assert float(strokes.height(x)[index]) == pytest.approx(2 * high, rel=1e-4)
        assert float(strokes.width(x)[index]) == pytest.approx(
            2 * math.sqrt(cov[0, 0] - cov[0, 1] ** 2 / cov[1, 1]), rel=1e-3
        )
    assert float(strokes.width(bar(25, 3.0))) == pytest.approx(float(strokes.width(bar(0, 3.0))), rel=0.15)


def test_an_arc_is_the_path_on_the_sphere():
    a, b = torch.randn(2, 6, generator=rng())
    places = torch.linspace(0, 1, 9)
    torch.testing.assert_close(measures.arcs(a.expand(9, -1), b.expand(9, -1), places), spherical_path(a, b, 9))


def test_the_speed_of_a_path_is_that_of_reverse_mode(model: StyleGAN, judge: Classifier):
    """One feature after another, and one path after another."""
    (a, b), t = model.codes(6, rng()).chunk(2), torch.tensor([0.2, 0.5, 0.9])
    noise = model.noise(3, rng(1))
    found = measures.speeds(model, judge, a, b, t, noise)
    for index in range(3):
        ends = model.mapping(a[index : index + 1]), model.mapping(b[index : index + 1])
        for space in ("z", "w"):
            place = t[index].clone().requires_grad_()
            arc = spherical_path(a[index], b[index], 101)
            codes = measures.arcs(a[index : index + 1], b[index : index + 1], place[None])
            assert torch.allclose(codes[0], arc[round(100 * float(place))], atol=1e-5)
            w = model.mapping(codes) if space == "z" else (1 - place) * ends[0] + place * ends[1]
            features = judge.features(model.generate(w, [each[index : index + 1] for each in noise]))[0]
            slopes = [torch.autograd.grad(each, place, retain_graph=True)[0] for each in features]
            squared = torch.stack(slopes).square().sum()
            torch.testing.assert_close(found[space][index], squared.detach(), rtol=1e-3, atol=1e-9)


def test_a_mixed_style_is_that_of_the_other_at_one_resolution():
    a, b = torch.zeros(4, 5), torch.ones(4, 5)
    for level in range(3):
        assert measures.mixed_styles(a, b, level).sum((0, 2)).tolist() == [20.0 * (each == level) for each in range(3)]


@pytest.mark.parametrize("level", [0, 1, 2, None])
def test_noise_is_drawn_again_at_one_resolution_alone(model: StyleGAN, level: int | None):
    fixed, fresh = model.noise(1, rng()), model.noise(3, rng(1))
    for at, old, new, found in zip(LEVEL_OF, fixed, fresh, measures.replace_noise(fixed, fresh, level), strict=True):
        assert torch.equal(found, new if level in (None, at) else old.expand(3, -1, -1, -1))


def test_principal_directions_are_those_of_the_covariance(model: StyleGAN):
    axes, shares = measures.principal_directions(model, count=4)
    w = model.mapping(model.codes(measures.MAPPED, rng())).detach().double().numpy()
    values, vectors = np.linalg.eigh(np.cov(w.T))
    order = values.argsort()[::-1][:4]
    np.testing.assert_allclose(shares, values[order] / values.sum(), rtol=1e-3)
    for axis, index in zip(axes.double().numpy(), order):
        assert np.linalg.norm(axis) == pytest.approx(math.sqrt(values[index]), rel=1e-3)
        assert abs(axis @ vectors[:, index]) == pytest.approx(np.linalg.norm(axis), rel=1e-3)
        assert axis[np.abs(axis).argmax()] > 0


def measured(direction: int, low: int, high: int, **effects: float) -> list[dict]:
    known = dict.fromkeys(strokes.TRAITS, 0.0) | effects
    rows = [row("effect", value, se=0.1, of=name, direction=direction) for name, value in known.items()]
    ends = (("low", low), ("high", high))
    return rows + [row("commonest", 0.5, end=end, label=label, direction=direction) for end, label in ends]


def test_a_direction_is_named_after_what_changes_clearly_and_after_the_classes_of_its_strip():
    rows = [
        *measured(1, 0, 0, slant=1.5, width=0.9),
        *measured(2, 4, 9, thickness=-0.9),
        *measured(3, 3, 8, height=0.7),
        *measured(4, 6, 6),
    ]
    ends = [("0", "0"), ("4", "9"), ("3", "8"), ("6", "6"), ("1", "7"), ("2", "2")]
    strips = [{"thickness": -1.0, "slant": 2.0, "width": 1.0, "height": 1.0}] * measures.DIRECTIONS
    names = names_of({"directions": {"rows": rows}}, ends, strips)
    others = ["3: 3 → 8", "4: forms of 6", "5: 1 → 7", "6: forms of 2"]
    assert names == ["1: leans right, forms of 0", "2: thinner, 4 → 9", *others]
    against = names_of({"directions": {"rows": rows}}, ends, [strip | {"slant": -1.0} for strip in strips])
    assert against == ["1: forms of 0", *names[1:]], "this strip leans the other way"


def test_a_grid_has_its_sources_at_the_edge_and_mixes_them(tiny: Path):
    answers = {level: style_mix.mix.props(DIGITS, 7, level) for level in measures.STYLEGAN_LEVELS}
    grids = {level: pixels(answer) for level, answer in answers.items()}
    edges = [*range(6), 6, 12, 18, 24]
    assert all(len(grid) == 30 and not grid[0].any() for grid in grids.values())
    for level in ("middle", "fine"):
        np.testing.assert_array_equal(grids["coarse"][edges], grids[level][edges])
        assert (grids["coarse"][7:12] != grids[level][7:12]).any()
    model = checkpoints.load(DIGITS)
    w, noise = model.w_of(model.codes(9, rng(7))), model.noise(1, rng(7))
    second = model.generate(torch.stack([w[1], w[4 + 2], w[1]])[None], noise)  # the second row, the third column
    np.testing.assert_allclose(grids["middle"][6 * 2 + 3], second.detach().flatten() * 255, atol=1)
    assert answers["fine"]["numbers"][1][1] == "–", "nothing was measured"


def test_truncated_samples_move_from_the_mean_to_the_samples(tiny: Path):
    answer = style_truncate.truncate.props(DIGITS, 3)
    model = checkpoints.load(DIGITS)
    z, noise = model.codes(16, rng(3)), model.noise(16, rng(4))
    last = model.generate(model.mapping(z), noise).detach().flatten(1)
    steps = answer["each"]["parts"]
    np.testing.assert_allclose(pixels(steps[-1]), last * 255, atol=1)
    assert answer["charts"][0]["lines"] == [] and len(steps) == len(answer["each"]["values"]) == 11
    assert "mean of w" in steps[0]["words"] and "50 %" in steps[5]["words"]


def test_both_ways_have_the_same_ends(tiny: Path):
    answer = style_path.path.props(DIGITS, 5)
    z, w = pixels(answer).reshape(2, 9, 784)
    np.testing.assert_allclose(z[[0, -1]], w[[0, -1]], atol=1)
    assert [len(line["points"]) for line in answer["charts"][0]["lines"]] == [32, 32]
    assert float(answer["numbers"][3][1]) >= 0.999 and float(answer["numbers"][4][1]) >= 0.999, "no way is shorter"


def test_noise_rows_share_one_w_and_their_maps_are_deviations(tiny: Path):
    answer = style_noise.noise.props(DIGITS, 5)
    assert answer["grids"][0]["names"] == ["at 7×7", "at 14×14", "at 28×28", "at all three"] and pixels(
        answer
    ).shape == (24, 784)
    assert len(answer["numbers"]) == len(style_noise.HEADS)


def test_a_strip_passes_through_the_image_of_the_sliders(tiny: Path):
    answer = style_directions.directions.props(DIGITS, 5, (1.0, 0, 0, -2.0, 0, 0))
    strips = pixels(answer).reshape(6, 7, 784)
    now = pixels(answer, "out")[0]
    for direction, place in ((0, 4), (1, 3), (3, 1)):
        np.testing.assert_allclose(strips[direction, place], now, atol=1)
    assert (strips[0, 0] != now).any()
    images = torch.tensor(strips[:, [0, -1]].reshape(12, 1, 28, 28) / 255).float()
    shares = checkpoints.load("classifier-mnist")(images).softmax(-1).view(6, 2, 10)
    for index, (name, (low, high)) in enumerate(zip(answer["grids"][0]["names"], shares), 1):
        number, classes = name.split(": ")
        ends = classes.removeprefix("forms of ").split(" to ")
        assert number == str(index)
        for end, of in ((ends[0], low), (ends[-1], high)):
            assert of[int(end)] == pytest.approx(float(of.max()), abs=2e-3), "as rounded to 256 levels"


def test_every_part_of_the_card_is_measured(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {"N": 20, "MOVED": 6, "REDRAWN": 2, "MAPPED": 60, "RESAMPLED": 10}.items():
        monkeypatch.setattr(measures, name, value)
    model = checkpoints.load(DIGITS)
    found = {
        part: function(model, "mnist", lambda dataset, split: data.bundled_images(dataset), 0)["rows"]
        for part, function in measures.PARTS.items()
    }
    assert len(found["truncation"]) == 22 and {each["psi"] for each in found["truncation"]} == set(measures.PSIS)
    assert {each["level"] for each in found["noise"]} == {*measures.STYLEGAN_LEVELS, "all"}
    assert [each["name"] for each in found["paths"]] == ["path_length", "path_length", "path_ratio"]
    lengths = [each["value"] for each in found["paths"]]
    assert lengths[2] == pytest.approx(lengths[0] / lengths[1])
    assert all(0 <= each["value"] <= 1 for part in ("truncation", "mixing") for each in found[part])
    card, strips = {"directions": {"rows": found["directions"]}}, [dict.fromkeys(strokes.TRAITS, 1.0)]
    names = names_of(card, [("3", "8")] * measures.DIRECTIONS, strips * measures.DIRECTIONS)
    assert all(name.endswith("3 → 8") for name in names) and len(names) == measures.DIRECTIONS


def test_figures_of_the_card_stand_under_their_own_names():
    card, psi = checkpoints.card_of(DIGITS), 0.5
    answer = style_truncate.truncate.props(DIGITS, 3)
    part = answer["each"]["parts"][answer["each"]["values"].index(psi)]
    figures = {name: value for name, value, _ in part["numbers"]}
    for name in ("precision", "recall"):
        (shown,) = (value for title, value in figures.items() if title.startswith(name))
        assert shown == format_value(find(card, name, psi=psi), "± %")
    assert f"precision is {figures['precision: samples that look real']}" in part["words"]
