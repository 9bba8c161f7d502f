"""The gradient of the filters is taken from the images without their padding: the windows must be those that
the forward pass saw.

Windows that reach beyond the unpadded image are left out here; many solutions raise an error there.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dw",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, (_, _, HH, WW) = conv_param["stride"], w.shape
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        patch = x[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        if patch.shape == w[f].shape:
            dw[f] += patch * dout[n, f, i, j]
    return dx, dw, db
