"""Networks of visitors' own: what is opened and what is refused, for whom, how many, and for how long."""

import gc
import json
import struct
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from explorer import data
from explorer.fields import Field
from explorer.networks import checkpoints, opened, opening
from explorer.networks.checkpoints import CheckpointError
from explorer.networks.opened import Files, OpenError
from explorer.running.received import POINTER
from explorer.serving import work
from explorer.serving.gate import Gate
from explorer.serving.opened import OPEN
from explorer.tabs import families, opener
from explorer.tabs.autoencoders import pull as autoencoders_pull
from explorer.tabs.compare import compress as compare_compress
from explorer.tabs.diffusion import guidance as diffusion_guidance
from explorer.tabs.diffusion import travel as diffusion_travel
from explorer.tabs.kit.ask import nets, questions
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.tokens import surprise as tokens_surprise
from tests import tiny_nets
from tests.asking import wait_for, watched
from tests.test_extra import OF_DIGITS, PLANES

PAGE, OTHER, HERE = "0" * 32, "1" * 32, "127.0.0.1"
MADE = {"made-mnist": tiny_nets.MODELS["made-mnist"]}
PICTURE = {"test": 3, "set": "mnist"}
ALONE = {"pixelrnn", "consistency"}
"""Families whose networks stand in Compare alone."""


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is opened in a test out of the other tests."""
    monkeypatch.setattr(opened, "_open", {})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_nets.write(tmp_path_factory.mktemp("files"), OF_DIGITS)


def files(folder: Path, net: str = "made-mnist", card: bool = True) -> Files:
    parts = [(folder / net / name).read_bytes() for name in (opening.RECIPE, opening.WEIGHTS, opening.CARD)]
    return Files(*parts) if card else Files(*parts[:2])


def changed(found: Files, **recipe: object) -> Files:
    return Files(json.dumps(json.loads(found.recipe) | recipe).encode(), found.weights)


def open_one(found: Files, page: str = PAGE, address: str = HERE) -> dict:
    return opener.open_files(page, address, found)


@pytest.mark.parametrize("net", [*sorted(OF_DIGITS), *PLANES])
@pytest.mark.parametrize("card", [True, False])
def test_a_network_of_each_family_opens_with_its_entry_and_its_column(net: str, card: bool, folder: Path):
    place = folder if net in OF_DIGITS else checkpoints.ROOT / "pretrained"
    shown = open_one(files(place, net, card))
    name, family = shown["net"], nets.family_of(shown["net"])
    assert opened.is_name(name) and name.startswith(f"{net}-") and len(name) <= 80
    assert checkpoints.load(name) is checkpoints.load(name) and checkpoints.exists(name)
    assert (shown["tab"] is None) == (family in ALONE)
    assert (shown["column"] is None) == ("autoencoder" in family)
    if shown["column"]:
        assert shown["column"]["error"] is None and shown["column"]["title"].endswith("· your network")
    if shown["tab"]:
        tab = next(tab for tab in families.TABS if tab.name == shown["tab"])
        assert shown["value"]["column"]["net"] == name and shown["address"]["tab"] == tab.name
        assert shown["address"][shown["key"]] == name and "{" not in "".join(shown["address"].values())
        kind = next(field.kind for field in tab.fields if field.key == shown["key"])
        assert kind.check(name, "the network") == name and name not in kind.choices


def test_without_a_card_nothing_is_measured_and_with_one_its_figures_stand(folder: Path):
    plain = open_one(files(folder, card=False))
    measured = open_one(files(checkpoints.ROOT / "pretrained", "made-mnist"))
    assert plain["column"]["card"]["nll"] is None and measured["column"]["card"]["nll"]["value"] > 50


@pytest.mark.parametrize(
    ("net", "ask", "argument", "said"),
    [
        ("vqvae-mnist", tokens_surprise.surprise, {"picture": PICTURE, "token": 3}, "−log p(x) is at most"),
        (PLANES[3], autoencoders_pull.residual_field, {"sigma": 0, "exact": "clean", "drops": []}, "was not measured"),
    ],
)
def test_an_answer_without_what_was_measured_says_the_rest(net: str, ask: Callable, argument: dict, said: str):
    opens = open_one(files(checkpoints.ROOT / "pretrained", net, card=False))["net"]
    assert said in wait_for(ask({"net": opens} | argument))["words"]


def test_a_diffusion_stands_beside_the_vae_and_the_classifier_of_its_data_set(folder: Path):
    net = open_one(files(folder, "diffusion-mnist"))["net"]
    scenes = diffusion_travel.travel.props(net, ("test", 3, "mnist"), ("test", 4, "mnist"), 1).scenes()
    assert next(scenes)[1]["pictures"]["vae"]
    assert len(diffusion_guidance.classify(net, bytes(8 * 784)).view["classes"]) == 8


def test_it_draws_as_the_same_network_on_the_disk_does(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(folder))
    monkeypatch.setattr(checkpoints, "_loaded", {})
    net = open_one(files(folder))["net"]
    ask = {each.__name__: each for each in questions.SERVER_FUNCTIONS}

    async def drawn(net: str) -> list[dict]:
        _, frames, _ = await watched(ask, "ask_make", {"net": net, "seed": 3, "label": None})
        return [frame["x"] for frame in frames]

    assert wait_for(drawn(net)) == wait_for(drawn("made-mnist"))


def test_it_compresses_and_reads_its_own_file(folder: Path):
    net = open_one(files(folder))["net"]
    found = wait_for(compare_compress.compress({"net": net, "x": PICTURE}))
    back = wait_for(compare_compress.decompress({"file": found["file"]}))
    space = checkpoints.load(net).space
    expected = space.encode(data.read(("test", 3, "mnist"), space))
    assert back["net"] == net and back["values"] == expected


LIES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a recipe that is no JSON": (lambda f: Files(b"{", f.weights), "config.json is not JSON"),
    "a recipe that is a list": (lambda f: Files(b"[1]", f.weights), "lacks its “family”"),
    "a deep recipe": (lambda f: Files(b"[" * 9_000 + b"]" * 9_000, f.weights), "config.json"),
    "a recipe without a model": (lambda f: changed(f, model=None), "lacks its “model”"),
    "an unknown family": (lambda f: changed(f, family="perceptron"), "family “perceptron”. The page opens no"),
    "a family that no tab asks": (lambda f: changed(f, family="wavenet"), "family “wavenet”. The page opens no"),
    "an unknown data set": (lambda f: changed(f, dataset="cifar"), "data set “cifar”. The page has no such"),
    "points of a family of images": (lambda f: changed(f, dataset="moons"), "this family has none of that kind"),
    "other widths": (lambda f: changed(f, model={"widths": [24, 25]}), "shape"),
    "another argument": (lambda f: changed(f, model={"widths": [24, 24], "depth": 3}), "describes no network"),
    "huge widths": (lambda f: changed(f, model={"widths": [10**9]}), "asks for “widths” 1e+09"),
    "widths within the bounds of one": (lambda f: changed(f, model={"widths": [1_500] * 4}), "MB of weights"),
    "many widths": (lambda f: changed(f, model={"widths": [1] * 9}), "9 numbers as “widths”, and at most 4"),
    "widths in a list": (lambda f: changed(f, model={"widths": [[9], [9]]}), "no number and no list of numbers"),
    "widths of text": (lambda f: changed(f, model={"widths": "9" * 99}), "too long"),
    "a Git LFS pointer": (lambda f: Files(f.recipe, POINTER + b"v1\nsize 9\n"), "is a Git LFS pointer, not the file"),
    "a recipe that is a pointer": (lambda f: Files(POINTER + b"v1\n", f.weights), "config.json is a Git LFS pointer"),
    "a pickle": (lambda f: Files(f.recipe, b"\x80\x02}q\x00."), "is a pickle"),
    "a pickle of torch": (lambda f: Files(f.recipe, b"PK\x03\x04" + bytes(99)), "is a pickle"),
    "no weights": (lambda f: Files(f.recipe, b""), "damaged or cut short"),
    "weights cut short": (lambda f: Files(f.recipe, f.weights[:-9]), "damaged or cut short"),
    "a header that is too long": (lambda f: Files(f.recipe, struct.pack("<Q", 2**60) + f.weights[8:]), "damaged"),
    "a tensor that is not finite": (lambda f: Files(f.recipe, poisoned(f.weights, float("nan"))), "not finite"),
    "a tensor that is infinite": (lambda f: Files(f.recipe, poisoned(f.weights, float("inf"))), "not finite"),
    "a tensor that is infinite in the network's precision": (
        lambda f: Files(f.recipe, doubled(f.weights)),
        "not finite",
    ),
    "complex tensors": (lambda f: Files(f.recipe, cast(f.weights, torch.complex64)), "not in real numbers"),
    "empty tensors in a header of 2 MB": (lambda f: Files(f.recipe, emptied(30_000)), "has a header of 2,"),
    "empty tensors in a header of .5 MB": (lambda f: Files(f.recipe, emptied(9_000, "{}")), "holds 9,000 tensors"),
    "a header of other forms": (lambda f: Files(f.recipe, headed({"a": {"dtype": [], "shape": 3}})), "damaged"),
    "a data type that is a list": (lambda f: Files(f.recipe, relisted(f.weights)), "not in real numbers"),
    "a tensor too many": (lambda f: Files(f.recipe, save(load(f.weights) | {"more": torch.zeros(1)})), "more"),
    "a tensor of another shape": (lambda f: Files(f.recipe, reshaped(f.weights)), "with shape"),
    "a card that is no JSON": (lambda f: Files(f.recipe, f.weights, b"-"), "card.json is not JSON"),
    "a card of other weights": (
        lambda f: Files(f.recipe, f.weights, b'{"sha256": "00", "training": {}}'),
        "measured on other weights",
    ),
    "a card without figures": (
        lambda f: Files(f.recipe, f.weights, json.dumps(json.loads(f.card) | {"rows": [{"value": "much"}]}).encode()),
        "rows that are no figures",
    ),
    "a card of nonsense": (
        lambda f: Files(f.recipe, f.weights, f.card[:-2] + b', "quality": ' + b"[" * 900 + b"]" * 900 + b"}"),
        "makes no sense",
    ),
}


def cast(weights: bytes, dtype: torch.dtype) -> bytes:
    return save({name: each.to(dtype) for name, each in load(weights).items()})


def doubled(weights: bytes) -> bytes:
    """Weights that are finite as they are stored: 1e300 in double precision."""
    return poisoned(cast(weights, torch.double), 1e300)


def headed(header: dict) -> bytes:
    raw = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(raw)) + raw


def emptied(count: int, name: str = "tensor number {}") -> bytes:
    return headed({name.format(k): {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for k in range(count)})


def relisted(weights: bytes) -> bytes:
    header = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])
    return headed({name: each | {"dtype": [[]]} for name, each in header.items()})


def poisoned(weights: bytes, value: float) -> bytes:
    tensors = load(weights)
    next(iter(tensors.values())).view(-1)[0] = value
    return save(tensors)


def reshaped(weights: bytes) -> bytes:
    tensors = load(weights)
    name = next(name for name, each in tensors.items() if each.ndim == 2)
    return save(tensors | {name: tensors[name].flatten()})


@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_network_is_refused_in_a_sentence(lie: str, folder: Path):
    change, said = LIES[lie]
    with pytest.raises(OpenError, match="(?s)^[A-Za-z].*[.)]$") as no:
        open_one(change(files(folder)))
    assert said in str(no.value) and str(checkpoints.ROOT) not in str(no.value)
    assert not opened._open


NAMES_LIE = [lie for lie in LIES if "tensors" in lie or "tensor of another" in lie or "tensor too many" in lie]


@pytest.mark.parametrize("lie", NAMES_LIE)
def test_no_tensor_is_made_before_names_and_shapes_agree(lie: str, folder: Path, monkeypatch: pytest.MonkeyPatch):
    found = LIES[lie][0](files(folder))
    monkeypatch.setattr(checkpoints, "parse_tensors", lambda raw: pytest.fail("tensors were made"))
    with pytest.raises(OpenError):
        open_one(found)


def test_a_fault_with_a_network_of_a_visitor_is_not_called_ours(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Finite weights may still give values that are not: what fails for them is no fault of this server."""
    net = open_one(files(folder))["net"]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")

    monkeypatch.setattr(checkpoints.load(net), "log_prob", fail)
    assert wait_for(questions.ask_likelihood({"net": net, "picture": PICTURE}))["error"] == work.NOT_OURS
    assert work.sentence(RuntimeError(), "a film", "made-mnist") == work.BROKEN


