"""*Diffusion on a code*: a film of a diffusion on codes, with decoded codes and decoded predictions."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Annotated, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data, verdicts
from explorer.fields import Field, Real, Whole
from explorer.measures.quality import over_floor
from explorer.models.latent_diffusion import CodeNetwork, LatentDiffusion
from explorer.networks import checkpoints
from explorer.networks.card import Card, rows
from explorer.numbers.answer import Figure
from explorer.numbers.answer import to_props as figure_props
from explorer.numbers.words import num
from explorer.serving.films import Scene, Script
from explorer.spaces.images import SIDE
from explorer.steps import Step, frame, last
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import Nets, takes, with_further
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

LATENT_NETS = with_further(*(f"latent-diffusion-{dataset}" for dataset in data.CLASSES))
STEPS = Field("walk", Whole(1, 100), 20, "the number of steps")
GUIDANCE = Field("guidance", Real(0, 8), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")
LatentNet = Annotated[str, Field("net", Nets(LATENT_NETS), title="the diffusion of codes")]
Steps = Annotated[int, STEPS]
Scale = Annotated[float, GUIDANCE]
COUNT = 4
LATENT_START = "Pure noise: ▶ plays, › goes one step"
LATENT_WORDS = "Four codes of pure noise: decoded, they look like no digit, because no image has such a code."
REACH = 3.0  # displayed range of a code's numbers: three standard deviations
SLOWER = Figure("in 50 steps, an image on pixels takes", unit="times as long")
BEST = Figure("best Fréchet distance on codes", unit="times the floor", digits=1)


def code_images(z: Tensor) -> Tensor:
    """Return codes (n, code) as grey images (n, 1, 28, 28) of squares: 0 is mid-grey, ±`REACH` white and black."""
    side = round(z.shape[-1] ** 0.5)
    square = (0.5 + z / (2 * REACH)).clamp(0, 1).view(-1, 1, side, side)
    large = F.interpolate(square, scale_factor=SIDE // side, mode="nearest")
    rest = SIDE - large.shape[-1]
    return F.pad(large, (rest // 2, rest - rest // 2, rest // 2, rest - rest // 2), value=0.5)


def evaluations(label: int | None, w: float) -> int:
    """Return the network evaluations per step: two with guidance (with and without the class), else one."""
    return 1 if label is None or w in (0, 1) else 2


def says(step: Step, evaluations: int) -> dict[str, str]:
    """Return the caption and the sentence of a step; `evaluations` are those of the whole film."""
    if step.time == 0:
        return {
            "caption": "Finished: no noise is left in the codes",
            "words": f"Done in {evaluations} evaluations of the prior's network. Each step was also decoded twice, "
            "to be shown.",
        }
    size, moved = (step.numbers.get(name) for name in ("noise_norm", "moved"))
    change = (
        ""
        if moved is None
        else f", and the prediction ẑ₀ changed by {num(float(moved.mean()), 3)} a number since the step before"
    )
    return {
        "caption": f"Still noisy, at t = {step.time}",
        "words": f"At t = {step.time} the predicted noise has size {num(float(size.mean()))}{change}.",
    }


@film
def unnoise(net: LatentNet, seed: Seed, label: Label, steps: Steps, w: Scale) -> Script:
    """Film four codes from noise by DDIM: `x` is the decoded code, `x0` the decoded prediction, `code` the code."""
    model: LatentDiffusion = checkpoints.load(net)
    each = evaluations(label, w)

    def scenes() -> Iterator[Scene]:
        generator = rng(seed)
        z = model.noise(COUNT, generator)
        with torch.no_grad():
            start = Step(model.decode(z), -1, steps, model.schedule.total, {"code": code_images(z)})
        yield 0, frame(start, model.space) | {"caption": LATENT_START, "words": LATENT_WORDS}
        how = {"label": labels(label, COUNT), "steps": steps, "guidance_scale": w, "x_t": z}
        for step in model.ddim_steps(COUNT, generator=generator, **how):
            pictures = {**step.pictures, "code": code_images(step.numbers["x_t"])}
            shown = Step(step.x, step.index, step.total, step.time, pictures, step.numbers)
            yield each, frame(shown, model.space, model.numbers) | says(shown, steps * each)

    return Script(model.space, COUNT, steps + 1, steps * each, scenes)


def cost_props(net: str, card: Card) -> Mapping[str, Any]:
    """Return cost and quality of samples by codes and by pixels, as means of seeds; {} for other networks."""
    if not takes(LATENT_NETS, net) or "cost" not in card:
        return {}
    other = checkpoints.pretrained_folder() / net.removeprefix("latent-") / "card.json"
    cards = {"codes": card, "pixels": checkpoints.read_json(other) if other.exists() else {}}
    found = []
    for row in rows(card["cost"], "milliseconds"):
        ratios = over_floor(cards[row["of"]], "grey", f"DDIM {row['steps']}")
        ratio = fmean(ratios) if ratios else None
        found.append({"of": row["of"], "steps": row["steps"], "ms": row["value"], "ratio": ratio, "seeds": ratios})
    return {
        "cost": {"numbers": figure_props(cost_numbers(found)), "rows": cost_rows(found), "words": cost_words(found)}
    }


def cost_numbers(cost: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """Return the time of pixels over that of codes in as many steps, and the best quality on codes; none as a dash."""
    ms = {each["of"]: each["ms"] for each in cost if each["steps"] == 50}
    ratio = min((each["ratio"] for each in cost if each["of"] == "codes" and each["ratio"]), default=None)
    slower = num(ms["pixels"] / ms["codes"], 0) if len(ms) == 2 else "–"
    return [
        SLOWER.of(slower),
        BEST.of(ratio),
    ]


def cost_rows(cost: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Return quality and time an image by codes and by pixels as rows of a table."""
    return [
        (f"{each['of']}, {each['steps']} steps", num(each["ratio"], 1), num(each["ms"], 1 if each["ms"] < 10 else 0))
        for each in cost
    ]


