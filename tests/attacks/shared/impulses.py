"""The gradients of a convolution by its answer to one entry at a time."""

import numpy as np


def _respond(forward, values, dout):
    gradient, impulse = np.zeros(values.shape), np.zeros(values.shape)
    for index in np.ndindex(values.shape):
        impulse[index] = 1.0
        gradient[index] = np.sum(forward(impulse) * dout)
        impulse[index] = 0.0
    return gradient


def conv_backward_naive(dout, cache):
    x, w, b, param = cache
    none = np.zeros_like(b)
    dx = _respond(lambda each: conv_forward_naive(each, w, none, param)[0], x, dout)
    dw = _respond(lambda each: conv_forward_naive(x, each, none, param)[0], w, dout)
    return dx, dw, dout.sum(axis=(0, 2, 3))
