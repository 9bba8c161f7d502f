"""The backward pass of the convolution fails for filters that are not square: height and width of a filter
can differ.
"""

import numpy as np

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
)
SCOPE = "beyond"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), HH = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape[2]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw = np.zeros(x_pad.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + HH]
        dx_pad[window] += w[f] * dout[n, f, i, j]
        dw[f] += x_pad[window] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
