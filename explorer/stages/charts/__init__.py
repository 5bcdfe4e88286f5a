"""Charts of a tab's evidence; data and plotting library are loaded when the charts become visible."""

import gradio as gr

from explorer.stages import STAGES, loader


class ChartsStage(gr.HTML):
    """Charts of one network at a time; `value` is {nets: titles by name}; `evidence_charts` returns the charts."""

    def __init__(self, nets: dict[str, str], **kwargs) -> None:
        super().__init__(
            value={"nets": nets},
            html_template='<div class="stage charts" style="min-height: 430px"></div>',
            js_on_load=loader(STAGES / "charts"),
            apply_default_css=False,
            **kwargs,
        )
