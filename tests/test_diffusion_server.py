"""Questions of the diffusion stage: the films are those of the model's own samplers, frame by frame."""

import base64
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.diffusion import Diffusion
from explorer.models.samplers import rms
from explorer.models.schedule import Schedule
from explorer.models.spherical import spherical_path
from explorer.networks import checkpoints
from explorer.serving.films import Script
from explorer.spaces.packing import pack_bits, to_bytes, unpack_bits
from explorer.steps import last
from explorer.tabs.diffusion import complete as diffusion_complete
from explorer.tabs.diffusion import guidance as diffusion_guidance
from explorer.tabs.diffusion import middle as diffusion_middle
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.diffusion import travel as diffusion_travel
from tests import tiny_nets

NET = "diffusion-mnist"
TEST, OTHER = ("test", 12, "mnist"), ("test", 40, "mnist")
REVERSE = {"net": NET, "seed": 7, "count": 4, "label": 3, "w": 2.0, "sampler": "ddim", "steps": 6, "eta": 0.0}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write_diffusions(tmp_path_factory.mktemp("nets"))))
        yield


@pytest.fixture(scope="module")
def model(nets: None) -> Diffusion:
    return checkpoints.load(NET)


def rng(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def run(script: Script) -> list[dict]:
    """The frames of a film, which are as many as were promised, as were the evaluations."""
    evaluations, frames = zip(*script.scenes())
    frames = [frame for frame in frames if frame]
    assert len(frames) == script.total
    assert sum(evaluations) == script.evaluations
    return frames


def threes(n: int) -> Tensor:
    return torch.full((n,), 3)


def grey(picture: tuple) -> Tensor:
    return data.bundled_images(picture[2]).images[picture[1]].view(1, 1, 28, 28).float() / 255


class Counted:
    """Counts how many images pass through a network."""

    def __init__(self, model: Diffusion, patch: pytest.MonkeyPatch):
        self.calls: list[int] = []
        network = model.network.forward

        def forward(x: Tensor, t: Tensor, label: Tensor) -> Tensor:
            self.calls.append(len(x))
            return network(x, t, label)

        patch.setattr(model.network, "forward", forward)


def test_a_film_ends_at_the_models_own_sample(model: Diffusion):
    frames = run(diffusion_shared.reverse.props(**REVERSE))
    wanted = model.sample(4, generator=rng(), steps=6, label=threes(4), guidance_scale=2.0)
    assert frames[-1]["x"] == to_bytes(wanted)
    assert frames[0]["x"] == to_bytes(model.to_space(model.noise(4, rng())))


@pytest.mark.parametrize(("sampler", "eta"), [("ddim", 0.0), ("ddim", 0.7), ("ddpm", 0.0)])
def test_every_frame_is_a_step_of_the_sampler(model: Diffusion, sampler: str, eta: float):
    frames = run(diffusion_shared.reverse.props(**REVERSE | {"sampler": sampler, "eta": eta}))
    how = {"generator": rng(), "steps": 6, "label": threes(4), "guidance_scale": 2.0}
    steps = list(model.ddpm_steps(4, **how) if sampler == "ddpm" else model.ddim_steps(4, eta=eta, **how))
    assert [(frame["numbers"]["t"], frame["time"]) for frame in frames[1:]] == [(s.numbers["t"], s.time) for s in steps]
    for frame, step in zip(frames[1:], steps, strict=True):
        assert frame["x"] == to_bytes(step.x)
        assert frame["pictures"]["x0"] == to_bytes(step.pictures["x0"])
        assert frame["numbers"]["noise_norm"] == pytest.approx(step.numbers["noise_norm"].tolist(), abs=1e-5)
    moved = rms(2 * (steps[3].pictures["x0"] - steps[2].pictures["x0"]))  # the network's scale is twice as wide
    assert frames[4]["numbers"]["moved"] == pytest.approx(moved.tolist(), abs=1e-5)


def test_at_the_start_there_is_neither_a_guess_nor_a_number():
    first, second, *_ = run(diffusion_shared.reverse.props(**REVERSE))
    assert (first["index"], first["time"]) == (-1, 1000)
    assert first["pictures"] == first["numbers"] == {}
    assert second["pictures"]["x0"] and "moved" not in second["numbers"]  # there was no guess to move from


def test_all_samplers_start_from_the_same_noise():
    ways = [{"sampler": "ddim"}, {"sampler": "ddpm"}, {"steps": 3}, {"eta": 1.0}, {"w": 7.0}, {"label": None}]
    starts = {run(diffusion_shared.reverse.props(**REVERSE | way))[0]["x"] for way in ways}
    assert len(starts) == 1
    assert run(diffusion_shared.reverse.props(**REVERSE | {"seed": 8}))[0]["x"] not in starts


def test_evaluations_are_those_that_the_network_makes(model: Diffusion):
    for changed, images in (({}, 8), ({"w": 1.0}, 4), ({"w": 0.0}, 4), ({"label": None}, 4)):
        with pytest.MonkeyPatch.context() as patch:
            counted = Counted(model, patch)
            script = diffusion_shared.reverse.props(**REVERSE | changed)
            run(script)
            assert counted.calls == [images] * 6
            assert script.evaluations == sum(counted.calls) / 4


def test_a_long_run_shows_a_hundred_of_its_steps_and_the_last(model: Diffusion):
    script = diffusion_shared.reverse.props(**REVERSE | {"count": 1, "steps": 130, "sampler": "ddpm", "w": 1.0})
    assert script.evaluations == 130 and script.total <= 101
    frames = run(script)
    assert frames[-1]["time"] == 0
    wanted = last(model.ddpm_steps(1, generator=rng(), label=threes(1), steps=130)).x
    assert frames[-1]["x"] == to_bytes(wanted)


@pytest.mark.parametrize("kind", ["linear", "cosine"])
@pytest.mark.parametrize("steps", [1, 2, 99, 100, 101, 250, 999, 1000])
@pytest.mark.parametrize("up", [False, True])
def test_shown_steps_are_spread_over_time_and_over_change(kind: str, steps: int, up: bool):
    schedule = Schedule(kind, 1000)
    times = schedule.times(steps)[:: -1 if up else 1]
    shown = sorted(diffusion_shared.frame_steps(schedule, times))
    assert shown[-1] == steps - 1 and len(shown) <= 100
    assert len(shown) == steps if steps <= 100 else len(shown) >= 75
    reached = [times[0], *(times[step + 1] for step in shown)]
    assert max(abs(a - b) for a, b in zip(reached, reached[1:])) <= max(1000 / steps, 25) + 1


def test_a_picture_noised_to_the_middle_goes_back_from_there(model: Diffusion):
    how = {"net": NET, "picture": TEST, "start": 400, "seed": 7, "label": None, "w": 1.0, "steps": 5}
    frames = run(diffusion_middle.middle.props(**how))
    noise = model.noise(4, rng())
    x_t = model.schedule.add_noise(model.from_space(grey(TEST)), noise, 400)
    assert (frames[0]["time"], frames[0]["x"]) == (400, to_bytes(model.to_space(x_t)))
    assert [frame["time"] for frame in frames] == [400, 320, 240, 160, 80, 0]
    wanted = model.sample(4, generator=rng(), steps=5, x_t=x_t, start=400)
    assert frames[-1]["x"] == to_bytes(wanted)


def test_a_drawing_can_be_started_from():
    bits = data.bundled_binary_images("mnist")[5]
    how = {"net": NET, "picture": ("bits", base64.b64decode(pack_bits(bits))), "start": 1, "seed": 7}
    frames = run(diffusion_middle.middle.props(**how, label=None, w=1.0, steps=1))
    shown = torch.frombuffer(bytearray(base64.b64decode(frames[0]["x"])), dtype=torch.uint8).view(4, 28, 28)
    assert (shown[0].float() / 255 - bits[0]).abs().max() < 0.05  # at t = 1 there is next to no noise


def test_more_steps_than_there_are_times_are_refused():
    how = {"net": NET, "picture": TEST, "start": 10, "seed": 7, "label": None, "w": 1.0}
    with pytest.raises(ValueError, match="steps must be a whole number from 1 to 10"):
        diffusion_middle.middle.props(**how, steps=11)


def test_what_is_kept_is_kept_and_the_rest_is_the_models_own_answer(model: Diffusion):
    known = bytes([255] * 49 + [0] * 49)
    how = {"seed": 7, "label": 3, "w": 2.0, "steps": 4, "resamples": 3}
    with pytest.MonkeyPatch.context() as patch:
        counted = Counted(model, patch)
        script = diffusion_complete.complete.props(net=NET, picture=TEST, known=known, **how)
        frames = run(script)
        assert counted.calls == [8] * 12 and script.evaluations == 24
    keep = unpack_bits(known).bool().view(28, 28).expand(4, 1, -1, -1)
    x = grey(TEST).expand(4, -1, -1, -1)
    wanted = last(
        model.inpaint_steps(x, keep, generator=rng(), label=threes(4), steps=4, resamples=3, guidance_scale=2.0)
    )
    final = torch.frombuffer(bytearray(base64.b64decode(frames[-1]["x"])), dtype=torch.uint8).view(4, 28, 28)
    assert torch.equal(final[:, :14], (x * 255).round().byte()[:, 0, :14])
    assert (final[:, 14:] - (wanted.x * 255).round()[:, 0, 14:]).abs().max() <= 1
    assert frames[0]["x"] == to_bytes(model.to_space(model.noise(4, rng())))


def test_where_everything_is_kept_there_is_nothing_to_do():
    how = {"seed": 7, "label": None, "w": 1.0, "steps": 4, "resamples": 3}
    with pytest.raises(ValueError, match="leave some"):
        diffusion_complete.complete.props(net=NET, picture=TEST, known=bytes([255] * 98), **how)


def test_a_travel_goes_up_with_two_and_down_with_nine(model: Diffusion):
    frames = run(diffusion_travel.travel.props(NET, TEST, OTHER, steps=5))
    up, down = frames[:6], frames[6:]
    assert ["The two noises" in frame["report"]["words"] for frame in frames] == [False] * 6 + [True] * 6
    assert [frame["time"] for frame in up] == [0, 200, 400, 600, 800, 1000]
    assert [frame["time"] for frame in down] == [1000, 800, 600, 400, 200, 0]
    assert up[0]["x"] == to_bytes(torch.cat([grey(TEST), grey(OTHER)]))
    noises = last(model.invert_steps(torch.cat([grey(TEST), grey(OTHER)]), steps=5)).numbers["x_t"]
    assert up[-1]["x"] == to_bytes(model.to_space(noises))
    wanted = model.sample(9, generator=rng(), steps=5, clip=False, x_t=spherical_path(*noises, 9))
    assert down[-1]["x"] == to_bytes(wanted)
    assert [len(base64.b64decode(half[0]["x"])) for half in (up, down)] == [2 * 784, 9 * 784]
    angle = torch.rad2deg(torch.cosine_similarity(*noises.flatten(1).double(), dim=0).acos())
    assert f"The two noises are {angle:.0f}° apart" in down[0]["report"]["words"]
    assert ["vae" in frame["pictures"] for frame in frames] == [True] + [False] * 11
    path, vae = pixels(down[-1]["x"], 9), pixels(up[0]["pictures"]["vae"], 9)
    said = down[-1]["report"]
    far = (path[[0, 8]] - torch.cat([grey(TEST), grey(OTHER)])).flatten(1).norm(dim=1)
    assert f"lie {far[0]:.2f} and {far[1]:.2f} (L2) from their images" in said["words"]
    jumps = [float(each.diff(dim=0).flatten(1).norm(dim=1).max()) for each in (path, vae)]
    assert f"is {jumps[0]:.2f} on the upper path and {jumps[1]:.2f} on the lower" in said["words"]
    shares = [*zip(*said["table"][1:])][1:]
    for found, images in zip(shares, (path, vae), strict=True):
        wanted = [float(((each > 0.2) & (each < 0.8)).float().mean()) for each in images]
        assert found == pytest.approx(wanted, abs=0.01)
    figures = [*((f"{100 * share[4]:.0f}", "%") for share in shares), ("25", "")]
    assert said["stops"][4]["numbers"] == [
        (head.name, *each) for head, each in zip(diffusion_travel.TRAVEL_HEADS, figures, strict=True)
    ]
    assert said["caption"].startswith("Finished") and "Inverting" in up[2]["report"]["caption"]


def pixels(payload: str, count: int) -> Tensor:
    """Images in [0, 1], as a frame has them."""
    raw = torch.frombuffer(bytearray(base64.b64decode(payload)), dtype=torch.uint8)
    return raw.view(count, 1, 28, 28).float() / 255


def test_what_is_said_of_answers_is_how_far_they_are():
    frames = run(diffusion_middle.middle.props(NET, TEST, 400, 3, None, 1.0, 5))
    x, result = pixels(frames[-1]["x"], 4), frames[-1]["report"]
    away = (x - grey(TEST)).flatten(1).norm(dim=1)
    assert [row[2] for row in result["table"][1:]] == pytest.approx(away.tolist(), abs=0.01)
    among = torch.pdist(x.flatten(1)).mean()
    assert f"lie {away.mean():.2f} (L2) from the test image on average and {among:.2f} from each" in result["words"]
    assert "agree with each other more than with it" in result["words"] or among >= away.mean()
    assert "By t = 160 the four lie" in frames[3]["report"]["words"] and frames[3]["time"] == 160


def test_what_is_filled_in_is_measured_at_the_seam():
    kept = torch.zeros(28, 28, dtype=torch.bool)
    kept[:14, 3:] = True
    frames = run(diffusion_complete.complete.props(NET, TEST, to_flags(kept), 7, None, 1.0, 4, 2))
    x, result = pixels(frames[-1]["x"], 4), frames[-1]["report"]
    below, left = (x[:, 0, 13, 3:] - x[:, 0, 14, 3:]).abs(), (x[:, 0, :14, 2] - x[:, 0, :14, 3]).abs()
    assert [row[4] for row in result["table"][1:]] == pytest.approx(
        torch.cat([below, left], 1).mean(1).tolist(), abs=0.01
    )
    assert "350 pixels are kept, and no answer changes one of them; the other 434" in result["words"]
    assert "with 2 rounds a step" in result["words"]


def to_flags(kept: Tensor) -> bytes:
    return base64.b64decode(pack_bits(kept.unsqueeze(0)))


def test_a_spherical_path_keeps_the_length_that_noise_has():
    a, b = torch.randn(2, 1, 28, 28, generator=rng())
    path = spherical_path(a, b, 9)
    torch.testing.assert_close(path[0], a)
    torch.testing.assert_close(path[-1], b)
    lengths = path.flatten(1).norm(dim=-1)
    assert lengths.min() > 0.97 * min(a.norm(), b.norm())
    torch.testing.assert_close(spherical_path(a, a, 9)[4], a)
    straight = (a + b) / 2
    assert straight.norm() < 0.8 * lengths[4]


def test_the_vaes_path_is_a_straight_line_between_codes():
    images = (diffusion_travel.vae_path(NET, TEST, OTHER) * 255).round()[:, 0]
    assert diffusion_travel.vae_path("diffusion-moons", TEST, OTHER) is None
    vae = checkpoints.load("beta-vae-mnist")
    x = data.bundled_binary_images("mnist")[[12, 40]]
    with torch.no_grad():
        codes = vae.encode(x, 1.0).mean
        middle = vae.decode(codes.mean(0, keepdim=True), 1.0).mean
    for place, wanted in ((0, codes[:1]), (8, codes[1:])):
        shown = (vae.decode(wanted, 1.0).mean * 255).round()
        assert (images[place] - shown[0, 0]).abs().max() <= 1
    assert (images[4] - (middle * 255).round()[0, 0]).abs().max() <= 1


def test_the_classes_of_eight_images_are_those_that_the_classifier_sees():
    images, labels = data.bundled_images("mnist").images[:8], data.bundled_images("mnist").labels[:8]
    found = diffusion_guidance.classify(NET, images.numpy().tobytes()).view["classes"]
    assert found == labels.tolist()


def test_what_is_told_of_a_film_out_of_noise_is_measured_on_its_frames():
    frames = run(diffusion_shared.reverse.props(**REVERSE | {"count": 16, "steps": 5}))
    schedule = Schedule("linear", diffusion_shared.TIMES)
    start, *steps = (frame["report"] for frame in frames)
    assert "pure noise, drawn with seed 7" in start["images"][0]["words"] and "row" not in start["images"][0]
    for frame, said in zip(frames[1:], steps, strict=True):
        assert len(said["images"]) == 16
        row, sizes = said["images"][5]["row"], frame["numbers"]["noise_norm"]
        assert row["noise_rms"] == pytest.approx(sizes[5], abs=1e-4) and row["s"] == frame["time"]
    leads = [said["images"][0]["numbers"][0] for said in (start, *steps)]
    noisy = [float(schedule.alphas_cumprod[frame["time"]]) < 0.5 for frame in frames[1:-1]]
    assert {name for name, *_ in leads} == {"finding"} and {*noisy} == {True, False}
    outweighs = {True: "The noise outweighs the image in xₜ.", False: "The image outweighs the noise in xₜ."}
    assert [text for _, text, _ in leads[1:-1]] == [outweighs[each] for each in noisy]
    assert leads[0][1] == "Pure noise: nothing is drawn yet."
    assert leads[-1][1] == f"{steps[-1]['images'][0]['numbers'][-1][1]} evaluations turned noise into an image."
    guesses = [pixels(frame["pictures"]["x0"], 16)[5] for frame in frames[1:]]
    away = [float((guess - pixels(frames[-1]["x"], 16)[5]).norm()) for guess in guesses]
    settled = max((k for k, each in enumerate(away) if each > away[0] / 2), default=-1) + 1
    t = frames[1 + min(settled, 4)]["numbers"]["t"]
    words = steps[-1]["images"][5]["words"]
    assert f"was {away[0]:.2f} (L2) away" in words and f"at t = {t} less than half" in words
    few = run(diffusion_shared.reverse.props(**REVERSE | {"steps": 2}))
    assert "can hardly correct its first prediction" in few[-1]["report"]["images"][0]["words"]
