"""Shared questions of a tab as modes and as server functions."""
