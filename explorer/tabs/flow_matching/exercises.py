"""Exercises on flow matching, and what a velocity says of data, noise and score."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.tabs.flow_matching.maths import words_for

EXERCISES = read(Path(__file__).with_suffix(".md"), {"words_for": words_for})
