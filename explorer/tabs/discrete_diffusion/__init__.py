"""The tab of discrete diffusion."""
