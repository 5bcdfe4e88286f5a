"""The first page: where a family stands follows from its model, and every way in leads to what it says."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import torch
from torch import nn

from explorer import checkpoints
from explorer.questions import make
from explorer.steps import last
from explorer.tabs import interface
from explorer.tabs.kit.course import COURSES
from explorer.tabs.kit.nets import nets_of
from explorer.tabs.kit.trained import read_card
from explorer.tabs.start import server, tab
from tests.address import passed_over
from tests.asking import wait_for

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


def test_how_far_chains_come_is_told_by_their_card_and_nothing_of_other_families():
    told = {net: tab.leaf(net, read_card(net), None)["apart"] for net in ("ebm-mnist", "rbm-mnist")}
    assert [row["steps"] for row in told["ebm-mnist"]] == [500, 5000]
    assert all(0.1 < row["value"] <= 1 for row in told["ebm-mnist"])
    assert not told["rbm-mnist"]


def addresses() -> Iterator[str]:
    yield from (address for *_, address in tab.BEGIN)
    for dataset in ("mnist", "fashion-mnist"):
        for net in nets_of(dataset):
            yield from tab.asked(net).values()


@pytest.mark.parametrize("address", dict.fromkeys(addresses()))
def test_every_way_in_opens_a_tab_that_takes_what_it_says(address: str):
    said = {key: values[0] for key, values in parse_qs(address.removeprefix("?")).items()}
    name, course = said.pop("tab"), said.pop("course", None)
    opened = next(each for each in interface.TABS if each.name == name)
    assert course is None or (COURSES / f"{course}.md").exists()
    assert not passed_over(opened.fields, [said])
    assert said.get("mode", next(iter(opened.modes))) in opened.modes


@pytest.mark.parametrize("net", nets_of("mnist"))
def test_a_question_is_put_to_the_network_itself_where_its_tab_asks_it(net: str):
    for question, address in tab.asked(net).items():
        said = {key: values[0] for key, values in parse_qs(address.removeprefix("?")).items()}
        opened = next(each for each in interface.TABS if each.name == said["tab"])
        assert opened.questions[said["mode"]] == question
        assert said.get("net", net) == net and (said["tab"] == "compare" or net in opened.nets)


def test_an_image_of_the_map_is_the_first_that_the_film_arrives_at():
    found = wait_for(server.ask_leaf({"net": NET, "seed": SEED}))
    network = checkpoints.load(NET)
    x = last(make.steps(network, make.together(network), SEED)).x
    assert torch.equal(network.space.decode(found["x"]), x[:1]) and found["space"] == network.space.name


def test_a_seed_that_is_none_is_refused_in_words():
    assert "seed" in wait_for(server.ask_leaf({"net": NET, "seed": -1}))["error"]
