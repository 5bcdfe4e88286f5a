"""The paper that introduced each family of the map: its authors, its year as in `docs/papers.md`, its address."""

from typing import NamedTuple


class Origin(NamedTuple):
    """A paper."""

    authors: str
    year: int
    paper: str


ORIGINS = {
    "rbm": Origin("Smolensky", 1986, "https://stanford.edu/~jlmcc/papers/PDP/Volume%201/Chap6_PDP86.pdf"),
    "vae": Origin("Kingma & Welling", 2014, "https://arxiv.org/abs/1312.6114"),
    "gan": Origin("Goodfellow et al.", 2014, "https://arxiv.org/abs/1406.2661"),
    "made": Origin("Germain et al.", 2015, "https://arxiv.org/abs/1502.03509"),
    "flow": Origin("Dinh et al.", 2015, "https://arxiv.org/abs/1410.8516"),
    "pixelcnn": Origin("van den Oord et al.", 2016, "https://arxiv.org/abs/1606.05328"),
    "pixelrnn": Origin("van den Oord et al.", 2016, "https://arxiv.org/abs/1601.06759"),
    "beta-vae": Origin("Higgins et al.", 2017, "https://openreview.net/forum?id=Sy2fzU9gl"),
    "vqvae": Origin("van den Oord et al.", 2017, "https://arxiv.org/abs/1711.00937"),
    "stylegan": Origin("Karras et al.", 2019, "https://arxiv.org/abs/1812.04948"),
    "ebm": Origin("Du & Mordatch", 2019, "https://arxiv.org/abs/1903.08689"),
    "energy": Origin("Du & Mordatch", 2019, "https://arxiv.org/abs/1903.08689"),
    "diffusion": Origin("Ho et al.", 2020, "https://arxiv.org/abs/2006.11239"),
    "d3pm": Origin("Austin et al.", 2021, "https://arxiv.org/abs/2107.03006"),
    "uniform-d3pm": Origin("Hoogeboom et al.", 2021, "https://arxiv.org/abs/2102.05379"),
    "consistency": Origin("Luhman & Luhman", 2021, "https://arxiv.org/abs/2101.02388"),
    "latent-diffusion": Origin("Rombach et al.", 2022, "https://arxiv.org/abs/2112.10752"),
    "flow-matching": Origin("Lipman et al.", 2023, "https://arxiv.org/abs/2210.02747"),
}
"""Papers by family; the network of a family may follow a later one."""
