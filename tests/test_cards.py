"""Claims of the card of every network that draws images: how it came to be, of weights that are small."""

import hashlib
import re
from collections import ChainMap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from explorer.networks import card, checkpoints
from explorer.numbers.rows import UNKNOWN, Quotes, evidence_table, fill
from explorer.tabs import interface
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.tab import Tab
from tests.cards import card_of

RASTERS = ["pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"]
GANS = ["gan-mnist", "gan-fashion-mnist"]
DIFFUSIONS = ["diffusion-mnist", "diffusion-fashion-mnist"]


@pytest.mark.parametrize("name", RASTERS + GANS + DIFFUSIONS)
def test_the_card_says_how_it_came_to_be(name: str):
    card, folder = card_of(name), checkpoints.folder_of(name)
    assert (card["n"], card["seed"]) == (10_000, 0)
    assert card["command"] == f"python -m explorer.evaluate {name}"
    assert card["training"]["command"] == f"python -m explorer.train {name}"
    assert len(card["training"]["losses"]) == checkpoints.read_json(folder / "config.json")["training"]["epochs"]
    assert card["sha256"] == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert (folder / "model.safetensors").stat().st_size <= 12_000_000


@pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)
def test_the_cards_hold_whatever_a_text_quotes(tab: Tab):
    quotes = tab.quotes({net.name: net.content() for net in tab.shown()})
    for text in tab.folder.glob("*.md"):
        assert UNKNOWN not in fill(text.read_text(encoding="utf-8"), ChainMap(parts.MARKS, quotes)), text.name


ROWS = [
    card.row("elbo", -133.0, "bound", unit="nats", se=0.5, n=10, seed=0, beta=1.0),
    card.row("elbo", -128.0, "bound", n=200, beta=1.0, set="first"),
    *(card.row("recall", value, seed=seed, way="one pass") for seed, value in enumerate((0.5, 0.25))),
]


QUOTED = re.compile(r"\{\{([^{}?]+)\}\} (nats|bits|ms|seconds)\b")
"""A quote with the unit after it, which may go on: bits a sample, bits per pixel."""


def quoted(tab: Tab, figures: Quotes) -> Iterator[tuple[str, str, str]]:
    """Yield each quote of a row in a tab's texts, with the unit after it and that of the row."""
    for path in sorted(tab.folder.glob("*.md")):
        for quote, unit in QUOTED.findall(path.read_text(encoding="utf-8")):
            reference, _, form = quote.partition(":")
            with suppress(KeyError):
                row = figures.row(reference)
                if form not in ("n", "%", "± %"):
                    yield quote, unit, row.get("unit", "")


def test_the_unit_after_a_quote_is_that_of_its_row():
    found = []
    for tab in interface.TABS:
        figures = tab.quotes({net.name: net.content() for net in tab.shown()})
        if isinstance(figures, Quotes):
            found += quoted(tab, figures)
    assert len(found) > 20
    assert not [each for each in found if each[1] != each[2].partition("/")[0]]


def test_a_line_of_the_evidence_has_its_values_under_their_names():
    head, _, line = evidence_table([("its bound", ROWS[0])]).splitlines()
    cells = dict(zip(*([each.strip() for each in row.strip("|").split("|")] for row in (head, line))))
    assert (cells["figure"], cells["N"], cells["seed"]) == ("its bound", "10", "0")
    assert cells["value ± standard error"] == "−133.0 ± 0.5 nats" and cells["kind"] == parts.MARKS["bound"]


def test_a_row_is_found_by_its_name_and_its_whole_setting():
    found = {"rows": ROWS[:2], "quality": {"rows": ROWS[2:]}}
    assert card.find(found, "elbo", beta=1) == ROWS[0] and card.find(found, "-elbo", beta=1)["value"] == 133
    assert card.find(found, "elbo", beta=1, set="first")["value"] == -128
    assert card.find(found, "recall", way="one pass")["value"] == 0.375
    assert "seed" not in card.find(found, "recall", way="one pass")
    assert card.rows(found, "elbo") == ROWS[:2] and card.rows(found, way="one pass") == ROWS[2:]
    for name, setting in (("elbo", {}), ("elbo", {"set": "first"}), ("gap", {"beta": 1})):
        with pytest.raises(KeyError):
            card.find(found, name, **setting)


@pytest.mark.parametrize("rows", [None, {}, [3], [{}], [ROWS[0] | {"value": "many"}], [ROWS[0] | {"kind": "guess"}]])
def test_rows_that_are_no_figures_are_refused(tmp_path: Path, rows):
    for content in ({"rows": rows}, {"rows": ROWS, "quality": {"rows": rows}}):
        checkpoints.write_json(tmp_path / "card.json", content)
        with pytest.raises(checkpoints.CheckpointError, match="rows that are no figures"):
            card.read(tmp_path / "card.json")


def test_a_card_is_written_a_row_to_a_line(tmp_path: Path):
    content = {"rows": ROWS, "edges": [0.5, 1, 1e-7], "command": "a  [1,\n 2] {3}"}
    checkpoints.write_json(tmp_path / "card.json", content)
    assert checkpoints.read_json(tmp_path / "card.json") == content
    lines = (tmp_path / "card.json").read_text(encoding="utf-8").splitlines()
    assert sum('"name"' in line for line in lines) == len(ROWS) and '  "edges": [ 0.5, 1, 1e-07 ],' in lines
