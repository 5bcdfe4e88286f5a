"""The tab of tokens and of latent diffusion."""
