"""Stage of the foundations: one-dimensional densities and small tables, computed while they are dragged."""

from explorer.stages import OfNetworks, Stage


class FoundationsStage(Stage):
    """Likelihood, divergences, Jensen's inequality, importance weights, Bayes' rule and scores, without any network."""

    networks = OfNetworks("likelihood", note="", renews=(), fresh=(), about=None)
