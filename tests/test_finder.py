"""Entries of the search lead to what they name, and the nearest comes first."""

from urllib.parse import parse_qsl

import pytest

from explorer.lessons import finder, glossary
from explorer.tabs import interface
from tests.address import passed_over
from tests.node import run

ENTRIES = finder.entries(interface.TABS)
STAY = ("course", "story")


@pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)
def test_every_entry_opens_a_state_that_its_tab_takes(tab):
    said = [dict(parse_qsl(entry["at"].removeprefix("?"), keep_blank_values=True)) for entry in ENTRIES]
    here = [{key: value for key, value in each.items() if key != "tab"} for each in said if each["tab"] == tab.name]
    stages = [{key: value for key, value in each.items() if key not in STAY} for each in here]
    assert stages and not passed_over(tab.fields, stages)
    assert {each["mode"] for each in stages if "mode" in each} >= set(tab.modes)


def test_every_line_of_the_glossary_is_a_term():
    lines = [line for line in glossary.GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    assert len(lines) == sum(entry["kind"] == "term" for entry in ENTRIES) > 30
    assert {parse_qsl(entry["at"][1:])[0][1] for entry in ENTRIES} <= {tab.name for tab in interface.TABS}


def test_a_state_is_written_as_an_address_has_it():
    found = finder.entry("try", "x", {"beta": 0.5, "rings": True, "z": [0, 1.5], "img": None})
    assert found["at"] == "?beta=0.5&rings=1&z=0%2C1.5"


@pytest.mark.parametrize(
    ("text", "first"),
    [("gan", "GAN"), ("elbo", "ELBO"), ("beta-vae", "β-VAE"), ("collapse", None), ("Fréchet", "Fréchet distance")],
)
def test_the_nearest_comes_first(text: str, first: str | None):
    body = 'const { ranked } = await load("finder/ranked.js"); return ranked(entries, text);'
    found = run(body, entries=ENTRIES, text=text)
    assert 0 < len(found) <= 12
    if first:
        assert found[0]["title"] == first
    assert run(body, entries=ENTRIES, text="no such thing") == []
    assert {entry["kind"] for entry in run(body, entries=ENTRIES, text=" ")} == {"tab", "course"}


HEARD = {
    "GPT": "GPT",
    "ChatGPT": "GPT",
    "LLM": "LLM",
    "token": "Token",
    "temperature": "Temperature",
    "prompt": "Prompt",
    "text to image": "Text to image",
    "Stable Diffusion": "Stable Diffusion",
    "Midjourney": "Midjourney",
    "DALL·E": "DALL·E",
    "dall-e": "DALL·E",
    "colour": "Colour",
    "color": "Colour",
    "photo": "Photo",
    "deepfake": "Deepfake",
    "exam": "Exam",
}


def test_what_people_have_heard_of_leads_to_its_place():
    found = run(
        'const { ranked } = await load("finder/ranked.js"); return asked.map((text) => ranked(entries, text)[0]);',
        entries=ENTRIES,
        asked=[*HEARD],
    )
    assert {text: first["title"] for text, first in zip(HEARD, found, strict=True)} == HEARD
    assert all(first["kind"] == "word" for first in found)


def test_every_word_is_one_or_two_short_sentences():
    lines = [line for line in finder.HEARD.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    words = [entry for entry in ENTRIES if entry["kind"] == "word"]
    assert len(lines) == len(words)
    long = [each for entry in words for each in entry["words"].split(". ") if len(each.split()) > 20]
    assert not long and max(len(entry["words"].split()) for entry in words) < 30


def test_every_story_is_found_by_its_title():
    told = {entry["title"] for entry in ENTRIES if entry["kind"] == "story"}
    assert "The VAE in 60 seconds" in told
