"""The gradient of the images is the same in all channels: each channel of an image gets its own channel of
the filter.
"""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[n, :, top : top + HH, left : left + WW] += w[f].sum(axis=0) * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db
