r"""A trained diffusion with one class more, which it learns from a few drawings and from old images beside them.

A label is a row of the embedding. The new row begins at the mean of the old ones, and all weights are trained:

$$ e_{K} = \frac{1}{K} \sum_{k < K} e_k, \qquad
L = (1 - r) \, L_\text{new} + r \, L_\text{old} $$

r is the share of each batch that are images of the old classes (rehearsal). Without them, the network forgets: nothing
in its objective mentions the old classes.

References:
    French, Catastrophic Forgetting in Connectionist Networks, 1999, https://doi.org/10.1016/S1364-6613(99)01294-2
    Robins, Catastrophic Forgetting, Rehearsal and Pseudorehearsal, 1995, https://doi.org/10.1080/09540099550039318
    Ruiz et al., DreamBooth: Fine Tuning Text-to-Image Diffusion Models for Subject-Driven Generation, 2022,
    https://arxiv.org/abs/2208.12242
"""

import torch

from explorer.models.diffusion import Diffusion
from explorer.models.unet import ResBlock

LABEL_ROWS = "network.label.weight"


@torch.no_grad()
def with_symbol(model: Diffusion) -> Diffusion:
    """Return a copy of a diffusion that has one class more, its last; the row of “no label” stays behind it."""
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    rows = weights[LABEL_ROWS]
    weights[LABEL_ROWS] = torch.cat([rows[:-1], rows[:-1].mean(0, keepdim=True), rows[-1:]])
    found = like(model)
    found.load_state_dict(weights)
    return found.eval()


def like(model: Diffusion) -> Diffusion:
    """Return an untrained diffusion of the shape of a model, with one class more."""
    channels = [block.conv2.out_channels for block in model.network.down if isinstance(block, ResBlock)]
    width = model.network.label.embedding_dim
    return Diffusion(channels, model.classes + 1, width, model.schedule.kind, model.schedule.total)
