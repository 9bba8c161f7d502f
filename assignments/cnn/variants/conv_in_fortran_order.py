"""Results are in Fortran order, or views with negative strides, or slices of something larger."""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    out, cache = right_forward(np.asfortranarray(x), np.asfortranarray(w), b, conv_param)
    return np.asfortranarray(out), cache


def conv_backward_naive(dout, cache):
    dx, dw, db = right_backward(np.asfortranarray(dout), cache)
    mirrored = np.ascontiguousarray(dx[..., ::-1])[..., ::-1]
    larger = np.zeros(np.multiply(dw.shape, 2))
    larger[tuple(slice(size) for size in dw.shape)] = dw
    return mirrored, larger[tuple(slice(size) for size in dw.shape)], np.repeat(db, 2)[::2]