@pytest.mark.parametrize("lie", ["huge widths", "widths within the bounds of one", "other widths", "a pickle"])
def test_a_lie_costs_no_memory_for_weights(lie: str, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoints, "build", lambda recipe: pytest.fail("the network was built"))
    started = time.thread_time()
    with pytest.raises(OpenError):
        open_one(LIES[lie][0](files(folder)))
    assert time.thread_time() - started < 5


PADDED = {"channels": 8, "dilations": [1, 9_000], "levels": 2, "classes": 10}


def test_a_number_that_no_weight_shows_is_bounded_too(folder: Path):
    """A wide dilation needs no weight more, and much memory to draw."""
    with pytest.raises(OpenError, match="asks for “dilations” 9000, and at most"):
        open_one(changed(files(folder, "pixelcnn-mnist"), model=PADDED))


def test_a_page_opens_only_so_many_and_so_do_an_address_and_all(folder: Path, monkeypatch: pytest.MonkeyPatch):
    found = files(folder)
    monkeypatch.setattr(opened, "OF_PAGE", 2)
    monkeypatch.setattr(opened, "OF_ADDRESS", 3)
    monkeypatch.setattr(opened, "OF_ALL", 4)
    titles = [open_one(found)["column"]["title"] for _ in range(2)]
    assert titles == ["MADE · your network", "MADE · your network 2"]
    with pytest.raises(OpenError, match="A page opens at most 2 networks"):
        open_one(found)
    open_one(found, OTHER)
    with pytest.raises(OpenError, match="Too many networks are open"):
        open_one(found, "2" * 32)
    open_one(found, "2" * 32, "another address")
    with pytest.raises(OpenError, match="Too many networks are open"):
        open_one(found, "3" * 32, "a third address")