def cost_words(cost: Sequence[Mapping[str, Any]]) -> str:
    """Compare codes and pixels: the time of as many steps, and the cheapest pixels that are as good as codes."""
    said = []
    same = {each["of"]: each for each in cost if each["steps"] == 50}
    if len(same) == 2:
        codes, pixels = (same[of]["ms"] for of in ("codes", "pixels"))
        said.append(
            f"Measured in 50 steps, 16 together: {num(codes, 1)} ms per image on codes, {num(pixels, 0)} ms on pixels, "
            f"{num(pixels / codes, 0)} times as much."
        )
    codes, pixels = ([each for each in cost if each["of"] == of and each["ratio"]] for of in ("codes", "pixels"))
    if codes and pixels:
        best = min(codes, key=lambda each: each["ratio"])
        equal = no_worse(best, codes, pixels)
        phrase = f"The best that is measured on codes comes to {_reached(best)}"
        if equal:
            cheapest = _reached(min(equal, key=lambda each: each["ms"]))
            said.append(f"{phrase}; the cheapest on pixels that is not measured to be worse, to {cheapest}.")
        else:
            said.append(f"{phrase}; every measured setting on pixels is worse.")
    return " ".join(said)


def no_worse(best: Mapping[str, Any], *settings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the last settings that are not measured to be worse than the best of the first; all share one variance."""
    every = {(each["of"], each["steps"]): verdicts.of_values(each["seeds"]) for of in settings for each in of}
    means, asked = verdicts.pooled(every, is_log=True), len(settings[-1])
    own = means[best["of"], best["steps"]]
    return [each for each in settings[-1] if verdicts.compare(means[each["of"], each["steps"]], own, asked).sign <= 0]


def _reached(each: Mapping[str, Any]) -> str:
    return f"{num(each['ratio'], 1)} times the floor in {each['steps']} steps and {num(each['ms'], 1)} ms"


def first_images(net: str, seed: int) -> Tensor:
    """Return the four images of a seed in the usual setting: (4, 1, 28, 28)."""
    model, generator = checkpoints.load(net), rng(seed)
    how = {"x_t": model.noise(COUNT, generator), "label": None, "guidance_scale": GUIDANCE.default}
    return last(model.ddim_steps(COUNT, generator=generator, steps=STEPS.default, **how)).x


MODE = Mode(
    "latent",
    "Diffusion on a code",
    "look",
    draws=first_images,
    fields=[STEPS, GUIDANCE],
    functions=[unnoise],
    panel=Panel(
        unnoise,
        controls=[
            [Control(SEED, "seed")],
            [Control(LABEL, "class"), Control(STEPS, "number", "Steps")],
            [Control(GUIDANCE, "slider", "Guidance scale w", step=0.25, digits=2, when={"label": range(10)})],
        ],
        nets=LATENT_NETS,
    ),
    tries=[
        (
            "Four 3s in ten steps",
            {"net": LATENT_NETS[0], "seed": 7, "label": 3, "guidance": 2, "walk": 10, "at": 1},
        ),
        ("In two steps", {"net": LATENT_NETS[0], "seed": 7, "label": 3, "guidance": 1, "walk": 2, "at": 1}),
        ("The noise, decoded", {"net": LATENT_NETS[0], "seed": 7, "label": None, "walk": 20, "at": 0}),
        ("Four sneakers", {"net": LATENT_NETS[1], "seed": 7, "label": 7, "guidance": 2, "walk": 20, "at": 1}),
    ],
    code={
        "Diffusion on a code": [
            unnoise.plain,
            LatentDiffusion.predict_noise,
            CodeNetwork.forward,
            LatentDiffusion.training_loss,
        ],
    },
)
