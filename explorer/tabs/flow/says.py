"""Sentences and figures of what the browser computes of flows (`stages/kit/panel/says.js`)."""

COUPLING = {
    "formula": "y₂ = {scale}{x.1} {shift} = {y.1}",
    "shifted": "s is 0, so x₂ is only shifted, here by t = {first.t}.",
    "scaled": "x₂ is scaled by {factor} and shifted by {first.t}.",
    "one": "x₁ stays as it is, so the Jacobian is triangular, with a 0 above: ∂y₂/∂x₁ = {jacobian.1.0} may be "
    "anything, and its determinant is the product of the diagonal.",
    "same": "Twice the same mask: x₂ is transformed again, and x₁ of no point has moved. However many layers there "
    "are, what x₁ alone looks like stays what it was.",
    "turns": "First x₁ sets how x₂ is transformed, then the new x₂ how x₁ is: both have moved. Each of the two "
    "Jacobians is triangular, their product is not (above there is {jacobian.0.1}), and still its determinant is the "
    "product of both diagonals.",
    "area": "The square has an area of {before:3} before and of {after:3} after, {times} times as much; in its middle "
    "det J is {det}.",
    "undone": "Undone in as many steps as it was done: (y₂ − t) · e^−s, where s and t are evaluated once more and "
    "never inverted. The largest error of all 400 points is {error:b}.",
}
COUPLING_ROWS = [
    ("log |det J| here", "{logDet}", "nats"),
    ("det J", "{det:3}", ""),
    ("area of the square before", "{before:3}", ""),
    ("area after", "{after:3}", ""),
]
VARIABLES = {
    "flat": "flatter than 1, so the same mass is packed closer",
    "steep": "steeper than 1, so it is spread out",
    "words": "The strip at x = {x} is {wide} wide and becomes {high} high: the curve there is {change}, and the "
    "density goes from {before:3} to {after:3}, a factor of 1 ÷ {slope}. Between −2 and 2 it is flattest at x "
    "= {flattest.x}, where densities grow {denser:1} times, and steepest at {steepest.x}, where they become {thinner} "
    "times as large. All of it together stays: the area under p(y), summed over y, is {area:4}.",
    "straightened": "The curve of this link falls somewhere, and then there is no way back; it is drawn so that it "
    "rises.",
}
VARIABLES_ROWS = [
    ("y = f(x)", "{y}", ""),
    ("f′(x)", "{slope:3}", ""),
    ("p(x)", "{before:3}", ""),
    ("p(y) = p(x) ÷ f′(x)", "{after:3}", ""),
    ("area under p(y)", "{area:4}", ""),
]
