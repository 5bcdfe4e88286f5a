"""What the page costs and how fast it answers, measured in a real browser."""
