"""Explorer: touch, watch and question trained deep generative models."""

from pathlib import Path

__path__.append(str(Path(__file__).parent / "commands"))  # `python -m explorer.train` is commands/train.py
