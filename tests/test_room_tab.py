"""The tab of the VAE with room around its stage: what it tells, quotes and shows, and what its functions answer."""

import base64
import inspect
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import numpy as np
import pytest
import torch

from explorer import data, fields
from explorer.measures import disentangling, vae_runs
from explorer.models import latent
from explorer.models.small_vae import SmallVAE
from explorer.models.vae import VAE
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import row
from explorer.numbers import trained
from explorer.numbers.words import num
from explorer.spaces import BINARY
from explorer.tabs.kit.ask import asks
from explorer.tabs.vae_room import collapse as vae_room_collapse
from explorer.tabs.vae_room import disentangle as vae_room_disentangle
from explorer.tabs.vae_room import iwae as vae_room_iwae
from explorer.tabs.vae_room import maths
from explorer.tabs.vae_room import paths as vae_room_paths
from explorer.tabs.vae_room import runs as vae_room_runs
from explorer.tabs.vae_room import traverse as vae_room_traverse
from explorer.tabs.vae_room.collapse import COLLAPSE
from explorer.tabs.vae_room.disentangle import BETAS
from explorer.tabs.vae_room.runs import OBJECTIVE_CHOICES as OBJECTIVES
from explorer.tabs.vae_room.shared import SHAPE_LATENTS
from explorer.tabs.vae_room.tab import MODES, TAB
from tests import room
from tests.address import passed_over
from tests.test_code_shown import recording

