"""Cached and Loss: the text is the same with the cache and without it, and the losses are those of the networks."""

import base64
import math
import time
from collections import defaultdict
from pathlib import Path

import pytest
import torch

from explorer import data
from explorer.measures import text_sizes
from explorer.models.text_diffusion import TextDiffusion
from explorer.networks import checkpoints
from explorer.spaces import TEXT
from explorer.tabs.kit.ask.answers import frames
from explorer.tabs.kit.ask.common import next_step
from explorer.tabs.text import by_size as text_by_size
from explorer.tabs.text import cached as text_cached
from explorer.tabs.text import loss as text_loss
from explorer.tabs.text.exercises import TRANSFORMER
from explorer.tabs.text.loss import SIZES
from explorer.tabs.text.shared import BITS, DIFFUSION, NETS
from tests.asking import wait_for, watched

ASK = {"time_cache": text_cached.time_cache, "loss": text_loss.loss, "frames": frames}
DRIFT = {"part": "drift", "net": "ngram-shakespeare", "judge": "itself", "seed": 7, "width": 32, "share": 64}


def card_of(net: str) -> dict:
    return checkpoints.read_json(checkpoints.ROOT / "pretrained" / net / "card.json")


def drift_of(net: str, judge: str) -> list[dict]:
    return [row for row in card_of(net)["drift"]["rows"] if (row["judge"] == "itself") == (judge == "itself")]


@pytest.fixture
def diffusion(monkeypatch: pytest.MonkeyPatch) -> TextDiffusion:
    torch.manual_seed(0)
    model = TextDiffusion(width=16, layers=1, heads=2, context=128).eval()
    load = checkpoints.load
    monkeypatch.setattr(checkpoints, "load", lambda net: model if net == DIFFUSION else load(net))
    return model


def text_of(frame: dict) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(frame["x"])), dtype=torch.uint8).long()


@pytest.mark.deep
def test_both_ways_draw_one_text_and_without_the_cache_it_takes_ever_longer(diffusion: TextDiffusion):
    begun, found, _ = wait_for(watched(ASK, "time_cache", {"seed": 7, "steps": 8}))
    assert len(found) == begun["total"] == text_cached.CACHED_LENGTH and [frame["time"] for frame in found] == [
        *range(256)
    ]
    u = torch.rand(1, 256, generator=torch.Generator().manual_seed(7))
    *_, last = checkpoints.load(TRANSFORMER).draw_steps(u, cached=False)
    assert (text_of(found[-1]) == last.x[0]).all()
    early, late = (
        {way: sum(frame["numbers"][way] for frame in part) for way in ("naive", "cached")}
        for part in (found[16:64], found[-48:])
    )
    assert late["naive"] > 1.5 * early["naive"] and late["naive"] > 2 * late["cached"]
    assert late["cached"] < 2 * early["cached"]


@pytest.mark.deep
@pytest.mark.parametrize("steps", [1, 8, 64, 128])
def test_the_diffusion_takes_its_steps_as_they_are_due(
    diffusion: TextDiffusion, monkeypatch: pytest.MonkeyPatch, steps: int
):
    whole = [*range(128)]
    monkeypatch.setattr(text_cached, "next_step", lambda walk: (next(walk), 1.0))
    script = text_cached.time_cache.props(11, steps)
    scenes = [*script.scenes()]
    assert sum(cost for cost, _ in scenes) == script.evaluations == 2 * 256 + 2 * steps
    due = [frame["numbers"]["diffusion"] for _, frame in scenes]
    assert due[:128] == due[128:] and sum(due[:128]) == steps
    assert [sum(due[: place + 1]) for place in whole] == [math.floor(steps * (place + 1) / 128) for place in whole]


def test_the_clock_is_the_processor_time_of_this_thread_and_waits_do_not_count():
    def walk():
        time.sleep(0.2)
        yield 1
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass
        yield 2

    steps = walk()
    assert next_step(steps)[1] < 50
    assert next_step(steps)[1] == pytest.approx(50, abs=20)


