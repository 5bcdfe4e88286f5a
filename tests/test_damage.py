"""Whatever is wrong with the files of one network is that network's notice: the page and all the others stay."""

import gc
import json
import resource
import shutil
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import orjson
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from explorer.networks import checkpoints
from explorer.numbers import trained
from explorer.serving.desk import DESK
from explorer.serving.kept import Kept
from explorer.tabs import interface
from explorer.tabs.autoregressive import score as autoregressive_score
from explorer.tabs.compare import real as compare_real
from explorer.tabs.compare import tab as compare
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.gan import generate as gan_generate
from explorer.tabs.gan import learn as gan_learn
from explorer.tabs.gan import rounds as gan_rounds
from explorer.tabs.kit.layout import parts
from explorer.tabs.vae import learn as vae_learn
from explorer.tabs.vae import sample as vae_sample
from tests import tiny_nets
from tests.asking import anything, wait_for

REAL = checkpoints.ROOT / "pretrained"
SMALL = {"encoder": [8, 8], "decoder": [8, 8], "basis": 4}
VAES = {f"beta-vae-{dataset}": SMALL for dataset in ("mnist", "fashion-mnist")}
NETS = tiny_nets.MODELS | tiny_nets.DIFFUSIONS | tiny_nets.GANS | VAES
GAME = "gan-game"
DEEP = "[" * 20_000 + "]" * 20_000
UNREADABLE = [b"", b"{", b"[]", b"null", b"3", b'"x"', b"\xff\xfe", DEEP.encode(), b'{"a": ' + DEEP.encode() + b"}"]
UNREADABLE += [b'{"sha256": NaN}', b'{"a": "\\ud800"}', b'{"a": 1' + b"0" * 400 + b"}", b"{}", b"\x00" * 64]
ODD = st.sampled_from([None, [], {}, "", "x" * 1000, 10**9, 10**18, -1, 0, 1.5, [[]], [None], True, {"1": 1}, [0, 1]])
ODD |= st.sampled_from(["{{latent}}", "\n---\n? a\n- b", "<script>"]) | anything


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny networks of every kind, whose cards and logs are the real ones."""
    folder = tmp_path_factory.mktemp("damage") / "nets"
    tiny_nets.write(folder, NETS)
    for name in NETS:
        card, real = folder / name / "card.json", checkpoints.read_json(REAL / name / "card.json")
        checkpoints.write_json(card, real | {"sha256": checkpoints.read_json(card)["sha256"]})
        config, real = folder / name / "config.json", checkpoints.read_json(REAL / name / "config.json")
        checkpoints.write_json(config, real | {"model": NETS[name]})
        if (REAL / name / "snapshots" / "log.json").exists():
            (folder / name / "snapshots").mkdir()
            shutil.copy(REAL / name / "snapshots" / "log.json", folder / name / "snapshots")
    shutil.copytree(REAL / GAME, folder / GAME)
    return folder


@pytest.fixture(scope="module")
def build(sound: Path) -> Iterator[Callable[[str], gr.Blocks]]:
    """Builds the tab of a network, and the comparison with all the others.

    What knows nothing of networks and takes longest is left out: the server, and the code that is shown.
    """

    def of(name: str) -> gr.Blocks:
        return interface.build([*(tab for tab in interface.TABS if name in tab.nets), compare.TAB])

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(sound))
        patch.setattr("gradio.routes.App.create_app", lambda *args, **kwargs: None)
        patch.setattr(parts, "code", lambda functions: None)
        yield of


def told(demo: gr.Blocks) -> dict[str, str | None]:
    """Error that every stage names for each of its networks, by the tab and the network."""
    orjson.dumps(demo.get_config_file())  # as it is sent
    found = {}
    for block in demo.blocks.values():
        value = block.value if (block.elem_id or "").endswith("-stage") else {}
        for name, each in value.get("nets", {}).items():
            found[f"{value['tab']} {each.get('name', name)}"] = each["error"]
        found |= {f"diffusion score-{name}": each["error"] for name, each in value.get("toys", {}).items()}
        for net, each in value.get("students", {}).items():
            found[f"diffusion {net.replace('diffusion', 'consistency')}"] = each["error"]
        for _, dataset in _entries(value, "compare", "datasets"):
            found |= {f"compare {each['net']}": each["error"] for each in dataset["families"]}
    return found


def _entries(value: dict, tab: str, key: str) -> list[tuple[str, dict]]:
    return list(value[key].items()) if value.get("tab") == tab else []


def notices(demo: gr.Blocks) -> list[str]:
    """The notices on the page."""
    return [block.value for block in demo.blocks.values() if "notice" in (getattr(block, "elem_classes", None) or [])]


def places(content: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place in a JSON file, by the keys and indices that lead there; of a list the first and the last entry."""
    entries = content.items() if isinstance(content, dict) else []
    if isinstance(content, list) and content:
        entries = {0: content[0], len(content) - 1: content[-1]}.items()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(content: Any, path: tuple, change: Callable[[Any, Any], None]) -> bytes:
    """The file with one place changed."""
    content = json.loads(json.dumps(content))
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return json.dumps(content).encode()


