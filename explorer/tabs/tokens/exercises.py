"""Exercises on tokens, and the evaluations of a guided step."""

from pathlib import Path

from explorer.lessons.written import read
from explorer.models.vqvae import GRID
from explorer.tabs.tokens.latent import evaluations

EXERCISES = read(Path(__file__).with_suffix(".md"), {"GRID": GRID, "evaluations": evaluations})
