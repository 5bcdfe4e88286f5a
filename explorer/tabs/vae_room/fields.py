"""Fields of the tab of the VAE with many latents: those of its own modes, and parameters of server functions."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Whole
from explorer.tabs.kit.ask.nets import Nets, with_further

NETS = with_further("vae-mnist", "vae-fashion-mnist")
RUNS, SHAPES = "vae-runs", "vae-shapes"
LATENTS, SHAPE_LATENTS = 32, 10
REACH = 3.0  # largest value of a moved latent, in standard deviations of the prior
COLLAPSE = ("reach-1", "reach-3", "reach-5", "reach-7", "reach-11", "reach-11-free")
OBJECTIVES = ("plain", "annealed", "free", "beta-0.5", "beta-2", "beta-4")

RANK = Field("rank", Whole(0, LATENTS - 1), 0, "the latent", "By its mean KL, the largest first")
BETAS = ("0.5", "1", "2", "4", "8", "16")
BETA = Field("beta", OneOf(BETAS), "1", "β")
REACHED = Field("reach", OneOf(COLLAPSE), "reach-7", "the decoder")
RUN = Field("run", OneOf(OBJECTIVES), "plain", "the run")
KNOWN = Field(
    "known",
    Whole(0, SHAPE_LATENTS - 1),
    0,
    "the latent",
    "By its total information about the factors, the largest first",
)
FIELDS = (
    RANK,
    Field("z", Real(-REACH, REACH), None, "where the latent is moved to"),  # None is the encoder's value
    Field("path", OneOf(("straight", "spherical")), "straight", "the path"),
    REACHED,
    RUN,
    BETA,
    KNOWN,
)

VaeNet = Annotated[str, Field("net", Nets(NETS), title="the network")]
Rank = Annotated[int, RANK]
Reach = Annotated[str, REACHED]
Objective = Annotated[str, RUN]
Known = Annotated[int, KNOWN]
Beta = Annotated[str, BETA]
