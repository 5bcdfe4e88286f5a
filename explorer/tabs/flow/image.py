"""Server functions of the flow of images: layers from z to x, z mixed by scale, the typical set, densities.

Log-densities are in nats, of continuous pixels in [0, 1]; images are bytes in base64, as the space encodes them.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import torch

from explorer import data
from explorer.models.image_flow import ACROSS, BELOW, CORNER, RIGHT, ImageFlow, LatticeCoupling, Stretch, on_lattice
from explorer.networks import checkpoints
from explorer.questions import likelihood, reason
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.spaces import Space
from explorer.spaces.packing import pack_bits
from explorer.steps import frame, round_numbers
from explorer.tabs.flow import answers
from explorer.tabs.flow.fields import CUTS, GRID, ImageNet, Temperature
from explorer.tabs.kit.ask.answers import film, heavy
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import dataset_of, nets_of
from explorer.tabs.kit.layout.fields import Label, Other, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer

DRAWS = 16  # draws of the dequantisation noise of a picture
TESTS, AT_ONCE = 500, 100  # bundled test images whose z is displayed, and images per batch
TEMPERATURES = (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5)
PLACES = {RIGHT: "right of known ones", BELOW: "below known ones", ACROSS: "between four known ones"}
HALVES = {None: "", 0: ", one half of a checkerboard", 1: ", the other half"}


@film
def layers(net: ImageNet, seed: Seed, label: Label, temperature: Temperature) -> Script:
    """Film sixteen images from z to x, a layer per frame, each state with its own log-density."""
    model = checkpoints.load(net)
    total = len(model.transforms) + 1

    def scenes() -> Iterator[Scene]:
        before = None
        how = {"generator": rng(seed), "label": labels(label, GRID), "temperature": temperature}
        for step in model.sample_steps(GRID, **how):
            squared = step.numbers["state"].flatten(1).square().sum(-1)
            more = {"squared_length": squared} if step.index == 0 else {}
            named, drawn = layer(model, step.index)
            shot = frame(step, model.space, model.numbers, more) | named
            yield (
                model.evaluations,
                shot | {"report": answers.layer_report(shot, before, drawn, seed, temperature).to_props()},
            )
            before = shot["numbers"]["log_prob"]

    return Script(model.space, GRID, total, model.evaluations * total, scenes)


def layer(model: ImageFlow, index: int) -> tuple[dict, int]:
    """Describe the last inverted layer, with the mask of pixels transformed so far; return how many these are."""
    undone, drawn = (
        list(reversed(model.transforms))[:index],
        torch.zeros(1, *model.space.shape, device=device_of(model)),
    )
    for each in undone:
        if isinstance(each, LatticeCoupling):
            drawn = each.put(drawn, torch.ones_like(each.part(drawn)))
    named = {"layer": words_of(undone[-1]) if undone else "z: Gaussian noise", "known": pack_bits(drawn[0])}
    return named, int(drawn.sum())


def words_of(transform: torch.nn.Module) -> str:
    """Describe in words the effect of a layer from z to x."""
    if isinstance(transform, Stretch):
        return "background and ink contract to one level each"
    if not isinstance(transform, LatticeCoupling):
        return "every number is squeezed into 0 … 1"
    if transform.phase == CORNER:
        return "the first pixel, which depends on no other"
    count, stride = int(transform.bent.sum()), transform.stride
    every = {1: "", 2: "2nd "}.get(stride, f"{stride}th ")
    where = f"{count} {'pixel' if count == 1 else 'pixels'} {PLACES[transform.phase]}, every {every}row and column"
    return where + HALVES[transform.half]


@heavy
def mix(net: ImageNet, picture: Picture, other: Other) -> Answer:
    """Exchange the z of two pictures: the coarse z of the first with the fine z of the second, and vice versa.

    The cuts go from none of the first picture's z to all of it, and then the other way round.
    """
    model = checkpoints.load(net)
    both = torch.cat([data.read(each, model.space) for each in (picture, other)]).to(device_of(model))
    with torch.no_grad():
        a, b = model.encode(model.dequantise(both, rng(0)))
        masks = torch.stack([on_lattice(stride) for stride in CUTS]).unsqueeze(1).to(a.device)
        z = torch.cat([torch.where(masks, a, b), torch.where(masks, b, a)])
        x = model.decode(z)
        log_prob = model.log_prob(x)
    images, count = model.to_space(x, 0), len(CUTS)
    levels = images.flatten(1).double()
    far = torch.cdist(levels[:count], levels[[count - 1, 0]])
    encode = model.space.encode
    return answers.mix_answer(
        masks.flatten(1).sum(-1).tolist(),
        round_numbers(log_prob),
        round_numbers(z.flatten(1).square().sum(-1)),
        far.tolist(),
        [*map(encode, images.split(count)), *map(encode, images.split(1))],
        [answers.name_of(picture), answers.name_of(other)],
    )


def lengths(net: str) -> list[float]:
    """Compute ‖z‖² of the first bundled test images, without a label, once per network."""
    model = checkpoints.load(net)
    if model not in _LENGTHS:
        generator, device = rng(0), device_of(model)
        parts = data.display_split(dataset_of(net))[:TESTS].pixels().split(AT_ONCE)
        with torch.no_grad():
            z = torch.cat([model.encode(model.dequantise(part.to(device), generator)) for part in parts])
        _LENGTHS[model] = round_numbers(z.flatten(1).square().sum(-1))
    return _LENGTHS[model]


_LENGTHS: WeakKeyDictionary[ImageFlow, list[float]] = WeakKeyDictionary()


@heavy
def typical(net: ImageNet, seed: Seed, label: Label) -> Answer:
    """Decode one z at each temperature, starting with the mode of the noise at 0, beside the lengths of data's z."""
    model = checkpoints.load(net)
    drawn, given = model.noise(1, rng(seed)), labels(label, len(TEMPERATURES))
    z = torch.tensor(TEMPERATURES).to(drawn).view(-1, 1, 1, 1) * drawn
    with torch.no_grad():
        x = model.decode(z, given)
        log_prob = round_numbers(model.log_prob(x, given))
    images = model.to_space(x, 0)
    encoded = [*map(model.space.encode, [images, *images.split(1)])]
    return answers.typical_answer(
        lengths(net), TEMPERATURES, round_numbers(z.flatten(1).square().sum(-1)), log_prob, encoded
    )


