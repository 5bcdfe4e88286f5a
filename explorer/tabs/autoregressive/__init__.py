"""Autoregressive networks: images drawn pixel by pixel, with an exact log p."""
