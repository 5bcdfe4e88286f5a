"""Exercises on energies, and the variance that unadjusted Langevin steps lead to."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.tabs.energy.maths import stationary

EXERCISES = read(Path(__file__).with_suffix(".md"), {"stationary": stationary})
