"""Networks of the tab of words: what draws, in which codes, and what reads a picture back."""

from explorer.fields import Field, OneOf
from explorer.measures.words import SCENE_JUDGE
from explorer.networks import checkpoints

DRAWER = "words-diffusion"
ORDERED, PARALLEL = "words-tokens", "words-masked"
SCENE_CODES, SCENE_ENTRIES = "autoencoder-scenes", "vqvae-scenes"
WORDS_NETS = {
    DRAWER: "Diffusion from words",
    SCENE_CODES: "Autoencoder of scenes",
    SCENE_ENTRIES: "VQ-VAE of scenes",
    SCENE_JUDGE: "The judge",
}
"""Every network that the tab needs, with its title."""
OTHER_DRAWERS = {ORDERED: "Tokens in order", PARALLEL: "Tokens in parallel"}
"""Networks that draw in other ways, with their titles; the tab opens without them, and says so."""
WORDS_UNTRAINED = "This network is not trained yet. Its recipe lies in recipes/."
NET = Field("net", OneOf((DRAWER,)), DRAWER, "the network")


def known_nets() -> dict[str, str]:
    """Return the networks of the tab with their titles: those that belong to it, and the others that are here."""
    return WORDS_NETS | {
        net: title for net, title in OTHER_DRAWERS.items() if net == ORDERED or checkpoints.exists(net)
    }
