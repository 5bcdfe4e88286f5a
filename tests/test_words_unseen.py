"""*Never seen*: the matrix says of a card what the one rule allows, and wrong words of a prompt are marked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.data.captions import parse
from explorer.data.held_out import grade
from explorer.measures.intervals import wilson
from explorer.measures.scene_judge import right
from explorer.measures.word_reading import BINDINGS, PROMPT_KINDS
from explorer.models.scene_judge import answers
from explorer.networks import checkpoints
from explorer.networks.card import row
from explorer.spaces import COLOUR
from explorer.tabs.words import unseen
from explorer.tabs.words.judged import marked_words, reading_of
from explorer.tabs.words.networks import WORDS_UNTRAINED
from explorer.tabs.words.unseen import ASPECTS, BOUND, LIVE_PROMPTS, SHORT, live_captions
from tests.scene_nets import write_scene_nets
from tests.test_findings import assert_short, findings
from tests.tiny_nets import write

BOTH = "two red cats left of a blue car on grass"
BY, NET = "diffusion", "words-diffusion"


def answers_to(text: str) -> list[int]:
    return answers(torch.tensor([parse(text).tokens]))[0].tolist()


def card_of(value: float, n: int = 1_000, **changed: float) -> dict[str, Any]:
    """A card on which every share is `value`, but for the kinds that are `changed`."""
    rows = [
        row(
            name,
            changed.get(key.replace("-", "_"), value),
            n=n,
            captions=kind.captions,
            phrases=kind.phrases,
            guidance=4.0,
        )
        for key, kind in PROMPT_KINDS.items()
        for name in ASPECTS
    ]
    bound = [
        row("binding", share, n=400, outcome=name, guidance=4.0)
        for name, share in zip(BINDINGS, (0.9, 0.06, 0.02, 0.02))
    ]
    return {"rows": rows, "bindings": {"rows": bound}}


def judged(value: float = 0.99, n: int = 1_000) -> dict[str, Any]:
    rows = [{key: each for key, each in found.items() if key != "guidance"} for found in card_of(value, n)["rows"]]
    return {"rows": rows}


@pytest.fixture
def of_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the card of the network; the judge is right in 99 % of real scenes."""

    def use(card: dict[str, Any]) -> None:
        monkeypatch.setattr(checkpoints, "card_of", lambda name: card if name == NET else judged())

    yield use


def cells(answer: Any, key: str) -> list[dict[str, Any]]:
    return next(each["cells"] for each in answer.matrix["rows"] if each["name"] == SHORT[key])


def test_shares_that_do_not_differ_from_the_ceiling_are_not_called_lower(of_card: Any):
    of_card(card_of(0.985))
    found = unseen.unseen.plain(BY, 4, "a-1")
    texts = [cell["text"] for key in PROMPT_KINDS for cell in cells(found, key)[:-1]]
    assert texts and not [text for text in texts if "▾" in text]
    assert "No attribute is below" in found.words
    assert found.numbers[0].text == "New colour: 98 % right, no different from seen prompts."


def test_a_share_far_below_the_ceiling_is_marked_with_its_interval(of_card: Any):
    of_card(card_of(0.985, d_2=0.6))
    found = unseen.unseen.plain(BY, 4, "d-2")
    assert [cell["text"] for cell in cells(found, "d-2")[:-1]] == ["60 ▾"] * len(ASPECTS)
    assert cells(found, "e-2")[0]["text"] == "98"
    low, high = wilson(600, 1_000)
    assert f"[{low:.0%}, {high:.0%}]".replace("%", " %") in cells(found, "d-2")[0]["says"]
    assert found.numbers[0].text == "New pair: right 38 points less often than seen prompts."
    assert cells(found, "d-2")[0]["sets"] == {"prompts": "d-2"}


def test_a_kind_is_compared_with_seen_prompts_of_as_many_phrases(of_card: Any):
    of_card(card_of(0.98, seen_2=0.7, d_2=0.7, a_1=0.7))
    assert "no different" in unseen.unseen.plain(BY, 4, "d-2").numbers[0].text
    assert "less often" in unseen.unseen.plain(BY, 4, "a-1").numbers[0].text
    assert unseen.unseen.plain(BY, 4, "f-3").numbers[0].text == "Three phrases: 98 % of the prompts are right."


def test_few_prompts_tell_less(of_card: Any):
    of_card(card_of(0.985, n=20, d_2=0.85))
    assert "no different" in unseen.unseen.plain(BY, 4, "d-2").numbers[0].text


def test_what_was_not_measured_is_no_figure(of_card: Any):
    of_card({"rows": []})
    for prompts in ("a-1", BOUND):
        found = unseen.unseen.plain(BY, 4, prompts)
        assert {each.text for each in found.numbers} == {"–"} and "not measured" in found.words
    found = unseen.unseen.plain(BY, 8, "a-1")
    assert {cell["text"] for key in PROMPT_KINDS for cell in cells(found, key)} == {"–"}


def test_headlines_are_short(of_card: Any):
    for value in (0.0, 0.985, 1.0):
        of_card(card_of(value, seen_1=0.5))
        for prompts in SHORT:
            for text in findings([each.to_props() for each in unseen.unseen.plain(BY, 4, prompts).numbers]):
                assert_short(text)


