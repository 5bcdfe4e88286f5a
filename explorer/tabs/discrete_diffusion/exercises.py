"""Exercises on discrete diffusion, and its distribution one step back."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.tabs.discrete_diffusion.maths import before

EXERCISES = read(Path(__file__).with_suffix(".md"), {"before": before})
