"""Tests of the models, the tabs and the page in a real browser."""
