"""Cost and speed of the page, measured in a real browser."""
