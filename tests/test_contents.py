"""The addresses of the headings below the stages, and the list of them."""

from collections import Counter

import gradio as gr
import pytest

from explorer.tabs import interface
from explorer.tabs.kit import contents


def test_a_heading_gets_an_address_and_a_link_to_it():
    with gr.Blocks():
        texts = [gr.Markdown("## The maths"), gr.Markdown("### β, <b>& more</b>\n\ntext"), gr.Markdown("no heading")]
        texts += [gr.Markdown("### The maths", elem_id="own"), gr.Markdown("## The maths"), gr.HTML("## none")]
    parts = contents.address("vae", texts)
    assert parts == [
        (2, "The maths", "vae-the-maths"),
        (3, "β, <b>& more</b>", "vae-b-more-b"),
        (3, "The maths", "own"),
        (2, "The maths", "vae-the-maths-2"),
    ]
    assert [each.elem_id for each in texts] == ["vae-the-maths", "vae-b-more-b", None, "own", "vae-the-maths-2", None]
    assert texts[0].value == f"## The maths {contents.link('vae', 'vae-the-maths')}"
    assert texts[1].value.endswith("</a>\n\ntext") and texts[2].value == "no heading"
    listed = contents.listed("vae", parts)
    assert '<a href="?tab=vae#vae-b-more-b">β, &lt;b&gt;&amp; more&lt;/b&gt;</a>' in listed and listed.count("<li") == 4


@pytest.fixture(scope="module")
def ids() -> list[str]:
    """The names of everything on the page that has one."""
    return [each.elem_id for each in interface.build().blocks.values() if getattr(each, "elem_id", None)]


def test_no_two_parts_of_the_page_have_one_address(ids: list[str]):
    assert not {name: count for name, count in Counter(ids).items() if count > 1}
    assert {f"{tab.name}-the-evidence" for tab in interface.TABS} <= {*ids}
    assert {f"{tab.name}-stage" for tab in interface.TABS} <= {*ids}
