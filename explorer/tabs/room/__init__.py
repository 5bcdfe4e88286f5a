"""The VAE with room: tens of latents."""