def test_bindings_add_up_and_name_their_interval(of_card: Any):
    of_card(card_of(0.98))
    found = unseen.unseen.plain(BY, 4, BOUND)
    assert sum(each["share"] for each in found.bars["rows"]) == pytest.approx(1) and found.matrix is None
    assert found.numbers[0].text == "Both colours are exchanged in 6 % of the prompts."
    low, high = wilson(24, 400)
    assert found.bars["rows"][1]["says"] == f"[{low:.0%}, {high:.0%}]".replace("%", " %")


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        (BOTH, []),
        ("a blue car right of two red cats on grass", []),
        ("two red dogs left of a blue car on grass", ["cats"]),
        ("two blue cats left of a red car on grass", ["red", "blue"]),
        ("a red cat left of a blue car on grass", ["two"]),
        ("two red cats above a blue car on grass", ["left of"]),
        ("two red cats left of a blue car on sky", ["grass"]),
        ("two red cats left of a car on grass", ["blue"]),
        ("a blue car left of two red cats on sky", ["two", "red", "cats", "a", "blue", "car", "grass"]),
    ],
)
def test_words_that_a_picture_does_not_show_are_marked(drawn: str, wrong: list[str]):
    found = [*marked_words(parse(BOTH), answers_to(drawn), answers_to(BOTH))]
    assert [word for word, _ in found] == parse(BOTH).words
    assert [word for word, is_wrong in found if is_wrong] == wrong
    both = torch.tensor([answers_to(drawn)]), torch.tensor([answers_to(BOTH)])
    assert reading_of(parse(BOTH), *(each[0].tolist() for each in both))["right"] == bool(right(*both)["all"])


def test_phrases_are_compared_where_they_stand():
    """“A blue car right of two red cats” names the right phrase first."""
    asked = "a blue car right of two red cats on grass"
    assert reading_of(parse(asked), answers_to(BOTH), answers_to(asked))["right"]
    found = marked_words(parse(asked), answers_to("two red cats left of a blue boat on grass"), answers_to(asked))
    assert [word for word, is_wrong in found if is_wrong] == ["car"]


def test_a_colour_that_was_not_asked_marks_the_object_and_a_second_object_the_count():
    cat = "a cat on grass"
    for drawn, wrong in (("a red cat on grass", ["cat"]), ("a cat left of a dog on grass", ["a"])):
        found = reading_of(parse(cat), answers_to(drawn), answers_to(cat))
        assert [word for word, is_wrong in found["words"] if is_wrong] == wrong and not found["right"]
        assert found["reading"] == drawn


def test_drawn_prompts_are_of_their_kind_and_differ_by_seed():
    for key, kind in PROMPT_KINDS.items():
        one, other = live_captions(key, 3), live_captions(key, 4)
        assert one == live_captions(key, 3) and one != other and len(one) == LIVE_PROMPTS
        assert {grade(each) for each in one} == {frozenset() if kind.captions == "seen" else frozenset(kind.captions)}
    assert all(len(each.phrases) == 2 for each in live_captions(BOUND, 3))


def test_pictures_are_drawn_and_read_while_the_visitor_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "nets"
    write(folder, {"words-diffusion-scenes": {"width": 16, "heads": 2, "blocks": 1}})
    (folder / "words-diffusion-scenes").rename(folder / NET)
    for name in ("judge-scenes", "autoencoder-scenes"):
        (folder / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    found = unseen.unseen_drawn.plain(BY, 4, "d-2", 7).view
    images = COLOUR.decode(found["images"])
    assert images.shape == (LIVE_PROMPTS, 3, 48, 48) and len(found["prompts"]) == LIVE_PROMPTS
    again = unseen.unseen_drawn.plain(BY, 1, BOUND, 7).view
    assert {each["says"] for each in again["prompts"]} <= set(unseen.BINDING_TITLES.values())


def test_every_way_draws_and_a_network_that_is_missing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(write_scene_nets(tmp_path, (NET, "words-tokens"))))
    for by in ("diffusion", "order"):
        found = unseen.unseen_drawn.plain(by, 2, "a-1", 7).view
        assert COLOUR.decode(found["images"]).shape == (LIVE_PROMPTS, 3, 48, 48)
        assert "not measured" in unseen.unseen.plain(by, 2, "a-1").words
    lost = unseen.unseen_drawn.plain("parallel", 2, "a-1", 7)
    assert lost.view["images"] is None and lost.words == WORDS_UNTRAINED
    for prompts in ("a-1", BOUND):
        assert unseen.unseen.plain("parallel", 2, prompts).words == WORDS_UNTRAINED


def test_the_card_is_that_of_the_chosen_network(monkeypatch: pytest.MonkeyPatch):
    of = {NET: card_of(0.98), "words-tokens": card_of(0.98, a_1=0.5)}
    monkeypatch.setattr(checkpoints, "card_of", lambda name: of.get(name, judged()))
    monkeypatch.setattr(checkpoints, "exists", lambda name: True)
    texts = [cells(unseen.unseen.plain(by, 4, "a-1"), "a-1")[0]["text"] for by in ("diffusion", "order")]
    assert texts == ["98", "50 ▾"]
