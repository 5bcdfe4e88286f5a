"""The page around the stages: lessons, live maths, evidence, and what a visitor is told when a checkpoint is broken."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import gradio as gr
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from explorer import data
from explorer.lessons import lesson
from explorer.measures import beta_vae as measures
from explorer.networks import checkpoints
from explorer.networks.card import find, row, rows
from explorer.numbers import rows as numbers
from explorer.numbers import trained
from explorer.numbers.figures import nll
from explorer.numbers.rows import UNKNOWN, evidence
from explorer.serving import page
from explorer.spaces import BINARY
from explorer.tabs import interface
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.vae import evidence as vae_evidence
from explorer.tabs.vae import maths as vae_maths
from explorer.tabs.vae import tab as vae
from tests.address import passed_over


def _terms(beta: float, distortion: float, rate: float) -> dict[str, float]:
    means = {"distortion": distortion, "rate": rate, "elbo": -distortion - rate, "objective": distortion + beta * rate}
    return {"beta": beta} | means | {f"{name}_se": 0.21 for name in means}


TERMS = [
    _terms(*each)
    for each in ((0.01, 110.25, 19.5), (1, 125.5, 6.25), (10, 147, 3.25), (50, 206, 0.03), (100, 206.5, 0))
]


def _dedicated(*terms: dict[str, float], epochs: int | None = None) -> dict:
    """Networks trained for one β alone."""
    rows = [each for term in terms for each in measures.as_rows(term, 10_000, 3, network="dedicated")]
    return {"rows": rows, "networks": {f"{term['beta']:g}": {"epochs": epochs} for term in terms} if epochs else {}}


OF = {"unit": "nats", "seed": 3}
FIRST, BLANK = OF | {"set": "first", "n": 200}, OF | {"set": "blank"}
CARD = {
    "rows": [each for term in TERMS for each in measures.as_rows(term, 10_000, 3)]
    + measures.as_rows({"beta": 0.0, "distortion": 98.7, "distortion_se": 0.2}, 10_000, 3),
    "curve": TERMS,
    "dedicated": _dedicated(_terms(1, 124.5, 7)),
    "bounds": {
        "rows": [
            row("elbo", -131.2, "bound", se=0.9, **FIRST),
            row("iwae", -130.1, "bound", se=0.4, k=500, **FIRST),
            row("log_px", -129.5, "exact", se=0.9, **FIRST),
            row("gain", 1.1, se=0.1, k=500, **FIRST),
            row("gap", 1.7, se=0.1, **FIRST),
            row("elbo", -156.2, "bound", se=1.1, n=900, **BLANK),
            row("spread", 36.5, n=900, **BLANK),
            row("log_px", -40.5, "exact", n=1, **BLANK),
            row("gap", 115.7, n=900, **BLANK),
            row("likelier", 0.21, se=0.03, n=200, set="blank", by="bound"),
            row("likelier", 0.96, se=0.01, n=200, set="blank", by="exact"),
        ],
    },
    "prior": {
        "0": {"draws": [0, 3, 90, 40, 60, 70, 80, 50, 7, 600], "codes": [100] * 9 + [60]},
        "1": {"draws": [100] * 9 + [99], "codes": [100] * 10},
        **{"n": 1000, "classifier": "classifier-mnist", "command": "evaluate --only prior", "date": "2026-01-02"},
    },
    "atlas": {"rows": [row("inside", value, beta=beta, radius=3) for beta, value in ((0, 0.7), (1, 0.97))]},
    "n": 10_000,
    "seed": 3,
    "binarisation": "data.binarise(x, seed=3)",
    "command": "python -m explorer.evaluate beta-vae-mnist",
    "date": "2026-01-02",
    "torch": "2.13.0",
    "device": "cpu",
    "sha256": "0123456789abcdef",
}
BETAS = (1, 0.01, 100)
TOURS = sorted(Path(lesson.__file__).parents[1].glob("tabs/*/tour.md"))
CARDS = {vae_evidence.VAE_DIGITS: CARD}
STEP = """
    ---
    title: One
    state: beta=0.5&mode=explore
    after: bg=1
    answer: 2
    ---
    A text
    on two lines.

    ? What will happen?
    - this
      ~ It is near.
    - that

    > The rate is {{rate_one}} nats.
    """


def _lesson(folder: Path, text: str) -> Path:
    path = folder / "lesson.md"
    path.write_text(dedent(text), encoding="utf-8")
    return path


def _live_text(demo: gr.Blocks) -> str:
    return "\n".join(block.value for block in demo.blocks.values() if isinstance(block, gr.Markdown) and block.value)


def test_a_lesson_step_sets_a_state_asks_and_reveals(tmp_path: Path):
    (step,) = lesson.read(_lesson(tmp_path, STEP), {"rate_one": "6.25"}, vae.TAB.fields)
    assert step == {
        "title": "One",
        "state": {"beta": "0.5", "mode": "explore"},
        "after": {"bg": "1"},
        "predict": "A text on two lines.",
        "question": "What will happen?",
        "choices": ["this", "that"],
        "tempts": ["It is near.", ""],
        "answer": 1,
        "hides": False,
        "reveal": "The rate is 6.25 nats.",
    }


SETTING = re.compile(r"[=≤≥] ?[\d,.]+")
NUMBER = re.compile(r"\d[\d,.]*(?: ± [\d.]+)?")


@pytest.mark.parametrize(
    "tab", [tab for tab in interface.TABS if (tab.folder / "tour.md").exists()], ids=lambda tab: tab.name
)
def test_a_reveal_gives_two_of_the_measured_numbers_at_most(tab):
    quotes = tab.quotes({net.name: net.content() for net in tab.shown()})
    for settings, text in lesson.blocks(tab.folder / "tour.md"):
        quoted = re.findall(r"\{\{.*?\}\}", " ".join(line for line in text.splitlines() if line.startswith(">")))
        said = " ".join(numbers.fill(each, quotes) for each in quoted)
        assert len(NUMBER.findall(SETTING.sub("", said))) <= 2, settings


def test_a_lesson_step_may_cover_the_results_of_its_mode(tmp_path: Path):
    covering = STEP.replace("answer: 2", "answer: 2\n    hides: results")
    (step,) = lesson.read(_lesson(tmp_path, covering), {"rate_one": "6.25"}, vae.TAB.fields)
    assert step["hides"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("beta=0.5", "betta=0.5", "unknown state keys"),
        ("state: beta=0.5&mode=explore", "state: beta", "no query string"),
        ("answer: 2", "answer: 3", "from 1 to 2"),
        ("- that", "", "two to four"),
        ("answer: 2", "answer: 1", "why the right answer tempts"),
        ("- that", "~ Twice.", "below a choice of its own"),
        ("- this", "", "below a choice of its own"),
        ("? What will happen?", "", "one \\? question"),
        ("> The rate", "The rate", "a > reveal"),
        ("{{rate_one}}", "{{rate_two}}", "unknown figure"),
        ("title: One", "titel: One", "title, state"),
        ("answer: 2", "answer: 2\n    hides: all", "wanted results"),
    ],
)
def test_a_lesson_that_breaks_the_format_is_refused(tmp_path: Path, old: str, new: str, complaint: str):
    with pytest.raises(lesson.LessonError, match=complaint):
        lesson.read(_lesson(tmp_path, STEP.replace(old, new)), {"rate_one": "6.25"}, vae.TAB.fields)


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.parent.name)
def test_every_wrong_choice_of_a_tour_says_why_it_tempts(path: Path):
    for settings, text in lesson.blocks(path):
        right = int(dict(lesson.setting(line) for line in settings.strip().splitlines())["answer"]) - 1
        choices = [part.partition("\n> ")[0] for part in text.split("\n- ")[1:]]
        assert ["\n  ~ " in choice for choice in choices] == [place != right for place in range(len(choices))], settings


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.parent.name)
def test_no_title_of_a_tour_has_a_word_that_only_the_right_answer_has(path: Path):
    for settings, text in lesson.blocks(path):
        known = dict(lesson.setting(line) for line in settings.strip().splitlines())
        asked, *choices = text.partition("\n> ")[0].split("\n- ")
        right = choices.pop(int(known["answer"]) - 1)
        assert not _words(known["title"]) & _words(right) - _words(" ".join([asked, *choices])), known["title"]


def _words(text: str) -> set[str]:
    return set(re.findall("[a-z]{4,}", text.lower()))


@pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)
def test_each_preset_leads_to_a_state_of_its_own_that_is_not_the_one_its_mode_opens_with(tab: Tab):
    """A preset resets every field that it does not name, so one that names what is there at first does nothing."""
    initial = {each.key: each.default for each in tab.fields}
    for mode, tries in {**tab.tries, **{mode: panel.tries for mode, panel in tab.panels.items()}}.items():
        states = {label: json.dumps(initial | patch, sort_keys=True) for label, patch, *_ in tries}
        opening = json.dumps(initial, sort_keys=True)
        assert [label for label, state in states.items() if state == opening] == [], mode
        assert len(set(states.values())) == len(tries), mode


def test_every_tab_has_a_glyph_of_its_own_in_the_navigation():
    places = {tab: int(at) for tab, at in re.findall(r'\[data-tab="(.+?)"\]\{--at:(\d+);\}', page.STYLE)}
    assert set(places) == {tab.name for tab in interface.TABS}
    assert [*places.values()] == [*range(len(places))]
    assert re.findall(r"translate\(0 (\d+)\)", page.STYLE) == [str(18 * at) for at in places.values()]


@pytest.mark.parametrize("count", [1, parts.OPEN_NOTICES, parts.OPEN_NOTICES + 1])
def test_notices_that_would_hide_the_stage_fold_under_their_number(count: int):
    with gr.Blocks() as blocks:
        parts.notices([f"The Hub does not answer, {each}" for each in range(count)])
    said = [each for each in blocks.blocks.values() if isinstance(each, gr.Markdown)]
    folds = [each for each in blocks.blocks.values() if isinstance(each, gr.Accordion)]
    assert len(said) == count and [each.value[-1] for each in said] == [str(each) for each in range(count)]
    assert [str(count) in each.label and not each.open for each in folds] == [True] * (count > parts.OPEN_NOTICES)


def test_every_step_of_the_lesson_sets_a_state_that_the_address_takes():
    tour = vae.TAB.tour(vae_evidence.quotes(CARDS))
    assert len(tour) == 9
    assert all("mode" in step["state"] for step in tour)
    assert not passed_over(vae.TAB.fields, [step[when] for step in tour for when in ("state", "after")])


@given(st.floats(-30, 30), st.floats(0.01, 30))
def test_the_live_kl_is_that_of_torch(mu: float, sigma: float):
    one = torch.tensor(1.0, dtype=torch.float64)
    wanted = kl_divergence(Normal(mu * one, sigma * one), Normal(0 * one, one)).item()
    assert vae_maths.kl(mu, sigma) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_a_worked_example_is_on_the_page_before_anything_is_typed():
    text = _live_text(interface.build([vae.TAB]))
    assert r"2.318\ \text{nats}" in text
    assert "1.8271" in text and "-0.9672" in text  # all digits
    assert r"[1.827,\ -0.968]" in text  # as printed, with σ rounded first


@given(st.floats(-10, 10), st.floats(-5, 5), st.floats(-4, 4))
def test_the_live_draw_is_that_of_torch(mu: float, log_var: float, eps: float):
    mean, log_variance = torch.tensor([mu, log_var], dtype=torch.float64)
    q = Normal(mean, (0.5 * log_variance).exp())
    z = vae_maths.reparameterise(mu, log_var, eps)
    assert z == pytest.approx((q.mean + q.stddev * eps).item(), abs=1e-9)


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        ((None, 1.0), "μ is empty"),
        ((0.0, 0.0), "σ is 0"),
        ((0.0, -2.0), "σ is -2"),
        ((math.nan, 1.0), "μ is not a number"),
        ((0.0, 1e9), "σ is 1e+09"),
        (("2", 1.0), "μ is not a number"),
    ],
)
def test_the_live_kl_says_which_input_is_wrong(inputs: tuple, complaint: str):
    assert complaint in vae_maths.show_kl(*inputs)
    assert "$$" not in vae_maths.show_kl(*inputs)


def test_the_live_draw_says_which_input_is_wrong():
    assert "log σ²₂ is 99" in vae_maths.show_reparameterise(0, 0, 0, 99, 0, 0)
    assert "ε₁ is empty" in vae_maths.show_reparameterise(0, 0, 0, 0, None, 0)


def test_the_text_quotes_the_card():
    figures = vae_evidence.quotes(CARDS)
    assert figures["rate beta=0.01"] == "19.50" and figures["rate beta=1"] == "6.25"
    assert figures["collapse_beta"] == "50" and figures["-elbo beta=1"] == "131.8"
    assert figures["gap set=first:±"] == "1.7 ± 0.1" and figures["gap set=first:n"] == "200"
    assert "70 % of the codes at β = 0" in figures["spread_reading"]
    assert set(vae_evidence.quotes({})) == set(figures)


def test_what_draws_of_the_prior_miss_is_read_off_the_counts():
    figures = vae_evidence.quotes(CARDS)
    missed, whole = figures["prior_reading"].split("; ")
    assert "“0” in none, “1” in 3 and “8” in 7" in missed and "at least 60 times" in whole
    assert "At β = 1 it sees every class, 99 to 100 times." in whole
    alike = CARD | {"prior": CARD["prior"] | {"0": CARD["prior"]["1"]}}
    assert (
        "decoded at β = 0, a classifier sees every class"
        in vae_evidence.quotes({vae_evidence.VAE_DIGITS: alike})["prior_reading"]
    )


def test_each_figure_of_the_blank_page_says_which_it_is():
    reading = vae_evidence.quotes(CARDS)["page_reading"]
    bound, exact = reading.split(". Exactly ")
    assert "By its bound it costs 156.2 nats, less than 21.0 ± 3.0 % of the first 200 test digits" in bound
    assert "40.50 nats, less than 96.0 ± 1.0 %" in exact


def test_the_comparison_is_told_by_how_much_the_bound_falls_short():
    likelier = {"value": 0.96, "se": 0.01, "n": 200}
    assert nll(CARD, BINARY)["gap"] == {"value": 1.7, "se": 0.1, "n": 200, "blank": 115.7, "likelier": likelier}
    first = {"rows": [row for row in CARD["bounds"]["rows"] if row["set"] == "first"]}
    assert nll(CARD | {"bounds": first}, BINARY)["gap"] == {"value": 1.7, "se": 0.1, "n": 200}
    assert "gap" not in nll(CARD | {"bounds": {}}, BINARY)


def test_what_stands_under_each_other_is_of_the_same_images():
    lines = [line for line in evidence(CARD, vae_evidence.TITLES).splitlines() if "| 200 |" in line]
    assert len(lines) == 5 and all("first 200 test images |" in line for line in lines)
    assert sum("paired" in line for line in lines) == 2


def test_the_evidence_shows_a_figure_with_its_error_count_and_seed():
    table = evidence(CARD, vae_evidence.TITLES)
    line = next(line for line in table.splitlines() if "all test images" in line)
    assert "131.8 ± 0.2 nats" in line and "10,000" in line and "| 3 |" in line and "≤ bound" in line


def test_the_evidence_compares_each_beta_with_networks_trained_for_it():
    lines = vae_evidence.by_beta(CARD).replace("\u00a0", " ").splitlines()
    ours = next(line for line in lines if line.startswith("| 1 |"))
    assert "| 131.8 ± 0.2 | 131.8 ± 0.2 | 131.5 ± 0.2 | 7.0 ± 0.2 | 1.002 |" in ours
    assert lines[-1].startswith("| 100 |") and lines[-1].endswith("| – | – | – |")


def test_the_reading_is_chosen_by_the_figures():
    alone = [_terms(1, distortion, 6) for distortion in (124.5, 130)]
    behind, ahead = (
        vae_evidence.reading(CARD | {"dedicated": _dedicated(terms, epochs=30), "recipe": {"epochs": 80}})
        for terms in alone
    )
    assert "behind at β = 1 (by 1.0 %)" in behind and "+0.2 (β = 1) nats" in behind
    assert "probably" not in behind and "behind none" in ahead
    spends = vae_evidence.reading(
        CARD | {"dedicated": _dedicated(_terms(1, 124.5, 1), epochs=30), "recipe": {"epochs": 80}}
    )
    assert "for 80 epochs and our dedicated ones for 30" in spends
    less = vae_evidence.reading(
        CARD | {"dedicated": _dedicated(alone[0], _terms(10, 147, 4), epochs=30), "recipe": {"epochs": 80}}
    )
    assert "−0.8 (β = 10)" in less and "probably" not in less
    assert vae_evidence.NOTHING_BESIDE in vae_evidence.reading(CARD | {"dedicated": _dedicated()})
    assert "below 0.05 nats from β = 50" in behind
    assert "at no measured β" in vae_evidence.reading(CARD | {"curve": TERMS[:3]})


def test_the_cards_that_travel_with_the_app_leave_nothing_unmeasured():
    assert UNKNOWN not in vae_evidence.quotes({vae_evidence.VAE_DIGITS: trained.read_card("beta-vae-mnist")}).values()
    for dataset in data.TITLES:
        assert "lacks" not in vae_evidence.tables(dataset, trained.read_card(f"beta-vae-{dataset}"))


def test_the_answers_of_the_lesson_are_what_the_card_says():
    card = trained.read_card("beta-vae-mnist")
    steps = vae.TAB.tour(vae_evidence.quotes({vae_evidence.VAE_DIGITS: card}))
    tour = {step["title"]: step for step in steps}
    one, low, high = ({each["name"]: each["value"] for each in rows(card, beta=beta, network=None)} for beta in BETAS)
    assert "as at β = 1" in _answer(tour["Between codes without a KL term"])
    assert "shrinks" in _answer(tour["A price for the code"])
    plain, standard = (find(card, "inside", beta=beta, radius=3)["value"] for beta in (0, 1))
    assert plain < standard
    assert "same average image" in _answer(tour["A higher price"]) and high["rate"] < vae_evidence.COLLAPSED
    assert "D falls, R rises more" in _answer(tour["The two terms of the ELBO"])
    assert low["distortion"] < one["distortion"] and low["elbo"] < one["elbo"]


def _answer(step: dict) -> str:
    return step["choices"][step["answer"]]


def test_a_card_without_figures_says_how_to_measure():
    assert "python -m explorer.evaluate" in vae_evidence.tables("MNIST", {"sha256": "00"})
    assert set(vae_evidence.quotes({}).values()) == {UNKNOWN}


def test_a_broken_checkpoint_becomes_a_notice_and_the_page_still_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    demo = interface.build()
    text = _live_text(demo)
    assert "MNIST cannot be shown: there is no checkpoint" in text and "python -m explorer.train" in text
    stage = next(block for block in demo.blocks.values() if block.elem_id == "vae-stage")
    assert "there is no checkpoint" in stage.value["nets"]["mnist"]["error"]
    assert "2.318" in text


def test_the_other_data_set_survives_a_broken_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = "beta-vae-fashion-mnist"
    (tmp_path / name).symlink_to(checkpoints.ROOT / "pretrained" / name)
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    demo = interface.build([vae.TAB])
    stage = next(block for block in demo.blocks.values() if block.elem_id == "vae-stage")
    assert stage.value["nets"]["mnist"]["error"]
    assert stage.value["nets"]["fashion-mnist"]["error"] is None


def test_a_tab_cannot_take_a_name_that_every_stage_has():
    taken = replace(vae.TAB, value=lambda found: {"tour": [], "tries": {}, "own": 1})
    with pytest.raises(ValueError, match="vae: every stage has its own tour, tries$"):
        taken.to_props({}, vae.TAB.quotes({net.name: net.content() for net in vae.TAB.shown()}))
