"""The VAE: one network for every β, on a map of two dimensions."""
