"""The autoregressive networks: images drawn pixel after pixel, with an exact log p."""
