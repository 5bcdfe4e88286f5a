"""The first page: where a family stands follows from its model, and every way in leads to what it says."""

import base64
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from explorer import data
from explorer.lessons import story
from explorer.lessons.course import COURSES
from explorer.models import MODELS
from explorer.networks import checkpoints
from explorer.numbers.trained import read_card
from explorer.questions import make
from explorer.steps import last
from explorer.tabs import families, interface
from explorer.tabs.kit.ask.nets import family_of, nets_of
from explorer.tabs.start import map as start_map
from explorer.tabs.start import noise as start_noise
from explorer.tabs.start import random as start_random
from explorer.tabs.start import recorded, tab
from explorer.tabs.start.origins import ORIGINS
from tests.address import passed_over
from tests.asking import wait_for
from tests.test_papers import TABLE

NET, SEED = "made-mnist", 11


def model(**methods: object) -> nn.Module:
    found = nn.Module()
    for name, method in methods.items():
        setattr(found, name, method)
    return found


@pytest.mark.parametrize(
    ("methods", "branch"),
    [
        ({"log_prob": print}, "tractable"),
        ({"log_prob": print, "elbo": print}, "tractable"),
        ({"elbo": print}, "approximate"),
        ({"energy": print}, "unnormalised"),
        ({"free_energy": print, "log_z": (3.0, 0.1)}, "unnormalised"),
        ({"log_z": (3.0, 0.1), "log_prob": print}, "approximate"),
        ({}, "implicit"),
    ],
)
def test_where_a_family_stands_follows_from_what_it_can_say(methods: dict, branch: str):
    assert tab.branch(model(**methods)) == branch


@pytest.mark.parametrize(
    ("net", "code"),
    [
        ("beta-vae-mnist", "2 latents"),
        ("rbm-mnist", "500 latents"),
        ("gan-mnist", "64 latents"),
        ("latent-diffusion-mnist", "64 latents"),
        ("vqvae-mnist", "49 tokens"),
        ("flow-mnist", "as large as x"),
        ("diffusion-mnist", "as large as x"),
        ("consistency-mnist", "as large as x"),
        ("pixelcnn-mnist", "no latent"),
        ("d3pm-mnist", "no latent"),
        ("ebm-mnist", "no latent"),
    ],
)
def test_what_lies_behind_an_image_is_asked_of_the_model(net: str, code: str):
    assert tab.code(checkpoints.load(net)) == code


def test_text_and_sound_stand_on_the_map_with_an_exact_p_of_x():
    tabs = {each.name: each for each in families.TABS}
    assert [each["tab"] for each in tab.ELSEWHERE] == ["text", "sound"]
    for each in tab.ELSEWHERE:
        first = tabs[each["tab"]].nets[0]
        assert tabs[each["tab"]].title == each["title"] and tab.branch(checkpoints.load(first)) == "tractable"


def test_how_far_chains_come_is_told_by_their_card_and_nothing_of_other_families():
    report = {net: tab.leaf(net, read_card(net), None)["about"][0] for net in ("ebm-mnist", "rbm-mnist")}
    found = re.findall(r"(\d\.\d+) after ([\d,]+) steps", report["ebm-mnist"])
    assert [steps for _, steps in found] == ["500", "5,000"]
    assert all(0.1 < float(value) <= 1 for value, _ in found)
    assert "Kolmogorov" not in report["rbm-mnist"]


def test_what_a_family_answers_is_said_by_what_it_can_and_why_it_cannot():
    asked = {
        net: tab.leaf(net, read_card(net), None)["answers"] for net in ("pixelcnn-mnist", "gan-mnist", "ebm-mnist")
    }
    assert asked["pixelcnn-mnist"]["likelihood"] == {
        "mark": "= exact",
        "words": "PixelCNN computes log p(x) exactly.",
        "able": True,
    }
    none = asked["gan-mnist"]["likelihood"]
    assert none["mark"] == "∅" and none["words"].startswith("GAN cannot, because ") and not none["able"]
    assert asked["ebm-mnist"]["likelihood"]["mark"] == "∝ ratios"
    broken = tab.leaf("gan-mnist", {}, "It is damaged.")
    assert broken["about"] == ["It is damaged."] and not broken["answers"]["make"]["able"]


def test_the_families_of_the_map_have_their_papers_as_the_table_of_papers_has_them():
    here = {family_of(net) for dataset in data.DATASETS for net in nets_of(dataset)}
    assert {family for family in here if MODELS[family].__module__.startswith("explorer.")} == set(ORIGINS)
    cited = {(row["names"], row["year"], row["paper"]) for row in TABLE}
    assert {(authors, str(year), paper) for authors, year, paper in ORIGINS.values()} <= cited


