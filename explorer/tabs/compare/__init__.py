"""The comparison: the same questions to every family."""
