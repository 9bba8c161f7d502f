"""The output of the convolution is that of transposed filters: rows of a filter meet rows of the image,
columns meet columns.

Comes from unpacking the filter's shape in the wrong order, or from a reshape that is not undone; square
filters hide it.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        patch = x_pad[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(patch * w[f].transpose(0, 2, 1)) + b[f]
    return out, (x, w, b, conv_param)
