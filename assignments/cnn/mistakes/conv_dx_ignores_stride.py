"""The gradient of the images is right for stride 1 only: each output place sits stride pixels from the next,
in the backward pass too.

The place where a window's share is added is not multiplied by the stride. The notebook checks stride 1.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    pad, (_, _, H, W), (_, _, HH, WW) = int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        dx_pad[n, :, i : i + HH, j : j + WW] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db
