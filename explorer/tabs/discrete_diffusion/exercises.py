"""Exercises on discrete diffusion, and its distribution one step back."""

from pathlib import Path

from explorer.tabs.discrete_diffusion.maths import before
from explorer.tabs.kit.lessons.written import read

EXERCISES = read(Path(__file__).with_suffix(".md"), {"before": before})
