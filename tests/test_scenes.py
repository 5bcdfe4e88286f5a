"""Composed scenes: captions, grades of what training never draws, and pictures that are what their captions say."""

import random
from collections import Counter

import pytest
import torch

from explorer.data import SCENES
from explorer.data.captions import (
    CAPTION_LENGTH,
    COLOUR_WORDS,
    GROUNDS,
    OBJECTS,
    RELATIONS,
    TOKENS,
    WORDS,
    Caption,
    Phrase,
    UnknownWords,
    parse,
    parse_words,
    split_words,
    tokens_of,
    words_of,
)
from explorer.data.glyphs import GLYPH_SIZES, TINTS, glyph
from explorer.data.held_out import GRADES, SINGLE, UNCOLOURED, UNSEEN_COLOUR, UNSEEN_GROUND, grade
from explorer.data.scenes import GROUND_LEVELS, Scenes, draw_caption
from explorer.spaces.colour import COLOUR_SIDE


def captions(n: int, phrases: int, seed: int = 0) -> list[Caption]:
    chance = random.Random(seed)
    return [draw_caption(chance, phrases) for _ in range(n)]


def test_there_are_88_words_and_one_ground_and_tint_for_each_of_theirs():
    assert len(WORDS) == len(set(WORDS)) == 88
    assert tuple(GROUND_LEVELS) == GROUNDS and tuple(TINTS) == COLOUR_WORDS and len(OBJECTS) == 32


@pytest.mark.parametrize("phrases", [1, 2, 3])
def test_a_caption_is_parsed_from_its_words_and_from_its_tokens(phrases: int):
    for caption in captions(200, phrases):
        assert parse(str(caption)) == caption
        assert parse_words(words_of(caption.tokens)) == caption and len(caption.tokens) == CAPTION_LENGTH


def test_captions_read_as_english():
    red = Phrase("umbrella", "orange"), Phrase("fish", None, 2), Phrase("car", "red")
    assert str(Caption(red[:2], "left of", "grass")) == "an orange umbrella left of two fish on grass"
    assert str(Caption((Phrase("apple"),), None, "sky")) == "an apple on sky"
    assert parse("Two Cats, left of a red car on grass!").phrases == (Phrase("cat", None, 2), Phrase("car", "red"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a cat", "ends with “on”"),
        ("a cats on grass", "needs an object"),
        ("red cat on grass", "begins with"),
        ("a cat a dog on grass", "needs one of left of"),
        ("a cat above a dog below a car on sky", "the same each time"),
        ("a cat above a cat on sky", "different objects"),
        ("a cat " * 7 + "on sky", "at most 13 words"),
    ],
)
def test_words_that_are_no_caption_are_refused(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_unknown_words_are_named_with_the_nearest():
    with pytest.raises(UnknownWords) as refused:
        split_words("a rad kat above a dog")
    assert set(refused.value.unknown) == {"rad", "kat"}
    assert "red" in refused.value.unknown["rad"] and "cat" in refused.value.unknown["kat"]
    assert tokens_of([])[:2] == [TOKENS["anything"], 0]


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("a cat on grass", ""),
        (f"a {UNSEEN_COLOUR['cat']} cat on grass", "a"),
        ("a blue fish on white", "b"),
        ("two dogs on grass", "c"),
        ("a cat left of a boat on sky", ""),
        ("a cat left of a tree on sky", "d"),
        ("a cat left of an apple on sky", "e"),
        ("an apple right of a cat on sky", "e"),
        ("an apple left of a cat on sky", ""),
        ("a cat above an apple on sky", ""),
        ("a cat above a bird above a boat on sky", "f"),
        (f"a dog on {UNSEEN_GROUND['dog']}", "g"),
    ],
)
def test_grades_of_some_captions(text: str, grades: str):
    assert grade(parse(text)) == frozenset(grades)


def test_pairs_are_held_out_by_their_sum_alone_and_orders_only_one_way():
    """The rule of the docstring, applied to all pairs in all relations."""
    for i, first in enumerate(OBJECTS):
        for j, second in enumerate(OBJECTS[:i]):
            for relation in RELATIONS:
                found = grade(Caption((Phrase(first), Phrase(second)), relation, "grey")) & {"d", "e"}
                later_on_the_right = relation == "right of"  # object i > j stands on the right of j
                assert ("d" in found) == ((i + j) % 16 == 3)
                assert ("e" in found) == ((i + j) % 16 == 8 and later_on_the_right)