def test_a_family_without_a_paper_here_has_its_place(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(ORIGINS, "made")
    found = tab.leaf("made-mnist", read_card("made-mnist"), None)
    assert found["origin"] is None and found["branch"] == "tractable"


def opening() -> tuple[dict, torch.Tensor]:
    """Return the index of the recorded films, and the frames of the first seed: (networks, frames, 28, 28)."""
    index = json.loads(recorded.INDEX.read_text(encoding="utf-8"))
    sheet = torch.from_numpy(np.array(Image.open(recorded.SHEET)))
    cells = sheet.unflatten(0, (-1, 28)).unflatten(2, (-1, 28)).transpose(1, 2).flatten(0, 1)
    return index, cells[: len(index["nets"]) * index["frames"]].unflatten(0, (-1, index["frames"]))


def test_the_families_of_the_digits_open_the_page_and_the_files_are_small():
    index, films = opening()
    assert index["nets"] == [net for net in nets_of("mnist") if net in index["nets"]]
    assert len(index["nets"]) >= 11, "a family that joined later may not be recorded yet, none of these may go"
    assert recorded.SHEET.stat().st_size + recorded.INDEX.stat().st_size <= 200_000
    assert {len(frame.unique()) > 1 for frame in films[:, 0]} == {True, False}, "with noise, or with nothing"
    ends = films[:, -1].float()
    assert all(ends[i].mean() > 5 for i in range(len(ends)))


@pytest.mark.parametrize("net", ["pixelcnn-mnist", "gan-mnist", "diffusion-mnist", "flow-mnist", "vqvae-mnist"])
def test_the_films_that_open_the_page_are_what_the_networks_draw(net: str):
    index, films = opening()
    drawn = torch.cat([*recorded.frames(net, index["seeds"][0])])
    apart = (films[index["nets"].index(net)].float() - drawn.float()).abs()
    assert apart.mean() < 2, "up to the arithmetic of another machine"


def test_families_of_one_noise_begin_with_it_and_no_other_does():
    index, films = opening()
    sent = base64.b64decode(start_map.ask_noise.props(index["seeds"][0])["x"])
    noise = torch.from_numpy(np.frombuffer(sent, np.uint8).copy())
    firsts = {net: film[0].flatten() for net, film in zip(index["nets"], films, strict=True)}
    alike = {net: start_noise.begins(net) for net in firsts if start_noise.begins(net)}
    whole = dict.fromkeys(["flow-mnist", "diffusion-mnist", "consistency-mnist", "flow-matching-mnist"], 784)
    assert alike == whole | {"gan-mnist": 64, "vae-mnist": 32}
    for net, first in firsts.items():
        count = alike.get(net, 0)
        assert (first[:count] == noise[:count]).all() and not first[count:].any()
    z = (noise.double() / 255 * 2 - 1)[(noise > 0) & (noise < 255)]
    assert len(z) == pytest.approx(784 * 0.683, abs=60), "within one standard deviation, as of a Gaussian"


ALIKE = ["diffusion-mnist", "flow-mnist", "flow-matching-mnist", "consistency-mnist", "gan-mnist", "vae-mnist"]


@pytest.mark.parametrize("net", ALIKE)
def test_an_image_of_the_first_page_is_what_the_family_makes_of_the_shown_noise(net: str):
    """Another noise, given in place of that of the seed, leads to another image."""
    model = checkpoints.load(net)
    label = 3 if net == "gan-mnist" else None  # else it draws one after the code
    drawn = [start_noise.map_image(last(make.steps(model, 1, seed, label))) for seed in (7, 8)]
    own, shape = "noise" if hasattr(model, "noise") else "codes", (1, 1, 28, 28)
    count = start_noise.begins(net)
    given = start_noise.gaussian(7).flatten()[:count].view(shape if count == 784 else (1, -1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, own, lambda n, generator: given[:n])
        again = start_noise.map_image(last(make.steps(model, 1, 8, label)))
    assert (drawn[0] - drawn[1]).abs().max() > 0.5
    if net != "consistency-mnist":  # which adds noise of its own at every step
        assert torch.allclose(again, drawn[0], atol=1e-4)


def addresses() -> Iterator[str]:
    yield from (to for _, _, to in tab.START_BEGIN)
    yield tab.PROMPT_DOOR["to"] + tab.PROMPT_DOOR["example"].replace(" ", "+")
    yield from (address for address, _ in tab.COURSES.values())
    for dataset in data.DATASETS:
        for net in nets_of(dataset):
            yield from tab.question_links(net).values()


@pytest.mark.parametrize("address", dict.fromkeys(addresses()))
def test_every_way_in_opens_a_tab_that_takes_what_it_says(address: str):
    said = {key: values[0] for key, values in parse_qs(address.removeprefix("?")).items()}
    name, course, told = said.pop("tab"), said.pop("course", None), said.pop("story", None)
    opened = next(each for each in interface.TABS if each.name == name)
    assert course is None or (COURSES / f"{course}.md").exists()
    assert told is None or (story.STORIES / f"{told}.md").exists()
    assert not passed_over(opened.fields, [said])
    assert said.get("mode", next(iter(opened.modes))) in opened.modes


@pytest.mark.parametrize("net", nets_of("mnist"))
def test_a_question_is_put_to_the_network_itself_where_its_tab_asks_it(net: str):
    for question, address in tab.question_links(net).items():
        said = {key: values[0] for key, values in parse_qs(address.removeprefix("?")).items()}
        opened = next(each for each in interface.TABS if each.name == said["tab"])
        modes = opened.asked or {question: mode for mode, question in opened.questions.items()}
        assert said["mode"] == modes[question]
        assert said.get("net", net) == net and (said["tab"] == "compare" or net in opened.nets)


@pytest.mark.parametrize(
    ("net", "branch", "code"),
    [
        ("flow-moons", "tractable", "as large as x"),
        ("energy-moons", "unnormalised", "no latent"),
        ("flow-matching-rings", "approximate", "as large as x"),
    ],
)
def test_a_family_of_points_has_its_place_and_all_its_points_are_shown(net: str, branch: str, code: str):
    result = tab.leaf(net, read_card(net), None)
    assert (result["branch"], result["code"], result["error"]) == (branch, code, None) and result["passes"] > 0
    network = checkpoints.load(net)
    found = wait_for(start_map.ask_leaf({"net": net, "seed": SEED}))
    x = last(make.steps(network, make.together(network), SEED)).x
    assert found["space"] == "plane" and network.space.decode(found["x"]).shape == x.shape == (500, 2)


def test_every_network_that_makes_something_is_on_the_map():
    result = tab.value({net.name: net.content() for net in tab.list_nets()})["datasets"]
    for dataset in data.DATASETS:
        assert [family["net"] for family in result.get(dataset, {"families": []})["families"]] == nets_of(dataset)


def test_an_image_of_the_map_is_the_first_that_the_film_arrives_at():
    found = wait_for(start_map.ask_leaf({"net": NET, "seed": SEED}))
    network = checkpoints.load(NET)
    x = last(make.steps(network, make.together(network), SEED)).x
    assert torch.equal(network.space.decode(found["x"]), x[:1]) and found["space"] == network.space.name


def test_a_seed_that_is_none_is_refused_in_words():
    assert "seed" in wait_for(start_map.ask_leaf({"net": NET, "seed": -1}))["error"]


def test_the_counts_of_images_in_the_text_are_powers_of_256():
    text = (Path(tab.__file__).parent / "maths.md").read_text(encoding="utf-8")
    counts = re.findall(r"256\^\{(\d+)\} \\approx 10\^\{(\d+)\}", text)
    assert [int(pixels) for pixels, _ in counts] == [28 * 28, 256 * 256 * 3]
    assert all(abs(int(pixels) * math.log10(256) - int(digits)) < 0.5 for pixels, digits in counts)


def test_random_images_are_uniform_and_test_images_are_smooth():
    found = start_random.random_images.props("mnist", 7)
    random, real = (base64.b64decode(grid["images"]) for grid in found["grids"])
    x = torch.tensor([*random, *real], dtype=torch.float64).view(2, 10, 28, 28)
    assert set(random) == set(range(256))
    assert (x[1] == data.bundled_images("mnist").images[:10].view(10, 28, 28)).all()
    far = [each.diff(dim=-1).abs().mean().item() for each in x]
    assert far[0] == pytest.approx((256**2 - 1) / (3 * 256), rel=0.03)  # the mean of |a - b| of two uniform levels
    assert (
        far[1] < far[0] / 3
        and f"by {far[0]:.0f} levels on average, in the MNIST test images by {far[1]:.0f}" in (found["words"])
    )
    assert "grids" not in start_random.random_images.props("moons", 7)


@pytest.mark.parametrize("net", [net for net in nets_of("mnist") if checkpoints.exists(net)])
def test_a_network_whose_weights_are_missing_keeps_its_place_on_the_map(net: str):
    assert tab.leaf(net, {}, "it is not here")["branch"] == tab.branch(checkpoints.load(net))
