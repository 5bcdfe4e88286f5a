"""The code that a tab shows is the code that runs when somebody touches it."""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

import pytest

from explorer.models.beta_vae import BetaVAE
from explorer.tabs import parts, vae, vae_maths, vae_server


def test_the_code_on_the_page_is_the_code_that_runs():
    assert "def show_kl(mu: float | None" in parts.source(vae_maths.show_kl)
    assert "explorer.tabs.vae_maths.show_kl" in parts.source(vae_maths.show_kl)


@pytest.mark.parametrize(
    "function", [each for called in vae.CODE.values() for each in called], ids=lambda each: each.__qualname__
)
def test_each_function_on_the_page_is_called_by_a_gesture(function: Callable, called: set[CodeType]):
    assert inspect.unwrap(function).__code__ in called


@pytest.fixture(scope="module")
def called() -> set[CodeType]:
    """The code that runs when every gesture is made once, the fit with a single step."""
    given = {"dataset": "mnist", "beta": 1.0, "z": (0.6, 0.4), "image": 12, "seed": 7, "index": 0, "pixels": bytes(784)}
    ran = set()
    with pytest.MonkeyPatch.context() as patch, recording(ran):
        patch.setattr(vae_server, "fit_steps", functools.partial(vae_server.fit_steps, steps=1))
        for ask in vae.SERVER_FUNCTIONS:
            ask.plain(**{name: given[name] for name in inspect.signature(ask.plain).parameters})
        vae_maths.show_kl(2.0, 0.5)
        vae_maths.show_reparameterise(1.5, -0.3, -0.5, -1.0, 0.42, -1.1)
    return ran


@contextmanager
def recording(ran: set[CodeType]) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _: ran.add(frame.f_code) if event == "call" else None)
    try:
        yield
    finally:
        sys.setprofile(before)


def test_what_no_gesture_calls_would_be_found_out(called: set[CodeType]):
    assert BetaVAE.reconstruct.__code__ not in called
