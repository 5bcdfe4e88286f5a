"""Lessons: tours, exercises, courses, terms, live formulas and presets."""
