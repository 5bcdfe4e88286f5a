"""Networks of the tab of words: what draws, in which codes, and what reads a picture back."""

from typing import Annotated

from explorer.fields import Field, OneOf
from explorer.measures.words import SCENE_JUDGE

DRAWER = "words-diffusion"
SCENE_CODES, SCENE_ENTRIES = "autoencoder-scenes", "vqvae-scenes"
WORDS_NETS = {
    DRAWER: "Diffusion from words",
    SCENE_CODES: "Autoencoder of scenes",
    SCENE_ENTRIES: "VQ-VAE of scenes",
    SCENE_JUDGE: "The judge",
}
"""Every network of the tab, with its title."""
NET = Field("net", OneOf((DRAWER,)), DRAWER, "the network")
WordsNet = Annotated[str, NET]