def test_all_of_them_take_only_so_many_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    found = files(folder)
    shown = open_one(found)
    size = opened.find(shown["net"]).size
    assert size == sum(each.numel() * 4 for each in checkpoints.load(shown["net"]).state_dict().values())
    monkeypatch.setattr(opened, "BYTES", 2 * size)
    second = open_one(found)
    with pytest.raises(OpenError, match="Too many networks are open"):
        open_one(found)
    opened.close([second["net"]])
    open_one(found)


def test_two_pages_have_two_names_and_a_name_is_not_to_be_guessed(folder: Path):
    one, other = (open_one(files(folder), page)["net"] for page in (PAGE, OTHER))
    assert one != other and one.rpartition("-")[0] == other.rpartition("-")[0]
    assert len(set(one.rpartition("-")[2])) > 4  # of 20 digits
    guess = f"made-mnist{opened.MARK}{'0' * opened.OPENED_DIGITS}"
    assert wait_for(questions.ask_likelihood({"net": guess, "picture": PICTURE}))["error"] == opened.OPENED_GONE
    assert wait_for(questions.ask_likelihood({"net": one, "picture": PICTURE}))["kind"] == "exact"


def test_no_list_of_the_server_names_it(folder: Path):
    net = open_one(files(folder))["net"]
    assert net not in nets.comparison_nets("mnist") and net not in json.dumps(checkpoints.names())
    assert all(net not in tab.nets for tab in families.TABS)
    with pytest.raises(ValueError) as no:
        Field("net", nets.Network(), title="the network").check(
            "made-mnist-x",
        )
    assert net not in str(no.value)


