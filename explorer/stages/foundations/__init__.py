"""The foundations in the browser: densities of one number and small tables, computed as they are dragged."""

from explorer.stages import Stage


class FoundationsStage(Stage):
    """Likelihood, divergences, Jensen's inequality, importance weights and Bayes' rule, without any network."""
