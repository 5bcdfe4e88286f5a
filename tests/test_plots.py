"""Charts to read: what the browser is told, the library that draws them, and the numbers that can be kept."""

import gzip
import json

import pytest
import torch

from explorer.measures import raster as measured
from explorer.networks.card import find
from explorer.numbers import plots
from explorer.numbers.trained import read_card
from explorer.tabs.autoregressive import charts as autoregressive
from explorer.tabs.energy.landscape import SURFACE_SIDE, landscape_surface
from explorer.tabs.energy.shared import DEEP
from explorer.tabs.vae import evidence as vae
from explorer.tabs.vae_room import charts as room
from explorer.tabs.vae_room.tab import read_runs
from tests import node
from tests.attack import Target

CARD = {
    "training": {"losses": [3.0, 2.0, 1.5]},
    "history": [{"epoch": 0, "step": 0, "nll": 4}, {"epoch": 2, "step": 9, "nll": 1}],
}


def test_a_training_is_drawn_from_the_card_and_said_in_words():
    loss, kept = [plot.to_props() for plot in plots.training(CARD | {"loss_unit": "bits"})]
    assert loss["figure"]["data"][0]["y"] == [3.0, 2.0, 1.5] and loss["figure"]["data"][0]["x"] == [1, 2, 3]
    assert "template" not in loss["figure"]["layout"]
    assert "3.00 at epoch 1 to 1.50 at 3" in loss["words"] and "bits" in loss["words"]
    assert kept["figure"]["data"][0]["name"] == "nll"
    assert not list(plots.training({"training": {}}))


def test_rate_and_distortion_have_intervals_and_stand_beside_networks_of_one_beta():
    (plot,) = vae.rate_distortion(read_card("beta-vae-mnist"))
    curve, alone = plot.to_props()["figure"]["data"]
    assert all(error > 0 for error in curve["error_y"]["array"]) and len(curve["x"]) == len(curve["error_x"]["array"])
    assert len(alone["x"]) == 6
    assert not list(vae.rate_distortion({}))


def test_likelihoods_are_drawn_by_set_and_one_image_alone_is_a_mark():
    card = read_card("pixelcnn-mnist")
    (plot,) = autoregressive.surprise(card)
    drawn = {trace["name"]: trace for trace in plot.to_props()["figure"]["data"]}
    assert sum(drawn["digits"]["y"]) == pytest.approx(1) and sum(drawn["noise"]["y"]) == pytest.approx(1)
    assert drawn["a blank page"]["x"] == [pytest.approx(27.85, abs=0.01)] and "27.85 for a blank page" in plot.words
    assert not list(autoregressive.surprise({}))


def test_how_reliable_bayes_is_has_intervals_and_its_counts_are_those_of_the_accuracy():
    card = read_card("pixelcnn-mnist")
    (plot,) = autoregressive.reliability(card)
    diagonal, found = plot.to_props()["figure"]["data"]
    assert diagonal["x"] == diagonal["y"] == [0, 1]
    intervals = [found["error_y"][end] for end in ("array", "arrayminus")]
    assert all(0 <= share + up <= 1 and share - down >= 0 for share, up, down in zip(found["y"], *intervals))
    tenths = card["reliability"]["tenths"]
    assert sum(tenth["n"] for tenth in tenths) == find(card, "accuracy")["n"]
    assert sum(tenth["right"] for tenth in tenths) == round(1e4 * find(card, "accuracy")["value"])
    assert all(int(10 * tenth["sure"]) == at for tenth, at in zip(tenths[::-1], range(9, 0, -1)))
    head, *rows = node.call("kit/chart/plot_table.js", "tableOf", plot.to_props()["figure"])
    assert (
        head == ["of", autoregressive.RASTER_ACROSS, "how often it is right", "error up", "error down"]
        and len(rows[-1]) == 5
    )
    assert not list(autoregressive.reliability(read_card("made-mnist")))


def test_calibration_is_told_of_answers_that_are_as_sure_as_they_are_right_and_of_others():
    generator = torch.Generator().manual_seed(0)
    each = 2 * torch.randn(20_000, 10, generator=generator)
    labels = torch.multinomial(each.softmax(-1), 1, generator=generator)[:, 0]
    errors = [measured.calibration(measured.reliability(scale * each, labels)["tenths"])["value"] for scale in (1, 3)]
    assert errors[0] < 0.015 and errors[1] > 0.1


def test_the_small_runs_are_drawn_on_the_way():
    card = read_runs("vae-runs")
    figures = [plot.to_props()["figure"] for plot in room.by_run(card)]
    assert [len(figure["data"]) for figure in figures] == [6, 6, 6, 6]
    (plain,) = (trace for trace in figures[0]["data"] if trace["name"] == "plain")
    assert plain["y"] == [each["bound"] for each in card["histories"]["plain"][1:]]


def test_a_loss_has_the_unit_of_its_model():
    units = {net: read_card(net)["loss_unit"] for net in ("flow-mnist", "flow-matching-mnist", "vae-mnist")}
    assert units == {"flow-mnist": "bits/dim", "flow-matching-mnist": "mean squared error of v̂", "vae-mnist": "nats"}


def test_a_landscape_is_cut_where_it_is_high():
    result = landscape_surface.props("energy-moons", "pcd", "energy")
    (surface,) = result["figure"]["data"]
    heights = [z for line in surface["z"] for z in line]
    assert len(heights) == SURFACE_SIDE**2 and min(heights) == 0 and max(heights) == DEEP
    density = landscape_surface.props("energy-moons", "pcd", "density")["figure"]["data"][0]["z"]
    area = (surface["x"][1] - surface["x"][0]) ** 2
    assert sum(map(sum, density)) * area == pytest.approx(1, abs=0.01)


def test_the_numbers_of_a_chart_can_be_kept():
    loss, _ = [plot.to_props()["figure"] for plot in plots.training(CARD)]
    assert node.call("kit/chart/plot_table.js", "tableOf", loss) == [
        ["of", "epoch", "nats"],
        ["training loss", 1, 3],
        ["training loss", 2, 2],
        ["training loss", 3, 1.5],
    ]
    surface = {"data": [{"type": "surface", "x": [0, 1], "y": [5, 6], "z": [[1, 2], [3, 4]]}], "layout": {}}
    rows = node.call("kit/chart/plot_table.js", "tableOf", surface)
    assert rows == [["x", "y", "z"], [0, 5, 1], [1, 5, 2], [0, 6, 3], [1, 6, 4]]


def test_the_library_is_ours_and_kept_for_ever(target: Target):
    answer = target.send("GET", f"/gradio_api/file={plots.SCRIPT}", headers={"Accept-Encoding": "gzip"})
    assert answer.status == 200 and "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"plotly.js v" in gzip.decompress(answer.body)[:200]


def test_no_page_carries_a_chart_or_the_library(target: Target):
    page = target.send("GET", "/?tab=energy").body.decode()
    assert "plotly" not in page and json.dumps(read_card("energy-moons")["training"]["losses"][0]) not in page
