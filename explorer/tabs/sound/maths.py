"""Live formula of the sound tab."""

from explorer.lessons.live import InputError, align, finite, live, tex
from explorer.spaces import SOUND


def receptive_field(layers: int) -> int:
    """Return the number of samples that a stack of layers with dilations 1, 2, 4, … sees."""
    return 2**layers


@live("Receptive field, with your number", ("layers", 12))
def show_field(layers: float | None) -> str:
    """Return a formula of the receptive field of a stack of layers."""
    layers = finite("layers", layers)
    if not 1 <= layers <= 20 or layers != int(layers):
        raise InputError("layers must be a whole number from 1 to 20")
    field = receptive_field(int(layers))
    ms = tex(1_000 * field / SOUND.rate)
    return align(rf"1 + 1 + 2 + \dots + 2^{{{int(layers) - 1}}} &= {field} \text{{ samples}} = {ms} \text{{ ms}}")
