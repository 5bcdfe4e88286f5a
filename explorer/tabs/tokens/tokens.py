"""Server functions of the tokens: an image's tokens, the codebook, one image's gradients, and a race."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.measures.quality import over_floor
from explorer.models import pixelrnn
from explorer.models.pixelrnn import RowLSTM
from explorer.models.prior import Cache, TokenPrior
from explorer.models.raster import RasterModel
from explorer.models.vqvae import PATCH, TOKENS, VQVAE, Codebook
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.images import SIDE
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy, light, timed
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of, takes
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import Parts, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer
from explorer.tabs.kit.numbers.figures import nll
from explorer.tabs.kit.numbers.words import num
from explorer.tabs.tokens import answers
from explorer.tabs.tokens.fields import MOST_CODES, STEP, TOKEN_NETS, Swaps, Token, TokenNet

DRAWN = 16
AROUND = PATCH  # pixels of context around a code's patch in its picture
READ = 500  # bundled images
STEPS = 41  # lengths of a gradient step
Found = dict[str, Any]
ALL = len(answers.WAYS)


def network_input(model: VQVAE, picture: Picture) -> Tensor:
    """Return a picture as the network's input: (1, 1, 28, 28)."""
    return data.read(picture, model.space).to(device_of(model))


def swap_tokens(tokens: Tensor, swaps: tuple[int, ...], codes: int) -> Tensor:
    """Return tokens (1, 49) with some of them exchanged.

    Raises:
        ValueError: if the codebook has no such code.
    """
    found = tokens.clone()
    for place, code in (divmod(each, MOST_CODES) for each in swaps):
        if code >= codes:
            raise ValueError(f"this codebook has {codes} codes, numbered from 0")
        found[0, place] = code
    return found


@light
def look(net: TokenNet, picture: Picture, swaps: Swaps, token: Token) -> Answer:
    """Return an image's tokens, some of them exchanged, and describe one of them."""
    found = tokenise(net, picture, swaps)
    return shown_tokens(found) | answers.token_answer(
        found, token, checkpoints.card_of(net).get("use"), found["changed"]
    )


@light
def surprise(net: TokenNet, picture: Picture, token: Token) -> Answer:
    """Return an image's tokens, and describe what each of them costs."""
    found = tokenise(net, picture, ())
    return shown_tokens(found) | answers.surprising(found, token)


def shown_tokens(found: Found) -> Answer:
    """Return an image's tokens without what is said of them."""
    view = {key: each for key, each in found.items() if key != "x"}
    return Answer(charts=[], strips=[], pictures={"x": found["x"]}, view=view)


def tokenise(net: str, picture: Picture, swaps: tuple[int, ...]) -> Found:
    """Return an image's tokens, some of them exchanged, with the decoded image and both terms of the bound.

    `expected` is the code with the highest prior probability at each position, given the tokens before it.
    """
    model: VQVAE = checkpoints.load(net)
    with torch.no_grad():
        x = network_input(model, picture)
        before = model.encode(x)
        tokens = swap_tokens(before, swaps, len(model.codebook.entries))
        both = torch.cat([before, tokens])
        means, rates = model.decode(both).mean, model.rate(both)
        log_probs = model.prior(tokens).log_softmax(-1)[0]
        levels = (255 * means).round()
        return {
            "p": model.space.encode(means),
            "x": model.space.encode(x),
            "changed": int(((levels[0] - levels[1]).abs() > answers.VISIBLE).sum()),
            "before": before[0].tolist(),
            "tokens": tokens[0].tolist(),
            "surprise": round_numbers(-log_probs.gather(-1, tokens[0].unsqueeze(-1))[:, 0]),
            "expected": log_probs.argmax(-1).tolist(),
            "rates": round_numbers(rates),
            "distortions": round_numbers(model.distortion(x.expand_as(means), both)),
            "exact": exact(net, x),
        }


def exact(net: str, x: Tensor) -> float | None:
    """Return the exact log p(x) of the same pixels by the data set's PixelCNN; None if there is none.

    Shapes: `x` (1, 1, 28, 28). The result is in nats.
    """
    name = rival_of(net)
    if not checkpoints.exists(name):
        return None
    rival: RasterModel = checkpoints.load(name)
    return float(rival.log_prob(x.to(device_of(rival))))


def rival_of(net: str) -> str:
    """Return the name of the PixelCNN, which draws the same images pixel by pixel."""
    return net.replace("vqvae", "pixelcnn")