@st.composite
def damage(draw: st.DrawFn, sound: Path) -> tuple[str, Path, bytes, bool]:
    """A network, one of its files, what that holds now, and whether the network can certainly not be used."""
    name = draw(st.sampled_from([*NETS, GAME]))
    files = [path for path in sorted((sound / name).rglob("*")) if path.suffix in (".json", ".safetensors")]
    files = [file for file in files if file.parent.name != "runs"]
    path = draw(st.sampled_from([file for file in files for _ in range(1 if file.suffix == ".safetensors" else 3)]))
    raw = path.read_bytes()
    if path.suffix == ".safetensors":
        at = draw(st.integers(0, len(raw) - 1))
        flipped = raw[:at] + bytes([raw[at] ^ draw(st.integers(1, 255))]) + raw[at + 1 :]
        return name, path, draw(st.sampled_from([raw[:at], flipped, raw + b"x", b"", b"\xff" * 16])), True
    if draw(st.integers(0, 3)) == 0:
        found = draw(st.sampled_from([*UNREADABLE, raw[: len(raw) // 2]]))
        return name, path, found, not (name == GAME and found == b"{}") and path.parent.name != "snapshots"
    content = json.loads(raw)
    where, value = draw(st.sampled_from(sorted(places(content), key=str))), draw(ODD)
    removed = draw(st.booleans())
    put = (lambda holder, key: holder.pop(key)) if removed else (lambda holder, key: holder.__setitem__(key, value))
    return name, path, changed(content, where, put), False


@settings(max_examples=16, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_page_opens_whatever_is_wrong_with_one_file_of_one_network(
    sound: Path, build: Callable[[str], gr.Blocks], data: st.DataObject
):
    name, path, content, useless = data.draw(damage(sound))
    whole = path.read_bytes()
    kept = {key: model for key, model in checkpoints._loaded.items() if key[0] != str(sound / name)}
    try:
        path.write_bytes(content)
        demo = build(name)
    finally:
        path.write_bytes(whole)
        checkpoints._loaded.clear()
        checkpoints._loaded.update(kept)
    errors, said = told(demo), notices(demo)
    wrong = {key for key, error in errors.items() if error}
    event(f"{path.name}: {'a notice' if said else 'nothing to say'}")
    assert wrong <= {key for key in errors if key.endswith(f" {name}")}
    assert len(said) == len(wrong) + (name == GAME and bool(said))
    assert all(
        str(sound.parent) not in each and each.endswith(trained.TRAINED_KEPT) and len(each) < 700 for each in said
    )
    if useless and name != GAME:
        assert len(wrong) == len([key for key in errors if key.endswith(f" {name}")]) > 0


@pytest.fixture
def spoilt(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same networks in a folder of their own, to be damaged after the start."""
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(shutil.copytree(sound, tmp_path / "nets")))
    monkeypatch.setattr(DESK, "_kept", Kept(0))  # what was answered before must be asked again
    return tmp_path / "nets"


DRAWING = {"seed": 0, "label": None}
WALK = {"count": 1, "w": 0, "sampler": "ddim", "steps": 1, "eta": 0}
QUESTIONS = [
    (gan_generate.generate, "gan-mnist", DRAWING),
    (gan_learn.training, "gan-mnist", DRAWING),
    (vae_learn.snapshot, "beta-vae-mnist", {"dataset": "mnist", "index": 0, "beta": 1}),
    (vae_sample.sample, "beta-vae-mnist", {"dataset": "mnist", "beta": 1, "seed": 0}),
    (diffusion_shared.reverse, "diffusion-mnist", DRAWING | WALK),
    (autoregressive_score.score, "made-mnist", {"picture": {"kind": "blank"}}),
    (compare_real.one, "pixelcnn-mnist", {"seed": 0}),
]


@pytest.mark.parametrize("content", [b"", b"[]", DEEP.encode(), b'{"sha256": 3, "snapshots": [3]}'])
@pytest.mark.parametrize(("ask", "name", "question"), QUESTIONS, ids=lambda value: getattr(value, "__name__", None))
def test_a_question_to_a_network_that_was_damaged_after_the_start_is_answered_in_a_sentence(
    spoilt: Path, ask: Callable, name: str, question: dict, content: bytes
):
    for path in (spoilt / name).rglob("*"):
        if path.is_file():
            path.write_bytes(content)
    error = wait_for(ask({"net": name} | question))["error"]
    assert f"{name}/" in error and "restore it" in error and str(spoilt.parent) not in error


@pytest.mark.parametrize("row", [3, {"file": 3, "sha256": ""}, {"file": "00.safetensors"}, None])
def test_a_log_that_does_not_name_its_snapshots_is_told_apart_from_a_missing_one(spoilt: Path, row: object):
    checkpoints.write_json(spoilt / "gan-mnist" / "snapshots" / "log.json", {"snapshots": [row], "history": []})
    with pytest.raises(checkpoints.CheckpointError, match=r"gan-mnist/snapshots|snapshots/log\.json"):
        checkpoints.snapshots_of("gan-mnist")


@pytest.mark.parametrize("change", [b"{", b"[]", b'{"frames": 3}', None])
def test_a_recorded_game_that_is_damaged_is_played_live(spoilt: Path, change: bytes | None):
    path = spoilt / GAME / "runs" / "play-ring-wgan-gp-1-0.001-0.001.json"
    kept = checkpoints.read_json(path)
    assert gan_rounds.recorded_film("play", kept["question"]) is not None
    path.write_bytes(change or json.dumps(kept | {"frames": [3]}).encode())
    assert gan_rounds.recorded_film("play", kept["question"]) is None


def test_snapshots_are_kept_in_memory_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    nets = tiny_nets.write_gans(tmp_path / "nets")
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(nets))
    log = checkpoints.snapshots_of("gan-mnist")
    log["snapshots"] = log["snapshots"] * checkpoints.SNAPSHOTS_KEPT
    checkpoints.write_json(nets / "gan-mnist" / "snapshots" / "log.json", log)
    first = checkpoints.snapshot("gan-mnist", 0)
    assert checkpoints.snapshot("gan-mnist", 0) is first
    models = [weakref.ref(checkpoints.snapshot("gan-mnist", index)) for index in range(len(log["snapshots"]))]
    del first
    gc.collect()
    assert sum(model() is not None for model in models) == checkpoints.SNAPSHOTS_KEPT


@pytest.mark.parametrize("wide", [10**9, [10**9], [10_000] * 50, [5_000, 5_000, 5_000]])
def test_a_recipe_of_an_absurd_size_is_refused_before_anything_is_allocated(spoilt: Path, wide: object):
    path = spoilt / "diffusion-mnist" / "config.json"
    checkpoints.write_json(path, checkpoints.read_json(path) | {"model": {"channels": wide}})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(checkpoints.CheckpointError, match="too large|more than 50,000,000 parameters"):
        checkpoints.load("diffusion-mnist")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB
