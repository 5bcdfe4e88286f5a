"""Trained networks as files: checkpoints and cards, where they come from, and those that a visitor opens."""
