"""The Flow tab."""