NET, DIGIT, OTHER = "vae-mnist", ("test", 8, "mnist"), ("test", 0, "mnist")


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = room.write(tmp_path_factory.mktemp("room"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        vae_room_traverse.order.cache_clear()
        yield folder
    vae_room_traverse.order.cache_clear()


def pixels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 784)


def test_the_tour_and_the_presets_set_what_the_address_can_say(nets: Path):
    found = {net.name: net.content() for net in TAB.shown()}
    tour = TAB.tour(TAB.quotes(found))
    assert len(tour) == 6 and "{{" not in str(tour)
    assert not passed_over(TAB.fields, [step[when] for step in tour for when in ("state", "after")])
    known = {field.key: field for field in TAB.fields}
    for mode, presets in [(each.name, each.panel.tries) for each in MODES]:
        assert mode in TAB.modes and 2 <= len(presets) <= 3
        assert all(
            value is None or known[key].check(value) is not None for _, patch in presets for key, value in patch.items()
        )
    text = (TAB.folder / "maths.md").read_text(encoding="utf-8")
    assert all(f"## {formula.heading}\n" in text for formula in TAB.formulas)


def test_the_evidence_has_the_runs_and_the_shapes_and_a_page_without_them_still_stands(nets: Path):
    found = {net.name: net.content() for net in TAB.shown()}
    value = TAB.value(found)
    assert set(value["nets"]) == {"vae-mnist", "vae-fashion-mnist"}
    assert "Small runs side by side" in found["vae-runs"].evidence and "| reach-7 |" in found["vae-runs"].evidence
    evidence = found["vae-shapes"].evidence
    assert "### Disentangling" in evidence and "| β = 4 | " in evidence and "| β = 16 | – |" in evidence
    broken = trained.Found({}, TAB.shown()[-1].value({}, "gone"), "", "gone")
    assert TAB.value(found | {"vae-shapes": broken, "vae-runs": broken})["nets"] == value["nets"]


def test_a_shape_is_encoded_and_its_latents_moved(nets: Path):
    found = vae_room_disentangle.one_shape.props("4", 7, 3)
    model = vae_room_disentangle.shape_vae("4")
    x = BINARY.decode(found["pictures"]["x"])
    torch.testing.assert_close(torch.tensor(found["mu"]), model.encode(x).mean[0], atol=1e-3, rtol=1e-3)
    information = np.array(cards.of("vae-shapes")["information"]["4"])
    z = torch.tensor(found["mu"]).repeat(7, 1)
    z[:, int(information[:, 1].argmax())] = torch.arange(-3, 4)
    wanted = (255 * model.decode(z).mean).flatten(1).detach().numpy()
    assert [len(pixels(strip["images"])) for strip in found["strips"]] == [2, *[7] * (len(found["strips"]) - 1)]
    order = (-information.sum(1)).argsort(kind="stable")
    of = {each: f"latent {place + 1} from −3 to 3" for place, each in enumerate(order)}
    best = {of[each] for each in information.argmax(0)} | {of[order[3]]}
    assert [strip["says"] for strip in found["strips"][1:]] == [of[each] for each in order if of[each] in best]
    (moved,) = [strip for strip in found["strips"] if strip.get("says") == of[information[:, 1].argmax()]]
    assert np.abs(pixels(moved["images"]) - wanted).max() <= 1
    for each in found["matrix"]["rows"]:
        clear = " and ".join(name for name, cell in zip(found["matrix"]["head"], each["cells"]) if cell["text"])
        named = [strip["name"] for strip in found["strips"] if strip["name"].startswith(each["name"])]
        assert all(name.removesuffix(f": {clear}").split(",")[0] == each["name"] for name in named)
    rows = {row["name"]: row["cells"] for row in found["matrix"]["rows"]}
    assert {"z₁", "z₄"} <= rows.keys() and any(strip["name"].startswith("z₄, chosen") for strip in found["strips"])
    for name, cells in rows.items():
        known = information[order][int(unicodedata.normalize("NFKC", name)[1:]) - 1].clip(0)
        assert np.allclose([cell["share"] for cell in cells], known)
        assert [cell["text"] for cell in cells] == [num(share) if share >= 0.1 else "" for share in known]
    other = vae_room_disentangle.one_shape.props("4", 8, 3)
    assert (
        found["pictures"] != other["pictures"] and found["mu"] != vae_room_disentangle.one_shape.props("1", 7, 3)["mu"]
    )
    with pytest.raises(ValueError, match="no network with β = 16 here"):
        vae_room_disentangle.one_shape.props("16", 7, 0)


def test_networks_of_shapes_that_are_kept_are_not_trained_again(nets: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disentangling, "measure_run", lambda run, path: pytest.fail(f"{run} was trained again"))
    card = disentangling.record(room.SHAPES, nets / "vae-shapes")
    seeds = [(row["beta"], row["seed"]) for row in card["rows"] if row["name"] == "mig"]
    assert seeds == [(0.5, 0), (1, 0), (4, 0), (1, 1), (4, 1)]


def test_latents_come_by_rank_and_are_the_encoders(nets: Path):
    model: VAE = checkpoints.load(NET)
    found = vae_room_traverse.one_latent.props(NET, DIGIT, 1)
    q = model.encode(data.read(DIGIT, BINARY))
    assert found["latents"][:3] == [0, 5, 10] and sorted(found["latents"]) == list(range(32))
    torch.testing.assert_close(torch.tensor(found["mu"]), q.mean[0][found["latents"]], atol=1e-4, rtol=1e-4)
    total = float(latent.kl_to_prior(q.mean, q.stddev))
    assert sum(found["kl"]) == pytest.approx(total, rel=1e-3)


def test_a_moved_latent_is_decoded_at_every_place(nets: Path):
    model: VAE = checkpoints.load(NET)
    z = model.encode(data.read(DIGIT, BINARY)).mean.repeat(31, 1)
    z[:, 5] = torch.arange(-15, 16) / 5  # rank 1 is latent 5
    wanted = (255 * model.decode(z).mean).flatten(1).detach().numpy()
    found = vae_room_traverse.one_latent.props(NET, DIGIT, 1)
    assert np.abs(pixels(found["x"]) - wanted).max() <= 1
    assert np.abs(pixels(found["strips"][0]["images"]) - wanted[::5]).max() <= 1
    assert [each.get("name", "")[:9] for each in vae_room_traverse.one_latent.props(NET, DIGIT, 0)["strips"]] == [
        "Latent 1,",
        "",  # the chosen one is the one that is used most
        "Latent 32",
    ]
    change = int((wanted.max(0) - wanted.min(0)).max())
    assert f"changes by {'more than ' * (change < 8)}{change} of 255" in found["words"]


def test_bounds_of_a_picture_rise_and_the_prior_stays_behind(nets: Path):
    found = vae_room_iwae.bounds.props(NET, DIGIT, 7)
    model: VAE = checkpoints.load(NET)
    elbo = model.elbo(data.read(DIGIT, BINARY).expand(2_000, -1, -1, -1), generator=torch.Generator().manual_seed(1))
    first = found["iwae"][0]
    error = (float(elbo.std()) ** 2 / 2_000 + first["se"] ** 2) ** 0.5
    assert first["value"] == pytest.approx(float(elbo.mean()), abs=4 * error)
    assert found["iwae"][-1]["value"] > first["value"] and 1 <= found["effective"] <= vae_room_iwae.IWAE_DRAWS
    assert found == vae_room_iwae.bounds.props(NET, DIGIT, 7) != vae_room_iwae.bounds.props(NET, DIGIT, 8)


def test_both_ways_have_the_same_ends(nets: Path):
    found = vae_room_paths.between.props(NET, DIGIT, OTHER)
    straight, spherical = (pixels(strip["images"]) for strip in found["strips"])
    assert straight.shape == (9, 784) and np.abs(straight[[0, -1]].astype(int) - spherical[[0, -1]]).max() <= 1
    _, half_way, *_ = zip(*found["table"][5:6])
    assert half_way[0] < found["table"][5][2]
    away = np.linalg.norm((straight - spherical.astype(float)) / 255, axis=1).mean()
    assert float(found["numbers"][4][1]) == pytest.approx(away, abs=0.1)


def test_what_was_recorded_is_shown_and_what_was_not_is_said(nets: Path):
    found = vae_room_collapse.collapse.props("reach-7")
    assert [len(pixels(strip["images"])) for strip in found["strips"]] == [6, 6, 6, 6, 5, 5]
    assert (
        pixels(found["strips"][1]["images"])[0] == 255 * data.bundled_binary_images("mnist")[3].flatten().numpy()
    ).all()
    card = cards.of("vae-runs")
    rate = cards.find(card, "rate", run="reach-7")["value"]
    assert found["numbers"][0] == ("KL: information in z", f"{rate:.1f}", "nats")
    assert found["stops"] == {"reach": [(1, "reach-1"), (7, "reach-7")]} and found["charts"][0]["dot"] == [7, rate]
    free = vae_room_runs.by_objective.props("free")
    assert "Half a nat of KL is free" in free["words"] and len(free["charts"][1]["bars"]) == 4
    with pytest.raises(ValueError, match="“beta-4” was not recorded here"):
        vae_room_runs.by_objective.props("beta-4")


def test_a_run_that_is_kept_is_not_trained_again(nets: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vae_runs, "measure_run", lambda run, dataset: pytest.fail(f"{run} was trained again"))
    assert vae_runs.record(room.RECIPE, nets / "vae-runs")["rates"].keys() == {each["run"] for each in room.RUNS}


def test_a_card_of_runs_says_what_its_networks_reach(nets: Path):
    card = checkpoints.read_json(nets / "vae-runs" / "card.json")
    for name in (each["run"] for each in room.RUNS):
        rows = {each["name"]: each for each in card["rows"] if each["run"] == name}
        assert rows["elbo"]["value"] == pytest.approx(-rows["distortion"]["value"] - rows["rate"]["value"], rel=1e-5)
        assert rows["rate"]["value"] == pytest.approx(sum(card["rates"][name]), abs=1e-3)
        assert [each["epoch"] for each in card["histories"][name]] == [0, 1, 2]


@pytest.mark.parametrize(
    ("function", "given", "said"),
    [
        (vae_room_traverse.one_latent, {"rank": 32}, "the latent must be a number from 0 to 31"),
        (vae_room_traverse.one_latent, {"net": "beta-vae-mnist"}, "the network must be one of vae-mnist"),
        (vae_room_collapse.collapse, {"run": "../plain"}, "the decoder must be one of reach-1"),
        (vae_room_disentangle.one_shape, {"beta": "3"}, "β must be one of 0.5"),
        (vae_room_iwae.bounds, {"picture": {"blank": 1}}, "choose a test image or draw one first"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(function, given: dict, said: str):
    ((name, value),) = given.items()
    with pytest.raises(ValueError, match=said):
        fields.of(function.plain)[name].check(value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((2.0, 1.0, 0.5**0.5, 1), "every weight is p"),
        ((2.0, 0.5, 1.0, 100), "of the gap between the ELBO and log p"),
        ((2.0, 0.5, 1.0, 1.5), "k is 1.5; wanted a whole number"),
        ((2.0, 0.5, 0.0, 1), "σ is 0; wanted a number from 0.05"),
    ],
)
def test_the_live_formula_says_what_it_found(given: tuple, words: str):
    assert words in maths.show_bound(*given)


def test_an_unused_latent_is_said_to_be_unused():
    card = {"rows": [*(row("kl", value, "exact", latent=k) for k, value in enumerate((2.5, 0.001))), row("active", 1)]}
    code = {"mu": [1.2, 0.0], "sigma": [0.1, 1.0], "kl": [3.0, 0.0]}
    said = vae_room_traverse.traverse_answer(card, 1, **code, change=2).words
    assert "The decoder does not use it" in said and "No pixel changes by more than 2" in said
    used = vae_room_traverse.traverse_answer(card, 0, **code, change=250).words
    assert "does not use" not in used and "3.00 of 3.0 nats" in used


def test_the_words_of_bounds_say_by_how_much_the_prior_fails():
    iwae = [{"k": k, "value": value, "se": 0.1, "groups": 5_000 // k} for k, value in ((1, -90.0), (5_000, -84.0))]
    naive = [{"k": 1, "value": -500.0, "se": 2.0}, {"k": 5_000, "value": -150.0, "se": 1.0}]
    found = vae_room_iwae.iwae_answer({"rows": []}, iwae, naive, 40.0, 0.1).to_props()
    assert "lower the bound by 6.00 nats from −ELBO, 90.00" in found["words"] and "66.0 nats more" in found["words"]
    enough = vae_room_iwae.iwae_answer(
        {"rows": []}, iwae, [naive[0], naive[1] | {"value": -84.2}], 40.0, 0.1
    ).to_props()
    assert "they are enough" in enough["words"]
    low, high = vae_room_iwae.range_of(iwae)
    assert low < -90.2 and high > -83.8


def test_each_function_on_the_page_is_one_that_ran(nets: Path):
    ran: set[CodeType] = set()
    model, x = SmallVAE(2, 8, 3), data.bundled_binary_images("mnist")[:2]
    with recording(ran):
        vae_room_traverse.one_latent.props(NET, DIGIT, 0)
        vae_room_iwae.bounds.props(NET, DIGIT, 7)
        vae_room_paths.between.props(NET, DIGIT, OTHER)
        model.training_loss(x, {"epoch": 0}, generator=torch.Generator().manual_seed(0), label=None)
        maths.show_bound(2, 0.5, 1, 10)
        vae_room_disentangle.one_shape.props("4", 7, 0)
        values = torch.cartesian_prod(torch.arange(2), torch.arange(3))
        generator = torch.Generator().manual_seed(0)
        disentangling.gap(disentangling.information(values, torch.ones(6, 2), values, generator), values)
    shared = {each for called in asks.CODE.values() for each in called}
    for shown in TAB.code.values():
        assert all(inspect.unwrap(function).__code__ in ran for function in {*shown} - shared)


def test_every_recorded_run_can_be_chosen():
    recipe = checkpoints.read_json(checkpoints.ROOT / "pretrained" / "vae-runs" / "config.json")
    assert {each["run"] for each in recipe["runs"]} == {*COLLAPSE, *OBJECTIVES}
    shown = checkpoints.read_json(checkpoints.ROOT / "pretrained" / "vae-shapes" / "config.json")
    assert tuple(shown["seeds"]) == BETAS and shown["model"]["latent"] == SHAPE_LATENTS
