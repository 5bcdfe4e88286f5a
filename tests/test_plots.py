"""Charts to read: what the browser is told, the library that draws them, and the numbers that can be kept."""

import gzip
import json

import pytest

from explorer.tabs.energy.plane import DEEP, SIDE, landscape_surface
from explorer.tabs.kit import plots
from explorer.tabs.kit.trained import read_card
from explorer.tabs.vae import evidence as vae
from tests import node
from tests.attack import Target

CARD = {
    "training": {"losses": [3.0, 2.0, 1.5]},
    "history": [{"epoch": 0, "step": 0, "nll": 4}, {"epoch": 2, "step": 9, "nll": 1}],
}


def test_a_training_is_drawn_from_the_card_and_said_in_words():
    loss, kept = [plot.told() for plot in plots.training(CARD | {"loss_unit": "bits"})]
    assert loss["figure"]["data"][0]["y"] == [3.0, 2.0, 1.5] and loss["figure"]["data"][0]["x"] == [1, 2, 3]
    assert "template" not in loss["figure"]["layout"]
    assert "3.00 at epoch 1 to 1.50 at 3" in loss["words"] and "bits" in loss["words"]
    assert kept["figure"]["data"][0]["name"] == "nll"
    assert not list(plots.training({"training": {}}))


def test_rate_and_distortion_have_intervals_and_stand_beside_networks_of_one_beta():
    (plot,) = vae.rate_distortion(read_card("beta-vae-mnist"))
    curve, alone = plot.told()["figure"]["data"]
    assert all(error > 0 for error in curve["error_y"]["array"]) and len(curve["x"]) == len(curve["error_x"]["array"])
    assert len(alone["x"]) == 6
    assert not list(vae.rate_distortion({}))


def test_a_landscape_is_cut_where_it_is_high():
    told = landscape_surface.plain("energy-moons", "pcd", "energy")
    (surface,) = told["figure"]["data"]
    heights = [z for line in surface["z"] for z in line]
    assert len(heights) == SIDE**2 and min(heights) == 0 and max(heights) == DEEP
    density = landscape_surface.plain("energy-moons", "pcd", "density")["figure"]["data"][0]["z"]
    area = (surface["x"][1] - surface["x"][0]) ** 2
    assert sum(map(sum, density)) * area == pytest.approx(1, abs=0.01)


def test_the_numbers_of_a_chart_can_be_kept():
    loss, _ = [plot.told()["figure"] for plot in plots.training(CARD)]
    assert node.call("kit/plot_table.js", "tableOf", loss) == [
        ["of", "epoch", "nats"],
        ["training loss", 1, 3],
        ["training loss", 2, 2],
        ["training loss", 3, 1.5],
    ]
    surface = {"data": [{"type": "surface", "x": [0, 1], "y": [5, 6], "z": [[1, 2], [3, 4]]}], "layout": {}}
    rows = node.call("kit/plot_table.js", "tableOf", surface)
    assert rows == [["x", "y", "z"], [0, 5, 1], [1, 5, 2], [0, 6, 3], [1, 6, 4]]


def test_the_library_is_ours_and_kept_for_ever(target: Target):
    answer = target.send("GET", f"/gradio_api/file={plots.SCRIPT}", headers={"Accept-Encoding": "gzip"})
    assert answer.status == 200 and "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"plotly.js v" in gzip.decompress(answer.body)[:200]


def test_no_page_carries_a_chart_or_the_library(target: Target):
    page = target.send("GET", "/?tab=energy").body.decode()
    assert "plotly" not in page and json.dumps(read_card("energy-moons")["training"]["losses"][0]) not in page
