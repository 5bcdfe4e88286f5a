"""The GAN: a generator and a discriminator, and the game that they play in the plane."""
