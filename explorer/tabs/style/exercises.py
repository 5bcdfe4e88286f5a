"""Exercises on StyleGAN, and the number of its directions."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.measures.stylegan import DIRECTIONS

EXERCISES = read(Path(__file__).with_suffix(".md"), {"DIRECTIONS": DIRECTIONS})
