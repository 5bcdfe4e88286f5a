"""The comparison: every family beside the others, asked the same."""
