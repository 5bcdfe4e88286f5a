"""*Codes*: what 12×12 codes keep of a scene, what one of them changes, and what a step of the network costs in them."""

import statistics
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, NamedTuple

import torch
from torch import Tensor

from explorer.data import SCENES
from explorer.data.captions import CAPTION_LENGTH
from explorer.fields import Field, OneOf, Real, Whole
from explorer.measures.compare import one_thread
from explorer.measures.scene_codes import errors
from explorer.models.scene_autoencoder import LATENT_SIDE, SceneAutoencoder
from explorer.models.scene_vqvae import SCENE_TOKENS, SceneVQVAE
from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, percent, place_of
from explorer.running.device import device_of
from explorer.spaces import COLOUR
from explorer.spaces.colour import COLOUR_LEVELS, COLOUR_SIDE
from explorer.tabs.kit.ask.answers import heavy, timed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.shared import EXAMPLE, Example, drawer

CODECS = {"tokens": "vqvae-scenes", "latents": "autoencoder-scenes"}
MOST_TOKENS = 512
CODEC = Field("codec", OneOf(tuple(CODECS)), "tokens", "which codes are changed")
PLACE = Field("place", Whole(0, SCENE_TOKENS - 1), 38, "the place of the code")
FAR = Field("far", Whole(0, MOST_TOKENS - 1), 200, "how many entries of the codebook are nearer")
CHANNEL = Field("channel", OneOf((0, 1, 2, 3)), 0, "the channel of the latent")
SHIFT = Field("shift", Real(-4, 4), 3.0, "the shift of the latent, in standard deviations")
Codec = Annotated[str, CODEC]
Place = Annotated[int, PLACE]
Far = Annotated[int, FAR]
Channel = Annotated[int, CHANNEL]
Shift = Annotated[float, SHIFT]
CHANGED_BY = 0.1  # of the range: a pixel that differs by more has changed
CODE_RUNS, CODE_STEPS = 5, 20  # timed runs, and steps of a drawing
PIXEL_PATCH = 2  # pixels on a side, as many as latents
BITS_OF_SCENE = 8 * 3 * COLOUR_SIDE**2
LEVELS = Figure("mean error of the tokens", unit="of 255 levels")
LATENT_LEVELS = Figure("mean error of the latents", unit="of 255 levels")
CHANGED = Figure("pixels that change")
REACH = Figure("farthest of them from the code's patch", unit="pixels", digits=0)
SMALLER = Figure("the tokens' size", unit="of the pixels' bits")
HEADS = (FINDING, LEVELS, LATENT_LEVELS, CHANGED, REACH, SMALLER)
IN_CODES = Figure("one step in codes", unit="ms", digits=1)
IN_PIXELS = Figure("one step in pixels", unit="ms", digits=1)
DECODER = Figure("decoding, once", unit="ms", digits=1)


class Coded(NamedTuple):
    """A test scene with its codes.

    Shapes: `x` (1, 3, 48, 48) in [0, 1], `tokens` (1, 144), `latents` (1, C, 12, 12).
    """

    x: Tensor
    tokens: Tensor
    latents: Tensor


@lru_cache(maxsize=64)
def coded(scene: int) -> Coded:
    """Return a scene of the test split as pixels and as both kinds of codes."""
    vqvae, autoencoder = codecs()
    x = SCENES.load("test")[scene : scene + 1].pixels()
    with torch.no_grad():
        return Coded(x, vqvae.encode(x.to(device_of(vqvae))), autoencoder.encode(x.to(device_of(autoencoder))))


def codecs() -> tuple[SceneVQVAE, SceneAutoencoder]:
    """Return both autoencoders of scenes."""
    vqvae, autoencoder = (checkpoints.load(name) for name in CODECS.values())
    assert isinstance(vqvae, SceneVQVAE) and isinstance(autoencoder, SceneAutoencoder)
    return vqvae, autoencoder


def nearest_entries(vqvae: SceneVQVAE, token: int) -> Tensor:
    """Return all entries of the codebook by their distance from one of them, which comes first: (K,)."""
    entries = vqvae.codebook.entries
    return (entries - entries[token]).square().sum(-1).argsort(stable=True)