@pytest.mark.parametrize("judge", ["itself", "other"])
def test_two_texts_have_one_beginning_and_their_bits_are_the_judges(judge: str):
    answer = wait_for(text_loss.loss(DRIFT | {"judge": judge}))
    texts = dict(zip(("real", "own"), (text["characters"] for text in answer["texts"]), strict=True))
    real, own = texts.values()
    assert len(real) == len(own) == 256 and real[:64] == own[:64] and real[64:] != own[64:]
    unseen = TEXT.text(data.load("shakespeare", "test").codes)
    assert real in unseen and own not in unseen
    name = DRIFT["net"] if judge == "itself" else TRANSFORMER
    assert ["measured by", f"the {NETS[name]}", ""] == list(answer["numbers"][4])
    assert f"Measured by the {NETS[name]}" in answer["words"]
    for kind, text in texts.items():
        wanted = -checkpoints.load(name).conditionals(TEXT.codes(text).unsqueeze(0))[0] / math.log(2)
        assert answer["bits"][kind] == pytest.approx(wanted.tolist(), abs=1e-3)
    drawn = checkpoints.load(DRIFT["net"]).sample(
        1, generator=torch.Generator().manual_seed(7), length=256, prefix=TEXT.codes(real[:64]).unsqueeze(0)
    )
    assert own == TEXT.text(drawn[0])


@pytest.mark.parametrize("net", NETS)
def test_the_card_has_the_drift_by_both_judges(net: str):
    for judge in ("itself", "other"):
        rows = drift_of(net, judge)
        assert len({row["judge"] for row in rows}) == 1 and (rows[0]["judge"] == "itself") == (judge == "itself")
        assert [row["name"] for row in rows].count("excess") == 6 and rows[-1]["name"] == "slope"
        assert all(row["n"] == 128 and row["se"] > 0 for row in rows)


def test_the_tour_says_of_drift_what_was_measured():
    means = {}
    for judge in ("itself", "other"):
        rows = drift_of(TRANSFORMER, judge)
        assert abs(rows[-1]["value"]) < 1.96 * rows[-1]["se"], "no drift"
        excess = [row for row in rows if row["name"] == "excess"]
        assert all(row["value"] < -1.96 * row["se"] * (judge == "itself") for row in excess), "less from the start"
        for text in ("own", "real", "training"):
            means[judge, text] = sum(row["value"] for row in rows if row.get("text") == text) / len(excess)
    itself, other = (means[judge, "real"] - means[judge, "own"] for judge in ("itself", "other"))
    assert abs(means["itself", "own"] - means["itself", "training"]) < 0.1 * itself + 0.05
    assert other == pytest.approx(itself / 2, rel=0.2)


def test_the_tour_says_of_over_fitting_what_was_measured():
    rows = card_of(SIZES)["rows"]
    rise = {(row["width"], row["part"]): row["value"] for row in rows if row["name"] == "overfitting"}
    assert rise[32, 64] > 0.05 and rise[16, 64] < rise[32, 64] / 2 and rise[32, 1] * 50 < rise[32, 64]


def test_the_sizes_are_those_of_the_card():
    card = card_of(SIZES)
    answer = wait_for(text_loss.loss(DRIFT | {"part": "size", "width": 16, "share": 8}))
    learning, law = answer["charts"]
    *others, train, held = (line["points"] for line in learning["lines"])
    curve = card["curves"]["16-8"][1:]
    found = [(point["step"], point[key] / BITS) for key in ("train", "held_out") for point in curve]
    assert [*train, *held] == found
    assert len(others) == len(card["curves"]) - 1
    runs = {(row["width"], row["part"]): row["value"] / BITS for row in card["rows"] if row["name"] == "nll"}
    measured = sorted(nll for line in law["lines"][::2] for _, nll in line["points"])
    assert measured == pytest.approx(sorted(runs.values()), abs=1e-4)
    assert law["dot"][1] == pytest.approx(runs[16, 8], abs=1e-4)
    assert answer["numbers"][0] == ("test loss of this network", f"{runs[16, 8]:.2f}", "bits/character")