def recurrent_of(net: str) -> str:
    """Return the name of the PixelRNN, which draws the same images pixel by pixel with the state of the row above."""
    return net.replace("vqvae", "pixelrnn")


@heavy
def codebook(net: TokenNet) -> Answer:
    """Return a picture of every code: the mean over bundled test images of the patch at its tokens, with context.

    Shapes: `pictures` (codes, side, side), black if no image has such a token.
    """
    model: VQVAE = checkpoints.load(net)
    codes = len(model.codebook.entries)
    dataset, side = dataset_of(net), PATCH + 2 * AROUND
    with torch.no_grad():
        x = data.binary_display_images(dataset) if model.space == BINARY else data.display_split(dataset).pixels()
        x = x[:READ].to(device_of(model))
        tokens = model.encode(x)
        around = F.unfold(F.pad(x, [AROUND] * 4), side, stride=PATCH).transpose(1, 2).flatten(0, 1)
        sums = torch.zeros(codes, side**2).to(around).index_add_(0, tokens.flatten(), around)
        counts = tokens.flatten().bincount(minlength=codes)
    pictures = to_bytes(sums / counts.clamp(min=1).unsqueeze(-1))
    return Answer(view={"pictures": pictures, "codes": codes, "side": side})


@heavy
def through(net: TokenNet, picture: Picture) -> Answer:
    """Return the losses of one image, its gradients, and the outcome of gradient steps.

    A step of every z_e along −g, the gradient at the decoder's input, promises a decrease of length · ‖g‖² nats. The
    answer compares the loss of decoding z_q − length · g, and of decoding the entries nearest to z_e − length · g.
    """
    model: VQVAE = checkpoints.load(net)
    weight = model.commitment
    with torch.enable_grad():
        x = network_input(model, picture)
        z_e = model.z_e(x).detach().requires_grad_()
        tokens = model.codebook.nearest(z_e)
        entries = model.codebook.entries[tokens]
        z_q = (z_e + (entries - z_e).detach()).requires_grad_()
        z_q.retain_grad()
        distortion = -model.pixels(z_q).log_prob(x).sum()
        distance = (z_e - entries).square().sum(-1)
        (at_encoder,) = torch.autograd.grad(distortion, z_e, retain_graph=True)
        (at_decoder,) = torch.autograd.grad(distortion, z_q)
        (held,) = torch.autograd.grad(weight * distance.sum(), z_e)
    with torch.no_grad():
        promised = torch.linspace(0, STEP, STEPS, device=x.device)
        moved = (promised / at_decoder.square().sum())[:, None, None] * at_decoder
        again = model.codebook.nearest(z_e - moved)
        images = x.expand(STEPS, *x.shape[1:])
        free = -model.pixels(entries - moved).log_prob(images).flatten(1).sum(-1)
        found = {
            "distortion": float(distortion),
            "squares": float(distance.sum()),
            "weight": weight,
            "at_decoder": round_numbers(at_decoder[0].norm(dim=-1)),
            "at_encoder": round_numbers(at_encoder[0].norm(dim=-1)),
            "apart": float((at_decoder - at_encoder).abs().max()),
            "held": round_numbers(held[0].norm(dim=-1)),
            "promised": round_numbers(promised),
            "free": round_numbers(free - distortion),
            "chosen": round_numbers(model.distortion(images, again) - distortion),
            "moved": (again != tokens).sum(-1).tolist(),
        }
        image = model.space.encode(model.decode(tokens).mean)
        norms = [large(found[name]) for name in ("at_decoder", "at_encoder")]
        grid = {"images": [image, *norms], "captions": [*answers.GRADIENTS], "given": 1}
        pictures = {"x": model.space.encode(x), "out": image}
        return Answer(grids=[grid], pictures=pictures, view=found) | answers.steps(found)


def large(norms: Sequence[float]) -> str:
    """Return numbers of the tokens as an image of squares, the largest white."""
    square = torch.tensor(norms).view(1, 1, answers.GRID, answers.GRID)
    return to_bytes(F.interpolate(square / square.max().clamp(min=1e-12), scale_factor=PATCH, mode="nearest"))


