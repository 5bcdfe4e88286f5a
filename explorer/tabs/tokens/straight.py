"""*Straight through*: a gradient step with the straight-through estimator."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F

from explorer.fields import Field, Real
from explorer.models.vqvae import PATCH, VQVAE
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.words import brief, num
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.tokens.shared import DIGITS, GRID, TOKEN_NETS, TokenNet, network_input

LARGEST_STEP = 20.0  # largest predicted decrease of a gradient step, in nats
PROMISE = Field("promise", Real(0, LARGEST_STEP), 5, "the predicted gain of the step, in nats")
NOTHING = 0.05  # nats
BESIDE = 3  # the class whose colour a curve has beside one in ink
GRADIENTS = ("its tokens, decoded", "gradient at the decoder's input", "the same, copied to the encoder")
GAIN = Figure("gain of this step, after re-quantising", unit="nats", digits=1)
PREDICTED = Figure("gain predicted by the gradient", unit="nats", digits=1)
GAIN_BEFORE = Figure("gain before re-quantising", unit="nats", digits=1)
COMMITMENT, CODEBOOK = Figure("commitment β‖z_e − e‖²"), Figure("codebook ‖z_e − e‖²")
APART = Figure("largest difference of the two gradients")
STRAIGHT_LENGTHS = 41  # lengths of a gradient step
HEADS = (GAIN, PREDICTED, GAIN_BEFORE, COMMITMENT, CODEBOOK, APART)


def step_answer(found: Mapping[str, Any]) -> Answer:
    """Describe steps down the gradient: predicted gain, gains before and after re-quantising, moved tokens."""
    promised, free, chosen, moved = (found[name] for name in ("promised", "free", "chosen", "moved"))
    held = found["weight"] * found["squares"]
    equal = "the two are equal" if found["apart"] == 0 else f"all but {brief(found['apart'])}"
    first = (
        f"This image costs {num(found['distortion'], 1)} nats, and its commitment {num(held)}. The gradient at the "
        f"decoder's input is copied to the encoder ({equal}), as if there were no quantisation in between."
    )

    def words(k: int) -> str:
        if k == 0:
            return f"{first} Drag the step."
        gone = "and nothing changes"
        if abs(chosen[k]) > NOTHING:
            gone = f"and {num(abs(chosen[k]), 1)} nats are {'gained' if chosen[k] < 0 else 'lost'}"
        tokens = "one token changes" if moved[k] == 1 else f"{moved[k] or 'no'} tokens change"
        return (
            f"The gradient predicts a gain of {num(promised[k], 1)} nats. After re-quantising, {tokens}, {gone}. "
            f"Without re-quantising the decoder would gain {num(-free[k], 1)}. {first}"
        )

    def numbers(k: int) -> list[Figure]:
        return [
            GAIN.of(-chosen[k]),
            PREDICTED.of(promised[k]),
            GAIN_BEFORE.of(-free[k]),
            COMMITMENT.of(held),
            CODEBOOK.of(found["squares"]),
            APART.of("0" if not found["apart"] else brief(found["apart"])),
        ]

    before, after = ([*zip(promised, (-each for each in lost), strict=True)] for lost in (free, chosen))
    last, gains = promised[-1], [gain for _, gain in (*before, *after)]
    chart = Chart(
        x=Axis(unit="nats of predicted gain", ends=[0, last], ticks=[0, last / 2, last]),
        y=Axis("gain of the step", "nats", note="below 0 a loss", ends=[min(*gains, -1), max(*gains, last)]),
        lines=[
            {"points": [(0, 0), (last, last)], "colour": "quiet", "dash": [5, 4], "label": "predicted", "at": 0}
            | {"points": [(last * k / 4, last * k / 4) for k in range(5)], "at": 3},
            {"points": before, "colour": "ink", "label": "before re-quantising", "below": True},
            {"points": after, "colour": BESIDE, "label": "after re-quantising"},
        ],
        words=f"predicted {num(last, 1)} at most",
    )
    parts = [Answer(numbers(k), words(k), charts=[{"cursor": value}]) for k, value in enumerate(promised)]
    table = [
        {
            "predicted gain, nats": promised[k],
            "before re-quantising, nats": free[k],
            "after re-quantising, nats": chosen[k],
            "tokens moved": moved[k],
        }
        for k in range(len(promised))
    ]
    return Answer(
        table=Table(table),
        charts=[chart],
        stops={"promise": [(value, round(2 * value) / 2) for value in promised]},
        strips=[],
        each=Each("promise", promised, parts),
    )


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
        promised = torch.linspace(0, LARGEST_STEP, STRAIGHT_LENGTHS, device=x.device)
        moved = (promised / at_decoder.square().sum())[:, None, None] * at_decoder
        again = model.codebook.nearest(z_e - moved)
        images = x.expand(STRAIGHT_LENGTHS, *x.shape[1:])
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
        norms = [squares(found[name]) for name in ("at_decoder", "at_encoder")]
        grid = {"images": [image, *norms], "captions": [*GRADIENTS], "given": 1}
        pictures = {"x": model.space.encode(x), "out": image}
        return Answer(grids=[grid], pictures=pictures, view=found) | step_answer(found)


def squares(norms: Sequence[float]) -> str:
    """Return numbers of the tokens as an image of squares, the largest white."""
    square = torch.tensor(norms).view(1, 1, GRID, GRID)
    return to_bytes(F.interpolate(square / square.max().clamp(min=1e-12), scale_factor=PATCH, mode="nearest"))


MODE = Mode(
    "straight",
    "Straight through",
    "understand",
    fields=[PROMISE],
    functions=[through],
    panel=Panel(
        through,
        controls=[[Control(PROMISE, "slider", "Predicted gain of the step, nats", step=0.5, digits=1)]],
        tries=[
            ("A small step", {**DIGITS, "img": 8, "promise": 2}),
            ("A large step", {**DIGITS, "img": 8, "promise": 20}),
            ("No step", {**DIGITS, "img": 8, "promise": 0}),
        ],
        shows=Shows(
            "Drag the step: what does the copied gradient gain?",
            HEADS,
            charts=[("What a step down the gradient changes, in nats", 270, "promise")],
            grids=[Grid("The image's tokens and the gradients", 3, rows=2)],
            others=True,
        ),
        nets=TOKEN_NETS,
    ),
    code={
        "Straight through": [through.plain],
    },
)
