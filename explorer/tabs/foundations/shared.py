"""Fields that several modes of the Foundations use: grips, positive weights, and the one entry of networks."""

from explorer.fields import Field, OneOf, Real, Reals

# The stage's frame expects a menu of networks; with a single entry it shows none.
ONLY = Field("net", OneOf(("foundations",)), "foundations", "the network")


def dragged(key: str, low: float, high: float, default: float, title: str) -> Field:
    """Return a field for a grip, which has its name."""
    return Field(key, Real(low, high), default, title, help=title)


def shares(names: tuple[str, ...]) -> Reals:
    """Return a field type for positive weights; the stage divides them by their sum."""
    return Reals(tuple((f"the probability of {name}", 0.005, 1) for name in names))
