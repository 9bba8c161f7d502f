"""Each channel of the convolution's output is transposed: the first index of a place counts rows, the second
columns.

Square images and filters hide it in the shapes.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (W + 2 * pad - WW) // stride, 1 + (H + 2 * pad - HH) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = j * stride, i * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
