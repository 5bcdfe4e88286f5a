r"""A coupling flow of coarse images, with the transformers and the affine maps of a TarFlow.

Patches lie on a checkerboard. A coupling transforms the patches of one colour by functions of the others, and the
colours alternate:

$$ y_A = x_A, \qquad y_{B,i} = \left(x_{B,i} - \mu_i(x_A)\right) \odot \exp\left(-\alpha_i(x_A)\right) $$

Since A is unchanged, the inverse needs one pass, as the forward direction does. A patch of B depends on no other patch
of B within the same coupling. The transformer is that of `tarflow.Conditioner`: its attention is not causal, and the
patches to be transformed read zeros. So both flows have the same parameters, and differ only in what a patch may see.

Reference: Dinh et al., Density Estimation using Real NVP, 2017, https://arxiv.org/abs/1605.08803
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from explorer.models.bijections import Affine
from explorer.models.flow import Coupling
from explorer.models.tarflow import Conditioner, Patches, PatchFlow
from explorer.spaces import COARSE


class PatchCoupling(Coupling):
    """Transform the patches of one colour of a checkerboard, given the others.

    Arguments:
        patches: The sequence of all patches.
        colour: 0 or 1.
        width, layers, heads: Those of the transformer.
    """

    bent = 1.0
    moved: Tensor

    def __init__(self, patches: Patches, colour: int, width: int, layers: int, heads: int):
        super().__init__()
        self.patches = patches
        board = torch.arange(patches.rows).unsqueeze(1) + torch.arange(patches.columns)
        self.register_buffer("moved", (board.flatten() % 2 == colour).nonzero()[:, 0], persistent=False)
        self.conditioner = Conditioner(patches, width, layers, heads, causal=False)

    def part(self, x: Tensor) -> Tensor:
        return self.patches.split(x)[:, self.moved]

    def put(self, x: Tensor, bent: Tensor) -> Tensor:
        return self.patches.join(self.patches.split(x).index_copy(1, self.moved, bent))

    def curve(self, x: Tensor, label: Tensor | None = None) -> Affine:
        read = self.patches.split(x).index_fill(1, self.moved, 0.0)
        every = self.conditioner.curve(read)
        return Affine(every.shift[:, self.moved], every.log_scale[:, self.moved])


class PatchCouplingFlow(PatchFlow):
    """Flow of affine couplings, which transform both colours of the checkerboard in turn.

    Arguments:
        blocks: Number of couplings.
        width, layers, heads: Those of the transformer of each.
        patch: Side of a patch.
        shape: Rows and columns of an image.
    """

    title = "Coupling flow"

    def __init__(
        self,
        blocks: int = 4,
        width: int = 64,
        layers: int = 1,
        heads: int = 4,
        patch: int = 2,
        shape: Sequence[int] = COARSE.shape[1:],
    ):
        patches = Patches(shape, patch)
        super().__init__([PatchCoupling(patches, t % 2, width, layers, heads) for t in range(blocks)])