def decoded(found: Coded, codec: str, place: int, far: int, channel: int, shift: float) -> tuple[Tensor, str]:
    """Decode a scene with one code changed; return it (1, 3, 48, 48) and what the code is now.

    Arguments:
        far: Rank of the new entry among all, by its distance from the token's own; 0 changes nothing.
        channel, shift: Number of the latent at this place, and what is added to it, in standard deviations.
    """
    vqvae, autoencoder = codecs()
    if codec == "tokens":
        tokens, own = found.tokens.clone(), int(found.tokens[0, place])
        tokens[0, place] = new = int(nearest_entries(vqvae, own)[min(far, len(vqvae.codebook.entries) - 1)])
        return vqvae.decode(tokens), f"entry {own}" if new == own else f"entry {new} in place of {own}"
    latents, (row, column) = found.latents.clone(), divmod(place, LATENT_SIDE)
    latents[0, channel, row, column] += shift
    values = ", ".join(num(float(value), 1) for value in latents[0, :, row, column])
    return autoencoder.decode(latents), f"({values})"


def changes(before: Tensor, after: Tensor, place: int) -> tuple[float, int]:
    """Return the share of pixels that change, and how far the farthest lies from the code's patch of 4×4 pixels.

    Shapes: both pictures (1, 3, 48, 48).
    """
    changed = ((before - after).abs().amax(1)[0] > CHANGED_BY).nonzero()
    side = COLOUR_SIDE // LATENT_SIDE
    start = torch.tensor(divmod(place, LATENT_SIDE)) * side
    outside = torch.maximum(start - changed, changed - (start + side - 1)).clamp(min=0)
    return len(changed) / COLOUR_SIDE**2, int(outside.amax()) if len(changed) else 0


@heavy
def scene_codes(example: Example, codec: Codec, place: Place, far: Far, channel: Channel, shift: Shift) -> Answer:
    """Return a test scene, its reconstructions from tokens and from latents, and the effect of one changed code."""
    found, (vqvae, autoencoder) = coded(example), codecs()
    with torch.no_grad():
        tokens, latents = vqvae.decode(found.tokens).cpu(), autoencoder.decode(found.latents).cpu()
        changed, now = decoded(found, codec, place, far, channel, shift)
    before = tokens if codec == "tokens" else latents
    share, reach = changes(before, changed.cpu(), place)
    is_changed = bool(far) if codec == "tokens" else shift != 0
    most = COLOUR_LEVELS - 1
    by_tokens, by_latents = (most * float((each - found.x).abs().mean()) for each in (tokens, latents))
    bits = SCENE_TOKENS * (len(vqvae.codebook.entries) - 1).bit_length()
    numbers = [
        FINDING.of(finding(codec, share if is_changed else None, by_tokens, by_latents)),
        LEVELS.of(by_tokens),
        LATENT_LEVELS.of(by_latents),
        CHANGED.of(percent(share, 1) if is_changed else "none"),
        REACH.of(reach if is_changed else None),
        SMALLER.of(percent(bits / BITS_OF_SCENE, 1)),
    ]
    images = torch.cat([found.x, tokens, latents, changed.cpu()])
    return Answer(
        numbers,
        f"The code in {place_of(place, LATENT_SIDE)} is {now}. {told(codec, share, reach, is_changed)}",
        Table([{"place": place, "codec": codec, "pixels changed": share, "reach, pixels": reach}]),
        view={"images": COLOUR.encode(images), "caption": str(SCENES.load("test").layout(example).caption)},
    )


def finding(codec: str, share: float | None, by_tokens: float, by_latents: float) -> str:
    """Return the headline: the share of pixels that one code changes, or the error of the reconstruction."""
    if share is not None:
        return f"This {'token' if codec == 'tokens' else 'number'} changes {percent(share, 1)} of the pixels."
    named, error = ("Tokens", by_tokens) if codec == "tokens" else ("Latents", by_latents)
    return f"{named} rebuild this scene with a mean error of {num(error, 1)} levels."


