"""Exercises on flow matching, and what a velocity says of data, noise and score."""

from pathlib import Path

from explorer.tabs.flow_matching.maths import words_for
from explorer.tabs.kit.lessons.written import read

EXERCISES = read(Path(__file__).with_suffix(".md"), {"words_for": words_for})
