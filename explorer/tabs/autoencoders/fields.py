"""Fields of the modes of the autoencoders, and the parameters of their server functions."""

from typing import Annotated

from explorer import data
from explorer.fields import Field, OneOf, Points, Real, Reals, Whole
from explorer.measures.autoencoder import PRIORS
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import SET

OF_TWO = ("autoencoder", "denoising-autoencoder", "contractive-autoencoder")
SPARSE = "sparse-autoencoder"
KINDS = dict(zip((*OF_TWO, SPARSE), ("plain", "denoising", "contractive", "sparse")))
CONTRACTED = ("autoencoder", "contractive-autoencoder")  # side by side
MAP_NETS = with_further(*(f"{family}-{dataset}" for dataset in data.CLASSES for family in OF_TWO))
SPARSE_NETS = with_further(*(f"{SPARSE}-{dataset}" for dataset in data.CLASSES))
PLANE_NETS = with_further(*(f"denoising-autoencoder-{points}" for points in ("moons", "rings", "eight-gaussians")))
IMAGE_NETS = (*MAP_NETS, *SPARSE_NETS)
REACH = 400  # largest coordinate of a code in a request
ACTIVE = 25  # active units of an image
MOST = 3  # largest factor on a unit's activation
WIDTHS = 5  # noise widths in the plane
VIEW = 3  # half the side of the displayed square
ELLIPSES = 120  # test images with displayed Jacobians

SIZES_NET = "autoencoder-sizes-mnist"
SIZES = ("2", "8", "32", "64")

PRIOR = Field("prior", OneOf(PRIORS), "standard", "what codes are drawn from")
NOISE = Field("noise", Real(0, 1), 0.5, "the width of the noise")
WHERE = Field("where", OneOf(("plane", "images")), "plane", "where the denoising residual is shown")
SIGMA = Field("sigma", Whole(0, WIDTHS - 1), 1, "the width of the noise in the plane")
EXACT = Field("exact", OneOf(("noised", "clean")), "noised", "the score beside the denoising residual")
DROPS = Field("drops", Points(12, VIEW, "a dropped point"), (), "the dropped points")
UNIT = Field("unit", Whole(0, ACTIVE - 1), 0, "the unit that is looked at")
GAINS = Field(
    "gains", Reals((("a unit's factor", 0, MOST),) * ACTIVE), (1,) * ACTIVE, "what each unit is multiplied by"
)
LATENTS = Field("latents", OneOf(SIZES), "2", "the size of the code")

FIELDS = (
    Field("z", Reals((("z₁", -REACH, REACH), ("z₂", -REACH, REACH))), (0, 0), "the place on the map"),
    PRIOR,
    WHERE,
    SIGMA,
    EXACT,
    DROPS,
    NOISE,
    Field("mark", Whole(0, ELLIPSES - 1), 42, "the marked test image"),
    UNIT,
    GAINS,
    LATENTS,
    SET,
)

MapNet = Annotated[str, Field("net", Nets(MAP_NETS), title="the network with two numbers")]
SparseNet = Annotated[str, Field("net", Nets(SPARSE_NETS), title="the sparse autoencoder")]
PlaneNet = Annotated[str, Field("net", Nets(PLANE_NETS), title="the network of points")]
Sigma = Annotated[int, SIGMA]
Exact = Annotated[str, EXACT]
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
Unit = Annotated[int, UNIT]
Gains = Annotated[tuple[float, ...], GAINS]
Prior = Annotated[str, PRIOR]
Noise = Annotated[float, NOISE]
Latents = Annotated[str, LATENTS]
