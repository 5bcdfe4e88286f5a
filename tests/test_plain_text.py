"""Typographic characters of a visitor's text: read as the plain ones of the alphabet, and said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from tests.node import call

READ = {
    "“To be,” he said": "'To be,' he said",
    "’tis „nobler‟ «so» ‹it› is": "'tis 'nobler' 'so' 'it' is",
    'a "word"': "a 'word'",
    "be – or ‑ not − so": "be - or - not - so",
    "what—ho": "what--ho",
    "slings…": "slings...",
    "a\u00a0b\u2009c\u202fd\te": "a b c d e",
    "one\r\ntwo\u2028three\rfour": "one\ntwo\nthree\nfour",
    "a\u200bb\ufeffc\u00add": "abcd",
    "ﬂies ﬁne": "flies fine",
}


def plain(text: str) -> str:
    return call("kit/base/plain_text.js", "plainText", text)


@pytest.mark.parametrize("text", READ)
def test_typographic_characters_are_read_as_those_of_the_alphabet(text: str):
    assert plain(text) == READ[text]
    assert TEXT.text(TEXT.codes(plain(text))) == READ[text]


def test_what_is_read_otherwise_is_said():
    said = call("kit/base/plain_text.js", "changesOf", "“To be—or not”, he’d\u00a0say…")
    assert said == "The networks read “ as ', — as --, ” as ', ’ as ', … as ..."
    assert call("kit/base/plain_text.js", "changesOf", "«a» “b” – c…").endswith(", …")
    for text in ("To be, or not", "a\u00a0b\r\nc", "é"):
        assert call("kit/base/plain_text.js", "changesOf", text) == ""


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from(TEXT.alphabet), max_size=LONGEST))
def test_a_text_in_the_alphabet_stays_as_it_is(text: str):
    assert plain(text) == text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_reading_twice_is_reading_once_and_no_sign_is_lost(text: str):
    found = plain(text)
    assert plain(found) == found
    kept = [each for each in text if each.isascii() and each.isprintable() and each not in '"`']
    assert all(found.count(each) >= kept.count(each) for each in kept)


def test_a_letter_without_a_plain_form_is_kept_and_refused_by_name():
    assert plain("naïve ☃ 漢") == "naïve ☃ 漢"
    with pytest.raises(ValueError, match="does not know “ï”, “☃”, “漢”"):
        TEXT.codes("naïve ☃ 漢")
