"""The tour says what will be seen; the very networks of the page must do it."""

import base64
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data.toys import TOYS
from explorer.models.diffusion import Diffusion
from explorer.models.schedule import Schedule
from explorer.networks import checkpoints
from explorer.networks.card import rows
from explorer.tabs.diffusion import complete as diffusion_complete
from explorer.tabs.diffusion import evidence as diffusion_evidence
from explorer.tabs.diffusion import few as diffusion_few
from explorer.tabs.diffusion import middle as diffusion_middle
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.diffusion import travel as diffusion_travel
from tests.cards import card_of

pytestmark = pytest.mark.deep
READINGS = diffusion_evidence.READINGS

NET = "diffusion-mnist"
SEED = 7
STEPS = {step["title"]: step for step in diffusion.TAB.tour(diffusion_evidence.quotes({}))}


@cache
def network() -> Diffusion:
    return checkpoints.load(NET, "cpu")


def answer(title: str) -> str:
    step = STEPS[title]
    return step["choices"][step["answer"]]


def at(title: str, which: str, key: str) -> int:
    return int(STEPS[title][which][key])


def original(title: str, key: str = "img") -> Tensor:
    return data.bundled_images("mnist").images[at(title, "state", key)].float() / 255


def images(frame: dict, key: str = "x") -> Tensor:
    """The images (n, 1, 28, 28) of a frame."""
    raw = torch.frombuffer(bytearray(base64.b64decode(frame[key])), dtype=torch.uint8)
    return raw.view(-1, 1, 28, 28).float() / 255


def frames(script) -> list[dict]:
    return [frame for _, frame in script.scenes() if frame]


def grey(x: Tensor) -> float:
    """The share of pixels that are neither black nor white."""
    return float(((x > 0.15) & (x < 0.85)).float().mean())


def apart(x: Tensor, y: Tensor) -> float:
    return float((x - y).flatten(1).norm(dim=-1).mean())


def test_the_images_of_the_tour_are_of_the_digits_that_it_names():
    labels = data.bundled_images("mnist").labels
    images = {title: int(labels[int(step["state"]["img"])]) for title, step in STEPS.items() if "img" in step["state"]}
    assert images.pop("Half of a digit") == 7
    assert set(images.values()) == {3}
    assert int(labels[at("Between two noises", "state", "img2")]) == 8


def test_a_quarter_of_the_image_is_left_half_of_the_way_up():
    alphas = {kind: Schedule(kind, 1000).alphas_cumprod for kind in ("linear", "cosine")}
    linear = alphas["linear"]
    assert "a quarter" in answer("Half of the forward process")
    assert round(float(linear[at("Half of the forward process", "after", "t")].sqrt()), 2) == 0.28
    for kind, found in (("linear", linear), ("cosine", alphas["cosine"])):  # ᾱ falls, so its neighbours decide
        t = diffusion_evidence.equal_time(kind)
        assert abs(float(found[t]) - 0.5) < min(abs(float(found[t + each]) - 0.5) for each in (-1, 1))
    assert round(float(linear[at("Start in the middle", "after", "start")].sqrt()), 3) == 0.026


@cache
def walk() -> list[dict]:
    script = diffusion_shared.reverse.props(
        net=NET, seed=SEED, count=1, label=None, w=1.0, sampler="ddim", steps=50, eta=0.0
    )
    return frames(script)


def test_the_guess_in_the_midst_of_noise_is_blurred_and_grey():
    assert "blurred" in answer("A prediction from noise")
    film = walk()
    frame = film[at("A prediction from noise", "after", "at")]
    assert frame["time"] == 760
    guess, end, noisy = images(frame["pictures"], "x0"), images(film[-1]), images(frame)
    assert grey(guess) > 1.5 * grey(end)
    assert roughness(guess) < 0.5 * roughness(noisy)


def roughness(x: Tensor) -> float:
    """The mean change from a pixel to its neighbour at the right."""
    return float((x[..., 1:] - x[..., :-1]).abs().mean())


def test_ddim_rows_end_alike_and_ddpm_elsewhere():
    assert "those of DDIM" in answer("One noise, many samplers")
    how = {"net": NET, "seed": SEED, "count": 4, "label": None, "w": 1.0, "eta": 0.0}
    ends = {
        (sampler, steps): images(frames(diffusion_shared.reverse.props(**how, sampler=sampler, steps=steps))[-1])
        for sampler, steps in (("ddim", 20), ("ddim", 50), ("ddim", 100), ("ddpm", 50))
    }
    wanted = ends["ddim", 100]
    assert apart(ends["ddim", 50], wanted) < apart(ends["ddim", 20], wanted) < apart(ends["ddpm", 50], wanted)


def ends_of(sampler: str, steps: int) -> torch.Tensor:
    how = {"net": NET, "seed": SEED, "count": 4, "label": None, "w": 1.0, "eta": 0.0}
    return images(frames(diffusion_shared.reverse.props(**how, sampler=sampler, steps=steps))[-1])