@timed
def race(net: TokenNet, seed: Seed, parts: Parts = ALL) -> Answer:
    """Time drawing sixteen images on this server: pixel by pixel with a cache, and token by token.

    The pixels are those of the PixelCNN, and of the PixelRNN if there is one of the data set. The tokens are drawn
    first; with fewer `parts` than ways to draw, the others are still to come.
    """
    nets = {"pixels": rival_of(net), "rows": recurrent_of(net), "tokens": net}
    ways = [way for way, name in nets.items() if checkpoints.exists(name)]
    there = {way: draw_images(nets[way], seed) for way in [*ways[-1:], *ways[:-1]][:parts]}
    found = {way: there[way] for way in ways if way in there}
    waits = {"images": to_bytes(torch.zeros(DRAWN, 1, SIDE, SIDE)), "words": "not drawn yet"}
    images = {
        way: {
            "images": each["images"],
            "words": "sixteen images",
            "title": f"{answers.IN_TURN[way]}: {num(each['seconds'], 1)} s for sixteen",
        }
        for way, each in found.items()
    }
    shown = [images.get(way, waits) if way in ways else None for way in nets]
    pictures = {"out": there[ways[-1]]["first"]} if there else {}
    grids = Answer(charts=[], strips=[], grids=shown, pictures=pictures)
    if len(found) < len(ways):
        return grids | Answer(more=True) | answers.racing(len(found), len(ways))
    return grids | answers.race_answer(found, {way: card_figures(nets[way]) for way in found})


@lru_cache(maxsize=16)
def draw_images(net: str, seed: int) -> Found:
    """Draw sixteen images by one network; return them with the seconds, the steps and the threads that it took."""
    model = checkpoints.load(net)
    start = time.perf_counter()
    x = model.sample(DRAWN, generator=rng(seed)).cpu()
    seconds = time.perf_counter() - start
    steps = TOKENS if isinstance(model, VQVAE) else model.space.dim
    images = {"images": to_bytes(x), "first": to_bytes(x[:1])}
    return images | {"seconds": seconds, "steps": steps, "threads": torch.get_num_threads()}


def card_figures(net: str) -> answers.Reached:
    """Return what a card says of a network's likelihood and of its samples."""
    card = checkpoints.card_of(net)
    judged = card.get("quality", {}).get("rows", [])
    ratios = over_floor(card, judged[0]["pixels"]) if judged else []
    return answers.Reached(nll(card, checkpoints.load(net).space) if card else None, fmean(ratios) if ratios else None)


FUNCTIONS = [look, surprise, codebook, through, race]
MODES = {"tokens": "Tokens", "straight": "Straight through", "slow": "Why slow", "surprise": "Surprise"}
CODE = {
    "Tokens": [look.plain, tokenise, VQVAE.encode, VQVAE.decode, Codebook.nearest],
    "The codebook, as it was learnt": [VQVAE.codes_loss, Codebook.follow],
    "Straight through": [through.plain],
    "Why slow": [race.plain, VQVAE.token_steps, Cache.logits, RowLSTM.forward, pixelrnn.Cache.features],
    "Surprise": [surprise.plain, TokenPrior.forward, VQVAE.rate, VQVAE.distortion],
}
TEST = {"draw": None, "source": None}
DIGITS = {**TEST, "net": "vqvae-mnist", "set": None}
CLOTHES = {**TEST, "net": "vqvae-fashion-mnist", "set": None}
TRIES = {
    "tokens": [
        ("One token becomes another", {**DIGITS, "img": 8, "swaps": [24 * 64 + 3], "token": 24}),
        ("A digit for the tokens of clothes", {**CLOTHES, "img": 8, "set": "mnist", "swaps": [], "token": 24}),
    ],
    "straight": [
        ("A small step", {**DIGITS, "img": 8, "promise": 2}),
        ("A large step", {**DIGITS, "img": 8, "promise": 20}),
        ("No step", {**DIGITS, "img": 8, "promise": 0}),
    ],
    "slow": [
        ("Clothes of 256 levels", {"net": "vqvae-fashion-mnist", "seed": 7}),
    ],
    "surprise": [
        ("A shoe for the prior of digits", {**DIGITS, "img": 4, "set": "fashion-mnist", "token": 24}),
        ("Clothes", {**CLOTHES, "img": 4, "token": 24}),
    ],
}


def facts(net: str, card: Card) -> Mapping[str, Any]:
    """Return the additional data of a network of tokens: the use of its codes."""
    if not takes(TOKEN_NETS, net):
        return {}
    return {"use": parts.brief(card.get("use"))}
