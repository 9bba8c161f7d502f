"""The backward pass of the convolution cannot add its shares up: the arrays it adds them to hold whole
numbers.
"""

import numpy as np

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
    "conv_backward_naive.db",
)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = (np.zeros(each.shape, dtype=int) for each in (x_pad, w, b))
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx_pad[window] += w[f] * dout[n, f, i, j]
        dw[f] += x_pad[window] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db
