"""Figures as a reader sees them: rows of cards, tables, charts, and what may be compared."""
