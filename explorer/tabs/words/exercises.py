"""Exercises on words."""

from pathlib import Path

from explorer.lessons.written import read

EXERCISES = read(Path(__file__).with_suffix(".md"))
