"""The addresses of the headings below the stages, and the list of them."""

import gradio as gr

from explorer.tabs.kit.layout import contents


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
    listed = contents.table_of_contents("vae", parts)
    assert '<a href="?tab=vae#vae-b-more-b">β, &lt;b&gt;&amp; more&lt;/b&gt;</a>' in listed and listed.count("<li") == 4
