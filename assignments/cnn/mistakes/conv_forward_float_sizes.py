"""The forward pass of the convolution raises an error where it makes its output array: sizes of arrays are
whole numbers, and division by "/" gives none.

Python 2 code, where "/" of two integers was one.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) / stride, 1 + (W + 2 * pad - WW) / stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
