"""The comparison around its stage: who takes part and why not, live maths, sentences that follow from figures."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import gradio as gr
import pytest
import torch
from torch import Tensor, nn

from explorer import data
from explorer.measures import compare as measures
from explorer.models import MODELS, NETWORKS
from explorer.networks import checkpoints
from explorer.networks.card import find, row
from explorer.numbers.figures import nll
from explorer.numbers.rows import UNKNOWN
from explorer.numbers.trained import read_card
from explorer.spaces import LEVELS
from explorer.steps import Step
from explorer.tabs import interface
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.compare import evidence as compare_evidence
from explorer.tabs.compare import maths as compare_maths
from explorer.tabs.compare import tab as compare
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.discrete_diffusion import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.ask import nets as networks
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.layout import parts
from explorer.tabs.style import tab as style
from explorer.tabs.tokens import tab as tokens
from explorer.tabs.vae import tab as vae
from explorer.tabs.vae_room import tab as room
from tests import tiny_nets
from tests.address import passed_over
from tests.node import call

STAGE = Path(interface.__file__).parents[1] / "stages" / "compare"
STATES = {
    tab.TAB.name: {each.key for each in tab.TAB.fields}
    for tab in (autoregressive, tokens, diffusion, discrete, energy, flow, flow_matching, gan, room, style, vae)
}
TITLES = ("2-latent β-VAE", "32-latent VAE", "PixelCNN", "MADE", "PixelRNN", "GAN", "StyleGAN", "Flow", "Diffusion")
TITLES += (
    "Distilled diffusion",
    "Flow matching",
    "Latent diffusion",
    "Discrete diffusion",
    "Uniform diffusion",
    "RBM",
    "EBM",
    "VQ-VAE",
)


class Cells(nn.Module):
    """A new family: it draws grey images cell by cell and can do nothing else."""

    family = title = "cells"
    space = LEVELS
    cannot = {"log_prob": "cells have no density", "complete": "cells can not be cut", "odd": "no cell is odd"}
    cannot |= {"label": "cells are all alike"}

    def __init__(self, shade: float = 0.5):
        super().__init__()
        self.shade = nn.Parameter(torch.tensor(shade))

    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        for index in range(2):
            yield Step(self.shade * torch.rand(n, 1, 28, 28, generator=generator), index, 2)

    def sample(self, n: int, *, generator: torch.Generator) -> Tensor:
        return list(self.sample_steps(n, generator=generator))[-1].x


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODELS, "cells", Cells)
        patch.setitem(NETWORKS, "cells", Cells)
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write_diffusions(folder)))
        tiny_nets.write(folder)
        tiny_nets.write(
            folder,
            tiny_nets.GANS
            | tiny_nets.STYLEGANS
            | tiny_nets.FLOWS
            | tiny_nets.ENERGIES
            | tiny_nets.DISCRETE
            | tiny_nets.VELOCITIES
            | tiny_nets.VAES
            | tiny_nets.RECURRENT
            | tiny_nets.TOKENS
            | tiny_nets.LATENT_DIFFUSIONS
            | {"cells-mnist": {}},
        )
        yield folder


def value_of(net: str) -> dict:
    return compare.net_of(net).content().value


def code_of(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_who_conditions_fills_in_before_who_searches():
    """On real cards: the autoregressive models, which cost least, come before the GAN's search and the VAEs'."""
    columns = [compare.family_value(net, read_card(net), None) for net in networks.nets_of("mnist")]
    able = [each for each in columns if each["can"]["complete"]]
    costs = {each["family"]: call("questions/race_words.js", "completingCost", each) for each in able}
    order = sorted(costs, key=costs.get)
    searching = {"gan", "stylegan", "beta-vae", "vae"}
    assert set(order[-4:]) == searching
    assert (
        max(costs[each] for each in ("pixelcnn", "made")) < costs["diffusion"] < min(costs[each] for each in searching)
    )


def test_no_line_of_the_comparison_knows_a_family_by_name():
    tabs = Path(compare.__file__).parent
    python = code_of(Path(measures.__file__), *tabs.glob("*.py"))
    found = python + code_of(*STAGE.glob("*.js"))
    assert not re.search(r"family\s*(==|!=|in \()", python)
    for family in MODELS:
        assert not re.search(rf"""["']{family}(-mnist|-fashion-mnist|["']\s*(:|===?|!==?))""", found)
        assert not re.search(rf"""(===?|!==?|case|in \(|\[)\s*["']{family}["']""", found)


def test_who_is_in_models_takes_part(nets: Path):
    assert networks.nets_of("mnist") == [f"{family}-mnist" for family in MODELS if family != "energy"]  # of points
    clothed = ("pixelcnn", "gan", "stylegan", "flow", "diffusion", "latent-diffusion", "vqvae")
    assert networks.nets_of("fashion-mnist") == [f"{family}-fashion-mnist" for family in clothed]
    assert [value_of(net)["title"] for net in networks.nets_of("mnist")] == [*TITLES, "cells"]


def test_a_new_family_takes_part_by_what_it_can_do(nets: Path):
    value = value_of("cells-mnist")
    none = {"label": False, "likelihood": None, "complete": None, "odd": False, "interpolate": False}
    none |= {"compress": None, "learn": False}
    assert value["can"] == {"sample": True} | none
    assert value["cannot"]["log_prob"] == "cells have no density" and value["tab"] is None
    frames = [frame for _, frame in questions.ask_make.props("cells-mnist", 7, None).scenes()]
    assert [frame["index"] for frame in frames] == [0, 1] and frames[-1]["numbers"]["evaluations"] == 2
    picture = ("test", 12, "mnist")
    assert questions.ask_likelihood.props("cells-mnist", picture)["words"] == "cannot, because cells have no density"
    assert questions.ask_anomaly.props("cells-mnist", picture)["words"] == "cannot, because no cell is odd"
    with pytest.raises(ValueError, match="cannot, because cells can not be cut"):
        questions.ask_complete.props("cells-mnist", picture, bytes(98), 7, None)
    with pytest.raises(ValueError, match="cannot, because cells are all alike"):
        questions.ask_make.props("cells-mnist", 7, 3)


@pytest.mark.parametrize("title", TITLES)
def test_what_a_family_cannot_do_it_says_in_a_sentence(nets: Path, title: str):
    value = next(value for value in map(value_of, networks.nets_of("mnist")) if value["title"] == title)
    can, cannot = value["can"], value["cannot"]
    assert can["sample"] and all(can[what] or len(cannot[what]) > 20 for what in ("odd", "complete"))
    assert can["label"] or len(cannot["label"]) > 20
    assert can["likelihood"] == "exact" or len(cannot["log_prob"]) > 20
    assert value["space"] == ("binary" if value["pixels"] == "binary" else "levels")


def test_an_image_leads_to_a_state_that_its_tab_knows(nets: Path):
    values = {net: value_of(net) for net in networks.nets_of("mnist")}
    assert [net for net, value in values.items() if value["tab"] is None] == ["pixelrnn-mnist", "cells-mnist"]
    for net, value in values.items():
        if value["tab"] is None:
            continue
        assert set(value["address"]) <= STATES[value["tab"]]
        assert "{seed}" in value["address"].values()
        assert "{image}" in value["address"].values() or value["address"]["mode"] in ("make", "few"), "all four shown"
        assert ("{label}" in value["address"].values()) == value["can"]["label"]
        shown = {net, "diffusion-mnist"} if net == "consistency-mnist" else {net}  # beside its teacher
        assert shown & set(value["address"].values()) or value["address"]["data"] == "mnist"


def test_likelihoods_are_those_of_each_familys_own_card(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(checkpoints.ROOT / "pretrained"))
    for net, read in (
        ("pixelcnn-mnist", lambda card: find(card, "nll")["value"]),
        ("beta-vae-mnist", lambda card: -find(card, "elbo", beta=1)["value"]),
    ):
        card = compare.net_of(net).content().card
        assert value_of(net)["card"]["nll"]["value"] == pytest.approx(read(card), rel=1e-4)
    card = {"rows": [row("bits_per_dim", 2.0, "bound", se=0.5, n=10)]}
    assert nll(card, LEVELS) == {
        "value": pytest.approx(1568 * math.log(2)),
        "se": pytest.approx(271.7, 1e-3),
        "n": 10,
        "kind": "bound",
        "unit": "nats",
    }
    assert nll({"rows": [row("accuracy", 0.5)]}, LEVELS) is None


def test_a_missing_checkpoint_is_a_notice_and_the_others_are_compared(nets: Path, tmp_path: Path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
        tiny_nets.write(tmp_path)
        (tmp_path / "made-mnist" / "model.safetensors").unlink()
        demo = interface.build([compare.TAB])
    text = "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown))
    assert "made-mnist takes no part: " in text and "### PixelCNN · MNIST" in text


def test_every_preset_names_a_state_of_the_stage():
    links = re.findall(r"\]\(\?([^)]+)\)", (compare.TAB.folder / "try.md").read_text(encoding="utf-8"))
    assert len(links) >= 8
    states = [dict(parse_qsl(link, keep_blank_values=True)) for link in links]
    assert all(state.pop("tab") == "compare" and "mode" in state for state in states)
    assert not passed_over(compare.TAB.fields, states)


def test_every_figure_of_the_texts_is_one_that_is_quoted():
    named = set(
        re.findall(
            r"\{\{(\w+)\}\}",
            (compare.TAB.folder / "try.md").read_text(encoding="utf-8")
            + (compare.TAB.folder / "maths.md").read_text(encoding="utf-8"),
        )
    )
    assert named <= set(compare_evidence.quotes({})) | set(parts.MARKS)
    assert set(compare_evidence.quotes({}).values()) == {UNKNOWN}


def card_of(nats: float, kind: str | None, space: str, auroc: float, milliseconds: float) -> dict:
    kind_of = {"counts": [], "mean": 1234.5, "n": 500, "flagged": 0.25, "auroc": auroc, "se": 0.02}
    odd = {"own": {"mean": 80.5, "n": 500}, "kinds": dict.fromkeys(("fashion-mnist", "blank", "rotated"), kind_of)}
    sampling = {"n": 4, "evaluations": 784, "milliseconds": milliseconds, "runs": 3}
    made = {"command": "python -m explorer.evaluate x --compare", "date": "2026-01-02", "torch": "2", "device": "cpu"}
    found = {"nll": {"value": nats, "kind": kind, "unit": "nats", "n": 10_000}, "kind": kind, "space": space}
    return found | {"compare": {"odd": odd, "sampling": sampling} | made}


CARDS = {
    "One": card_of(80.86, "exact", "binary", 0.03, 130.0),
    "Two": card_of(133.0, "bound", "binary", 0.66, 0.4),
    "Three": {"kind": None, "space": "levels"},
}


def test_sentences_follow_from_the_figures():
    figures = compare_evidence.quotes(CARDS)
    assert figures["likelihood_reading"] == ("of black and white pixels, One 80.86 nats and Two at most 133.0 nats")
    assert figures["blank_reading"].endswith("an AUROC of 0.66 for Two and 0.03 for One")
    assert figures["cost_reading"] == "0.40 ms by Two and 130.0 ms by One"
    assert figures["example"] == "the Two's ELBO is −133.0 nats"


def test_figures_of_other_images_are_told_apart_with_what_others_say_of_the_same():
    few = {"value": 697.0, "kind": "estimate", "unit": "nats", "n": 128}
    few["beside"] = [{"title": "Four", "kind": "bound", "value": 633.0}]
    cards = CARDS | {"Four": card_of(668.9, "bound", "levels", 0.5, 1.0)}
    cards["Five"] = card_of(0, "estimate", "levels", 0.5, 1.0) | {"nll": few}
    assert compare_evidence.quotes(cards)["likelihood_reading"] == (
        "of black and white pixels, One 80.86 nats and Two at most 133.0 nats; "
        "of 256 grey levels, Four at most 668.9 nats; of 256 grey levels and only 128 test images, "
        "Five about 697.0 nats (Four at most 633.0 nats of the same images)"
    )


def test_the_evidence_shows_every_kind_with_its_error_and_count():
    said = compare_evidence.table("x", CARDS["One"])
    assert "| a blank page | 0.03 ± 0.02 | 1234.5 | 25.0 % | 500 |" in said
    assert "evaluated 784 times. That takes 130.0 ms of one thread an image, the median of 3 runs" in said
    assert "Not measured yet: `python -m explorer.evaluate y --compare`" in compare_evidence.table("y", {})
    mute = {"compare": {key: each for key, each in CARDS["One"]["compare"].items() if key != "odd"}}
    assert "AUROC" not in compare_evidence.table("x", mute)


def test_a_uniform_density_is_as_likely_as_any_picture():
    everything = -compare_maths.PIXELS * math.log(256)
    for span in (1.0, 2.0, 256.0):
        density = -compare_maths.PIXELS * math.log(span)
        assert compare_maths.as_probability(density, span) == pytest.approx(everything)
    assert compare_maths.bits_per_dim(everything) == pytest.approx(8)


def test_the_live_auroc_is_that_of_many_pairs():
    own, other = (torch.randn(200_000, generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))
    share = float((1 + 2 * other > 0.5 + 0.7 * own).double().mean())
    assert compare_maths.separation(0.5, 1.0, 0.7, 2.0) == pytest.approx(share, abs=0.005)
    assert compare_maths.separation(0, 0, 1, 1) == 0.5


def test_the_page_shows_numbers_before_anything_is_typed(nets: Path):
    demo = interface.build([compare.TAB])
    text = "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown))
    assert r"= -3047.4 \text{ nats}" in text and r"5.608 \text{ bits/dim, at most}" in text
    assert "= 0.760$$" in text and "[0.22, 0.61]" in text


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        (lambda: compare_maths.show_dequantised(None, 1), "log p is empty"),
        (lambda: compare_maths.show_dequantised(1, 0), "the range of a pixel is 0"),
        (lambda: compare_maths.show_separation(0, 1, -1, 1), "σ is -1"),
        (lambda: compare_maths.show_separation(0, math.nan, 1, 1), "μ′ is not a number"),
        (lambda: compare_maths.show_rounds(21, 20), "k is 21; wanted a number from 0 to 20"),
        (lambda: compare_maths.show_rounds(1.5, 20), "k is 1.5; wanted a whole number"),
    ],
)
def test_the_live_maths_says_which_input_is_wrong(shown, complaint: str):
    assert complaint in shown() and "$" not in shown()


def test_what_the_numbers_mean_is_said_in_words():
    assert "no model can have this density" in compare_maths.show_dequantised(9000, 1)
    assert "may stand beside a network of 256 levels" in compare_maths.show_dequantised(1300, 1)
    assert "**less** unusual" in compare_maths.show_separation(1, 0, 1, 1)
    assert "no better than chance" in compare_maths.show_separation(0, 0, 1, 1)
    assert "holds 0.5" in compare_maths.show_rounds(8, 20)
    assert "does not hold 0.5" in compare_maths.show_rounds(1, 20)


def test_every_data_set_has_a_title():
    assert set(data.TITLES) == set(data.CLASSES) and compare.QUOTED in data.TITLES
    assert compare.title_with_data("made-mnist") == "MADE · MNIST"
