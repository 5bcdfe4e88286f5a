"""Terms are explained where a text first uses them, and nowhere else."""

import pytest
from playwright.sync_api import Page

from explorer.lessons import glossary


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The ELBO, and the ELBO again.", ["ELBO"]),
        ("An evidence lower bound is an ELBO.", ["evidence lower bound"]),
        ("Latents, not latent-free", ["Latents"]),
        ("Images are made by MADE", ["MADE"]),
        ("A KL divergence in nats", ["KL divergence", "nats"]),
        ("A learning rate, a critic's score", []),
        ("### ELBO\n\nno more", []),
        ("$ELBO$, `nats`, [a latent](?tab=vae), <a href='#'>energy</a> and $$\nDDPM\n$$", []),
    ],
)
def test_a_term_is_explained_once_and_only_in_prose(text: str, found: list[str]):
    (result,) = glossary.explain([text])
    pieces = result.split('<span class="term"')
    assert [piece.partition(">")[2].partition("<")[0] for piece in pieces[1:]] == found
    assert len(pieces) == len(found) + 1


def test_what_one_text_explained_the_next_does_not():
    first, second = glossary.explain(["In nats.", "Nats again, and bits per dimension."])
    assert "the unit of −log p" in first and "the unit of" not in second and "−log₂ p(x) divided" in second
    assert second.count("span class") == 1


def test_every_term_of_the_glossary_can_be_met():
    """By each of its names, but for words that mean other things too."""
    for term in glossary.terms():
        for name in glossary.names(term):
            assert 'class="term"' in glossary.explain([f"so {name}, then"])[0], name
    assert {term["title"].partition(",")[0] for term in glossary.terms()} >= {*glossary.OTHERWISE}


@pytest.mark.core
def test_the_focus_shows_what_a_term_means(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae#vae-the-maths")
    term = page.locator(".term", has_text="ELBO").first
    term.focus()
    shown = term.evaluate("element => getComputedStyle(element, '::after').content")
    assert shown == f'"{term.get_attribute("title")}"' and "evidence lower bound" in shown
    page.keyboard.press("Tab")
    assert term.evaluate("element => getComputedStyle(element, '::after').content") == "none"
