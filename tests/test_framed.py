"""Sites that may frame the page: which settings are read, which are refused, and the HTML of a frame."""

import os
import subprocess
import sys

import pytest

from explorer.serving import framed
from explorer.serving.page import opening, policy
from tests import frames
from tests.node import call
from tests.server import ROOT, free_port
from tests.test_page import TABS

READ = {
    "": (),
    "https://moodle.example.edu": ("https://moodle.example.edu",),
    " HTTPS://Moodle.Example.EDU\n\thttp://localhost:8000 ": ("https://moodle.example.edu", "http://localhost:8000"),
    "http://127.0.0.1:7871 https://[::1]:8443 https://a https://a": (
        *("http://127.0.0.1:7871", "https://[::1]:8443", "https://a"),
    ),
    "https://huggingface.co": (),
}
REFUSED = {
    "*": "wildcard",
    "https://*": "wildcard",
    "https://*.example.edu": "wildcard",
    "moodle.example.edu": "begins with",
    "https:": "begins with",
    "ftp://example.edu": "begins with",
    "javascript://example.edu": "begins with",
    "'self'": "begins with",
    "null": "begins with",
    "https://example.edu/": "without a path",
    "https://example.edu/moodle": "without a path",
    "https://example.edu?a=1": "without a path",
    "https://example.edu#a": "without a path",
    "https://user@example.edu": "user name",
    "https://": "no host",
    "https://example.edu:0": "no host",
    "https://example.edu:99999": "no host",
    "https://example.edu:": "no host",
    "https://example.edu;script-src": "no host",
    "https://example.edu,https://b.edu": "without a path",
    "https://exämple.edu": "no host",
    "https://-a.edu": "no host",
    "https://a..edu": "no host",
    "https://999.1.1.1": "no host",
    "https://[::zz]": "no host",
    f"https://{'a' * 64}.edu": "no host",
}


@pytest.mark.parametrize("said", READ)
def test_named_origins_are_added_once_and_in_lower_case(said: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_FRAMED_BY", said)
    assert framed.sites() == ("https://huggingface.co", *READ[said])


@pytest.mark.parametrize("said", REFUSED)
def test_what_is_no_origin_is_refused_by_its_name(said: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_FRAMED_BY", f"https://moodle.example.edu {said}")
    with pytest.raises(SystemExit, match=REFUSED[said]) as refusal:
        framed.sites()
    assert repr(said[:80]) in str(refusal.value)


def test_many_sites_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_FRAMED_BY", " ".join(f"https://a{k}.edu" for k in range(framed.FRAMED_MOST + 1)))
    with pytest.raises(SystemExit, match="at most 32"):
        framed.sites()


def test_the_app_does_not_start_with_a_wildcard():
    setting = {"EXPLORER_FRAMED_BY": "https://*.example.edu", "GRADIO_SERVER_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=os.environ | setting, capture_output=True, text=True
    )
    assert done.returncode == 1 and "wildcard" in done.stderr and "https://*.example.edu" in done.stderr


def test_the_policy_and_the_page_name_the_same_sites():
    named = (*framed.FRAMED_ALWAYS, "https://moodle.example.edu")
    rules = dict(rule.split(" ", 1) for rule in policy("", named).split("; "))
    assert rules["frame-ancestors"] == "'self' https://huggingface.co https://moodle.example.edu"
    assert 'explorerFrames = ["https://huggingface.co", "https://moodle.example.edu"];' in opening(TABS, frames=named)


def test_the_html_of_a_frame_escapes_what_the_address_and_the_title_hold():
    href = "https://a.edu/x/?tab=words&__type=projector&prompt=a+%22b%22&beta=1%2C2#maths"
    html = call("embed/share.js", "embedCode", href, 'Words "&" <b>')
    assert 'src="https://a.edu/x/?tab=words&amp;prompt=a+%22b%22&amp;beta=1,2&amp;embed=1"' in html
    assert 'title="Words &quot;&amp;&quot; &lt;b>"' in html and 'allow="microphone"' in html
    assert html.count("<") == 2 and "projector" not in html and "#maths" not in html


def test_the_link_of_a_frame_leads_to_the_same_state_in_the_whole_page():
    assert call("embed/embed.js", "wholeAddress", "https://a.edu/?tab=vae&embed=1&beta=2") == (
        "https://a.edu/?tab=vae&beta=2"
    )


def test_every_recipe_is_read_from_the_documentation():
    found = frames.recipes()
    assert found.keys() == {"", *frames.SHELLS, "Colab"}
    assert all("<iframe" in found[kind] and 'allow="microphone"' in found[kind] for kind in frames.SHELLS)
    assert "<iframe" not in found["Colab"] and "<a href" in found["Colab"]
