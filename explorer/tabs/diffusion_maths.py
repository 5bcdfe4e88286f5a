"""The mathematics below the diffusion stage."""


def closed_form(x0, eps, alpha):
    return 0


def posterior(x0, x_t, a, b):
    return 0


def build(figures):
    pass
