"""Texts as a space, and tiny Shakespeare as a data set."""

from pathlib import Path

import pytest
import torch

from explorer import data
from explorer.data import shakespeare
from explorer.spaces import BINARY, TEXT, Tokens

SMALL = Tokens("ab \n", 6)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_noise_is_in_the_space_and_of_its_seed():
    x = TEXT.noise(5, rng(1))
    TEXT.check(x)
    assert x.shape == (5, *TEXT.shape) and TEXT.dim == 256
    assert torch.equal(x, TEXT.noise(5, rng(1))) and not torch.equal(x, TEXT.noise(5, rng(2)))
    assert torch.equal(TEXT.read("noise", 1), TEXT.noise(1, rng(1)))
    assert set(TEXT.noise(50, rng()).flatten().tolist()) == set(range(65))


def test_what_travels_comes_back():
    x = TEXT.noise(7, rng())
    assert torch.equal(TEXT.decode(TEXT.encode(x)), x)
    waiting = torch.full((1, 256), TEXT.size)
    assert torch.equal(TEXT.decode(TEXT.encode(waiting)), waiting)


def test_a_text_is_read_character_by_character():
    x = SMALL.read("text", "b a\n")
    assert x.tolist() == [[1, 2, 0, 3]]
    SMALL.check(x)
    assert SMALL.text(x[0]) == "b a\n"
    assert SMALL.text(torch.tensor([0, 4, 1])) == "a_b"


def test_unknown_characters_are_refused_and_listed_once_each():
    with pytest.raises(
        ValueError, match="does not know “x”, “é”, U\\+0009: its alphabet has the space, the line break, ab"
    ):
        SMALL.read("text", "axxé\ta")
    with pytest.raises(ValueError, match="“v”, “w”, “x”, “y”, “z”, …"):
        SMALL.read("text", "vwxyzc")


@pytest.mark.parametrize("value", ["", "a" * 501, 7, None, b"a"])
def test_a_text_of_another_length_or_type_is_refused(value: object):
    with pytest.raises(ValueError, match="from 1 to 500 characters|not “text”"):
        SMALL.read("text", value)


def test_a_text_of_500_characters_is_read():
    assert SMALL.read("text", "a" * 500).shape == (1, 500)


def test_other_kinds_shapes_types_and_numbers_are_refused():
    with pytest.raises(ValueError, match="“bits”"):
        TEXT.read("bits", b"")
    x = TEXT.noise(2, rng())
    for wrong in (x[0], x.unsqueeze(0), x.float(), x[:, :0], x.clone().fill_(65), x - 65):
        with pytest.raises(ValueError, match="must be"):
            TEXT.check(wrong)


def test_an_alphabet_has_each_character_once():
    for wrong in ("", "aa", "".join(map(chr, range(256)))):
        with pytest.raises(ValueError, match="alphabet"):
            Tokens(wrong, 5)


def test_likelihoods_are_comparable_in_one_alphabet_alone():
    assert TEXT.comparable(Tokens(TEXT.alphabet, 128)) and not TEXT.comparable(SMALL) and not TEXT.comparable(BINARY)


def test_the_splits_are_the_text_in_order_and_the_test_split_its_last_tenth():
    parts = [data.load("shakespeare", split).codes for split in ("train", "held-out", "test")]
    whole = shakespeare.read(data.BUNDLED / "shakespeare.xz")
    assert TEXT.text(torch.cat(parts)) == whole
    assert [len(part) for part in parts] == [953_662, 50_193, 111_539]
    assert "".join(sorted(set(whole))) == TEXT.alphabet
    for part in parts:
        TEXT.check(part.unsqueeze(0))


def test_an_item_has_512_characters_and_begins_where_the_first_half_of_the_one_before_ends():
    train = data.load("shakespeare", "train")
    items = train[torch.tensor([5, 6])].pixels()
    assert items.shape == (2, 512) and torch.equal(items[0, 256:], items[1, :256])
    assert torch.equal(items[0], train.codes[5 * 256 : 5 * 256 + 512])
    assert train[len(train) - 1 :].pixels().shape == (1, 512) and len(train[:3].labels) == 3


def test_a_damaged_or_missing_file_is_reported(tmp_path: Path):
    (tmp_path / "cut.xz").write_bytes((data.BUNDLED / "shakespeare.xz").read_bytes()[:1000])
    for name in ("cut.xz", "lost.xz"):
        with pytest.raises(data.DataError, match=f"{name} is missing or damaged"):
            shakespeare.read(tmp_path / name)
    with pytest.raises(data.DataError, match="unknown data set “sonnets”: .*shakespeare"):
        data.load("sonnets", "train")
