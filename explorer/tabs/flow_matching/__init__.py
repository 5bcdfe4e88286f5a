"""The Flow matching tab."""
