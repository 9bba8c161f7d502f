"""The gradient of the images is filled in by the number of the filter: each window's share goes to the image
that the window lies on.

Half of the mistake in circulation; an index error as soon as there are more filters than images.
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
        dx_pad[f, :, top : top + HH, left : left + WW] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db
