"""Exercises on energies, and the variance that unadjusted Langevin steps lead to."""

from pathlib import Path

from explorer.tabs.energy.maths import stationary
from explorer.tabs.kit.lessons.written import read

EXERCISES = read(Path(__file__).with_suffix(".md"), {"stationary": stationary})
