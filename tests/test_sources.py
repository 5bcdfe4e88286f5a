"""Sources of translations: outline by hand, thinning against the paper's rule pixel by pixel, slant against a sum."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.sources import SOURCES_SLANT, bold, outline, silhouette, skeleton, slant, slant_of, thin, upright

DIGITS = data.bundled_images("mnist")[:60].pixels()


def page(*lines: str) -> Tensor:
    """An image whose top left corner is drawn with #."""
    x = torch.zeros(1, 1, 28, 28)
    for row, line in enumerate(lines):
        x[0, 0, row, : len(line)] = torch.tensor([float(sign == "#") for sign in line])
    return x


def corner(x: Tensor, rows: int, columns: int) -> list[str]:
    return ["".join(".#"[int(value)] for value in line) for line in x[0, 0, :rows, :columns]]


def ring(ink: set, row: int, column: int) -> list[int]:
    """P2 … P9 of the paper, clockwise from the pixel above."""
    places = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    return [int((row + down, column + right) in ink) for down, right in places]


def thinned(image: np.ndarray) -> set:
    """Zhang and Suen's algorithm, word by word, on a set of pixels."""
    ink = {(int(row), int(column)) for row, column in np.argwhere(image)}
    while True:
        start = set(ink)
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            gone = set()
            for pixel in ink:
                p = ring(ink, *pixel)
                rises = sum(p[k] == 0 and p[(k + 1) % 8] == 1 for k in range(8))
                products = [math.prod(p[k] for k in three) for three in (first, second)]
                if 2 <= sum(p) <= 6 and rises == 1 and products == [0, 0]:
                    gone.add(pixel)
            ink -= gone
        if ink == start:
            return ink


def test_a_bar_is_thinned_to_its_middle_line():
    bar = page("", ".#######", ".#######", ".#######")
    assert corner(skeleton(bar), 5, 8) == ["........", "........", "..####..", "........", "........"]


def test_a_closed_ring_stays_closed():
    thick = page("", ".#######", ".#######", ".##...##", ".##...##", ".#######", ".#######")
    found = skeleton(thick)[0, 0]
    ink = {tuple(each) for each in found.nonzero().tolist()}
    reached, edge = {(3, 4)}, [(3, 4)]  # the hole
    while edge:
        row, column = edge.pop()
        for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if near not in ink and near not in reached and all(-1 <= each <= 28 for each in near):
                reached.add(near)
                edge.append(near)
    assert (0, 0) not in reached and found.sum() < 20


def test_thinning_is_that_of_the_paper_pixel_by_pixel():
    found = skeleton(DIGITS)
    for x, ours in zip(DIGITS, found):
        assert {tuple(each) for each in ours[0].nonzero().tolist()} == thinned(x[0].numpy() >= 0.5)
    assert torch.equal(skeleton(found), found)


def test_a_batch_is_thinned_like_each_image_alone():
    assert torch.equal(skeleton(DIGITS), torch.cat([skeleton(x[None]) for x in DIGITS]))


def test_the_outline_of_a_square_is_its_border_one_pixel_wide():
    x = torch.zeros(1, 1, 28, 28)
    x[..., 8:20, 8:20] = 1
    found = outline(x)[0, 0]
    assert set(found.unique().tolist()) == {0, 1}
    for line in (found[14], found[:, 14]):
        places = line.nonzero().flatten().tolist()
        assert len(places) == 2 and places[0] in (7, 8) and places[1] in (19, 20)
    assert found[10:18, 10:18].sum() == 0


def test_a_dark_garment_has_an_outline_too_and_a_faint_pattern_has_none():
    x = torch.zeros(1, 1, 28, 28)
    x[..., 6:22, 6:22] = 0.3
    x[..., 10:18, 10:18] = 0.4
    found = outline(x)[0, 0]
    assert found.sum() > 50 and found[9:19, 9:19].sum() == 0


def test_a_silhouette_leaves_out_what_is_inside():
    x = torch.zeros(1, 1, 28, 28)
    x[..., 4:24, 4:24] = 0.2
    x[..., 9:19, 9:19] = 1
    inside = (slice(None), slice(None), slice(7, 21), slice(7, 21))
    assert outline(x)[inside].sum() > 20 and silhouette(x)[inside].sum() == 0
    assert torch.equal(silhouette(x), silhouette((x > 0).float()))


def test_sources_are_the_same_under_autocast():
    clothes = data.bundled_images("fashion-mnist")[:60].pixels()
    alone = outline(clothes), skeleton(DIGITS), slant(DIGITS)
    with torch.autocast("cpu", torch.bfloat16):
        for found, wanted in zip((outline(clothes), skeleton(DIGITS), slant(DIGITS)), alone):
            assert torch.equal(found, wanted)


def test_slant_is_the_slope_of_a_regression():
    x = torch.zeros(1, 1, 28, 28)
    for row in range(6, 22):
        x[0, 0, row, 20 - (row - 6) // 2] = 1  # one to the left in two rows
    rows, columns = (each.double() for each in x[0, 0].nonzero().T)
    slope = np.polyfit(rows.numpy(), columns.numpy(), 1)[0]
    assert float(slant_of(x)) == pytest.approx(-slope, abs=1e-5) and -slope == pytest.approx(0.5, abs=0.02)


def test_upright_digits_have_no_slant_and_slanted_ones_have_it():
    torch.testing.assert_close(slant_of(upright(DIGITS)), torch.zeros(60), atol=0.03, rtol=0)
    torch.testing.assert_close(slant_of(slant(DIGITS)), torch.full((60,), SOURCES_SLANT), atol=0.05, rtol=0)


def test_a_thin_digit_has_less_ink_than_a_bold_one_and_both_lie_in_range():
    sums = [each.flatten(1).sum(-1) for each in (thin(DIGITS), DIGITS, bold(DIGITS))]
    assert (sums[2] > 1.2 * sums[1]).all() and (sums[2] > 1.2 * sums[0]).all()
    for each in (thin(DIGITS), bold(DIGITS)):
        assert each.min() >= 0 and each.max() <= 1
    assert torch.equal(bold(page("", ".#"))[0, 0, :3, :3], torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]]))
