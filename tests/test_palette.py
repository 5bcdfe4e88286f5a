"""The colours of the ten classes: told apart by people with colour blindness, on the light ground and the dark one."""

import re
from pathlib import Path

import numpy as np
import pytest

PALETTE = Path(__file__).parents[1] / "explorer" / "stages" / "kit" / "chart" / "palette.js"
GROUNDS = {"light": ("#ffffff", 3.0, (26, 14.4)), "dark": ("#0f0f0f", 4.0, (23.9, 14.7))}
"""Of each theme: the ground, the least contrast with it, and the least difference between two classes, with normal
vision and with the colour blindnesses."""
YOU = {"light": "#c2410c", "dark": "#ff7a2f"}
EARLIER = {1: "#a42e76", 8: "#a16f91", 5: "#6f5d34", 7: "#2b4608"}
"""Colours that merge for deuteranopes; the measure must see it."""

SEEN = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Of linear sRGB, at a severity of 1 (Machado, Oliveira, Fernandes 2009, table 1)."""


def colours(theme: str) -> list[str]:
    (found,) = re.findall(rf"  {theme}: \[(.*?)\]", PALETTE.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r"#[0-9a-f]{6}", found)


def linear(colours: list[str]) -> np.ndarray:
    """Linear sRGB, (n, 3), of colours as #rrggbb."""
    share = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colours: list[str], seen: str = "normal") -> np.ndarray:
    """CIELAB under D65, (n, 3), of colours as somebody sees them."""
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    rgb = np.clip(linear(colours) @ np.transpose(SEEN[seen]), 0, 1)
    xyz = rgb @ np.transpose(to_xyz) / [0.95047, 1, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000 of two colours in CIELAB (Sharma, Wu, Dalal 2005, equations 2 to 22)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25**7))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_l, d_c, d_h = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(weight * np.cos(np.radians(times * h + shift)) for weight, times, shift in terms)
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * -2 * np.sqrt(c**7 / (c**7 + 25**7))
    return np.sqrt((d_l / s_l) ** 2 + (d_c / s_c) ** 2 + (d_h / s_h) ** 2 + rotation * d_c * d_h / (s_c * s_h))


def contrast(colour: str, ground: str) -> float:
    """The contrast of WCAG 2."""
    low, high = sorted(linear([colour, ground]) @ [0.2126, 0.7152, 0.0722])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_paper(one: tuple, other: tuple, wanted: float):
    assert difference(np.array(one), np.array(other)) == pytest.approx(wanted, abs=1e-4)


def test_colours_that_merge_are_found():
    first, other, third, fourth = lab([EARLIER[k] for k in (1, 8, 5, 7)], "deuteranopia")
    assert difference(first, other) < 13 and difference(third, fourth) < 13


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("seen", SEEN)
def test_no_two_classes_merge(theme: str, seen: str):
    places = lab(colours(theme), seen)
    assert len(places) == 10
    least = GROUNDS[theme][2][seen != "normal"]
    assert min(difference(places[i], places[j]) for i in range(10) for j in range(i)) > least


@pytest.mark.parametrize("theme", GROUNDS)
def test_every_class_stands_out_from_its_ground_and_is_not_what_you_chose(theme: str):
    ground, least, _ = GROUNDS[theme]
    assert min(contrast(colour, ground) for colour in colours(theme)) >= least
    (you,) = lab([YOU[theme]])
    assert min(difference(place, you) for place in lab(colours(theme))) > 24
