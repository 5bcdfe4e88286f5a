"""Parts of a scene that are hidden: which codes are known of it, and what stands in the hidden part meanwhile.

A code stands for 4×4 pixels and is known if all of these are. The encoder sees farther than that. So the hidden part is
painted in the commonest colour of the rest before it is encoded: no code depends on a hidden pixel.
"""

import torch
from torch import Tensor

from explorer.models.scene_autoencoder import LATENT_SIDE


def known_codes(known: Tensor) -> Tensor:
    """Return which codes are known: booleans (B, 3, 48, 48) to (B, 12, 12)."""
    cell = known.shape[-1] // LATENT_SIDE
    return known.all(1).unflatten(-1, (LATENT_SIDE, cell)).unflatten(-3, (LATENT_SIDE, cell)).all(-1).all(-2)


def paint_over(x: Tensor, known: Tensor) -> Tensor:
    """Paint the hidden pixels of scenes in the commonest colour of the others; black without any.

    Shapes: `x` (B, 3, 48, 48), `known` booleans of that shape; the result as `x`.
    """
    return torch.where(known, x, torch.stack([commonest(each, of) for each, of in zip(x, known)])[..., None, None])


def commonest(x: Tensor, known: Tensor) -> Tensor:
    """Return the commonest colour of the known pixels of one scene, both (3, 48, 48): (3,)."""
    colours = x.flatten(1)[:, known.all(0).flatten()].T
    if not len(colours):
        return x.new_zeros(len(x))
    each, counts = colours.unique(dim=0, return_counts=True)
    return each[counts.argmax()]
