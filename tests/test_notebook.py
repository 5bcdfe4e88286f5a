"""The questions in a notebook: the answers of the page, and the steps as figures of plotly."""

import re
import subprocess
import sys

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import complete, likelihood, make, plot
from explorer.spaces import BINARY, PLANE, SOUND, TEXT
from explorer.spaces.wave import mu_law_encode
from explorer.steps import Step
from explorer.tabs.kit.ask import questions

NOTEBOOK_PAGE = checkpoints.ROOT / "docs" / "notebook.md"
NOTEBOOK = re.compile(r"# Ask in a notebook\n.*?```python\n(.*?)\n```", re.DOTALL)


def cells(figure: go.Figure, index: int) -> np.ndarray:
    """The images of a frame, cut out of the figure."""
    sheet = np.asarray(figure.frames[index].data[0].z)
    rows, columns = sheet.shape[0] // 28, sheet.shape[1] // 28
    return sheet.reshape(rows, 28, columns, 28).transpose(0, 2, 1, 3).reshape(-1, 1, 28, 28)


@pytest.mark.parametrize("net", ["made-mnist", pytest.param("diffusion-mnist", marks=pytest.mark.deep)])
def test_a_figure_has_the_frames_of_the_film_on_the_page(net: str):
    model = checkpoints.load(net, "cpu")
    figure = plot(make.steps(model, make.together(model), seed=7), model.space)
    film = questions.ask_make.props(net, 7, None)
    shown = [frame for _, frame in film.scenes() if frame]
    assert len(figure.frames) == len(shown) == film.total > 10
    assert [int(each.name) - 1 for each in figure.frames] == [frame["index"] for frame in shown]
    for index in (0, len(shown) // 2, -1):
        wanted = model.space.decode(shown[index]["x"]).numpy()
        np.testing.assert_allclose(cells(figure, index).clip(0, 1), wanted, atol=0.5 / 255 + 1e-6)


def test_points_are_those_of_the_page():
    model = checkpoints.load("flow-moons", "cpu")
    figure = plot(make.steps(model, make.together(model), seed=3), model.space)
    *_, (_, frame) = questions.ask_make.props("flow-moons", 3, None).scenes()
    wanted = PLANE.decode(frame["x"])
    (trace,) = figure.frames[-1].data
    found = torch.tensor(np.stack([trace.x, trace.y], axis=1)).clamp(-4, 4)
    torch.testing.assert_close(found.float(), wanted, rtol=0, atol=2e-4)


def test_a_likelihood_is_the_one_of_the_page():
    model = checkpoints.load("made-mnist", "cpu")
    found = likelihood.ask(model, data.read(("test", 8, "mnist"), model.space))
    result = questions.ask_likelihood.props("made-mnist", ("test", 8, "mnist"))
    assert found.kind == result["kind"] == "exact" and found.nats == pytest.approx(result["nats"], abs=1e-4)


def test_a_completion_keeps_what_is_known():
    model = checkpoints.load("made-mnist", "cpu")
    x = data.read(("test", 8, "mnist"), model.space)
    known = torch.arange(784).view(1, 28, 28) < 14 * 28
    figure = plot(complete.steps(model, x, known, 3, seed=1), model.space)
    assert np.array_equal(cells(figure, -1)[:3, 0, :14], np.repeat(x[0, :, :14].numpy(), 3, axis=0))


def test_an_unfinished_row_of_images_is_black():
    x = torch.ones(10, 1, 28, 28)
    figure = plot([Step(x, 0, 1)], BINARY)
    found = cells(figure, 0)
    assert found.shape == (16, 1, 28, 28)
    assert found[:10].min() == 1 and found[10:].max() == 0
    assert not figure.layout.sliders


def test_texts_and_sounds_are_shown_in_their_own_way():
    words = "To be, or\nnot"
    (table,) = plot([Step(TEXT.codes(words).unsqueeze(0), 0, 1)], TEXT).data
    assert list(table.cells["values"][0]) == ["To be, or<br>not"]
    amplitude = torch.linspace(-1, 1, 80)
    (wave,) = plot([Step(mu_law_encode(amplitude).unsqueeze(0), 0, 1)], SOUND).data
    np.testing.assert_allclose(wave.y, amplitude, atol=0.03)
    assert wave.x[-1] == pytest.approx(79 / 8_000)


def test_a_figure_of_no_steps_is_an_error():
    with pytest.raises(ValueError, match="at least one step"):
        plot([], BINARY)


def test_the_page_about_notebooks_asks():
    """Its cell runs in a fresh process, without the page."""
    (cell,) = NOTEBOOK.findall(NOTEBOOK_PAGE.read_text(encoding="utf-8"))
    script = f"{cell}\nimport sys\nprint('gradio' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=checkpoints.ROOT, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    assert run.stdout.splitlines()[-1] == "False" and "nats" in run.stdout