def told(codec: str, share: float, reach: int, is_changed: bool) -> str:
    """Return the sentence about a change."""
    if not is_changed:
        return "Drag the slider to change it." if codec == "tokens" else "Drag the shift to change one of its numbers."
    if not share:
        return "No pixel changes by more than a tenth of the range."
    where = f"up to {reach} pixels outside its own 4×4" if reach else "all inside its own 4×4"
    return f"The changed pixels lie {where}: the decoder's convolutions overlap."


@timed
def code_costs() -> Answer:
    """Time one step of the network for one picture on this server: on patches of codes, and on patches of pixels.

    Both are the same transformer with the same weights, on patches of 2×2. A picture has 36 patches of codes and 576 of
    pixels. Stem and head are left out. On a CPU the time is that of one thread.
    """
    model = drawer()
    positions = {"codes": model.side**2, "pixels": (COLOUR_SIDE // PIXEL_PATCH) ** 2}
    steps = {name: median_ms(step_of(model, count)) for name, count in positions.items()}
    z = torch.zeros(1, model.latents, LATENT_SIDE, LATENT_SIDE, device=device_of(model))
    decoder = median_ms(lambda: model.codec.decode(z))
    drawn = CODE_STEPS * steps["codes"] + decoder
    slower = num(CODE_STEPS * steps["pixels"] / drawn, 0)
    most = max(steps.values())
    rows = [
        {"title": name, "share": steps[name] / most, "text": f"{num(steps[name], 1)} ms", "says": f"{count} patches"}
        for name, count in positions.items()
    ]
    return Answer(
        [IN_CODES.of(steps["codes"]), IN_PIXELS.of(steps["pixels"]), DECODER.of(decoder)],
        f"A drawing in {CODE_STEPS} steps takes {slower} times as long in pixels as in codes, decoder included.",
        bars={"name": "One step of the network, time on this server", "rows": rows},
    )


def step_of(model: WordsDiffusion, positions: int) -> Callable[[], Tensor]:
    """Return one evaluation of the network's transformer for one picture with so many positions."""
    width = model.width
    h = torch.zeros(1, positions, width, device=device_of(model))
    prompt = model.trunk.read(torch.ones(1, CAPTION_LENGTH, dtype=torch.long, device=device_of(model)))
    modulations = [tuple(each.view(-1, 1, 1, width).unbind(0)) for each in model.tables]
    return lambda: model.trunk(h, prompt, modulations=modulations)


@torch.no_grad()
def median_ms(work: Callable[[], Tensor]) -> float:
    """Return the median time of some work in milliseconds; the first run warms up."""
    clock = time.thread_time if not torch.cuda.is_available() else time.perf_counter
    found = []
    with one_thread():
        for _ in range(CODE_RUNS + 1):
            start = clock()
            work().sum().item()
            found.append(1000 * (clock() - start))
    return statistics.median(found[1:])


OF_TOKENS, OF_LATENTS = {"codec": ["tokens"]}, {"codec": ["latents"]}
MODE = Mode(
    "codes",
    "Codes",
    "look",
    fields=[EXAMPLE, CODEC, PLACE, FAR, CHANNEL, SHIFT],
    functions=[scene_codes, code_costs],
    panel=Panel(
        scene_codes,
        controls=[
            [Control(CODEC, "segments", "Change", options={"tokens": "a token", "latents": "a latent"})],
            [Control(FAR, "slider", "New entry, by distance from the own", live=True, when=OF_TOKENS)],
            [
                Control(CHANNEL, "segments", "Channel", options={k: str(k + 1) for k in range(4)}, when=OF_LATENTS),
                Control(SHIFT, "slider", "Shift", step=0.1, digits=1, live=True, when=OF_LATENTS),
            ],
            [Control(EXAMPLE, "number", "Test scene")],
        ],
        tries=[
            ("No change", {"codec": "tokens", "far": 0}),
            ("A similar token", {"codec": "tokens", "far": 12}),
            ("A distant token", {"codec": "tokens", "far": 400}),
            ("One latent", {"codec": "latents", "channel": 0, "shift": 4.0}),
        ],
        shows=Shows("Tap a place of a reconstruction, then drag the slider", HEADS, module="words/codes"),
    ),
    code={
        "Codes": [SceneVQVAE.encode, SceneVQVAE.decode, SceneAutoencoder.encode, SceneAutoencoder.decode, errors],
    },
)
