"""Networks that draw the tokens of scenes given words: a transformer over the 144 tokens of a VQ-VAE."""

import torch
from torch import Tensor, nn

from explorer.models.scene_vqvae import SCENE_TOKENS, SceneVQVAE
from explorer.models.words import Keys, WordsDrawer, WordsTransformer


class TokensDrawer(WordsDrawer[SceneVQVAE]):
    """Transformer over the tokens of scenes; a subclass says which symbols it reads at each place.

    Arguments:
        vqvae: Name of the network whose tokens it draws.
        codes: K, the size of its codebook; the subclass gives symbol K its meaning.
        tokens: Number of tokens of a scene.
        width, heads, blocks: Size of the transformer.
    """

    causal = False
    """True if a place sees only the places up to itself."""

    def __init__(
        self,
        vqvae: str = "vqvae-scenes",
        codes: int = 512,
        tokens: int = SCENE_TOKENS,
        width: int = 176,
        heads: int = 4,
        blocks: int = 6,
    ):
        super().__init__()
        self.draws_in, self.codes, self.tokens, self.heads = vqvae, codes, tokens, heads
        self.token = nn.Embedding(codes + 1, width)
        self.places = nn.Parameter(0.02 * torch.randn(tokens, width))
        self.trunk = WordsTransformer(width, heads, blocks, causal=self.causal)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, codes)
        nn.init.normal_(self.token.weight, std=0.02)
        nn.init.zeros_(self.head.weight)

    def read_symbols(self, symbols: Tensor, prompt: list[Keys]) -> Tensor:
        """Logits at every place, given the symbols there (B, n) and the words of `trunk.read`: (B, n, K)."""
        return self.head(self.norm(self.trunk(self.token(symbols) + self.places, prompt))).float()