def test_training_draws_no_caption_of_any_grade():
    drawn = [
        SCENES.load("train").of_epoch(epoch, {"epochs": 1}).layout(i).caption for epoch in (0, 1) for i in range(1_500)
    ]
    assert not [caption for caption in drawn if grade(caption)]
    for phrase in (phrase for caption in drawn for phrase in caption.phrases):
        assert phrase.colour != UNSEEN_COLOUR[phrase.object]
        assert phrase.colour is None or phrase.object not in UNCOLOURED
        assert phrase.count == 1 or phrase.object not in SINGLE
    assert {len(caption.phrases) for caption in drawn} == {1, 2}
    assert len({phrase.object for caption in drawn for phrase in caption.phrases}) == 32


@pytest.mark.parametrize("letter", GRADES)
def test_a_graded_split_has_captions_of_this_grade_alone(letter: str):
    phrases = {"d": 2, "e": 2, "f": 3}.get(letter, 1)
    scenes = SCENES.graded(letter, 20, phrases)
    assert {grade(scenes.layout(index).caption) for index in range(20)} == {frozenset(letter)}


def test_a_scene_is_always_the_same_and_another_in_each_epoch():
    train = SCENES.load("train")
    again = train[torch.tensor([5, 3])]
    assert torch.equal(train[3:6].images[[2, 0]], again.images) and torch.equal(train[3:6].labels[[2, 0]], again.labels)
    assert not torch.equal(train.of_epoch(0, {"epochs": 1})[:4].labels, train.of_epoch(1, {"epochs": 1})[:4].labels)
    later = train.of_epoch(1, {"epochs": 4, "epochs_before": 16})
    assert torch.equal(later[:4].labels, train.of_epoch(17, {"epochs": 18})[:4].labels)


def test_first_epochs_have_fewer_pairs_if_the_recipe_says_so():
    recipe = {"single_first": [0.5, 0.25], "epochs": 4}
    shares = []
    for epoch in (0, 3):
        scenes = SCENES.load("train").of_epoch(epoch, recipe)
        shares.append(sum(len(scenes.layout(i).caption.phrases) == 2 for i in range(800)) / 800)
    assert shares == [pytest.approx(0.25, abs=0.06), pytest.approx(0.6, abs=0.06)]


@pytest.mark.parametrize("phrases", [1, 2, 3])
def test_the_picture_has_what_the_caption_says(phrases: int):
    """Boxes of a layout, read without its caption: they are counted, and lie as the relation says."""
    shares = tuple(float(count == phrases) for count in (1, 2, 3))
    scenes = Scenes(9, 60, shares, None)
    for index in range(60):
        layout = scenes.layout(index)
        caption, boxes = layout.caption, [each.box for each in layout.placed]
        counted = Counter(each.phrase for each in layout.placed)
        assert [counted[place] for place in range(phrases)] == [phrase.count for phrase in caption.phrases]
        assert all(x >= 0 and x + w <= COLOUR_SIDE and y >= 0 and y + h <= COLOUR_SIDE for x, y, w, h in boxes)
        for one, other in ((a, b) for a in boxes for b in boxes if a is not b):
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
        for place in range(phrases - 1):
            before, after = ([each.box for each in layout.placed if each.phrase == p] for p in (place, place + 1))
            ends = {
                "left of": max(b.x + b.width for b in before) <= min(b.x for b in after),
                "right of": max(b.x + b.width for b in after) <= min(b.x for b in before),
                "above": max(b.y + b.height for b in before) <= min(b.y for b in after),
                "below": max(b.y + b.height for b in after) <= min(b.y for b in before),
            }
            assert ends[caption.relation]


def test_pixels_outside_the_boxes_are_ground_and_inside_the_glyph_is_blended():
    scenes = Scenes(11, 20, (0.5, 0.5, 0.0), None)
    for index in range(20):
        layout = scenes.layout(index)
        image = torch.from_numpy(layout.draw()).float()
        ground = torch.tensor(GROUND_LEVELS[layout.caption.ground]).view(3, 1, 1).float()
        outside = torch.ones(COLOUR_SIDE, COLOUR_SIDE, dtype=torch.bool)
        for which, size, (x, y, w, h) in layout.placed:
            outside[y : y + h, x : x + w] = False
            phrase = layout.caption.phrases[which]
            colour, behind = (torch.from_numpy(each) for each in glyph(phrase.object, phrase.colour, size))
            assert (image[:, y : y + h, x : x + w] - (colour + behind * ground)).abs().max() <= 0.51
        assert torch.equal(image[:, outside], ground.expand(3, COLOUR_SIDE, COLOUR_SIDE)[:, outside])


def test_tints_keep_the_shape_and_change_the_hue():
    for name in OBJECTS:
        own, red, blue = (glyph(name, colour, GLYPH_SIZES[-1]) for colour in (None, "red", "blue"))
        assert (own[1] == red[1]).all() and max(own[0].shape[1:]) == GLYPH_SIZES[-1]
        assert red[0][0].sum() > red[0][2].sum() and blue[0][2].sum() > blue[0][0].sum()
