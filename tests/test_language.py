"""Other languages: how a text is looked up, and that no translation loses a number or a part."""

import json
import re
import subprocess
from collections import Counter
from typing import Any

import pytest

from explorer.serving import languages, page
from tests.node import NODE

PART = re.compile(r"\{[#*]")
WORDS = {
    "Play": "Spielen",
    "Step {#} of {#}": "{#2} Schritte, der {#}.",
    "What {*} draws": "Was {*} zieht",
    "a flow": "ein Fluss",
    "One more.": "Noch eins.",
    "It costs {#} nats.": "Es kostet {#} nats.",
    "Two words **here**.": "Zwei Worte **hier**.",
    "Name": "Name auf Deutsch",
}
OTHERS = [code for code in languages.languages() if code != languages.ENGLISH]


def looked_up(expression: str, words: dict[str, str] | None, config: dict[str, Any] | None = None) -> Any:
    """Value of an expression in a page with these words."""
    code = page.Path(page.__file__).with_name("language.js").read_text(encoding="utf-8")
    known = {"explorerWords": words, "gradio_config": config or {"components": []}, "document": {"body": {}}}
    script = f"Object.assign(globalThis, {json.dumps(known)});\n{code}\nconsole.log(JSON.stringify({expression}))"
    answer = subprocess.run([NODE, "-"], input=script, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def said(*texts: str, words: dict[str, str] | None = WORDS) -> list[str]:
    return looked_up(f"{json.dumps(texts)}.map(explorerSay)", words)


def test_a_text_is_found_by_its_words_its_numbers_and_its_parts():
    assert said("Play", " Play ", "Step 3 of 1,000", "What a flow draws", "What X draws") == [
        "Spielen",
        " Spielen ",
        "1,000 Schritte, der 3.",
        "Was ein Fluss zieht",
        "Was X zieht",
    ]


def test_a_text_without_an_entry_is_looked_up_sentence_by_sentence_and_else_stays():
    assert said("One more. It costs 2.5 nats. And so on.") == ["Noch eins. Es kostet 2.5 nats. And so on."]
    assert looked_up('(explorerSay("One more. Not this. 12"), explorerMissing())', WORDS) == ["Not this."]


def test_in_english_every_text_is_itself():
    assert said("Play", "Step 3 of 1,000", words=None) == ["Play", "Step 3 of 1,000"]


def test_markdown_keeps_its_signs_and_its_code():
    text = "## Play\n\n- Two words\n  **here**.\n- It costs 3 nats.\n\n| Name | 2 |\n\n```\nPlay\n\nPlay\n```"
    parts = [
        {"type": "markdown", "props": {"value": text, "label": "Play"}},
        {"type": "html", "props": {"value": {"title": "Play"}}},
    ]
    here, there = looked_up("gradio_config.components", WORDS, {"components": parts})
    said = "## Spielen\n\n- Zwei Worte **hier**.\n- Es kostet 3 nats.\n\n| Name auf Deutsch | 2 |\n\n"
    assert here["props"]["value"] == said + "```\nPlay\n\nPlay\n```"
    assert here["props"]["label"] == "Spielen" and there["props"]["value"] == {"title": "Play"}


@pytest.mark.parametrize("code", OTHERS)
def test_every_translation_has_the_parts_of_its_text(code: str):
    for key, translation in languages.languages()[code].words.items():
        assert Counter(PART.findall(key)) == Counter(PART.findall(translation)), key
        assert translation.strip() and translation == translation.strip(), key
        assert key.count("$") == translation.count("$"), key
        assert not re.search(r"\d", PART.sub("", key)), key  # a text is looked up with {#} for its numbers
