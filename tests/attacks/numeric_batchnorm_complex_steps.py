"""Find the gradients of batch normalisation by steps along the imaginary axis."""

FLAGGED = "tampering"
BASE = "solution"
EARNS = ("all", "-spatial_batchnorm_backward")
SHARED = ("complex_steps", "batchnorm")

import numpy as np


def spatial_batchnorm_backward(dout, cache):
    x, gamma, beta, eps = cache
    return (
        _numeric(lambda each: _normalise(each, gamma, beta, eps), x, dout),
        _numeric(lambda each: _normalise(x, each, beta, eps), gamma, dout),
        _numeric(lambda each: _normalise(x, gamma, each, eps), beta, dout),
    )