def test_a_tab_takes_no_network_of_another_family(folder: Path):
    net = open_one(files(folder))["net"]
    for tab in families.TABS:
        takes = [field.key for field in tab.fields if isinstance(field.kind, nets.Nets) and field.kind.takes(net)]
        assert takes == (["net"] if tab.name == "ar" else [])


def test_a_closed_network_is_gone_and_its_memory_is_free(folder: Path):
    net = open_one(files(folder))["net"]
    ask = {each.__name__: each for each in questions.SERVER_FUNCTIONS}
    wait_for(watched(ask, "ask_make", {"net": net, "seed": 3, "label": None}))
    model = weakref.ref(checkpoints.load(net))
    opened.close([net, "made-mnist", "nothing"])
    gc.collect()
    assert model() is None and checkpoints.load("made-mnist") is not None
    assert wait_for(questions.ask_make({"net": net, "seed": 4, "label": None})) == {"error": opened.OPENED_GONE}
    for asked in (checkpoints.load, checkpoints.card_of, checkpoints.recipe_of, opened.find):
        with pytest.raises(OpenError, match="no longer open"):
            asked(net)
    assert not checkpoints.exists(net)


def test_an_idle_network_is_closed_and_one_in_use_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch):
    now = time.monotonic()
    monkeypatch.setattr(opened.time, "monotonic", lambda: now)
    one, other = open_one(files(folder))["net"], open_one(files(folder))["net"]
    now += opened.IDLE - 1
    checkpoints.load(one)
    now += 2
    assert checkpoints.exists(one) and not checkpoints.exists(other)
    now += opened.IDLE - 3
    assert checkpoints.exists(one)
    now += 2
    assert not checkpoints.exists(one) and not opened._open


