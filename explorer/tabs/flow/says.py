"""Sentences and figures of what the browser computes of flows (`stages/kit/panel/says.js`)."""

COUPLING = {
    "formula": "y₂ = {scale}{x.1} {shift} = {y.1}",
    "shifted": "s is 0, so x₂ is only shifted, here by t = {first.t}.",
    "scaled": "x₂ is scaled by {factor} and shifted by {first.t}.",
    "one": "x₁ stays as it is, so the Jacobian is triangular, with a 0 above. Its determinant is the product of the "
    "diagonal, whatever ∂y₂/∂x₁ = {jacobian.1.0} is.",
    "same": "Twice the same mask: x₂ is transformed again, and x₁ of no point has moved. More such layers would not "
    "change the distribution of x₁ either.",
    "turns": "First x₁ transforms x₂, then the new x₂ transforms x₁: both have moved. Each of the two Jacobians is "
    "triangular. Their product is not, with {jacobian.0.1} above, but its determinant is the product of both "
    "diagonals.",
    "area": "The area of the square goes from {before:3} to {after:3}, a factor of {times}; in its middle "
    "det J is {det}.",
    "undone": "The inverse takes as many steps: (y₂ − t) · e^−s. It evaluates s and t once more and never inverts "
    "them. The largest error of all 400 points is {error:b}.",
}
COUPLING_ROWS = [
    ("log |det J| here", "{logDet}", "nats"),
    ("det J", "{det:3}", ""),
    ("area of the square before", "{before:3}", ""),
    ("area after", "{after:3}", ""),
]
VARIABLES = {
    "flat": "below 1, so the same mass is packed closer",
    "steep": "above 1, so it is spread out",
    "words": "The strip at x = {x} is {wide} wide and becomes {high} high: the slope there is {change}. The density "
    "goes from {before:3} to {after:3}, a factor of 1 ÷ {slope}. Between −2 and 2 the curve is flattest at x = "
    "{flattest.x}: densities become {denser:1} times as large. It is steepest at x = {steepest.x}: they become "
    "{thinner} times as large. The total is preserved: the area under p(y), summed over y, is {area:4}.",
    "straightened": "The curve of this link falls somewhere, so it has no inverse; it is drawn so that it rises.",
}
VARIABLES_ROWS = [
    ("y = f(x)", "{y}", ""),
    ("f′(x)", "{slope:3}", ""),
    ("p(x)", "{before:3}", ""),
    ("p(y) = p(x) ÷ f′(x)", "{after:3}", ""),
    ("area under p(y)", "{area:4}", ""),
]
