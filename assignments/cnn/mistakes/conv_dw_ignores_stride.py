"""The gradient of the filters is right for stride 1 only: its windows are those of the forward pass, one
stride apart.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dw",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    pad, (_, _, HH, WW) = int(conv_param["pad"]), w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += x_pad[n, :, i : i + HH, j : j + WW] * dout[n, f, i, j]
    return dx, dw, db
