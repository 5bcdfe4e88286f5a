"""Exercises on flows, and the formulas that they share with the maths of the tab."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.tabs.flow.maths import couple, length, undo

EXERCISES = read(Path(__file__).with_suffix(".md"), {"couple": couple, "length": length, "undo": undo})
