"""The diffusion: from noise to images and back, and the score in the plane."""
