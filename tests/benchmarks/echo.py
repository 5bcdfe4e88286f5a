"""The least that Gradio can be asked: a page with one server function that returns its argument."""

import os

import gradio as gr


def echo(argument):
    return argument


with gr.Blocks(analytics_enabled=False) as demo:
    gr.HTML(html_template="<p></p>", server_functions=[echo], elem_id="echo-stage")

if __name__ == "__main__":
    demo.launch(server_port=int(os.environ["GRADIO_SERVER_PORT"]), ssr_mode=False, inbrowser=False)