def test_ten_evaluations_of_second_order_end_nearer_to_a_hundred():
    assert "DPM-Solver++" in answer("Two solvers")
    long = {sampler: ends_of(sampler, 100) for sampler in ("ddim", "dpm")}
    gaps = {sampler: apart(ends_of(sampler, 10), long[sampler]) for sampler in long}
    assert gaps["dpm"] < gaps["ddim"]
    assert apart(long["ddim"], long["dpm"]) < min(gaps.values())  # "both draw to the same images in the end"


def test_fifty_evaluations_are_no_better_than_ten_by_the_three_samplers():
    card = card_of(NET)
    items = [rows(card["frontier"], "frechet", sampler=sampler) for sampler in ("ddim", "heun", "dpm")]
    for each in items:
        by_cost = {row["evaluations"]: row["value"] for row in each}
        assert by_cost[max(by_cost)] >= by_cost[max(n for n in by_cost if n <= 10)]
    said = diffusion_evidence.closer_reading(card)
    assert "DDPM, with fresh noise at every step" in said and said.index("98.3 %") < said.index("97.7 %")
    assert "{{closer_reading}}" in (diffusion.TAB.folder / "maths.md").read_text(encoding="utf-8")


def test_one_evaluation_is_much_the_same_blur_for_every_noise():
    assert "the same blur" in answer("One evaluation")
    how = {"net": NET, "seed": SEED, "count": 4, "label": None, "moment": None}
    once, often = (images(frames(diffusion_few.jump.props(**how, who="teacher", evaluations=n))[-1]) for n in (1, 50))
    assert apart(once[:2], once[2:]) < 0.25 * apart(often[:2], often[2:])
    assert roughness(once) < 0.6 * roughness(often)


def test_little_noise_gives_the_3_back_and_much_noise_something_else():
    assert "little to do with it" in answer("Start in the middle")
    title = "Start in the middle"
    how = {"net": NET, "picture": ("test", at(title, "state", "img"), "mnist"), "seed": SEED, "label": None, "w": 1.0}
    ends = {
        start: images(frames(diffusion_middle.middle.props(**how, start=start, steps=20))[-1])
        for start in (at(title, "state", "start"), at(title, "after", "start"))
    }
    little, much = (apart(x, original(title)) for x in ends.values())
    assert little < 0.6 * much


def test_the_lower_halves_differ_and_the_upper_stay():
    assert "different ones" in answer("Half of a digit")
    title = "Half of a digit"
    how = {"net": NET, "picture": ("test", at(title, "state", "img"), "mnist"), "seed": SEED, "label": None, "w": 1.0}
    known = bytes([255] * 49 + [0] * 49)
    film = frames(diffusion_complete.complete.props(**how, known=known, steps=20, resamples=2))
    end = images(film[-1])
    assert torch.equal(end[:, :, :14], original(title).expand(4, 1, 28, 28)[:, :, :14])
    assert min(apart(a[None], b[None]) for a, b in pairwise(end)) > 2


def test_between_two_noises_images_are_black_and_white():
    assert "black and white" in answer("Between two noises")
    title = "Between two noises"
    pictures = [("test", at(title, "state", key), "mnist") for key in ("img", "img2")]
    end = images(frames(diffusion_travel.travel.props(NET, *pictures, steps=at(title, "state", "steps")))[-1])
    both = (original(title) + original(title, "img2")) / 2
    assert grey(end[4]) < 0.6 * grey(both)


def test_much_noise_points_to_the_middle_and_little_to_the_nearest_heap():
    assert "one of the eight" in answer("Where the arrows point")
    toy = TOYS[STEPS["Where the arrows point"]["state"]["toy"]]
    alphas = Schedule("linear", 1000).alphas_cumprod
    angles = torch.linspace(0, 6, 25)
    points = 2.2 * torch.stack([angles.cos(), angles.sin()], dim=-1)

    def towards(target: Tensor, t: int) -> Tensor:
        score = toy.add_noise(float(alphas[t])).score(points)
        return torch.cosine_similarity(score, target - points)

    far, near = at("Where the arrows point", "state", "level"), at("Where the arrows point", "after", "level")
    assert towards(torch.zeros(2), far).min() > 0.999
    nearest = toy.means[torch.cdist(points, toy.means).argmin(-1)]
    assert towards(nearest, near).median() > 0.98
    assert towards(nearest, near).median() > towards(torch.zeros(2), near).median()


def test_what_the_cards_say_agrees_with_the_answers_of_the_tour():
    card = card_of(NET)
    bound, guided = card["bound"], {(row["name"], row["w"]): row["value"] for row in card["rows"] if "w" in row}
    late = next(index for index, edge in enumerate(bound["edges"]) if edge > 100)
    assert "the last ones" in answer("Where the bits are")
    assert sum(bound["bits"][: late - 1]) > 0.8 * sum(bound["bits"])
    assert "less varied" in answer("Guidance")
    assert guided["accuracy", 7] > guided["accuracy", 1]
    assert guided["diversity", 7] < guided["diversity", 1]


def test_every_step_of_the_tour_names_a_time_that_the_address_can_hold():
    for step in STEPS.values():
        for state in (step["state"], step["after"]):
            query = parse_qs("&".join(f"{key}={value}" for key, value in state.items()))
            assert all(0 <= int(query[key][0]) <= 1000 for key in ("t", "at", "start", "level") if key in query)
