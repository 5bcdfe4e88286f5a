"""Stage of the diffusion models: images denoised step by step, with the prediction of x₀ at each step."""

from explorer.stages import OfNetworks, Stage


class DiffusionStage(Stage):
    """Networks that predict noise, and their modes; `value` contains the cards of these and the toy models."""

    asks = True
    networks = OfNetworks(
        "forward",
        "The tour is about the MNIST network; yours comes back when you leave it.",
        renews=(
            *("mode", "net", "seed", "label", "w", "sampler", "steps", "eta", "left", "right", "moment", "grid"),
            *("img", "img2", "draw", "source", "start", "keep", "mask", "resamples"),
            *("do", "sign", "go", "updates", "rehearse", "run"),
        ),
        apart=("t",),  # the place of a film, and a chosen bar
        about=dict.fromkeys(("field", "guided", "copies", "symbol")),
    )
