"""Recorded films of the comparison: what the networks draw, of the question that the page opens with."""

import base64
import json

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.tabs.compare import recorded
from explorer.tabs.kit.ask.nets import nets_of
from tests.node import call

NETS = ["gan-mnist", "vae-mnist", "made-mnist", "flow-matching-mnist"]
MOST = 300_000  # bytes of both files


def films() -> dict[tuple[str, str], tuple[dict, torch.Tensor]]:
    """Return the recorded films by mode and network: what the index has of each, and the images of its frames."""
    sheet = torch.from_numpy(np.array(Image.open(recorded.SHEET)))
    cells = sheet.unflatten(0, (-1, 28)).unflatten(2, (-1, 28)).transpose(1, 2).flatten(0, 1)
    found, at = {}, 0
    for each in json.loads(recorded.INDEX.read_text(encoding="utf-8"))["recordings"]:
        for film in each["films"]:
            size = film["count"] * len(film["frames"]) + len(film["near"])
            found[each["mode"], film["net"]] = film, cells[at : at + size]
            at += size
    return found


def test_every_family_is_recorded_and_the_files_are_small():
    index = json.loads(recorded.INDEX.read_text(encoding="utf-8"))
    known = films()
    assert {net for mode, net in known if mode == "make"} == set(nets_of(recorded.DATASET)) == set(index["weights"])
    assert all(film["frames"][-1]["index"] + 1 == film["frames"][-1]["total"] for film, _ in known.values())
    assert recorded.SHEET.stat().st_size + recorded.INDEX.stat().st_size <= MOST
    assert {each["mode"]: each["asked"] for each in index["recordings"]} == recorded.asked()


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("mode", ["make", "finish"])
def test_what_is_recorded_is_what_the_network_draws(mode: str, net: str):
    script = recorded.script_of(mode, net, recorded.asked()[mode])
    assert script
    drawn, images = recorded.film(net, script, meets=mode == "make")
    film, kept = films()[mode, net]
    assert {key: each for key, each in film.items() if key != "frames"} == {
        key: each for key, each in drawn.items() if key != "frames"
    }
    assert [frame["index"] for frame in film["frames"]] == [frame["index"] for frame in drawn["frames"]]
    assert (kept.float() - torch.cat(images)[:, 0].float()).abs().mean() < 2, "up to the arithmetic of another machine"


def test_a_network_that_was_trained_again_draws_itself(monkeypatch: pytest.MonkeyPatch):
    nets = nets_of(recorded.DATASET)
    assert recorded.to_props(nets)["nets"] == nets
    of = recorded.weights
    monkeypatch.setattr(recorded, "weights", lambda net: "other" if net == "gan-mnist" else of(net))
    assert recorded.to_props(nets)["nets"] == [net for net in nets if net != "gan-mnist"]


def test_the_seconds_of_a_recording_are_unknown():
    film = {"planned": 4}
    cost = call(
        "questions/race_words.js", "costOf", {"film": film, "frame": {"numbers": {"evaluations": 4, "seconds": None}}}
    )
    assert cost == {"evaluations": "4", "seconds": "–"}


def test_the_pixels_that_are_kept_are_the_upper_half():
    known = np.unpackbits(np.frombuffer(base64.b64decode(recorded.asked()["finish"]["known"]), np.uint8))
    assert known[: 14 * 28].all() and not known[14 * 28 :].any()
