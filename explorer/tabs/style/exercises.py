"""Exercises on StyleGAN, and the number of its directions."""

from pathlib import Path

from explorer.measures.stylegan import DIRECTIONS
from explorer.tabs.kit.lessons.written import read

EXERCISES = read(Path(__file__).with_suffix(".md"), {"DIRECTIONS": DIRECTIONS})
