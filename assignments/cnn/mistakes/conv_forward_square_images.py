"""The convolution's output is as wide as it is high: width and height of an image can differ, so each has a
size of its own.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "beyond"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, _), (F, _, HH, WW) = x.shape, w.shape
    size = 1 + (H + 2 * pad - HH) // stride
    out = np.zeros((N, F, size, size))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
