"""The Energy tab."""