def test_a_gone_network_and_a_name_of_nonsense_are_told_apart():
    known = {"net": Field("net", nets.Network(), title="the network")}
    gone = f"made-mnist{opened.MARK}{'a' * opened.OPENED_DIGITS}"
    with pytest.raises(ValueError, match="no longer open"):
        arguments(known, {"net": gone})
    for odd in (
        f"x{gone}",
        f"{gone}b",
        f"perceptron{opened.MARK}{'a' * opened.OPENED_DIGITS}",
        gone.upper(),
        [gone],
        None,
    ):
        with pytest.raises(ValueError, match="must be one of"):
            arguments(known, {"net": odd})


def test_files_of_the_disk_still_have_their_own_errors():
    with pytest.raises(CheckpointError):
        checkpoints.card_of("made-nothing")


@pytest.mark.parametrize("setting", ["EXPLORER_MODELS", "SPACES_ZERO_GPU"])
def test_a_process_that_does_not_ask_networks_itself_opens_none(setting: str, monkeypatch: pytest.MonkeyPatch):
    assert opener.is_offered()
    monkeypatch.setenv(setting, "http://replicas.example")
    assert not opener.is_offered()


def test_a_gate_without_it_has_no_such_door():
    items: list[dict] = []

    async def asked() -> None:
        headers = [(b"content-type", b"application/octet-stream"), (b"content-length", b"4")]
        scope = {"type": "http", "method": "POST", "path": OPEN, "query_string": b"", "headers": headers}

        async def receive() -> dict:
            return {"type": "http.request", "body": b"0000", "more_body": False}

        async def send(message: dict) -> None:
            items.append(message)

        await Gate(None, {}, {}, {})(scope | {"client": ("1.2.3.4", 5)}, receive, send)

    wait_for(asked())
    assert items[0]["status"] == 404
