"""The Autoencoders tab."""