@heavy
def density(net: ImageNet, picture: Picture, seed: Seed) -> Answer:
    """Compute the log-density of a picture for several draws of the dequantisation noise, in several units."""
    model = checkpoints.load(net)
    levels = data.read(picture, model.space).to(device_of(model)).expand(DRAWS, *model.space.shape)
    with torch.no_grad():
        log_prob = model.log_prob(model.dequantise(levels, rng(seed)))
    name = answers.name_of(picture)
    return answers.density_answer(
        round_numbers(log_prob), f"test image {picture[1]}, {name}" if picture[0] == "test" else name
    )


@heavy
def beside(net: ImageNet) -> Answer:
    """List the other networks of the same data, with the comparability of their likelihoods.

    Two log-probabilities are comparable if both are of the same x, that is if the spaces agree.
    """
    space = checkpoints.load(net).space
    return Answer(view={"nets": [stands(other, space) for other in nets_of(dataset_of(net)) if other != net]})


def stands(net: str, space: Space) -> dict:
    """Describe a network's likelihood and its comparability with `space`, or the error if it cannot be loaded."""
    try:
        model = checkpoints.load(net)
    except checkpoints.CheckpointError as error:
        return {"net": net, "title": net, "kind": None, "space": None, "comparable": False, "why": str(error)}
    return {
        "net": net,
        "title": model.title,
        "kind": likelihood.kind(model),
        "space": model.space.name,
        "comparable": space.comparable(model.space),
        "why": reason(model, "log_prob"),
    }


SERVER_FUNCTIONS = [layers, mix, typical, density, beside]
