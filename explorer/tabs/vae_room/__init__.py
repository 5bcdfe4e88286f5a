"""The VAE with tens of latents."""