def test_the_power_law_has_the_exponents_of_the_card_and_errs_in_the_mean_by_nothing():
    card = card_of(SIZES)
    runs = text_by_size.runs_of(card["rows"])
    law = text_by_size.fit_power_law(card, runs.values())
    errors = [math.log(run["nll"] / law(run)) for run in runs.values()]
    assert sum(errors) == pytest.approx(0, abs=1e-9)
    (alpha,) = (row["value"] for row in card["rows"] if row["name"] == "exponent" and row["of"] == "parameters")
    run = runs[16, 8]
    assert law(run | {"parameters": 2 * run["parameters"]}) / law(run) == pytest.approx(2**-alpha)


def test_without_the_record_the_reason_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    with pytest.raises(checkpoints.CheckpointError, match="text-sizes"):
        text_loss.loss.props("size", "ngram-shakespeare", "itself", 7, 64, 1)


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("time_cache", {"steps": 3}, "the number of steps must be one of"),
        ("time_cache", {"seed": -1}, "the seed must be a number from 0"),
        ("loss", {"part": "both"}, "the part must be one of drift, size"),
        ("loss", {"width": 7}, "the width of the network must be one of 16, 32, 64"),
        ("loss", {"net": "vae-mnist"}, "the network must be one of"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(name: str, wrong: dict, said: str):
    assert said in wait_for(ASK[name](DRIFT | {"steps": 8} | wrong))["error"]


def test_the_page_says_how_many_networks_are_not_trained_out():
    """Recounted from the trainings themselves."""
    folder = checkpoints.ROOT / "pretrained" / "text-sizes"
    recipe, lowest = checkpoints.read_json(folder / "config.json"), defaultdict(dict)
    for path in (folder / "runs").glob("*.json"):
        found = checkpoints.read_json(path)
        lowest[found["question"]["run"]][found["question"]["steps"]] = text_sizes.lowest(found)
    gains = []
    for losses_of in lowest.values():
        *before, last = (losses_of[steps] for steps in sorted(losses_of))
        gains.append(min(before) - last)
    open_ends = [gain / BITS for gain in gains if gain >= recipe["gain"]]
    said = text_loss.loss.props("size", TRANSFORMER, "itself", 7, 32, 64)["words"]
    assert len(lowest) == 9 and f"gained less than {recipe['gain'] / BITS:.3f} bits" in said
    assert ("not trained out" in said) == bool(open_ends)
    if open_ends:
        assert f"{len(open_ends)} of 9 are not trained out" in said and f"up to {max(open_ends):.3f} bits" in said


PLAYS = (  # first words of the plays of the training text
    "Before we proceed any further",
    "Now is the winter of our discontent",
    "Old John of Gaunt",
    "Gregory, o' my word",
    "I wonder how the king escaped",
    "If you shall chance, Camillo",
    "Of government the properties to unfold",
)


def test_the_small_texts_are_from_all_plays():
    text = TEXT.text(data.load("shakespeare", "train").codes)
    size = checkpoints.read_json(checkpoints.ROOT / "pretrained" / SIZES / "config.json")["training"]["block"]
    starts = [text.index(words) for words in PLAYS]
    for part in (8, 64):
        blocks = text_sizes.blocks(torch.arange(len(text)), size, part)[:, 0].tolist()
        for start, end in zip(starts, [*starts[1:], len(text)]):
            assert sum(start <= block < end for block in blocks) >= 2
    assert "blocks from all plays" in text_loss.loss.props("size", TRANSFORMER, "itself", 7, 32, 64)["words"]


def test_the_other_networks_are_drawn_as_far_as_the_chosen_one_was_trained():
    ends = {"short": 20, "long": 80}
    curves = {
        name: [{"step": step, "train": 1, "held_out": 2} for step in range(0, end + 1, 10)]
        for name, end in ends.items()
    }
    for name, end in ends.items():
        chart = text_by_size.learning(curves, name)
        assert chart.x.ends == [0, end] and max(step for line in chart.lines for step, _ in line["points"]) == end
